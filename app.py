"""The application, as `flask` and any WSGI server look for it."""

from society.start import application

app = application()

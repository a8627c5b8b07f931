"""The application, as `flask` and any WSGI server look for it."""

from society.factory import create_app

app = create_app()

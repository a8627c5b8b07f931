"""The application, as `flask` and any WSGI server look for it."""

from society.calendars.upkeep import keep_up_from_first_request
from society.factory import create_app

app = create_app()
keep_up_from_first_request(app)

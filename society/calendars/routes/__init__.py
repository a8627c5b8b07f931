"""Pages of calendars: feeds and what explains them; for organizers who fetches them, and what is wrong with one."""

from flask import Blueprint

from society.calendars.adding import services

bp = Blueprint("calendars", __name__, cli_group="calendar")
bp.add_app_template_filter(services, "calendar_services")

from society.calendars.routes import announced, doctor, feeds, subscribing  # noqa: E402, F401, they put their pages on `bp`

"""Pages of calendars."""

from flask import Blueprint

from society.calendars import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("calendars", __name__, cli_group="calendars")


@bp.get("/calendar")
@open_to("everyone")
def subscribe() -> str:
    return "subscribe"

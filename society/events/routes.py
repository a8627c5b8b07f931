"""Pages of events."""

from flask import Blueprint

from society.events import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("events", __name__, cli_group="events")


@bp.get("/events")
@open_to("everyone")
def index() -> str:
    return "index"


@bp.get("/events/past")
@open_to("everyone")
def past() -> str:
    return "past"


@bp.get("/events/<slug>")
@open_to("everyone")
def show(slug: str) -> str:
    return "show"


@bp.get("/organize/events")
@open_to("organizer")
def manage() -> str:
    return "manage"


@bp.get("/organize/venues")
@open_to("organizer")
def venues() -> str:
    return "venues"


@bp.get("/organize/categories")
@open_to("organizer")
def categories() -> str:
    return "categories"


@bp.get("/venues/<slug>")
@open_to("everyone")
def venue(slug: str) -> str:
    return "venue"

"""Pages of notices."""

from flask import Blueprint

from society.notices import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("notices", __name__, cli_group="notices")


@bp.get("/organize/notices")
@open_to("organizer")
def index() -> str:
    return "index"

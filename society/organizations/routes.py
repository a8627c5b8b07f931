"""Pages of organizations."""

from flask import Blueprint

from society.organizations import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("organizations", __name__, cli_group="organizations")


@bp.get("/organize/organizations")
@open_to("organizer")
def manage() -> str:
    return "manage"


@bp.get("/organizations/<slug>")
@open_to("everyone")
def show(slug: str) -> str:
    return "show"

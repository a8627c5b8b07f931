"""Pages of membership."""

from flask import Blueprint

from society.membership import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("membership", __name__, cli_group="membership")


@bp.get("/join")
@open_to("everyone")
def join() -> str:
    return "join"


@bp.get("/organize/applications")
@open_to("secretary")
def applications() -> str:
    return "applications"


@bp.get("/members")
@open_to("person")
def directory() -> str:
    return "directory"

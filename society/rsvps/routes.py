"""Pages of rsvps."""

from flask import Blueprint

from society.rsvps import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("rsvps", __name__, cli_group="rsvps")


@bp.get("/me/rsvps")
@open_to("person")
def mine() -> str:
    return "mine"

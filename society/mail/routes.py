"""Pages of mail."""

from flask import Blueprint

from society.mail import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("mail", __name__, cli_group="mail")


@bp.get("/unsubscribe/<slug>")
@open_to("link")
def unsubscribe(slug: str) -> str:
    return "unsubscribe"

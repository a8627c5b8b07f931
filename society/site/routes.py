"""Pages of site."""

from flask import Blueprint

from society.people.access import open_to

bp = Blueprint("site", __name__, cli_group="site")


@bp.get("/")
@open_to("everyone")
def home() -> str:
    return "home"


@bp.get("/organize")
@open_to("staff")
def organize() -> str:
    return "organize"


@bp.get("/organize/settings")
@open_to("admin")
def settings() -> str:
    return "settings"

"""Pages of audit."""

from flask import Blueprint

from society.audit import models  # noqa: F401
from society.people.access import open_to

bp = Blueprint("audit", __name__, cli_group="audit")


@bp.get("/organize/audit")
@open_to("admin")
def index() -> str:
    return "index"

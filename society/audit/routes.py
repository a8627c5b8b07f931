"""The audit log, as admins read it."""

from flask import Blueprint, abort, render_template, request

from society.audit import queries, render
from society.db import db
from society.dues.render import signed
from society.people.access import open_to
from society.people.queries import names_of
from society.settings import society

bp = Blueprint("audit", __name__, cli_group="audit")
bp.add_app_template_filter(lambda entry: render.changed(entry, society().zone, signed), "changed")

ON_A_PAGE = 50


@bp.get("/organize/audit")
@open_to("admin")
def index() -> str:
    """Who changed what, latest first."""
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    rows = queries.entries().offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)
    entries = db.session.scalars(rows).all()
    actors = names_of({entry.actor_id for entry in entries if entry.actor_id})
    shown, more = entries[:ON_A_PAGE], len(entries) > ON_A_PAGE
    return render_template("audit/index.html", entries=shown, actors=actors, page=page, more=more)

"""The register as a list."""

from flask import abort, render_template, request
from sqlalchemy import func, select

from society.db import db
from society.fields import on_one_line
from society.membership.queries import in_good_standing
from society.people import queries
from society.people.access import open_to
from society.register.routes.blueprint import bp, today

ON_A_PAGE = 50


@bp.get("/organize/people")
@open_to("secretary")
def people() -> str:
    """Everyone, by name; with a search."""
    search = on_one_line(request.args.get("q"))[:100]
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    found = queries.known_as(search)
    rows = found.add_columns(in_good_standing(today())).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)
    return render_template(
        "register/list.html",
        rows=db.session.execute(rows).all(),
        total=db.session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0,
        search=search,
        page=page,
        on_a_page=ON_A_PAGE,
    )

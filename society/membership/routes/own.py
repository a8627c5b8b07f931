"""One's own membership."""

from flask import render_template

from society.db import db
from society.membership import queries
from society.membership.routes.blueprint import bp, today
from society.people.access import me, open_to


@bp.get("/me/membership")
@open_to("person")
def mine() -> str:
    """One's own standing, and how it came about."""
    person = me()
    return render_template(
        "membership/mine.html",
        standing=queries.standing(person, today()),
        application=queries.open_application(person),
        periods=db.session.scalars(queries.steps_of(person)).all(),
    )

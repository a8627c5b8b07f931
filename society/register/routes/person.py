"""One person of the register."""

from flask import render_template
from sqlalchemy import select

from society.db import db
from society.mail.models import Letter
from society.membership.queries import periods_of, standing
from society.people.access import open_to
from society.people.models import Person
from society.register.routes.blueprint import bp, today
from society.rsvps.queries import coming, gone
from society.times import now
from society.web import find

ON_A_PAGE = 50


@bp.get("/organize/people/<int:person_id>")
@open_to("secretary")
def person(person_id: int) -> str:
    """What the society knows of one person."""
    found: Person = find(select(Person).where(Person.id == person_id))
    letters = select(Letter).where(Letter.person_id == found.id).order_by(Letter.id.desc())
    return render_template(
        "register/person.html",
        person=found,
        standing=standing(found, today()),
        periods=db.session.scalars(periods_of(found)).all(),
        coming=db.session.execute(coming(found, now()).limit(ON_A_PAGE)).all(),
        gone=db.session.execute(gone(found, now()).limit(ON_A_PAGE)).all(),
        letters=db.session.scalars(letters.limit(ON_A_PAGE)).all(),
    )

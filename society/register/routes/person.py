"""One person of the register."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.mail.queries import dead_address
from society.membership.queries import standing
from society.people.access import me, open_to
from society.people.models import Person
from society.people.savers import saved_meanwhile
from society.register import actions
from society.register.forms import PersonForm
from society.register.routes.blueprint import bp, today
from society.register.routes.timeline import timeline
from society.times import EARLIEST, LATEST, now
from society.web import find, held


@bp.get("/organize/people/<int:person_id>")
@open_to("secretary")
def person(person_id: int) -> str:
    """What the society knows of one person."""
    found = _person(person_id)
    before = _instant(request.args.get("before", ""))
    steps, more = timeline(found, before)
    return render_template(
        "register/person.html",
        person=found,
        standing=standing(found, today()),
        dead=dead_address(found.email),
        steps=steps,
        more=more,
        before=before,
    )


def _person(person_id: int) -> Person:
    found: Person = find(select(Person).where(Person.id == person_id))
    return found


def _instant(text: str) -> datetime | None:
    """Where a page of the timeline begins, as `isoformat` writes it."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and EARLIEST < moment.date() < LATEST else None


@bp.route("/organize/people/new", methods=["GET", "POST"])
@open_to("secretary")
def add() -> ResponseReturnValue:
    """Enter somebody by hand."""
    form = PersonForm(None, me())
    if form.accepted(public=False):
        added = actions.add(form.values, now=now(), by=me())
        db.session.commit()
        flash(f"{added.name} is in the register.")
        return redirect(url_for(".person", person_id=added.id), 303)
    return render_template("register/edit.html", form=form, person=None), 422 if form.errors else 200


@bp.route("/organize/people/<int:person_id>/edit", methods=["GET", "POST"])
@open_to("secretary")
def edit(person_id: int) -> ResponseReturnValue:
    """Change somebody's particulars."""
    found = _person(person_id)
    form = PersonForm(found, me())
    if form.accepted():
        if shown := saved_meanwhile(PersonForm(held(found), me()), found):
            return render_template("register/edit.html", person=found, **shown), 422
        if form.may_change_email(found):
            actions.edit(found, form.values, now=now(), by=me())
            db.session.commit()
            flash("Saved.")
            return redirect(url_for(".person", person_id=found.id), 303)
        form.email.errors = ["Only an admin may change the address of somebody who has a role."]
        db.session.rollback()
    return render_template("register/edit.html", form=form, person=found), 422 if form.errors else 200

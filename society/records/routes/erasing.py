"""Erasing somebody: by a secretary, or at their own wish by a link mailed to them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.limits import ASK_FOR_LINK, USE_LINK, limiter
from society.people.access import me, open_to
from society.people.actions import sign_out, use_link
from society.people.models import Person, Purpose
from society.people.queries import open_link
from society.records.actions import ask_to_be_erased, check_erasable, erase
from society.records.forms import EraseForm
from society.records.mentions import Particulars, mentions
from society.records.queries import consequences
from society.records.routes.blueprint import bp
from society.times import now
from society.web import Form, find


@bp.route("/organize/people/<int:person_id>/erase", methods=["GET", "POST"], endpoint="erase")
@open_to("secretary")
def erase_one(person_id: int) -> ResponseReturnValue:
    """What goes, what stays and why; then, the name typed once more, it goes."""
    person: Person = find(select(Person).where(Person.id == person_id, Person.erased_at.is_(None)))
    form = EraseForm(person)
    particulars = Particulars.of(person)
    found = mentions(particulars) if request.method == "POST" else []  # slow, so before the transaction that writes
    if form.accepted():
        erase(person, found, particulars, now=now(), by=me())
        db.session.commit()
        flash("All that told who they were is erased.")
        return redirect(url_for("register.people"), 303)
    page = render_template("records/erase.html", person=person, form=form, then=consequences(person, now()))
    return page, 422 if form.errors else 200


@bp.post("/me/data", endpoint="ask")
@limiter.limit(ASK_FOR_LINK)
@open_to("person")
def ask() -> ResponseReturnValue:
    """Wish to be erased; a link is mailed, so that nobody at a borrowed browser can wish it."""
    person = me()
    if Form().accepted(public=False):
        ask_to_be_erased(person, now())
        db.session.commit()
        flash(f"We have written to {person.email}. Open the link in that letter within three days.")
    return redirect(url_for(".data"), 303)


@bp.route("/me/data/erase/<token>", methods=["GET", "POST"], endpoint="erase_own")
@limiter.limit(USE_LINK)
@open_to("link")
def erase_own(token: str) -> ResponseReturnValue:
    """What goes and what stays; the button erases."""
    link = open_link(token, Purpose.ERASE, now())
    if link is None:
        return render_template("people/link_over.html", way_on=url_for(".data")), 410
    person, form = link.person, Form()
    check_erasable(person, person, now())
    particulars = Particulars.of(person)
    found = mentions(particulars) if request.method == "POST" else []
    if form.accepted():
        erase(use_link(token, Purpose.ERASE, now()), found, particulars, now=now(), by=None)
        db.session.commit()
        sign_out()
        return render_template("records/erased.html")
    return render_template("records/erase_own.html", person=person, then=consequences(person, now()))

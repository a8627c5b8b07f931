"""A person's account as the secretary sees it, and what they owe and pay besides."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.dues import actions, queries
from society.dues.account import account
from society.dues.actions.owing import DAYS_TO_PAY
from society.dues.forms import OweForm, OwnPaymentForm
from society.dues.models import Due
from society.dues.routes.blueprint import bp, today
from society.people.access import me, open_to
from society.people.models import Person
from society.times import now
from society.web import find

ON_A_PAGE = 100


@bp.get("/organize/people/<int:person_id>/ledger")
@open_to("secretary")
def ledger(person_id: int) -> str:
    """Everything one person owed and paid."""
    person = _person(person_id)
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    entries = account(person)[::-1]
    return render_template(
        "dues/ledger.html",
        person=person,
        balance=queries.balance(person),
        entries=entries[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        more=len(entries) > page * ON_A_PAGE,
        page=page,
    )


def _person(person_id: int) -> Person:
    found: Person = find(select(Person).where(Person.id == person_id))
    return found


@bp.route("/organize/people/<int:person_id>/owes", methods=["GET", "POST"])
@open_to("secretary")
def owe(person_id: int) -> ResponseReturnValue:
    """Raise another amount that somebody owes."""
    person = _person(person_id)
    form = OweForm(queries.currencies(), today() + timedelta(days=DAYS_TO_PAY))
    if form.accepted(public=False):
        words = form.about.data, form.due_on.data
        due = actions.owe(person, form.minor, form.in_currency, *words, now=now(), by=me(), tell=form.tell.data)
        db.session.commit()
        flash(f"Invoice {due.number} is in the ledger.")
        return redirect(url_for(".ledger", person_id=person.id), 303)
    return render_template("dues/owe.html", form=form, person=person), 422 if form.errors else 200


@bp.route("/organize/people/<int:person_id>/pays", methods=["GET", "POST"])
@open_to("secretary")
def pay(person_id: int) -> ResponseReturnValue:
    """Enter a payment that is for no invoice; it stays the person's credit."""
    person = _person(person_id)
    form = OwnPaymentForm(queries.currencies(), today())
    if form.accepted(public=False):
        payment = actions.take(person, **form.values, currency=form.in_currency, now=now(), by=me())
        db.session.commit()
        flash(f"Booked as receipt {payment.receipt}.")
        return redirect(url_for(".ledger", person_id=person.id), 303)
    open_dues = db.session.execute(queries.open_dues().where(Due.person_id == person.id)).all()
    return render_template("dues/pay.html", form=form, person=person, dues=open_dues), 422 if form.errors else 200

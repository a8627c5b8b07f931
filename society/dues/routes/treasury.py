"""The secretary's pages of dues: what is open and what came in, and one invoice with all that can be done to it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from society.db import db
from society.dues import actions, queries
from society.dues.forms import PaymentForm, ReasonForm, RefundForm
from society.dues.models import Due, Method, Payment
from society.dues.queries import State
from society.dues.render import signed
from society.dues.routes.blueprint import bp, today
from society.fields import on_one_line
from society.people.access import me, open_to
from society.rsvps import feed as own_feed
from society.times import now
from society.web import Form, find

ON_A_PAGE = 50
LATEST = 10
"""Payments below the open invoices."""


@bp.get("/organize/payments")
@open_to("secretary")
def payments() -> str:
    """What is open, and what came in."""
    state, words, page = _asked_for()
    if state == "payments":
        return _payments_page(words, page)
    rows = queries.listed_dues(State(state), words, today())
    first = state == State.OPEN and not words and page == 1
    return render_template(
        "dues/payments.html",
        rows=db.session.execute(rows.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)).all(),
        sums=queries.sums_of(rows),
        latest=db.session.scalars(queries.listed_payments("").limit(LATEST)).all() if first else [],
        state=state,
        words=words,
        page=page,
        on_a_page=ON_A_PAGE,
        today=today(),
    )


def _payments_page(words: str, page: int) -> str:
    found = queries.listed_payments(words).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)
    rows = db.session.scalars(found).all()
    return render_template(
        "dues/received.html", rows=rows[:ON_A_PAGE], more=len(rows) > ON_A_PAGE, words=words, page=page
    )


def _asked_for() -> tuple[str, str, int]:
    state = request.args.get("state", State.OPEN.value)
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    known = {"payments", *(state.value for state in State)}
    return (state if state in known else State.OPEN.value), on_one_line(request.args.get("q"))[:100], page


@bp.route("/organize/payments/invoices/<int:due_id>", methods=["GET", "POST"])
@open_to("secretary")
def due(due_id: int) -> ResponseReturnValue:
    """One invoice: what came in for it, and a payment more."""
    found = _due(due_id)
    form = PaymentForm(found.currency, today(), max(queries.open_of(found), 0))
    if form.accepted(public=False):
        payment = actions.take(found, **form.values, now=now(), by=me())
        return _done(found, f"Booked {signed(payment.amount, payment.currency)} as receipt {payment.receipt}.")
    return _due_page(found, form)


def _due(due_id: int) -> Due:
    found: Due = find(queries.invoices().where(Due.id == due_id).options(joinedload(Due.person)))
    return found


def _due_page(found: Due, form: PaymentForm) -> ResponseReturnValue:
    page = render_template(
        "dues/due.html",
        due=found,
        form=form,
        open=queries.open_of(found),
        entry=queries.counter_entry(found),
        payments=queries.payments_for(found),
        credit=sum(part.amount for part in queries.spare(found.person, found.currency)),
        today=today(),
    )
    return page, 422 if form.errors else 200


def _done(found: Due, sentence: str) -> Response:
    if found.renews:
        own_feed.standing_changed(found.person, now())
    db.session.commit()
    flash(sentence)
    return redirect(url_for(".due", due_id=found.id), 303)


@bp.post("/organize/payments/invoices/<int:due_id>/credit-used")
@open_to("secretary")
def use_credit(due_id: int) -> ResponseReturnValue:
    """Pay an invoice from what the person has paid too much."""
    found = _due(due_id)
    if Form().accepted(public=False):
        used = actions.use_credit(found, now=now(), by=me())
        return _done(found, f"Used {signed(used, found.currency)} of the credit.")
    return redirect(url_for(".due", due_id=due_id), 303)


@bp.route("/organize/payments/invoices/<int:due_id>/waive", methods=["GET", "POST"])
@open_to("secretary")
def waive(due_id: int) -> ResponseReturnValue:
    """Do not ask for what is open any more."""
    found = _due(due_id)
    form = ReasonForm()
    if form.accepted(public=False):
        waiver = actions.waive(found, now=now(), by=me(), note=form.note.data)
        return _done(found, f"Waived {signed(waiver.amount, waiver.currency)}.")
    return _step("dues/waive.html", form, due=found, open=queries.open_of(found))


@bp.route("/organize/payments/invoices/<int:due_id>/take-back", methods=["GET", "POST"])
@open_to("secretary")
def take_back(due_id: int) -> ResponseReturnValue:
    """Take an invoice back by a credit note."""
    found = _due(due_id)
    form = ReasonForm()
    if form.accepted(public=False):
        entry = actions.credit(found, now=now(), by=me(), note=form.note.data)
        return _done(found, f"Invoice {found.number} is taken back by credit note {entry.number}.")
    return _step("dues/take_back.html", form, due=found, open=queries.open_of(found))


@bp.route("/organize/payments/<int:payment_id>/refund", methods=["GET", "POST"])
@open_to("secretary")
def refund(payment_id: int) -> ResponseReturnValue:
    """Give a payment back, or a part of it; of a waiver, ask for the amount again."""
    payment: Payment = find(select(Payment).where(Payment.id == payment_id, Payment.amount > 0))
    left = queries.refundable(payment)
    form = RefundForm(payment.currency, left)
    if form.accepted(public=False):
        method = Method(form.method.data)
        actions.refund(payment, form.minor, now=now(), by=me(), method=method, note=form.note.data)
        db.session.commit()
        flash(f"Entered {signed(-form.minor, payment.currency)}.")
        return redirect(url_for(".ledger", person_id=payment.person_id), 303)
    return _step("dues/refund.html", form, payment=payment, left=left)


def _step(template: str, form: Form, **shown: Any) -> ResponseReturnValue:
    return render_template(template, form=form, **shown), 422 if form.errors else 200

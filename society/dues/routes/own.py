"""A member's own invoices and receipts, and the links by which anyone they give them to reads one."""

from flask import abort, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from society.db import db
from society.dues import queries
from society.dues.models import Due, Payment
from society.dues.paper import Paper, how_to_pay, invoice, pdf, receipt
from society.dues.render import INVOICE, RECEIPT
from society.dues.routes.blueprint import bp, today
from society.limits import PRINT, limiter, link_followed
from society.people.access import me, open_to
from society.people.models import Person
from society.people.queries import link_keys
from society.tokens import number_in, opens
from society.web import find, private

LATEST = 50
"""Invoices and receipts on one's own page; older ones the society has."""


@bp.get("/me/membership/dues")
@open_to("person")
def mine() -> str:
    """What one owes and how to pay it, one's invoices and one's receipts."""
    open_dues = db.session.execute(queries.open_dues().where(Due.person_id == me().id)).all()
    sums: dict[str, int] = {}
    for due, left in open_dues:
        sums[due.currency] = sums.get(due.currency, 0) + left
    owed = {currency: min(amount, sums.get(currency, 0)) for currency, amount in queries.balance(me()).items()}
    return render_template(
        "dues/mine.html",
        open_dues=open_dues,
        pay=[how_to_pay(me(), amount, currency) for currency, amount in owed.items() if amount > 0],
        credit={currency: -amount for currency, amount in queries.balance(me()).items() if amount < 0},
        invoices=db.session.scalars(queries.invoices().where(Due.person_id == me().id).limit(LATEST)).all(),
        receipts=db.session.scalars(queries.receipts(me()).limit(LATEST)).all(),
        today=today(),
    )


@bp.get("/invoices/<token>")
@open_to("link")
def invoice_page(token: str) -> ResponseReturnValue:
    """An invoice, with what has come in since."""
    return _page(invoice(_due(token)), "invoice_pdf", token)


@bp.get("/invoices/<token>.pdf")
@limiter.limit(PRINT, key_func=link_followed)
@open_to("link")
def invoice_pdf(token: str) -> ResponseReturnValue:
    """The same, to print."""
    due = _due(token)
    return _file(invoice(due), f"invoice-{due.number}.pdf")


@bp.get("/receipts/<token>")
@open_to("link")
def receipt_page(token: str) -> ResponseReturnValue:
    """A receipt."""
    return _page(receipt(_payment(token)), "receipt_pdf", token)


@bp.get("/receipts/<token>.pdf")
@limiter.limit(PRINT, key_func=link_followed)
@open_to("link")
def receipt_pdf(token: str) -> ResponseReturnValue:
    """The same, to print."""
    payment = _payment(token)
    return _file(receipt(payment), f"receipt-{payment.receipt}.pdf")


def _due(token: str) -> Due:
    due: Due = find(select(Due).where(Due.id == _number(token)).options(joinedload(Due.person)))
    return due if _opens(token, INVOICE, due.id, due.person) else abort(404)


def _payment(token: str) -> Payment:
    rows = select(Payment).where(Payment.id == _number(token), Payment.receipt.is_not(None))
    payment: Payment = find(rows.options(joinedload(Payment.person), joinedload(Payment.due)))
    return payment if _opens(token, RECEIPT, payment.id, payment.person) else abort(404)


def _number(token: str) -> int:
    number = number_in(token)
    return abort(404) if number is None else number


def _opens(token: str, purpose: str, number: int, person: Person) -> bool:
    return any(opens(token, purpose, number, key) for key in link_keys(person))


def _page(paper: Paper, pdf_endpoint: str, token: str) -> Response:
    return private(make_response(render_template("dues/paper.html", paper=paper, pdf=pdf_endpoint, token=token)))


def _file(paper: Paper, name: str) -> Response:
    response = make_response(pdf(paper))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return private(response)

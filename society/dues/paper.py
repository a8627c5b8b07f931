"""Invoices and receipts as a person reads them: one description, of which the page and the PDF are made."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import segno

from society import typeset
from society.dues.models import Due, Payment
from society.dues.queries import open_of, was_taken_back
from society.dues.reference import pay_code, reference, spoken_iban
from society.dues.render import METHODS, signed
from society.mail.plain import plain
from society.membership.render import spoken
from society.people.models import Person
from society.settings import Society, society

_TEMPLATE = Path(__file__).with_name("paper.typ")

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class HowToPay:
    """Where the money goes; `code` is the QR code that banking apps read, as SVG, or empty."""

    facts: Pairs
    terms: Sequence[str]
    code: str


@dataclass(frozen=True)
class Paper:
    """Everything that stands on it, as text."""

    title: str
    society: str
    to: Sequence[str]
    facts: Pairs
    lines: Pairs
    total: tuple[str, str]
    said: Sequence[str]
    pay: HowToPay | None


def invoice(due: Due) -> Paper:
    """What is owed, what has come in for it, and how to pay what is open."""
    left = max(open_of(due), 0)
    given = due.amount - left
    lines = [(due.about, signed(due.amount, due.currency))]
    if given and due.credits_id is None:
        lines.append((_off(due), signed(-given, due.currency)))
    facts = [("Number", str(due.number)), ("Date", spoken(due.issued_on)), ("Reference", reference(due.person))]
    if left:
        facts.append(("To be paid by", spoken(due.due_on)))
    return Paper(
        title=due.name,
        society=society().name,
        to=_envelope(due.person),
        facts=facts,
        lines=lines,
        total=("To be paid", signed(left, due.currency)) if due.amount > 0 else ("Taken back", lines[0][1]),
        said=[] if left else ["Nothing is to be paid."],
        pay=how_to_pay(due.person, left, due.currency) if left else None,
    )


def _off(due: Due) -> str:
    return "Taken back" if was_taken_back(due) else "Paid or waived"


def receipt(payment: Payment) -> Paper:
    """What came in, or went back."""
    back = payment.amount < 0
    of = payment.due.about if payment.due else "Payment on account"
    amount = signed(abs(payment.amount), payment.currency)
    day, how = spoken(payment.received_on), METHODS[payment.method]
    facts = [("Number", str(payment.receipt)), ("Date", day), ("How", how), ("Reference", reference(payment.person))]
    return Paper(
        title=payment.name,
        society=society().name,
        to=_envelope(payment.person),
        facts=facts,
        lines=[(f"{of} (invoice {payment.due.number})" if payment.due else of, amount)],
        total=("Given back" if back else "Received", amount),
        said=["" if back else "Received with thanks."],
        pay=None,
    )


def _envelope(person: Person) -> list[str]:
    return [person.name, *filter(None, person.address.split("\n"))]


def how_to_pay(person: Person, amount: int, currency: str) -> HowToPay:
    """The society's account, the person's reference and, in euros, the code that says both."""
    ours = society()
    return HowToPay(
        facts=[*_account(ours), ("Reference", reference(person)), ("Amount", signed(amount, currency))],
        terms=_paragraphs(ours.payment_terms),
        code=_drawn(pay_code(ours, amount, currency, person)),
    )


def _paragraphs(markdown: str) -> list[str]:
    """As plain text; what belongs to one paragraph or point of a list on one line, whose ends the paper finds."""
    unbroken = re.sub(r"\n(?![-\d\n])", " ", plain(markdown))
    return [part for part in unbroken.split("\n") if part.strip()]


def _account(ours: Society) -> Pairs:
    if not ours.iban:
        return []
    facts = [("Account holder", ours.account_holder or ours.name), ("IBAN", spoken_iban(ours.iban))]
    return [*facts, ("BIC", ours.bic)] if ours.bic else facts


def _drawn(code: segno.QRCode | None) -> str:
    """Dark on white, whatever the page's colours are."""
    if code is None:
        return ""
    drawing = BytesIO()
    code.save(drawing, kind="svg", scale=4, light="#fff", xmldecl=False, svgclass=None, lineclass=None, omitsize=False)
    return drawing.getvalue().decode()


def pdf(paper: Paper) -> bytes:
    """The paper on A4; the same paper gives the same bytes. Takes a part of a second: not within a write."""
    return typeset.pdf(_TEMPLATE, paper=json.dumps(asdict(paper)))

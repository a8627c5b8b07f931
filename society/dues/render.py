"""The ledger in words and links."""

from datetime import date

from society.dues.models import Due, DueKind, Method, Payment
from society.languages import ENGLISH, days_in, is_english
from society.membership.render import money, spoken
from society.phrases import phrase
from society.text import counted
from society.tokens import sealed

INVOICE, RECEIPT = "invoice", "receipt"

METHODS = {
    Method.TRANSFER: "Bank transfer",
    Method.CASH: "Cash",
    Method.CHEQUE: "Cheque",
    Method.CARD: "Card",
    Method.WAIVED: "Waived",
}


def signed(amount: int, currency: str, language: str = ENGLISH) -> str:
    """An amount that may be negative: "EUR 30.50", "−EUR 30.50"."""
    return f"−{money(-amount, currency, language)}" if amount < 0 else money(amount, currency, language)


def period(starts_on: date, ends_on: date | None, language: str = ENGLISH) -> str:
    """ "1 January to 31 December 2027"."""
    if ends_on is None:
        return phrase("for life from {day}", language, day=spoken(starts_on, language))
    if not is_english(language):
        return days_in(starts_on, ends_on, language)
    first = f"{starts_on.day} {starts_on:%B}" if starts_on.year == ends_on.year else spoken(starts_on)
    return f"{first} to {spoken(ends_on)}"


def about(due: Due, language: str = ENGLISH) -> str:
    """What is to be paid, as it stands in the ledger; of what the program wrote there itself, in English, other
    languages have their own words."""
    if is_english(language) or due.tier is None or due.period_starts_on is None or due.credits_id is not None:
        return due.about
    if due.kind is DueKind.JOINING_FEE:
        return phrase("Joining fee, {tier}", language, tier=due.tier.name)
    return f"{due.tier.name}, {period(due.period_starts_on, due.period_ends_on, language)}"


def step(days: int | None) -> str:
    """What happens to memberships by itself, in words: a reminder so many days before the end; None: they lapse."""
    if days is None:
        return "Memberships lapse"
    if days == 0:
        return "Reminder on the last day"
    return f"Reminder, {counted(abs(days), 'day')} {'before' if days > 0 else 'after'} the end"


def method_name(method: Method) -> str:
    """How an amount came in, in words."""
    return METHODS[method]


def method(payment: Payment) -> str:
    """How a payment came in, in words."""
    return method_name(payment.method)


def invoice_link(due: Due) -> str:
    """The path of the mailed link that shows an invoice."""
    return f"/invoices/{sealed(INVOICE, due.id, due.person.link_key)}"


def receipt_link(payment: Payment) -> str:
    """The path of the mailed link that shows a receipt."""
    return f"/receipts/{sealed(RECEIPT, payment.id, payment.person.link_key)}"

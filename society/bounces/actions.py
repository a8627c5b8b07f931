"""What follows from a letter that came back, and telling the secretaries which addresses refuse mail."""

from collections.abc import Iterable
from datetime import date, datetime
from email.message import Message

from sqlalchemy import func, select

from society.bounces.reading import Fate, Report, read
from society.db import begin_write, db
from society.mail.actions import bury, write
from society.mail.models import DeadAddress, Letter
from society.mail.returns import BOUNCES, letter_behind, letter_named
from society.membership.queries import deciders
from society.people.models import Person
from society.settings import society
from society.text import in_ascii
from society.times import midnight, today_in

NAMED = 10
"""Addresses that one letter names."""
TOLD = "dead-addresses:"
"""The reason of the letters that tell of them; the day follows, by the society's clock."""


def take_report(message: Message, tokens: Iterable[str], now: datetime) -> str | None:
    """Deal with a mail server's report; a line says what became of it, None that nothing could be made of it."""
    report = read(message)
    letter = _reported(report, tokens) if report else None
    if report is None or letter is None:
        return None
    if not letter.to_address:
        return f"Noted: letter {letter.id} was for somebody who was erased since."
    if report.fate is not Fate.FAILED:
        return f"Noted: letter {letter.id} is {report.fate}."
    letter.bounce(report.answer, now)
    if report.gone:
        bury(letter.to_address, report.answer, now)
    return f"Noted: letter {letter.id} came back{', as there is no such address' if report.gone else ''}."


def in_one_form(address: str) -> str:
    """As it is compared, whichever way its domain is written: servers report it in the ASCII that we handed over, or
    in its own script (RFC 6533)."""
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        return f"{local}{at}{in_ascii(domain)}"
    except UnicodeError:
        return f"{local}{at}{domain}"


def _reported(report: Report, tokens: Iterable[str]) -> Letter | None:
    """By the address that it came back to; else by the letter's own name, if the report is on whom that was for.

    Either is known only to those who have had the letter, so nobody can have another's address given up.
    """
    for token in tokens:
        if letter := letter_behind(token, BOUNCES):
            return letter
    for message_id in report.message_ids[:10]:
        letter = letter_named(message_id)
        if letter and in_one_form(letter.to_address) in map(in_one_form, report.recipients):
            return letter
    return None


def tell_of_dead_addresses(now: datetime) -> None:
    """Write to the secretaries, once a day, which addresses were given up until that day began, and they have not been
    told of: on the days before, a worker may not have run."""
    zone = society().zone
    today = today_in(zone, now)
    rows = select(DeadAddress.address).where(DeadAddress.at < midnight(today, zone)).order_by(DeadAddress.address)
    if told := _told_last(today):
        rows = rows.where(DeadAddress.at >= midnight(told, zone))
    found = db.session.scalars(rows).all()
    db.session.rollback()
    if not found:
        return
    begin_write(public=False)
    for person in db.session.scalars(deciders(today)):
        write(person, "dead_addresses", f"{TOLD}{today}", now=now, found=found[:NAMED], number=len(found))
    db.session.commit()


def _told_last(today: date) -> date | None:
    """On which day one of them was told; None if none ever was."""
    theirs = Letter.person_id.in_(deciders(today).with_only_columns(Person.id).order_by(None))
    last = db.session.scalar(select(func.max(Letter.reason)).where(theirs, Letter.reason.startswith(TOLD)))
    return date.fromisoformat(last.removeprefix(TOLD)) if last else None

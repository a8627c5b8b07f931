"""What follows from a letter that came back, and telling the secretaries which addresses refuse mail."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import Message

from sqlalchemy import select

from society.bounces.reading import Fate, Report, read
from society.db import begin_write, db
from society.mail.actions import bury, write
from society.mail.models import DeadAddress, Letter
from society.mail.returns import BOUNCES, letter_behind, letter_named
from society.membership.queries import deciders
from society.settings import society
from society.times import midnight, today_in

NAMED = 10
"""Addresses that one letter names."""


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


def _reported(report: Report, tokens: Iterable[str]) -> Letter | None:
    """By the address that it came back to; else by the letter's own name, if the report is on whom that was for.

    Either is known only to those who have had the letter, so nobody can have another's address given up.
    """
    for token in tokens:
        if letter := letter_behind(token, BOUNCES):
            return letter
    for message_id in report.message_ids[:10]:
        letter = letter_named(message_id)
        if letter and letter.to_address.lower() in report.recipients:
            return letter
    return None


def tell_of_dead_addresses(now: datetime) -> None:
    """Write to the secretaries, once a day, which addresses were given up the day before."""
    zone = society().zone
    today = today_in(zone, now)
    since, until = midnight(today - timedelta(days=1), zone), midnight(today, zone)
    rows = select(DeadAddress.address).where(DeadAddress.at >= since, DeadAddress.at < until)
    found = db.session.scalars(rows.order_by(DeadAddress.address)).all()
    db.session.rollback()
    if not found:
        return
    begin_write(public=False)
    for person in db.session.scalars(deciders(today)):
        write(person, "dead_addresses", f"dead-addresses:{today}", now=now, found=found[:NAMED], number=len(found))
    db.session.commit()

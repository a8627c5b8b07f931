"""All that happened with one person, from every part of the society's records, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from society.audit.models import AuditEntry
from society.audit.render import changed
from society.db import db
from society.dues.models import Due, Payment
from society.dues.render import method_name, signed
from society.events.models import Event
from society.mail.models import Letter
from society.membership.models import Membership, Status
from society.membership.render import told
from society.people.models import Person
from society.rsvps.models import Rsvp
from society.rsvps.render import state
from society.settings import society
from society.times import midnight, to_wall

ON_A_PAGE = 40


@dataclass(frozen=True)
class Step:
    """One thing that happened."""

    at: datetime
    kind: str
    what: str
    detail: str = ""
    href: str = ""
    day: date | None = None
    """Where the time of day is not known."""


def timeline(person: Person, before: datetime | None) -> tuple[list[Step], datetime | None]:
    """A page of it: what happened before that instant, and where the next page begins. One statement a source."""
    sources = (_memberships, _dues, _payments, _answers, _letters, _changes)
    steps = [step for source in sources for step in source(person, before)]
    steps.sort(key=lambda step: step.at, reverse=True)
    shown = [step for step in steps if before is None or step.at < before]
    if len(shown) <= ON_A_PAGE:
        return shown, None
    whole = [step for step in shown[: ON_A_PAGE + 1] if step.at > shown[ON_A_PAGE].at]
    page = whole or shown  # what happened at one instant stays on one page
    return page, page[-1].at


def _rows(rows: Any, when: Any, before: Any) -> Sequence[Any]:
    if before is not None:
        rows = rows.where(
            when <= before if isinstance(before, date) and not isinstance(before, datetime) else when < before
        )
    return db.session.execute(rows.order_by(when.desc()).limit(2 * ON_A_PAGE)).all()


def _day(before: datetime | None) -> date | None:
    return to_wall(before, society().zone).date() if before else None


def _on(day: date, kind: str, what: str, detail: str = "", href: str = "") -> Step:
    return Step(midnight(day, society().zone), kind, what, detail, href, day)


def _memberships(person: Person, before: datetime | None) -> Iterator[Step]:
    rows = select(Membership).where(Membership.person_id == person.id)
    for (row,) in _rows(rows, Membership.starts_on, _day(before)):
        # Whether it is decided, the steps after it tell.
        what = "applied" if row.status is Status.APPLIED else told(row)
        yield _on(row.starts_on, "Membership", f"{row.tier.name}: {what}", row.decision_note)


def _dues(person: Person, before: datetime | None) -> Iterator[Step]:
    rows = select(Due).where(Due.person_id == person.id).options(joinedload(Due.tier))
    for (due,) in _rows(rows, Due.issued_on, _day(before)):
        amount = signed(due.amount, due.currency)
        about = due.about or (due.tier.name if due.tier else "")
        yield _on(due.issued_on, "Owed", f"{due.name}: {amount}", about, url_for("dues.due", due_id=due.id))


def _payments(person: Person, before: datetime | None) -> Iterator[Step]:
    rows = select(Payment).where(Payment.person_id == person.id)
    for (payment,) in _rows(rows, Payment.received_on, _day(before)):
        amount = signed(payment.amount, payment.currency)
        how = " · ".join(filter(None, [method_name(payment.method), payment.note]))
        yield _on(payment.received_on, "Paid", f"{payment.name}: {amount}", how)


def _answers(person: Person, before: datetime | None) -> Iterator[Step]:
    rows = select(Rsvp).join(Rsvp.event).where(Rsvp.person_id == person.id).options(contains_eager(Rsvp.event))
    for (rsvp,) in _rows(rows, Rsvp.answered_at, before):
        event: Event = rsvp.event
        party = f" · party of {rsvp.party_size}" if rsvp.party_size > 1 else ""
        there = " · was there" if rsvp.checked_in_at else ""
        href = url_for("events.show", slug=event.slug) if event.slug else ""
        on = f"{event.starts:%-d %B %Y}"
        yield Step(rsvp.answered_at, "Event", event.title, f"{on} · {state(rsvp)}{party}{there}", href)


def _letters(person: Person, before: datetime | None) -> Iterator[Step]:
    rows = select(Letter.written_at, Letter.subject, Letter.state, Letter.last_error)
    for row in _rows(rows.where(Letter.person_id == person.id), Letter.written_at, before):
        yield Step(row.written_at, "Letter", row.subject, " · ".join(filter(None, [row.state.value, row.last_error])))


def _changes(person: Person, before: datetime | None) -> Iterator[Step]:
    rows = select(AuditEntry, Person.name).outerjoin(Person, Person.id == AuditEntry.actor_id)
    own = rows.where(AuditEntry.subject_kind == "person", AuditEntry.subject_id == person.id)
    for entry, actor in _rows(own, AuditEntry.at, before):
        told_apart = changed(entry, society().zone, signed)
        differs = "; ".join(f"{name}: {old or 'nothing'} → {new or 'nothing'}" for name, old, new in told_apart)
        yield Step(
            entry.at,
            "Change",
            entry.act.capitalize(),
            " · ".join(filter(None, [differs, f"by {actor or 'the program'}"])),
        )

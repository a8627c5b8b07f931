"""Keeping the record of a backing: each step with who took it, and which version of the event it was for."""

from datetime import datetime

from society.audit.actions import record
from society.backings.models import BackingStep, Word
from society.backings.versions import version
from society.db import db
from society.events.models import Backing, Event
from society.people.models import Person


def step(
    event: Event,
    backing: Backing,
    word: Word,
    now: datetime,
    *,
    by: Person | None = None,
    name: str = "",
    title: str = "",
) -> None:
    """Keep it. Of what changes who is named the event's own entry in the audit log tells, wherever organizers do it."""
    made = BackingStep(backing_id=backing.id, at=now, word=word, by_id=by.id if by else None, name=name, title=title)
    made.version, made.address = version(event, backing), backing.contact_email if name else ""
    db.session.add(made)


def note(
    event: Event,
    backing: Backing,
    word: Word,
    now: datetime,
    *,
    by: Person | None = None,
    name: str = "",
    title: str = "",
) -> None:
    """Keep it, and log it: of what was asked and answered nothing else tells."""
    step(event, backing, word, now, by=by, name=name, title=title)
    said = {"organization": backing.organization.name, "role": backing.role.value, "state": backing.state.value}
    record(f"backing {word.value}", event, by=by, now=now, after=said)

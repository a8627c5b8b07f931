"""Backings as organizers and contacts look at them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.backings.models import BackingStep, Word
from society.db import db
from society.events.models import Backing, BackingState, Event
from society.organizations.models import Organization
from society.people.models import Person


def history(backings: Iterable[Backing]) -> dict[int, list[BackingStep]]:
    """The steps of each, oldest first."""
    numbers = [backing.id for backing in backings]
    steps = select(BackingStep).where(BackingStep.backing_id.in_(numbers)).order_by(BackingStep.id)
    found: dict[int, list[BackingStep]] = {number: [] for number in numbers}
    for step in db.session.scalars(steps.options(joinedload(BackingStep.by))):
        found[step.backing_id].append(step)
    return found


def last_yes(backing: Backing) -> BackingStep | None:
    """By whom and when its contact's word was given last."""
    said = select(BackingStep).where(BackingStep.backing_id == backing.id, BackingStep.word == Word.CONFIRMED)
    return db.session.scalars(said.order_by(BackingStep.id.desc()).limit(1)).first()


def asked_by(backings: Iterable[Backing]) -> dict[int, list[Person]]:
    """By backing, who asked the organization or reminded it, the latest first."""
    found: dict[int, list[Person]] = {backing.id: [] for backing in backings}
    asking = BackingStep.word.in_([Word.ASKED, Word.REMINDED])
    steps = select(BackingStep.backing_id, Person).join(BackingStep.by).where(asking)
    for number, person in db.session.execute(
        steps.where(BackingStep.backing_id.in_(found)).order_by(BackingStep.id.desc())
    ):
        found[number].append(person)
    return found


def bodies(backings: Iterable[Backing]) -> list[str]:
    """The names of their organizations, each once, however many roles one has."""
    return list(dict.fromkeys(backing.organization.name for backing in backings))


def last_told(backings: Iterable[Backing]) -> dict[int, Mapping[str, str]]:
    """The version of the event that each contact last agreed to or was told of by letter."""
    numbers = [backing.id for backing in backings]
    steps = select(BackingStep.backing_id, BackingStep.version).where(
        BackingStep.backing_id.in_(numbers), BackingStep.word.in_([Word.CONFIRMED, Word.ASKED_AGAIN])
    )
    return {row[0]: row[1] for row in db.session.execute(steps.order_by(BackingStep.id))}


def roles_of(organization: Organization, events: Sequence[Event]) -> dict[int, list[Backing]]:
    """By event, in which roles an organization backs it."""
    confirmed = select(Backing).where(
        Backing.organization_id == organization.id,
        Backing.state == BackingState.CONFIRMED,
        Backing.event_id.in_([event.id for event in events]),
    )
    found: dict[int, list[Backing]] = {event.id: [] for event in events}
    for backing in db.session.scalars(confirmed.order_by(Backing.position)):
        found[backing.event_id].append(backing)
    return found

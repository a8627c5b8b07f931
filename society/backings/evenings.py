"""The evenings of one series about which an organization is asked, and answers, in one go."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from society.backings.models import BackingStep, Word
from society.backings.versions import same_but_for_time, wording_with
from society.db import db
from society.events.models import Backing, Event
from society.events.queries import loaded, others_of_its_series

Evening = tuple[Event, Backing]


def of_its_series(event: Event, now: datetime) -> Sequence[Event]:
    """The others of its series that are to come or put off."""
    if event.series_id is None:
        return []
    rows = others_of_its_series(event, now)
    return db.session.scalars(loaded(rows).order_by(Event.starts_at, Event.id)).all()


def along(event: Event, backing: Backing, others: Iterable[Event]) -> list[Evening]:
    """Those of others of its series that one answer can hold for: where the same contact is as far as here, and who
    has read the one has read the other but for its time, the words that name them too."""
    return [other for other in as_far(backing, others) if alike((event, backing), other)]


def as_far(backing: Backing, others: Iterable[Event]) -> list[Evening]:
    """Those of others of its series about which the same contact was asked the same, and has said as much."""
    found = ((other, _of_the_same(backing, other)) for other in others)
    return [(other, theirs) for other, theirs in found if theirs is not None and theirs.state is backing.state]


def by_the_same_word(backing: Backing, others: Iterable[Event]) -> list[Evening]:
    """Those of others of its series for which the same contact gave their word, be they forgotten since."""
    mine = _what(backing)
    found = ((other, theirs) for other in others for theirs in other.backings if _what(theirs) == mine)
    return [(other, theirs) for other, theirs in found if theirs.given]


def alike(one: Evening, other: Evening) -> bool:
    """Whether they are the same but for their time, and name their backers by the same words."""
    return same_but_for_time(one[0], other[0]) and wording_with(*one) == wording_with(*other)


def of_one_series(one: Evening, other: Evening) -> bool:
    """Whether the same contact backs both in the same way, and the one letter of a series can tell of both."""
    if one[0].series_id is None or one[0].series_id != other[0].series_id:
        return False
    return _what(one[1]) == _what(other[1]) and bool(one[1].agreed) == bool(other[1].agreed)


def _of_the_same(backing: Backing, event: Event) -> Backing | None:
    mine = _what(backing)
    return next((other for other in event.backings if backing.contact_email and _what(other) == mine), None)


def _what(backing: Backing) -> tuple[int, str, str]:
    return backing.organization_id, backing.role, backing.contact_email


def told_of_another(event: Event, backing: Backing, now: datetime) -> bool:
    """Whether the same act has its contact written to already about an evening on whose page this one stands."""
    if event.series_id is None:
        return False
    same = Backing.organization_id == backing.organization_id, Backing.role == backing.role
    rows = select(Event, Backing).join(Event, Event.id == Backing.event_id).join(BackingStep)
    rows = rows.where(*same, Backing.contact_email == backing.contact_email, Event.series_id == event.series_id)
    told = rows.where(Backing.id != backing.id, BackingStep.word == Word.ASKED_AGAIN, BackingStep.at == now)
    return any(alike((event, backing), (other, theirs)) for other, theirs in db.session.execute(told))

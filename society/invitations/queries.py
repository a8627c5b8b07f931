"""Which other times are proposed for an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.events.render import when_at
from society.invitations.models import TimeProposal
from society.languages import ENGLISH
from society.mail.queries import is_mailed
from society.people.models import Person
from society.phrases import marked
from society.rows import Peek
from society.times import to_wall


def why_not(event: Event, now: datetime) -> str | None:
    """The sentence that says why no other time can be proposed or taken; None if one can."""
    if event.cancelled_at is not None:
        return marked("This event is cancelled.")
    if event.begun(now):
        return marked("This event has begun.")
    return None


_own = Peek(
    select(TimeProposal.id).where(
        TimeProposal.event_id == bindparam("event_id"), TimeProposal.person_id == bindparam("person_id")
    )
)


def proposal_of(event: Event, person: Person) -> TimeProposal | None:
    """What that person proposed last for the event; few have, of all who look at its page."""
    row = _own.here(event_id=event.id, person_id=person.id)
    return db.session.get(TimeProposal, row[0]) if row else None


def open_proposals(event: Event, now: datetime) -> Sequence[TimeProposal]:
    """What waits for an answer, with its people, by time: none for what is off or has begun, nor of times gone by."""
    if why_not(event, now):
        return []
    waiting = select(TimeProposal).where(TimeProposal.event_id == event.id, TimeProposal.answer.is_(None))
    ordered = waiting.where(TimeProposal.starts_at > now).order_by(
        TimeProposal.starts_at, TimeProposal.ends_at, TimeProposal.all_day, TimeProposal.proposed_at, TimeProposal.id
    )
    return db.session.scalars(ordered.options(joinedload(TimeProposal.person, innerjoin=True))).unique().all()


def whose_time_it_is(events: Sequence[Event], now: datetime) -> dict[int, bool]:
    """Of those who wait for an answer and proposed the very time that one of these events has, by their number, whether
    each can be mailed; in one query."""
    times = {event.id: (event.starts_at, event.ends_at, event.all_day) for event in events if not why_not(event, now)}
    waiting = select(TimeProposal, is_mailed()).join(TimeProposal.person)
    waiting = waiting.where(TimeProposal.event_id.in_(times), TimeProposal.answer.is_(None))
    found = db.session.execute(waiting.where(TimeProposal.starts_at > now)) if times else ()
    return {one.person_id: mailed for one, mailed in found if one.span == times[one.event_id]}


@dataclass(frozen=True)
class OtherTime:
    """One time, by the event's own clocks, and all who propose it."""

    starts: datetime
    ends: datetime
    all_day: bool
    said: str
    proposals: Sequence[TimeProposal]

    @property
    def key(self) -> str:
        """What tells it from the others of the event."""
        return f"{self.starts:%Y%m%dT%H%M}-{self.ends:%Y%m%dT%H%M}" + ("-days" if self.all_day else "")

    @property
    def typed(self) -> dict[str, str]:
        """As the form for moving the event has it; whole days by their first and last."""
        if self.all_day:
            return {"starts_at": f"{self.starts:%Y-%m-%d}", "ends_at": f"{self.ends - timedelta(days=1):%Y-%m-%d}"}
        return {"starts_at": f"{self.starts:%Y-%m-%dT%H:%M}", "ends_at": f"{self.ends:%Y-%m-%dT%H:%M}"}


def other_times(event: Event, now: datetime) -> list[OtherTime]:
    """The open proposals, those for the same time together."""
    same = groupby(open_proposals(event, now), key=lambda proposal: proposal.span)
    return [_other_time(event, list(proposals)) for _span, proposals in same]


def _other_time(event: Event, proposals: Sequence[TimeProposal]) -> OtherTime:
    starts, ends = walls(event, proposals[0])
    return OtherTime(starts, ends, proposals[0].all_day, spoken(event, proposals[0]), proposals)


def spoken(event: Event, proposal: TimeProposal, language: str = ENGLISH) -> str:
    """When that would be, by the event's own clocks."""
    return when_at(*walls(event, proposal), event.zone, all_day=proposal.all_day, language=language)


def walls(event: Event, proposal: TimeProposal) -> tuple[datetime, datetime]:
    """What they show then, should the event's zone be another by now."""
    if proposal.all_day or proposal.zone == event.zone:
        return proposal.starts, proposal.ends
    return to_wall(proposal.starts_at, event.zone), to_wall(proposal.ends_at, event.zone)


@dataclass(frozen=True)
class Own:
    """What somebody proposed, as they are shown it."""

    proposal: TimeProposal
    said: str
    void: str | None
    """The sentence that says why nobody will answer it any more."""

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.proposal.answer is None and self.void is None


def own_proposal(event: Event, person: Person, now: datetime) -> Own | None:
    """What that person proposed last for the event, and how that stands."""
    found = proposal_of(event, person)
    if found is None:
        return None
    gone_by = "The time that you proposed has gone by." if found.starts_at <= now else None
    return Own(found, spoken(event, found), (why_not(event, now) or gone_by) if found.answer is None else None)

"""What calling off several events will do, told before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from society.backings.queries import bodies
from society.backings.telling import asked_in_vain, cut_off, reached, with_a_word
from society.events.models import Event
from society.notices.effects import mark_of, those_told
from society.notices.following import Followers, followers, turned
from society.notices.news import once_each
from society.notices.reach import Reach, those_to_tell_of_each, together
from society.rsvps.counts import Turnout, turnouts


@dataclass(frozen=True)
class CallingOff:
    """Events to be called off, or deleted where they are drafts, and whom that reaches."""

    events: Sequence[Event]
    turnouts: Mapping[int, Turnout]
    """By event."""
    recipients: Reach
    told_in: int
    """How many of the events have anybody to write to."""
    once_each: Reach | None
    """Whom one letter about all of theirs reaches; None where each event has its own."""
    calendars: Followers | None
    backers: Sequence[str]
    """Organizations that gave their word, and are told whatever is chosen."""
    asked: Sequence[str]
    """Organizations that were asked to back drafts among them and have not answered, and are told, too."""
    cut_off: Sequence[str]
    """Organizations that would be told, if mail to their contacts did not come back."""
    mark: str

    @property
    def announced(self) -> bool:
        """Whether any of them was, so that others find it called off, and ask why."""
        return any(event.published_at for event in self.events)

    @property
    def going(self) -> int:
        return sum(turnout.going for turnout in self.turnouts.values())

    @property
    def waiting(self) -> int:
        return sum(turnout.waiting for turnout in self.turnouts.values())


def calling_off(events: Sequence[Event], now: datetime) -> CallingOff:
    told = list(zip(events, those_to_tell_of_each(events, now), strict=True))
    word = [backing for event in events for backing in with_a_word(event)]
    waiting = [backing for event in events for backing in asked_in_vain(event)]
    backers, asked = sorted(bodies(reached(word))), sorted(bodies(reached(waiting)))
    return CallingOff(
        events=events,
        turnouts=turnouts(events),
        recipients=together(people for _, people in told),
        once_each=once_each(told, now),
        told_in=sum(1 for _, people in told if people.everyone),
        calendars=followers([touch for event in events for touch in turned(event)], now),
        backers=backers,
        asked=asked,
        cut_off=sorted(bodies(cut_off([*word, *waiting]))),
        mark=mark_of(
            [], *(f"{event.id} {event.starts}" for event in events), str(backers), str(asked), those_told(told)
        ),
    )

"""Other times that some of the demo's people propose for events to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.events.models import Event
from society.invitations.models import TimeProposal
from society.rsvps.models import Rsvp
from society.times import to_utc

_SHARE = 0.2
"""How often an event of the next weeks is proposed to be moved, after the first."""
_SOON = timedelta(days=60)
_SHIFTS = (timedelta(days=7), timedelta(days=7), timedelta(days=1), timedelta(minutes=30))
_WORDS = (
    "",
    "",
    "I teach until seven that day.",
    "The last bus would wait for me then.",
    "Half of us sing in the choir.",
)


class Wishes:
    """Has a few of those who answered rather come at another time."""

    def __init__(self, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk
        self._share = 1.0

    def voice(self, event: Event, rsvps: Sequence[Rsvp]) -> None:
        """Up to three of them, or nobody."""
        soon = event.on and not event.all_day and self._now < event.starts_at < self._now + _SOON
        if not rsvps or not soon or not self._chance.is_so(self._share):
            return
        self._share = _SHARE
        for rsvp in rsvps[:3]:
            shift = self._chance.choice(_SHIFTS)
            starts, ends = event.starts + shift, event.ends + shift
            self._bulk.add(
                TimeProposal(
                    event_id=event.id,
                    person_id=rsvp.person_id,
                    starts=starts,
                    ends=ends,
                    zone=event.zone,
                    all_day=False,
                    starts_at=to_utc(starts, event.zone),
                    ends_at=to_utc(ends, event.zone),
                    word=self._chance.choice(_WORDS),
                    by_calendar=self._chance.is_so(0.5),
                    proposed_at=min(rsvp.answered_at + timedelta(hours=2), self._now),
                    answer_word="",
                )
            )

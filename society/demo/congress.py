"""A congress of three days in two halls, with forty speakers, and a workshop that has seats of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from society.agenda.models import Session, SessionKind
from society.agenda.planning import Plan, snapshot
from society.audit.models import AuditEntry
from society.calendars.models import SessionEntries
from society.calendars.sessions import session_vevent
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.people import ORGANIZER
from society.demo.setting import LECTURES, VENUES, WORKSHOPS
from society.demo.wording import Wording
from society.events.models import Event
from society.people.models import Person
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.session_models import SessionSeat
from society.text import counted

DAYS = 3
LAST_HOUR = 17
WORKSHOP_SEATS = 14
_HALLS = VENUES[0].rooms[:2]
_WORKSHOP_ROOM = VENUES[0].rooms[2]
_TRACKS = ("Places", "Records")
_TALKS = ((10, 45), (11, 30), (12, 15), (14, 30), (15, 15), (16, 15))
_BREAKS = (
    ("Registration and tea", (9, 0), 30),
    ("Coffee", (10, 25), 20),
    ("Lunch", (12, 55), 95),
    ("Tea", (15, 55), 20),
)


class Congress:
    """Fills the agenda of the demo's one congress, and its workshop's seats."""

    def __init__(self, chance: Chance, bulk: Bulk) -> None:
        self._chance, self._bulk = chance, bulk
        self._names: set[str] = set()
        self._workshop: Session | None = None

    def plan(self, event: Event) -> None:
        """Enter its sessions, with their entries in the log and the calendars."""
        event.has_agenda = True
        sessions = [self._session(event, position, plan) for position, plan in enumerate(self._plans(event))]
        self._workshop = next(session for session in sessions if session.capacity)
        if event.published_at:
            vevents = b"".join(session_vevent(event, session) for session in _in_order(sessions))
            self._bulk.add(SessionEntries(event_id=event.id, vevents=vevents, changed_at=event.revised_at))

    def _session(self, event: Event, position: int, plan: Plan) -> Session:
        session = Session(position=position, key=self._chance.token(16), sequence=0, revised_at=event.revised_at)
        plan.enter(session, event.zone)
        session.event_id = event.id
        self._bulk.add(session)
        for speaker in session.speakers:
            speaker.session_id = session.id
            self._bulk.add(speaker)
        self._bulk.add(
            AuditEntry(
                at=event.created_at,
                actor_id=ORGANIZER,
                act="session entered",
                subject_kind=Session.__tablename__,
                subject_id=session.id,
                subject_name=session.title,
                before={},
                after={"event": event.title, **snapshot(session)},
            )
        )
        return session

    def _plans(self, event: Event) -> Iterator[Plan]:
        for number in range(DAYS):
            day = event.starts + timedelta(days=number)
            for title, (hour, minute), minutes in _BREAKS:
                yield Plan(title, *_span(day, hour, minute, minutes), kind=SessionKind.BREAK)
            keynote, about = self._voice(event)
            yield Plan(
                f"Keynote: {keynote.title(LECTURES)}"[:200],
                *_span(day, 9, 30, 55),
                kind=SessionKind.KEYNOTE,
                room=_HALLS[0],
                abstract=keynote.summary(LECTURES, with_book=False),
                speakers=(about,),
            )
            for hour, minute in _TALKS:
                for hall, track in zip(_HALLS, _TRACKS, strict=True):
                    yield self._talk(event, _span(day, hour, minute, 40), hall, track)
        yield self._workshop_on(event, event.starts + timedelta(days=1))

    def _talk(self, event: Event, span: tuple[datetime, datetime], hall: str, track: str) -> Plan:
        words, speaker = self._voice(event)
        abstract = words.summary(LECTURES, with_book=False)
        return Plan(words.title(LECTURES)[:200], *span, room=hall, track=track, abstract=abstract, speakers=(speaker,))

    def _workshop_on(self, event: Event, day: datetime) -> Plan:
        words, speaker = self._voice(event)
        span = _span(day, 14, 30, 85)
        title, kind = words.title(WORKSHOPS)[:200], SessionKind.WORKSHOP
        return Plan(title, *span, kind=kind, room=_WORKSHOP_ROOM, capacity=WORKSHOP_SEATS, speakers=(speaker,))

    def _voice(self, event: Event) -> tuple[Wording, tuple[str, str]]:
        """Somebody who does not speak yet."""
        while True:
            words = Wording(self._chance)
            words.date(event.starts.year, event.starts.month)
            if words.speaker not in self._names:
                self._names.add(words.speaker)
                return words, (words.speaker, words.about_speaker())

    def seat(self, rsvps: list[Rsvp]) -> None:
        """Let some of those who come choose the workshop, in the order of their answers."""
        assert self._workshop
        free = WORKSHOP_SEATS
        coming = [rsvp for rsvp in rsvps if rsvp.has_seat]
        for rsvp in sorted(coming, key=lambda rsvp: (rsvp.answered_at, rsvp.id)):
            if self._chance.is_so(0.5):
                fits = rsvp.party_size <= free
                free -= rsvp.party_size if fits else 0
                self._seat(rsvp, self._workshop, fits=fits)

    def _seat(self, rsvp: Rsvp, session: Session, *, fits: bool) -> None:
        """Some minutes after their answer; the log of the answer tells it."""
        at = rsvp.answered_at + timedelta(minutes=400)
        status = RsvpStatus.CONFIRMED if fits else RsvpStatus.WAITLISTED
        seat = SessionSeat(session_id=session.id, rsvp_id=rsvp.id, seats=rsvp.party_size, status=status)
        seat.queued_at = None if fits else at
        self._bulk.add(seat)
        seats = counted(rsvp.party_size, "seat")
        reason = f"Took {seats} in “{session.title}”." if fits else f"Waits for {seats} in “{session.title}”."
        step = rsvp.become(rsvp.status, at=at, actor=Person(id=rsvp.person_id), reason=reason[:200])
        self._bulk.add(step)


def _in_order(sessions: list[Session]) -> list[Session]:
    return sorted(sessions, key=lambda session: (session.starts_at, session.position, session.id))


def _span(day: datetime, hour: int, minute: int, minutes: int) -> tuple[datetime, datetime]:
    starts = day.replace(hour=hour, minute=minute)
    return starts, starts + timedelta(minutes=minutes)

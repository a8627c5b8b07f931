"""What cannot well be as it is planned, in sentences: told to organizers, and forbidden to nobody."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from society.agenda.models import Session, SessionKind
from society.agenda.planning import Former
from society.events.models import Event
from society.events.render import spoken_time
from society.names import alike
from society.text import folded, in_an_address


def clashes(sessions: Sequence[Session]) -> list[str]:
    """Rooms, speakers and chairs that are wanted twice at a time."""
    by_room: dict[str, list[Session]] = defaultdict(list)
    by_person: dict[str, list[Session]] = defaultdict(list)
    names: dict[str, str] = {}
    for session in sessions:
        if session.room:
            by_room[alike(session.room)].append(session)
        for key, name in _people(session).items():
            by_person[key].append(session)
            names.setdefault(key, name)
    rooms = (f"{first.room} is taken twice: {_both(first, second)}" for first, second in _at_once(by_room))
    twice = (
        f"{names[key]} would {_do(key, first, second)} at once: {_both(first, second)}"
        for key, planned in by_person.items()
        for first, second in _at_once({key: planned})
    )
    return [*rooms, *twice]


def _people(session: Session) -> dict[str, str]:
    """Who speaks in it or is in the chair, once, by the key of their name."""
    chair = {in_an_address(session.chair): session.chair} if session.chair else {}
    return chair | {speaker.key: speaker.name for speaker in session.speakers}


def _do(key: str, first: Session, second: Session) -> str:
    speaks = [key in {speaker.key for speaker in session.speakers} for session in (first, second)]
    return "speak twice" if all(speaks) else "speak and be in the chair" if any(speaks) else "be in the chair twice"


def _at_once(groups: dict[str, list[Session]]) -> Iterator[tuple[Session, Session]]:
    """Each session beside those of its group that begin before it is over."""
    for planned in groups.values():
        ordered = sorted(planned, key=lambda session: session.starts_at)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1 :]:
                if second.starts_at >= first.ends_at:
                    break
                if first is not second:
                    yield first, second


def _both(first: Session, second: Session) -> str:
    return f"“{first.title}” ({day_and_span(first)}) and “{second.title}” ({day_and_span(second)})."


def day_and_span(session: Session | Former) -> str:
    """ "Tue 30 March, 9:00 am to 10:00 am"."""
    day = f"{session.starts:%a} {session.starts.day} {session.starts:%B}"
    return f"{day}, {spoken_time(session.starts)} to {spoken_time(session.ends)}"


def outside(event: Event, sessions: Sequence[Session]) -> list[str]:
    """Sessions that begin before the event does, or end after it."""
    out = (s for s in sessions if s.starts_at < event.starts_at or s.ends_at > event.ends_at)
    return [f"“{session.title}” ({day_and_span(session)}) is not within the event’s own time." for session in out]


def brought(event: Event, there: Sequence[Session], planned: Sequence[Session]) -> list[str]:
    """What planned sessions of an event bring about, beside others that are there: none of what is so without them."""
    known = {*clashes(there), *missing_room(there)}
    together = [*there, *planned]
    found = [*clashes(together), *missing_room(together)]
    return [*(sentence for sentence in found if sentence not in known), *outside(event, planned)]


def repeated(there: Sequence[Session], planned: Sequence[Session]) -> list[str]:
    """Those of planned ones that are in an agenda already, at the same time by the same title."""
    known = {(folded(session.title), session.starts_at) for session in there}
    again = (session for session in planned if (folded(session.title), session.starts_at) in known)
    return [f"“{session.title}” ({day_and_span(session)}) is in the agenda already." for session in again]


def missing_room(sessions: Sequence[Session]) -> list[str]:
    """Of several sessions at one time each needs a room to be found in."""
    ordered = sorted(sessions, key=lambda session: session.starts_at)
    told = []
    for first, second in _at_once({"": ordered}):
        for session in (first, second):
            if not session.room and session.kind is not SessionKind.BREAK and session not in told:
                told.append(session)
    return [f"“{session.title}” ({day_and_span(session)}) runs beside others and has no room yet." for session in told]

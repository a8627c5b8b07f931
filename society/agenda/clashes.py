"""What cannot well be as it is planned, in sentences: told to organizers, and forbidden to nobody."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from society.agenda.engagements import Engagement, in_sessions
from society.agenda.models import Session, SessionKind
from society.agenda.planning import Former
from society.agenda.queries import pages_of
from society.events.models import Event
from society.events.render import spoken_time
from society.events.rooms import too_small_for
from society.names import alike
from society.text import folded


def clashes(sessions: Sequence[Session], planned: Sequence[Session] = ()) -> list[str]:
    """Rooms, speakers and chairs that are wanted twice at a time; of planned ones beside these, by these."""
    by_room: dict[str, list[Session]] = defaultdict(list)
    for session in (*sessions, *planned):
        if session.room:
            by_room[alike(session.room)].append(session)
    rooms = [f"{one.room} is taken twice: {_both(one, two)}" for one, two in _at_once(by_room, planned)]
    return [*rooms, *_wanted_twice(sessions, planned)]


def _wanted_twice(sessions: Sequence[Session], planned: Sequence[Session]) -> Iterator[str]:
    """People, each once in a session, by whichever of the names that organizers joined."""
    people = list(in_sessions([*sessions, *planned]))
    pages = pages_of({one.key for one in people})
    engaged: dict[str, dict[Session, Engagement]] = defaultdict(dict)
    for one in sorted(people, key=lambda one: one.chairs):
        if one.session:
            engaged[pages.get(one.key, one.key)].setdefault(one.session, one)
    for theirs in engaged.values():
        for first, second in _at_once({"": list(theirs)}, planned):
            does = _do(theirs[first], theirs[second])
            yield f"{theirs[first].name} would {does} at once: {_both(first, second)}"


def _do(first: Engagement, second: Engagement) -> str:
    if first.chairs and second.chairs:
        return "be in the chair twice"
    return "speak and be in the chair" if first.chairs or second.chairs else "speak twice"


def _at_once(
    groups: Mapping[str, Sequence[Session]], planned: Sequence[Session] = ()
) -> Iterator[tuple[Session, Session]]:
    """Each session beside those of its group that begin before it is over; if any are planned, beside these alone."""
    new = set(planned)
    for together in groups.values():
        ordered = sorted(together, key=lambda session: session.starts_at)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1 :]:
                if second.starts_at >= first.ends_at:
                    break
                if not new or first in new or second in new:
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


def too_small(event: Event, sessions: Sequence[Session]) -> list[str]:
    """Sessions that give out more seats than there are in their room."""
    limited = [session for session in sessions if session.capacity]
    short = too_small_for(event, [(session.room or event.room, session.capacity) for session in limited])
    told = zip(limited, short, strict=True)
    return [f"“{session.title}” ({day_and_span(session)}): {sentence}" for session, sentence in told if sentence]


def brought(event: Event, there: Sequence[Session], planned: Sequence[Session]) -> list[str]:
    """What planned sessions of an event bring about, beside others that are there: none of what is so without them."""
    known = set(missing_room(there))
    without = [sentence for sentence in missing_room([*there, *planned]) if sentence not in known]
    twice = [*repeated(there, planned), *clashes(there, planned)]
    return [*twice, *without, *outside(event, planned), *too_small(event, planned)]


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

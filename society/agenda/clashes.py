"""What cannot well be as it is planned, in sentences: told to organizers, and forbidden to nobody."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from society.agenda.engagements import Engagement, in_sessions
from society.agenda.models import Session, SessionKind
from society.agenda.planning import Former
from society.agenda.queries import pages_of
from society.agenda.timetable import without_parallel
from society.events.models import Event
from society.events.render import spoken_time
from society.events.rooms import too_small_for
from society.names import alike
from society.text import folded

MOST_NAMED = 6
"""So many times at which a room is wanted twice are told, and so many at which somebody is: a page shows both."""


@dataclass(frozen=True)
class Warnings:
    """Sentences, and how many further ones are counted without being written."""

    sentences: Sequence[str] = ()
    more: int = 0

    def __len__(self) -> int:
        return len(self.sentences) + self.more


class _AtOnce:
    """Each pair of sessions that run at one time, one of the two among some of them. Since pairs grow with the square
    of the sessions, they are counted without being made, and made only as they are asked for."""

    def __init__(self, sessions: Iterable[Session], among: Collection[Session]) -> None:
        self.ordered = sorted(sessions, key=lambda session: session.starts_at)
        self.among = among

    def __len__(self) -> int:
        return _number_at_once(self.ordered) - _number_at_once([s for s in self.ordered if s not in self.among])

    def __iter__(self) -> Iterator[tuple[Session, Session]]:
        starts = [session.starts_at for session in self.ordered]
        places = [place for place, session in enumerate(self.ordered) if session in self.among]
        for place, first in enumerate(self.ordered):
            over = bisect_left(starts, first.ends_at)
            theirs: Sequence[int] = range(place + 1, over)
            if first not in self.among:
                theirs = places[bisect_left(places, place) : bisect_left(places, over)]
            yield from ((first, self.ordered[other]) for other in theirs)


def _number_at_once(ordered: Sequence[Session]) -> int:
    starts = [session.starts_at for session in ordered]
    return sum(bisect_left(starts, one.ends_at) - place - 1 for place, one in enumerate(ordered))


def clashes(sessions: Sequence[Session], planned: Sequence[Session] = ()) -> Warnings:
    """Rooms, speakers and chairs that are wanted twice at a time; of planned ones beside these, by these. A few of
    rooms are told, and a few of people."""
    among = frozenset(planned or sessions)
    by_room: dict[str, list[Session]] = defaultdict(list)
    for session in (*sessions, *planned):
        if session.room:
            by_room[alike(session.room)].append(session)
    rooms = [_AtOnce(together, among) for together in by_room.values()]
    people = [(_AtOnce(theirs, among), theirs) for theirs in _engaged([*sessions, *planned])]
    taken = (f"{one.room} is taken twice: {_both(one, two)}" for pairs in rooms for one, two in pairs)
    wanted = (_wanted_twice(theirs[one], theirs[two]) for pairs, theirs in people for one, two in pairs)
    told = [*islice(taken, MOST_NAMED), *islice(wanted, MOST_NAMED)]
    return Warnings(told, sum(map(len, rooms)) + sum(len(pairs) for pairs, _ in people) - len(told))


def _engaged(sessions: Sequence[Session]) -> Collection[Mapping[Session, Engagement]]:
    """Of each of the people, by whichever of the names that organizers joined, what they do in which session."""
    people = list(in_sessions(sessions))
    pages = pages_of({one.key for one in people})
    engaged: dict[str, dict[Session, Engagement]] = defaultdict(dict)
    for one in sorted(people, key=lambda one: one.chairs):
        if one.session:
            engaged[pages.get(one.key, one.key)].setdefault(one.session, one)
    return engaged.values()


def _wanted_twice(first: Engagement, second: Engagement) -> str:
    sessions = [one.session for one in (first, second) if one.session]
    return f"{first.name} would {_do(first, second)} at once: {_both(*sessions)}"


def _do(first: Engagement, second: Engagement) -> str:
    if first.chairs and second.chairs:
        return "be in the chair twice"
    return "speak and be in the chair" if first.chairs or second.chairs else "speak twice"


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


def brought(event: Event, there: Sequence[Session], planned: Sequence[Session]) -> Warnings:
    """What planned sessions of an event bring about, beside others that are there: none of what is so without them."""
    known = set(missing_room(there))
    without = [sentence for sentence in missing_room([*there, *planned]) if sentence not in known]
    twice, besides = clashes(there, planned), [*without, *outside(event, planned), *too_small(event, planned)]
    return replace(twice, sentences=[*repeated(there, planned), *twice.sentences, *besides])


def repeated(there: Sequence[Session], planned: Sequence[Session]) -> list[str]:
    """Those of planned ones that are in an agenda already, at the same time by the same title."""
    known = {(folded(session.title), session.starts_at) for session in there}
    again = (session for session in planned if (folded(session.title), session.starts_at) in known)
    return [f"“{session.title}” ({day_and_span(session)}) is in the agenda already." for session in again]


def missing_room(sessions: Sequence[Session]) -> list[str]:
    """Of several sessions at one time each needs a room to be found in."""
    ordered = sorted(sessions, key=lambda session: session.starts_at)
    passed = set(without_parallel(ordered))
    told = (one for one in ordered if not one.room and one.kind is not SessionKind.BREAK and one not in passed)
    return [f"“{session.title}” ({day_and_span(session)}) runs beside others and has no room yet." for session in told]

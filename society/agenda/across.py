"""What an event or its sessions have against other events: rooms and people that are wanted at both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select

from society.agenda.bookings import Stay, stays, stays_of, wanted_too
from society.agenda.clashes import day_and_span
from society.agenda.engagements import Engagement, elsewhere, engagements, in_sessions
from society.agenda.models import Session
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Event
from society.events.queries import visible_to
from society.events.render import when
from society.people.models import Person

MOST_CLASHES = 12
"""So many others are named where a room is wanted twice, and so many where somebody is."""


@dataclass(frozen=True)
class Clash:
    """Another event in the way, as one who looks may know of it."""

    title: str
    """Nothing where they may not see that event."""
    said: str
    """When and in which room it is there."""
    number: int | None
    """That of its page for organizers, if they may open that."""
    speaker: str = ""
    """Who is wanted at both; nobody where it is the place."""
    chairs: bool = False
    """Whether they are in the chair there, rather than speak."""
    at: str = ""
    """The sessions that it meets; nothing where it is told of the event as a whole."""
    more: int = 0
    """How many further ones of its kind are not named."""


@dataclass(frozen=True)
class _Found:
    by: Event
    event: Event
    own: Sequence[Stay | Engagement]
    speaker: str = ""
    chairs: bool = False
    more: int = 0


def clashes_told(event: Event, person: Person, sessions: Sequence[Session] | None = None) -> list[Clash]:
    """Other events that want a room of this one's or somebody who speaks or is in the chair, as somebody may know of
    them; with the `sessions` that it would have, where it moves."""
    if sessions is None:
        sessions = db.session.scalars(agenda(event)).all() if event.has_agenda else []
    return clashes_of_each({event: sessions}, person).get(event.id, [])


def clashes_of_each(
    events: Mapping[Event, Sequence[Session]], person: Person, without: Iterable[Event] = ()
) -> dict[int, list[Clash]]:
    """The same of several events with the sessions that they have or would have, by the number of each that has any:
    in as many statements however many they are. Events `without` which it would be are in nobody's way."""
    places: dict[Event, list[Stay]] = {event: [] for event in without}
    people: dict[Event, Iterable[Engagement]] = dict.fromkeys(without, ())
    for event, sessions in events.items():
        places[event], people[event] = list(stays(event, sessions)), engagements(event, sessions)
    found = _found(places, people)
    told: dict[int, list[Clash]] = {}
    for one, clash in zip(found, _told(found, person, by_session=False), strict=True):
        told.setdefault(one.by.id, []).append(clash)
    return told


def clashes_of(event: Event, sessions: Sequence[Session], person: Person) -> list[Clash]:
    """The same of some of its sessions alone, entered or only planned: each with the sessions that it meets."""
    found = _found({event: list(stays_of(sessions, event.room))}, {event: in_sessions(sessions)})
    return _told(found, person, by_session=True)


def _found(places: Mapping[Event, Sequence[Stay]], people: Mapping[Event, Iterable[Engagement]]) -> list[_Found]:
    rooms = [_Found(one.by, one.event, one.own) for one in wanted_too(places)]
    twice = [_Found(one.by, one.event, one.own, one.name, one.chairs) for one in elsewhere(people)]
    return [*_first_of_each(rooms), *_first_of_each(twice)]


def _first_of_each(found: Iterable[_Found]) -> Iterator[_Found]:
    """By event not too many, the last of which says how many more there are."""
    of_each: dict[int, list[_Found]] = {}
    for one in found:
        of_each.setdefault(one.by.id, []).append(one)
    for several in of_each.values():
        yield from several[: MOST_CLASHES - 1]
        if several[MOST_CLASHES - 1 :]:
            yield replace(several[MOST_CLASHES - 1], more=len(several) - MOST_CLASHES)


def _told(found: Sequence[_Found], person: Person, *, by_session: bool) -> list[Clash]:
    """Who organizes one event with others learns no title of a draft, nor of what is for members unless they are one;
    only that there is one, and when."""
    numbers = {one.event.id for one in found}
    seen = numbers
    if found and not person.is_staff:
        mine = {number for number in numbers if person.organizes(number)}
        seen = mine | set(db.session.scalars(_visible(person, numbers)))
    return [
        Clash(
            one.event.title if one.event.id in seen else "",
            f"{when(one.event)}, {where}" if where else when(one.event),
            one.event.id if person.organizes(one.event.id) else None,
            one.speaker,
            one.chairs,
            _sessions(one.own) if by_session else "",
            one.more,
        )
        for one in found
        for where in [one.event.room if not one.speaker else one.event.place if one.event.id in seen else ""]
    ]


def _visible(person: Person, numbers: Iterable[int]) -> Select[int]:
    return visible_to(person).with_only_columns(Event.id).where(Event.id.in_(numbers))


def _sessions(own: Sequence[Stay | Engagement]) -> str:
    """ "“Opening” (Tue 30 March, 9:00 am to 10:00 am) and 2 more sessions"."""
    sessions = [one.session for one in own if one.session]
    more = len(sessions) - 1
    others = f" and {more} more session{'' if more == 1 else 's'}" if more else ""
    return f"“{sessions[0].title}” ({day_and_span(sessions[0])}){others}"

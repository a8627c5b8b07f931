"""Evenings of a series that are to be made: what they would meet at their place and time, and which of their sessions
clocks would put at another time, before they are."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from society.agenda.across import Clash, clashes_of_each
from society.agenda.models import Session
from society.agenda.moving import as_moved, shifted
from society.agenda.planning import Times
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Event, Speaker
from society.events.render import spoken_time
from society.people.models import Person
from society.series.values import Values, fits, place_on
from society.times import to_wall


def clashes_on(
    days: Sequence[date], model: Event, wanted: Values, person: Person, instead_of: Sequence[Event] = ()
) -> dict[date, list[Clash]]:
    """By day, the events in the way of one like the model with these values then; those that it stands `instead_of` are
    in nobody's."""
    was = Times.of(model)
    sessions = db.session.scalars(agenda(model)).all() if model.has_agenda else []
    evenings = [_with(wanted, day, -number) for number, day in enumerate(days, 1) if fits(wanted, day)]
    found = clashes_of_each({one: as_moved(one, was, sessions) for one in evenings}, person, without=instead_of)
    return {one.series_on: found[one.id] for one in evenings if one.series_on and one.id in found}


def jumped_on(days: Sequence[date], model: Event, wanted: Values) -> dict[date, list[str]]:
    """By day, the sessions over whose planned time clocks jump then, and when `copy_agenda` has each instead."""
    sessions = db.session.scalars(agenda(model)).all() if model.has_agenda else []
    evenings = [_with(wanted, day, -1) for day in days if sessions and fits(wanted, day)]
    said = {each.series_on: [_instead(one, each.starts - model.starts, each) for one in sessions] for each in evenings}
    return {day: found for day, all_of_it in said.items() if day and (found := [words for words in all_of_it if words])}


def _instead(session: Session, shift: timedelta, evening: Event) -> str:
    """Empty where clocks show both its start and its end."""
    starts, ends = session.starts + shift, session.ends + shift
    begins, stops = (to_wall(at, evening.zone) for at in shifted(session.starts, session.ends, shift, evening.zone))
    if (begins, stops) == (starts, ends):
        return ""
    planned, instead = _span(starts, ends, evening), _span(begins, stops, evening)
    return f"Clocks jump over the time of “{session.title}”, {planned}; it is {instead} then."


def _span(starts: datetime, ends: datetime, evening: Event) -> str:
    day = f"{starts:%A}, " if starts.date() != evening.starts.date() else ""
    return f"{day}{spoken_time(starts)} to {spoken_time(ends)}"


def _with(wanted: Values, day: date, number: int) -> Event:
    """As it would be on that day, in no database; no event has a number below zero."""
    event = Event(id=number, series_on=day, venue=wanted["venue"], room=wanted["room"])
    event.speakers = [Speaker(position=place, name=name) for place, (name, _about) in enumerate(wanted["speakers"])]
    place_on(event, day, wanted)
    return event

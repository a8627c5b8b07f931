"""Evenings of a series that are to be made: what they would meet at their place and time, before they are."""

from collections.abc import Sequence
from datetime import date

from society.agenda.across import Clash, clashes_of_each
from society.agenda.moving import as_moved
from society.agenda.planning import Times
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Event, Speaker
from society.people.models import Person
from society.series.values import Values, fits, place_on


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


def _with(wanted: Values, day: date, number: int) -> Event:
    """As it would be on that day, in no database; no event has a number below zero."""
    event = Event(id=number, series_on=day, venue=wanted["venue"], room=wanted["room"])
    event.speakers = [Speaker(position=place, name=name) for place, (name, _about) in enumerate(wanted["speakers"])]
    place_on(event, day, wanted)
    return event

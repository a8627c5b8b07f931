"""What further events of a series are made like: as its latest are, and as was chosen for all that follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from society.agenda.planning import Plan
from society.agenda.queries import agendas
from society.db import Model, db
from society.events.models import BackingRole, Category, Event, RsvpPolicy, Venue, Visibility
from society.events.moments import MOMENTS
from society.organizations.models import Organization
from society.pictures.models import Picture, Shown
from society.questions.models import Kind, Question
from society.questions.queries import asked_at_each
from society.series import queries
from society.series.models import EventSeries
from society.series.queries import Scope
from society.series.values import Values, changed, values_of

_A_MOMENT = datetime(2000, 1, 1)


def model_of(series: EventSeries) -> Event | None:
    """The latest that is like the one before it, so that one changed by hand is none; where each has an agenda or
    questions of its own, but for these."""
    latest = queries.latest(series)
    values, asked, sessions = [*map(values_of, latest)], asked_at_each(latest), _agendas(latest)
    whole = [(one, _plainly(asked[event.id]), sessions[event.id]) for one, event in zip(values, latest, strict=True)]
    alike = [place for made in (whole, values) for place, (one, before) in enumerate(pairwise(made)) if one == before]
    return latest[alike[0] if alike else 0] if latest else None


def _agendas(events: Sequence[Event]) -> dict[int, list[Plan]]:
    """By event, its sessions as if it began at one moment that all have in common; slides are of that one day."""
    begin = {event.id: event.starts for event in events}
    found: dict[int, list[Plan]] = {number: [] for number in begin}
    numbers = [event.id for event in events if event.has_agenda]
    for session in db.session.scalars(agendas(numbers)) if numbers else ():
        plan, by = Plan.of(session), _A_MOMENT - begin[session.event_id]
        found[session.event_id].append(replace(plan, starts=plan.starts + by, ends=plan.ends + by, slides_url=""))
    return found


def made_like(event: Event) -> Values:
    """All that is handed on to what is made like it: what it asks, too, which is changed on a page of its own."""
    return values_of(event) | {"questions": _plainly(asked_at_each([event])[event.id])}


def _plainly(asked: Iterable[Question]) -> list[dict[str, Any]]:
    return [question.as_asked for question in asked]


def pattern_of(series: EventSeries, model: Event) -> Values:
    """The values of an event, but for those that were chosen for all that follow since it was made."""
    return made_like(model) | chosen(series, model.series_on or series.first_on)


def chosen(series: EventSeries, since: date) -> Values:
    """What was chosen for all that follow, and none that was made after that day can have."""
    return {
        name: _READ.get(name, _as_it_is)(one["value"])
        for name, one in series.pattern.items()
        if one["made_until"] >= since.isoformat()
    }


def pattern_for_all(event: Event, scope: Scope) -> Values | None:
    """What is made later is like, before a change that reaches that, too."""
    series = queries.series_of(event) if scope is not Scope.THIS else None
    model = model_of(series) if series else None
    return pattern_of(series, model) if series and model else None


def still_chosen(series: EventSeries) -> Values:
    """What was chosen for all that follow, and holds still."""
    model = model_of(series)
    return chosen(series, model.series_on or series.first_on) if model else {}


def choose(series: EventSeries, values: Values) -> None:
    """Have these hold for all that are made from now on, until two of those have others."""
    days = [each.series_on for each in queries.latest(series) if each.series_on]
    until = max([series.first_on, *days]).isoformat()
    series.pattern = series.pattern | {
        name: {"made_until": until, "value": _plain(value)} for name, value in values.items()
    }


def hand_to_further(event: Event, was: Values, others: Sequence[Event], pattern: Values) -> None:
    """Have those that are made later get what a change gave to this one and all that follow.

    Its date is of that only where it was no other than theirs: one that was moved by itself is no measure.
    """
    series, wanted = queries.series_of(event), values_of(event)
    last = values_of(max([event, *others], key=lambda each: each.series_on or date.min))
    handed_on = {
        name
        for name in changed(was, wanted)
        if pattern[name] == was[name] or (name != "clock" and last[name] == wanted[name])
    }
    if series is not None and handed_on:
        choose(series, {name: wanted[name] for name in handed_on})


def _plain(value: Any) -> Any:
    """A value as it is stored."""
    if isinstance(value, Model):
        return value.id
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Shown):
        return [value.picture.id, value.alt, value.credit]
    return [*map(_plain, value)] if isinstance(value, tuple) else value


def _as_it_is(stored: Any) -> Any:
    return stored


def _row(kind: type[Model], number: int | None) -> Model | None:
    return db.session.get(kind, number) if number else None


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _clock(stored: Sequence[Any]) -> tuple[Any, ...]:
    return _span(stored[0]), _span(stored[1]), *stored[2:]


def _lines(stored: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, stored))


def _shown(stored: Sequence[Any] | None) -> Shown | None:
    """None, too, of one that was let go of since no event showed it any more."""
    picture = db.session.get(Picture, stored[0]) if stored else None
    return Shown(picture, *stored[1:]) if picture and stored else None


def _known(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(number for number in numbers if db.session.get(Organization, number))


def _asked(stored: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**question, "kind": Kind(question["kind"])} for question in stored]


_READ: dict[str, Callable[[Any], Any]] = {
    "category": partial(_row, Category),
    "venue": partial(_row, Venue),
    "visibility": Visibility,
    "rsvp_policy": RsvpPolicy,
    "clock": _clock,
    "picture": _shown,
    "speakers": _lines,
    "questions": _asked,
    **dict.fromkeys(MOMENTS, _span),
    **{f"{role}s": _known for role in BackingRole},
}
"""How what is stored is read, where it is not stored as it is."""

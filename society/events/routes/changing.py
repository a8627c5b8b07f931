"""The page between the form of an event and its change: what that will do, and to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request
from flask.typing import ResponseReturnValue

from society.agenda.bookings import clashing
from society.agenda.planning import Times
from society.agenda.queries import agenda
from society.agenda.render import moving
from society.backings.actions import to_ask_again, to_ask_again_of_each, with_a_word
from society.db import begin_write, db
from society.events import queries
from society.events.actions import apply
from society.events.changes import Change, differences, snapshot
from society.events.forms import EventForm, TellForm
from society.events.models import Event
from society.events.render import when
from society.events.rooms import too_small
from society.notices import actions
from society.notices.following import Touch, followers, touched
from society.notices.reach import Reach
from society.people.access import me
from society.rsvps.queries import Turnout, turnout
from society.series.actions import Reached, try_several
from society.series.forms import scope_asked
from society.series.queries import Scope, answers_to, others
from society.times import now

CARRIED = ("confirmed", "message", "tell", "again", "scope", "look")
"""What the page itself asks; everything else it carries on as it was typed."""


def tried(event: Event, form: EventForm) -> list[Change]:
    """What the form would change."""
    before = snapshot(event)
    apply(event, form, me(), now())
    return differences(before, snapshot(event))


@dataclass(frozen=True)
class Effect:
    """What a change to a published event will do, before it is done."""

    changes: list[Change]
    turnout: Turnout
    recipients: Reach
    seats_short: int
    """Seats taken above the new capacity."""
    asked_again: list[str]
    """Organizations that are told, since they gave their word for something else than this."""
    backers: list[str]
    """Organizations that gave their word."""


def effect_of(event: Event, changes: list[Change]) -> Effect:
    taken = turnout(event)
    short = max(taken.seats - event.capacity, 0) if event.capacity else 0
    told, word = (to_ask_again(event, now()), with_a_word(event)) if event.published_at else ([], [])
    asked_again, backers = ([backing.organization.name for backing in some] for some in (told, word))
    return Effect(changes, taken, actions.those_to_tell(event, now()), short, asked_again, backers)


def what_it_will_do(event: Event, form: EventForm, telling: TellForm | None = None) -> ResponseReturnValue:
    """The page between the form and the change: tried in the transaction, told, and taken back."""
    was, sessions = Times.of(event), queries.number_of(agenda(event)) if event.has_agenda else 0
    effect = effect_of(event, tried(event, form))
    touches = touched(event, effect.changes)
    moves = moving(event, was, sessions)
    tell = any(change.material and change.told for change in effect.changes) and not event.over(now())
    clashes, small = (
        [(other.title, when(other), other.id) for other in clashing(event)],
        too_small(event),
    )
    db.session.rollback()
    scope = scope_asked(request.form)
    beside = _beside(event, form, scope) if event.series_id else Beside()
    page = render_template(
        "events/change.html",
        scope=scope,
        reached=beside.reached,
        asked_again=beside.asked_again,
        clashes=clashes,
        small=small,
        answers=answers_to([each.event for each in beside.reached]),
        calendars=followers([*touches, *beside.touches], now()),
        event=event,
        effect=effect,
        moves=moves,
        twice=[*form.went_along(), *form.shown_twice()],
        telling=telling or TellForm(tell="yes" if tell else "no"),
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in CARRIED],
    )
    return page, 422 if telling else 200


@dataclass(frozen=True)
class Beside:
    """What a change does to others of its series."""

    reached: Sequence[Reached] = ()
    touches: Sequence[Touch] = ()
    asked_again: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """By event, the organizations that are told, since they gave their word for something else than this."""


def _beside(event: Event, form: EventForm, scope: Scope) -> Beside:
    """Tried, told, and taken back."""
    begin_write(public=False)
    reached = try_several(event, form, scope, by=me(), now=now())
    touches = [touch for each in reached for touch in touched(each.event, each.changes)]
    announced = [each.event for each in reached if each.event.published_at and each.changes]
    asked = zip(announced, to_ask_again_of_each(announced, now()), strict=True)
    names = {each.id: [backing.organization.name for backing in backings] for each, backings in asked if backings}
    db.session.rollback()
    others(event, scope, now())  # read together what the page shows of each
    return Beside(reached, touches, names)

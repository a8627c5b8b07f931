"""The page between the form of an event and its change: what that will do, and to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request
from flask.typing import ResponseReturnValue

from society.agenda.bookings import clashes_told
from society.agenda.planning import Times
from society.agenda.queries import agenda
from society.agenda.render import moving
from society.backings.actions import to_ask_again_of_each, with_a_word
from society.backings.entering import enter
from society.db import begin_write, db
from society.events import queries
from society.events.changes import Change, differences, snapshot
from society.events.forms import EventForm, TellForm
from society.events.models import BackingState, Event
from society.events.rooms import too_small
from society.notices.effects import effect_of
from society.notices.following import Touch, followers, touched
from society.people.access import me
from society.series.actions import Reached, try_several
from society.series.forms import scope_asked
from society.series.queries import Scope, answers_to, others
from society.times import now

CARRIED = ("confirmed", "message", "tell", "again", "scope", "look")
"""What the page itself asks; everything else it carries on as it was typed."""

TURNS = "postpone", "cancel"
"""Buttons by which an announced event is put off or called off, once what was typed is saved."""


def tried(event: Event, form: EventForm) -> list[Change]:
    """What the form would change."""
    before = snapshot(event)
    enter(event, form, me(), now())
    return differences(before, snapshot(event))


def what_it_will_do(event: Event, form: EventForm, telling: TellForm | None = None) -> ResponseReturnValue:
    """The page between the form and the change: tried in the transaction, told, and taken back."""
    was, sessions = Times.of(event), queries.number_of(agenda(event)) if event.has_agenda else 0
    word = with_a_word(event)
    effect = effect_of(event, tried(event, form))
    touches = touched(event, effect.changes)
    moves = moving(event, was, sessions)
    told = any(change.material and change.told for change in effect.changes) and not event.over(now())
    tell = told and request.form.get("then") not in TURNS  # of what becomes of it then, there is a letter of its own
    clashes, small = clashes_told(event, me()), too_small(event)
    let_go = [backing.organization.name for backing in word if backing.state is not BackingState.CONFIRMED]
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
        let_go=let_go,
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

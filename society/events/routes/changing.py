"""The page between the form of an event and its change: what that will do, and to whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import inf

from flask import render_template, request
from flask.typing import ResponseReturnValue

from society.agenda.across import Clash, clashes_of_each
from society.agenda.models import Session
from society.agenda.moving import agendas_of, as_moved, begin_then, left_out, moving
from society.agenda.planning import Times
from society.agenda.queries import agendas
from society.backings.queries import bodies
from society.backings.telling import to_ask_again_of_each, with_a_word
from society.db import db
from society.events.changes import Change, tells_guests
from society.events.forms import EventForm
from society.events.models import BackingRole, BackingState, Event, Visibility
from society.events.render import when
from society.events.rooms import too_small
from society.notices.anyway import told_anyway
from society.notices.effects import ConfirmForm, Effect, effect_of, mark_of, those_told
from society.notices.following import Touch, followers, touched
from society.notices.news import once_each
from society.notices.reach import Reach, those_to_tell_of_each, together
from society.organizations.actions import taken_as
from society.people.access import me
from society.rsvps.counts import Turnout, going_without_membership, turnouts
from society.series.actions import Reached, try_several
from society.series.queries import Scope, beside, goes_on, others
from society.settings import society
from society.times import now, today_in

CARRIED = ("confirmed", "message", "tell", "again", "scope", "look", "image_kept")
"""What the page itself asks or knows; everything else it carries on as it was typed."""

TURNS = "postpone", "cancel"
"""Buttons by which an announced event is put off or called off, once what was typed is saved."""


@dataclass(frozen=True)
class Outlook:
    """What a change to an event, and to others of its series, will do."""

    effect: Effect
    """On the event itself; its recipients are those of all the events that change."""
    reached: Sequence[Reached]
    told_in: int
    """How many of the events have anybody to write to."""
    untold: Reach
    """Those who answered others, of which no letter says anything by itself."""
    untold_in: int
    """How many these are."""
    once_each: Reach | None
    """Whom one letter about all of theirs reaches; None where each event has its own."""
    touches: Sequence[Touch]
    asked_again: Mapping[int, Sequence[str]]
    """Of the others, by event, the organizations that are told, since they gave their word for something else."""
    turnouts: Mapping[int, Turnout]
    """Of the others, by event."""
    short: Set[int]
    """Those of the others in which more seats are taken than there will be."""
    ought_to_know: bool
    """Whether those who answered ought to be told."""
    moves: str
    """What becomes of the event's agenda."""
    outside: Sequence[str]
    """Sessions, of the others too, that would lie outside their event."""
    clashes: Mapping[int, Sequence[Clash]]
    """By event, the others too, what else is then at its place, or wants who speaks there."""
    small: str
    shut_out: int
    """People who are going, and can see the page no more since it is for members now."""
    mark: str
    past: Sequence[str] = ()
    """When those would be that are to come, and over by their new dates."""
    let_go: Sequence[str] = ()
    """Organizations that gave their word, and are named no more."""


def outlook(event: Event, form: EventForm, scope: Scope) -> Outlook:
    """Done within a savepoint, so that the event stays held; told, and taken back."""
    was, was_over = Times.of(event), event.over(now())
    word = with_a_word(event)
    with db.session.begin_nested() as trial:
        changes, reached = try_several(event, form, scope, by=me(), now=now())
        let_go = bodies(backing for backing in word if backing.state is not BackingState.CONFIRMED)
        past = [] if was_over else _past([event, *(each.event for each in reached)])
        seen = replace(_seen(event, changes, reached, scope, was), let_go=let_go, past=past)
        trial.rollback()
    return seen


def _past(events: Sequence[Event]) -> list[str]:
    return [when(one) for one in events if one.published_at and one.over(now())]


def _seen(event: Event, changes: Sequence[Change], reached: Sequence[Reached], scope: Scope, was: Times) -> Outlook:
    moment, changed = now(), [(event, changes), *((each.event, each.changes) for each in reached)]
    announced = [(one, what) for one, what in changed if one.published_at and what]
    moved = [(event, was), *((each.event, each.was) for each in reached)]
    sessions = agendas_of(moved)
    anyway = told_anyway(changed, moment, begin_then(moved, sessions))
    effect = effect_of(event, changes, anyway)
    moves = moving(event, was, sessions.get(event.id, ()))
    outside = [said for one, before in moved for said in left_out(one, before, sessions.get(one.id, ()))]
    events = [one for one, _ in announced]
    on = [one for one in events if one.cancelled_at is None]
    answered = [
        (one, people) for one, people in zip(on, those_to_tell_of_each(on, moment), strict=True) if people.everyone
    ]
    worth = {one.id for one, what in announced if tells_guests(one, what)}
    told = [each for each in answered if each[0].id in worth] or answered
    untold = [people for one, people in answered if (one, people) not in told]
    others_asked = _asked_again([one for one in events if one is not event])
    counts = turnouts([each.event for each in reached]) if reached else {}
    each_of_them = (f"{each.event.id} {len(each.changes)} {each.keeps}" for each in reached)
    everything = [change for _, what in changed for change in what]
    backers = f"{effect.asked_again} {others_asked}"
    return Outlook(
        effect=replace(effect, recipients=together(people for _, people in told)),
        reached=reached,
        once_each=once_each(told, moment),
        told_in=len(told),
        untold_in=len(untold),
        untold=together(untold),
        touches=[touch for one, what in announced for touch in touched(one, what)],
        asked_again=others_asked,
        turnouts=counts,
        short={one.id for one, _ in changed if one.id in counts and counts[one.id].seats > (one.capacity or inf)},
        ought_to_know=any(c.material and c.told for one, what in announced if not one.gone(moment) for c in what),
        moves=moves,
        outside=outside,
        clashes=clashes_of_each(_with_sessions(moved, sessions), me()),
        small=too_small(event),
        shut_out=_shut_out(announced),
        mark=mark_of(
            everything, scope, *each_of_them, backers, those_told(answered), moves, f"{bool(anyway)}", *outside
        ),
    )


def _with_sessions(
    moved: Sequence[tuple[Event, Times]], moving_along: Mapping[int, Sequence[Session]]
) -> dict[Event, Sequence[Session]]:
    """Each with its agenda, as that would be once it has moved along."""
    still = [event.id for event, _ in moved if event.has_agenda and event.id not in moving_along]
    there = defaultdict[int, list[Session]](list)
    for session in db.session.scalars(agendas(still)) if still else ():
        there[session.event_id].append(session)
    return {
        event: as_moved(event, was, moving_along[event.id]) if event.id in moving_along else there[event.id]
        for event, was in moved
    }


def _shut_out(announced: Sequence[tuple[Event, Sequence[Change]]]) -> int:
    closed = [
        one
        for one, what in announced
        if one.visibility is Visibility.MEMBERS and any(change.field == "visibility" for change in what)
    ]
    return going_without_membership(closed, today_in(society().zone, now())) if closed else 0


def _asked_again(events: Sequence[Event]) -> dict[int, list[str]]:
    asked = zip(events, to_ask_again_of_each(events, now()), strict=True)
    return {one.id: bodies(backings) for one, backings in asked if backings}


def worth_saying(form: EventForm) -> list[str]:
    """What the program made of what was typed, where it can be taken otherwise."""
    names = [entry for role in BackingRole for entry in form.backers(role) if isinstance(entry, str)]
    return [*form.went_along(), *form.shown_twice(), *taken_as(names)]


def what_it_will_do(
    event: Event, form: EventForm, scope: Scope, seen: Outlook, telling: ConfirmForm
) -> ResponseReturnValue:
    """The page between the form and the change; nothing of it is saved yet."""
    worth = worth_saying(form)
    db.session.rollback()
    others(event, scope, now())  # read together what the page shows of each
    tell = seen.ought_to_know and request.form.get("then") not in TURNS  # of that, there is a letter of its own
    page = render_template(
        "events/change.html",
        scope=scope,
        goes_on=goes_on(event),
        **beside(event, now()),
        seen=seen,
        effect=seen.effect,
        moves=seen.moves,
        outside=seen.outside,
        told_in=seen.told_in,
        once_each=seen.once_each,
        clashes=seen.clashes.get(event.id, ()),
        calendars=followers(seen.touches, now()),
        event=event,
        worth_saying=worth,
        telling=telling if telling.errors else ConfirmForm(tell="yes" if tell else "no"),
        anew=telling.anew,
        mark=seen.mark,
        typed=_typed(form),
    )
    return page, 422 if telling.errors else 200


def _typed(form: EventForm) -> list[tuple[str, str]]:
    """What the page carries on; a file as what it was kept as."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in CARRIED]
    return [*typed, ("image_kept", form.image_kept.data)] if form.image_kept.data else typed

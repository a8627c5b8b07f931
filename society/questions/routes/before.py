"""The page before a question is asked, changed or asked no more: whom that reaches, at how many events of a series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.events.changes import Change
from society.events.models import Event
from society.events.render import when
from society.languages import ENGLISH
from society.notices.effects import ConfirmForm, mark_of, page, those_told
from society.notices.news import once_each
from society.notices.reach import concerned, those_to_tell_of_each, together
from society.people.access import me
from society.people.models import RoleName
from society.phrases import phrase
from society.questions.models import Question
from society.questions.queries import numbers_of_answers
from society.rsvps.asked import numbers_to_be_asked
from society.rsvps.counts import turnouts
from society.rsvps.queries import why_closed
from society.series.asking import asking
from society.series.queries import Scope, beside, goes_on
from society.text import counted
from society.times import now

Numbers = Mapping[int, tuple[int, int]]
"""By event: of how many, how many. What is asked no more was answered by all of whom it is told."""


@dataclass(frozen=True)
class Act:
    """What is to be done about a question of an event, and of others of its series."""

    event: Event
    was: Question | None
    wanted: Mapping[str, Any] | None
    scope: Scope
    changes: Sequence[Change]
    """What of it those may notice who have answered."""
    label: str
    remarks: Sequence[str] = ()


def is_of_series(event: Event) -> bool:
    """Whether it is asked how far an act reaches: who organizes one event alone does what they do for that one."""
    return event.series_id is not None and me().has_role(RoleName.ORGANIZER)


def shown_first(act: Act, telling: ConfirmForm, *, offered: bool = False) -> ResponseReturnValue | None:
    """Where people have answered already, or where it is done at several events or `offered` to be; None once agreed
    to."""
    found = asking(act.event, act.was, act.wanted, act.scope, now())
    everywhere = {act.event: act.was} | dict(found.reached)
    looked_at = concerned(everywhere, now()) if act.changes else []
    numbers = _numbers(act, {event.id: everywhere[event] for event in looked_at})
    everyone, lacking = (sum(one[place] for one in numbers.values()) for place in (0, 1))
    if not (everyone or offered or act.scope is not Scope.THIS):
        return None
    told = list(zip(looked_at, those_to_tell_of_each(looked_at, now()), strict=True)) if looked_at else []
    reached = str(act.was and act.was.id), act.scope, str([event.id for event in everywhere]), f"{lacking > 0}"
    mark = mark_of(act.changes, *reached, those_told(told))
    if telling.agrees_to(mark):
        return None
    remarks = [*act.remarks, *_about(act, everyone, lacking)]
    shown: dict[str, Any] = {"remarks": remarks, "label": act.label, "mark": mark}
    shown |= {"back": url_for(".index", event_id=act.event.id), "typed_anything": act.wanted is not None}
    shown |= {"told_in": sum(1 for _, people in told if people.everyone), "once_each": once_each(told, now())}
    if is_of_series(act.event):
        shown |= _of_the_others(act, [event for event, _ in found.reached], found.keeping, numbers)
    db.session.rollback()
    recipients = together(people for _, people in told)
    letters = bool(act.wanted is not None and act.changes)
    return page(act.event, act.changes, [], telling, letters=letters, recipients=recipients, **shown)


def _numbers(act: Act, at: Mapping[int, Question | None]) -> Numbers:
    if not at:
        return {}
    if act.wanted is not None:
        known = {number: question.id if question else None for number, question in at.items()}
        return numbers_to_be_asked(Question(**act.wanted), known)
    said = numbers_of_answers(question for question in at.values() if question)
    return {number: (said.get(question.id, 0),) * 2 for number, question in at.items() if question}


def _of_the_others(act: Act, reached: Sequence[Event], keeping: Sequence[Event], numbers: Numbers) -> dict[str, Any]:
    """What the page says of the others of its series."""
    counts, number_of = turnouts(reached) if reached else {}, "Answers to it"
    if act.wanted is not None:
        number_of = "Have still to answer it" if act.changes else ""
    rows = [(when(event), counts[event.id].in_short, numbers.get(event.id, (0, 0))[1]) for event in reached]
    return {
        "scope": act.scope,
        "others": rows,
        "keeping": [when(event) for event in keeping],
        "number_of": number_of,
        "goes_on": goes_on(act.event),
        **beside(act.event, now()),
    }


def _about(act: Act, everyone: int, lacking: int) -> list[str]:
    """How many have still to answer it, and how they come to."""
    if not everyone:
        return []
    if act.wanted is None:
        return [f"{counted(everyone, 'answer')} to it can be read here still. It is asked of nobody any more."]
    if not lacking:
        return ["All who come have answered it. What they said stays, with the wording that it was said to."]
    number = (
        f"{lacking:,} of {counted(everyone, 'answer')} by those who come or wait {'says' if lacking == 1 else 'say'}"
    )
    first = f"{number} nothing to this yet. Nobody loses a seat by it, and nobody is asked unless you write to them."
    if act.event.begun(now()) and (closed := why_closed(act.event, now())):  # until then it can be put right
        return [first, f"{phrase(closed, ENGLISH)} So they cannot say it there; those at the door can be asked."]
    how = "They find it on their answer: on the event’s page when signed in, or by the link in every letter to them."
    return [first, f"{how}{' They cannot change their answer without it.' if act.wanted['required'] else ''}"]

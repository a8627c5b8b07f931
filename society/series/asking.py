"""What is done about a question of one event, done for others of its series as well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from society.events.models import Event
from society.people.models import Person
from society.questions import actions
from society.questions.models import Question
from society.questions.queries import answered_among, asked_at_each
from society.series import queries
from society.series.patterns import choose, pattern_for_all
from society.series.queries import Scope

Asked = Mapping[str, Any]
"""A question as `Question.as_asked` has it."""


@dataclass(frozen=True)
class Asking:
    """How far it reaches."""

    reached: Sequence[tuple[Event, Question | None]] = ()
    """Each with its own question that is the same, where it is no new one."""
    keeping: Sequence[Event] = ()
    """Where there is none that is the same, or one with the new one's words already: what is asked there stays."""


def asking(event: Event, was: Question | None, wanted: Asked | None, scope: Scope, now: datetime) -> Asking:
    """Of a question that `was` asked, or a new one; `wanted`: what it becomes, or that it is asked no more.

    What has answers keeps the kind that these are of.
    """
    others = queries.others(event, scope, now)
    there = asked_at_each(others)
    reached: list[tuple[Event, Question | None]]
    if was is None:
        reached = [(other, None) for other in others if wanted and _has_room(there[other.id], wanted)]
    else:
        twins = [(other, _like(was, there[other.id])) for other in others]
        another_kind = wanted is not None and wanted["kind"] != was.kind
        fixed = answered_among(twin for _, twin in twins if twin) if another_kind else set()
        reached = [(other, twin) for other, twin in twins if twin and twin.id not in fixed]
    met = {other.id for other, _ in reached}
    return Asking(reached, [other for other in others if other.id not in met])


def _like(question: Question, asked: Iterable[Question]) -> Question | None:
    return next((each for each in asked if each.mark == question.mark), None)


def _has_room(asked: Sequence[Question], wanted: Asked) -> bool:
    return len(asked) < actions.MOST and wanted["text"] not in {each.text for each in asked}


def ask(
    event: Event, was: Question | None, wanted: Asked | None, scope: Scope, *, by: Person, now: datetime
) -> list[Event]:
    """Do it at this event, at others, and for those that are made later; where it was done, this event first."""
    reached, pattern = asking(event, was, wanted, scope, now).reached, pattern_for_all(event, scope)
    old, series = was.as_asked if was else None, queries.series_of(event)
    for each, question in ((event, was), *reached):
        _ask(each, question, wanted, by=by, now=now)
    if series is not None and pattern is not None:
        further = _with(pattern["questions"], old, wanted)
        if further != pattern["questions"]:
            choose(series, {"questions": further})
    return [event, *(each for each, _ in reached)]


def _ask(event: Event, question: Question | None, wanted: Asked | None, *, by: Person, now: datetime) -> None:
    if question is None:
        actions.ask(event, dict(wanted or {}), by=by, now=now)
    elif wanted is None:
        actions.remove(event, question, by=by, now=now)
    else:
        actions.reword(event, question, dict(wanted), by=by, now=now)


def _with(asked: Sequence[Asked], old: Asked | None, new: Asked | None) -> list[Asked]:
    """What is asked of those that are made later, after that."""
    if old is None:
        more = [new] if new and new["text"] not in {each["text"] for each in asked} else []
        return [*asked, *more]
    return [each for each in (new if each == old else each for each in asked) if each is not None]

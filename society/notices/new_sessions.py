"""Sessions that are added to the agenda of an event, with the word of it to those who answered, if wanted."""

from collections.abc import Sequence
from datetime import datetime

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.events.abroad import span_in
from society.events.changes import Change
from society.events.models import Event
from society.languages import ENGLISH
from society.notices.models import NoticeKind
from society.notices.news import tell as send_word
from society.people.models import Person
from society.phrases import languages, marked, phrase
from society.rsvps.agenda import enter

ONE, SEVERAL = marked("New session"), marked("New sessions")
MOST_NAMED = 12
"""A letter of more is read by nobody; the event's page has them all."""


def add_sessions(
    event: Event, plans: Sequence[Plan], *, by: Person, now: datetime, note: str = "", tell: bool = False
) -> list[Session]:
    """Enter sessions; those who answered are written to which they are, if wanted and if it is still to come."""
    made = enter(event, plans, by=by, now=now)
    if tell and event.published_at is not None and not event.gone(now):
        changes = {language: [as_change(plans, event.zone, language)] for language in languages()}
        send_word(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)
    return made


def as_change(plans: Sequence[Plan], zone: str, language: str = ENGLISH) -> Change:
    """What is told of them: which, when and in which room."""
    listed = "; ".join(said(plan, zone, language) for plan in plans[:MOST_NAMED])
    more = len(plans) - MOST_NAMED
    if more > 0:
        listed = phrase("{sessions}; and {number} more, on the event’s page", language, sessions=listed, number=more)
    return Change("sessions", phrase(ONE if len(plans) == 1 else SEVERAL, language), "", listed)


def said(plan: Plan, zone: str, language: str) -> str:
    """ "Opening, Tuesday, March 30, 9:00 to 10:00 AM, Great Hall"."""
    when = span_in(plan.starts, plan.ends, zone, language)
    return f"{plan.title}, {when}, {plan.room}" if plan.room else f"{plan.title}, {when}"

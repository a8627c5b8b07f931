"""Another time that somebody proposes for an event: kept until it is answered, and told to those who organize it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from society.db import db
from society.errors import Refused
from society.events.models import Event, instants
from society.events.queries import in_charge_of
from society.events.render import when_for
from society.fields import clean
from society.invitations.models import TimeProposal, Verdict
from society.invitations.queries import proposal_of, spoken, why_not
from society.invitations.reading import Entry
from society.mail.actions import write
from society.mail.wording import language_for
from society.people.models import Person
from society.people.queries import sealed_for
from society.rsvps import seats
from society.times import EARLIEST, LATEST, to_wall
from society.tokens import number_in, opens, sealed

LONGEST_WORD = 1_000
ALREADY = "That is when the event is already."


def path(event: Event, person: Person, starts: datetime | None = None, ends: datetime | None = None) -> str:
    """The page on which one person proposes a time, with what their calendar proposed already there.

    Instants are shown by the event's own clocks; without a zone, they are those.
    """
    token = sealed(_purpose(event), person.id, person.link_key)
    given = {"starts_at": starts, "ends_at": ends}
    walls = {name: to_wall(at, event.zone) if at.tzinfo else at for name, at in given.items() if at}
    asked = urlencode({name: f"{wall:%Y-%m-%dT%H:%M}" for name, wall in walls.items()})
    return f"/events/{event.slug}/propose/{token}" + (f"?{asked}" if asked else "")


def proposer(event: Event, token: str) -> Person | None:
    """Whose link it is; None if nobody's, or nobody's any more."""
    return sealed_for(number_in(token), lambda number, key: opens(token, _purpose(event), number, key))


def _purpose(event: Event) -> str:
    return f"propose:{event.uid}"


def told_by(event: Event, entry: Entry, now: datetime) -> tuple[datetime, datetime] | None:
    """The start and end that a calendar proposes, as the event keeps them; None where a person has to look first.

    That is where it does not say by which clocks, knows the event as it was before, or proposes what cannot be.
    """
    starts, ends = entry.starts, entry.ends
    if starts is None or (entry.sequence or 0) < event.sequence or event.separate_days > 1:
        return None
    if entry.whole_days != event.all_day or not (entry.whole_days or starts.tzinfo):
        return None
    starts = _on_the_wall(starts, event)
    known = ends is not None and (entry.whole_days or ends.tzinfo is not None)
    span = starts, _on_the_wall(ends, event) if ends and known else starts + (event.ends - event.starts)
    try:
        return None if unfit(event, *span, now) else span
    except Refused:
        return None


def _on_the_wall(moment: datetime, event: Event) -> datetime:
    return (to_wall(moment, event.zone) if moment.tzinfo else moment).replace(second=0)


def unfit(event: Event, starts: datetime, ends: datetime, now: datetime) -> str | None:
    """The sentence that says why that is no other time for the event; raises Refused if it is no time at all."""
    if not EARLIEST <= starts.date() < LATEST or not EARLIEST <= ends.date() < LATEST:
        return "That is too far away."
    starts_at, ends_at = instants(starts, ends, event.zone, all_day=event.all_day)
    if starts_at <= now:
        return "Please propose a time that is to come."
    return ALREADY if (starts_at, ends_at) == (event.starts_at, event.ends_at) else None


def propose(
    event: Event,
    person: Person,
    span: tuple[datetime, datetime],
    word: str,
    now: datetime,
    *,
    by_calendar: bool = False,
    stamp: datetime | None = None,
) -> TimeProposal:
    """Keep it in place of what they proposed before, and let those know who organize the event, at most once an hour.

    `stamp` is when their calendar program says that they did so.
    """
    seats.lock(event)
    if sentence := why_not(event, now) or unfit(event, *span, now):
        raise Refused(sentence)
    starts_at, ends_at = instants(*span, event.zone, all_day=event.all_day)
    found = proposal_of(event, person) or TimeProposal(event_id=event.id, person_id=person.id, by_calendar=False)
    found.starts, found.ends, found.zone, found.all_day = *span, event.zone, event.all_day
    found.starts_at, found.ends_at = starts_at, ends_at
    found.word, found.proposed_at = clean(word)[:LONGEST_WORD], min(stamp or now, now)
    found.by_calendar = by_calendar
    found.answer = found.answered_at = found.answered_by_id = None
    found.answer_word = ""
    db.session.add(found)
    db.session.flush()
    _let_know(event, person, found, now)
    return found


def _let_know(event: Event, person: Person, proposal: TimeProposal, now: datetime) -> None:
    """They answer the person by answering the letter, or on the event's page."""
    said: dict[str, Any] = {
        "event": event,
        "by": person,
        "word": proposal.word,
        "path": f"/organize/events/{event.id}/proposals",
    }
    reason = f"proposal:{event.id}:{person.id}:{now:%Y-%m-%dT%H}"
    for one in in_charge_of(event):
        language = language_for(one)
        said |= {"until_now": when_for(event, None, language), "proposed": spoken(event, proposal, language)}
        write(one, "time_proposed", reason, now=now, reply_to=person.email, **said)


def withdraw(event: Event, person: Person, now: datetime) -> None:
    """They propose it no more."""
    seats.lock(event)
    found = proposal_of(event, person)
    if found is None or found.answer is not None:
        raise Refused("There is nothing to withdraw: this proposal was answered in the meantime, or is gone.")
    found.conclude(Verdict.WITHDRAWN, person, now)

"""What those who organize an event make of the times that are proposed for it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from society.audit.actions import record
from society.errors import Refused
from society.events.models import Event
from society.invitations.models import TimeProposal, Verdict
from society.invitations.queries import open_proposals, other_times, spoken
from society.mail.actions import write
from society.mail.message import method_of
from society.mail.wording import language_for
from society.people.models import Person
from society.rsvps.invitation import asking, carried, declined_counter
from society.rsvps.models import Rsvp
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link, state

GONE = "What you were shown was withdrawn or changed in the meantime. Please look again at what is proposed."


def decline(event: Event, key: str, numbers: Collection[int], word: str, *, by: Person, now: datetime) -> int:
    """Say no to those of the proposals for one time that the page showed, and write to each; how many.

    Raises Refused where all of them are for another time by now, withdrawn or answered.
    """
    found = next((time for time in other_times(event, now) if time.key == key), None)
    shown = [proposal for proposal in found.proposals if proposal.id in numbers] if found else []
    if not shown:
        raise Refused(GONE)
    for proposal in shown:
        proposal.conclude(Verdict.DECLINED, by, now, word)
        _note("time proposal declined", event, proposal, by, now)
        rsvp = rsvp_of(event, proposal.person)
        file = declined_counter(event, proposal.person, rsvp, word, now) if proposal.by_calendar else None
        said = {**_shown(event, proposal, rsvp), "by": by, "word": word}
        _write("proposal_declined", proposal, file, now, reply_to=by.email, **said)
    return len(shown)


def take_met(event: Event, *, by: Person | None, now: datetime, told: Collection[int]) -> None:
    """What the event has just been changed to was proposed: those proposals are taken.

    Who proposed it and is not among those `told` of the change by number gets a letter, as who declined may not be.
    """
    now_at = event.starts_at, event.ends_at, event.all_day
    for proposal in open_proposals(event, now):
        if proposal.span != now_at:
            continue
        proposal.conclude(Verdict.TAKEN, by, now)
        _note("time proposal taken", event, proposal, by, now)
        if proposal.person_id not in told:
            rsvp = rsvp_of(event, proposal.person)
            file = carried(rsvp, None, now) if rsvp else asking(event, proposal.person, now)
            said = _shown(event, proposal, rsvp)
            _write("proposal_taken", proposal, file, now, reply_to=by.email if by else None, **said)


def _note(act: str, event: Event, proposal: TimeProposal, by: Person | None, now: datetime) -> None:
    """Whose it was stands in the proposal alone, which goes when they are erased."""
    record(act, event, by=by, now=now, after={"proposal": proposal.id, "time": spoken(event, proposal)})


def _shown(event: Event, proposal: TimeProposal, rsvp: Rsvp | None) -> dict[str, Any]:
    """What each of the letters says."""
    language = language_for(proposal.person)
    return {
        "event": event,
        "proposed": spoken(event, proposal, language),
        "path": link(rsvp) if rsvp else f"/events/{event.slug}",
        "stands": state(rsvp, language) if rsvp else "",
    }


def _write(template: str, proposal: TimeProposal, file: bytes | None, now: datetime, **fields: Any) -> None:
    reason = f"{template}:{proposal.id}:{proposal.proposed_at:%Y%m%d%H%M%S}"
    carries = method_of(file) if file else None
    write(proposal.person, template, reason, now=now, calendar=file, carries=carries, **fields)

"""RSVPs as others see them: the mailed link, words for what became of an answer, a table for spreadsheets."""

from datetime import datetime

from society.events.models import Event
from society.events.render import spoken_in, spoken_time, unbroken
from society.languages import ENGLISH
from society.phrases import marked, phrase
from society.rsvps.forms import Decision
from society.rsvps.kept_out import Out
from society.rsvps.models import Rsvp, RsvpStatus
from society.text import counted
from society.times import to_wall
from society.tokens import sealed

PURPOSE = "rsvp"
JOINING = "join"

WORDS = {
    RsvpStatus.UNCONFIRMED: marked("Not confirmed yet"),
    RsvpStatus.PENDING: marked("Waiting for the organizers"),
    RsvpStatus.CONFIRMED: marked("Coming"),
    RsvpStatus.OFFERED: marked("Seat offered"),
    RsvpStatus.WAITLISTED: marked("On the waiting list"),
    RsvpStatus.DECLINED: marked("Not coming"),
    RsvpStatus.MAYBE: marked("Maybe"),
    RsvpStatus.CANCELLED: marked("Withdrawn"),
}

HOW_OUT = {
    Out.REMOVED: "Taken off the list",
    Out.LAPSED: "Not confirmed in time",
    Out.UNDONE: "Let in by mistake",
}
"""What organizers read where an answer is off the list, but not by a word of whoever gave it."""


def link(rsvp: Rsvp) -> str:
    """The path of the mailed link that opens this answer, without an account."""
    return f"/rsvps/{sealed(PURPOSE, rsvp.id, rsvp.link_key)}"


def joining_link(rsvp: Rsvp) -> str:
    """The path of the page on which they find the link to join online, when it is time.

    It stands in calendars, which people show to others, so it opens nothing else: not their answer, nor their ticket.
    """
    return f"/rsvps/{sealed(JOINING, rsvp.id, rsvp.link_key)}/online"


def state(rsvp: Rsvp, language: str = ENGLISH) -> str:
    """What became of an answer, in words."""
    if rsvp.joins_online:
        gone = marked("Online, no longer possible")
        return phrase(gone if rsvp.is_left_out else marked("Joining online"), language)
    return phrase(marked("Declined by the organizers") if rsvp.decided_against else WORDS[rsvp.status], language)


_WAS = {
    RsvpStatus.UNCONFIRMED: "Was not confirmed",
    RsvpStatus.PENDING: "Waited for the organizers",
    RsvpStatus.CONFIRMED: "Had a seat",
    RsvpStatus.OFFERED: "Was offered a seat",
    RsvpStatus.WAITLISTED: "Was on the waiting list",
    RsvpStatus.MAYBE: "Said maybe",
}


def state_at(rsvp: Rsvp, now: datetime) -> str:
    """The same to whoever gave it: nobody is coming to, or waits for, what is cancelled or over."""
    if rsvp.status is RsvpStatus.CANCELLED:
        return "Not coming any more"  # whoever took it off the list
    if rsvp.is_left_out and not rsvp.event.gone(now):
        return "Not online any more"
    if not rsvp.event.gone(now):
        return state(rsvp)
    if rsvp.joins_online or (rsvp.event.only_online and rsvp.status is RsvpStatus.CONFIRMED):
        return "Was to join online"
    return "Was there" if rsvp.checked_in_at else _WAS.get(rsvp.status) or state(rsvp)


def tone_at(rsvp: Rsvp, now: datetime) -> str:
    """The kind of badge that fits that."""
    return "" if rsvp.event.gone(now) else tone(rsvp)


def tone(rsvp: Rsvp) -> str:
    """The kind of badge that fits a status."""
    match rsvp.status:
        case RsvpStatus.CONFIRMED:
            return "warn" if rsvp.is_left_out else "success"
        case RsvpStatus.OFFERED | RsvpStatus.WAITLISTED | RsvpStatus.PENDING | RsvpStatus.UNCONFIRMED:
            return "warn"
        case _:
            return ""


def seat_words(event: Event) -> tuple[str, str]:
    """What is asked for, one and several: nobody sits at what is online alone."""
    return ("place online", "places online") if event.only_online else ("seat", "seats")


def its_evenings(event: Event) -> str:
    """What those of its series are called: not all are in the evening."""
    return "evenings" if event.starts.hour >= 17 and not event.all_day else "dates"


def said(rsvp: Rsvp, *, told: bool = True) -> str:
    """What came of an answer, said to the one who has just given it; `told`, whether they were written to as well."""
    one, several = seat_words(rsvp.event)
    match rsvp.status:
        case RsvpStatus.CONFIRMED if rsvp.is_left_out:
            return "Saved, but this event cannot be joined online any more."
        case RsvpStatus.CONFIRMED if rsvp.online or rsvp.event.only_online:
            return f"You join online.{' A letter with the details is on its way.' if told else ''}"
        case RsvpStatus.CONFIRMED:
            seats = "your seat is" if rsvp.party_size == 1 else f"your {rsvp.party_size} seats are"
            return f"You are coming: {seats} kept.{' A letter with the details is on its way.' if told else ''}"
        case RsvpStatus.OFFERED if rsvp.offered_until:
            seats = f"A {one} is" if rsvp.party_size == 1 else f"{rsvp.party_size} {several} are"
            until = spoken_in(rsvp.offered_until, rsvp.event.zone)
            return f"{seats} kept for you until {until}. Please confirm by then, by the button on this page."
        case RsvpStatus.WAITLISTED:
            return f"No {several} are free for you for now. You are on the waiting list; this page shows your place."
        case RsvpStatus.PENDING:
            return "Thank you. The organizers decide, and we write to you when they have."
        case RsvpStatus.MAYBE:
            return f"We noted your maybe. No {one} is kept for you."
        case _:
            return "We noted that you are not coming. Thank you for telling us."


def decided(decision: Decision, done: int, chosen: int, waiting: int = 0) -> str:
    """What came of an organizer's click on several answers, and for how many it is to wait."""
    words = {Decision.APPROVE: "Approved", Decision.DECLINE: "Declined", Decision.REMOVE: "Removed"}
    words |= {Decision.READMIT: "Let in", Decision.SEAT: "Put down for a seat:"}
    words |= {Decision.THERE: "Noted as there:", Decision.ABSENT: "Noted as not there:"}
    who = "" if waiting == done else f"{waiting:,} of them "
    sentence = f"{words[decision]} {counted(done, 'answer')}{f', {who}for the waiting list' if waiting else ''}."
    if done == chosen:
        return sentence
    why = "did not wait for a decision"
    if decision is Decision.REMOVE:
        why = "had been withdrawn or declined before"
    elif decision is Decision.READMIT:
        why = "was neither declined nor removed by organizers"
    elif decision is Decision.SEAT:
        why = "did not join online"
    elif decision in (Decision.THERE, Decision.ABSENT):
        why = "had no seat, or was noted so before"
    return f"{sentence} {counted(chosen - done, 'other')} {why}."


def closes_at(event: Event) -> str:
    """The instant after which no answers are taken, for machines."""
    return event.answers_close_at.isoformat()


def clock(instant: datetime | None, zone: str) -> str:
    """An instant by the clocks of `zone`, short enough for a column of a page: "30 Mar 2027, 8:00 pm"."""
    wall = to_wall(instant, zone) if instant else None
    return unbroken(f"{wall:%-d %b} {wall.year}, {spoken_time(wall)}") if wall else ""

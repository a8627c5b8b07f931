"""Taking what is mailed back. A calendar's answer goes the way of one given in a browser, under the same rules."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select

from society.bounces.actions import take_report
from society.bounces.reading import complained_of, is_report
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.fields import on_one_line
from society.inserts import post_once
from society.invitations.forwarding import forward, is_letter
from society.invitations.models import ReceivedMessage
from society.invitations.proposals import path, propose, told_by
from society.invitations.queries import proposal_of, why_not
from society.invitations.reading import Attendee, Entry, Incoming, Unsorted, incoming
from society.invitations.sorting import ASKING, Asked, answered, came_back, digest, is_automatic, left_by, tokens
from society.languages import ENGLISH
from society.mail.actions import leave, write
from society.mail.acts import acted_in_calendar
from society.mail.message import method_of
from society.mail.models import Letter
from society.mail.wording import language_for
from society.people.models import Person
from society.people.queries import former_addresses
from society.phrases import marked, phrase, said
from society.rsvps import seats
from society.rsvps.actions import reply
from society.rsvps.asked import lacks_answers
from society.rsvps.copies import View, addresses_of_copies, view
from society.rsvps.invitation import asking, carried
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link, state
from society.text import mailbox_in_ascii

ANSWERS = {"ACCEPTED": Answer.YES, "TENTATIVE": Answer.MAYBE, "DECLINED": Answer.NO}

DROPPED = "Dropped: written by a program that nobody asked."
BY_CALENDAR = "By calendar."
"""Closes the log's sentence about a step that an answer by mail made."""

ONE_DATE = marked(
    "Your calendar answered for one date of an event that recurs. Each of our dates is an event of its own."
)
ONE_DAY = marked(
    "Your calendar answered for one day of an event that lasts several. An answer is for all of its days, so nothing "
    "has changed."
)
KEPT = marked(
    "Your calendar proposed another time. Those who organize the event have it, and answer you by mail. Until then "
    "nothing has changed."
)
PROPOSED = marked("Your calendar proposed another time. Nothing has changed by that yet: it takes one more step.")
UNASKED = marked(
    "Your calendar accepted. The organizers ask something of everyone who comes, which no calendar can show: please "
    "answer it where you accept by the link below. Until then nothing has changed."
)
AGAIN = marked("Your calendar asked for the event as it is now.")
TOO_LATE = marked("Your calendar proposed another time, which cannot be passed on any more. {why}")
PASSED_ON = marked(
    "Your calendar passed your invitation on to somebody else. An invitation is for you alone, so nothing has changed. "
    "Whoever would come in your place can answer by the event's page."
)
ANOTHER = marked("Somebody answered your invitation as {name}. An invitation is for you alone, so nothing has changed.")
NOT_TAKEN = {
    Answer.YES: marked("Your calendar answered yes, which could not be taken. {why}"),
    Answer.MAYBE: marked("Your calendar answered maybe, which could not be taken. {why}"),
    Answer.NO: marked("Your calendar answered no, which could not be taken. {why}"),
}
MOVED = marked(
    "Your calendar answered for a time at which the event no longer is. Here it is as it is now: please answer once "
    "more."
)
TAKEN_AS_IS = marked(
    "We have the answer of your calendar, but the time or the place in it is no longer that of the event. Here it is "
    "as it is now."
)
BEHIND = marked(
    "Your calendar answered for the event as it was before your last answer. Here it is as it is now: please answer "
    "once more."
)
ASKED_FOR = (AGAIN, KEPT, PROPOSED)
"""What is written as often as somebody asks; no program does that by itself."""
OLDER = "Ignored: older than what is known."
STANDS = marked("Your calendar accepted. We have that already, and it stands as it did.")


def take(raw: bytes, now: datetime) -> str:
    """Deal with one message, once; a line says what became of it. Raises `Unsorted` for what people should read."""
    found = incoming(raw)
    if is_report(found.headers):
        return _noted(found, now)
    if letter := left_by(found):
        return _left(letter, found, now)
    if came_back(found):
        return take_report(found.headers, tokens(found), now) or DROPPED
    if is_automatic(found):
        return DROPPED
    mark = digest(raw, found.headers)
    if is_letter(found):
        return _once(mark, now) or forward(raw, found.headers, mark, now)
    asked = answered(found)
    if asked is None:
        raise Unsorted("This calendar's answer is to none of our invitations; it is left for people to read.")
    if before := _once(mark, now):
        return before
    seats.lock(asked.event)
    return _sorted(found, asked, mark, now)


def _noted(found: Incoming, now: datetime) -> str:
    line = take_report(found.headers, tokens(found), now)
    if line is None:
        raise Unsorted("This is a report about a letter that is not known here; it is left for people to read.")
    return line


def _left(letter: Letter, found: Incoming, now: datetime) -> str:
    person = db.session.get(Person, letter.person_id) if letter.person_id else None
    if person is None or letter.mailing_list is None:
        return "Ignored: there is no list to leave any more."
    leave(person, letter.mailing_list, now)
    if not complained_of(found.headers):
        letter.act(now)
    return f"Taken: person {person.id} has left the list for {letter.mailing_list.about}."


def _once(mark: str, now: datetime) -> str | None:
    """Note that this message is dealt with; a line where it was before, or is at this moment."""
    return None if post_once(ReceivedMessage(digest=mark, received_at=now)) else "Dealt with before."


def _sorted(found: Incoming, asked: Asked, mark: str, now: datetime) -> str:
    if found.method not in ASKING:
        return f"Ignored: {found.method} asks nothing of us."
    entries = sorted((e for e in found.entries if e.uid == asked.event.uid), key=lambda entry: entry.one_date)
    if not entries:
        return "Ignored: it is about another event than its address."
    entry = entries[0]
    own = _own(entry, asked.person)
    if own is None:
        return _say(ANOTHER, asked, mark, now, name=_named(entry))
    if found.method == "COUNTER":
        return _proposed(asked, entry, mark, now)
    if found.method == "REFRESH":
        return _say(AGAIN, asked, mark, now)
    if entry.one_date:
        return _say(ONE_DAY if asked.event.separate_days > 1 else ONE_DATE, asked, mark, now)
    return _answer(asked, entry, own, mark, now)


def _own(entry: Entry, person: Person) -> Attendee | None:
    """What it says of the person, by their address or one that they had before: a calendar has the invitation by it."""
    for known in (lambda _: {person.email or ""}, former_addresses, addresses_of_copies):
        addresses = set(map(mailbox_in_ascii, known(person)))
        if own := next((a for a in entry.attendees if addresses & set(a.addresses)), None):
            return own
    return None


def _proposed(asked: Asked, entry: Entry, mark: str, now: datetime) -> str:
    if sentence := why_not(asked.event, now):
        return _say(TOO_LATE, asked, mark, now, why=sentence)
    span = told_by(asked.event, entry, now)
    if span is None:
        return _say(PROPOSED, asked, mark, now, proposing=_page(asked, entry))
    before = proposal_of(asked.event, asked.person)
    if before and entry.stamp and entry.stamp < before.proposed_at:
        return OLDER
    propose(asked.event, asked.person, span, entry.comment, now, by_calendar=True, stamp=entry.stamp)
    acted_in_calendar(asked.person, asked.event.uid, now)
    return _say(KEPT, asked, mark, now, proposing=path(asked.event, asked.person), kept=True)


def _page(asked: Asked, entry: Entry) -> str:
    """Where they can propose what their calendar did."""
    return path(asked.event, asked.person, entry.starts, entry.ends)


def _named(entry: Entry) -> str:
    return on_one_line(", ".join(sorted(address for a in entry.attendees for address in a.addresses)))[:100] or "nobody"


def _answer(asked: Asked, entry: Entry, own: Attendee, mark: str, now: datetime) -> str:
    """Unless a later answer is here already (RFC 5546, 2.1.5). Who says yes or maybe later, but to an earlier revision
    than they have answered, does so in a program that was left behind: they are asked again, as they may mean it.

    What else an answer to an earlier revision counts is for whoever organizes to decide (2.1.4). It counts here: a
    sequence rises for a corrected address too, and a change need not be told to anybody, so no calendar could ever
    answer again. Only who was told of another time, and says yes or maybe to the old one, is asked again. Whose
    calendar was never told of the time or the place that the event has now, gets it as it is with the answer.
    """
    rsvp = rsvp_of(asked.event, asked.person)
    answer, stamp = ANSWERS.get(own.says), min(entry.stamp or now, now)
    if own.says == "DELEGATED":  # RFC 5546, 3.2.2.3
        return _say(PASSED_ON, asked, mark, now)
    if answer is None:
        return f"Ignored: {own.says or 'no PARTSTAT'} is no answer."
    seen = view(rsvp, asked.event, asked.person, entry.sequence or 0)
    if (rsvp and _is_overtaken(rsvp, stamp)) or (seen.current and asked.event.cancelled_at):
        return OLDER
    try:
        size = _party(answer, own)
        if why := _asked_again(asked, rsvp, answer, size, seen, entry.sequence):
            return _say(why, asked, mark, now)
        line = _taken(asked, rsvp, answer, size, mark, now)
    except Refused as refusal:  # nothing has changed: the rules are asked first
        return _say(NOT_TAKEN[answer], asked, mark, now, why=refusal.args[0])
    finally:
        if rsvp := rsvp_of(asked.event, asked.person):
            rsvp.answered_stamp, rsvp.answered_sequence = stamp, _latest_answered(rsvp, entry.sequence)
    if answer is not Answer.NO and seen.misled and view(rsvp, asked.event, asked.person, entry.sequence or 0).misled:
        _say(TAKEN_AS_IS, asked, mark, now)
    return line


def _latest_answered(rsvp: Rsvp, sequence: int | None) -> int | None:
    """None that is yet to come, which no program can have been told of."""
    if sequence is None:
        return rsvp.answered_sequence
    last = rsvp.event.sequence + rsvp.sequence_beyond + rsvp.person.sequence_beyond
    return max(rsvp.answered_sequence or 0, min(sequence, last))


def _asked_again(
    asked: Asked, rsvp: Rsvp | None, answer: Answer, size: int | None, seen: View, sequence: int | None
) -> str | None:
    """The sentence to somebody whose answer cannot count as it is."""
    if asked.event.on and answer is not Answer.NO:
        if seen.moved:
            return MOVED
        if rsvp and sequence is not None and sequence < (rsvp.answered_sequence or 0):
            return BEHIND
    new = answer is Answer.YES and not (rsvp and rsvp.stands and not rsvp.waits_for_its_person)
    grows = size is not None and rsvp is not None and size > rsvp.party_size
    return UNASKED if (new or grows) and lacks_answers(asked.event, rsvp, size) else None


def _taken(asked: Asked, rsvp: Rsvp | None, answer: Answer, size: int | None, mark: str, now: datetime) -> str:
    before = _last_step(rsvp) if rsvp else 0
    rsvp = reply(asked.event, asked.person, answer, party_size=size, at=now)
    if not _signed(rsvp, before) and answer is Answer.YES and rsvp.status is not RsvpStatus.CONFIRMED:
        return _say(STANDS, asked, mark, now)
    acted_in_calendar(asked.person, asked.event.uid, now)
    return f"Taken: {answer} by answer {rsvp.id}, now {rsvp.status}."


def _is_overtaken(rsvp: Rsvp, stamp: datetime) -> bool:
    """Whether the person has answered since, by mail or on a page, or taken a step there, as to withdraw.

    A stamp is in whole seconds, so within the same one the mail counts.
    """
    own = select(func.max(Transition.at)).where(Transition.rsvp_id == rsvp.id, Transition.actor_id == rsvp.person_id)
    by_page = db.session.scalar(own.where(~Transition.reason.endswith(BY_CALENDAR, autoescape=True)))
    stamps = [rsvp.answered_stamp, by_page and by_page.replace(microsecond=0)]
    return any(stamp < other for other in stamps if other)


def _party(answer: Answer, own: Attendee) -> int | None:
    """The size that a yes tells; none leaves it as it was."""
    return own.guests + 1 if own.guests and answer is Answer.YES else None


def _last_step(rsvp: Rsvp) -> int:
    return db.session.scalar(select(func.max(Transition.id)).where(Transition.rsvp_id == rsvp.id)) or 0


def _signed(rsvp: Rsvp, before: int) -> int:
    """Say in the log how the answer came; the number of steps that it made."""
    made = select(Transition).where(Transition.rsvp_id == rsvp.id, Transition.id > before)
    steps = db.session.scalars(made.where(Transition.actor_id == rsvp.person_id)).all()
    for step in steps:
        step.reason = f"{step.reason[: 199 - len(BY_CALENDAR)]} {BY_CALENDAR}"
    return len(steps)


def _say(
    sentence: str, asked: Asked, mark: str, now: datetime, proposing: str = "", *, kept: bool = False, **words: str
) -> str:
    """Write to the one whose answer it is, and to nobody else, with the invitation as it stands."""
    language = language_for(asked.person)
    event, rsvp = asked.event, rsvp_of(asked.event, asked.person)
    told = phrase(sentence, ENGLISH, **words)
    file = carried(rsvp, None, now) if rsvp else asking(event, asked.person, now)
    carries = method_of(file) if file else None
    letter = write(
        asked.person,
        "rsvp_by_calendar",
        f"mail:{mark}" if sentence in ASKED_FOR else _once_a_day(told, event, rsvp, now),
        now=now,
        calendar=file,
        carries=carries,
        sentence=phrase(sentence, language, **{name: said(word, language) for name, word in words.items()}),
        event=event,
        rsvp=rsvp,
        path=link(rsvp) if rsvp else f"/events/{event.slug}",
        stands=state(rsvp, language) if rsvp else "",
        proposing=proposing,
        kept=kept,
    )
    return f"{'Answered by letter' if letter else 'Not answered again'}: {told}"


def _once_a_day(told: str, event: Event, rsvp: Rsvp | None, now: datetime) -> str:
    """The reason of a letter that says the same again at most the next day, while nothing has come of it: a calendar
    that accepts by itself whatever it is mailed would accept that too, and so on for ever."""
    said, step = hashlib.sha256(told.encode()).hexdigest()[:16], _last_step(rsvp) if rsvp else 0
    return f"mail:{event.id}:{event.sequence}:{step}:{said}:{now:%Y-%m-%d}"

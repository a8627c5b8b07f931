"""Which message is which: what answered by itself, what is our own, and whose answer a calendar's is."""

import hashlib
import re
from dataclasses import dataclass
from email.message import Message
from functools import partial
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.bounces.reading import complained_of, is_receipt, writer
from society.db import db
from society.events.models import Event
from society.invitations.reading import Incoming
from society.mail.message import from_society
from society.mail.models import Letter
from society.mail.returns import BOUNCES, LEAVE, letter_behind, letter_named
from society.people.models import Person
from society.people.queries import sealed_for
from society.rsvps import behind
from society.rsvps.invitation import PURPOSE, purpose
from society.tokens import number_in, opens_in_any_case

_TOKEN = re.compile(r"\+([0-9]{1,9}-[a-z2-7]{24})@", re.IGNORECASE)
MOST_EVENTS = 5
"""So many events of one message are looked at; an answer is about one."""
ASKING = ("REPLY", "COUNTER", "REFRESH")
"""What people's calendars ask of whoever organizes (RFC 5546, 1.4); nothing of ours does."""
_OF_PROGRAMS = ("List-Id", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
"""What stands on circulars and answers of machines, the last on those of Exchange, which do not always say more."""
_REACHED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def digest(raw: bytes, headers: Message) -> str:
    """What tells a message from all others: its Message-ID, which stays when it is delivered twice."""
    named = str(headers["Message-ID"] or "").strip().encode("utf-8", "replace")
    return hashlib.sha256(named or raw).hexdigest()


def is_automatic(found: Incoming) -> bool:
    """Whether a program wrote it that nobody asked (RFC 3834), or it is a letter of ours that came back.

    Calendar programs call the answers that people give in them "auto-generated", so these are let through.
    """
    headers = found.headers
    if is_receipt(headers):
        return True
    if not found.method and any(headers[name] is not None for name in _OF_PROGRAMS):
        return True
    how = str(headers["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    let_through = ("no", "auto-generated") if found.method else ("no",)
    bulk = str(headers["Precedence"] or "").strip().lower() in ("bulk", "junk", "list", "auto_reply")
    from_nobody = str(headers["Return-Path"] or "").strip() == "<>" and not found.method
    return how not in let_through or bulk or from_nobody or (is_ours(headers) and not _is_of_somebody_here(found))


def _is_of_somebody_here(found: Incoming) -> bool:
    """Whether somebody who shares the society's address answers an invitation of theirs."""
    asked = answered(found) if found.method in ASKING else None
    return asked is not None and asked.person.email == our_address()


def is_ours(headers: Message) -> bool:
    """Whether it says that the society wrote it."""
    return writer(headers)[1].lower() == our_address()


def our_address() -> str:
    """Where letters are from, and so where the mailbox may be that is being read."""
    return from_society().addr_spec.lower()


@dataclass(frozen=True)
class Asked:
    """Who was invited to what; whether or not they have answered before."""

    event: Event
    person: Person


def answered(found: Incoming) -> Asked | None:
    """Whose answer to what it is, by the token in the address that it was sent to; None if it has none, or no true
    one."""
    uids = list(dict.fromkeys(entry.uid for entry in found.entries))[:MOST_EVENTS]
    opened = (_asked(token, uids) or _behind(token) for token in tokens(found))
    return next(filter(None, opened), None)


def left_by(found: Incoming) -> Letter | None:
    """The letter whose list somebody leaves, by the address that it gave for that or by calling it spam."""
    by_address = (letter_behind(token, LEAVE) for token in tokens(found))
    by_complaint = (letter_named(message_id) for message_id in complained_of(found.headers)[:10])
    return next(filter(None, chain(by_address, by_complaint)), None)


def came_back(found: Incoming) -> bool:
    """Whether it was sent to the address on a letter's envelope, where no person writes: it is a report in a shape of
    its own, or the note of a program (RFC 3834, 4) that does not say so. Two such, each answering what the other's
    letter is handed on as, would never end."""
    return any(letter_behind(token, BOUNCES) for token in tokens(found))


def tokens(found: Incoming) -> list[str]:
    """What stands behind a plus in the addresses that it was sent to, and in those that a calendar names."""
    reached = [str(value) for name in _REACHED for value in found.headers.get_all(name, [])]
    return _TOKEN.findall(" ".join([*reached, found.organizers])[:20_000])


def _asked(token: str, uids: list[str]) -> Asked | None:
    """By a person's token, which is good for one event; the calendar names it."""
    for uid in uids:
        person = sealed_for(number_in(token), partial(opens_in_any_case, token, purpose(uid)))
        if person is not None:
            event = db.session.scalar(select(Event).where(Event.uid == uid).options(joinedload(Event.venue)))
            return Asked(event, person) if event else None
    return None


def _behind(token: str) -> Asked | None:
    """By an answer's own token, as the first invitations had it."""
    rsvp = behind.sealed_for(number_in(token), partial(opens_in_any_case, token, PURPOSE))
    return Asked(rsvp.event, rsvp.person) if rsvp else None

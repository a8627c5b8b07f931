"""Letters that people write back to the society's own address: they go on to whoever wrote what they answer."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.message import Message

from society.bounces.reading import subject, writer
from society.db import db
from society.fields import clean, on_one_line
from society.invitations.reading import Incoming, Unsorted, text_of
from society.invitations.sorting import ASKING, is_automatic, our_address
from society.mail.actions import write_to_address
from society.mail.models import Letter
from society.mail.queries import is_dead
from society.mail.returns import letter_named
from society.membership.queries import deciders
from society.rsvps.joint_letters import first_told
from society.rsvps.models import Rsvp
from society.settings import society
from society.text import without_markup
from society.times import today_in

LONGEST = 20_000
"""Characters of a letter that are handed on as text; of a longer one the rest is in the file beside it."""
LARGEST = 5 * 2**20
"""Bytes of a letter that is handed on with its files; a larger one is read where it arrived."""
MOST_NAMED = 30
"""Letters of a conversation that are looked for."""

_ID = re.compile(r"<[^<>\s]{1,190}>")


def is_letter(found: Incoming) -> bool:
    """Whether a person wrote it. One who answers an invitation often has it attached still, which asks nothing."""
    if not found.method:
        return True
    return found.method not in ASKING and not is_automatic(replace(found, method="")) and bool(_said(found.headers)[0])


def forward(raw: bytes, message: Message, mark: str, now: datetime) -> str:
    """Hand it on to the organizer of what it answers; raises `Unsorted` where people should look for one.

    Its text is enough mostly. What brings files or is long is also enclosed as it came.
    """
    letter = next(filter(None, map(letter_named, _answered_ids(message))), None)
    address = on_one_line(writer(message)[1])
    if letter is None or "@" not in address or "\ufffd" in address or len(address) > 254:
        raise Unsorted("This is a letter to none of our organizers; it is left for people to read.")
    text, has_files = _said(message)
    enclosed = raw if has_files or len(text) > LONGEST else None
    if enclosed and len(enclosed) > LARGEST:
        raise Unsorted(f"This letter is larger than {LARGEST // 2**20} MB; it is left for people to read.")
    handed_on = [_hand_on(to, message, address, text, enclosed, mark, now) for to in _readers(letter, now)]
    if not any(handed_on):
        raise Unsorted("Those whom this letter is for cannot be reached by mail; it is left for people to read.")
    return f"Handed on: an answer to letter {letter.id}."


def _hand_on(
    to: str, message: Message, address: str, text: str, enclosed: bytes | None, mark: str, now: datetime
) -> Letter | None:
    handed_on = write_to_address(
        to,
        "forwarded",
        f"mail:{mark}",
        now=now,
        reply_to=address,
        text=text[:LONGEST],
        writer=writer(message)[0][:100] or address,
        theirs=address,
        about=subject(message)[:200],
        enclosed=enclosed is not None,
    )
    if handed_on is not None:
        handed_on.enclosed = enclosed
    return handed_on


def _answered_ids(message: Message) -> Iterator[str]:
    """The letter that it answers, then those before it, latest first (RFC 5322, 3.6.4)."""
    yield from _ID.findall(str(message["In-Reply-To"] or ""))[:MOST_NAMED]
    yield from reversed(_ID.findall(str(message["References"] or ""))[-MOST_NAMED:])


def _readers(letter: Letter, now: datetime) -> list[str]:
    """The organizer; where there is none, or none that mail comes to, the secretaries.

    Never the address that is being read here, where it would be dropped as our own.
    """
    organizer = _organizer(letter)
    if organizer and not is_dead(organizer) and organizer.lower() != our_address():
        return [organizer]
    secretaries = db.session.scalars(deciders(today_in(society().zone, now)))
    return [person.email for person in secretaries if person.email and person.email != our_address()]


def _organizer(letter: Letter) -> str | None:
    """Who wrote that letter, or organizes the event that it is about."""
    if letter.reply_to:
        return letter.reply_to
    about = re.match(r"rsvp:(\d{1,9}):", letter.reason)
    rsvp = db.session.get(Rsvp, int(about[1])) if about else first_told(letter)
    return rsvp.event.organizer.email if rsvp and rsvp.event.organizer else None


def _said(message: Message) -> tuple[str, bool]:
    """Its text, and whether it brings files besides."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    kinds = {part.get_content_type(): part for part in reversed(parts) if not _is_file(part)}
    text = ""
    if "text/plain" in kinds:
        text = clean(text_of(kinds["text/plain"]))
    elif "text/html" in kinds:
        text = clean(without_markup(text_of(kinds["text/html"])[: 10 * LONGEST]))
    return text.strip(), any(_is_file(part) for part in parts)


def _is_file(part: Message) -> bool:
    """Whatever is not its text, save the pictures that are shown within it."""
    shown_within = part["Content-ID"] is not None and part.get_content_maintype() == "image"
    is_text = part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()
    return not is_text and not shown_within

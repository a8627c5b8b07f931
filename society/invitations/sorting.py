"""Which message is which: what answered by itself, what is our own, and whose answer a calendar's is."""

import hashlib
import re
from email.message import Message
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.invitations.reading import Incoming
from society.mail.queries import sender
from society.rsvps.invitation import PURPOSE
from society.rsvps.models import Rsvp
from society.tokens import number_in, opens_in_any_case

_TOKEN = re.compile(r"\+([0-9]{1,9}-[a-z2-7]{24})@", re.IGNORECASE)
_REACHED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def digest(raw: bytes, headers: Message) -> str:
    """What tells a message from all others: its Message-ID, which stays when it is delivered twice."""
    named = str(headers["Message-ID"] or "").strip().encode("utf-8", "replace")
    return hashlib.sha256(named or raw).hexdigest()


def is_report(headers: Message) -> bool:
    """Whether a mail server reports what became of a letter (RFC 3462)."""
    return headers.get_content_type() == "multipart/report"


def is_automatic(found: Incoming) -> bool:
    """Whether a program wrote it that nobody asked (RFC 3834), or it is a letter of ours that came back.

    Calendar programs call the answers that people give in them "auto-generated", so these are let through.
    """
    headers = found.headers
    how = str(headers["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    let_through = ("no", "auto-generated") if found.method else ("no",)
    bulk = str(headers["Precedence"] or "").strip().lower() in ("bulk", "junk", "list", "auto_reply")
    return how not in let_through or bulk or is_ours(headers)


def is_ours(headers: Message) -> bool:
    """Whether it says that the society wrote it."""
    ours = parseaddr(sender())[1] or sender()
    return parseaddr(str(headers["From"] or ""))[1].lower() == ours.lower()


def answered(found: Incoming) -> Rsvp | None:
    """Whose answer it is, by the token in the address that it was sent to; None if it has none, or no true one."""
    reached = [str(value) for name in _REACHED for value in found.headers.get_all(name, [])]
    for token in _TOKEN.findall(" ".join([*reached, found.organizers])[:20_000]):
        if rsvp := _behind(token):
            return rsvp
    return None


def _behind(token: str) -> Rsvp | None:
    whole = joinedload(Rsvp.event).joinedload(Event.venue), joinedload(Rsvp.person)
    rsvp = db.session.scalar(select(Rsvp).where(Rsvp.id == number_in(token)).options(*whole))
    return rsvp if rsvp and opens_in_any_case(token, PURPOSE, rsvp.id, rsvp.link_key) else None

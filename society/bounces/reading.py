"""Reports of mail servers on what became of a letter: by the book (RFC 3464), or in words of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from itertools import islice

from society.fields import on_one_line
from society.mail.refusals import is_gone, status_in

MOST_PARTS = 100
LONGEST = 50_000
"""Characters of a text that are looked at."""
LONGEST_HEADER = 2_000

_ADDRESS = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,255})>")
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,190}>)", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_COPY = re.compile(r"^-+ ?(?:This is a copy|Below this line|Original message|The following)", re.MULTILINE)
_DELAYED = re.compile(r"\b(delayed|still trying|will (be retried|keep trying)|not yet been delivered)\b", re.IGNORECASE)
_FAILED = re.compile(r"\b(could not be delivered|undeliverable|undelivered|permanent|failed|failure)", re.IGNORECASE)
STATUSES = ("message/delivery-status", "message/global-delivery-status")
"""The second has addresses in other scripts (RFC 6533)."""
READING, COMPLAINT = "disposition-notification", "feedback-report"
"""Kinds of reports that are not about a letter's way."""


class Fate(StrEnum):
    """What became of a letter."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class Report:
    """One letter's fate, by the addresses it was for and the Message-IDs of what was sent back with it."""

    fate: Fate
    answer: str
    """The mail server's own words."""
    gone: bool
    """Whether there is no such address, rather than trouble with this letter."""
    recipients: frozenset[str]
    message_ids: tuple[str, ...]


def is_report(message: Message) -> bool:
    """Whether a mail server reports what became of a letter: as RFC 3464 has it, or in words, by whom it is from.

    Asked before whether a program wrote it that nobody asked, since reports say that of themselves.
    """
    by = writer(message)[1].partition("@")[0].lower()
    in_words = by in ("mailer-daemon", "postmaster") or message["X-Failed-Recipients"] is not None
    told_of_its_way = _report_type(message) not in (READING, COMPLAINT)
    return told_of_its_way and (in_words or message.get_content_type() == "multipart/report")


def is_receipt(message: Message) -> bool:
    """Whether it says that a letter was read (RFC 8098), and so nothing of its way."""
    return _report_type(message) == READING


def complained_of(message: Message) -> tuple[str, ...]:
    """The Message-IDs of letters that their reader has called spam (RFC 5965); none by any other message."""
    if _report_type(message) != COMPLAINT:
        return ()
    parts = list(islice(message.walk(), 1, MOST_PARTS))
    is_abuse = any(str(part["Feedback-Type"] or "").strip().lower() in ("abuse", "opt-out") for part in parts)
    return tuple(_message_ids(parts, "")) if is_abuse else ()


def _report_type(message: Message) -> str:
    return str(message.get_param("report-type") or "").lower()


def writer(message: Message) -> tuple[str, str]:
    """Whom it says it is from: name and address, empty where that cannot be read."""
    try:
        name, address = parseaddr(_as_it_came(message, "from"))
    except RecursionError:  # brackets within brackets without end
        return "", ""
    return _decoded(name), address


def subject(message: Message) -> str:
    """Its subject, on one line."""
    return _decoded(_as_it_came(message, "subject"))


def _as_it_came(message: Message, name: str) -> str:
    """A header in UTF-8 (RFC 6532), which the library would replace by question marks."""
    value = next((str(given) for key, given in message.raw_items() if key.lower() == name), "")
    return value[:LONGEST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decoded(text: str) -> str:
    """Words of which those in other scripts came in ASCII (RFC 2047); as they stand where that is broken."""
    try:
        return on_one_line(str(make_header(decode_header(text))))
    except (MessageError, LookupError, ValueError):
        return on_one_line(text)


def read(message: Message) -> Report | None:
    """What it reports; None where that cannot be told."""
    own = list(islice(_own_parts(message), MOST_PARTS))
    text = "\n".join(_text(part) for part in own if part.get_content_type() == "text/plain")[:LONGEST]
    ids = tuple(dict.fromkeys(_message_ids(list(islice(message.walk(), 1, MOST_PARTS)), text)))
    blocks = [block for part in own for block in _blocks(part) if block["Final-Recipient"]]
    return _by_the_book(blocks, ids) if blocks else _in_words(message, text, ids)


def _own_parts(part: Message) -> Iterator[Message]:
    """What the server itself says: not what the letter says that it sends back."""
    yield part
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _own_parts(inner)


def _by_the_book(blocks: list[Message], ids: tuple[str, ...]) -> Report | None:
    """Each letter of ours is for one person, so the worst of what is told is its fate."""
    actions = {"failed": Fate.FAILED, "delayed": Fate.DELAYED} | dict.fromkeys(
        ("delivered", "relayed", "expanded"), Fate.DELIVERED
    )
    told = [(actions.get(str(block["Action"] or "").strip().lower()), block) for block in blocks]
    for fate in Fate:
        for action, block in told:
            if action is fate:
                status = status_in(str(block["Status"] or ""))
                said = str(block["Diagnostic-Code"] or "").partition(";")[2] or str(block["Status"] or "")
                enhanced = status_in(said) or status
                return Report(fate, _line(said), is_gone(enhanced, said), frozenset(_recipients(block)), ids)
    return None


def _recipients(block: Message) -> Iterator[str]:
    """As it was sent, and as it was rewritten on the way."""
    for name in ("Final-Recipient", "Original-Recipient"):
        yield _as_it_came(block, name.lower()).rpartition(";")[2].strip(" <>").lower()


def _in_words(message: Message, text: str, ids: tuple[str, ...]) -> Report | None:
    """Exim, qmail and others: a text, with the letter or its beginning below it."""
    above = _COPY.split(text, maxsplit=1)[0]
    stated = str(message["X-Failed-Recipients"] or "")
    recipients = {part.strip(" <>").lower() for part in stated.split(",") if "@" in part}
    recipients |= {found.lower() for found in _ADDRESS.findall(above)}
    status, code = status_in(above), _first(_CODE, above)
    kind = (status or code)[:1]
    subject = str(message["Subject"] or "")
    if kind == "4" or (not kind and _DELAYED.search(f"{subject}\n{above}")):
        fate = Fate.DELAYED
    elif kind == "5" or stated or _FAILED.search(f"{subject}\n{above}"):
        fate = Fate.FAILED
    else:
        return None
    lines = [line for line in above.splitlines() if status_in(line) or _CODE.search(line)]
    said = _line(lines[0] if lines else " ".join(above.split()))
    return Report(fate, said, fate is Fate.FAILED and is_gone(status, above), frozenset(recipients), ids)


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery status, which some servers send encoded as if they were any text."""
    if part.get_content_type() not in STATUSES:
        return
    inner = part.get_payload()
    if isinstance(inner, list):
        yield from (block for block in inner if isinstance(block, Message))
    for text in (_text(part), *(_text(block) for block in inner if isinstance(block, Message))):
        yield from (message_from_string(group) for group in re.split(r"\r?\n\r?\n", text[:LONGEST]) if group.strip())


def _message_ids(parts: list[Message], text: str) -> Iterator[str]:
    for part in parts:
        if part["Message-ID"]:
            yield str(part["Message-ID"]).strip()
        if part.get_content_type() == "text/rfc822-headers":
            yield from _MESSAGE_ID.findall(_text(part)[:LONGEST])
    yield from _MESSAGE_ID.findall(text)


def _text(part: Message) -> str:
    if part.is_multipart():
        return ""
    body = part.get_payload(decode=True)
    return body.decode("utf-8", "replace").replace("\0", "") if isinstance(body, bytes) else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _line(said: str) -> str:
    return on_one_line(said)[:300]

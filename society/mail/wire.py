"""A letter in bytes, put together from parts that are remembered: what `message` is as bytes, in a tenth of the time.

The library takes each header and each line of the text apart and folds it anew, for letter after letter of a notice.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from email import quoprimime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache

from society.mail.encoded import LONGEST_LINE
from society.mail.headers import POLICY, REMEMBERED, verbatim
from society.mail.message import (
    Field,
    add_calendar,
    as_html,
    as_text,
    boundaries,
    foot_of,
    headers,
    in_bytes,
    is_ascii,
    message,
    placed_file,
    reader_of,
)
from society.mail.models import Letter
from society.people.models import Person

NEWLINE = b"\r\n"
LINES = 2_000
"""Encoded lines that a process remembers, of at most some hundred bytes."""
SNIFFED = 10
"""By so many lines the library decides how a text is encoded."""

_ATOMS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_SIMPLE = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def in_full(letter: Letter, reader: Person | None = None) -> bytes:
    """The letter as it is sent; who its reader is may be known already."""
    reader = reader or reader_of(letter)
    if letter.enclosed or not is_ascii(letter):
        return in_bytes(message(letter, reader))
    head = b"".join(_header(name, value) for name, value in headers(letter, reader))
    return head + b"MIME-Version: 1.0\r\n" + _bodies(letter, foot_of(letter, reader))


def _header(name: str, value: Field) -> bytes:
    if isinstance(value, Address):
        return _mailbox(name, value)
    text = format_datetime(value) if isinstance(value, datetime) else value
    return verbatim(name, text) or POLICY.fold_binary(name, POLICY.header_store_parse(name, text)[1])


def _mailbox(name: str, value: Address) -> bytes:
    spec = f"{value.username}@{value.domain}"
    line = f"{name}: {value.display_name} <{spec}>"
    if len(line) <= LONGEST_LINE and _ATOMS.fullmatch(value.display_name) and _SIMPLE.fullmatch(spec):
        return f"{line}\r\n".encode()
    return _folded_mailbox(name, value.display_name, value.username, value.domain)


@lru_cache(REMEMBERED)
def _folded_mailbox(name: str, display_name: str, username: str, domain: str) -> bytes:
    mailbox = Address(display_name, username, domain)
    return POLICY.fold_binary(name, POLICY.header_store_parse(name, mailbox)[1])


def _bodies(letter: Letter, foot: str) -> bytes:
    """As `add_bodies` arranges them, from the Content-Type on."""
    outer, inner = boundaries(letter)
    forms = [_text_part("plain", as_text(letter, foot)), _text_part("html", as_html(letter, foot))]
    if not letter.calendar:
        return _multipart("alternative", outer, forms)
    *form, file = _calendar_parts(placed_file(letter.calendar))
    return _multipart("mixed", outer, [_multipart("alternative", inner, [*forms, *form]), file])


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    between = NEWLINE + line + NEWLINE
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + line + NEWLINE + between.join(parts) + NEWLINE + line + b"--" + NEWLINE


def _text_part(kind: str, text: str) -> bytes:
    encoding, content = _encoded(text.encode().splitlines())
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n'
    return head.encode() + (b"MIME-Version: 1.0\r\n" if kind == "html" else b"") + NEWLINE + content


def _encoded(lines: list[bytes]) -> tuple[str, bytes]:
    """In that encoding in which the library would (RFC 2045, 6): as it is, else whichever is shorter at first."""
    if max(map(len, lines), default=0) <= LONGEST_LINE and all(map(bytes.isascii, lines)):
        return "7bit", _joined(lines)
    quoted = [_quoted(line) for line in lines]
    sniffed = _joined(quoted[:SNIFFED]).replace(NEWLINE, b"\n")
    if len(sniffed) > len(binascii.b2a_base64(_joined(lines[:SNIFFED]))):
        return "base64", _in_base64(_joined(lines))
    return "quoted-printable", _joined(quoted)


def _joined(lines: Sequence[bytes]) -> bytes:
    return NEWLINE.join(lines) + NEWLINE


@lru_cache(LINES)
def _quoted(line: bytes) -> bytes:
    return quoprimime.body_encode(line.decode("latin-1"), LONGEST_LINE, "\r\n").encode()


def _in_base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", NEWLINE)


@lru_cache(20)
def _calendar_parts(calendar: bytes) -> list[bytes]:
    """What the event's file is in the message: a form of the letter, if it asks for something, and a file."""
    made = EmailMessage(policy=POLICY)
    made.set_content("")
    add_calendar(made, calendar)
    parts = [part for part in made.walk() if not part.is_multipart()][1:]
    return [part.as_bytes(policy=POLICY) for part in parts]

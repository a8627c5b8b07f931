"""An event's entry in a person's own feed: the stored one, with the few lines that are about the person."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from markupsafe import escape

from society.calendars.component import length, moment
from society.calendars.texts import escaped
from society.content_lines import folded, unfolded

_PARAGRAPHS, _JOINED = b"<html><body>", b";VALUE=URI:"


@dataclass(frozen=True)
class Said:
    """What became of a person's answer to an event."""

    words: str
    since: datetime | None
    going: bool


def own_entry(stored: bytes, said: Said, link: str, instructions: str, alarm: int | None) -> bytes:
    """Only what one goes to makes one busy, leads by its `link` to where one joins at once (else to the event's page),
    says what those who come are told, and reminds, so many minutes before. Its stamps are no earlier than what became
    of the answer (RFC 5545, 3.8.7.2 and 3.8.7.3: the entry is another since then).
    """
    lines = unfolded(stored).split(b"\r\n")[:-1]
    attends = said.going and b"STATUS:CONFIRMED" in lines
    if attends and instructions:
        said = replace(said, words="\n\n".join(filter(None, (said.words, instructions))))
    own = [_own_line(line, said, link if attends else "", attends=attends) for line in lines]
    if attends and alarm is not None:
        own[-1:-1] = _reminder(alarm, next(line for line in lines if line.startswith(b"SUMMARY:")))
    return b"".join(map(folded, own))


def _reminder(minutes: int, title: bytes) -> list[bytes]:
    """A word on the screen (RFC 5545, 3.6.6)."""
    trigger = length(timedelta(minutes=-minutes)).encode()
    told = [b"ACTION:DISPLAY", title.replace(b"SUMMARY", b"DESCRIPTION", 1), b"TRIGGER:" + trigger]
    return [b"BEGIN:VALARM", *told, b"END:VALARM"]


def _own_line(line: bytes, said: Said, link: str, *, attends: bool) -> bytes:
    name, _, value = line.partition(b":")
    match name.partition(b";")[0]:
        case b"DTSTAMP" | b"LAST-MODIFIED" if said.since is not None:
            return name + b":" + max(value, moment(said.since.astimezone(UTC)).encode())
        case b"DESCRIPTION" if said.words:
            return name + b":" + escaped(f"{said.words}\n\n").encode() + value
        case b"X-ALT-DESC" if said.words:
            return line.replace(_PARAGRAPHS, _PARAGRAPHS + escaped(_in_html(said.words)).encode(), 1)
        case b"TRANSP" if attends:
            return b"TRANSP:OPAQUE"
        case b"CONFERENCE" if link:
            return line.partition(_JOINED)[0] + _JOINED + link.encode()
        case _:
            return line


def _in_html(words: str) -> str:
    paragraphs = str(escape(words)).split("\n\n")
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs).replace("\n", "<br>")

"""Answers as calendar programs mail them, each in the manner of one: written here, after what these programs do."""

import base64
import quopri
import re
from datetime import datetime
from itertools import count

from icalendar import Calendar

from society.mail.models import Letter

_numbers = count(1)

ENVELOPE = """\
From: {reader}
To: {organizer}
Subject: Re: an event
Message-ID: <{number}@programs.example.org>
MIME-Version: 1.0
"""

REPLY = """\
BEGIN:VCALENDAR
PRODID:-//Programs//{program}//EN
VERSION:2.0
METHOD:{method}
{zone}BEGIN:VEVENT
DTSTART;TZID={tzid}:20261231T200000
DTEND;TZID={tzid}:20261231T213000
DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}
ORGANIZER;CN=Society:mailto:{organizer}
UID:{uid}
{attendee}
SEQUENCE:{sequence}
{extra}SUMMARY:Re: an event
END:VEVENT
END:VCALENDAR
"""

WINDOWS_ZONE = """\
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
END:VTIMEZONE
"""


def _folded(text: str) -> str:
    """CRLF, and long lines broken where any program would, in the middle of a word."""
    return re.sub(r"(.{70})(?=.)", r"\1\r\n ", text.replace("\n", "\r\n"))


def an_answer(letter: Letter, says: str, at: datetime, *, program: str = "google", **given: object) -> bytes:
    """What a program mails back to the letter's invitation."""
    event = Calendar.from_ical(letter.calendar).walk("VEVENT")[0]
    reader = str(given.pop("reader", letter.to_address))
    people = {
        "google": f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={says};CN={reader};X-NUM-GUESTS=0:mailto:{reader}",
        "outlook": f"ATTENDEE;PARTSTAT={says};CN=Reader:MAILTO:{reader.upper()}",
        "apple": f'ATTENDEE;CN="Reader; Jr.";EMAIL={reader};PARTSTAT={says}:/a1b2c3/principal/',
        "thunderbird": f"ATTENDEE;RSVP=TRUE;PARTSTAT={says};ROLE=REQ-PARTICIPANT:mailto:{reader}",
    }
    outlook = program == "outlook"
    values = {
        "program": program,
        "method": "REPLY",
        "organizer": str(event["ORGANIZER"]).removeprefix("mailto:"),
        "uid": event["UID"],
        "sequence": event["SEQUENCE"],
        "stamp": at,
        "attendee": people[program],
        "zone": WINDOWS_ZONE if outlook else "",
        "tzid": "Eastern Standard Time" if outlook else "America/New_York",
        "extra": "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\n" if outlook else "",
        "number": next(_numbers),
        "reader": reader,
        **given,
    }
    calendar = _folded(REPLY.format(**values)).encode()
    head = ENVELOPE.format(**values).replace("\n", "\r\n").encode()
    return head + _SHAPES[program](calendar, str(values["method"]))


def _google(calendar: bytes, method: str) -> bytes:
    """A letter with the calendar as one of its forms and once more as a file, both in base64."""
    body = base64.encodebytes(calendar).replace(b"\n", b"\r\n")
    return (
        b'Auto-Submitted: auto-generated\r\nContent-Type: multipart/mixed; boundary="mixed"\r\n\r\n'
        b'--mixed\r\nContent-Type: multipart/alternative; boundary="forms"\r\n\r\n'
        b"--forms\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nThe reader has answered.\r\n"
        b"--forms\r\nContent-Type: text/calendar; charset=UTF-8; method=" + method.encode() + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + body + b"\r\n--forms--\r\n"
        b'--mixed\r\nContent-Type: application/ics; name="invite.ics"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + body
        + b"\r\n--mixed--\r\n"
    )


def _outlook(calendar: bytes, method: str) -> bytes:
    """The calendar behind an HTML part, its charset quoted and its method in lower case."""
    return (
        b'X-MS-Has-Attach: \r\nContent-Type: multipart/alternative; boundary="_000_"\r\n\r\n'
        b'--_000_\r\nContent-Type: text/html; charset="us-ascii"\r\n\r\n<html><body></body></html>\r\n'
        b'--_000_\r\nContent-Type: text/calendar; charset="utf-8"; method=' + method.lower().encode() + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(calendar) + b"\r\n--_000_--\r\n"
    )


def _apple(calendar: bytes, method: str) -> bytes:
    """Quoted-printable, as one part among several."""
    return (
        b"Content-Type: multipart/mixed; boundary=Apple-Mail\r\n\r\n"
        b"--Apple-Mail\r\nContent-Type: text/plain\r\n\r\nAnswered.\r\n"
        b"--Apple-Mail\r\nContent-Type: text/calendar;\r\n charset=utf-8;\r\n method=" + method.encode() + b"\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(calendar)
        + b"\r\n--Apple-Mail--\r\n"
    )


def _thunderbird(calendar: bytes, method: str) -> bytes:
    """Nothing but the calendar, as it is."""
    return b"Content-Type: text/calendar; method=" + method.encode() + b"; charset=UTF-8\r\n\r\n" + calendar


_SHAPES = {"google": _google, "outlook": _outlook, "apple": _apple, "thunderbird": _thunderbird}
PROGRAMS = tuple(_SHAPES)

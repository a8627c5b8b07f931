"""What mail servers write when a letter does not arrive, in their several manners."""

from contextlib import suppress
from email import message_from_bytes

import pytest

from society.bounces.reading import Fate, is_report, read
from society.invitations.actions import take
from society.invitations.reading import Unsorted
from tests.builders import NOW

COPY = (
    "Message-ID: <abc@example.org>\r\nFrom: us@example.org\r\nTo: ann@example.org\r\nSubject: Evening\r\n\r\nDear Ann,"
)


def by_the_book(action="failed", status="5.1.1", said="smtp; 550 5.1.1 <ann@example.org>: no such user", **more):
    """As Postfix, Exchange, Gmail and others have it (RFC 3464)."""
    recipient = more.get("recipient", "Final-Recipient: rfc822; ann@example.org")
    returned = more.get("returned", "message/rfc822")
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nAuto-Submitted: auto-replied\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry to have to inform you.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"{recipient}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {said}\r\n\r\n"
        f"--b\r\nContent-Type: {returned}\r\n\r\n{COPY}\r\n--b--\r\n"
    ).encode()


EXIM = (
    "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\r\nAuto-Submitted: auto-replied\r\n"
    "X-Failed-Recipients: ann@example.org\r\nSubject: Mail delivery failed: returning message to sender\r\n\r\n"
    "A message that you sent could not be delivered to one or more of its recipients.\r\n\r\n"
    "  ann@example.org\r\n    host mx2.example.org [192.0.2.1]\r\n    550 Unrouteable address\r\n\r\n"
    f"------ This is a copy of the message, including all the headers. ------\r\n\r\n{COPY}\r\n"
).encode()
QMAIL = (
    "From: MAILER-DAEMON@mx.example.org\r\nSubject: failure notice\r\n\r\n"
    "Hi. This is the qmail-send program at mx.example.org.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
    "<ann@example.org>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    f"--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <us@example.org>\r\n{COPY}\r\n"
).encode()
SPAM = (
    "From: postmaster@mx.example.org\r\nSubject: Undeliverable: Evening\r\n\r\n"
    "Your message to <ann@example.org> was refused:\r\n550 spam is not wanted here\r\n\r\n"
    f"--- Original message ---\r\n{COPY}\r\n"
).encode()
DELAYED = (
    "From: MAILER-DAEMON@mx.example.org\r\nSubject: Warning: message delayed 24 hours\r\n\r\n"
    "The message has not yet been delivered to <ann@example.org>. You need do nothing.\r\n"
    f"--- The following is its beginning ---\r\n{COPY}\r\n"
).encode()

SHAPES = {
    "by the book": (by_the_book(), Fate.FAILED, True),
    "headers alone": (by_the_book(returned="text/rfc822-headers"), Fate.FAILED, True),
    "by its own code": (by_the_book(status="5.0.0", said="smtp; 550 5.2.1 account disabled"), Fate.FAILED, True),
    "rewritten": (
        by_the_book(recipient="Original-Recipient: rfc822; Ann@Example.org\r\nFinal-Recipient: rfc822; x@y.example"),
        Fate.FAILED,
        True,
    ),
    "a full mailbox": (by_the_book(status="5.2.2", said="smtp; 552 5.2.2 over quota"), Fate.FAILED, False),
    "a policy": (by_the_book(status="5.7.1", said="smtp; 550 5.7.1 rejected"), Fate.FAILED, False),
    "delayed by the book": (by_the_book("delayed", "4.4.1", "smtp; timed out"), Fate.DELAYED, False),
    "Postfix, of a plain code": (by_the_book(status="5.0.0", said="smtp; 550 User unknown"), Fate.FAILED, True),
    "Exchange Online": (
        by_the_book(status="5.4.1", said="smtp;550 5.4.1 Recipient address rejected: Access denied. [A.outlook.com]"),
        Fate.FAILED,
        True,
    ),
    "no such domain": (
        by_the_book(status="5.4.4", said="X-Postfix; Host or domain name not found. Name service error for name=a.b"),
        Fate.FAILED,
        True,
    ),
    "no way there": (by_the_book(status="5.4.1", said="smtp; no answer from host"), Fate.FAILED, False),
    "trouble with us": (
        by_the_book(status="5.0.0", said="smtp; 550 <us@example.org>: Sender address rejected: Domain not found"),
        Fate.FAILED,
        False,
    ),
    "delivered": (by_the_book("delivered", "2.0.0", "smtp; 250 ok"), Fate.DELIVERED, False),
    "Exim": (EXIM, Fate.FAILED, True),
    "qmail": (QMAIL, Fate.FAILED, True),
    "spam, in words": (SPAM, Fate.FAILED, False),
    "delayed, in words": (DELAYED, Fate.DELAYED, False),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_is_read_in_every_shape(shape):
    raw, fate, gone = SHAPES[shape]
    message = message_from_bytes(raw)

    assert is_report(message)
    report = read(message)
    assert (report.fate, report.gone, report.message_ids) == (fate, gone, ("<abc@example.org>",))
    assert "ann@example.org" in report.recipients
    assert report.answer


def test_of_what_tells_nothing_nothing_is_made():
    for raw in (b"", b"From: postmaster@a.example\r\n\r\nHello.", b"\xff\xfe", by_the_book("sung", "x", "y")):
        assert read(message_from_bytes(raw)) is None


def test_what_the_letter_said_that_is_sent_back_is_not_what_became_of_it():
    said = b"Content-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
    letter = f"{COPY} your account is unknown; <ben@example.org> 550 5.1.1 still trying".encode()
    raw = b"From: postmaster@mx.example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + said
    report = read(message_from_bytes(raw + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + letter + b"\r\n--b--"))
    assert (report.fate, report.gone, report.recipients) == (Fate.FAILED, False, frozenset())
    assert report.message_ids == ("<abc@example.org>",)


NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1000))
HOSTILE = [
    b"From: " + b"(" * 3000 + b"a@b.example\r\n\r\nx",
    b"To: " + b"(" * 3000 + b"\r\nFrom: a@b.example\r\n\r\nx",
    b"From: =?nope?B?!!!?= <a@b.example>\r\nSubject: "
    + b"=?utf-8?Q?=ff?= " * 2000
    + b"\r\nIn-Reply-To: <a\0b@c>\r\n\r\nx",
    b"From: =?ut\xff?Q?a?= <a@b.example>\r\n\r\nx",
    by_the_book().replace(b"abc@", b"a\0\xff@"),
    by_the_book().replace(b"smtp; 550", b"\xff\0; \xff"),
    by_the_book().replace(b'boundary="b"', b"boundary*0*=nope''%ff; boundary=b"),
    NESTED,
    b"Content-Type: message/rfc822\r\n\r\n" * 1500,
    b"From: postmaster@a.example\r\nContent-Type: text/plain; charset*=x'y'%ff%00\r\n\r\n\xff",
    b"From: a@b.example\r\nContent-Disposition: attachment; filename*0*=''%ff\r\n\r\nx",
    b"From: postmaster@a.example\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\r\n!!!",
    b"Message-ID: \r\n <\xff\xfe>\r\nFrom: \xff <\xe9@b.example>\r\n\r\n\xff",
    b"To: bounces+000000000-" + b"a" * 24 + b"@back.example.org\r\nFrom: mailer-daemon@b.example\r\n\r\n550 5.1.1",
    b"X: " + b"a" * 1_000_000,
    *(by_the_book()[:cut] for cut in range(0, 900, 75)),
    *(by_the_book()[cut:] for cut in range(37, 900, 75)),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_whatever_arrives_is_dealt_with_or_left_for_people(app, number):
    with suppress(Unsorted):
        assert take(HOSTILE[number], NOW)

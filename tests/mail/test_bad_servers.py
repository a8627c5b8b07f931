"""A hundred ways in which a mail server fails: what becomes of the letter, and that the account is exact in the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from society.db import db
from society.mail import worker
from society.mail.models import DeadAddress, Letter, LetterState
from society.notices.going import Which, progress
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from tests.builders import NOW, a_person
from tests.mail.bad_server import HANG_UP, OFFERS, STAGES, TEXT, a_letter, sent_in_the_end, some_of_many
from tests.mail.postbox import a_postbox

LINE = b"All work and no play makes a dull letter.\r\n"
LARGE = 8_000_000
"""Bytes, more than the system takes from whoever writes to somebody who does not read."""
LATER = (
    "421 bye",
    "450 busy",
    "451 4.3.0 greylisted",
    "452 4.2.2 full",
    "432 later",
    "454 4.7.0 not now",
    "4",
    "abc",
    "",
    "\x00\xff",
    "450 no\x00t now",
)
NEVER = (
    "500 what",
    "501 5.5.4 no",
    "503 no",
    "550 5.7.1 spam",
    "552 5.2.2 full",
    "554 no",
    "521 none here",
    "555 no",
    "551 moved",
    "553 no",
    "550 relay not permitted",
    "550-no\r\n550 never",
    "550 no\x00 way",
)
GONE = (
    "550 no such user",
    "550 no such\x00 user",
    "550 5.1.1 unknown",
    "550 5.2.1 disabled",
    "550-no mailbox here\r\n550 by that name",
)
NOT_THE_LETTER = ("530 5.7.0 sign in first", "535 5.7.8 wrong password", "x" * 9_000, HANG_UP)
AT_SIGNING_IN = ("334 abc", "334 \xff\xfe", "334", "432 a new one", "454 4.7.0 later", "535 no\x00", "abc", HANG_UP)

FAILURES = [
    *((stage, answer) for stage in STAGES for answer in (*LATER, *NEVER, *GONE, *NOT_THE_LETTER)),
    *(("AUTH", answer) for answer in AT_SIGNING_IN),
]


def expected(stage: str, answer: str) -> LetterState:
    """A letter is refused for good only where a server that we have reached says so of it; where it has the letter and
    says nothing of it that can be understood, it may have taken it."""
    if answer in (*NEVER, *GONE) and stage not in ("connect", "EHLO"):
        return LetterState.REFUSED
    is_no_answer = stage == "body" and not (answer[:1] == "4" and len(answer) > 1) and not answer.startswith("53")
    return LetterState.SENDING if is_no_answer else LetterState.QUEUED


def a_notice_to(readers: int) -> tuple[Notice, list[int]]:
    """Sent, and the numbers of its letters, which are not due before the third day."""
    notice = Notice(kind=NoticeKind.NEWSLETTER, audience=Audience.EVERYONE, created_at=NOW, subject="S", body="B")
    for _ in range(readers):
        a_person()
    db.session.add(notice)
    send(notice, NOW)
    db.session.execute(update(Letter).values(due_at=NOW + timedelta(days=2)))
    db.session.commit()
    return notice, list(db.session.scalars(select(Letter.id).order_by(Letter.id)))


def account_of(notice: Notice) -> dict[Which, int]:
    db.session.expire_all()
    return {which: number for which, number in progress(notice, NOW).numbers.items() if number}


@OFFERS
def test_of_a_hundred_bad_servers_the_account_is_exact(app, monkeypatch, server, offers):
    assert len(FAILURES) > 100
    monkeypatch.setitem(app.config, "MAIL_URL", server.url.replace("//", "//us:p%C3%A4ss@"))
    server.offers = [*offers, "AUTH CRAM-MD5 PLAIN LOGIN"]
    fates = {}
    notice, letters = a_notice_to(len(FAILURES))
    for number, (stage, answer) in zip(letters, FAILURES, strict=True):
        letter = db.session.get_one(Letter, number)
        letter.due_at = NOW
        db.session.commit()
        server.stage, server.answer = stage, answer
        worker.deliver_due(NOW)
        fates[number] = letter.state
        assert letter.state is expected(stage, answer), (stage, answer, letter.last_error)
        assert letter.last_error
        letter.due_at = NOW + timedelta(days=2)
        letter.claimed_until = letter.claimed_until and letter.due_at
        db.session.commit()
    assert server.taken == 0
    dead = db.session.query(DeadAddress).count()
    assert dead == len(GONE), "only what is said of the reader's address gives it up"

    waited = sum(state is not LetterState.REFUSED for state in fates.values())
    assert account_of(notice) == {Which.WAITING: waited, Which.REFUSED: len(FAILURES) - waited}

    server.stage = ""
    sent = worker.deliver_due(NOW + timedelta(days=2))

    assert (sent, server.taken) == (waited, waited)
    assert account_of(notice) == {Which.SENT: waited, Which.REFUSED: len(FAILURES) - waited}
    left = set(db.session.scalars(select(Letter.id).where(Letter.state == LetterState.SENT)))
    assert left == {number for number, state in fates.items() if state is not LetterState.REFUSED}


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("421 4.3.2 going down", LetterState.QUEUED),
        ("552 5.3.4 too much", LetterState.REFUSED),
        (HANG_UP, None),
    ],
)
def test_a_server_that_breaks_off_in_the_midst_of_the_text_has_not_taken_it(server, is_large, answer, fate):
    """Of a letter that is still being written it cannot have the end; of one that left as a whole nobody can tell."""
    notice, (number, _other) = a_notice_to(2)
    letter = db.session.get_one(Letter, number)
    letter.enclosed = b"Subject: Forwarded\r\n\r\n" + LINE * (LARGE // len(LINE)) if is_large else None
    letter.due_at = NOW
    db.session.commit()
    server.stage, server.answer = TEXT, answer

    assert worker.deliver_due(NOW) == 0

    assert letter.state is (fate or (LetterState.QUEUED if is_large else LetterState.SENDING))
    assert letter.open_ends == (letter.state is LetterState.SENDING)
    assert answer == HANG_UP or letter.last_error == answer
    refused = int(fate is LetterState.REFUSED)
    assert account_of(notice) == {Which.WAITING: 2 - refused} | ({Which.REFUSED: 1} if refused else {})

    server.stage = ""
    assert worker.deliver_due(NOW + timedelta(days=2)) == 2 - refused == server.taken
    assert account_of(notice)[Which.SENT] == 2 - refused


@pytest.mark.parametrize("answer", ["220 go on", "454 no TLS now", "501 no", "554 never", HANG_UP])
def test_broken_encryption_is_no_fault_of_the_letter(server, answer):
    letter = a_letter(0)
    db.session.commit()
    server.offers, server.stage, server.answer = ["STARTTLS"], "STARTTLS", answer
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED


@pytest.mark.parametrize("offers", [[], ["AUTH NTLM"]])
def test_a_server_that_offers_no_way_to_sign_in_is_no_fault_of_the_letter(app, server, monkeypatch, offers):
    monkeypatch.setitem(app.config, "MAIL_URL", server.url.replace("//", "//user:password@"))
    letter = a_letter(0)
    db.session.commit()
    server.offers = offers
    worker.deliver_due(NOW)
    assert letter.state is LetterState.QUEUED
    assert "ASCII" not in (letter.last_error or "")


@OFFERS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "body"])
def test_who_is_not_known_at_first_is_taken_later(server, offers, stage):
    letters = some_of_many(3)
    server.offers, server.stage, server.answer = offers, stage, "451 4.7.1 greylisted, try again"
    assert worker.deliver_due(NOW) == 0
    assert {letter.due_at for letter in letters} == {NOW + timedelta(minutes=1)}

    assert sent_in_the_end(server) == [LetterState.SENT] * 3
    assert server.taken == 3
    assert {letter.attempts for letter in letters} == {2}


@pytest.mark.once
@OFFERS
@pytest.mark.parametrize("answer", ["500 what", "abc", "x" * 9_000, HANG_UP])
def test_a_server_that_forgets_nothing_is_called_anew_for_the_next(server, offers, answer):
    refused, *others = some_of_many(3)
    server.offers = offers
    server.at_rcpt = {refused.to_address: "550 5.1.1 unknown"}
    server.stage, server.answer = "RSET", answer
    assert worker.deliver_due(NOW) == 2
    db.session.expire_all()
    assert [letter.state for letter in (refused, *others)] == [LetterState.REFUSED, LetterState.SENT, LetterState.SENT]
    assert (server.taken, {letter.attempts for letter in others}) == (2, {1})


@OFFERS
def test_a_server_that_closes_after_each_letter_gets_them_all(server, offers):
    letters = some_of_many(5)
    server.offers, server.closes_after_each = offers, True
    assert worker.deliver_due(NOW) == 5
    assert server.taken == 5
    assert {letter.attempts for letter in letters} == {1}


@pytest.mark.once
@pytest.mark.parametrize(
    ("offer", "is_taken"),
    [("SIZE 200", False), ("SIZE 0", True), ("SIZE", True), ("SIZE x", True), (f"SIZE {'9' * 5_000}", True)],
)
def test_what_is_larger_than_a_server_takes_is_refused_and_not_sent(server, offer, is_taken):
    letters = some_of_many(2)
    server.offers = [offer]
    assert worker.deliver_due(NOW) == server.taken == (2 if is_taken else 0)
    db.session.expire_all()
    assert {letter.state for letter in letters} == {LetterState.SENT if is_taken else LetterState.REFUSED}
    assert is_taken or ("MAIL" not in server.heard and "no more than 200" in letters[0].last_error)
    assert db.session.query(DeadAddress).count() == 0


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "offers", "envelope"),
    [
        ("jürgen@example.org", ["SMTPUTF8"], ("SMTPUTF8", "<jürgen@example.org>")),
        ("jürgen@example.org", ["8BITMIME"], ()),
        ("ann@bücher.example", ["SMTPUTF8"], ("", "<ann@xn--bcher-kva.example>")),
        ("ann@bücher.example", ["8BITMIME"], ("", "<ann@xn--bcher-kva.example>")),
    ],
)
def test_letters_other_than_ascii_before_the_at_need_a_server_that_takes_them(server, address, offers, envelope):
    letter = a_letter(0)
    letter.to_address = address
    db.session.commit()
    server.offers = offers

    assert worker.deliver_due(NOW) == server.taken == (1 if envelope else 0)

    db.session.expire_all()
    if envelope:
        mail, recipient = server.envelopes
        assert (mail.partition("> ")[2], recipient.partition(":")[2]) == envelope
        assert letter.state is LetterState.SENT
    else:
        assert server.envelopes == []
        assert (letter.state, "other than ASCII" in letter.last_error) == (LetterState.REFUSED, True)
        assert db.session.query(DeadAddress).count() == 0


@pytest.mark.once
def test_a_certificate_with_another_name_is_no_fault_of_the_letter(app, monkeypatch, certificate, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
    letter = a_letter(0)
    db.session.commit()
    with a_postbox(tls_context=certificate) as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url.replace("127.0.0.1", "127.1"))  # no name of this machine's
        assert worker.deliver_due(NOW) == 0
        assert (letter.state, box.messages) == (LetterState.QUEUED, [])
        assert "ostname mismatch" in letter.last_error

        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        assert worker.deliver_due(letter.due_at) == 1

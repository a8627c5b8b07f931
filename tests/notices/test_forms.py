"""Every form of a notice is read alike, and as it was meant, by two mail programs that share no code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from society.db import db
from society.mail import worker
from society.mail.message import as_html, as_text
from society.mail.models import Letter
from society.notices.copies import copies, copy_for, mailed
from society.notices.letters import letters
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.render import draft, mailbox, ready
from society.notices.sending import send
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.settings import society
from tests.builders import NOW, a_person, an_event
from tests.mail.postbox import a_postbox
from tests.mail.readers import SecondReader, a_second_reader, by_python, mailbox_by_python

NAMES = ("Ann", "Ännchen Öhrli, Dr. phil.", 'Ben "the Bard" Lee', "李" * 40, "=?utf-8?q?Cem?=")
SUBJECT = "Einladung für {{ first_name }}: " + "Größe und Überfluss, von früher bis heute – " * 3
BODY = "Dear {{ name }},\n\nFrom here on it is *über* alles.\n\nFrom Ann\n\n\\>From Ben\n\n.\n\n. dots\n\n{{ society }}"


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondReader]:
    with a_second_reader(tmp_path_factory.mktemp("reader")) as reader:
        yield reader


@pytest.fixture
def notice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Notice:
    """An invitation that calendar programs can answer, since mail is read."""
    monkeypatch.setitem(app.config, "IMAP_URL", "imap://user@localhost")
    society().name = "Gesellschaft für Übersee, Köln"
    for name in NAMES:
        a_person(name)
    author = a_person("Olga", "organizer", email="olga@example.org")
    values = {"kind": NoticeKind.INVITATION, "audience": Audience.EVERYONE, "subject": SUBJECT, "body": BODY}
    made = Notice(event=an_event("Größe"), author=author, created_at=NOW, **values)
    db.session.add(made)
    db.session.flush()
    made.asks = True
    return made


def meant(letter: Letter) -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "from": [[society().name, "office@example.org"]],
        "to": [[letter.to_name, letter.to_address]],
        "bcc": [],
        "reply-to": [["", "olga@example.org"]],
    }


def is_read(found: dict[str, Any], letter: Letter, **other: Any) -> bool:
    """Whether headers, both texts and the file of the event are what was meant."""
    assert {name: found[name] for name in meant(letter)} == meant(letter) | other
    text, html, *files = found["parts"]
    assert (text["kind"], text["text"].rstrip()) == ("text/plain", as_text(letter).rstrip())
    assert (html["kind"], html["text"].rstrip()) == ("text/html", as_html(letter).rstrip())
    told = [(part["kind"], part["method"], part["file"]) for part in files]
    asks = b"METHOD:REQUEST" in (letter.calendar or b"")
    asking = [("text/calendar", "REQUEST", ""), ("application/ics", "", "invite.ics")]
    assert told == (asking if asks else [("text/calendar", "", "event.ics")])
    assert all(part["text"].encode() == (letter.calendar or b"").replace(b"\r\n", b"\n") for part in files)
    return True


def test_one_persons_message_opens_in_both(notice: Notice, second: SecondReader) -> None:
    for person in mailed(notice, NOW):
        letter = copy_for(notice, person, NOW)
        for read in (by_python, second.message):
            found = read(ready(letter))
            assert is_read(found, letter)
            assert "x-unsent" in found["headers"]


def test_an_event_as_a_file_opens_in_both(notice: Notice, second: SecondReader) -> None:
    notice.asks = False
    (letter,) = letters(notice, mailed(notice, NOW, 1), NOW)
    assert b"METHOD" not in (letter.calendar or b"")
    assert is_read(by_python(ready(letter)), letter)
    assert is_read(second.message(ready(letter)), letter)


def test_a_mailbox_is_parted_right_by_both(notice: Notice, second: SecondReader, tmp_path: Path) -> None:
    sent = list(copies(notice, NOW))
    body = b"".join(mailbox(sent))
    (tmp_path / "notice.mbox").write_bytes(body)

    for found in (mailbox_by_python(tmp_path / "notice.mbox"), second.mailbox(body)):
        assert len(found) == len(sent) == len(NAMES) + 1
        assert all(is_read(read, letter) for read, letter in zip(found, sent, strict=True))


def test_a_draft_to_all_opens_in_both_with_everyone_out_of_sight(notice: Notice, second: SecondReader) -> None:
    people = [*mailed(notice, NOW), *(a_person(email=f"reader{n}@bücher.example") for n in range(100))]
    letter = copy_for(notice, None, NOW)
    us = [[society().name, "office@example.org"]]
    everyone = [["", str(person.email).replace("bücher", "xn--bcher-kva")] for person in people]

    for read in (by_python, second.message):
        found = read(draft(letter, people, NOW))
        assert is_read(found, letter, to=us, bcc=everyone)
        assert "x-unsent" in found["headers"]


def test_what_a_mail_server_took_in_opens_in_both(
    app: Flask, notice: Notice, second: SecondReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(notice, NOW)
    db.session.commit()
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        assert worker.deliver_due(NOW) == len(NAMES) + 1
    to = {letter.to_address: letter for letter in db.session.query(Letter)}
    for recipient, message in zip(box.recipients, box.received, strict=True):
        assert is_read(by_python(message), to[recipient])
        assert is_read(second.message(message), to[recipient])


def test_an_answers_own_invitation_opens_in_both(notice: Notice, second: SecondReader) -> None:
    ann = mailed(notice, NOW)[0]
    db.session.add(
        Rsvp(event=notice.event, person=ann, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW)
    )
    db.session.flush()
    letter = copy_for(notice, ann, NOW)
    assert is_read(by_python(ready(letter)), letter)
    assert is_read(second.message(ready(letter)), letter)

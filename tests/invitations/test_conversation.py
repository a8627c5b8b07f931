"""A whole conversation over real servers: letters go out by SMTP, answers come in by IMAP."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from society.db import db
from society.errors import Refused
from society.invitations import mailbox
from society.mail.actions import write
from society.mail.models import Letter
from society.mail.queries import is_dead
from society.mail.worker import deliver_due
from society.notices.actions import alter, cancel
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from society.people.models import Person
from society.rsvps.feed import refresh
from society.rsvps.last_day import is_night
from society.rsvps.queries import seated
from society.rsvps.waiting import waiting
from society.settings import society
from society.times import now, to_utc
from tests.builders import NEXT_MONTH, a_person, an_event
from tests.certificates import proving_by, self_signed
from tests.invitations.imap import NAMESPACE, Mailbox, an_imap_server
from tests.invitations.shapes import PROGRAMS, an_answer
from tests.mail.postbox import Postbox, a_postbox


class Talk:
    """Both ends of it: the society's program, and its readers' calendars."""

    def __init__(self, postbox: Postbox, box: Mailbox) -> None:
        self.postbox, self.box = postbox, box

    def delivered(self) -> dict[str, tuple[str, Any]]:
        """What each reader's calendar program finds in the newest letter: METHOD and VEVENT."""
        db.session.commit()
        at = now() + timedelta(hours=12)  # after the hold
        deliver_due(at + timedelta(hours=9) if is_night(society().zone, at) else at)  # news of a seat leaves by day
        return {str(message["To"].addresses[0].addr_spec): _invitation(message) for message in self.postbox.messages}

    def answer(self, person: Person, says: str, program: str, **given: object) -> str:
        """The person says so in their calendar, which mails it; the society reads its mailbox."""
        calendar = next(m for m in reversed(self.postbox.messages) if person.email in str(m["To"]))
        letter = Letter(calendar=_bytes(calendar), to_address=person.email)
        self.box.deliver(an_answer(letter, says, now(), program=program, **given))
        db.session.commit()
        (line,) = mailbox.poll()
        db.session.expire_all()
        return line


def _bytes(message: Any) -> bytes:
    return bytes(next(part for part in message.walk() if part.get_filename() == "invite.ics").get_content())


def _invitation(message: Any) -> tuple[str, Any]:
    calendar = Calendar.from_ical(_bytes(message))
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


@pytest.fixture(scope="module")
def imap_port() -> Iterator[int]:
    with an_imap_server() as port:
        yield port


@pytest.fixture
def talk(app: Flask, imap_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    box = Mailbox(imap_port)
    with a_postbox() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", postbox.url)
        monkeypatch.setitem(app.config, "IMAP_URL", box.url)
        yield Talk(postbox, box)


def test_invited_answered_moved_declined_promoted_called_off(talk: Talk) -> None:
    event, olga = an_event("Evening", capacity=4), a_person("Olga", "organizer", email=None)
    refresh(event, now())
    *ann_to_dan, eve, frank = people = [a_person() for _ in range(6)]
    invite(event, by=olga)
    first = talk.delivered()
    assert {first[p.email][0] for p in people} == {"REQUEST"}
    assert {first[p.email][1]["ATTENDEE"].params["PARTSTAT"] for p in people} == {"NEEDS-ACTION"}

    for person, program in zip([*ann_to_dan, eve], [*PROGRAMS, "google"], strict=True):
        assert talk.answer(person, "ACCEPTED", program).startswith("Taken: yes")
    assert (seated(event), waiting(event)) == (ann_to_dan, [eve])
    answered = talk.delivered()
    standing = ["ACCEPTED"] * 4 + ["TENTATIVE", "NEEDS-ACTION"]
    assert [answered[p.email][1]["ATTENDEE"].params["PARTSTAT"] for p in people] == standing

    alter(event, lambda: move(event), by=olga, now=now())
    moved = talk.delivered()
    for person in people:
        method, entry = moved[person.email]
        assert (method, entry["UID"], entry["DTSTART"].dt.hour) == ("REQUEST", event.uid, 19)
        assert entry["SEQUENCE"] > first[person.email][1]["SEQUENCE"]

    assert talk.answer(ann_to_dan[0], "DECLINED", "apple").startswith("Taken: no")
    assert seated(event)[-1] == eve
    assert waiting(event) == []
    after = talk.delivered()
    assert after[ann_to_dan[0].email][0] == "CANCEL"
    assert after[eve.email][1]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"

    asks_and_is_told(talk, eve, after[eve.email][1]["SEQUENCE"])

    cancel(event, by=olga, now=now())
    off = talk.delivered()
    assert {off[person.email][0] for person in people} == {"CANCEL"}
    assert [off[p.email][1].get("STATUS") for p in people] == [None] + ["CANCELLED"] * 5
    assert {str(entry["ORGANIZER"]) for _, entry in (first[frank.email], off[frank.email])} == {
        str(moved[frank.email][1]["ORGANIZER"])
    }
    assert (talk.box.count("INBOX"), talk.box.count("Handled")) == (0, 8)


def asks_and_is_told(talk: Talk, person: Person, sequence: int) -> None:
    """Another time is proposed, and the event asked for: each is answered by the invitation as it stands."""
    proposed = talk.answer(person, "TENTATIVE", "google", method="COUNTER")
    assert proposed.startswith("Answered by letter: Your calendar proposed another time.")
    asked = talk.answer(person, "NEEDS-ACTION", "outlook", method="REFRESH")
    assert asked.startswith("Answered by letter: Your calendar asked for the event")
    method, entry = talk.delivered()[person.email]
    assert (method, entry["ATTENDEE"].params["PARTSTAT"], entry["SEQUENCE"]) == ("REQUEST", "ACCEPTED", sequence)


def invite(event: Any, *, by: Person) -> None:
    """Everyone, by a notice."""
    notice = Notice(kind=NoticeKind.INVITATION, audience=Audience.EVERYONE, event=event, author=by, created_at=now())
    notice.subject, notice.body = "You are invited: {{ event_title }}", "Come, {{ first_name }}: {{ rsvp_link }}"
    db.session.add(notice)
    send(notice, now())


def move(event: Any) -> None:
    """An hour earlier."""
    event.starts, event.ends = NEXT_MONTH - timedelta(hours=1), NEXT_MONTH
    event.starts_at, event.ends_at = to_utc(event.starts, event.zone), to_utc(event.ends, event.zone)


def test_what_is_for_people_waits_in_a_folder_as_it_arrived(talk: Talk) -> None:
    raw = b"Subject: Hello\r\nFrom: reader@example.org\r\n\r\nWhen is it?\r\n"
    talk.box.deliver(raw)

    assert list(mailbox.poll()) == ["This is a letter to none of our organizers; it is left for people to read."]

    with talk.box.open("Unsorted") as box:
        (left,) = box.fetch(mark_seen=False)
        assert left.obj.as_bytes().replace(b"\r\n", b"\n") == raw.replace(b"\r\n", b"\n")
        assert "\\Seen" not in left.flags
    assert list(mailbox.poll()) == []


def test_a_letter_goes_out_and_its_bounce_comes_in(talk: Talk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "back.example.org")
    ann = a_person()
    write(ann, "password_changed", "once", now=now())
    db.session.commit()
    deliver_due(now() + timedelta(minutes=10))  # after the hold of what tells of a change
    status = f"Final-Recipient: rfc822; {ann.email}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    head = f"To: {talk.postbox.senders[-1]}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
    talk.box.deliver(f"{head}--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n--b--\r\n".encode())

    (line,) = mailbox.poll()

    assert line.endswith("came back, as there is no such address.")
    assert is_dead(ann.email)
    assert (talk.box.count("INBOX"), talk.box.count("Handled")) == (0, 1)


def test_folders_go_where_the_server_keeps_them(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with an_imap_server(NAMESPACE) as port:
        box = Mailbox(port)
        monkeypatch.setitem(app.config, "IMAP_URL", box.url)
        box.deliver(b"Subject: Hello\r\n\r\nWhen is it?\r\n")

        assert len(list(mailbox.poll())) == 1
        assert (box.count("INBOX"), box.count("INBOX.Unsorted")) == (0, 1)


def test_who_is_not_let_in_is_told_in_one_sentence(app: Flask, imap_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("guessed", "geheimn%C3%BCsse"):
        monkeypatch.setitem(app.config, "IMAP_URL", f"imap://ann:{wrong}@127.0.0.1:{imap_port}/INBOX")
        with pytest.raises(Refused) as refused:
            list(mailbox.poll())
        sentence = "The mailbox at 127.0.0.1 does not let ann in: [AUTHENTICATIONFAILED] Authentication failed."
        assert str(refused.value) == sentence


def test_no_password_is_told_to_a_server_that_does_not_prove_who_it_is(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_postbox_behind(proving_by(self_signed(tmp_path, "mail.example.org"))) as port:
        monkeypatch.setitem(app.config, "IMAP_URL", f"imaps://ann:secret@127.0.0.2:{port}/INBOX")
        with pytest.raises(Refused, match="certificate verify failed"):
            list(mailbox.poll())


def test_a_mailbox_that_answers_in_drops_is_not_listened_to_for_ever(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LONGEST", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setitem(app.config, "IMAP_URL", f"imap://ann:secret@127.0.0.1:{listening.getsockname()[1]}/INBOX")

        def drop() -> None:
            with suppress(OSError), listening.accept()[0] as connection:
                while connection.send(b"*"):
                    time.sleep(0.05)

        dropping = Thread(target=drop)
        dropping.start()
        with pytest.raises(Refused, match=r"timed out|it was not done"):
            list(mailbox.poll())
        dropping.join(5)
        assert not dropping.is_alive()


@contextmanager
def a_postbox_behind(context: ssl.SSLContext) -> Iterator[int]:
    """Something that greets like a mailbox once the other end trusts its certificate."""

    def greet() -> None:
        with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True) as inside:
            inside.sendall(b"* OK Welcome\r\n")
            inside.recv(100)

    with socket.create_server(("127.0.0.2", 0)) as listening:
        thread = Thread(target=greet)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        *("", "https://mail.example.org", "imap://answers:secret@127.0.0.1:1/INBOX"),
        *("imaps://a:secret@127.0.0.1:99999/", "imaps://a:secret@[::1", "imaps:///INBOX"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_one_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(app.config, "IMAP_URL", url)
    with pytest.raises(Refused, match=r"IMAP_URL|does not answer") as refused:
        list(mailbox.poll())
    assert "secret" not in str(refused.value)

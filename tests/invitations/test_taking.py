"""What becomes of answers that calendar programs mail back, and of all else that arrives."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from society.db import db
from society.errors import Refused
from society.invitations import cli, mailbox
from society.invitations.actions import OLDER, take
from society.invitations.models import ReceivedMessage
from society.invitations.reading import LARGEST, Unsorted
from society.mail.models import Letter
from society.notices.actions import alter, cancel
from society.people.actions import change_email, one_time_link
from society.people.models import Person, Purpose
from society.records.actions import erase
from society.records.mentions import Particulars, mentions
from society.records.personal_data import kept_on
from society.rsvps.actions import reply, withdraw
from society.rsvps.copies import addresses_of_copies
from society.rsvps.feed import refresh
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import history, rsvp_of, seated
from tests.builders import NEXT_MONTH, NOW, a_person, an_event, letters_to
from tests.invitations.shapes import PROGRAMS, an_answer
from tests.invitations.test_conversation import move
from tests.invitations.test_sending import invited, last_letter

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def going(**values: Any) -> tuple[Any, Person, Letter]:
    """Someone who said yes, and the invitation they were sent."""
    event, ann = an_event("Evening", **values), a_person()
    refresh(event, NOW)
    reply(event, ann, Answer.YES, at=NOW)
    return event, ann, last_letter(ann)


def letters() -> int:
    return db.session.scalar(select(func.count()).select_from(Letter)) or 0


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_s_answer_is_the_person_s_own(program):
    event, ann, letter = going()

    assert take(an_answer(letter, "DECLINED", LATER, program=program), LATER).startswith("Taken: no")

    rsvp = rsvp_of(event, ann)
    assert (rsvp.status, rsvp.answer) == (RsvpStatus.DECLINED, Answer.NO)
    step = db.session.scalars(history(rsvp)).all()[-1]
    assert (step.actor_id, step.reason) == (ann.id, "Answered no. By calendar.")
    assert invited(ann)[0] == "CANCEL"


def test_a_full_event_is_accepted_into_its_queue_and_the_mail_back_says_so():
    event, ann, letter = going(capacity=1)
    take(an_answer(letter, "DECLINED", LATER), LATER)
    reply(event, a_person(), Answer.YES, at=LATER)

    take(an_answer(letter, "ACCEPTED", LATER + timedelta(minutes=1)), LATER + timedelta(minutes=1))

    assert rsvp_of(event, ann).status is RsvpStatus.WAITLISTED
    assert letters_to(ann)[-1] == "You are on the waiting list: Evening"
    assert invited(ann)[1]["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"


def test_accepting_again_while_waiting_is_told_that_nothing_has_changed():
    event = an_event(capacity=1)
    refresh(event, NOW)
    ben = a_person()
    reply(event, a_person(), Answer.YES, at=NOW)
    reply(event, ben, Answer.YES, at=NOW)

    take(an_answer(last_letter(ben), "ACCEPTED", LATER), LATER)

    assert "stands as it did" in last_letter(ben).body
    assert invited(ben)[1]["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"


def test_a_calendar_that_accepts_by_itself_what_it_is_mailed_is_answered_once_a_day():
    """Rooms do so; each answer would else bring another letter, which is accepted too."""
    event, ben, noon = an_event(capacity=1), a_person(), NOW.replace(hour=12)
    refresh(event, noon)
    reply(event, a_person(), Answer.YES, at=noon)
    reply(event, ben, Answer.YES, at=noon)
    said = []
    for minutes in (1, 2, 3, 24 * 60 + 4):
        at = noon + timedelta(minutes=minutes)
        said.append(take(an_answer(last_letter(ben), "ACCEPTED", at), at).partition(":")[0])
    assert said == ["Answered by letter", "Not answered again", "Not answered again", "Answered by letter"]


def test_who_accepts_what_was_called_off_without_a_word_is_told_so():
    event, ann, letter = going()
    olga = a_person("Olga", "organizer", email=None)
    alter(event, lambda: move(event), by=olga, now=NOW)
    cancel(event, by=olga, now=LATER, tell=False)

    assert "This event is cancelled" in take(an_answer(letter, "ACCEPTED", LATER), LATER)

    assert invited(ann)[0] == "CANCEL"
    assert take(an_answer(letter, "TENTATIVE", LATER), LATER) == "Ignored: older than what is known."


def test_a_late_answer_is_refused_by_letter():
    event, ann, letter = going()
    withdraw(rsvp_of(event, ann), LATER)
    event.rsvp_deadline, event.rsvp_closes_at = event.starts, LATER

    take(an_answer(letter, "ACCEPTED", LATER), LATER + timedelta(hours=1))

    assert rsvp_of(event, ann).status is RsvpStatus.CANCELLED
    assert "Answers closed on" in last_letter(ann).body.replace("\\", "")


def test_why_an_answer_is_refused_is_said_in_its_readers_language():
    event, ann, letter = going()
    ann.language = "de"
    withdraw(rsvp_of(event, ann), LATER)
    event.rsvp_deadline, event.rsvp_closes_at = event.starts, LATER

    take(an_answer(letter, "ACCEPTED", LATER), LATER + timedelta(hours=1))

    body = last_letter(ann).body.replace("\\", "")
    assert "Antworten waren bis " in body
    assert "Answers" not in body


def test_an_answer_that_is_older_than_the_last_is_ignored():
    event, ann, letter = going()
    take(an_answer(letter, "DECLINED", LATER), LATER)
    before = letters()
    assert take(an_answer(letter, "ACCEPTED", NOW), LATER) == "Ignored: older than what is known."
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
    assert letters() == before


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_that_is_older_than_what_they_said_on_a_page_is_ignored_though_that_changed_nothing(program):
    event, ann, letter = going()
    reply(event, ann, Answer.YES, at=LATER)
    earlier = LATER - timedelta(minutes=1)
    arrives = LATER + timedelta(hours=1)
    assert take(an_answer(letter, "DECLINED", earlier, program=program), arrives) == OLDER
    assert seated(event) == [ann]
    assert take(an_answer(letter, "DECLINED", LATER, program=program), arrives).startswith("Taken: no")


def test_what_is_older_than_an_answer_that_was_asked_again_is_ignored():
    event, ann, letter = going()
    alter(event, lambda: move(event), by=a_person("Olga", "organizer", email=None), now=LATER)
    assert "please answer once more" in take(an_answer(letter, "TENTATIVE", LATER), LATER)
    assert take(an_answer(letter, "DECLINED", NOW), LATER) == OLDER
    assert seated(event) == [ann]


def changed_for(ann, event):
    """The letter about another room, which is in their calendar by now."""
    olga = a_person("Olga", "organizer", email=None)
    alter(event, lambda: setattr(event, "room", "Room 221"), by=olga, now=NOW + timedelta(minutes=1))
    return last_letter(ann)


@pytest.mark.parametrize(
    ("before", "says"), [("DECLINED", "ACCEPTED"), ("TENTATIVE", "ACCEPTED"), ("ACCEPTED", "TENTATIVE")]
)
def test_a_program_that_was_left_behind_changes_no_answer_to_a_later_revision_and_is_asked_again(before, says):
    """By the order of RFC 5546, 2.1.5: what answers a later revision is later."""
    event, ann, old = going()
    new = changed_for(ann, event)
    take(an_answer(new, before, LATER), LATER)
    stood = rsvp_of(event, ann).status
    later = LATER + timedelta(hours=1)

    line = take(an_answer(old, says, later), later)

    assert line.startswith("Answered by letter: Your calendar answered for the event as it was before your last answer")
    assert rsvp_of(event, ann).status is stood
    assert take(an_answer(old, says, LATER - timedelta(minutes=1)), later) == OLDER
    assert take(an_answer(old, "DECLINED", later), later).startswith("Taken: no")
    assert take(an_answer(new, says, later), later).startswith("Taken")


def test_a_program_that_forgets_the_revision_or_invents_one_stands_in_nobody_s_way():
    event, ann, old = going()
    new = changed_for(ann, event)
    for letter, says, sequence in ((new, "TENTATIVE", 999), (new, "ACCEPTED", event.sequence), (old, "TENTATIVE", "")):
        assert take(an_answer(letter, says, LATER, sequence=sequence), LATER).startswith("Taken")


def test_what_others_settle_for_them_is_no_answer_of_theirs():
    event, ann, letter = going()
    reply(event, ann, Answer.YES, party_size=1, at=LATER, by=a_person("Olga", "organizer", email=None))
    assert take(an_answer(letter, "DECLINED", NOW), LATER).startswith("Taken: no")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_yes_to_another_place_counts_and_brings_the_event_as_it_is(program):
    event, ann, letter = going()
    olga = a_person("Olga", "organizer", email=None)
    alter(event, lambda: setattr(event, "room", "Room 221"), by=olga, now=LATER, tell=False)

    assert take(an_answer(letter, "ACCEPTED", LATER, program=program), LATER).startswith("Taken: yes")

    assert "the place in it is no longer that of the event" in last_letter(ann).body
    assert invited(ann)[1]["LOCATION"] == "Room 221"
    before = letters()
    take(an_answer(last_letter(ann), "ACCEPTED", LATER, program=program), LATER)
    assert letters() == before


@pytest.mark.parametrize("says", ["DECLINED", "ACCEPTED", "TENTATIVE"])
def test_an_answer_to_what_has_changed_since_without_a_word_counts_and_brings_the_event_as_it_is(says):
    """Whoever organizes decides what an answer to an earlier revision counts (RFC 5546, 2.1.4). Were it dropped, nobody
    could answer in a calendar any more once an event was moved without writing to its guests, as no calendar knows
    the sequence that it would have to name."""
    event, ann, letter = going()
    alter(event, lambda: move(event), by=a_person("Olga", "organizer", email=None), now=LATER, tell=False)

    assert take(an_answer(letter, says, LATER), LATER).startswith("Taken: ")

    answer = {"DECLINED": Answer.NO, "ACCEPTED": Answer.YES, "TENTATIVE": Answer.MAYBE}[says]
    assert rsvp_of(event, ann).answer is answer
    entry = invited(ann)[1]
    assert entry["DTSTART"].dt.hour == event.starts.hour
    assert ("the place in it is no longer that of the event" in last_letter(ann).body) is (says == "ACCEPTED")
    before = letters()
    assert take(an_answer(last_letter(ann), says, LATER), LATER).startswith("Taken: ")
    assert letters() == before, "its calendar has the event as it is"


def test_a_yes_to_the_time_before_the_one_that_they_were_told_of_is_asked_again_and_a_no_counts():
    event, ann, letter = going()
    withdraw(rsvp_of(event, ann), NOW)
    reply(event, ann, Answer.MAYBE, at=NOW)
    alter(event, lambda: move(event), by=a_person("Olga", "organizer", email=None), now=LATER)
    moved = last_letter(ann)

    assert "please answer once more" in take(an_answer(letter, "ACCEPTED", LATER), LATER)
    assert rsvp_of(event, ann).answer is Answer.MAYBE
    assert invited(ann)[1]["DTSTART"].dt.hour == event.starts.hour

    assert take(an_answer(moved, "ACCEPTED", LATER), LATER).startswith("Taken: yes")
    assert take(an_answer(letter, "DECLINED", LATER), LATER).startswith("Taken: no")


def test_a_yes_to_what_was_the_same_time_counts_though_they_were_told_of_a_change():
    event, ann, letter = going()
    reply(event, ann, Answer.NO, at=NOW)
    reply(event, ann, Answer.MAYBE, at=NOW)
    olga = a_person("Olga", "organizer", email=None)
    alter(event, lambda: setattr(event, "room", "Room 221"), by=olga, now=NOW)
    assert invited(ann)[1]["SEQUENCE"] > 2

    assert take(an_answer(letter, "ACCEPTED", LATER), LATER).startswith("Taken: yes")


def test_an_answer_in_another_s_name_changes_nothing_and_is_told_to_the_invited_alone():
    event, ann, letter = going()
    take(an_answer(letter, "DECLINED", LATER, reader="mallory@example.org"), LATER)

    assert seated(event) == [ann]
    assert "mallory@example.org" in last_letter(ann).body.replace("\\", "")
    assert db.session.scalars(select(Letter.to_address)).unique().all() == [ann.email]


def test_a_calendar_answers_by_the_address_that_the_invitation_went_to_after_it_has_changed_until_all_is_erased():
    event, ann, letter = going()
    secret = one_time_link(ann, Purpose.NEW_EMAIL, NOW, new_email="new@example.org")
    change_email(secret, NOW)

    assert take(an_answer(letter, "DECLINED", LATER), LATER).startswith("Taken: no")

    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
    assert last_letter(ann).to_address == "new@example.org"
    assert letter.to_address in str(kept_on(ann)["letters"])
    assert addresses_of_copies(ann) == {letter.to_address, "new@example.org"}
    known = Particulars.of(ann)
    erase(ann, mentions(known), known, by=a_person("Ada", "admin"), now=LATER)
    assert addresses_of_copies(ann) == set()


def test_a_forged_token_is_nobody_s():
    event, ann, letter = going()
    raw = an_answer(letter, "DECLINED", LATER, organizer=f"answer+{rsvp_of(event, ann).id}-{'a' * 24}@x.example.org")
    with pytest.raises(Unsorted):
        take(raw, LATER)
    assert seated(event) == [ann]


@pytest.mark.parametrize(
    ("method", "says"), [("COUNTER", "proposed another time"), ("REFRESH", "asked for the event as it is now")]
)
def test_other_questions_are_answered_with_the_invitation_as_it_stands(method, says):
    event, ann, letter = going()
    take(an_answer(letter, "TENTATIVE", LATER, method=method), LATER)

    assert says in last_letter(ann).body
    assert f"/events/{event.slug}" in last_letter(ann).body
    assert invited(ann)[1]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert seated(event) == [ann]


def test_an_answer_for_one_date_of_many_changes_nothing():
    event, ann, letter = going()
    take(an_answer(letter, "DECLINED", LATER, extra="RECURRENCE-ID:20261231T200000Z\n"), LATER)
    assert "one date" in last_letter(ann).body
    assert seated(event) == [ann]


def test_an_answer_for_one_day_of_an_event_of_several_days_is_told_that_it_is_one_event():
    event, ann, letter = going(ends=NEXT_MONTH + timedelta(days=2, hours=2), daily=True)
    take(an_answer(letter, "DECLINED", LATER, extra="RECURRENCE-ID:20261231T200000Z\n"), LATER)
    assert "one day of an event that lasts several" in last_letter(ann).body
    assert seated(event) == [ann]


@pytest.mark.parametrize(
    ("address", "answers_as"),
    [
        ("ann@exämple.example", "ann@xn--exmple-cua.example"),
        ("ann@xn--exmple-cua.example", "ann@exämple.example"),
        ("jürgen@exämple.example", "j%C3%BCrgen@xn--exmple-cua.example"),
        ("a&b@example.org", "a%26b@example.org"),
    ],
)
def test_an_address_is_known_in_each_of_its_forms(address, answers_as):
    ann, event = a_person(email=address), an_event("Evening")
    refresh(event, NOW)
    reply(event, ann, Answer.YES, at=NOW)

    assert invited(ann)[1]["ATTENDEE"].isascii() is ("ü" not in address)
    assert take(an_answer(last_letter(ann), "DECLINED", LATER, reader=answers_as), LATER).startswith("Taken: no")


def test_each_message_counts_once():
    _, _, letter = going()
    raw = an_answer(letter, "REFRESH", LATER, method="REFRESH")
    take(raw, LATER)
    before = letters()
    assert take(raw, LATER) == "Dealt with before."
    assert letters() == before
    assert db.session.query(ReceivedMessage).count() == 1


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-replied", "Precedence: bulk", "From: The Test Society <OFFICE@example.org>"]
)
def test_what_programs_write_by_themselves_is_dropped(header):
    event, ann, letter = going()
    raw = an_answer(letter, "DECLINED", LATER, program="thunderbird")
    raw = header.encode() + b"\r\n" + (raw.split(b"\r\n", 1)[1] if header.startswith("From") else raw)

    assert take(raw, LATER).startswith("Dropped")
    assert seated(event) == [ann]


def hostile(letter: Letter) -> dict[str, bytes]:
    """What nobody should be able to trip it with."""
    plain = an_answer(letter, "DECLINED", LATER, program="thunderbird")
    head = plain.partition(b"\r\n\r\n")[0]
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(50)
    )
    return {
        "nothing": b"",
        "no calendar": b"Subject: Hello\r\n\r\nWhen is it?\r\n",
        "broken base64": head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=A==\xff" * 99,
        "too large": plain + b"x" * LARGEST,
        "nested deep": nested,
        "nested deeper": nested * 40,
        "methods differ": plain.replace(b"METHOD:REPLY", b"METHOD:REQUEST"),
        "no lines end": b"Content-Type: text/calendar\r\n\r\n" + b"ATTENDEE;X=" * 20_000,
    }


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "no calendar",
        "broken base64",
        "too large",
        "nested deep",
        "nested deeper",
        "methods differ",
        "no lines end",
    ],
)
def test_what_is_none_of_ours_is_left_with_a_sentence(name):
    event, ann, letter = going()
    with pytest.raises(Unsorted):
        take(hostile(letter)[name], LATER)
    assert seated(event) == [ann]


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"charset=UTF-8", b"charset=klingon"),
        (b"charset=UTF-8", b"name*=klingon''%ff%; charset*0*=x''\xff"),
        (b"SUMMARY", b"SUM\0MARY"),
        (b"\r\n", b"\n"),
        (
            b"BEGIN:VEVENT\r\n",
            b"BEGIN:VEVENT\r\nUID:another\r\nDTSTART:9\r\nSEQUENCE:x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n",
        ),
    ],
)
def test_what_surrounds_an_answer_does_not_hide_it(there, instead):
    _, _, letter = going()
    raw = an_answer(letter, "DECLINED", LATER, program="thunderbird")
    assert there in raw
    assert take(raw.replace(there, instead), LATER).startswith("Taken: no")


def test_the_command_takes_a_file_and_keeps_what_is_for_people_to_read(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, ann, letter = going()
    answer, other = tmp_path / "answer.eml", tmp_path / "other.eml"
    answer.write_bytes(an_answer(letter, "DECLINED", LATER))
    other.write_bytes(b"Subject: Hello\r\n\r\nWhen is it?\r\n")
    db.session.commit()
    runner = app.test_cli_runner()

    assert runner.invoke(args=["mail", "receive", str(answer)]).output.startswith("Taken: no")
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    for _ in range(2):  # as mail servers hand over again what they are not sure of
        left = runner.invoke(args=["mail", "receive", str(other)])
        assert left.exit_code == 0  # at any other status they would send it back to its writer
        assert "left for people to read" in left.output
    [kept] = (tmp_path / "unsorted").iterdir()
    assert kept.read_bytes() == other.read_bytes()
    assert str(kept) in left.output
    monkeypatch.setattr(app, "instance_path", str(answer))  # no folder can be made in a file
    assert runner.invoke(args=["mail", "receive", str(other)]).exit_code == 75
    other.write_bytes(b"x" * (LARGEST + 1))
    assert isinstance(runner.invoke(args=["mail", "receive", str(other)]).exception, Refused)
    db.session.rollback()
    db.session.expire_all()
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED


def test_what_nobody_foresaw_keeps_no_other_message_waiting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(mailbox, "take", fails)
    line, folder = mailbox._dealt_with(b"From: a@example.org\r\n\r\nHello")

    assert (line, folder) == ("Not understood: it is left for people to read.", mailbox.UNSORTED)


def test_what_nobody_foresaw_is_kept_and_not_sent_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_args: object) -> str:
        raise RuntimeError("A secret.")

    monkeypatch.setattr(cli, "take", fails)
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    db.session.rollback()
    tried = app.test_cli_runner().invoke(args=["mail", "receive"], input=b"From: a@example.org\r\n\r\nHello")

    [kept] = (tmp_path / "unsorted").iterdir()
    assert (tried.exit_code, tried.stdout) == (
        0,
        f"Not understood: it is left for people to read. It is kept as {kept}.\n",
    )
    assert kept.read_bytes().endswith(b"Hello")


REPORTS = [
    b"From: Mail Delivery System <Mailer-Daemon@mx.example.org>\r\nAuto-Submitted: auto-replied\r\n"
    b"X-Failed-Recipients: ann@example.org\r\n\r\nA message that you sent could not be delivered.\r\n",
    b"From: MAILER-DAEMON@mx.example.org\r\nPrecedence: bulk\r\n\r\nHi. This is the qmail-send program.\r\n",
    b"From: postmaster@mx.example.org\r\nAuto-Submitted: auto-generated\r\n\r\nYour message did not reach ann.\r\n",
    b"From: mx@example.org\r\nAuto-Submitted: auto-replied\r\n"
    b"Content-Type: multipart/report; boundary=b\r\n\r\n--b--\r\n",
]


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_about_a_letter_is_left_for_people_and_not_dropped_as_automatic(report):
    with pytest.raises(Unsorted, match="report about a letter"):
        take(report, NOW)

"""What follows when a letter comes back, is answered, or asks to be left alone."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.bounces.actions import tell_of_dead_addresses
from society.db import db
from society.invitations import forwarding
from society.invitations.actions import DROPPED, take
from society.invitations.reading import Unsorted
from society.invitations.sorting import our_address
from society.mail.actions import bury, write
from society.mail.message import message
from society.mail.models import DeadAddress, Letter, MailingList
from society.mail.queries import is_dead, wants
from society.mail.returns import leave_address, return_address
from society.mail.sign_in import ask_to_verify
from society.mail.wording import unescaped
from society.mail.worker import deliver_due
from society.notices.going import Which, progress
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from society.records.erasing import blank
from society.rsvps.actions import ask_guest, confirm, reply
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from tests.bounces.test_reading import EXIM, by_the_book
from tests.builders import NOW, a_person, an_event, letters_to
from tests.mail.postbox import a_postbox

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def mail_is_read(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "back.example.org")


@pytest.fixture
def ann(app):
    return a_person("Ann", email="ann@example.org")


@pytest.fixture
def notice(ann):
    made = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, subject="News", body="Dear {{ name }},")
    made.created_at, made.author = NOW, a_person("Ora", "organizer", email="ora@example.org")
    db.session.add(made)
    db.session.flush()
    send(made, NOW)
    db.session.commit()
    return made


def letter_to(person):
    return db.session.scalars(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id.desc())).first()


def sent_back(letter, raw=None, *, to=None):
    """The report as it comes in: to the letter's own address, with its Message-ID."""
    named = (raw or by_the_book()).replace(b"<abc@example.org>", letter.message_id.encode())
    return f"To: {to or return_address(letter).upper()}\r\n".encode() + named


def test_the_envelope_names_the_letter_and_its_bounce_gives_the_address_up(ann, notice, app, monkeypatch):
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        deliver_due(NOW)
    letter = letter_to(ann)
    assert return_address(letter) in box.senders

    assert take(sent_back(letter), LATER) == f"Noted: letter {letter.id} came back, as there is no such address."
    take(sent_back(letter), LATER + timedelta(hours=1))

    assert (letter.bounced_at, letter.state) == (LATER, "sent")
    assert is_dead("ann@example.org")
    assert progress(notice, NOW).numbers[Which.CAME_BACK] == 1
    assert write(ann, "password_changed", "again", now=LATER) is None


def test_a_bounce_to_no_address_of_ours_counts_if_it_knows_letter_and_reader(ann, notice):
    letter = letter_to(ann)
    assert take(sent_back(letter, EXIM, to="office@example.org"), LATER).startswith("Noted")
    assert is_dead("ann@example.org")


@pytest.mark.parametrize("written", ["ann@xn--bcher-kva.example", "Ann@Bücher.example", "utf-8; ann@bücher.example"])
def test_a_domain_in_other_scripts_is_known_whichever_way_it_is_written(notice, written):
    ann = a_person(email="ann@bücher.example")
    write(ann, "password_changed", "r", now=NOW)
    kind = "" if ";" in written else "rfc822; "
    raw = by_the_book(recipient=f"Final-Recipient: {kind}{written}")
    assert take(sent_back(letter_to(ann), raw, to="office@example.org"), LATER).startswith("Noted")
    assert is_dead(ann.email)


def test_where_only_a_mailbox_is_read_letters_come_back_behind_a_plus_of_its_address(ann, notice, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "")
    letter = letter_to(ann)
    assert (return_address(letter), leave_address(letter)) == (None, None)

    monkeypatch.setitem(app.config, "IMAP_URL", "imaps://office:secret@imap.example.org")
    local, _, domain = our_address().partition("@")
    for address in (return_address(letter), leave_address(letter)):
        assert re.fullmatch(rf"{re.escape(local)}\+{letter.id}-[a-z2-7]{{24}}@{re.escape(domain)}", address)
    assert f"<mailto:{leave_address(letter)}>" in str(message(letter)["List-Unsubscribe"])
    assert take(sent_back(letter), LATER).endswith("as there is no such address.")
    assert take(f"From: x@y.example\r\nTo: {leave_address(letter)}\r\n\r\n".encode(), LATER).startswith("Taken")

    monkeypatch.setitem(app.config, "MAIL_FROM", f"{'o' * 60}@example.org")
    assert return_address(letter) is None, "nobody takes what is longer than 64 characters before the @"


def test_nobody_has_anothers_address_given_up(ann, notice):
    letter, own = letter_to(ann), letter_to(notice.author)
    forged = return_address(letter).replace(f"+{letter.id}-", f"+{own.id}-")
    for raw in (
        sent_back(own, to=forged),
        b"To: office@example.org\r\n" + by_the_book(),
        sent_back(letter, by_the_book(recipient="Final-Recipient: rfc822; other@example.org"), to="office@example.org"),
    ):
        with pytest.raises(Unsorted):
            take(raw, LATER)
    assert db.session.scalars(select(DeadAddress)).all() == []


def test_of_who_was_erased_a_late_bounce_brings_nothing_back(ann, notice):
    letter = letter_to(ann)
    raw = sent_back(letter)
    letter.succeed(NOW)
    blank([ann], "Erased person", NOW)
    db.session.expire_all()
    assert take(raw, LATER).endswith("erased since.")
    assert (letter.last_error, db.session.scalars(select(DeadAddress)).all()) == (None, [])


@pytest.mark.parametrize(
    ("raw", "counts"), [(by_the_book(status="5.2.2", said="smtp; 552 5.2.2 full"), 1), (by_the_book("delayed"), 0)]
)
def test_what_may_pass_gives_no_address_up(ann, notice, raw, counts):
    take(sent_back(letter_to(ann), raw), LATER)
    assert not is_dead("ann@example.org")
    assert progress(notice, NOW).numbers[Which.CAME_BACK] == counts


def test_what_somebody_asks_for_goes_even_there_and_opening_it_brings_letters_back(client):
    ann = a_person("Ann", email="ann@example.org")
    db.session.add(DeadAddress(address="ann@example.org", at=NOW, answer="550 5.1.1 no such user"))
    db.session.commit()
    assert "Your address refuses our mail" in client.sign_in(ann).get("/me").text
    client.post("/logout")

    client.post("/login/link", data={"email": "ann@example.org"})
    path = re.search(r"/login/link/([\w-]+)", unescaped(letter_to(ann).body))[1]
    client.get(f"/login/link/{path}")
    assert is_dead("ann@example.org"), "looking changes nothing"
    client.post(f"/login/link/{path}")
    assert not is_dead("ann@example.org")
    assert "Your address refuses our mail" not in client.get("/me").text


def test_a_guest_s_link_goes_even_there_and_taking_a_seat_by_it_brings_letters_back(app):
    event, ann = an_event(), a_person("Ann", email="ann@example.org", verified_at=None)
    bury("ann@example.org", "550 5.1.1", NOW)
    ask_guest(event, "Ann", "ann@example.org", Answer.YES, 1, "", NOW)
    assert letters_to(ann) == ["Please confirm your answer: " + event.title]
    confirm(rsvp_of(event, ann), NOW)
    assert not is_dead("ann@example.org")


def test_what_waits_for_an_address_given_up_is_not_sent_save_links_and_the_log_tells(ann):
    kept = write(ann, "password_changed", "waits", now=NOW)
    ask_to_verify(ann, NOW)
    link = letter_to(ann)
    bury("ann@example.org", "550 5.1.1 no such user", NOW)
    bury("ann@example.org", "again", NOW)

    db.session.expire_all()
    assert (kept.state, link.state) == ("refused", "queued")
    assert kept.last_error == "The address was given up before: 550 5.1.1 no such user"
    (entry,) = db.session.scalars(select(AuditEntry))
    assert (entry.act, entry.subject_id, entry.actor_id) == ("address given up", ann.id, None)


def test_the_secretary_sees_it_on_the_person_s_page_and_lifts_it_there(ann, client):
    client.sign_in(a_person("Sec", "secretary"))
    at = f"/organize/people/{ann.id}"
    assert "Refuses our mail" not in client.get(at).text
    bury("ann@example.org", "550 5.1.1 <i>no</i>", NOW)
    db.session.commit()
    page = client.get(at).text
    assert "Refuses our mail" in page
    assert "550 5.1.1 &lt;i&gt;no" in page
    lift = re.search(r'action="(/organize/outbox/dead/[^"]+)"', page)[1]
    assert client.post(lift).headers["Location"] == at
    assert not is_dead("ann@example.org")


def test_secretaries_are_told_once_a_day_of_all_addresses_given_up(app):
    secretary = a_person("Sec", "secretary")
    db.session.commit()
    tell_of_dead_addresses(NOW)
    for number in range(12):
        db.session.add(DeadAddress(address=f"a{number:02}@example.org", at=NOW, answer="550"))
    db.session.commit()
    for days in (0, 1, 1, 2):
        tell_of_dead_addresses(NOW + timedelta(days=days))
    assert letters_to(secretary) == ["12 addresses refuse our mail"]
    body = unescaped(letter_to(secretary).body)
    assert (body.count("@example.org"), "and 2 more" in body) == (10, True)


def test_what_was_given_up_while_no_worker_ran_is_told_later_and_once(app):
    secretary = a_person("Sec", "secretary")
    for days, name in ((0, "ann"), (1, "ben"), (5, "cem")):
        bury(f"{name}@example.org", "550", NOW + timedelta(days=days))
    db.session.commit()

    for days in (4, 4, 5, 6, 9):
        tell_of_dead_addresses(NOW + timedelta(days=days))

    assert letters_to(secretary) == ["2 addresses refuse our mail", "An address refuses our mail"]
    assert "- cem@example.org" in unescaped(letter_to(secretary).body)


def test_a_list_is_left_by_an_empty_mail(ann, notice):
    letter = letter_to(ann)
    by_mail = leave_address(letter)
    assert f"<mailto:{by_mail}>" in str(message(letter)["List-Unsubscribe"])
    with pytest.raises(Unsorted):
        take(f"From: ann@example.org\r\nTo: {by_mail.replace('leave+', 'leave+1')}\r\n\r\n".encode(), LATER)
    assert take(f"From: ann@example.org\r\nTo: {return_address(letter)}\r\n\r\n".encode(), LATER) == DROPPED
    assert wants(ann, MailingList.ANNOUNCEMENTS)

    for _ in range(2):
        line = take(f"From: x@y.example\r\nTo: {by_mail}\r\nAuto-Submitted: auto-generated\r\n\r\n".encode(), LATER)
        assert line.endswith("has left the list for announcements of events.")
    assert letter.acted_at == LATER
    assert not wants(ann, MailingList.ANNOUNCEMENTS)


def a_complaint(letter, kind="abuse"):
    """As a mailbox provider reports that its user has called a letter spam."""
    return (
        "From: postmaster@m.example\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        "--b\r\n\r\nThis is a report of abuse; 550 failed.\r\n"
        f"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nVersion: 1\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {letter.message_id}\r\n\r\nDear\r\n--b--"
    ).encode()


def test_who_calls_a_letter_spam_leaves_its_list_and_keeps_the_address(ann, notice):
    with pytest.raises(Unsorted):
        take(a_complaint(letter_to(ann), "not-spam"), LATER)
    assert wants(ann, MailingList.ANNOUNCEMENTS)
    assert "has left" in take(a_complaint(letter_to(ann)), LATER)
    assert (wants(ann, MailingList.ANNOUNCEMENTS), is_dead("ann@example.org")) == (False, False)
    assert letter_to(ann).acted_at is None, "what their provider tells of is nothing that they did by the letter"


def handed_on():
    """To whom what people wrote went, under which subject."""
    rows = select(Letter.to_address, Letter.subject).where(Letter.reason.startswith("mail:")).order_by(Letter.id)
    return [tuple(row) for row in db.session.execute(rows)]


def answer_to(letter, body="I shall *bring* a cake.", **headers):
    given = {"From": '"Ann" <ann@example.org>', "Subject": "Re: News", "In-Reply-To": letter.message_id} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{lines}\r\n{body}\r\n".encode(errors="surrogateescape")


def test_what_people_write_back_is_handed_on_to_the_organizer_once(ann, notice):
    raw = answer_to(letter_to(ann))
    assert take(raw, LATER).startswith("Handed on")
    assert take(raw, LATER) == "Dealt with before."

    (letter,) = db.session.scalars(select(Letter).where(Letter.reason.startswith("mail:")))
    assert (letter.to_address, letter.reply_to) == ("ora@example.org", "ann@example.org")
    assert letter.subject == "Ann writes: Re: News"
    assert "I shall \\*bring\\* a cake" in letter.body


def test_an_answer_to_a_letter_about_ones_seat_goes_to_who_organizes_the_event(ann):
    event = an_event(created_by_id=a_person("Olga", "organizer", email="olga@example.org").id)
    reply(event, ann, Answer.YES, at=NOW)
    html = "<p>Is there <b>parking</b>?</p><script>no()</script><p>Ann &amp; Ben</p>"
    take(answer_to(letter_to(ann), html, **{"Content-Type": "text/html"}, References=letter_to(ann).message_id), LATER)
    letter = db.session.scalars(select(Letter).where(Letter.to_address == "olga@example.org")).one()
    assert "Is there parking?" in letter.body
    assert "no(" not in letter.body


@pytest.mark.parametrize(
    "given",
    [
        {"In-Reply-To": "<nobody@example.org>"},
        {"From": "nobody"},
        {"From": f"{'x' * 250}@example.org"},
        {"From": "j\udcffrg@example.org"},
    ],
)
def test_what_cannot_be_handed_on_is_left_for_people(ann, notice, given):
    with pytest.raises(Unsorted):
        take(answer_to(letter_to(ann), **given), LATER)


def test_words_in_other_scripts_arrive_as_such(ann, notice):
    given = {"From": "=?utf-8?B?w4ZubmE=?= <ann@example.org>", "Subject": "=?utf-8?Q?Re=3A_Caf=C3=A9?= =?nope?B?x?="}
    take(answer_to(letter_to(ann), **given), LATER)
    take(answer_to(letter_to(ann), **given | {"Subject": "=?utf-8?Q?Caf=C3=A9?="}), LATER)
    take(answer_to(letter_to(ann), From="Jörg <jörg@example.org>", Subject="Grüße"), LATER)
    to = "ora@example.org"
    assert handed_on() == [
        (to, "Ænna writes: =?utf-8?Q?Re=3A_Caf=C3=A9?= =?nope?B?x?="),
        (to, "Ænna writes: Café"),
        (to, "Jörg writes: Grüße"),
    ]


def test_a_letter_with_files_is_handed_on_with_them_and_they_are_forgotten_once_sent(ann, notice, app, monkeypatch):
    body = "--b\r\n\r\nSee the plan.\r\n--b\r\nContent-Type: application/pdf\r\n\r\n%PDF-1\xe9\r\n--b--"
    raw = answer_to(letter_to(ann), body, **{"Content-Type": "multipart/mixed; boundary=b"})
    take(raw, LATER)
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        db.session.commit()
        deliver_due(LATER)
    (handed_on,) = [sent for sent in box.messages if "writes" in sent["Subject"]]
    assert next(handed_on.iter_attachments()).get_content() == raw
    text = handed_on.get_body(("plain",)).get_content()
    assert ("See the plan." in text, "file attached" in text) == (True, True)
    assert db.session.scalars(select(Letter.enclosed)).all() == [None] * 3


def test_a_letter_that_is_too_large_is_left_for_people(ann, notice, monkeypatch):
    monkeypatch.setattr(forwarding, "LARGEST", 100_000)
    with pytest.raises(Unsorted, match="larger than"):
        take(answer_to(letter_to(ann), "x" * 100_000), LATER)


@pytest.mark.parametrize("why", ["none", "dead", "our own"])
def test_what_has_no_organizer_to_go_to_goes_to_the_secretaries(ann, notice, app, why):
    a_person("Sec", "secretary", email="sec@example.org")
    letter = letter_to(ann)
    if why == "dead":
        bury("ora@example.org", "550", NOW)
    else:
        letter.reply_to = None if why == "none" else our_address().upper()
    assert take(answer_to(letter), LATER).startswith("Handed on")
    assert handed_on() == [("sec@example.org", "Ann writes: Re: News")]


def test_what_can_be_handed_on_to_nobody_is_left_for_people(ann, notice):
    bury("ora@example.org", "550", NOW)
    with pytest.raises(Unsorted, match="cannot be reached"):
        take(answer_to(letter_to(ann)), LATER)


RECEIPT = {"Content-Type": 'multipart/report; report-type="disposition-notification"; boundary=b'}


def test_a_receipt_for_reading_is_dropped_and_no_bounce(ann, notice):
    assert take(answer_to(letter_to(ann), "--b\r\n\r\nIt failed: 550 5.1.1\r\n--b--", **RECEIPT), LATER) == DROPPED


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "List-Id: <a.b>", "Return-Path: <>", "Precedence: bulk"],
)
def test_what_answers_by_itself_is_handed_on_to_nobody(ann, notice, header):
    before = db.session.scalar(select(func.count()).select_from(Letter))
    assert take(f"{header}\r\n".encode() + answer_to(letter_to(ann), "I am away."), LATER) == DROPPED
    assert db.session.scalar(select(func.count()).select_from(Letter)) == before


def test_at_the_envelopes_address_nobody_writes_so_what_comes_there_is_a_report_or_dropped(ann, notice):
    letter = letter_to(ann)
    away = answer_to(letter, "I am away.", To=return_address(letter))
    assert take(away, LATER) == DROPPED
    assert handed_on() == []

    odd = answer_to(letter, "<ann@example.org>: 550 User unknown", To=return_address(letter))
    assert "came back, as there is no such address" in take(odd, LATER)
    assert is_dead("ann@example.org")

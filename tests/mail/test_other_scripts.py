"""Domains and names in other scripts, of ours and of those who answer: what leaves is in ASCII wherever it can be."""

import re
from email import message_from_bytes, message_from_string, policy

import pytest
from flask import Flask
from sqlalchemy import select

from society.config import configure
from society.db import db
from society.errors import Refused
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.models import Letter, LetterState, MailingList
from society.mail.wire import in_full
from society.settings import Society, renew, site_address
from tests.builders import NOW, a_person
from tests.mail.bad_server import a_bad_server
from tests.mail.postbox import a_postbox

OURS = "xn--mller-kva.example"


def a_letter(person=None, **values):
    on_list = {"mailing_list": MailingList.NEWSLETTER} | values
    letter = write_markdown(person or a_person(), "Subject", "Body", "r", now=NOW, **on_list)
    db.session.commit()
    return letter


def head_of(letter):
    raw = in_full(letter)
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"=?" not in head
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize("where", ["the setting", "the database"])
def test_a_society_at_a_domain_in_another_script_writes_from_its_ascii_form(app, monkeypatch, where):
    if where == "the setting":
        monkeypatch.setitem(app.config, "MAIL_FROM", "The Society <info@MÜLLER.example>")
    else:
        db.session.get_one(Society, 1).sender = "info@müller.example"
        renew()
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        letter = a_letter()
        read = head_of(letter)
        assert worker.deliver_due(NOW) == 1

    assert letter.message_id.endswith(f"@{OURS}>")
    assert read["Message-ID"] == letter.message_id
    assert read["From"].addresses[0].addr_spec == f"info@{OURS}"
    assert box.senders == [f"info@{OURS}"]


@pytest.mark.parametrize(("port", "at"), [("", ""), (":8443", ":8443")])
def test_a_site_in_another_script_names_its_lists_and_how_to_leave_them_in_ascii(app, monkeypatch, port, at):
    monkeypatch.setitem(app.config, "BASE_URL", f"https://müller.example{port}")
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "rück.example")
    read = head_of(a_letter())

    assert site_address() == f"https://{OURS}{at}"
    assert read["List-Id"] == f"<newsletter.{OURS}>"
    web, mail = re.fullmatch(r"<(.*)>, <mailto:(.*)>", read["List-Unsubscribe"]).groups()
    assert web.startswith(f"https://{OURS}{at}/unsubscribe/newsletter.")
    assert mail.endswith("@xn--rck-hoa.example")
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_organizer_whom_only_utf8_can_write_to_keeps_no_letter_from_leaving(app, monkeypatch):
    with a_bad_server() as server:  # which takes no such addresses
        monkeypatch.setitem(app.config, "MAIL_URL", server.url)
        for number in range(3):
            write_markdown(a_person(), "Subject", "Body", f"r{number}", now=NOW, reply_to="jürgen@example.org")
        db.session.commit()

        assert worker.deliver_due(NOW) == server.taken == 3
    assert {letter.state for letter in db.session.scalars(select(Letter))} == {LetterState.SENT}


@pytest.mark.parametrize(
    ("reader", "answer_to", "stands"),
    [
        ("ann@example.org", "ben@müller.example", f"ben@{OURS}"),
        ("ann@example.org", "jürgen@example.org", None),
        ("änne@example.org", "jürgen@example.org", "jürgen@example.org"),
    ],
)
def test_answers_go_to_whom_the_reader_can_write_to(app, reader, answer_to, stands):
    letter = a_letter(a_person(email=reader), reply_to=answer_to, mailing_list=None)
    read = message_from_string(in_full(letter).decode(), policy=policy.SMTPUTF8)

    assert (read["Reply-To"] and read["Reply-To"].addresses[0].addr_spec) == stands


def test_a_sender_at_a_domain_that_there_cannot_be_is_refused_at_the_start(tmp_path):
    with pytest.raises(Refused, match="MAIL_FROM is at a domain that there cannot be"):
        configure(Flask(__name__, instance_path=str(tmp_path)), {"SECRET_KEY": "x", "MAIL_FROM": "info@ü-.example"})

"""How much mail leaves in which time, and what passes in front."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask

from society.config import configure
from society.db import db
from society.errors import Refused
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.advice import LIMITED
from society.mail.conversation import try_out
from society.mail.models import Letter, MailingList
from society.times import now
from tests.builders import NOW, a_person
from tests.mail.bad_server import HANG_UP

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def limit(app, monkeypatch):
    return lambda **limits: [monkeypatch.setitem(app.config, f"MAIL_{name}", n) for name, n in limits.items()]


def letters(number, domain="example.org", mailing_list=MailingList.ANNOUNCEMENTS):
    for _ in range(number):
        person = a_person()
        person.email = person.email.replace("example.org", domain)
        write_markdown(person, "Subject", "Body", "r", now=NOW, mailing_list=mailing_list)
    db.session.commit()


def gone():
    db.session.expire_all()
    return [
        letter.to_address.partition("@")[2] for letter in db.session.query(Letter).where(Letter.sent_at.is_not(None))
    ]


def test_so_many_leave_in_a_minute_and_so_many_in_an_hour(app, limit):
    limit(PER_MINUTE=3, PER_HOUR=5)
    letters(8)

    assert worker.deliver_due(NOW) == 3
    assert worker.deliver_due(NOW + MINUTE - timedelta(seconds=1)) == 0
    assert worker.deliver_due(NOW + MINUTE) == 2
    assert worker.deliver_due(NOW + 2 * MINUTE) == 0
    assert worker.deliver_due(NOW + HOUR) == 3


def test_what_somebody_waits_for_passes_in_front_and_has_a_tenth_of_its_own(app, limit):
    limit(PER_HOUR=10)
    letters(12)
    letters(1, "waiting.example.org", None)
    assert worker.deliver_due(NOW) == 9
    assert "waiting.example.org" in gone()

    letters(3, "waiting.example.org", None)
    assert worker.deliver_due(NOW) == 1
    assert gone().count("waiting.example.org") == 2


def test_a_full_domain_holds_up_no_other(app, limit):
    limit(PER_DOMAIN_PER_MINUTE=2)
    letters(5, "full.example.org")
    letters(3, "other.example.org")

    assert worker.deliver_due(NOW) == 4
    assert set(gone()) == {"full.example.org", "other.example.org"}
    assert worker.deliver_due(NOW) == 0
    assert worker.deliver_due(NOW + MINUTE) == 3


@pytest.mark.parametrize(
    ("limits", "in_a_minute"),
    [({"PER_MINUTE": 10, "PER_HOUR": 20}, [9, 9, 0, 9]), ({"PER_DOMAIN_PER_MINUTE": 3}, [6, 6, 6, 6])],
)
@pytest.mark.parametrize(
    ("stage", "answer"),
    [("RCPT", "450 4.2.1 slow down"), ("RCPT", "550 5.7.1 no"), ("RCPT", HANG_UP), ("body", "554 5.7.1 no")],
)
def test_what_a_server_does_not_take_counts_as_it_is_counted_there(server, limit, limits, in_a_minute, stage, answer):
    limit(**limits)
    letters(30, "one.example.org")
    letters(30, "other.example.org")
    server.stage, server.answer = stage, answer

    def offered(after):
        server.heard.clear()
        for seconds in range(0, 60, 6):
            worker.deliver_due(NOW + after + timedelta(seconds=seconds))
        return server.heard.count("RCPT")

    assert [offered(after) for after in (timedelta(0), MINUTE, 2 * MINUTE, HOUR)] == in_a_minute


def test_a_server_out_of_reach_uses_up_no_limit(app, server, limit, monkeypatch):
    limit(PER_MINUTE=2)
    letters(5)
    with monkeypatch.context() as away:
        away.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:1")
        for _ in range(5):
            worker.deliver_due(NOW)

    db.session.query(Letter).update({Letter.due_at: NOW})
    db.session.commit()
    assert worker.deliver_due(NOW) == 2


@pytest.mark.parametrize("answer", ["", "451 4.2.1 slow down", "554 5.7.1 no"])
def test_a_test_letter_counts_as_any_and_is_not_sent_where_a_limit_is_used_up(server, limit, answer):
    limit(PER_HOUR=2, PER_DOMAIN_PER_MINUTE=1)
    server.stage, server.answer = "RCPT" if answer else "", answer

    assert try_out("ann@example.org").failure == answer
    held = try_out("ben@EXAMPLE.org")
    assert re.fullmatch(r"As many .*_PER_DOMAIN_PER_MINUTE=1\).* room again in \d+ seconds\.", held.failure)
    assert (held.advice, held.lines) == (LIMITED, [])
    try_out("cem@elsewhere.example.org")
    letters(1, "waiting.example.org", None)
    worker.deliver_due(now())

    assert re.fullmatch(r"As many .*_PER_HOUR=2\).* room again in 60 minutes\.", try_out("dan@example.net").failure)
    assert server.heard.count("RCPT") == 2


def test_a_test_letter_that_reaches_no_server_uses_up_no_limit(app, server, limit, monkeypatch):
    limit(PER_HOUR=1)
    with monkeypatch.context() as away:
        away.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:1")
        try_out("ann@example.org")
    assert try_out("ann@example.org").failure == ""


def test_several_workers_keep_one_limit_together(app, limit):
    limit(PER_MINUTE=9)
    letters(30)

    def work():
        with app.app_context():
            worker.deliver_due(NOW)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(gone()) == 9


def test_a_limit_that_is_no_number_is_said(tmp_path):
    for wrong in ["many", -1, 1.5]:
        with pytest.raises(Refused, match="MAIL_PER_HOUR must be a whole number"):
            configure(Flask("society", instance_path=str(tmp_path)), {"MAIL_PER_HOUR": wrong})

"""Mail that is handed over twice at one instant, by two processes of a mail server, on a database where both write."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from society.db import begin_write, db
from society.invitations.actions import take
from society.mail.actions import bury, leave
from society.mail.models import DeadAddress, MailingList, OptOut
from society.people.models import Person
from society.rsvps.models import RsvpStatus
from society.rsvps.queries import rsvp_of
from tests.builders import NOW, a_person, letters_to
from tests.calendars.test_at_once import beside
from tests.invitations.shapes import an_answer
from tests.invitations.test_taking import LATER, going


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")
    monkeypatch.setattr(app, "instance_path", str(tmp_path))


def test_a_message_that_is_handed_over_twice_at_once_counts_once_and_troubles_nobody(
    app: Flask, tmp_path: Path
) -> None:
    event, ann, letter = going()
    raw, results = an_answer(letter, "DECLINED", LATER), list[Result]()

    def receive() -> None:
        results.append(app.test_cli_runner().invoke(args=["mail", "receive"], input=raw))

    beside(lambda: take(raw, LATER), app, receive)

    [result] = results
    assert (result.exit_code, result.output) == (0, "Dealt with before.\n")
    assert not (tmp_path / "unsorted").exists()
    db.session.expire_all()
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
    assert len(letters_to(ann)) == 2


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda person: bury(person.email, "550", NOW + timedelta(minutes=1)), DeadAddress),
        (lambda person: leave(person, MailingList.REMINDERS, NOW), OptOut),
    ],
    ids=["two letters that come back", "two wishes to leave a list"],
)
def test_what_two_report_at_once_is_noted_once(app: Flask, act: Callable[[Person], None], kind: type) -> None:
    number, failed = a_person().id, list[Exception]()

    def once_more() -> None:
        with app.app_context():
            begin_write()
            try:
                act(db.session.get_one(Person, number))
                db.session.commit()
            except Exception as error:
                failed.append(error)

    beside(lambda: act(db.session.get_one(Person, number)), app, once_more)

    assert failed == []
    assert len(db.session.scalars(select(kind)).all()) == 1

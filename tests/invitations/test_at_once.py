"""Mail that is handed over twice at one instant, by two processes of a mail server, on a database where both write."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from society.db import begin_write, db
from society.invitations import cli, mailbox
from society.invitations.actions import take
from society.mail.actions import bury, leave
from society.mail.models import DeadAddress, MailingList, OptOut
from society.mail.queries import is_dead
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


def let_go_of_the_database(_raw: bytes, _at: datetime) -> str:
    """As when its server is started anew while a message is dealt with."""
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
    return str(is_dead("ann@example.org"))


def test_a_message_during_which_the_database_goes_away_is_met_again(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # where there is no server
    for reader in (cli, mailbox):
        monkeypatch.setattr(reader, "take", let_go_of_the_database)
    db.session.commit()
    tried = app.test_cli_runner().invoke(args=["mail", "receive"], input=b"Subject: Yes\r\n\r\n")

    assert (tried.exit_code, (tmp_path / "unsorted").exists()) == (75, False)
    with app.app_context(), pytest.raises(OperationalError):
        mailbox._dealt_with(b"Subject: Yes\r\n\r\n")

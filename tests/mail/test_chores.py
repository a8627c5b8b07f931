"""Timed work beside the letters: when it is done, and what becomes of it when it fails."""

import logging
import socket
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from society.chores import BESIDE, EVERY_MINUTE
from society.db import begin_write, db
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.models import LetterState
from society.people.models import Person
from society.settings import Society, society
from tests.builders import NOW, a_person


class Clock:
    """The time that the post office is told: it stands still, but for what a test does to it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(NOW)
    monkeypatch.setattr(worker, "this_instant", clock)
    return clock


def run(app, *chores):
    """Let the post office work in a thread of its own; the chores end it by the event they are given."""
    stop = threading.Event()
    bound = [bind(chore, stop) for chore in chores]

    def work():
        with app.app_context():
            worker.run(stop, bound)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def bind(chore, stop):
    def bound(now):
        chore(now, stop)

    return bound


def test_chores_are_done_at_start_and_again_within_the_hour(app, clock):
    done = []

    def chore(now, stop):
        done.append(now)
        clock.at += timedelta(minutes=61)
        if len(done) == 3:
            stop.set()

    run(app, chore)

    assert done == [NOW, NOW + timedelta(minutes=61), NOW + timedelta(minutes=122)]


def test_chores_are_done_right_after_midnight_by_the_societys_clock(app, clock):
    """New York is four hours behind in summer, so its day begins at four by the universal clock."""
    clock.at = datetime(2027, 6, 30, 3, 40, tzinfo=UTC)

    with app.app_context():
        assert worker._due_again(app, clock.at) == datetime(2027, 6, 30, 4, 0, tzinfo=UTC)
        assert worker._due_again(app, datetime(2027, 6, 30, 4, 0, tzinfo=UTC)) == datetime(
            2027, 6, 30, 5, 0, tzinfo=UTC
        )


def test_a_chore_that_fails_is_logged_and_stops_neither_the_others_nor_the_letters(app, clock, caplog):
    letter = write_markdown(a_person(), "Subject", "Body", "r", now=NOW)
    db.session.commit()
    after = []

    def failing(now, stop):
        begin_write()
        db.session.add(Person(name="Half done", email="half@example.org", created_at=now))
        db.session.flush()
        raise RuntimeError("broken")

    def next_chore(now, stop):
        after.append(db.session.scalar(select(Person).where(Person.email == "half@example.org")))
        clock.at += timedelta(hours=2)
        if len(after) == 2:
            stop.set()

    with caplog.at_level(logging.ERROR, "society.mail"):
        run(app, failing, next_chore)

    assert after == [None, None]
    assert [record.getMessage() for record in caplog.records].count(
        "a chore failed; it is tried again within the hour"
    ) == 2
    db.session.refresh(letter)
    assert letter.state is LetterState.SENT


def test_no_chore_begins_once_the_post_office_is_told_to_stop(app, clock):
    begun = []

    def first(now, stop):
        begun.append("first")
        stop.set()

    def second(now, stop):
        begun.append("second")

    run(app, first, second)

    assert begun == ["first"]


def test_chores_see_settings_that_were_changed_meanwhile(app, clock):
    names = []

    def chore(now, stop):
        names.append(society().name)
        begin_write()
        db.session.get(Society, 1).name = "Renamed"
        db.session.commit()
        clock.at += timedelta(hours=2)
        if len(names) == 2:
            stop.set()

    run(app, chore)

    assert names == ["The Test Society", "Renamed"]


def test_a_mailbox_that_says_nothing_keeps_no_letter_waiting(app, clock, monkeypatch):
    stop = threading.Event()

    def work():
        with app.app_context():
            worker.run(stop, (), EVERY_MINUTE, BESIDE)

    thread = threading.Thread(target=work)
    with socket.create_server(("127.0.0.1", 0)) as mailbox, ExitStack() as after:
        mailbox.settimeout(10)
        monkeypatch.setitem(app.config, "IMAP_URL", f"imap://us:secret@127.0.0.1:{mailbox.getsockname()[1]}")
        thread.start()
        after.callback(thread.join, 20)
        after.callback(stop.set)
        asked, _ = mailbox.accept()
        after.callback(asked.close)
        begin_write()  # the chores of each minute write too
        letter = write_markdown(a_person(), "Subject", "Body", "r", now=NOW)
        db.session.commit()
        for _ in range(100):
            stop.wait(0.1)
            db.session.rollback()
            db.session.refresh(letter)
            if letter.state is LetterState.SENT:
                break
    assert letter.state is LetterState.SENT
    assert not thread.is_alive()


def test_what_cannot_wait_is_done_each_minute(app, clock):
    done, stop = [], threading.Event()

    def urgent(now):
        done.append(now)
        clock.at += timedelta(minutes=1)
        if len(done) == 3:
            stop.set()

    def work():
        with app.app_context():
            worker.run(stop, (), [urgent])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    stop.set()
    assert len(done) == 3
    assert [moment - done[0] for moment in done] == [timedelta(minutes=number) for number in range(3)]

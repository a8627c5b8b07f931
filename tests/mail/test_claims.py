"""What is claimed ahead of its turn: it leaves only if it still may, and never stands in anybody's way."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from society.db import begin_write, db
from society.mail import claims, worker
from society.mail.actions import write_markdown
from society.mail.leaving import A_WHILE, QUESTIONS
from society.mail.models import Letter, LetterState, MailingList
from society.mail.packing import packed
from tests.builders import NOW, a_person
from tests.mail.postbox import a_postbox


@pytest.fixture
def postbox(app, monkeypatch):
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        yield box


def letters(number, mailing_list=MailingList.ANNOUNCEMENTS):
    """In the order in which they leave: of those due at one moment any may be the first."""
    written = [
        write_markdown(a_person(), "Subject", "Body", f"r{n}", now=NOW, mailing_list=mailing_list)
        for n in range(number)
    ]
    for seconds, letter in enumerate(reversed(written)):
        letter.due_at = NOW - timedelta(seconds=seconds)
    db.session.commit()
    return written


def at_first_message(app, postbox, act):
    """Do something in a transaction of its own while the first letter is being handed over."""

    def once():
        if len(postbox.messages) == 1:
            with app.app_context():
                begin_write()
                act()
                db.session.commit()

    postbox.on_message = once


def states():
    db.session.expire_all()
    return [letter.state for letter in db.session.query(Letter).order_by(Letter.id)]


def test_what_is_claimed_for_an_address_that_turns_out_dead_does_not_leave(postbox):
    ann = a_person()
    for number in range(3):
        write_markdown(ann, "Subject", "Body", f"r{number}", now=NOW, mailing_list=MailingList.ANNOUNCEMENTS)
    db.session.commit()
    postbox.answers[ann.email] = ["550 5.1.1 no such user"]

    assert worker.deliver_due(NOW) == 0

    assert states() == [LetterState.REFUSED] * 3
    assert not postbox.messages


def test_what_is_kept_back_after_it_was_claimed_does_not_leave(app, postbox):
    written = letters(6)
    numbers = [letter.id for letter in written[2:4]]
    at_first_message(
        app, postbox, lambda: db.session.execute(update(Letter).where(Letter.id.in_(numbers)).values(halted=True))
    )

    assert worker.deliver_due(NOW) == 4

    assert [state is LetterState.SENT for state in states()] == [True, True, False, False, True, True]
    assert {(written[2].state, written[2].attempts, written[2].claimed_until)} == {(LetterState.QUEUED, 0, None)}


def test_what_somebody_else_holds_is_passed_over_rather_than_waited_for(app, postbox):
    number = letters(4)[1].id
    with db.engine.connect() as other:
        postbox.on_message = lambda: other.execute(select(Letter.id).where(Letter.id == number).with_for_update())

        assert worker.deliver_due(NOW) == (3 if db.engine.dialect.name == "postgresql" else 4)
        other.rollback()
    postbox.on_message = lambda: None
    worker.deliver_due(NOW + claims.CLAIM)
    assert Counter(postbox.recipients).most_common(1)[0][1] == 1
    assert states() == [LetterState.SENT] * 4


def test_one_erased_after_it_was_claimed_does_not_leave_and_holds_up_no_other(app, postbox):
    written = letters(3)
    gone, address = written[1].id, written[1].to_address
    at_first_message(app, postbox, lambda: db.session.query(Letter).filter(Letter.id == gone).delete())

    assert worker.deliver_due(NOW) == 2
    assert address not in postbox.recipients


def test_when_it_is_told_to_stop_it_gives_back_what_it_has_not_sent(app, postbox):
    letters(5)
    stop = threading.Event()
    postbox.on_message = stop.set

    assert worker.deliver_due(NOW, stop) == 1
    assert states() == [LetterState.SENT] + [LetterState.QUEUED] * 4
    assert {letter.attempts for letter in db.session.query(Letter).where(Letter.state == LetterState.QUEUED)} == {0}


def test_what_somebody_waits_for_passes_in_front_of_what_a_slow_server_has_still_to_take(app, postbox, monkeypatch):
    monkeypatch.setattr(worker, "HELD_SECONDS", 0)
    letters(5)
    at_first_message(app, postbox, lambda: write_markdown(a_person(), "Sign in", "Here", "waited for", now=NOW))

    assert worker.deliver_due(NOW) == 6
    assert [message["Subject"] for message in postbox.messages[:3]] == ["Subject", "Sign in", "Subject"]


def test_a_server_out_of_reach_costs_one_letter_its_turn(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:1")
    written = letters(4)

    assert worker.deliver_due(NOW) == 0

    assert states() == [LetterState.QUEUED] * 4
    assert [bool(letter.last_error) for letter in written] == [True, False, False, False]
    assert {letter.attempts for letter in written} == {0}
    assert written[0].due_at == NOW + timedelta(minutes=1)
    assert all(letter.due_at <= NOW for letter in written[1:])


def test_a_letter_that_cannot_be_made_is_put_off_and_costs_no_other_its_way_or_its_note(app, postbox, monkeypatch):
    first, second, third = letters(3)

    def failing(letter, reader):
        if letter.id == second.id:
            raise RuntimeError("no more memory")
        return packed(letter, reader)

    monkeypatch.setattr("society.mail.worker.packed", failing)
    assert worker.deliver_due(NOW) == 2
    assert states() == [LetterState.SENT, LetterState.QUEUED, LetterState.SENT]
    assert postbox.recipients == [first.to_address, third.to_address]
    assert (second.due_at, second.last_error) == (
        NOW + timedelta(minutes=1),
        "Something went wrong here: RuntimeError: no more memory.",
    )


@pytest.mark.parametrize("first_fate", [LetterState.SENT, LetterState.REFUSED])
def test_what_nobody_foresaw_in_handing_over_costs_no_other_its_way_or_its_note(postbox, monkeypatch, first_fate):
    """It is told to the server of the second before the fate of the first is written down, and again when its turn has
    come; either fails."""
    first, second, third = letters(3)
    if first_fate is LetterState.REFUSED:
        postbox.after_data = ["554 5.7.1 no"]

    def odd(letter, reader):
        parcel = packed(letter, reader)
        return parcel._replace(recipient="jürgen@example.org") if letter.id == second.id else parcel

    monkeypatch.setattr("society.mail.worker.packed", odd)
    worker.deliver_due(NOW)

    assert states() == [first_fate, LetterState.QUEUED, LetterState.SENT]
    assert first.open_ends == second.open_ends == 0
    assert postbox.recipients == [letter.to_address for letter in (first, third) if letter.state is LetterState.SENT]
    assert second.last_error.startswith("Something went wrong here: UnicodeEncodeError")


def test_a_question_that_fails_puts_its_letter_off_and_costs_no_other_its_way_or_its_note(app, postbox, monkeypatch):
    first, second, third = letters(3)
    for letter in (first, second, third):
        letter.reason = f"kind:{letter.id}"
    db.session.commit()

    def failing(asked, _now):
        if second.id in {letter.id for letter in asked}:
            raise KeyError("gone")
        return ()

    monkeypatch.setitem(app.extensions[QUESTIONS], "kind", failing)
    assert worker.deliver_due(NOW) == 2
    assert states() == [LetterState.SENT, LetterState.QUEUED, LetterState.SENT]
    db.session.refresh(second)
    assert (second.due_at, second.last_error) == (NOW + A_WHILE, "Something went wrong here: KeyError: 'gone'.")

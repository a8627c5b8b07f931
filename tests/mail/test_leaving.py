"""What goes to many is looked at once more as it leaves: by then it may be for its reader no longer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from society.db import db
from society.mail import claims, worker
from society.mail.actions import bury, choose_paper, leave, write_markdown
from society.mail.leaving import QUESTIONS
from society.mail.models import Letter, LetterState, MailingList
from tests.builders import NOW, a_person
from tests.mail.postbox import a_postbox

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def postbox(app, monkeypatch):
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        yield box


class Writer:
    """What the slice is asked that writes letters of the kind "talk", and which of them it does not let go."""

    def __init__(self) -> None:
        self.log: list[list[int]] = []
        self.stale: set[int] = set()

    def __call__(self, letters: Sequence[Letter], _now: datetime) -> set[int]:
        self.log.append([letter.id for letter in letters])
        return self.stale & set(self.log[-1])


@pytest.fixture
def asked(app, monkeypatch):
    monkeypatch.setitem(app.extensions[QUESTIONS], "talk", writer := Writer())
    return writer


def a_letter(person=None, reason="r", mailing_list=MailingList.ANNOUNCEMENTS):
    letter = write_markdown(person or a_person(), "Subject", "Body", reason, now=NOW, mailing_list=mailing_list)
    db.session.commit()
    return letter


def put_off(act):
    """Have the next letter in a worker's hands put off, and do something meanwhile."""
    (claimed,) = claims.claim(NOW)
    assert claims.may_go(claimed, NOW)
    db.session.commit()
    act()
    db.session.commit()
    claims.note(claimed, lambda letter: letter.put_off(NOW + A_MINUTE, "451 try later"))
    db.session.commit()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda person: leave(person, MailingList.ANNOUNCEMENTS, NOW), "Its reader has left the list."),
        (lambda person: choose_paper(person, True), "Its reader has chosen letters on paper."),
        (lambda person: setattr(person, "email", None), "Its reader has no email address any more."),
        (lambda person: bury(person.email, "550 no", NOW), "The address was given up before: 550 no"),
    ],
)
def test_what_was_put_off_does_not_leave_once_its_reader_gets_it_no_more(postbox, act, why):
    person = a_person(address="1 High Street")
    letter = a_letter(person)
    put_off(lambda: act(person))

    assert worker.deliver_due(NOW + A_MINUTE) == 0
    assert not postbox.messages
    assert (letter.state, letter.last_error) == (LetterState.REFUSED, why)


def test_what_somebody_waits_for_leaves_all_the_same(postbox):
    person = a_person(address="1 High Street", by_letter=True)
    a_letter(person, mailing_list=None)

    assert worker.deliver_due(NOW) == 1


def test_it_goes_to_the_address_that_its_reader_has_by_now(postbox):
    person = a_person("Ann Ash")
    letter = a_letter(person)
    person.email, person.name = "new@example.org", "Ann Birch"
    db.session.commit()

    assert worker.deliver_due(NOW) == 1
    assert postbox.recipients == ["new@example.org"]
    assert postbox.messages[0]["To"] == "Ann Birch <new@example.org>"
    assert (letter.to_address, letter.to_name) == ("new@example.org", "Ann Birch")


def test_what_its_writer_does_not_let_go_is_written_anew_and_the_rest_leaves(postbox, asked):
    letters = [a_letter(reason=f"talk:{number}") for number in range(3)]
    asked.stale.add(letters[1].id)

    assert worker.deliver_due(NOW) == 2
    assert [sorted(numbers) for numbers in asked.log] == [[letter.id for letter in letters]]
    assert (letters[1].state, letters[1].due_at, letters[1].claimed_until) == (LetterState.TIMED, NOW, None)
    assert letters[1].attempts == 0


def test_its_writer_hears_of_a_list_that_was_left_too(postbox, asked):
    """It is the writer's to say what became of it, and another text may still be for that reader."""
    person = a_person()
    letter = a_letter(person, "talk:1")
    put_off(lambda: leave(person, MailingList.ANNOUNCEMENTS, NOW))
    asked.log.clear()

    assert worker.deliver_due(NOW + A_MINUTE) == 0
    assert letter.state is LetterState.TIMED
    assert not asked.log


def test_only_of_its_own_kind_of_letters_it_is_asked(postbox, asked):
    a_letter(reason="other:1")
    a_letter(reason="talk:1", mailing_list=None)

    assert worker.deliver_due(NOW) == 2
    assert not asked.log


def test_where_nothing_of_what_is_claimed_may_leave_the_next_are_looked_at(postbox, asked, monkeypatch):
    monkeypatch.setattr(claims, "AHEAD", 2)
    letters = [a_letter(reason=f"talk:{number}") for number in range(5)]
    for seconds, letter in enumerate(reversed(letters)):
        letter.due_at = NOW - timedelta(seconds=seconds)
    db.session.commit()
    asked.stale.update(letter.id for letter in letters[:4])

    assert worker.deliver_due(NOW) == 1
    assert postbox.recipients == [letters[4].to_address]


def test_it_takes_the_same_number_of_statements_for_one_and_for_many(app, asked):
    def statements():
        log = []
        event.listen(db.engine, "before_cursor_execute", listener := lambda *args: log.append(args[2]))
        claims.claim(NOW)
        event.remove(db.engine, "before_cursor_execute", listener)
        db.session.rollback()
        return len(log)

    a_letter(reason="talk:0")
    of_one = statements()
    for number in range(1, 20):
        a_letter(reason=f"talk:{number}")
    assert statements() == of_one
    assert len(db.session.scalars(select(Letter)).all()) == 20


def test_one_of_which_that_cannot_be_told_stays_known_as_one_that_may_have_arrived(app, monkeypatch):
    monkeypatch.setitem(app.extensions[QUESTIONS], "talk", lambda _letters, _now: 1 / 0)
    letter = a_letter(reason="talk:1")
    letter.bulk, letter.open_ends = True, 1
    letter.queue_again(NOW)
    letter.claimed_until = NOW - A_MINUTE
    db.session.commit()

    assert claims.claim(NOW) == []
    db.session.commit()

    db.session.refresh(letter)
    assert (letter.state, letter.due_at) == (LetterState.SENDING, letter.claimed_until)
    assert letter.due_at > NOW

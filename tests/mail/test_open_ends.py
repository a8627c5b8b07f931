"""A mail server that has the letter and does not say so, or that closes the connection on one letter again and again:
nobody gets more than two, and there is an end; nor where the worker is killed."""

import time
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest

from society.db import begin_write, db
from society.mail import claims, transport, worker
from society.mail.actions import Retried, retry_refused, write_markdown
from society.mail.models import TWICE, Letter, LetterState, MailingList
from society.mail.packing import packed
from society.notices.going import Which, progress
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from society.times import now
from tests.builders import NOW, a_person
from tests.mail.bad_server import HANG_UP
from tests.mail.postbox import a_postbox


@pytest.fixture
def postbox(app, monkeypatch):
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        yield box


def letters(number):
    """In the order in which they leave."""
    written = [
        write_markdown(a_person(), "Subject", "Body", f"r{one}", now=NOW, mailing_list=MailingList.NEWSLETTER)
        for one in range(number)
    ]
    for seconds, letter in enumerate(reversed(written)):
        letter.due_at = NOW - timedelta(seconds=seconds)
    db.session.commit()
    return written


def delivered_for(days):
    """When the post office has worked for so long, a minute at a time; how many letters it knows to be sent."""
    sent, at = 0, NOW
    while at < NOW + timedelta(days=days):
        sent += worker.deliver_due(at)
        db.session.expire_all()
        open_ones = db.session.query(Letter).where(Letter.state.in_((LetterState.QUEUED, LetterState.SENDING)))
        ends = [max(letter.due_at, letter.claimed_until or letter.due_at) for letter in open_ones]
        if not ends:
            break
        at = max(at + timedelta(minutes=1), min(ends))
    return sent


def account_of(notice):
    return {which: number for which, number in progress(notice, NOW).numbers.items() if number}


def copies(postbox):
    return Counter(message["Message-ID"] for message in postbox.messages)


def test_what_was_taken_without_a_word_goes_out_a_second_time_as_the_same_letter(postbox):
    first, *others = letters(4)
    postbox.drops = 1

    assert worker.deliver_due(NOW) == 0
    assert (first.state, first.claimed_until) == (LetterState.SENDING, NOW + timedelta(minutes=1))
    assert first.last_error.startswith("The mail server has not said whether it has taken the letter: ")

    assert delivered_for(days=1) == 4
    assert copies(postbox) == {first.message_id: 2} | {letter.message_id: 1 for letter in others}
    assert postbox.received[0] == next(again for again in postbox.received[1:] if first.message_id.encode() in again)


def test_what_is_never_answered_goes_out_twice_and_no_more(postbox):
    postbox.drops = 100
    written = letters(3)

    assert delivered_for(days=6) == 0

    assert copies(postbox) == {letter.message_id: 2 for letter in written}
    assert {letter.state for letter in written} == {LetterState.REFUSED}
    assert written[0].last_error.startswith(f"{TWICE} The mail server has not said")

    later = NOW + timedelta(days=6)
    assert retry_refused(later) == Retried(0, open=3)
    db.session.commit()
    assert worker.deliver_due(later) == 0
    assert set(copies(postbox).values()) == {2}


def killed_with(postbox, *, after_the_250):
    """A worker takes the letter up and is killed with it in hands, and another worker sees to that."""
    begin_write(public=False)
    (claimed,) = claims.claim(NOW, "killed")
    assert claims.may_go(claimed, NOW)
    db.session.commit()
    if after_the_250:
        with closing(transport.carrier(postbox.url)) as server:
            server.carry(packed(claimed.letter, claimed.reader))
    begin_write(public=False)
    claims.take_over("killed", NOW)
    db.session.commit()


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True), (False, False)])
def test_two_workers_killed_with_a_letter_in_hands_leave_it_to_somebody_who_looks(postbox, client, first, second):
    ann = a_person()
    notice = Notice(kind=NoticeKind.NEWSLETTER, audience=Audience.EVERYONE, created_at=NOW, subject="S", body="B")
    send(notice, NOW)
    db.session.commit()
    killed_with(postbox, after_the_250=first)
    killed_with(postbox, after_the_250=second)

    assert worker.deliver_due(NOW) == 0

    letter = db.session.query(Letter).where(Letter.person_id == ann.id).one()
    assert sum(copies(postbox).values()) == first + second
    assert (letter.state, letter.last_error) == (LetterState.REFUSED, TWICE)
    assert account_of(notice) == {Which.UNKNOWN: 1}

    client.sign_in(a_person("", "organizer"))
    assert "Of 1 letter nobody can tell whether it has arrived" in client.get("/organize").text
    assert "May have arrived" in client.get("/organize/outbox").text
    client.post("/organize/outbox/retry")
    assert letter.state is LetterState.REFUSED
    client.post(f"/organize/outbox/retry?letter={letter.id}")
    assert worker.deliver_due(now()) == 1
    assert account_of(notice) == {Which.SENT: 1}
    assert sum(copies(postbox).values()) == first + second + 1


def test_a_killed_worker_counts_as_much_as_a_silent_server(postbox):
    (letter,) = letters(1)
    killed_with(postbox, after_the_250=True)
    postbox.drops = 1

    assert worker.deliver_due(NOW) == 0

    assert copies(postbox) == {letter.message_id: 2}
    assert (letter.state, letter.last_error.startswith(TWICE)) == (LetterState.REFUSED, True)


def test_who_tries_again_what_may_have_arrived_gets_one_more_without_a_known_end(postbox):
    (letter,) = letters(1)
    postbox.drops = 3
    delivered_for(days=1)
    assert retry_refused(NOW, open_too=True).again == 1
    db.session.commit()

    assert delivered_for(days=1) == 0
    assert copies(postbox) == {letter.message_id: 3}
    assert letter.state is LetterState.REFUSED


def test_what_may_have_left_stays_known_as_such_when_it_is_refused_and_tried_again(postbox):
    (letter,) = letters(1)
    postbox.drops = 100
    worker.deliver_due(NOW)
    postbox.answers[letter.to_address] = ["554 5.7.1 no"]
    worker.deliver_due(NOW + timedelta(minutes=1))
    assert letter.state is LetterState.REFUSED

    assert retry_refused(NOW).again == 1
    db.session.commit()
    delivered_for(days=6)

    assert copies(postbox) == {letter.message_id: 2}
    assert retry_refused(NOW) == Retried(0, open=1)


@pytest.mark.parametrize("answers", [["451 4.7.1 greylisted"], ["421 4.7.0 later", "450 4.2.1 busy"]])
def test_what_may_have_been_taken_and_was_then_put_off_is_not_handed_over_thrice(postbox, answers):
    (letter,) = letters(1)
    postbox.drops = 100
    worker.deliver_due(NOW)
    postbox.answers[letter.to_address] = answers

    delivered_for(days=6)

    assert not postbox.answers[letter.to_address]
    assert copies(postbox) == {letter.message_id: 2}
    assert letter.state is LetterState.REFUSED


def test_an_answer_to_the_whole_letter_is_waited_for_longer_than_others(postbox, monkeypatch):
    """RFC 5321, 4.5.3.2.6."""
    assert transport.AFTER_THE_LETTER == 600
    monkeypatch.setattr(transport, "TIMEOUT", 0.5)
    postbox.on_message = lambda: time.sleep(0.6)
    letters(2)

    assert worker.deliver_due(NOW) == 2
    assert set(copies(postbox).values()) == {1}


def test_a_claim_lasts_longer_than_an_answer_may_take():
    """Else another worker would take the letter up meanwhile."""
    batch = timedelta(seconds=worker.BATCH_SECONDS + 5 * transport.TIMEOUT)
    assert batch + timedelta(seconds=transport.AFTER_THE_LETTER) < claims.CLAIM


def test_a_reader_to_whom_the_connection_is_closed_each_time_is_given_up_after_five_days(postbox):
    ann, ben = a_person(), a_person()
    notice = Notice(kind=NoticeKind.NEWSLETTER, audience=Audience.EVERYONE, created_at=NOW, subject="S", body="B")
    send(notice, NOW)
    db.session.commit()
    postbox.answers[ann.email] = ["421 4.7.28 too much for this one"] * 1_000

    assert delivered_for(days=30) == 1

    assert postbox.recipients == [ben.email]
    letter = db.session.query(Letter).where(Letter.person_id == ann.id).one()
    assert (letter.state, letter.attempts) == (LetterState.REFUSED, worker.ATTEMPTS)
    assert account_of(notice) == {Which.SENT: 1, Which.REFUSED: 1}


@pytest.mark.parametrize("answer", ["421 4.7.0 not to you", "530 5.7.0 sign in first"])
def test_a_server_that_never_lets_us_begin_has_its_words_on_the_letter_after_five_days(server, answer):
    (letter,) = letters(1)
    server.stage, server.answer = "MAIL", answer

    assert delivered_for(days=30) == 0

    assert (letter.state, letter.attempts, letter.last_error) == (LetterState.REFUSED, worker.ATTEMPTS, answer)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_breaks_off_each_time_is_given_up_after_five_days(server, stage):
    """It lets us in, so it is no server that is away."""
    (letter,) = letters(1)
    server.stage, server.answer = stage, HANG_UP

    assert delivered_for(days=30) == 0

    assert (letter.state, letter.attempts) == (LetterState.REFUSED, worker.ATTEMPTS)
    assert "cannot be reached" in letter.last_error

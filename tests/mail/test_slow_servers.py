"""Mail servers that fall silent, answer in drops or without an end, or what was not asked: they hold nothing up."""

import smtplib
import socket
import threading
import time

import pytest

from society.db import db
from society.mail import client, transport, worker
from society.mail.models import LetterState
from tests.builders import NOW
from tests.mail.bad_server import ENDLESS, OFFERS, SILENCE, STAGES, a_letter, sent_in_the_end


@pytest.fixture
def impatient(monkeypatch, stage):
    """Where it comes to that: on a busy machine what is answered at once may take as long."""
    monkeypatch.setattr(transport, "TIMEOUT", 20 if stage == "body" else 0.1)
    monkeypatch.setattr(transport, "AFTER_THE_LETTER", 0.1)


def left_in(stage):
    """As what a letter is known whose server has not answered there: once it has the letter, it may have taken it."""
    return LetterState.SENDING if stage == "body" else LetterState.QUEUED


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stage", STAGES)
def test_a_server_that_falls_silent_is_waited_for_only_so_long(server, stage):
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.answer = stage, SILENCE
    worker.deliver_due(NOW)
    assert letter.state is left_in(stage)


@pytest.mark.once
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stage", STAGES)
def test_an_answer_in_drops_is_waited_for_as_a_whole(server, stage):
    """Each drop comes in time, the whole answer does not."""
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.pace = stage, 0.02
    worker.deliver_due(NOW)
    assert letter.state is left_in(stage)
    assert "no end of its answer came" in letter.last_error or "timed out" in letter.last_error


@pytest.mark.once
@pytest.mark.parametrize("stage", STAGES)
def test_told_to_stop_it_does_not_wait_for_a_silent_server(server, monkeypatch, stage):
    """What it knows of the letter is written down as ever."""
    monkeypatch.setattr(client, "LAST_SECONDS", 0.1)
    monkeypatch.setattr(client, "SLICE", 0.1)
    letter, stop = a_letter(0), threading.Event()
    db.session.commit()
    server.stage, server.pace = stage, 5

    def tell():
        server.dropping.wait(20)
        stop.set()

    telling = threading.Thread(target=tell)
    telling.start()
    begun = time.monotonic()
    worker.deliver_due(NOW, stop)
    assert time.monotonic() - begun < 10
    telling.join()
    assert (letter.state, letter.attempts) == (left_in(stage), int(stage not in ("connect", "EHLO")))
    assert sent_in_the_end(server) == [LetterState.SENT]


@pytest.fixture
def slow_reader():
    """A client's connection, and a function by which its server takes a part of what has come, every now and then."""
    near, far = socket.socketpair()

    def read():
        while far.recv(65_536):
            time.sleep(0.1)

    reader = threading.Thread(target=read)
    with far:
        with near:
            yield near, reader.start
        if reader.ident:
            reader.join()


@pytest.mark.once
def test_a_large_letter_may_take_its_time_as_long_as_it_gets_on(slow_reader):
    ours, begin = slow_reader
    speaking = client.Client(timeout=2)  # a busy machine may keep the reader from its turn for a while
    speaking.sock = ours
    begun = time.monotonic()
    begin()
    speaking.send(b"x" * 1_500_000)
    assert time.monotonic() - begun > 2


@pytest.mark.once
@pytest.mark.parametrize("is_to_stop", [True, False])
def test_a_server_that_takes_no_more_of_a_letter_is_waited_for_only_so_long(slow_reader, monkeypatch, is_to_stop):
    ours, _ = slow_reader
    monkeypatch.setattr(client, "LAST_SECONDS", 0.1)
    speaking = client.Client(timeout=30 if is_to_stop else 0.1, is_to_stop=lambda: is_to_stop)
    speaking.sock = ours
    begun = time.monotonic()
    with pytest.raises(smtplib.SMTPServerDisconnected, match="took no more"):
        speaking.send(b"x" * 1_000_000)
    assert time.monotonic() - begun < 10


@pytest.mark.once
@OFFERS
def test_an_answer_in_drops_that_ends_in_time_is_as_good_as_any(server, offers):
    server.offers, server.pace = offers, 0.001
    for number, stage in enumerate(STAGES):
        server.stage = stage
        letter = a_letter(number)
        db.session.commit()
        assert worker.deliver_due(NOW) == 1
        assert letter.attempts == 1
    assert server.taken == len(STAGES)


@pytest.mark.once
@pytest.mark.parametrize("stage", STAGES)
def test_an_answer_without_end_is_none(server, stage):
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.answer = stage, ENDLESS
    worker.deliver_due(NOW)
    assert letter.state is left_in(stage)
    assert sent_in_the_end(server) == [LetterState.SENT]
    assert server.taken == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("stage", "answer"),
    [(stage, "250 " + "x" * 9_000) for stage in STAGES]
    + [("connect", "250 ok"), ("MAIL", "354 go on"), ("RCPT", "354 go on"), ("DATA", "250 ok"), ("body", "354 go on")],
)
def test_an_answer_to_something_else_takes_no_letter(server, stage, answer):
    letter = a_letter(0)
    db.session.commit()
    server.stage, server.answer = stage, answer
    assert worker.deliver_due(NOW) == 0
    assert letter.state is left_in(stage)
    assert sent_in_the_end(server) == [LetterState.SENT]
    assert (server.taken, letter.attempts) == (1, 1 if stage in ("connect", "EHLO") else 2)

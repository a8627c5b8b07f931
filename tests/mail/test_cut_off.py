"""A post office that is told to stop while it waits for what cannot be broken off: it is cut off, as if killed."""

import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from subprocess import PIPE

import pytest

from society.db import db
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.models import Letter, LetterState
from society.times import now
from tests.builders import a_person
from tests.mail.offices import environment
from tests.mail.postbox import a_postbox

TOLD_TO_STOP = """
import os, signal, sys, time
from society import server
from society.factory import create_app

server.LAST_SECONDS, server.CHORES, server.EVERY_MINUTE = 0.3, (), ()
app = create_app()
for url in sys.argv[1:]:
    app.config["MAIL_URL"] = url
    child = os.fork()
    if not child:
        server.run_post_office(app)
        os._exit(9)
    sys.stdin.readline()
    begun = time.monotonic()
    os.kill(child, signal.SIGTERM)
    print(os.waitpid(child, 0)[1], time.monotonic() - begun, flush=True)
"""
"""For each address of a mail server, a post office, told to stop at the word of whoever reads how it ended."""


def is_on_its_way(letter):
    for _ in range(600):
        db.session.rollback()
        db.session.refresh(letter)
        if letter.state is LetterState.SENDING:
            return True
        time.sleep(0.05)
    return False


def ended(process):
    """As what it ended once it was told to, and after how many seconds."""
    process.stdin.write("\n")
    process.stdin.flush()
    status, seconds = process.stdout.readline().split()
    return int(status), float(seconds)


@pytest.mark.once
def test_it_is_cut_off_within_connecting_and_within_a_handshake_and_its_letter_leaves_later(app, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    letter = write_markdown(a_person(), "Subject", "Body", "r", now=now())
    db.session.commit()
    with ExitStack() as stack:
        busy, mute = (stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0)) for _ in range(2))
        stack.enter_context(socket.create_connection(busy.getsockname()))  # there is no place for a second one
        urls = [f"{scheme}://127.0.0.1:{one.getsockname()[1]}" for scheme, one in (("smtp", busy), ("smtps", mute))]
        command = [sys.executable, "-c", TOLD_TO_STOP, *urls]
        env = environment(app, tmp_path, urls[0])
        process = stack.enter_context(subprocess.Popen(command, env=env, stdin=PIPE, stdout=PIPE, text=True))

        assert is_on_its_way(letter)
        connecting = ended(process)
        mute.settimeout(20)
        called, _ = mute.accept()
        stack.enter_context(called)
        assert called.recv(1) == b"\x16", "a handshake (RFC 8446, 5.1)"
        shaking_hands = ended(process)

    assert [status for status, _ in (connecting, shaking_hands)] == [0, 0]
    assert max(seconds for _, seconds in (connecting, shaking_hands)) < 10
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        worker.take_over_from_the_dead(now())
        assert worker.deliver_due(now()) == 1
    assert box.recipients == [letter.to_address]
    db.session.expire_all()
    assert db.session.get_one(Letter, letter.id).open_ends == 0

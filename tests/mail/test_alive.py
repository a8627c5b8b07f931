"""What a killed worker had in hands goes on at once; what others hold does not."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from society.db import begin_write, db
from society.mail import alive, claims, worker
from society.mail.actions import write_markdown
from society.mail.models import OPEN_ENDS, Letter, LetterState, MailingList
from society.times import now
from tests.builders import a_person
from tests.mail.postbox import a_postbox

LIVING = """
import sys
from flask import Flask
from society.mail import alive

with Flask("office", instance_path=sys.argv[1]).app_context(), alive.shown() as sign:
    sign.hold(int(sys.argv[2]))
    print(sign.mark, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def folder(app, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    return tmp_path / "post-offices"


class Living:
    """A process that shows that it lives, and which letter it has in hands, if any, whose text has not left."""

    def __init__(self, folder, holds=0):
        command = [sys.executable, "-c", LIVING, str(folder.parent), str(holds)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.mark = self.process.stdout.readline().strip()

    def end(self, by=None):
        if by:
            self.process.send_signal(by)
        self.process.communicate("\n" if by is None else None)


class After(threading.Event):
    """Set once so many letters have come."""

    def __init__(self, number, postbox):
        super().__init__()
        self.number, self.postbox = number, postbox

    def is_set(self):
        return len(self.postbox.messages) == self.number


def letters(number):
    begin_write(keep=True)
    written = [
        write_markdown(a_person(), "Subject", "Body", f"r{n}", now=now(), mailing_list=MailingList.ANNOUNCEMENTS)
        for n in range(number)
    ]
    db.session.commit()
    return written


@pytest.mark.once
def test_a_worker_lives_as_long_as_its_process_however_that_ends(folder, monkeypatch):
    killed, ended = Living(folder, 7), Living(folder)
    assert alive.dead() == []
    ended.end()
    killed.end(signal.SIGKILL)
    assert alive.dead() == [killed.mark]
    assert alive.held_by(killed.mark) == 7
    with monkeypatch.context() as after_a_new_start:
        after_a_new_start.setattr(alive, "BOOT", folder / "elsewhere")
        assert alive.held_by(killed.mark) == 0, "the disk may not have what was noted last"
    alive.forget(alive.dead())
    assert list(folder.iterdir()) == []


@pytest.mark.once
def test_a_worker_that_can_show_nothing_works_all_the_same(app, folder):
    folder.write_text("in the way")
    with alive.shown() as sign:
        sign.hold(1)
        assert sign.mark
        assert alive.dead() == ()


def test_what_a_killed_worker_held_goes_on_when_another_begins_and_what_others_hold_does_not(app, folder, monkeypatch):
    written = letters(5)
    killed, living = Living(folder), Living(folder)
    for mark, number in ((killed.mark, 3), (living.mark, 2)):
        monkeypatch.setattr(claims, "AHEAD", number)
        begin_write(public=False)
        first, *_ = claims.claim(now(), mark)
        assert claims.may_go(first, now())
        db.session.commit()
    killed.end(signal.SIGKILL)

    with a_postbox() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", postbox.url)
        worker.run(After(3, postbox))

    living.end()
    db.session.expire_all()
    assert sorted(postbox.recipients) == sorted(letter.to_address for letter in written[:3])
    assert [letter.attempts for letter in written] == [2, 1, 1, 1, 0]
    assert [letter.state for letter in written[3:]] == [LetterState.SENDING, LetterState.CLAIMED]


def test_a_letter_does_not_count_as_handed_over_until_its_text_leaves(app, folder, monkeypatch):
    letter, seen = letters(1)[0], []

    def note():
        with app.app_context():
            seen.append(alive.held_by(sign.mark))

    with a_postbox() as postbox, alive.shown() as sign:
        monkeypatch.setitem(app.config, "MAIL_URL", postbox.url)
        postbox.on_recipient = postbox.on_message = note
        for _ in range(OPEN_ENDS + 1):
            begin_write(public=False)
            assert claims.may_go(claims.claim(now(), "killed")[0], now())
            claims.take_over("killed", now(), still_here=letter.id)
            db.session.commit()
        assert worker.deliver_due(now(), None, sign) == 1
    assert seen == [letter.id, 0]


def test_what_may_have_left_stays_known_as_such_until_its_fate_is(app):
    (letter,) = letters(1)
    begin_write(public=False)
    assert claims.may_go(claims.claim(now(), "killed")[0], now())
    claims.take_over("killed", now())
    again = claims.claim(now())
    claims.give_back(again, now())
    db.session.commit()

    db.session.expire_all()
    assert (letter.state, letter.claimed_until <= now()) == (LetterState.SENDING, True)
    assert worker.deliver_due(now() + timedelta(seconds=1)) == 1
    assert db.session.get_one(Letter, letter.id).state is LetterState.SENT

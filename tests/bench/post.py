"""Mail in numbers: letters composed and rendered, and delivery beside the bare server.

python -m tests.bench.post [FOLDER NOTICE]
"""

import json
import re
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select

from society.calendars.actions import refresh
from society.db import begin_write, db
from society.mail.models import Letter, LetterState
from society.mail.wire import in_full
from society.mail.worker import deliver_due
from society.notices.letters import letters
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.queries import people_in
from society.notices.wording import suggested
from society.times import now
from tests.bench.figures import Figure, application
from tests.bench.installations import new_installation
from tests.bench.servers import ROOT, free_port
from tests.builders import a_venue, an_event

READERS, DELIVERED = 10_000, 1_000
TURNS = 3
AT_A_TIME = 200


def of_the_post(folder: Path) -> list[Figure]:
    """All of them."""
    app = new_installation(folder, READERS)
    with app.app_context():
        begin_write()
        event = an_event("Title: Subtitle", venue=a_venue("Scott Hall"), summary="A talk about a new book.")
        refresh(event, now())
        subject, body = suggested(NoticeKind.ANNOUNCEMENT, event)
        notice = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, event=event)
        notice.subject, notice.body, notice.created_at = subject, body, now()
        db.session.add(notice)
        db.session.commit()
        return [*_rendering(folder, notice), _delivery(app, notice)]


def _rendering(folder: Path, notice: Notice) -> list[Figure]:
    """Each reader's own letter as bytes, in a process that does nothing else."""
    command = [sys.executable, "-m", "tests.bench.post", str(folder), str(notice.id)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    taken, size, memory = json.loads(said)
    detail = f"{1e3 * taken / READERS:.2f} ms and {size / READERS / 1e3:.1f} KB each"
    return [
        Figure(f"{READERS:,} messages, of one core", taken, 30, "s", at_least=False, detail=detail),
        Figure("memory of the process that made them", memory, 150, "MB", at_least=False),
    ]


def _render(folder: Path, notice_id: int) -> tuple[float, int, float]:
    """Text, HTML and the event's file for so many readers: CPU seconds, bytes, and the most memory at once in MB."""
    with application(folder).app_context():
        notice, size = db.session.get_one(Notice, notice_id), 0
        began = time.process_time()
        for letter in _letters(notice, READERS):
            size += len(in_full(letter))
        taken = time.process_time() - began
    most = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())  # `ru_maxrss` knows the parent's too
    assert most
    return taken, size, int(most[1]) / 1e3


def _letters(notice: Notice, number: int) -> Iterator[Letter]:
    for first in range(0, number, AT_A_TIME):
        readers = db.session.scalars(people_in(notice, now()).offset(first).limit(AT_A_TIME)).unique().all()
        yield from letters(notice, readers, now())
        db.session.expunge_all()
        db.session.add(notice)


def _delivery(app: Flask, notice: Notice) -> Figure:
    """Letters in the outbox handed over by one worker, beside a program that does nothing else; the two in turn."""
    shares, detail = [], ""
    with sink() as (port, _):
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
        for turn in range(TURNS):
            _written(notice, f"bench {turn}")
            letters = db.session.scalars(select(Letter).where(Letter.state == LetterState.QUEUED)).all()
            bodies = [(letter.to_address, in_full(letter)) for letter in letters]
            bare = _bare_rate(port, bodies)
            ours = _our_rate(app)
            shares.append(100 * ours / bare)
            detail = f"{ours:.0f}/s of {bare:.0f}/s at last"
    return Figure("delivery, of the bare rate", median(shares), 50, "%", True, detail)


def _written(notice: Notice, reason: str) -> None:
    """So many letters of a notice, in the outbox and due."""
    begin_write(public=False)
    for letter in _letters(notice, DELIVERED):
        letter.reason = f"{reason}:{letter.person_id}"
        db.session.add(letter)
        db.session.flush()
    db.session.commit()


def _bare_rate(port: int, bodies: list[tuple[str, bytes]]) -> float:
    """The very same messages over one connection, by the library's own client; letters that are ready, and no notes."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = time.perf_counter()
        for address, body in bodies:
            server.sendmail("us@example.org", address, body)
        return len(bodies) / (time.perf_counter() - began)


def _our_rate(app: Flask) -> float:
    """As the post office works beside a server: it rests where somebody else writes, and its session holds nothing; in
    one that holds what was written, each transaction would go through all of that."""
    with app.app_context():
        began = time.perf_counter()
        sent = deliver_due(now(), threading.Event())
        assert sent == DELIVERED
        return sent / (time.perf_counter() - began)


SINK = """
import asyncio, sys
from aiosmtpd.controller import Controller

port, takes, taken = int(sys.argv[1]), float(sys.argv[2]), []

class Sink:
    async def handle_DATA(self, server, session, envelope):
        if takes:
            await asyncio.sleep(takes)
            taken.append(envelope.content.partition(b"Message-ID: ")[2].split()[0])
        return "250 taken"

Controller(Sink(), hostname="127.0.0.1", port=port).start()
print("up", flush=True)
sys.stdin.readline()
print(len(taken), len(set(taken)))
"""


@contextmanager
def sink(takes: float = 0) -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """A mail server in a process of its own that takes everything and keeps nothing: its port, and what ends it.

    One that takes its time (seconds a letter) tells at its end how many messages came, and how many different ones.
    """
    port = free_port()
    command = [sys.executable, "-c", SINK, str(port), str(takes)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)

    def ended() -> list[int]:
        return [int(number) for number in process.communicate(b"\n")[0].split()]

    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield port, ended
    finally:
        process.kill()
        process.wait()


def main() -> int:
    """These figures alone; with a folder and a notice's number, what one process of them does."""
    if len(sys.argv) == 3:
        print(json.dumps(_render(Path(sys.argv[1]), int(sys.argv[2]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        rows = of_the_post(Path(folder) / "post")
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())

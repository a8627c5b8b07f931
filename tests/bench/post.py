"""Mail in numbers: letters composed and rendered, how large an audience is, and delivery beside the bare server.

python -m tests.bench.post [FOLDER NOTICE]
"""

import json
import re
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select

from society.calendars.actions import refresh
from society.db import begin_write, db
from society.mail.message import in_bytes, message
from society.mail.models import Letter
from society.mail.worker import deliver_due
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.queries import people_in
from society.notices.sending import letters, reach
from society.notices.wording import suggested
from society.times import now
from tests.bench.answers import new_installation
from tests.bench.figures import Figure, application
from tests.bench.servers import ROOT, free_port
from tests.builders import a_venue, an_event

READERS, DELIVERED, CROWD = 10_000, 1_000, 100_000
AT_A_TIME = 200


def of_the_post(folder: Path) -> list[Figure]:
    """All of them."""
    app = new_installation(folder, CROWD)
    with app.app_context():
        begin_write()
        event = an_event("Title: Subtitle", venue=a_venue("Scott Hall"), summary="A talk about a new book.")
        refresh(event, now())
        subject, body = suggested(NoticeKind.ANNOUNCEMENT, event)
        notice = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, event=event)
        notice.subject, notice.body, notice.created_at = subject, body, now()
        db.session.add(notice)
        db.session.commit()
        return [*_rendering(folder, notice), _audience(notice), _delivery(app, notice)]


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
            size += len(in_bytes(message(letter)))
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


def _audience(notice: Notice) -> Figure:
    """How many it would reach, and how."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        found = reach(notice, now())
        times.append((time.perf_counter() - began) * 1e3)
        db.session.rollback()
    return Figure(f"audience of {found.everyone:,} counted", median(times), 200, "ms", at_least=False)


def _delivery(app: Flask, notice: Notice) -> Figure:
    """Letters in the outbox handed over by one worker, beside a program that does nothing else."""
    begin_write(public=False)
    for letter in _letters(notice, DELIVERED):
        letter.reason = f"bench:{letter.person_id}"
        db.session.add(letter)
        db.session.flush()
    db.session.commit()
    whole = in_bytes(message(db.session.scalars(select(Letter).limit(1)).one()))
    with _sink() as port:
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
        bare = _bare_rate(port, whole)
        began = time.perf_counter()
        sent = deliver_due(now())
        ours = sent / (time.perf_counter() - began)
    return Figure("delivery, of the bare rate", 100 * ours / bare, 50, "%", True, f"{ours:.0f}/s of {bare:.0f}/s")


def _bare_rate(port: int, whole: bytes) -> float:
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = time.perf_counter()
        for number in range(DELIVERED):
            server.sendmail("us@example.org", f"person{number}@example.org", whole)
        return DELIVERED / (time.perf_counter() - began)


SINK = """
import sys, time
from aiosmtpd.controller import Controller

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"

Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("up", flush=True)
time.sleep(3600)
"""


@contextmanager
def _sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SINK, str(port)], stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield port
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

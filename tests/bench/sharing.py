"""Four workers beside one, on PostgreSQL as it is set up for life, with a mail server that takes its time.

python -m tests.bench.sharing
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select

from society.db import begin_write, db
from society.factory import create_app
from society.mail.actions import composed
from society.mail.models import Letter, MailingList
from society.people.models import Person
from society.settings import Society
from society.times import now
from tests.bench.figures import Figure
from tests.bench.post import sink
from tests.bench.servers import ADDRESS, ROOT
from tests.mail.offices import environment
from tests.postgres import cluster

LETTERS, WORKERS, TURNS = 400, 4, 2
TAKES = 0.02
"""Seconds that the server needs for each letter, as those beyond a network do; the machine is idle meanwhile."""
IN_LIFE = {"listen_addresses": "", "max_connections": "50"}
"""PostgreSQL's own settings else: each commit is on the disk."""


def of_the_workers(folder: Path) -> list[Figure]:
    """How much faster four are, and whether a letter left twice."""
    folder.mkdir()
    with cluster(IN_LIFE) as server, sink(TAKES) as (port, told):
        app = create_app({"DATABASE_URL": server.create("society"), "SECRET_KEY": "bench"})
        with app.app_context():
            _fill()
            turns = [(_rate(app, folder, port, 1), _rate(app, folder, port, WORKERS)) for _ in range(TURNS)]
            written = db.session.scalar(select(func.count(Letter.id))) or 0
        came, different = told()
    one, four = (median(rates) for rates in zip(*turns, strict=True))
    return [
        Figure(
            f"{WORKERS} workers against one, on PostgreSQL", four / one, 3, "times", True, f"{four:.0f}/s, {one:.0f}/s"
        ),
        Figure(f"repeated, of {written:,} letters", came - different, 0, "", at_least=False),
        Figure(f"lost, of {written:,} letters", written - different, 0, "", at_least=False),
    ]


def _fill() -> None:
    upgrade()
    begin_write()
    db.session.add(Society(id=1, set_up_at=now(), address=ADDRESS))
    rows = [{"name": f"Person {n}", "email": f"person{n}@example.org", "created_at": now()} for n in range(LETTERS)]
    db.session.execute(insert(Person), rows)
    db.session.commit()


def _rate(app: Flask, folder: Path, port: int, workers: int) -> float:
    """Letters a second, from when all workers are ready until none is left."""
    begin_write()
    begun_at = now()
    for person in db.session.scalars(select(Person)).unique():
        reason, body = f"bench {begun_at}", f"Dear {person.name},\n\nhello."
        db.session.add(composed(person, "Subject", body, reason, now=begun_at, mailing_list=MailingList.ANNOUNCEMENTS))
    db.session.commit()
    command = [sys.executable, "-m", "tests.mail.offices", str(workers)]
    surroundings = environment(app, folder, f"smtp://127.0.0.1:{port}")
    with subprocess.Popen(
        command, env=surroundings, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as offices:
        assert offices.stdout is not None
        offices.stdout.readline()
        began = time.perf_counter()
        offices.communicate(b"go\n")
        taken = time.perf_counter() - began
    assert offices.returncode == 0
    return LETTERS / taken


def main() -> int:
    """These figures alone."""
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        rows = of_the_workers(Path(folder) / "sharing")
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())

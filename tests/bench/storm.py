"""A storm of answers to one event, on each database.

python -m tests.bench.storm
"""

import selectors
import socket
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import cast

from flask import Flask
from sqlalchemy import insert, select

from society.db import begin_write, db
from society.events.models import Event
from society.rsvps.counts import turnout
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.waiting import queue
from society.times import now
from tests.bench.figures import Figure, session_cookies
from tests.bench.installations import look_through, new_installation
from tests.bench.servers import free_port, serving, society
from tests.builders import an_event
from tests.postgres import cluster

PEOPLE, SEATS = 2_000, 500


def storm(folder: Path) -> list[Figure]:
    """2,000 people ask for 500 seats at the same moment, of two processes; and the bare durable commit's rate."""
    return _storm("storm", folder, "", f"sqlite:///{folder}/bare.db")


def storm_on_postgresql(folder: Path) -> list[Figure]:
    """The same, with a PostgreSQL server on the same machine, as it is set up by default."""
    with cluster({"listen_addresses": ""}) as server:
        return _storm("storm on PostgreSQL", folder, server.create("society"), server.create("bare"))


def _storm(name: str, folder: Path, database: str, bare_database: str) -> list[Figure]:
    app = new_installation(folder, PEOPLE, database)
    with app.app_context():
        begin_write()
        event = an_event(capacity=SEATS)
        slug, number = str(event.slug), event.id
        _past_evenings()
        db.session.commit()
        look_through()
    cookies, port = session_cookies(app), free_port()
    limits = [_bare(folder, bare_database)]
    with serving(society("serve", "--port", str(port)), folder, port, "/healthz"):
        answers, rate = _all_at_once(port, f"/events/{slug}/rsvp", cookies)
    limits.append(_bare(folder, bare_database))  # before and after, should the machine have changed its speed meanwhile
    limit = fmean(limit for limit, _ in limits)
    bare = f"{fmean(slowest for _, slowest in limits):.1f} s where each only commits a row"
    return [
        Figure(f"{name}: answered 303", sum(status == 303 for status, _ in answers), PEOPLE, "", at_least=True),
        Figure(f"{name}: seats given in order", _in_order(app, number), SEATS, "", at_least=None),
        Figure(f"{name}: slowest answer", max(wait for _, wait in answers), 5, "s", at_least=False, detail=bare),
        Figure(
            f"{name}: share of bare durable commits",
            100 * rate / limit,
            25,
            "%",
            at_least=True,
            detail=f"{rate:,.0f}/s of {limit:,.0f}/s",
        ),
    ]


def _bare(folder: Path, database: str) -> tuple[float, float]:
    """What as many who come at once cost where each only commits a row: how many a second, and the slowest answer."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare", database, str(port)]
    with serving(command, folder, port, "/constant/1"):
        answers, rate = _all_at_once(port, "/commit", ["nobody"] * PEOPLE)
    return rate, max(wait for _, wait in answers)


def _past_evenings() -> None:
    """A society with a history: ten evenings that a tenth of its people answered."""
    for evening in range(10):
        gone = an_event(starts=datetime(2026, 1, 1 + evening, 20), ends=datetime(2026, 1, 1 + evening, 22))
        answer = {"event_id": gone.id, "party_size": 1, "answered_at": now(), "note": ""}
        answer |= {"answer": Answer.YES, "status": RsvpStatus.CONFIRMED}
        db.session.execute(insert(Rsvp), [answer | {"person_id": n} for n in range(1 + evening, PEOPLE, 10)])


def _all_at_once(port: int, path: str, cookies: list[str]) -> tuple[list[tuple[int, float]], float]:
    """Each one's status, and how long it took from asking for a connection on (seconds); and how many were answered a
    second.

    By plain sockets: what the client costs is taken from the server, which shares the machine with it.
    """
    waiting = selectors.DefaultSelector()
    answers: list[tuple[int, float]] = []
    first = time.perf_counter()
    for cookie in cookies:
        asked = socket.socket()
        asked.setblocking(False)
        began = time.perf_counter()
        asked.connect_ex(("127.0.0.1", port))
        waiting.register(asked, selectors.EVENT_WRITE, (began, _request(port, path, cookie)))
    while len(answers) < len(cookies):
        for key, _ in waiting.select():
            connection, (began, request) = cast(socket.socket, key.fileobj), key.data
            if request:
                connection.sendall(request)
                waiting.modify(connection, selectors.EVENT_READ, (began, b""))
                continue
            answers.append((int(connection.recv(65536).split(b" ", 2)[1]), time.perf_counter() - began))
            waiting.unregister(connection)
            connection.close()
    return answers, len(answers) / (time.perf_counter() - first)


def _request(port: int, path: str, cookie: str) -> bytes:
    body = "answer=yes&party_size=1"
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: society={cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _in_order(app: Flask, event_id: int) -> int:
    """How many have a seat, if they are exactly those who asked first, and the others wait in the order they asked."""
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        asked = db.session.execute(
            select(Rsvp.id, Rsvp.status).where(Rsvp.event_id == event_id).order_by(Rsvp.id)
        ).all()
        waits = [rsvp.id for rsvp in db.session.scalars(queue(event))]
        seated = [number for number, status in asked if status is RsvpStatus.CONFIRMED]
        kept = [number for number, _ in asked]
        in_order = kept == seated + waits and Counter(kept).most_common(1)[0][1] == 1
        return turnout(event).seats if in_order and len(kept) == PEOPLE else 0


def main() -> int:
    """These figures alone."""
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        rows = storm(Path(folder) / "storm") + storm_on_postgresql(Path(folder) / "postgresql")
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())

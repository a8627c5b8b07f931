"""How often a web process asks PostgreSQL and waits while somebody answers: others wait meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.pq import Trace
from sqlalchemy import select

from society.db import db
from society.rsvps.models import Rsvp, RsvpStatus
from tests.builders import a_person, an_event


@contextmanager
def _waits(log: Path) -> Iterator[list[int]]:
    """For what the server was asked to do at once, as how many statements: each ends by a Sync, or is a Query of one
    (PostgreSQL's documentation, Frontend/Backend Protocol)."""
    db.session.remove()
    connection = db.engine.raw_connection()
    server = connection.driver_connection.pgconn
    waits: list[int] = []
    connection.close()  # the pool has no other and gives it to who comes next
    with log.open("w") as file:
        server.trace(file.fileno())
        server.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        yield waits
        server.untrace()
    statements = 0
    for sent in re.findall(r"^F\t\d+\t(Execute|Sync|Query)\b", log.read_text(), re.MULTILINE):
        statements += sent != "Sync"
        if sent != "Execute":
            waits.append(statements)
            statements = 0


@pytest.mark.parametrize("seats", [3, 1], ids=["a seat", "a place in the queue"])
def test_an_answer_takes_three_ways_to_the_server_and_back(app, client, tmp_path, seats):
    if db.engine.dialect.name != "postgresql":
        return  # where there is no way
    db.session.remove()
    db.engine.dispose()  # of what other tests have left in the pool
    event = an_event(capacity=seats)
    people = [a_person(name) for name in ("Ann", "Ben", "Cem")]
    db.session.commit()
    address = f"/events/{event.slug}/rsvp"
    for person in people:  # the first ones have the statements prepared
        client.sign_in(person)
        with _waits(tmp_path / "protocol") as waits:
            assert client.post(address, data={"answer": "yes", "party_size": "1"}).status_code == 303
    assert waits == [3, 2, 7], "who and what; the lock, and all that is asked under it; what is written, and the commit"
    statuses = [RsvpStatus.CONFIRMED] * seats + [RsvpStatus.WAITLISTED] * (3 - seats)
    assert db.session.scalars(select(Rsvp.status).order_by(Rsvp.id)).all() == statuses

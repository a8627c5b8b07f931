"""Very many answers to one event, on each database: what its page costs, how fast a raised capacity is used, a scan.

python -m tests.bench.answers
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from society.db import begin_write, db
from society.door.codes import code
from society.events.models import Event, Speaker
from society.people.models import Person
from society.rsvps.counts import turnout
from society.rsvps.desk import decide
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.passing import promote
from society.times import now
from tests.bench.figures import Figure, statements
from tests.bench.installations import look_through, new_installation
from tests.builders import SOON, a_backing, a_venue, an_event
from tests.postgres import cluster

MANY, FEW, PROMOTED = 10_000, 10, 1_000
ROUNDS = 100
ABOUT = "\n\n".join(["What the evening is about, in *plain* words, and for whom it is meant. " * 5] * 4)


def of_a_crowd(instance: Path) -> list[Figure]:
    """An event with 10,000 answers beside one with 10, and one where 1,000 wait."""
    return _of_a_crowd(instance, "")


def of_a_crowd_on_postgresql(instance: Path) -> list[Figure]:
    """The same, with a PostgreSQL server on the same machine, as it is set up by default."""
    with cluster({"listen_addresses": ""}) as server:
        figures = _of_a_crowd(instance, server.create("society"))
    return [replace(figure, what=f"PostgreSQL: {figure.what}") for figure in figures]


def _of_a_crowd(instance: Path, database: str) -> list[Figure]:
    app = new_installation(instance, MANY, database)
    with app.app_context():
        begin_write()
        crowded, small, waited, left = (_evening(seats) for seats in (MANY + 1, FEW + 1, 1, PROMOTED))
        soon = an_event(capacity=1, zone="UTC", confirm_minutes=60)  # at eight in the evening
        _answers(crowded, MANY, RsvpStatus.CONFIRMED)
        _answers(small, FEW, RsvpStatus.CONFIRMED)
        _answers(waited, PROMOTED, RsvpStatus.WAITLISTED)
        _answers(soon, PROMOTED, RsvpStatus.WAITLISTED)
        _answers(left, PROMOTED, RsvpStatus.CONFIRMED)
        _answers(left, MANY - PROMOTED, RsvpStatus.WAITLISTED, after=PROMOTED)
        numbers = (crowded.id, waited.id)
        slugs, soon_number, left_number = (str(small.slug), str(crowded.slug)), soon.id, left.id
        db.session.commit()
        look_through()
    organizer = _organizer(app)
    list_page = statements(app, f"/organize/events/{numbers[0]}/rsvps", 6, organizer, "the organizers' list of answers")
    return [
        _page_growth(app, *slugs),
        list_page,
        _table_growth(organizer, *numbers),
        _promotion(app, numbers[1]),
        _offers(app, soon_number),
        _removal(app, left_number),
        _scan(app, organizer, numbers[0]),
        _after_an_arrival(organizer, numbers[0]),
    ]


def _evening(seats: int) -> Event:
    """As events are that many come to: with a place, speakers, a host and a text."""
    event = an_event(capacity=seats, venue=a_venue(), summary="An evening.", description=ABOUT)
    event.speakers = [Speaker(position=n, name=f"Speaker {n}", about="of Example University") for n in range(3)]
    a_backing(event, f"Society of {seats}", "host")
    return event


def _answers(event: Event, count: int, status: RsvpStatus, after: int = 0) -> None:
    waits = status is RsvpStatus.WAITLISTED
    common = {"event_id": event.id, "answer": Answer.YES, "status": status, "party_size": 1, "note": ""}
    rows = [
        {**common, "person_id": n, "answered_at": now(), "link_key": f"key-{n}"}
        | {"queued_at": now() + timedelta(microseconds=n) if waits else None}
        for n in range(after + 1, after + count + 1)
    ]
    db.session.execute(insert(Rsvp), rows)


def _page_growth(app: Flask, few: str, many: str) -> Figure:
    """A visitor's page that is not kept, as a share of what it costs with few answers."""
    times: dict[str, list[float]] = {few: [], many: []}
    client = app.test_client()
    for _ in range(ROUNDS):
        for slug, taken in times.items():
            app.extensions["keep"].clear()
            taken.append(_timed(lambda slug=slug: client.get(f"/events/{slug}")))  # type: ignore[misc]
    small, large = median(times[few]), median(times[many])
    return Figure(f"page with {MANY:,} answers against {FEW}", 100 * large / small, 120, "%", False, f"{large:.1f} ms")


def _promotion(app: Flask, event_id: int) -> Figure:
    return Figure(
        f"promotion of {PROMOTED:,}, letters written", _promoted(app, event_id, now()), 2, "s", at_least=False
    )


def _offers(app: Flask, event_id: int) -> Figure:
    """The same on the last day, by daylight: each seat is to be confirmed."""
    with app.app_context():
        noon = db.session.get_one(Event, event_id).starts_at - timedelta(hours=8)
    taken = _promoted(app, event_id, noon)
    return Figure(f"{PROMOTED:,} seats offered on the last day", taken, 2, "s", at_least=False)


def _promoted(app: Flask, event_id: int, at: datetime) -> float:
    with app.app_context():
        began = time.perf_counter()
        begin_write()
        event = db.session.get_one(Event, event_id)
        event.capacity = PROMOTED + 1
        moved = promote(event, at)
        db.session.commit()
        taken = time.perf_counter() - began
    assert len(moved) == PROMOTED
    return taken


def _removal(app: Flask, event_id: int) -> Figure:
    """As many taken off the list by one press, their seats passed on to the first of those who wait."""
    with app.app_context():
        began = time.perf_counter()
        begin_write()
        event, organizer = db.session.get_one(Event, event_id), db.session.get_one(Person, 1)
        seated = select(Rsvp.id).where(Rsvp.event_id == event_id, Rsvp.status == RsvpStatus.CONFIRMED)
        numbers = db.session.scalars(seated).all()
        decide(event, Decision.REMOVE, numbers, by=organizer, now=now())
        db.session.commit()
        taken = time.perf_counter() - began
        assert turnout(event).going == PROMOTED
    what = f"{PROMOTED:,} removed, as many of {MANY - PROMOTED:,} moved up"
    return Figure(what, taken, 4, "s", at_least=False)


def _organizer(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        number = db.session.get_one(Person, 1).get_id()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = number, True
    return client


def _table_growth(client: FlaskClient, many: int, few: int) -> Figure:
    """What streaming the table of all answers holds at its peak above what one of a tenth as many does."""
    peaks = {}
    for event_id in (few, few, many):  # once before, so that what is kept for good is there
        tracemalloc.start()
        answer = client.get(f"/organize/events/{event_id}/rsvps.csv", buffered=False)
        lines = sum(part.count(b"\n") for part in answer.iter_encoded())
        peaks[lines - 1] = tracemalloc.get_traced_memory()[1] / 1024
        tracemalloc.stop()
        answer.close()
    assert sorted(peaks) == [PROMOTED, MANY]
    detail = f"{peaks[MANY]:,.0f} KB at most"
    what = f"table of {MANY:,} answers: memory above {PROMOTED:,}"
    return Figure(what, peaks[MANY] - peaks[PROMOTED], 256, "KB", False, detail)


def _scan(app: Flask, client: FlaskClient, event_id: int) -> Figure:
    """The code of a ticket among those of 10,000 guests, as a phone sends what its camera saw; durable."""
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        event.schedule(SOON, SOON + timedelta(hours=2), event.zone, all_day=False)  # so that the door is open
        db.session.commit()
        guests = db.session.scalars(select(Rsvp).where(Rsvp.event_id == event_id).limit(ROUNDS)).all()
        codes = [code(guest) for guest in guests]
    address = f"/organize/events/{event_id}/checkin"
    times = [_timed(lambda: client.post(address, data={"code": scanned})) for scanned in codes]  # noqa: B023
    with app.app_context():
        came = select(Rsvp.id).where(Rsvp.event_id == event_id, Rsvp.checked_in_at.is_not(None))
        assert len(db.session.scalars(came).all()) == ROUNDS
    return Figure(f"scan at the door among {MANY:,}", median(times), 50, "ms", False, f"slowest {max(times):.0f} ms")


def _after_an_arrival(client: FlaskClient, event_id: int) -> Figure:
    """What a phone at the door asks for, every some seconds, that has the list of 10,000 guests already."""
    address = f"/organize/events/{event_id}/checkin/guests.json"
    latest = client.get(address).json["acts"]
    times = [_timed(lambda: client.get(f"{address}?since={latest - 1}")) for _ in range(ROUNDS)]
    size = len(client.get(f"{address}?since={latest - 1}").data)
    return Figure(f"list at the door after an arrival among {MANY:,}", median(times), 50, "ms", False, f"{size} B")


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    answer = act()
    taken = (time.perf_counter() - began) * 1000
    assert getattr(answer, "status_code", 0) in (200, 303)
    return taken


def main() -> int:
    """These figures alone."""
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        rows = of_a_crowd(Path(folder) / "crowd") + of_a_crowd_on_postgresql(Path(folder) / "postgresql")
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())

"""Calendars in numbers: reading a large one in, large feeds beside the bare limit, and people's own.

python -m tests.bench.calendars
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from society import tokens
from society.calendars.actions import rendered
from society.calendars.models import Entry, Feed, Subscription
from society.calendars.render import rendering
from society.calendars.upkeep import catch_up
from society.db import begin_write, db
from society.events.models import Event, Visibility
from society.rsvps.feed import refresh
from society.settings import Society
from society.times import now
from tests.bench.figures import Figure, Pairs, application
from tests.bench.installations import new_installation
from tests.bench.servers import ADDRESS, Running, free_port, held_memory, rate, run_alone, serving, society

READ_IN, LARGE, LARGEST, SUBSCRIBED = 20_000, 10_000, 100_000, 10_000
RECUR, DATES = 100, 499
"""Just under what is read of a file."""
BATCH = 5_000
ABOUT = "What the evening is about, in plain words, and for whom it is meant. "


def of_calendars(folder: Path, rounds: int, seconds: int) -> list[Figure]:
    """All of them."""
    folder.mkdir()
    return [
        *_read_in(folder),
        *_with_server(folder / "large", LARGE, _large, rounds, seconds),
        *_with_server(folder / "largest", LARGEST, _after_a_change, rounds, seconds),
        *_with_server(folder / "own", 100, _own, rounds, seconds),
    ]


def _read_in(folder: Path) -> list[Figure]:
    """`society events import --publish` of a file of 5 MB, whose events are rendered for calendars at once."""
    instance, other = _empty(folder / "import"), _empty(folder / "import-recurring")
    (folder / "calendar.ics").write_bytes(_calendar(READ_IN))
    (folder / "rules.ics").write_bytes(_calendar(400, "RRULE:FREQ=WEEKLY", first=2022))
    many = folder / "calendar.ics"
    with _waits(instance) as waits:
        published = _one_read_in(f"{READ_IN:,} events read in and published", many, instance, 20, "--publish")
    (folder / "recurring.ics").write_bytes(_calendar(RECUR, f"RRULE:FREQ=DAILY;COUNT={DATES}"))
    with _waits(other) as meanwhile:
        what = f"{RECUR * DATES:,} dates of {RECUR} that recur read in and published"
        recurring = _one_read_in(what, folder / "recurring.ics", other, 20, "--publish")
    return [
        *published,
        Figure("the longest that another writer waits meanwhile", max(waits), 15, "s", at_least=False),
        *recurring,
        Figure("the longest that another writer waits meanwhile", max(meanwhile), 15, "s", at_least=False),
        *_one_read_in("400 rules without an end refused", folder / "rules.ics", instance, 10, "--dry-run", exits=1),
    ]


def _empty(instance: Path) -> Path:
    instance.mkdir()
    (instance / "secret-key").write_text("for measuring")
    with application(instance).app_context():
        upgrade()
        begin_write()
        db.session.add(Society(id=1, set_up_at=now(), address=ADDRESS))
        db.session.commit()
    return instance


@contextmanager
def _waits(instance: Path) -> Iterator[list[float]]:
    """How long each of somebody who would write now and then, as guests who answer do, waits for the turn."""
    waits, over, app = [0.0], threading.Event(), application(instance)

    def write_now_and_then() -> None:
        with app.app_context():
            while not over.wait(0.1):
                began = time.perf_counter()
                begin_write(public=False)
                db.session.rollback()
                waits.append(time.perf_counter() - began)

    writing = threading.Thread(target=write_now_and_then)
    writing.start()
    yield waits
    over.set()
    writing.join()


def _one_read_in(
    what: str, file: Path, instance: Path, most: int, *options: str, exits: int = 0
) -> tuple[Figure, Figure]:
    ended, taken, memory = run_alone(society("events", "import", str(file), *options), instance)
    assert ended == exits
    detail = f"{file.stat().st_size / 1e6:.1f} MB"
    return (
        Figure(what, taken, most, "s", at_least=False, detail=detail),
        Figure("its memory", memory, 300, "MB", at_least=False),
    )


def _calendar(count: int, *more: str, first: int = 2026) -> bytes:
    """So many evenings as another program would write them, some 270 bytes each."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN"]
    for number in range(count):
        starts = datetime(first, 1, 3, 19) + timedelta(days=number % 3000)
        lines += ["BEGIN:VEVENT", f"UID:evening-{number}@example.org", "DTSTAMP:20261101T120000Z", "SEQUENCE:1"]
        lines += [f"DTSTART;TZID=Europe/Berlin:{starts:%Y%m%dT%H%M%S}", f"SUMMARY:An evening on subject {number}"]
        lines += [f"DTEND;TZID=Europe/Berlin:{starts + timedelta(hours=2):%Y%m%dT%H%M%S}", "CATEGORIES:Lectures"]
        lines += [f"LOCATION:Hall {number % 40}\\, Long Street {number % 40}", *more, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _with_server(instance: Path, events: int, measure: Any, rounds: int, seconds: int) -> list[Figure]:
    """Figures of an installation with so many coming events, served beside the bare limit."""
    app = new_installation(instance, SUBSCRIBED)
    with app.app_context():
        began = time.perf_counter()
        begin_write()
        _fill(events)
        db.session.get_one(Society, 1).rendered_for = rendering()  # else the server would render all of them anew
        db.session.commit()
        print(f"{events:,} events made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    port, bare_port = free_port(), free_port()
    bare = [sys.executable, "-m", "tests.bench.bare", f"sqlite:///{instance}/bare.db", str(bare_port)]
    with (
        serving(society("serve", "--port", str(port)), instance, port, "/healthz") as ours,
        serving(bare, instance, bare_port, "/constant/1") as limit,
    ):
        figures: list[Figure] = measure(app, ours, Pairs(ours.address, limit.address, rounds, seconds))
        return figures


def _fill(count: int) -> None:
    """Published evenings of the coming year with their entries, in the rows that publishing them would leave."""
    pattern = _evening(0)
    for first in range(0, count, BATCH):
        events, entries = [], []
        for number in range(first, min(first + BATCH, count)):
            values = _evening(number)
            events.append(values)
            entries.append({"event_id": values["id"], **_entry(pattern, values)})
        db.session.execute(insert(Event), events)
        db.session.execute(insert(Entry), entries)


def _evening(number: int) -> dict[str, Any]:
    starts = datetime.combine(now().date(), datetime.min.time()) + timedelta(days=number % 365, hours=19)
    return {
        "id": number + 1,
        "title": f"Evening {number:06}",
        "slug": f"evening-{number:06}",
        "uid": f"evening-{number:06}@example.org",
        "summary": ABOUT,
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        "starts_at": starts.replace(tzinfo=UTC),
        "ends_at": starts.replace(tzinfo=UTC) + timedelta(hours=2),
        "zone": "UTC",
        "created_at": now(),
        "published_at": now(),
        "revised_at": now(),
    }


_patterns: dict[int, dict[str, Any]] = {}


def _entry(pattern: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The entry of an evening, from that of the first one; each differs by number and day alone."""
    if not _patterns:
        plain = {"sequence": 0, "visibility": Visibility.PUBLIC, "all_day": False, "online_url": "", "room": ""}
        _patterns[0] = rendered(Event(**plain, **pattern))
    entry = dict(_patterns[0])
    number, first = (f"{one['id'] - 1:06}".encode() for one in (values, pattern))
    days = [(f"{one['starts']:%Y%m%dT}".encode()) for one in (pattern, values)]
    vevent = entry["vevent"].replace(b"vening-" + first, b"vening-" + number)
    vevent = vevent.replace(b"Evening " + first, b"Evening " + number).replace(
        b"DTSTART:" + days[0], b"DTSTART:" + days[1]
    )
    entry["vevent"] = vevent.replace(b"DTEND:" + days[0], b"DTEND:" + days[1])
    return entry | {"starts_at": values["starts_at"], "ends_at": values["ends_at"]}


def _large(app: Flask, ours: Running, pairs: Pairs) -> list[Figure]:
    """The whole feed as a share of bare Flask's rate, and what many who ask at once add to the server's memory."""
    ratio = pairs.ratio(f"feed of {LARGE:,} events, warm", "/calendar.ics", 35)
    before, most, over = held_memory(ours.process.pid), 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.1):
            most = max(most, held_memory(ours.process.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    rate(f"{ours.address}/calendar.ics", seconds=pairs.seconds)
    over.set()
    watching.join()
    size = len(urlopen(f"{ours.address}/calendar.ics").read()) / 1e6  # noqa: S310
    detail = f"{before:.0f} MB before, body of {size:.1f} MB"
    return [
        ratio,
        Figure("memory that 16 who ask at once add", most - before, size, "MB", at_least=False, detail=detail),
        _own_after_a_change(app, ours),
        _anew(app),
    ]


def _own_after_a_change(app: Flask, ours: Running) -> Figure:
    """A person's own feed of everything, after a change to one event: put together of stored entries."""
    with app.app_context():
        begin_write()
        chosen = {"everything": True, "sessions": False, "created_at": now(), "fetched_at": now()}
        db.session.add(Subscription(person_id=1, token_hash=tokens.hashed("everything"), **chosen))
        db.session.add(Feed(key="person/1", version=1, changed_at=now()))
        db.session.commit()
    taken = []
    for _ in range(9):
        _change_one(app, LARGE)
        taken.append(1000 * _fetched(ours, "/calendar/personal/everything.ics"))
    return Figure(f"own feed of {LARGE:,} events after a change", median(taken), 500, "ms", at_least=False)


def _anew(app: Flask) -> Figure:
    """All entries rendered anew, as for another address of the site; others can write meanwhile."""
    with app.app_context():
        begin_write()
        db.session.get_one(Society, 1).rendered_for = ""
        db.session.commit()
        began = time.perf_counter()
        catch_up()
        taken = time.perf_counter() - began
    return Figure(f"{LARGE:,} events rendered anew", taken, 20, "s", at_least=False)


def _after_a_change(app: Flask, ours: Running, _pairs: Pairs) -> list[Figure]:
    """The first whole feed after a change to one of very many events, as a share of a warm one, over HTTP."""
    warm: list[float] = []
    first: list[float] = []
    for _ in range(9):
        _change_one(app, LARGEST)
        first.append(_fetched(ours))
        warm.append(median(sorted(_fetched(ours) for _ in range(8))[:5]))  # the other process had it to make yet
    share, detail = median(first) / median(warm), f"{1000 * median(first):.0f} ms against {1000 * median(warm):.0f} ms"
    return [Figure(f"feed of {LARGEST:,} events after a change, of warm", share, 1.3, "times", False, detail)]


def _fetched(ours: Running, path: str = "/calendar.ics") -> float:
    began = time.perf_counter()
    with urlopen(f"{ours.address}{path}") as answer:  # noqa: S310
        while answer.read(1 << 20):
            pass
    return time.perf_counter() - began


def _change_one(app: Flask, count: int) -> None:
    with app.app_context():
        begin_write()
        event = db.session.scalars(select(Event).order_by(Event.id).offset(count // 2).limit(1)).one()
        event.title = f"Evening {time.monotonic_ns()}"
        event.raise_sequence(now())
        refresh(event, now())
        db.session.commit()


def _own(app: Flask, ours: Running, pairs: Pairs) -> list[Figure]:
    """A person's own feed, which has not changed, where very many have theirs."""
    with app.app_context():
        begin_write()
        common = {"everything": False, "sessions": False, "created_at": now(), "fetched_at": now()}
        people = range(1, SUBSCRIBED + 1)
        rows = [{**common, "person_id": n, "token_hash": tokens.hashed(f"token-{n}")} for n in people]
        db.session.execute(insert(Subscription), rows)
        db.session.execute(insert(Feed), [{"key": f"person/{n}", "version": 1, "changed_at": now()} for n in people])
        db.session.commit()
    path = f"/calendar/personal/token-{SUBSCRIBED // 2}.ics"
    with urlopen(ours.address + path) as answer:  # noqa: S310
        headers = (f"If-None-Match: {answer.headers['ETag']}",)
    return [pairs.ratio(f"own feed, 304, {SUBSCRIBED:,} subscribed", path, 50, headers=headers, size=0)]


def main() -> int:
    """These figures alone."""
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        rows = of_calendars(Path(folder) / "calendars", rounds=3, seconds=3)
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())

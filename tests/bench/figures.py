"""The figures, how each is taken, and its mark."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select
from sqlalchemy import event as listening
from werkzeug.test import EnvironBuilder

from society.agenda.planning import Plan
from society.calendars.actions import refresh
from society.calendars.models import Entry
from society.db import begin_write, db
from society.events.models import Event, RsvpPolicy, Visibility
from society.factory import create_app
from society.people.models import Person
from society.rsvps.agenda import enter
from society.times import now
from tests.bench.servers import ADDRESS, Running, environment, held_memory, rate, society


@dataclass(frozen=True)
class Figure:
    """One line of the report."""

    what: str
    value: float
    mark: float
    unit: str
    at_least: bool | None
    """Whether the mark is the least; or else the most. None: it is to be met exactly."""
    detail: str = ""

    @property
    def met(self) -> bool:
        if self.at_least is None:
            return self.value == self.mark
        return self.value >= self.mark if self.at_least else self.value <= self.mark

    def __str__(self) -> str:
        bound = {True: "at least", False: "at most", None: "exactly"}[self.at_least]
        sign = "ok  " if self.met else "MISS"
        return f"{sign} {self.what:<58} {self.value:>8.1f} {self.unit:<8} ({bound} {self.mark:g}) {self.detail}"


def fill(instance: Path, people: int, events: int, rsvps: int) -> None:
    """Demo data in a new installation."""
    sizes = ["--people", str(people), "--events", str(events), "--rsvps", str(rsvps), "--seed", "1"]
    subprocess.run(society("demo", *sizes), env=environment(instance), check=True, stdout=subprocess.DEVNULL)


# In this process: what the server's own clock would say, and how many statements a page takes.


def in_process(instance: Path) -> list[Figure]:
    """Statements per page and the first feed after a change."""
    app = application(instance)
    with app.app_context():
        slug = _public_slug()
    return [
        statements(app, "/events", 4),
        statements(app, f"/events/{slug}", 6),
        statements(app, f"/events/{_congress(app)}/agenda", 7),
        _first_feed(app, "/calendar.ics", 5),
        _first_feed(app, "/calendar.ics?past=all", 30),
        _worst_wait(instance),
    ]


def _congress(app: Flask, sessions: int = 300) -> str:
    """The slug of an event with so many sessions, four at a time."""
    with app.test_request_context():
        begin_write()
        event = db.session.scalars(_open().limit(1)).one()
        organizer = db.session.scalars(select(Person).where(Person.email == "organizer@example.org")).one()
        plans = []
        for number in range(sessions):
            starts = event.starts + timedelta(hours=number // 4)
            speakers = ((f"Speaker {number}", "who speaks"),)
            ends = starts + timedelta(minutes=50)
            plans.append(Plan(f"Session {number}", starts, ends, room=f"Hall {number % 4}", speakers=speakers))
        enter(event, plans, by=organizer, now=now())
        db.session.commit()
        return str(event.slug)


def application(instance: Path, database: str = "") -> Flask:
    """The same application as the server's, in this process."""
    database, key = database or f"sqlite:///{instance / 'society.db'}", (instance / "secret-key").read_text().strip()
    return create_app({"DATABASE_URL": database, "SECRET_KEY": key, "RATELIMIT_ENABLED": False, "BASE_URL": ADDRESS})


def _open_events() -> Select[str | None]:
    """The slugs of coming public events that anyone can come to, and that have speakers."""
    return _open().with_only_columns(Event.slug)


def _open() -> Select[Event]:
    return (
        select(Event)
        .where(
            Event.visibility == Visibility.PUBLIC,
            Event.published_at.is_not(None),
            Event.cancelled_at.is_(None),
            Event.postponed_at.is_(None),
            Event.rsvp_policy == RsvpPolicy.OPEN,
            Event.capacity.is_(None),
            Event.rsvp_closes_at.is_(None),
            Event.starts_at > now() + timedelta(days=1),
            Event.speakers.any(),
            ~Event.has_agenda,
        )
        .order_by(Event.id)
    )


def _public_slug() -> str:
    return str(db.session.scalar(_open_events().limit(1)))


def statements(app: Flask, path: str, most: int, client: FlaskClient | None = None, name: str = "") -> Figure:
    """How many a page takes, of a visitor or of whoever that client is; called `name` where its path tells little."""
    ran: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            ran.append(statement)

    with app.app_context():
        engine = db.engine
    listening.listen(engine, "before_cursor_execute", note)
    app.extensions["keep"].clear()
    assert (client or app.test_client()).get(path).status_code == 200
    listening.remove(engine, "before_cursor_execute", note)
    return Figure(f"statements of {name or path[:40]}, nothing kept", len(ran), most, "", at_least=False)


def _first_feed(app: Flask, path: str, most: float) -> Figure:
    """The time of the first whole feed after one event changed, and how many events it holds."""
    asked = EnvironBuilder(path)
    times = []
    for _ in range(9):
        _change_one(app)
        environ = asked.get_environ()
        began = time.perf_counter()
        parts = app(
            environ, lambda _status, _headers: None
        )  # as a server calls it (PEP 3333): a test client costs 1 ms
        body = b"".join(parts)
        times.append((time.perf_counter() - began) * 1000)
    count = body.count(b"BEGIN:VEVENT")
    return Figure(f"first {path} after a change", median(times), most, "ms", False, f"{count:,} events")


def list_growth(small: Path, large: Path, rounds: int = 40) -> Figure:
    """What a visitor's list costs when it is not kept: with many events, as a share of what it costs with few."""
    apps = [application(small), application(large)]
    times: list[list[float]] = [[], []]
    for _ in range(rounds):
        for app, taken in zip(apps, times, strict=True):
            app.extensions["keep"].clear()
            began = time.perf_counter()
            assert app.test_client().get("/events").status_code == 200
            taken.append(time.perf_counter() - began)
    few, many = (median(taken) for taken in times)
    return Figure(
        "/events not kept, many events against few", 100 * many / few, 120, "%", False, f"{1000 * many:.1f} ms"
    )


def _change_one(app: Flask) -> None:
    with app.app_context():
        begin_write()
        event = db.session.scalars(
            select(Event).join(Entry).where(Event.visibility == Visibility.PUBLIC).order_by(Event.starts_at.desc())
        ).first()
        assert event
        event.title = f"{event.title[:60]} {time.monotonic_ns()}"
        event.raise_sequence(now())
        refresh(event, now())
        db.session.commit()


def _worst_wait(instance: Path, processes: int = 2, seconds: int = 4) -> Figure:
    """How long the unluckiest of 20 writers in two processes waits for its turn."""
    command = [sys.executable, "-m", "tests.bench.writers", str(instance / "society.db"), str(seconds)]
    environ = environment(instance)
    writers = [subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    said = [writer.communicate()[0].split() for writer in writers]
    worst, rate_of_all = max(float(wait) for wait, _ in said), sum(int(count) for _, count in said) / seconds
    return Figure("worst wait of 20 writers", 1000 * worst, 300, "ms", False, f"{rate_of_all:,.0f} commits/s")


# Over HTTP, against the bare limit.


def over_http(instance: Path, ours: Running, limit: Running, rounds: int, seconds: int) -> list[Figure]:
    """Rates as ratios, weights, memory, start."""
    idle = held_memory(ours.process.pid)
    app = application(instance)
    with app.app_context():
        slug = _public_slug()
    pairs = Pairs(ours.address, limit.address, rounds, seconds)
    etag = _header(f"{ours.address}/calendar.ics", "ETag")
    return [
        pairs.ratio("/calendar.ics, 304", "/calendar.ics", 60, headers=(f"If-None-Match: {etag}",), size=0),
        pairs.ratio("/calendar.ics, full", "/calendar.ics", 35),
        pairs.ratio("/events", "/events", 40),
        pairs.ratio("an event page", f"/events/{slug}", 40),
        _rsvps(app, instance, pairs),
        *(_weight(ours.address, path) for path in ("/", "/events", f"/events/{slug}")),
        Figure("idle memory, whole process tree", idle, 150, "MB", at_least=False),
        Figure("first 200 after start", ours.first_answer, 2, "s", at_least=False),
    ]


@dataclass(frozen=True)
class Pairs:
    ours: str
    limit: str
    rounds: int
    seconds: int

    def ratio(
        self, what: str, path: str, mark: float, *, headers: tuple[str, ...] = (), size: int | None = None
    ) -> Figure:
        """Our rate as a share of that of a constant body of the same size."""
        length = len(urlopen(f"{self.ours}{path}").read()) if size is None else size  # noqa: S310
        return self.alternating(
            f"{what} ({length / 1000:.0f} KB)",
            mark,
            lambda: rate(f"{self.ours}{path}", seconds=self.seconds, headers=headers),
            lambda: rate(f"{self.limit}/constant/{length}", seconds=self.seconds),
        )

    def alternating(self, what: str, mark: float, ours: Callable[[], float], limit: Callable[[], float]) -> Figure:
        ours(), limit()  # warm
        measured = [(ours(), limit()) for _ in range(self.rounds)]
        share = median(100 * mine / bare for mine, bare in measured)
        detail = f"{median(m for m, _ in measured):,.0f}/s of {median(b for _, b in measured):,.0f}/s"
        return Figure(what, share, mark, "%", True, detail)


def _rsvps(app: Flask, instance: Path, pairs: Pairs) -> Figure:
    """Signed-in people who say yes one after another, in each round to another event; and the bare durable commit."""
    with app.app_context():
        slugs = iter(db.session.scalars(_open_events().limit(pairs.rounds + 1)).all())
    script, commit = instance / "rsvps.lua", instance / "commit.lua"
    commit.write_text('wrk.method = "POST"\nwrk.body = "answer=yes"\n')
    cookies = ", ".join(f'"{cookie}"' for cookie in session_cookies(app))

    def answers() -> float:
        script.write_text(_LUA % (next(slugs), cookies))
        return rate(pairs.ours, seconds=pairs.seconds, script=script)

    return pairs.alternating(
        "one RSVP by a member, durable",
        25,
        answers,
        lambda: rate(f"{pairs.limit}/commit", seconds=pairs.seconds, script=commit),
    )


_LUA = """
local slug, cookies, turn = "%s", {%s}, 0
function request()
  local cookie = cookies[turn %% #cookies + 1]
  turn = turn + 1
  return wrk.format("POST", "/events/" .. slug .. "/rsvp",
    {["Cookie"] = "society=" .. cookie, ["Content-Type"] = "application/x-www-form-urlencoded"},
    "answer=yes&party_size=1")
end
"""


def session_cookies(app: Flask) -> list[str]:
    """The session cookies of many people."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with app.app_context():
        people = db.session.scalars(select(Person).where(Person.verified_at.is_not(None)).order_by(Person.id)).all()
        return [serializer.dumps({"_user_id": person.get_id(), "_fresh": True}) for person in people]


def _header(address: str, name: str) -> str:
    with urlopen(address) as answer:  # noqa: S310
        return str(answer.headers[name])


def _weight(site: str, path: str) -> Figure:
    """KB a first visitor loads for a page, unpacked, with everything it links to."""
    page = urlopen(Request(site + path)).read().decode()  # noqa: S310
    linked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    whole = len(page.encode()) + sum(len(urlopen(site + part).read()) for part in linked)  # noqa: S310
    assert len(page.encode()) <= 20_000, f"{path} has {len(page.encode()):,} bytes of HTML"
    assert len(linked) + 1 <= 5, f"{path} takes {len(linked) + 1} requests"
    detail = f"{len(page.encode()) / 1000:.1f} KB of HTML, {len(linked) + 1} requests"
    return Figure(f"weight of {path[:40]}", whole / 1000, 50, "KB", False, detail)

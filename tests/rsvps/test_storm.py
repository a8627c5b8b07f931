"""Two real server processes, 200 people at once, 50 seats: never overbooked, nobody lost, and the queue in order."""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from society.calendars.actions import refresh
from society.db import db
from society.mail.models import Letter
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.counts import seats_taken, turnout
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from society.rsvps.waiting import queue
from society.series.actions import begin
from society.series.queries import occurrences
from society.series.rules import Every, Rule
from tests.builders import NOW, a_person, an_event

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, SEATS, AT_ONCE = 200, 50, 40


@pytest.fixture
def port(app: Flask, tmp_path: Path) -> Iterator[int]:
    """Two processes of four threads over this test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    settings = {
        "SOCIETY_DATABASE_URL": app.config["DATABASE_URL"],
        "SOCIETY_SECRET_KEY": app.config["SECRET_KEY"],
        "SOCIETY_INSTANCE": str(tmp_path),
        "SOCIETY_RATELIMIT_ENABLED": "false",
    }
    options = ["--preload", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    command = [sys.executable, "-m", "gunicorn", "app:app", *options, "--bind", f"127.0.0.1:{number}"]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            _wait_for(number, server)
            yield number
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None, "the server did not start"
        try:
            if _request(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer")


def _request(port: int, method: str, path: str, cookie: str = "", **fields: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request(method, path, urlencode(fields), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def _cookie(app: Flask, person: Person) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return f"society={serializer.dumps({'_user_id': person.get_id(), '_fresh': True})}"


def test_two_hundred_people_for_fifty_seats(app, port):
    event = an_event(capacity=SEATS)
    people = [a_person() for _ in range(PEOPLE)]
    cookies = [_cookie(app, person) for person in people]
    db.session.commit()

    def answer(cookie: str) -> int:
        return _request(port, "POST", f"/events/{event.slug}/rsvp", cookie, answer="yes")[0]

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        statuses = Counter(crowd.map(answer, cookies))
    db.session.rollback()

    assert statuses == {303: PEOPLE}
    assert (turnout(event).going, turnout(event).waiting) == (SEATS, PEOPLE - SEATS)
    waits = [rsvp.id for rsvp in db.session.scalars(queue(event))]
    asked = select(Transition.rsvp_id).where(Transition.before.is_(None)).order_by(Transition.id)
    in_order = list(db.session.scalars(asked))
    assert len(set(in_order)) == PEOPLE
    assert waits == in_order[SEATS:]
    assert db.session.scalar(select(func.count(Letter.id))) == PEOPLE


def test_seats_given_back_by_many_at_once_go_to_the_head_of_the_queue(app, port):
    event = an_event(capacity=20)
    people = [a_person() for _ in range(60)]
    cookies = [_cookie(app, person) for person in people]
    db.session.commit()
    for cookie in cookies:
        _request(port, "POST", f"/events/{event.slug}/rsvp", cookie, answer="yes")
    db.session.rollback()
    seated = [link(rsvp_of(event, person)) for person in people[:20]]
    db.session.rollback()

    with ThreadPoolExecutor(20) as crowd:
        statuses = list(crowd.map(lambda here: _request(port, "POST", here, action="withdraw")[0], seated))
    db.session.rollback()

    assert set(statuses) == {303}
    assert seats_taken(event) == 20
    confirmed = select(Rsvp.person_id).where(Rsvp.status == RsvpStatus.CONFIRMED)
    assert set(db.session.scalars(confirmed)) == {person.id for person in people[20:40]}


def test_many_who_answer_several_evenings_at_once_for_the_last_seat_of_each(app, port):
    first = an_event("Reading", capacity=2)
    refresh(first, NOW)
    series = begin(first, Rule(Every.WEEK, count=5), by=a_person("", "organizer"), now=NOW)
    events = list(db.session.scalars(occurrences(series)))
    for event in events:
        reply(event, a_person(), Answer.YES, at=NOW)
    people = [a_person() for _ in range(12)]
    cookies = [_cookie(app, person) for person in people]
    db.session.commit()
    address, fields = f"/events/{first.slug}/evenings", {f"answer_{event.id}": "" for event in events}

    def answer(cookie: str) -> int:
        return _request(port, "POST", address, cookie, every="yes", **fields)[0]

    with ThreadPoolExecutor(len(people)) as crowd:
        statuses = Counter(crowd.map(answer, cookies))
    db.session.rollback()

    assert statuses == {303: len(people)}
    assert [(turnout(event).going, turnout(event).waiting) for event in events] == [(2, len(people) - 1)] * len(events)
    for event in events:
        theirs = select(Transition.rsvp_id).join(Transition.rsvp).where(Rsvp.event_id == event.id)
        in_order = list(db.session.scalars(theirs.where(Transition.before.is_(None)).order_by(Transition.id)))
        assert [rsvp.id for rsvp in db.session.scalars(queue(event))] == in_order[2:]
    told = Counter(db.session.scalars(select(Letter.person_id).where(Letter.reason.startswith("evenings:"))))
    assert told == {person.id: 1 for person in people}
    assert db.session.scalar(select(func.count(Letter.id))) == len(people) + len(events)

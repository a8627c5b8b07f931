"""The register with very many people: what its pages cost, and how long a table of as many takes to read in."""

import csv
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event as listening
from sqlalchemy import insert

from society.db import begin_write, db
from society.demo.chance import Chance
from society.demo.names import a_name
from society.demo.tiers import TIERS, made
from society.demo.towns import TOWNS
from society.membership.models import Membership, Status
from society.people.models import Person, Role, RoleName
from society.settings import Society
from society.text import folded
from society.times import now
from tests.bench.figures import Figure, application
from tests.bench.servers import ADDRESS, run_alone, society

PAGES = {
    "the list": "/organize/people",
    "its page 1,000": "/organize/people?page=1000",
    "a search of a part of a name": "/organize/people?q=kowal",
    "a search of two letters": "/organize/people?q=ko",
    "a search that finds nobody": "/organize/people?q=qqqq",
    "good standing in a town": "/organize/people?standing=yes&city=Northmarsh",
    "as of three years ago": f"/organize/people?standing=yes&on={now().date() - timedelta(days=1100)}",
    "lapsed": "/organize/people?status=lapsed",
    "by the end of membership": "/organize/people?sort=ends",
}
ROUNDS = 5


def fill(instance: Path, count: int) -> None:
    """A register of so many people, with up to six periods each; nothing else."""
    app = application(instance)
    with app.app_context():
        upgrade()
        begin_write()
        db.session.add_all(
            [Society(id=1, set_up_at=now(), address=ADDRESS), *(made(position) for position in range(len(TIERS)))]
        )
        db.session.flush()
        people, chance = list(_people(count)), Random(1)
        db.session.execute(insert(Person), people)
        db.session.execute(insert(Membership), list(_periods(count, chance)))
        db.session.add(Role(person_id=1, name=RoleName.ADMIN, given_at=now()))
        db.session.commit()  # and no ANALYZE: a society's own database has no statistics either


def _people(count: int) -> Iterator[dict[str, object]]:
    chance = Chance("members")
    for number in range(1, count + 1):
        name, city, email = a_name(chance), chance.choice(list(TOWNS)), f"person{number}@example.org"
        words = folded(f"{name} {email} {city}")
        yield {
            "id": number,
            "name": name,
            "email": email,
            "city": city,
            "folded": words,
            "created_at": now(),
            "verified_at": now(),
        }


def _periods(count: int, chance: Random) -> Iterator[dict[str, object]]:
    """Renewed each year, and lapsed if not."""
    today, number = now().date(), 0
    for person_id in range(1, count + 1):
        starts_on = date(today.year - chance.randint(0, 9), chance.randint(1, 12), chance.randint(1, 28))
        for _ in range(chance.randint(1, 6)):
            number, ends_on = number + 1, date(starts_on.year, 12, 31)
            good_until = ends_on + timedelta(days=60)
            common = {"person_id": person_id, "tier_id": 1 + person_id % 2, "recorded_at": now(), "answers": []}
            period = {"starts_on": starts_on, "ends_on": ends_on, "good_until": good_until}
            yield {**common, **period, "id": number, "status": Status.ACTIVE, "replaces_id": None}
            starts_on = ends_on + timedelta(days=1)
            if starts_on > today:
                break
        lapsed_on = good_until + timedelta(days=1)
        if lapsed_on <= today:
            number += 1
            ended = {"starts_on": lapsed_on, "ends_on": None, "good_until": None, "replaces_id": number - 1}
            yield {**common, **ended, "id": number, "status": Status.LAPSED}


def pages(instance: Path) -> list[Figure]:
    """Statements and time of the register's pages, as an admin asks for them."""
    app = application(instance)
    client = _signed_in(app)
    rows = [figure for what, path in PAGES.items() for figure in _page(app, client, what, path)]
    app.extensions["keep"].clear()
    first = _timed(client, "/organize/people/figures")
    rows.append(Figure("the register's figures, counted anew", first, 10_000, "ms", at_least=False))
    kept = median(_timed(client, "/organize/people/figures") for _ in range(ROUNDS))
    return [*rows, Figure("the register's figures, unchanged since", kept, 200, "ms", at_least=False)]


def _signed_in(app: Flask) -> FlaskClient:
    with app.app_context():
        number = db.session.get_one(Person, 1).get_id()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = number, True
    return client


def _page(app: Flask, client: FlaskClient, what: str, path: str) -> list[Figure]:
    """Statements, that which tells who asks among them, and time."""
    ran: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            ran.append(statement)

    with app.app_context():
        engine = db.engine
    listening.listen(engine, "before_cursor_execute", note)
    _timed(client, path)
    listening.remove(engine, "before_cursor_execute", note)
    taken = median(_timed(client, path) for _ in range(ROUNDS))
    return [
        Figure(f"statements of {what}", len(ran), 5, "", at_least=False),
        Figure(f"{what}, of the register", taken, 100, "ms", at_least=False),
    ]


def _timed(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    assert client.get(path).status_code == 200, path
    return (time.perf_counter() - began) * 1000


def read_in(instance: Path, count: int) -> list[Figure]:
    """`society people import` of a table of so many people, into a register without any."""
    app = application(instance)
    with app.app_context():
        upgrade()
        begin_write()
        db.session.add_all([Society(id=1, set_up_at=now(), address=ADDRESS), made(0)])
        db.session.commit()
    table = instance / "members.csv"
    with table.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["email", "name", "tier", "starts_on", "city"])
        for person in _people(count):
            lines.writerow([person["email"], person["name"], TIERS[0].name, "2026-02-01", person["city"]])
    ended, taken, memory = run_alone(society("people", "import", str(table)), instance)
    assert ended == 0
    return [
        Figure(f"import of {count:,} rows", taken, 60, "s", at_least=False),
        Figure("its memory", memory, 300, "MB", at_least=False),
    ]

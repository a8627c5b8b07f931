"""Who comes to the routes of the application, and what their visit leaves behind."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from society.db import Base, db
from tests.conftest import Browser
from tests.world import World


def view_of(app: Flask, rule: Rule) -> str:
    """To whom a route is open."""
    return str(getattr(app.view_functions[rule.endpoint], "open_to", None))


def browser_of(app: Flask, world: World, role: str) -> Browser:
    """A new one, in which whoever has that role is signed in, as they are by now."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    person = world.people[role]
    if person is None:
        return browser
    db.session.refresh(person)
    return browser.sign_in(person)


def content() -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    tables = Base.metadata.sorted_tables
    found = {t.name: [tuple(row) for row in db.session.execute(select(t).order_by(*t.primary_key))] for t in tables}
    db.session.rollback()
    return found


@contextmanager
def watched() -> Iterator[Callable[[], bool]]:
    """Tells, whenever it is asked, whether anything was committed since: SQLite counts what other connections write,
    whatever it is, in a hundredth of the time that reading all tables takes."""
    with closing(sqlite3.connect(str(db.engine.url.database))) as apart:
        seen = [0]

        def wrote() -> bool:
            before, (seen[0],) = seen[0], apart.execute("PRAGMA data_version").fetchone()
            return before != seen[0]

        wrote()
        yield wrote

"""Who comes to the routes of the application, and what their visit leaves behind."""

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
    """A new one, in which whoever has that role is signed in."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    person = world.people[role]
    return browser.sign_in(person) if person else browser


def content() -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    tables = Base.metadata.sorted_tables
    found = {t.name: [tuple(row) for row in db.session.execute(select(t).order_by(*t.primary_key))] for t in tables}
    db.session.rollback()
    return found

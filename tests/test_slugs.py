"""Addresses of pages: the first that is free, found in few questions."""

from typing import Any

from flask import Flask

from society.db import db
from society.events.models import Event
from society.slugs import free_slug
from tests.builders import an_event


def test_an_address_is_the_first_that_is_free(app: Flask) -> None:
    for number in range(1, 20):
        an_event(title="Reading group", slug=f"reading-group-{number}" if number > 1 else "reading-group")
    assert free_slug("Reading group", Event.slug) == "reading-group-20"

    db.session.delete(db.session.query(Event).filter_by(slug="reading-group-7").one())
    assert free_slug("Reading group!", Event.slug) == "reading-group-7"
    assert free_slug("Past", Event.slug, reserved={"past"}) == "past-2"
    assert free_slug("¿?", Event.slug) == "untitled"


def test_the_hundredth_of_a_title_asks_no_hundred_times(app: Flask, counted: Any) -> None:
    for number in range(1, 101):
        an_event(title="Reading group", slug=f"reading-group-{number}" if number > 1 else "reading-group")
    with counted() as count:
        assert free_slug("Reading group", Event.slug) == "reading-group-101"
    assert len(count) <= 7

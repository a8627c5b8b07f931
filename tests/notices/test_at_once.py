"""What is described otherwise at the very moment when somebody answers, each by a connection of their own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from society.backings import actions as backings
from society.db import begin_write, db, waited_to_write
from society.events.models import BackingRole, Event, Venue
from society.events.queries import hold, loaded, numbered
from society.mail.models import Letter
from society.notices.actions import alter, describe_organization
from society.notices.venues import correct
from society.organizations.models import Organization
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.backings.test_actions import CONTACT, letters_at
from tests.builders import NOW, a_person, a_venue, an_event, an_organization


@pytest.fixture
def organizer(app: Flask) -> Person:
    return a_person("Ora Organizer", "organizer")


@pytest.fixture
def event(organizer: Person) -> Event:
    return an_event("Rivers", venue=a_venue("Hall", address="1 Old Road"), created_by_id=organizer.id)


@contextmanager
def meanwhile(app: Flask, event: Event, other: Callable[[], None]) -> Iterator[None]:
    """What is done within holds the event, and another act that was begun beside it waits for that."""
    failed: list[BaseException] = []

    def act() -> None:
        with app.app_context():
            db.session.scalars(loaded(select(Event))).all()  # the page that was looked at before
            begin_write()
            try:
                other()
                db.session.commit()
            except BaseException as error:
                failed.append(error)

    db.session.commit()
    begin_write()
    hold(event)
    beside = threading.Thread(target=Context().run, args=[act])
    beside.start()
    while db.engine.dialect.name == "postgresql" and beside.is_alive() and waited_to_write() == 0:
        time.sleep(0.01)
    yield
    db.session.commit()
    beside.join()
    db.session.expire_all()
    assert failed == []


def test_a_yes_that_comes_while_the_organization_is_renamed_is_asked_again(app: Flask, event: Event, organizer: Person):
    body, by = an_organization("C League"), organizer.id
    backing = backings.ask(event, body, BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=NOW)
    number = body.id

    def rename() -> None:
        values = {"name": "C Union", "article": "the"}
        describe_organization(db.session.get_one(Organization, number), values, db.session.get_one(Person, by), NOW)

    with meanwhile(app, event, rename):
        backings.confirm(event, backing, "Cora", "Chair", NOW)
    assert letters_at("cora@example.org")[1:] == ["An event that you back has changed: Rivers"]


def move_the_hall(venue: int, by: int, tell: bool = True) -> None:
    values = {"name": "Hall", "address": "2 New Road", "access": "", "latitude": None, "longitude": None}
    correct(db.session.get_one(Venue, venue), values, by=db.session.get_one(Person, by), now=NOW, tell=tell)


def test_a_change_that_is_made_while_the_venue_moves_is_a_revision_of_its_own(
    app: Flask, event: Event, organizer: Person
):
    reply(event, a_person("Ann", email="ann@example.org"), Answer.YES, at=NOW)
    was = event.sequence
    with meanwhile(app, event, partial(move_the_hall, event.venue_id, organizer.id)):
        alter(event, partial(setattr, event, "title", "Lakes"), by=organizer, now=NOW)
    assert (event.title, event.sequence) == ("Lakes", was + 2)


def test_who_answers_while_the_venue_moves_is_told_where_it_is(app: Flask, event: Event, organizer: Person):
    ann, number = a_person("Ann", email="ann@example.org").id, event.id

    def answer() -> None:
        reply(db.session.scalars(loaded(numbered(number))).one(), db.session.get_one(Person, ann), Answer.YES, at=NOW)

    with meanwhile(app, event, answer):
        move_the_hall(event.venue_id, organizer.id)
    told = db.session.scalars(select(Letter.body).where(Letter.to_address == "ann@example.org")).one()
    assert "2 New Road" in told

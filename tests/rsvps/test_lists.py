"""The organizers' list of an event's answers, and the same as a table: few statements, little memory, however long."""

import csv
import io
import re
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as events
from sqlalchemy import insert, select

from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.questions.models import Question, QuestionAnswer
from society.questions.queries import all_of
from society.rsvps import lists, table
from society.rsvps.actions import reply, withdraw
from society.rsvps.models import REMOVED, Answer, Rsvp, RsvpStatus, Transition
from tests.builders import NEXT_MONTH, NOW, TODAY, a_person, an_event
from tests.conftest import Browser

MOST_STATEMENTS = 6
"""For the whole page, with who is signed in and what they may do."""


def with_answers(number: int) -> tuple[Event, Question]:
    """An event with so many answers, a quarter of them waiting and another withdrawn, each with something said to its
    one question."""
    event = an_event(capacity=number, asks=True)
    asked = Question(event_id=event.id, kind="text", text="What do you bring?", position=0)
    db.session.add(asked)
    people = [
        {"name": f"Guest {n:05}", "folded_name": f"guest {n:05}", "created_at": NOW}
        | {"email": f"guest{n}@event{event.id}.example.org"}
        for n in range(number)
    ]
    guests = db.session.scalars(insert(Person).returning(Person.id), people).all()
    answer = {"event_id": event.id, "answer": Answer.YES, "party_size": 1, "answered_at": NOW, "note": "x" * 200}
    seat, place = ({"status": RsvpStatus.CONFIRMED}, {"status": RsvpStatus.WAITLISTED, "queued_at": NOW})
    off = {"status": RsvpStatus.CANCELLED}
    for theirs, part in ((seat, guests[::2]), (place, guests[1::4]), (off, guests[3::4])):
        db.session.execute(insert(Rsvp), [{**answer, **theirs, "person_id": guest} for guest in part])
    db.session.flush()
    said = [
        {"rsvp_id": rsvp_id, "question_id": asked.id, "text": "A cake", "folded": "a cake", "asked": asked.text}
        | {"guest": 0}
        for rsvp_id in db.session.scalars(select(Rsvp.id).where(Rsvp.event_id == event.id))
    ]
    db.session.execute(insert(QuestionAnswer), said)
    db.session.commit()
    return event, asked


@pytest.mark.parametrize("asked", ["", "?page=2", "?q=guest&order=name", "?status=waitlisted&said=cake&who=others"])
def test_a_page_of_the_list_takes_six_statements_at_most(client: Browser, counted: Any, asked: str) -> None:
    event, _ = with_answers(120)
    client.sign_in(a_person("Olga Organizer", "organizer"))
    address = f"/organize/events/{event.id}/rsvps{asked}"
    client.get(address)
    db.session.rollback()
    with counted() as count:
        page = client.get(address).text
    assert "A cake" in page
    assert len(count) <= MOST_STATEMENTS, count.statements


def test_whoever_let_an_offer_lapse_or_was_removed_has_not_withdrawn(client: Browser) -> None:
    event = an_event(capacity=5)
    rsvps = {name: reply(event, a_person(name), Answer.YES, at=NOW) for name in ("Ann", "Ben", "Cem")}
    withdraw(rsvps["Ann"], NOW)
    step(rsvps["Ben"], RsvpStatus.OFFERED, RsvpStatus.CANCELLED, "The offered seats were not confirmed in time.")
    step(rsvps["Cem"], RsvpStatus.CONFIRMED, RsvpStatus.CANCELLED, REMOVED)
    client.sign_in(a_person("Olga Organizer", "organizer"))

    page = client.get(f"/organize/events/{event.id}/rsvps").text

    told = dict(re.findall(r'<th scope="row">(\w+)<.*?<span class="badge[^>]*>(.*?)<', page, re.DOTALL))
    assert told == {"Ann": "Withdrawn", "Ben": "Not confirmed in time", "Cem": "Taken off the list"}


def step(rsvp: Rsvp, before: RsvpStatus, after: RsvpStatus, reason: str) -> None:
    """As the log has what happened to an answer by itself, or by an organizer."""
    rsvp.status = after
    db.session.add(Transition(rsvp_id=rsvp.id, at=NOW, before=before, after=after, party_size=1, reason=reason))
    db.session.flush()


def test_until_when_a_seat_is_offered_stands_on_the_list(client: Browser) -> None:
    event = an_event(capacity=1, zone="UTC")
    rsvp = reply(event, a_person(), Answer.YES, at=NOW)
    rsvp.status, rsvp.offered_until = RsvpStatus.OFFERED, datetime(2036, 5, 4, 17, tzinfo=UTC)
    client.sign_in(a_person("Olga Organizer", "organizer"))
    assert "until 4 May 2036, 5:00 pm" in client.get(f"/organize/events/{event.id}/rsvps").text


def test_how_far_an_event_is_from_its_fewest_people_stands_on_the_list(client: Browser) -> None:
    event = an_event(minimum=3, minimum_by=NEXT_MONTH - timedelta(days=2), minimum_cancels=True)
    reply(event, a_person(), Answer.YES, at=NOW)
    client.sign_in(a_person("Olga Organizer", "organizer"))
    page = client.get(f"/organize/events/{event.id}/rsvps").text
    assert "1 of at least 3 people come so far." in page
    assert "if they are fewer, the event is cancelled by itself" in page
    event.minimum_judged_at = NOW
    assert "are not counted again" in client.get(f"/organize/events/{event.id}/rsvps").text


@contextmanager
def cursors() -> Iterator[list[str]]:
    """The kinds of cursors by which the answers to an event are read meanwhile."""
    found: list[str] = []

    def note(_c: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if "row_number()" in statement:
            found.append(type(cursor).__name__)

    events.listen(db.engine, "before_cursor_execute", note)
    yield found
    events.remove(db.engine, "before_cursor_execute", note)


def peak(event: Event, asked: Question) -> tuple[int, int]:
    """The lines of the table, and the most bytes that are in memory for it as they are read and let go of."""
    rows = lists.told_of(event, lists.Wanted(), TODAY)
    number = 0
    tracemalloc.start()
    for part in table.lines(db.engine, rows, db.session.scalars(all_of(event)).all(), event.zone):
        number += part.count("\r\n")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return number, most


def test_the_table_is_never_in_memory_as_a_whole(app: Flask) -> None:
    """On PostgreSQL the rows must also stay in the server until they are asked for, which no count in Python shows."""
    few, many = with_answers(1_000), with_answers(3_000)
    peak(*few)  # what is loaded and compiled once
    some, little = peak(*few)
    with cursors() as used:
        number, most = peak(*many)
    assert (some, number) == (1_001, 3_001)
    assert most < 1.5 * little
    if db.engine.dialect.name == "postgresql":
        assert used == ["ServerCursor"]


def test_the_figures_above_the_list_tell_people_where_parties_make_them_more_than_answers(client: Browser) -> None:
    event = an_event(capacity=3, max_party_size=3)
    for size in (2, 1, 3):
        reply(event, a_person(), Answer.YES, party_size=size, at=NOW)

    page = client.sign_in(a_person("Olga Organizer", "organizer")).get(f"/organize/events/{event.id}/rsvps").text

    assert "<b>3 of 3</b> seats taken" in page
    assert "<b>2</b> coming, 3 people" in page
    assert "<b>1</b> on the waiting list, 3 people" in page


def test_the_table_tells_who_came_and_makes_no_row_of_an_answer_for_it(client: Browser) -> None:
    event = an_event(max_party_size=3)
    for name, came in (("All", None), ("Some", 2), ("None", 0)):
        rsvp = reply(event, a_person(name), Answer.YES, party_size=3, at=NOW)
        if came != 0:
            rsvp.check_in(NOW, came)
    withdraw(reply(event, a_person("Out"), Answer.YES, at=NOW), NOW)
    client.sign_in(a_person("", "organizer"))
    made: list[Rsvp] = []
    events.listen(Rsvp, "load", note := lambda row, _context: made.append(row))
    told = client.get(f"/organize/events/{event.id}/rsvps.csv").data.decode("utf-8-sig")
    events.remove(Rsvp, "load", note)

    rows = {row["name"]: row["came"] for row in csv.DictReader(io.StringIO(told))}
    assert rows == {"All": "3", "Some": "2", "None": "0", "Out": ""}
    assert made == []

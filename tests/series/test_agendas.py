"""The agenda of one evening for others of its series."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.agenda.queries import agenda
from society.db import db
from society.mail.message import as_text
from society.rsvps.actions import reply
from society.rsvps.agenda import enter
from society.rsvps.models import Answer
from society.series import actions, queries
from society.series.rules import Every, Rule
from tests.builders import NOW, a_person, an_event
from tests.series.test_actions import START, evenings, organizer
from tests.series.test_one_letter import news_to, words

__all__ = ["evenings", "organizer"]


def titles(event) -> list[str]:
    return [session.title for session in db.session.scalars(agenda(event))]


def poems(event) -> Plan:
    return Plan("All the poems", event.starts, event.starts + timedelta(minutes=30), room="Den", capacity=9)


@pytest.fixture
def browser(client, evenings, organizer):
    enter(evenings[1], [poems(evenings[1])], by=organizer, now=NOW)
    enter(evenings[3], [Plan("Another", evenings[3].starts, evenings[3].ends)], by=organizer, now=NOW)
    db.session.commit()
    return client.sign_in(organizer)


def test_those_without_one_get_it_and_whoever_answered_several_one_letter(browser, evenings):
    ann = a_person("Ann")
    for event in evenings:
        reply(event, ann, Answer.YES, at=NOW)
    db.session.commit()
    address = f"/organize/events/{evenings[1].id}/agenda"
    assert f'href="{address}/series"' in browser.get(address).text

    page = browser.get(f"{address}/series")
    assert page.text.count('<td data-label="Answers">1 going') == 3
    assert "this event’s alone" not in page.text
    assert "This one has an agenda, and keeps it" in words(page.text)
    assert "3 answers to 3 of these events, given by 1 person. Each of them gets one letter" in words(page.text)
    again = browser.agree(page, scope="all")
    assert ("Nothing is done yet" in again.text, titles(evenings[2])) == (True, [])
    assert browser.agree(page, scope="following", tell="yes").status_code == 303

    db.session.expire_all()  # what the request did
    given = ["All the poems"]
    assert [titles(event) for event in evenings] == [[], given, given, ["Another"], given, given]
    starts = db.session.scalars(select(Session.starts).where(Session.title == "All the poems").order_by(Session.starts))
    assert [begin - START for begin in starts] == [timedelta(weeks=n) for n in (1, 2, 4, 5)]
    (letter,) = news_to(ann)
    assert as_text(letter).count("All the poems") == 3
    assert "No other that it reaches" in browser.get(f"{address}/series").text


def test_nobody_is_written_to_unless_that_is_chosen_and_one_without_an_agenda_has_none_to_give(browser, evenings):
    ann = a_person("Ann")
    reply(evenings[2], ann, Answer.YES, at=NOW)
    db.session.commit()
    assert browser.get(f"/organize/events/{evenings[0].id}/agenda/series").status_code == 303
    page = browser.get(f"/organize/events/{evenings[1].id}/agenda/series?scope=all")
    assert browser.agree(page, scope="all", tell="no").status_code == 303
    assert (titles(evenings[0]), news_to(ann)) == (["All the poems"], [])


@pytest.mark.parametrize("count", [3, 12])
def test_the_page_asks_as_often_however_many_there_are(client, app, organizer, counted, count):
    first = an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.WEEK, count=count), by=organizer, now=NOW)
    for event in db.session.scalars(queries.occurrences(series)):
        reply(event, organizer, Answer.YES, at=NOW)
    enter(first, [poems(first)], by=organizer, now=NOW)
    db.session.commit()
    client.sign_in(organizer)
    with counted() as statements:
        page = client.get(f"/organize/events/{first.id}/agenda/series")
    assert page.text.count('<td data-label="Answers">') == count - 1
    assert len(statements) <= 34

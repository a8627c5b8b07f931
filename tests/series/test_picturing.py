"""One picture for several events of a series."""

import pytest

from society.db import db
from society.events.models import Event
from society.people.models import EventOrganizer
from society.series import actions, queries
from society.series.queries import Scope
from society.series.rules import Every, Rule
from tests.builders import NOW, a_person, a_photo, an_event
from tests.pictures.test_pages import give, preview
from tests.series.test_actions import START, change, the_next


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Ora", "organizer"))


@pytest.fixture
def evenings(organizer) -> list[Event]:
    """Every six months, without an end: three are made."""
    first = an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.MONTH_DAY, interval=6), by=a_person("", "organizer"), now=NOW)
    db.session.commit()
    return list(db.session.scalars(queries.occurrences(series)))


def page_of(event: Event) -> str:
    return f"/organize/events/{event.id}/picture"


def shown(evenings) -> list[str]:
    db.session.expire_all()
    return [each.picture_alt if each.picture else "" for each in evenings]


def test_a_picture_reaches_as_far_as_is_chosen_once_the_page_has_said_so(organizer, evenings):
    assert "This one and all that follow" in organizer.get(page_of(evenings[1])).text
    before = [each.revised_at for each in evenings]
    page = preview(organizer, evenings[1], a_photo(), alt="A boat", scope="following")
    assert (page.status_code, shown(evenings)) == (200, ["", "", ""])
    assert f"1 other event of the series shows it, too: {evenings[2].starts:%A, %-d %B %Y}." in page.text
    assert "So it is with those that are made later." in page.text
    assert organizer.agree(page).status_code == 303
    assert shown(evenings) == ["", "A boat", "A boat"]
    assert [each.revised_at > at for each, at in zip(evenings, before, strict=True)] == [False, True, True]


def test_one_that_was_given_to_one_evening_alone_can_be_given_to_all_and_to_those_made_later(organizer, evenings):
    last = evenings[-1]
    give(organizer, page_of(last), a_photo(), alt="A boat")
    give(organizer, page_of(evenings[0]), a_photo(90, 90), alt="A bird")
    page = organizer.post(page_of(last), data={"alt": "A boat", "scope": "all"})
    assert "1 other event of the series shows it, too" in page.text
    assert f"With a picture of their own, which they keep: {evenings[0].starts:%A, %-d %B %Y}." in page.text
    assert "<caption" not in page.text, "of the event itself nothing changes"
    organizer.agree(page)
    assert shown(evenings) == ["A bird", "A boat", "A boat"]
    assert the_next(evenings).picture_alt == "A boat"


def test_a_picture_set_from_the_last_evening_made_is_on_those_made_later(organizer, evenings):
    last = evenings[-1]
    page = preview(organizer, last, a_photo(), alt="A boat", scope="following")
    assert "No other event of the series changes." in page.text
    organizer.agree(page)
    change(last, Scope.THIS, a_person("", "organizer"), room="Attic")
    db.session.commit()
    made = the_next(evenings)
    assert (made.picture_alt, made.picture, made.room) == ("A boat", last.picture, "")


def test_other_words_for_all_and_no_picture_for_all(organizer, evenings):
    give(organizer, page_of(evenings[0]), a_photo(), alt="A boat", scope="all")
    organizer.agree(organizer.post(page_of(evenings[1]), data={"alt": "Two boats", "scope": "all"}))
    assert shown(evenings) == ["Two boats"] * 3
    page = organizer.post(page_of(evenings[0]), data={"alt": "", "remove": "y", "scope": "all"})
    assert "2 other events of the series show none any more, either" in page.text
    organizer.agree(page)
    assert shown(evenings) == ["", "", ""]


def test_who_organizes_one_evening_gives_a_picture_to_no_other(client, organizer, evenings):
    helper = a_person("Hal")
    db.session.add(EventOrganizer(event_id=evenings[0].id, person_id=helper.id, given_at=NOW))
    db.session.commit()
    browser = client.sign_in(helper)
    page = browser.get(page_of(evenings[0]))
    assert (page.status_code, 'name="scope"' in page.text) == (200, False)
    assert give(browser, page_of(evenings[0]), a_photo(), alt="A boat", scope="all").status_code == 403
    assert shown(evenings) == ["", "", ""]


@pytest.mark.parametrize("count", [3, 9])
def test_the_page_before_asks_as_often_however_many_it_reaches(organizer, counted, count):
    first = an_event("Reading", starts=START)
    actions.begin(first, Rule(Every.WEEK, count=count), by=a_person("", "organizer"), now=NOW)
    db.session.commit()
    give(organizer, page_of(first), a_photo(), alt="A boat")
    with counted() as statements:
        page = organizer.post(page_of(first), data={"alt": "A boat", "scope": "all"})
    assert f"{count - 1} other events of the series show it, too" in page.text
    assert len(statements) <= 32

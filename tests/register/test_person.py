"""One person's page: what it shows, the timeline, editing by two at once, adding by hand; views that are kept."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.dues.actions import owe, take
from society.dues.models import Method
from society.mail.actions import write_markdown
from society.people.models import ErasedAddress, Person, Tag
from society.people.privacy import digest
from society.register.models import SavedView
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.as_opened import fields_of
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, an_event


@pytest.fixture
def secretary(client):
    return client.sign_in(a_person("Zoe Secretary", "secretary"))


def a_full_life(person):
    """Something from every source."""
    a_membership(person, a_tier())
    reply(an_event("Title: Subtitle"), person, Answer.YES, at=NOW)
    write_markdown(person, "Hello", "A letter.", "hello", now=NOW)
    due = owe(person, 3000, "EUR", "Dinner", TODAY, tell=False, now=NOW, by=None)
    take(due, 3000, Method.CASH, TODAY, now=NOW, by=None)


def test_the_page_shows_what_the_society_knows(secretary):
    ann = a_person("Ann <i>Ash</i>", "organizer", notes="Prefers the phone", city="York", phone="0555")
    ann.tags = [Tag(name="choir")]
    a_full_life(ann)

    page = secretary.get(f"/organize/people/{ann.id}").text

    shown = "Ann &lt;i&gt;Ash&lt;/i&gt;", "Organizer", "Prefers the phone", "York", "0555", "choir", "In good standing"
    for words in (*shown, "Title: Subtitle", "Coming", "Hello", "Dinner", "EUR 30", "Cash"):
        assert words in page


@pytest.mark.parametrize("number", ["4711", "0", "9223372036854775808", "9" * 40])
def test_a_person_who_is_not_there_is_not_found(secretary, number):
    assert secretary.get(f"/organize/people/{number}").status_code == 404
    assert secretary.get(f"/organize/people/{number}/edit").status_code == 404


def test_the_timeline_goes_on_with_what_is_older_and_leaves_nothing_out(secretary):
    ann = a_person("Ann Ash")
    for number in range(100):
        write_markdown(ann, f"Letter {number}.", "Text.", f"letter {number}", now=NOW - timedelta(minutes=number // 3))
    seen, address = [], f"/organize/people/{ann.id}"
    while address:
        page = secretary.get(address).text
        seen += re.findall(r"Letter \d+\.", page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(further[1]) if further else ""

    assert len(seen) == 100
    assert len(set(seen)) == 100


@pytest.mark.parametrize(
    "before", ["x", "2024", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "%00", "1" * 999]
)
def test_an_odd_place_in_the_timeline_is_its_beginning(secretary, before):
    ann = a_person("Ann Ash")

    assert secretary.get(f"/organize/people/{ann.id}?before={before}").status_code == 200


def test_a_persons_page_costs_the_same_however_long_the_life(secretary, counted):
    ann = a_person("Ann Ash")
    costs = []
    for more in (1, 2, 10):
        for number in range(more):
            write_markdown(ann, "Hello", "A letter.", f"{more} {number}", now=NOW)
            reply(an_event(), ann, Answer.YES, at=NOW)
            a_membership(ann, a_tier(), starts_on=date(2020, 1, 1))
            owe(ann, 100, "EUR", "Dinner", TODAY, tell=False, now=NOW, by=None)
        secretary.get("/organize/people")
        with counted() as count:
            secretary.get(f"/organize/people/{ann.id}")
        costs.append(len(count))
    assert len(set(costs)) == 1


def opened(browser, person):
    """What the edit form holds when it is opened, as a browser would send it back."""
    page = browser.get(f"/organize/people/{person.id}/edit").text
    inputs = re.findall(r"<input [^>]*>", page)
    pairs = [(re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs]
    values = {name[1]: unescape(value[1]) if value else "" for name, value in pairs if name}
    for name, text in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        values[name] = unescape(text).lstrip("\r\n")
    return values


def test_a_change_is_made_and_noted(secretary):
    ann = a_person("Ann Ash", city="York")
    form = opened(secretary, ann) | {"city": "Ely", "tags": "choir, board , Choir", "born_on": "1980-02-29"}

    assert secretary.post(f"/organize/people/{ann.id}/edit", data=form).status_code == 303
    db.session.refresh(ann)
    assert (ann.city, ann.born_on, [tag.name for tag in ann.tags]) == ("Ely", date(1980, 2, 29), ["board", "choir"])
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.before) == ("person changed", {"city": "York", "born_on": None, "tags": ""})
    assert entry.after == {"city": "Ely", "born_on": "1980-02-29", "tags": "board, choir"}


def test_a_language_that_is_no_code_is_shown_and_stays_as_it_was_brought(secretary):
    ann = a_person("Ann Ash", language="de-x-old")
    assert '<option selected value="de-x-old">' in secretary.get(f"/organize/people/{ann.id}/edit").text
    form = opened(secretary, ann) | {"city": "Ely", "language": "de-x-old"}
    assert secretary.post(f"/organize/people/{ann.id}/edit", data=form | {"language": "de-y-old"}).status_code == 422

    assert secretary.post(f"/organize/people/{ann.id}/edit", data=form).status_code == 303
    db.session.refresh(ann)
    assert (ann.city, ann.language) == ("Ely", "de-x-old")


def test_two_secretaries_at_once_do_not_overwrite_each_other_unseen(secretary, app):
    ann = a_person("Ann Ash", city="York", phone="0555")
    other = app.test_client().sign_in(a_person("Yves", "secretary"))
    address = f"/organize/people/{ann.id}/edit"
    mine, theirs = opened(secretary, ann), opened(other, ann)

    assert other.post(address, data=theirs | {"city": "Ely", "phone": "0777", "tags": "choir"}).status_code == 303
    stale = secretary.post(address, data=mine | {"city": "Bath", "notes": "Met in May"})

    assert stale.status_code == 422
    db.session.refresh(ann)
    assert (ann.city, ann.phone, ann.notes) == ("Ely", "0777", "")
    for words in ("Yves saved this page", "You both changed this", '"Saved meanwhile">Ely</td>', "<b>Phone, Tags</b>"):
        assert words in stale.text
    for kept in ('value="Bath"', 'value="0777"', "Met in May", 'value="choir"'):
        assert kept in stale.text

    assert secretary.post(address, data=fields_of(stale.text)).status_code == 303
    db.session.refresh(ann)
    assert (ann.city, ann.phone, ann.notes) == ("Bath", "0777", "Met in May")


def test_an_address_of_staff_is_not_for_secretaries_to_change(secretary):
    boss = a_person("Ada", "admin", email="ada@example.org")

    answer = secretary.post(
        f"/organize/people/{boss.id}/edit", data=opened(secretary, boss) | {"email": "me@example.org"}
    )

    assert answer.status_code == 422
    db.session.refresh(boss)
    assert boss.email == "ada@example.org"


def test_another_address_has_yet_to_be_shown_to_be_theirs(secretary):
    ann = a_person("Ann Ash")

    secretary.post(f"/organize/people/{ann.id}/edit", data=opened(secretary, ann) | {"email": "New@Example.org"})

    db.session.refresh(ann)
    assert (ann.email, ann.verified_at) == ("new@example.org", None)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in"),
        ("email", "ben@example.org", "the address of Ben"),
        ("external_id", "7", "the number of Ben"),
        ("born_on", "29.2.1980", "such as 2027-03-30"),
        ("tags", "x" * 61, "At most 60 characters"),
    ],
)
def test_what_does_not_hold_is_said_and_what_was_typed_stays(secretary, field, value, sentence):
    a_person("Ben", email="ben@example.org", external_id="7")
    ann = a_person("Ann Ash")

    answer = secretary.post(
        f"/organize/people/{ann.id}/edit", data=opened(secretary, ann) | {"city": "Ely", field: value}
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Ely"' in answer.text


def test_a_person_is_added_by_hand_by_post_only(secretary):
    answer = secretary.post(
        "/organize/people/new", data={"name": "Pia Post", "address": "1 High Street", "city": "York"}
    )

    pia = db.session.scalars(select(Person).where(Person.name == "Pia Post")).one()
    assert answer.location == f"/organize/people/{pia.id}"
    assert (pia.email, pia.external_id, pia.address) == (None, None, "1 High Street")
    assert "Pia Post" in secretary.get("/organize/people?q=york").text


def test_an_erased_address_is_entered_again_only_knowingly(secretary):
    db.session.add(ErasedAddress(digest=digest("ann@example.org"), erased_at=NOW))
    db.session.commit()
    typed = {"name": "Ann Ash", "email": "Ann@example.org", "city": "York"}

    warned = secretary.post("/organize/people/new", data=typed)
    assert warned.status_code == 422
    assert "asked us to erase" in warned.text
    assert 'value="York"' in warned.text

    assert secretary.post("/organize/people/new", data={**typed, "although_erased": "y"}).status_code == 303
    assert db.session.scalars(select(Person.email).where(Person.name == "Ann Ash")).one() == "ann@example.org"


def test_a_view_is_kept_renewed_and_let_go(secretary):
    for query in ("city=York&columns=tier&after=5", "city=Ely&standing=yes"):
        assert secretary.post("/organize/people/views", data={"name": "Mine", "query": query}).status_code == 303

    assert db.session.scalars(select(SavedView.query)).all() == ["standing=yes&city=Ely"]
    assert 'href="/organize/people?standing=yes&amp;city=Ely">Mine<' in secretary.get("/organize/people").text

    secretary.post("/organize/people/views/drop", data={"name": "Mine"})
    assert db.session.scalars(select(SavedView)).all() == []


def test_a_view_is_its_owners_alone(secretary, app):
    other = app.test_client().sign_in(a_person("Yves", "secretary"))
    other.post("/organize/people/views", data={"name": "Hidden view", "query": ""})
    secretary.post("/organize/people/views/drop", data={"name": "Hidden view"})

    assert "Hidden view" not in secretary.get("/organize/people").text
    assert len(db.session.scalars(select(SavedView)).all()) == 1


def test_a_view_needs_a_name(secretary):
    assert secretary.post("/organize/people/views", data={"name": " ", "query": "q=x"}).status_code == 422

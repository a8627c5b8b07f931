"""Members see of each other what each chose, and nothing else."""

import re
from datetime import timedelta

import pytest

from society.db import db
from society.directory import routes
from society.people.models import Person
from tests.as_opened import fields_of, typed
from tests.builders import TODAY, a_membership, a_person


def a_member(name, shown="name", **values):
    person = a_person(name, shown=shown, **values)
    a_membership(person)
    return person


@pytest.fixture
def reader(client):
    return client.sign_in(a_member("Rita Reader", shown=""))


def names(client, query=""):
    page = client.get(f"/members{query}")
    assert page.status_code == 200
    return [line.split("<b>")[1].split("</b>")[0] for line in page.text.splitlines() if line.startswith("<p><b>")]


def test_a_visitor_signs_in_first(client):
    assert client.get("/members").location == "/login?next=/members"


def test_it_is_for_members_in_good_standing_and_staff(client, app):
    ended = a_person("Otto Over")
    a_membership(ended, ends_on=TODAY - timedelta(days=3))
    a_member("Ann Ash")

    assert client.sign_in(ended).get("/members").status_code == 403
    assert "Ann Ash" not in client.get("/members").text
    assert names(app.test_client().sign_in(a_person("Sue", "secretary"))) == ["Ann Ash"]


def test_only_those_appear_who_chose_to_and_are_in_good_standing(reader):
    a_member("Ann Ash")
    a_member("Ben Birch", shown="")
    a_member("Cem Cedar", shown="email city")
    a_membership(a_person("Otto Over", shown="name"), ends_on=TODAY - timedelta(days=3))
    a_person("Gus Guest", shown="name")

    assert names(reader) == ["Ann Ash"]


@pytest.mark.parametrize("typed", ["weiss", "WEISS", "gießen", "giessen anna"])
def test_a_name_or_a_city_is_found_whose_letters_are_more_without_accents(reader, typed):
    a_member("Anna Weiß", shown="name city", city="Gießen")
    a_member("Ben Hidden", shown="name", city="Gießen")
    assert names(reader, f"?q={typed}") == ["Anna Weiß"]


@pytest.mark.parametrize("item", ["email", "phone", "city", "about"])
def test_each_item_is_shown_if_it_was_chosen(reader, item):
    said = {"email": "ann@example.org", "phone": "+49 555", "city": "Exampleton", "about": "I paint."}
    a_member("Ann Ash", shown=f"name {item}", address="17 Foxglove Lane", **said)

    page = reader.get("/members").text

    assert [word for word in said if said[word] in page] == [item]
    assert "Foxglove" not in page


@pytest.mark.parametrize("query", ["zoe", "ZOË", "asch", "zoë a", "example"])
def test_the_search_knows_no_accents_and_parts_of_names(reader, query):
    a_member("Zoë Asch", shown="name city", city="Exampleton")

    assert names(reader, f"?q={query}") == ["Zoë Asch"]


@pytest.mark.parametrize("query", ["secret", "5551234", "exampleton", "M-77"])
def test_what_is_hidden_finds_nobody(reader, query):
    a_member("Ann Ash", email="secret@example.org", phone="5551234", city="Exampleton", external_id="M-77")

    assert names(reader, f"?q={query}") == []


def test_letters_lead_to_names_that_begin_with_them(reader):
    for name in ("Ann Ash", "Älva Ek", "Ben Birch"):
        a_member(name)

    assert names(reader, "?letter=a") == ["Ann Ash", "Älva Ek"]
    assert names(reader, "?letter=%C3%9F") == names(reader)


def test_pages_follow_each_other_and_cost_the_same(reader, monkeypatch, counted):
    monkeypatch.setattr(routes, "ON_A_PAGE", 2)
    people = [a_member(name) for name in ("Ann", "Ben", "Cem", "Cem", "Dia")]
    db.session.commit()

    first, second, third = (names(reader, f"?after={after}") for after in ("", people[1].id, people[3].id))
    assert (first, second, third) == (["Ann", "Ben"], ["Cem", "Cem"], ["Dia"])

    costs = []
    for after in (people[1].id, people[3].id):
        with counted() as count:
            reader.get(f"/members?after={after}")
        costs.append(len(count))
    assert costs[0] == costs[1] < 8


@pytest.mark.parametrize("query", ["?after=99999999999", "?after=x", "?q=%00%25_", "?letter=ab", "?after=987654"])
def test_odd_questions_get_an_answer(reader, query):
    assert reader.get(f"/members{query}").status_code == 200


def test_a_profile_is_hidden_until_its_owner_shows_it(client, app):
    ann = a_member("Ann Ash", shown="")
    client.sign_in(ann)
    assert "Nothing: you are not in" in client.get("/me/profile").text
    form = {"name": "Ann Ash", "phone": "+49 555", "city": "Exampleton", "about": "I paint.", "zone": "Asia/Tokyo"}
    revision = ann.revision

    assert client.post("/me/profile", data={**form, "shown": ["name", "about"]}).status_code == 303

    db.session.expire_all()
    assert (ann.shown, ann.phone, ann.revision) == ("name about", "+49 555", revision + 1)
    assert ann.zone == "Asia/Tokyo"
    form_again, preview = client.get("/me/profile").text.split('id="preview"')
    assert form_again.count(" checked") == 2
    assert "I paint." in preview
    assert "+49 555" not in preview
    assert names(app.test_client().sign_in(ann)) == ["Ann Ash"]


def test_a_profile_that_was_changed_meanwhile_is_not_overwritten(client):
    ann = a_person("Ann Ash", shown="name city")
    client.sign_in(ann)
    opened = fields_of(client.get("/me/profile").text)
    assert client.post("/me/profile", data=typed(opened, shown=["name", "about"], city="Ely")).status_code == 303

    answer = client.post("/me/profile", data=typed(opened, shown=["name", "city", "phone"], about="Mine."))

    assert answer.status_code == 422
    assert "You saved this page in another window" in answer.text
    shown = fields_of(answer.text)
    assert (shown["city"], shown["about"], set(shown.getlist("shown"))) == ("Ely", "Mine.", {"name", "about", "phone"})
    assert client.post("/me/profile", data=shown).status_code == 303
    db.session.expire_all()
    assert (ann.city, ann.about, ann.shown) == ("Ely", "Mine.", "name phone about")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("shown", "notes"),
        ("language", "klingon!"),
        ("phone", "x" * 41),
        ("address", "x" * 501),
    ],
)
def test_a_profile_that_does_not_hold_is_answered_with_a_sentence(client, field, value):
    ann = a_person("Ann Ash")

    assert client.sign_in(ann).post("/me/profile", data={"name": "Ann", field: value}).status_code == 422
    assert db.session.get_one(Person, ann.id, populate_existing=True).name == "Ann Ash"


def test_the_languages_of_the_reader_s_browser_are_offered_before_all_others(client):
    ann = a_person("Ann Ash", language="de-AT")
    page = client.sign_in(ann).get("/me/profile", headers={"Accept-Language": "pt-BR,fr;q=0.8,x-klingon;q=0.5"}).text

    suggested, others = page.partition('<optgroup label="Suggested">')[2].split('<optgroup label="All languages">')
    assert re.findall(r'value="([^"]+)"', suggested) == ["de-AT", "pt-BR", "fr"]
    assert '<option selected value="de-AT">German (Austria)</option>' in suggested
    assert '<option value="cy">Welsh</option>' in others
    assert '<option value="fr">' not in others
    assert '<option value="">The society&#39;s own</option>' in page

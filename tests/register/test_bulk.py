"""One act on many people: told first, done as a whole, undone as a whole."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.db import db
from society.membership.models import Covers, Membership, Status
from society.membership.queries import standing
from society.people.models import Person, Tag
from society.register.models import ChangeSet
from tests.builders import TODAY, a_membership, a_person, a_tier

IN_A_MONTH = TODAY + timedelta(days=30)


@pytest.fixture
def secretary(client):
    return client.sign_in(a_person("Zoe Secretary", "secretary"))


def ask(client, **query):
    return client.get("/organize/people/bulk", query_string=query)


def do(client, **query):
    """Look at the page, and press its button."""
    page = ask(client, **query)
    assert page.status_code == 200, page.text
    expected = re.search(r'name="expected" value="(\d+)"', page.text)
    assert expected, page.text
    return client.post("/organize/people/bulk", query_string=query, data={"expected": expected[1]})


def undo(client):
    number = db.session.scalar(select(func.max(ChangeSet.id)))
    return client.post(f"/organize/people/changes/{number}/undo")


def tags_of(person):
    db.session.expire_all()
    return [tag.name for tag in db.session.get_one(Person, person.id).tags]


def test_a_tag_is_put_on_those_ticked_and_taken_off_by_undoing(secretary):
    ann, ben, cem = a_person("Ann"), a_person("Ben"), a_person("Cem")

    assert do(secretary, act="tag", name="choir", person=[ann.id, ben.id]).status_code == 303
    assert [tags_of(person) for person in (ann, ben, cem)] == [["choir"], ["choir"], []]

    assert undo(secretary).status_code == 303
    assert [tags_of(person) for person in (ann, ben, cem)] == [[], [], []]
    assert db.session.scalar(select(func.count()).select_from(Tag)) == 0


def test_everyone_who_is_found_is_tagged_and_who_has_it_is_told_as_left_alone(secretary):
    for name in ("Ann", "Ben"):
        a_person(name, city="Harrowmere")
    away = a_person("Cem", city="Elsewhere")
    do(secretary, act="tag", name="Choir", all="1", q="ann", city="Harrowmere")

    page = ask(secretary, act="tag", name="choir", all="1", city="Harrowmere").text
    assert "on 1 person" in page
    assert "Ann has it already" in page

    do(secretary, act="tag", name="choir", all="1", city="Harrowmere")
    assert tags_of(away) == []
    assert db.session.scalars(select(Tag.name)).all() == ["Choir"]


def test_a_tag_is_taken_off_and_comes_back_by_undoing(secretary):
    ann = a_person("Ann")
    do(secretary, act="tag", name="choir", person=[ann.id])

    do(secretary, act="untag", name="choir", person=[ann.id])
    assert tags_of(ann) == []

    undo(secretary)
    assert tags_of(ann) == ["choir"]


def test_renewing_names_those_it_leaves_alone_and_why(secretary):
    yearly, life = a_tier("Member"), a_tier("Life member", period="life")
    ann, ben, cem, dan = (a_person(name) for name in ("Ann", "Ben", "Cem", "Dan"))
    a_membership(ann, yearly, ends_on=IN_A_MONTH)
    a_membership(ben, life, ends_on=None)
    a_membership(dan, yearly, ends_on=IN_A_MONTH)
    a_membership(dan, yearly, starts_on=IN_A_MONTH + timedelta(days=1), ends_on=IN_A_MONTH + timedelta(days=365))
    query = {"act": "renew", "person": [ann.id, ben.id, cem.id, dan.id]}

    page = ask(secretary, **query).text
    assert "Renew the membership of 1 person for the next period?" in page
    assert "Ben is a member for life" in page
    assert "Cem is no member in good standing" in page
    assert "Dan the next period is in the register already" in page

    do(secretary, **query)
    assert standing(ann, IN_A_MONTH + timedelta(days=1)) is not None
    undo(secretary)
    assert standing(ann, IN_A_MONTH + timedelta(days=1)) is None
    assert standing(ann, TODAY) is not None


@pytest.mark.parametrize(("act", "status"), [("resign", Status.RESIGNED), ("lapse", Status.LAPSED)])
def test_memberships_end_with_those_they_cover_and_come_back_by_undoing(secretary, act, status):
    payer, child = a_person("Pat"), a_person("Cleo")
    family = a_membership(payer, a_tier("Family", covers=Covers.HOUSEHOLD, places=4))
    a_membership(child, family.tier, covered_by_id=family.id)

    page = ask(secretary, act=act, person=[payer.id, child.id]).text
    assert "Cleo goes with the membership that covers them" in page

    do(secretary, act=act, person=[payer.id, child.id])
    assert standing(payer, TODAY) is None
    assert standing(child, TODAY) is None
    assert set(db.session.scalars(select(Membership.status))) == {Status.ACTIVE, status}

    undo(secretary)
    assert standing(payer, TODAY) is not None
    assert standing(child, TODAY) is not None


def test_what_was_touched_since_is_not_undone(secretary):
    ann, ben = a_person("Ann"), a_person("Ben")
    do(secretary, act="tag", name="choir", person=[ann.id, ben.id])
    do(secretary, act="untag", name="choir", person=[ben.id])
    first = db.session.scalar(select(func.min(ChangeSet.id)))

    answer = secretary.post(f"/organize/people/changes/{first}/undo")

    assert answer.status_code == 409
    assert "Nothing was undone: Ben" in answer.text
    assert tags_of(ann) == ["choir"]


def test_a_page_that_has_become_wrong_is_shown_again_and_does_nothing(secretary):
    ann = a_person("Ann")

    answer = secretary.post(f"/organize/people/bulk?act=tag&name=choir&person={ann.id}", data={"expected": "2"})

    assert answer.status_code == 409
    assert "Please look at this again" in answer.text
    assert tags_of(ann) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "act=tag&name=x",
        "act=tag&person=1",
        "act=dance&person=1",
        "act=tag&name=x&person=-1",
        "act=lapse&person=٣",
        f"act=lapse&person={9:09999}",
    ],
)
def test_an_act_that_is_no_act_leads_back_to_the_list(secretary, query):
    assert secretary.get(f"/organize/people/bulk?{query}").location.startswith("/organize/people")
    assert secretary.post(f"/organize/people/bulk?{query}").status_code == 303


def test_too_many_memberships_at_once_are_refused(secretary, monkeypatch):
    monkeypatch.setattr("society.register.bulk.MOST_STEPS", 1)
    people = [a_person(), a_person()]
    for person in people:
        a_membership(person)

    answer = do(secretary, act="lapse", person=[person.id for person in people])

    assert answer.status_code == 409
    assert all(standing(person, TODAY) for person in people)


def test_the_look_costs_the_same_however_many_they_are(secretary, counted):
    ask(secretary, act="renew", all="1")
    costs = []
    for number in (1, 3, 30):
        for _ in range(number):
            a_membership(a_person())
        with counted() as count:
            ask(secretary, act="renew", all="1")
        costs.append(len(count))

    assert len(set(costs)) == 1, costs


def test_the_list_of_changes_leads_to_each(secretary):
    ann = a_person("Ann")
    do(secretary, act="tag", name="choir", person=[ann.id])

    page = secretary.get("/organize/people/changes").text

    assert "Put the tag “choir” on 1 person" in page

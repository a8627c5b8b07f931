"""Invoices for many who were renewed at once: told first, each once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.db import db
from society.dues.models import Due
from society.register.models import ChangeSet
from tests.builders import TODAY, a_membership, a_person, a_tier, letters_to
from tests.register.test_bulk import do

SOON = TODAY + timedelta(days=30)


@pytest.fixture
def secretary(client):
    return client.sign_in(a_person("Zoe Secretary", "secretary"))


def renewed(secretary, *people):
    do(secretary, act="renew", person=[person.id for person in people])
    return f"/organize/people/changes/{db.session.scalar(select(func.max(ChangeSet.id)))}"


def test_who_was_renewed_at_once_is_invoiced_at_a_second_word_and_only_once(secretary):
    yearly, free = a_tier("Member", dues=3000, currency="EUR"), a_tier("Friend")
    ann, ben, cem = (a_person(name) for name in ("Ann", "Ben", "Cem"))
    for person, tier in ((ann, yearly), (ben, yearly), (cem, free)):
        a_membership(person, tier, ends_on=SOON)
    act = renewed(secretary, ann, ben, cem)
    assert db.session.scalar(select(func.count(Due.id))) == 0
    assert "Write invoices for these" in secretary.get(act).text

    page = secretary.get(f"{act}/invoices").text
    assert "EUR 60" in page
    assert "Ann: Member" in page
    assert "Cem" not in page
    assert secretary.post(f"{act}/invoices", data={"expected": 3}).status_code == 409
    assert secretary.post(f"{act}/invoices", data={"expected": 2}).status_code == 303

    assert [due.person.name for due in db.session.scalars(select(Due).order_by(Due.id))] == ["Ann", "Ben"]
    assert letters_to(ann) == ["Your invoice from The Test Society"]
    assert "Write invoices for these" not in secretary.get(act).text
    assert secretary.post(f"{act}/invoices", data={"expected": 0}).status_code == 303
    assert db.session.scalar(select(func.count(Due.id))) == 2


def test_invoices_are_looked_up_in_as_many_statements_however_many_they_are(secretary, counted):
    yearly = a_tier("Member", dues=3000)
    pages = []
    for number in (1, 3):
        people = [a_person() for _ in range(number)]
        for person in people:
            a_membership(person, yearly, ends_on=SOON)
        pages.append(f"{renewed(secretary, *people)}/invoices")

    taken = []
    for page in pages:
        with counted() as count:
            secretary.get(page)
        taken.append(len(count))
    assert taken[0] == taken[1]

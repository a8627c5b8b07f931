"""Roles that come with a term of office count within it, and end with it by themselves."""

from datetime import timedelta

import pytest

from society.db import db
from society.errors import Refused
from society.membership.queries import deciders
from society.people.actions import give_role, take_role
from society.people.models import Person, Role, RoleName
from society.people.queries import admins, last_day_of_admins
from society.settings import society
from society.times import today_in
from tests.builders import NOW, a_person


def today():
    return today_in(society().zone, NOW)


def by_term(name, starts, ends, role="secretary", **values):
    """Someone with a role from so many days from today on until so many."""
    person = a_person(name, **values)
    first, last = (None if days is None else today() + timedelta(days=days) for days in (starts, ends))
    person.roles = [Role(name=RoleName(role), given_at=NOW, starts_on=first, ends_on=last)]
    db.session.flush()
    return person


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(-9, 0, True), (0, 9, True), (0, 0, True), (-9, -1, False), (1, 9, False), (-9, None, True), (None, 5, True)],
)
def test_a_role_counts_from_the_first_day_of_its_term_to_the_last(client, app, starts, ends, counts):
    person = by_term("Tess", starts, ends)

    assert person.has_role("secretary") is person.is_staff is counts
    assert (person in db.session.scalars(deciders(today())).all()) is counts
    assert client.sign_in(person).get("/organize").status_code == (200 if counts else 403)


def test_applications_go_to_the_admins_when_the_secretarys_term_is_over(app):
    by_term("Tess", -9, -1)
    admin = a_person("Ada", "admin")

    assert db.session.scalars(deciders(today())).all() == [admin]


def test_an_admin_whose_term_is_over_is_no_admin_that_remains(app):
    ada, _former = a_person("Ada", "admin"), by_term("Tess", -9, -1, "admin")
    assert [role.person_id for role in db.session.scalars(admins(today()))] == [ada.id]

    with pytest.raises(Refused, match="only admin"):
        take_role(ada.roles[0], ada, NOW, by=ada)


def test_a_role_is_not_given_twice(app):
    tess = by_term("Tess", -9, 9)

    with pytest.raises(Refused, match="already"):
        give_role(tess, RoleName.SECRETARY, NOW, by=None)


@pytest.mark.parametrize(
    ("terms", "last"),
    [
        ([(None, None)], None),
        ([(-9, 10)], 10),
        ([(-9, 10), (11, 20)], 20),
        ([(-9, 10), (12, 20)], 10),
        ([(-9, 10), (5, None)], None),
        ([(-9, -1), (-9, 3)], 3),
    ],
)
def test_the_last_day_with_an_admin_is_known_beforehand(app, terms, last):
    for starts, ends in terms:
        by_term("", starts, ends, "admin")

    assert last_day_of_admins(today()) == (None if last is None else today() + timedelta(days=last))


def test_staff_by_a_term_cost_no_more_queries(client, app, counted):
    def cost(person):
        client.sign_in(person).get("/organize/people")
        with counted() as count:
            assert client.get("/organize/people").status_code == 200
        return len(count)

    assert cost(by_term("Tess", -9, 9)) == cost(a_person("Sue", "secretary"))
    assert db.session.get(Person, 1)

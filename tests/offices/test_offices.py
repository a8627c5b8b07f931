"""Offices, who holds them when, and the roles that come with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.offices.actions import appoint, end_term, warning
from society.offices.models import Office, Term
from society.people.models import Person, Role, RoleName
from society.settings import society
from society.times import today_in
from tests.builders import NOW, a_person


def day(offset):
    return today_in(society().zone, NOW) + timedelta(days=offset)


def an_office(title="Chairperson", **values):
    office = Office(title=title, **values)
    db.session.add(office)
    db.session.flush()
    return office


def a_term(office, name, starts, ends):
    term = Term(
        office=office, person=a_person(name), starts_on=day(starts), ends_on=None if ends is None else day(ends)
    )
    db.session.add(term)
    db.session.flush()
    return term


@pytest.fixture
def secretary(app):
    return a_person("Sec Retary", "secretary")


@pytest.fixture
def admin(app):
    return a_person("Ada", "admin")


def test_everyone_sees_the_officers_of_today_and_those_of_before(client, app):
    chair, choir = an_office(), an_office("Conductor", committee="Choir")
    for office, name, starts, ends in [
        (chair, "Ann Now", -9, 9),
        (chair, "Ben Before", -99, -10),
        (chair, "Cem Comes", 10, 99),
        (choir, "Dia Last Day", -9, 0),
        (choir, "Eva First Day", 0, None),
    ]:
        a_term(office, name, starts, ends)

    page, past = client.get("/officers").text, client.get("/officers/past").text

    assert [name for name in ("Ann", "Ben", "Cem", "Dia", "Eva") if f"<b>{name}" in page] == ["Ann", "Dia", "Eva"]
    assert "<h2>Choir</h2>" in page
    assert [name for name in ("Ann", "Ben", "Cem", "Dia", "Eva") if f"<b>{name}" in past] == ["Ben"]


@pytest.mark.parametrize("path", ["/officers", "/officers/past"])
def test_a_list_costs_the_same_with_one_and_with_three(client, counted, path):
    office = an_office()

    def cost():
        db.session.commit()
        client.application.extensions["keep"].clear()
        with counted() as count:
            assert client.get(path).status_code == 200
        return len(count)

    costs = []
    for number in range(3):
        a_term(office, f"P{number}", -9, 9)
        a_term(office, f"Q{number}", -9, -3)
        costs.append(cost())
    assert costs[0] == costs[2]


def test_a_role_comes_with_the_office_and_ends_with_the_term(app, admin):
    ann = a_person("Ann")
    term = appoint(an_office(role=RoleName.SECRETARY), ann, day(-5), day(5), now=NOW, by=admin)
    assert ann.has_role("secretary")

    end_term(term, day(-1), now=NOW, by=admin)

    db.session.expire_all()
    assert not ann.has_role("secretary")
    assert [entry.act for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [
        "office given",
        "office ended",
    ]


def test_an_office_with_a_role_is_given_and_ended_by_admins_alone(app, admin, secretary):
    office, ann = an_office(role=RoleName.ADMIN), a_person("Ann")
    with pytest.raises(Refused, match="Only an admin"):
        appoint(office, ann, day(0), None, now=NOW, by=secretary)
    db.session.rollback()


def test_who_has_not_shown_their_address_gets_no_role(app, admin):
    office = an_office(role=RoleName.SECRETARY)
    with pytest.raises(Refused, match="address is theirs"):
        appoint(office, a_person("Ann", verified_at=None), day(0), None, now=NOW, by=admin)


def test_nobody_holds_one_office_twice_at_once(app, secretary):
    office, ann = an_office(), a_person("Ann")
    appoint(office, ann, day(0), day(9), now=NOW, by=secretary)

    with pytest.raises(Refused, match="already"):
        appoint(office, ann, day(9), None, now=NOW, by=secretary)
    appoint(office, ann, day(10), None, now=NOW, by=secretary)


@pytest.mark.parametrize(("last", "until"), [(None, 3), (20, -1), (0, -1), (20, 19)])
def test_the_last_admins_term_cannot_be_ended(app, last, until):
    office, ann = an_office(role=RoleName.ADMIN), a_person("Ann", "admin")
    term = appoint(office, ann, day(-9), None if last is None else day(last), now=NOW, by=ann)
    db.session.delete(next(role for role in ann.roles if role.term_id is None))
    db.session.flush()
    db.session.expire(ann)

    with pytest.raises(Refused, match="Nobody would be an admin"):
        end_term(term, day(until), now=NOW, by=ann)


def test_the_page_warns_before_the_last_admins_term_is_over(client, app):
    office, ann, sue = an_office(role=RoleName.ADMIN), a_person("Ann"), a_person("Sue", "secretary")
    term = a_term(office, "Bea", -9, 30)
    term.person.roles = [Role(name=RoleName.ADMIN, given_at=NOW, term_id=term.id, ends_on=day(30))]
    db.session.flush()
    assert warning(NOW) == day(30)
    assert "There will be no admin" in client.sign_in(sue).get("/organize/offices").text

    ann.roles = [Role(name=RoleName.ADMIN, given_at=NOW)]
    db.session.flush()
    assert warning(NOW) is None


def test_a_term_that_has_not_begun_is_taken_back(app, admin):
    term = appoint(an_office(role=RoleName.SECRETARY), a_person("Ann"), day(5), None, now=NOW, by=admin)

    end_term(term, day(0), now=NOW, by=admin)

    assert db.session.scalars(select(Term)).all() == []
    assert db.session.scalars(select(Role.name)).all() == [RoleName.ADMIN]


def test_a_secretary_adds_an_office_appoints_and_ends(client, secretary):
    client.sign_in(secretary)
    a_person("Ann Ash", email="ann@example.org")
    page = client.post("/organize/offices/new", data={"title": "Archivist", "role": "admin"}).location
    assert db.session.scalars(select(Office.role)).all() == [None]

    form = {"email": "ann@example.org", "starts_on": str(day(0)), "ends_on": ""}
    assert client.post(f"{page}/appoint", data=form).status_code == 303
    assert "Ann Ash" in client.get(page).text
    term = db.session.scalars(select(Term)).one()
    assert client.post(f"/organize/terms/{term.id}/end", data={"ends_on": str(day(9))}).status_code == 303

    db.session.expire_all()
    assert db.session.scalars(select(Term.ends_on)).all() == [day(9)]
    assert "Ann Ash" in client.get("/officers").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody@example.org"), ("starts_on", ""), ("starts_on", "30.3.2027"), ("ends_on", "2000-01-01")],
)
def test_an_appointment_that_does_not_hold_keeps_what_was_typed(client, secretary, field, value):
    office = an_office()
    a_person("Ann Ash", email="ann@example.org")
    form = {"email": "ann@example.org", "starts_on": str(day(0)), "ends_on": "", field: value}

    answer = client.sign_in(secretary).post(f"/organize/offices/{office.id}/appoint", data=form)

    assert answer.status_code == 422
    assert f'value="{form["email"]}"' in answer.text
    assert db.session.scalars(select(Term)).all() == []


def test_what_an_office_lets_do_changes_only_while_nobody_holds_it(client, admin):
    office = an_office()
    a_term(office, "Ann", -9, None)
    page = f"/organize/offices/{office.id}"

    assert client.sign_in(admin).post(page, data={"title": "Chair", "role": "secretary"}).status_code == 409
    assert client.post(page, data={"title": "Chair", "role": "emperor"}).status_code == 422
    assert client.post(page, data={"title": "Chair", "role": ""}).status_code == 303
    assert db.session.get_one(Person, admin.id)

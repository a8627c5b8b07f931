"""The roles, and whose pages open to whom."""

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.people.models import Person, Role
from tests.builders import a_person


@pytest.mark.parametrize(
    ("path", "open_to"),
    [
        ("/organize/people", {"secretary", "admin"}),
        ("/organize/people/1", {"secretary", "admin"}),
        ("/organize/roles", {"admin"}),
        ("/organize/audit", {"admin"}),
    ],
)
def test_pages_open_to_those_whose_they_are(app, path, open_to):
    a_person("The first")
    assert app.test_client().get(path).status_code == 303
    assert app.test_client().sign_in(a_person()).get(path).status_code == 403
    for role in ("organizer", "secretary", "admin"):
        answer = app.test_client().sign_in(a_person("", role)).get(path)
        assert answer.status_code == (200 if role in open_to else 403)


@pytest.fixture
def ada(app):
    return a_person("Ada Admin", "admin")


@pytest.fixture
def admin(client, ada):
    return client.sign_in(ada)


def give(client, email, role="organizer"):
    return client.post("/organize/roles", data={"email": email, "role": role})


def take(client, role_id):
    return client.post("/organize/roles/take", data={"role_id": role_id})


def roles_of(person):
    return [role.name.value for role in db.session.scalars(select(Role).where(Role.person_id == person.id))]


def test_an_admin_gives_and_takes_a_role_and_it_is_noted(admin, ada):
    ann = a_person("Ann Ash")

    assert give(admin, ann.email).status_code == 303
    assert roles_of(ann) == ["organizer"]
    assert take(admin, db.session.scalar(select(Role.id).where(Role.person_id == ann.id))).status_code == 303
    assert roles_of(ann) == []

    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.act, e.subject_name, e.actor_id) for e in noted] == [
        ("role given", "Ann Ash", ada.id),
        ("role taken", "Ann Ash", ada.id),
    ]
    assert noted[0].after == noted[1].before == {"role": "organizer"}


def test_a_role_works_at_once_and_no_longer_than_it_is_held(admin, app):
    ann = a_person("Ann Ash")
    browser = app.test_client().sign_in(ann)
    assert browser.get("/organize/people").status_code == 403

    give(admin, ann.email, "secretary")
    assert browser.get("/organize/people").status_code == 200

    take(admin, db.session.scalar(select(Role.id).where(Role.person_id == ann.id)))
    assert browser.get("/organize/people").status_code == 403


def test_the_last_admin_stays(admin, ada):
    answer = take(admin, ada.roles[0].id)

    assert answer.status_code == 409
    assert "is the only admin" in answer.text
    assert roles_of(ada) == ["admin"]


def test_an_admin_may_go_if_another_stays(admin, ada):
    a_person("Ben", "admin")

    assert take(admin, ada.roles[0].id).status_code == 303
    assert roles_of(ada) == []


def test_a_role_is_given_once(admin):
    ann = a_person("Ann", "organizer")

    assert give(admin, ann.email).status_code == 409
    assert roles_of(ann) == ["organizer"]


@pytest.mark.parametrize("email", ["", "nobody@example.org", "no address", "x" * 10_000])
def test_a_role_for_nobody_is_answered_beside_the_field(admin, email):
    answer = give(admin, email)

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_a_role_needs_a_verified_address(admin):
    answer = give(admin, a_person("Ann", verified_at=None).email)

    assert answer.status_code == 422
    assert "has not shown yet" in answer.text


@pytest.mark.parametrize("role", ["", "owner", "<script>"])
def test_a_role_that_is_none_is_refused(admin, role):
    assert give(admin, a_person("Ann").email, role).status_code == 422


@pytest.mark.parametrize("role_id", ["4711", "9" * 30, "0", "-1", "x", ""])
def test_taking_a_role_that_nobody_has_changes_nothing(admin, ada, role_id):
    assert take(admin, role_id).status_code in (303, 404)
    assert roles_of(ada) == ["admin"]


def test_others_give_no_roles(client):
    secretary = a_person("Sue", "secretary")
    client.sign_in(secretary)

    assert give(client, secretary.email, "admin").status_code == 403
    assert roles_of(secretary) == ["secretary"]
    assert db.session.scalars(select(Person)).all() == [secretary]

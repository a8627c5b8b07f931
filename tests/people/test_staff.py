"""The register and the roles, by whoever may open them."""

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.mail.actions import write_markdown
from society.people.models import Person, Role
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NOW, a_membership, a_person, a_tier, an_event


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
def secretary(client):
    return client.sign_in(a_person("Zoe Secretary", "secretary"))


def test_the_register_finds_people_by_name_and_address(secretary):
    a_person("Ann Ash", email="ann@example.org")
    a_person("Ben Birch", email="ben@elsewhere.example.org")

    assert "Ben Birch" not in secretary.get("/organize/people?q=ann+ash").text
    assert "Ben Birch" in secretary.get("/organize/people?q=ELSEWHERE").text
    assert "Nobody is found by" in secretary.get("/organize/people?q=%25").text


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 5000, "q=%00", "q=<script>", "q='--", "page=2", "page=x", "q=%F0%9F%8E%B7"]
)
def test_odd_questions_get_an_answer(secretary, query):
    answer = secretary.get("/organize/people?" + query)

    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace('<script type="module"', "")


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999999"])
def test_pages_that_cannot_be_are_not_found(secretary, page):
    assert secretary.get(f"/organize/people?page={page}").status_code == 404


def test_the_register_tells_who_is_a_member(secretary):
    a_membership(a_person("Ann Ash"), a_tier())

    assert secretary.get("/organize/people?q=Ann").text.count("badge success") == 1


def test_the_register_has_fifty_on_a_page(secretary):
    for number in range(60):
        a_person(f"Person {number:02}")

    first, second = secretary.get("/organize/people").text, secretary.get("/organize/people?page=2").text

    assert first.count('<th scope="row">') == 50
    assert "1 to 50 of 61" in first
    assert second.count('<th scope="row">') == 11


def test_the_register_costs_the_same_for_one_and_for_many(secretary, counted):
    def cost():
        with counted() as count:
            secretary.get("/organize/people")
        return len(count)

    a_membership(a_person(""), a_tier())
    secretary.get("/organize/people")
    with_one = cost()
    for _ in range(3):
        a_membership(a_person("", "organizer"), a_tier())
    assert cost() == with_one


def test_a_persons_page_shows_what_the_society_knows(secretary):
    ann = a_person("Ann <i>Ash</i>", "organizer")
    a_membership(ann, a_tier("Full"))
    reply(an_event("Title: Subtitle"), ann, Answer.YES, at=NOW)
    write_markdown(ann, "Hello", "A letter.", "hello", now=NOW)

    page = secretary.get(f"/organize/people/{ann.id}").text

    for shown in ("Ann &lt;i&gt;Ash&lt;/i&gt;", "Full", "Title: Subtitle", "Hello", "Organizer"):
        assert shown in page


@pytest.mark.parametrize("number", ["4711", "0", "9223372036854775808", "9" * 40])
def test_a_person_who_is_not_there_is_not_found(secretary, number):
    assert secretary.get(f"/organize/people/{number}").status_code == 404


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

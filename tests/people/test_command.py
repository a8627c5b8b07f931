"""Making people from the command line."""

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.people.models import Person
from society.people.passwords import password_matches
from society.people.queries import person_by_email


def create(app, *more, email="Ann@example.org", name="Ann Ash", typed=""):
    runner = app.test_cli_runner()
    return runner.invoke(args=["people", "create", "--email", email, "--name", name, *more], input=typed)


def test_a_person_with_roles_and_a_password_is_made_and_noted(app):
    done = create(app, "--role", "admin", "--role", "organizer", "--password-stdin", typed="a fairly long one\n")

    assert (done.exit_code, done.output) == (0, "Ann Ash can sign in with ann@example.org.\n")
    ann = person_by_email("ann@example.org")
    assert ann.can_sign_in
    assert password_matches(ann, "a fairly long one")
    assert ann.has_role("admin")
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["person created", "role given", "role given"]


def test_without_a_password_they_sign_in_by_link(app):
    assert "by a link mailed from /login/link" in create(app).output
    assert person_by_email("ann@example.org").password_hash is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "no address"}, "is not a mail address"),
        ({"name": " "}, "A name has from"),
        ({"name": "x" * 201}, "A name has from"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(app, changes, sentence):
    refused = create(app, **changes)

    assert isinstance(refused.exception, Refused)
    assert sentence in str(refused.exception)
    assert db.session.scalars(select(Person)).all() == []


def test_a_short_password_is_refused(app):
    assert "10 to 500" in str(create(app, "--password-stdin", typed="short\n").exception)


def test_an_address_is_taken_once(app):
    create(app)

    assert "already" in str(create(app, email="ANN@example.org").exception)


def test_an_unknown_role_is_a_mistake_of_usage(app):
    assert create(app, "--role", "owner").exit_code == 2

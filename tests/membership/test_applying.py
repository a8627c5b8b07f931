"""From applying to being a member, or not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.mail.message import as_text
from society.mail.models import Letter
from society.membership.actions import apply, approve, begin, join, reject
from society.membership.models import Membership, Period, Status
from society.membership.queries import open_application, standing, steps_of, waiting_applications
from society.people.models import OneTimeLink, Person
from society.people.queries import person_by_email
from society.settings import society
from society.times import today_in
from tests.builders import NOW, a_membership, a_person, a_tier


def letters_to(person):
    db.session.flush()
    return db.session.scalars(select(Letter.subject).where(Letter.person_id == person.id).order_by(Letter.id)).all()


def today():
    return today_in(society().zone, NOW)


def test_a_newcomer_is_written_to_and_waits_for_verification(app):
    join("Ann Ash", "ann@example.org", "hash", a_tier(), NOW)

    ann = person_by_email("ann@example.org")
    assert (ann.name, ann.password_hash, ann.can_sign_in) == ("Ann Ash", "hash", False)
    assert open_application(ann).status is Status.APPLIED
    assert letters_to(ann) == ["Please verify your address"]
    assert db.session.scalars(waiting_applications()).all() == []


def test_a_verified_person_is_told_and_nothing_of_theirs_changes(app):
    ben = a_person("Ben Birch", password_hash="his own")

    join("Somebody", ben.email, "another hash", a_tier(), NOW)
    join("Somebody", ben.email, "another hash", a_tier(), NOW)

    assert (ben.name, ben.password_hash) == ("Ben Birch", "his own")
    assert open_application(ben) is None
    assert letters_to(ben) == ["You have a sign-in already"]


def test_a_guest_who_joins_keeps_name_and_number(app):
    guest = a_person("Cem", verified_at=None, email="cem@example.org")

    join("Someone else", "cem@example.org", "hash", a_tier(), NOW)

    assert db.session.scalars(select(Person)).all() == [guest]
    assert (guest.name, guest.password_hash) == ("Cem", "hash")


def test_joining_again_before_verifying_replaces_password_tier_and_link(app):
    first, second = a_tier(), a_tier()
    join("Dee", "dee@example.org", "first", first, NOW)
    old = db.session.scalars(select(OneTimeLink.secret_hash)).one()
    join("Dee", "dee@example.org", "second", second, NOW + timedelta(minutes=5))

    dee = person_by_email("dee@example.org")
    assert dee.password_hash == "second"
    assert open_application(dee).tier is second
    assert db.session.scalars(select(OneTimeLink.secret_hash)).one() != old
    assert len(letters_to(dee)) == 2


def test_a_member_without_a_sign_in_gets_one_and_applies_for_nothing(app):
    member = a_person(verified_at=None, email="eve@example.org")
    a_membership(member)

    join("Eve", "eve@example.org", "hash", a_tier(), NOW)

    assert open_application(member) is None
    assert letters_to(member) == ["Please verify your address"]


def test_a_tier_without_approval_begins_at_once(app):
    person = a_person()
    apply(person, a_tier(needs_approval=False, period=Period.LIFE), NOW)

    begin(person, NOW)

    assert standing(person, today()).ends_on is None
    assert letters_to(person) == ["Welcome to The Test Society"]


def test_a_tier_with_approval_waits_and_the_secretaries_are_told(app):
    secretary, admin = a_person("", "secretary"), a_person("", "admin")
    person = a_person("Finn Fir")
    apply(person, a_tier(), NOW)

    begin(person, NOW)
    begin(person, NOW)

    assert standing(person, today()) is None
    assert letters_to(secretary) == ["Finn Fir has applied for membership"]
    assert letters_to(admin) == []


def test_without_a_secretary_the_admins_are_told(app):
    admin, person = a_person("", "admin"), a_person("Gil Gorse")
    apply(person, a_tier(), NOW)

    begin(person, NOW)

    assert letters_to(admin) == ["Gil Gorse has applied for membership"]


def test_nothing_begins_without_an_application(app):
    assert begin(a_person(), NOW) is None


def test_an_approved_applicant_is_a_member_from_today_and_welcomed(app):
    person, secretary = a_person(), a_person("", "secretary")
    application = apply(person, a_tier(), NOW)

    admitted = approve(application, NOW, by=secretary)

    assert standing(person, today()) is admitted
    assert (admitted.replaces_id, admitted.decided_by_id) == (application.id, secretary.id)
    assert open_application(person) is None
    assert db.session.scalars(steps_of(person)).all() == [admitted]
    assert letters_to(person) == ["Welcome to The Test Society"]
    assert db.session.scalars(select(AuditEntry.act)).all() == ["application approved"]


def test_a_rejected_applicant_reads_why(app):
    person, secretary = a_person(), a_person("", "secretary")
    application = apply(person, a_tier(), NOW)

    reject(application, "We are full this year.", NOW, by=secretary)

    assert standing(person, today()) is None
    assert "We are full this year." in as_text(db.session.scalars(select(Letter)).one())


def test_deciding_twice_is_refused(app):
    person, secretary = a_person(), a_person("", "secretary")
    application = apply(person, a_tier(), NOW)
    approve(application, NOW, by=secretary)

    with pytest.raises(Refused, match="decided already"):
        reject(application, "Too late", NOW, by=secretary)
    with pytest.raises(Refused, match="decided already"):
        approve(application, NOW, by=secretary)


def test_members_and_applicants_cannot_apply_again(app):
    member, applicant = a_person(), a_person()
    a_membership(member)
    apply(applicant, a_tier(), NOW)

    for person in (member, applicant):
        with pytest.raises(Refused):
            apply(person, a_tier(), NOW)
    assert len(db.session.scalars(select(Membership)).all()) == 2

"""Reading the log. Who may is tried with the staff's other pages."""

import pytest

from society.audit.actions import record
from society.audit.models import AuditEntry
from society.audit.render import changed
from society.db import db
from society.membership.render import money
from tests.builders import NOW, a_person


@pytest.fixture
def ada(app):
    return a_person("Ada Admin", "admin")


@pytest.fixture
def admin(client, ada):
    return client.sign_in(ada)


def test_an_empty_log_says_so(admin):
    assert "Nothing has been changed yet." in admin.get("/organize/audit").text


def test_an_entry_tells_who_changed_what_from_what_to_what(admin, ada):
    ann = a_person("Ann <i>Ash</i>")
    record("person renamed", ann, by=ada, now=NOW, before={"name": "Ann <b>"}, after={"name": "Ann Ash"})

    page = admin.get("/organize/audit").text

    assert "Ada Admin" in page
    assert "Person renamed</b>: Ann &lt;i&gt;Ash&lt;/i&gt;" in page
    assert "Name: <del>Ann &lt;b&gt;</del> → <ins>Ann Ash</ins>" in page


def test_what_the_program_did_is_told_as_its_doing(admin):
    record("role given", a_person("Ann"), by=None, now=NOW, after={"role": "admin"})

    assert "by the program" in admin.get("/organize/audit").text


def test_only_differences_are_told_with_their_names():
    entry = AuditEntry(
        before={"starts_on": "2027-01-01", "offered": True, "same": 1, "ended_at": None, "venue_id": 3},
        after={"starts_on": None, "offered": False, "same": 1, "ended_at": "2027-03-31 00:30:00+00:00", "venue_id": 4},
    )

    assert changed(entry, "America/New_York", money) == [
        ("Starts on", "1 January 2027", ""),
        ("Offered", "yes", "no"),
        ("Ended at", "", "30 March 2027, 8:30 pm"),
        ("Venue", "3", "4"),
    ]


def test_amounts_are_told_in_their_currency():
    raised = AuditEntry(before={"dues": 3000, "currency": "EUR"}, after={"dues": 3550, "currency": "EUR"})
    waived = AuditEntry(before={}, after={"amount": 1000, "currency": "JPY"})

    assert changed(raised, "UTC", money) == [("Dues", "EUR 30", "EUR 35.50")]
    assert changed(waived, "UTC", money) == [("Amount", "", "JPY 1,000")]


def test_the_log_goes_on_overleaf_and_costs_the_same_however_long(admin, ada, counted):
    def cost():
        db.session.commit()
        with counted() as count:
            assert admin.get("/organize/audit").status_code == 200
        return len(count)

    ann = a_person("Ann")
    record("change 1", ann, by=ada, now=NOW)
    with_one = cost()
    for number in range(2, 56):
        record(f"change {number}", ann, by=ann if number % 2 else ada, now=NOW)

    assert cost() == with_one
    assert "Change 55<" in admin.get("/organize/audit").text
    assert "Change 5<" not in admin.get("/organize/audit").text
    assert "Change 5<" in admin.get("/organize/audit?page=2").text
    assert admin.get("/organize/audit?page=0").status_code == 404

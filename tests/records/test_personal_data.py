"""All that is kept on a person, in one file and on one page."""

import re

import pytest

from society.audit.actions import record
from society.db import db
from society.dues.models import Due, DueKind, Method, Payment
from society.mail.actions import bury, write_to_address
from society.membership.models import ApplicationMessage, Status
from society.offices.models import Office, Term
from society.people.models import Consent, Tag
from society.register.models import SavedView
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NOW, TODAY, a_membership, a_person, an_event

_numbers = iter(range(1, 1_000))


@pytest.fixture
def ann(app):
    return a_person("Ann Ash", phone="+49 555", notes="Likes tea.", about="I paint.", city="Exampleton")


def add_one_of_each(ann):
    number = next(_numbers)
    step = a_membership(ann, status=Status.APPLIED, answers=[{"question": "Why?", "answer": "For the talks."}])
    db.session.add(ApplicationMessage(membership_id=step.id, at=NOW, from_applicant=False, text="Which branch?"))
    ann.tags.append(Tag(name=f"choir {number}"))
    db.session.add(Consent(person_id=ann.id, wording="I agree.", given_at=NOW))
    due = Due(number=number, person_id=ann.id, kind=DueKind.DUES, amount=5000, currency="EUR", issued_on=TODAY)
    due.due_on, due.recorded_at = TODAY, NOW
    paid = Payment(receipt=number, person_id=ann.id, amount=4000, currency="EUR", recorded_at=NOW, method=Method.CASH)
    paid.received_on = TODAY
    term = Term(office=Office(title="Chairperson"), person=ann, starts_on=TODAY)
    write_to_address(
        f"ora{number}@example.org",
        "forwarded",
        f"mail:{number}",
        now=NOW,
        reply_to=ann.email.upper(),
        text="Is it far?",
        writer="Ann Ash",
        theirs=ann.email,
        about="",
        enclosed=False,
    )
    bury(ann.email, "550 unknown", NOW)
    db.session.add_all([due, paid, term, SavedView(person_id=ann.id, name=f"View {number}", query="q=a")])
    record("person changed", ann, by=None, now=NOW, before={"city": "Old Town"}, after={"city": "Exampleton"})


def test_the_file_holds_each_thing(client, ann):
    add_one_of_each(ann)

    kept = client.sign_in(ann).get("/me/data.json").json

    assert (kept["person"]["phone"], kept["person"]["notes"]) == ("+49 555", "Likes tea.")
    assert (kept["person"]["rhythm"], kept["person"]["by_letter"]) == ("at-once", False)
    assert kept["memberships"][0]["answers"] == [{"question": "Why?", "answer": "For the talks."}]
    assert kept["memberships"][0]["messages"][0]["text"] == "Which branch?"
    assert (kept["dues"][0]["amount"], kept["payments"][0]["amount"]) == (5000, 4000)
    assert kept["offices"][0]["office"] == "Chairperson"
    assert kept["consents"][0]["wording"] == "I agree."
    assert "Is it far?" in kept["wrote_back"][0]["text"]
    assert kept["refuses_mail"]["answer"] == "550 unknown"
    assert [entry["act"] for entry in kept["audit"]] == ["address given up", "person changed"]
    assert kept["audit"][1]["before"] == {"city": "Old Town"}
    assert len(kept["tags"]) == len(kept["saved_views"]) == 1


def test_the_page_tells_it_to_be_read(client, ann):
    add_one_of_each(ann)

    page = client.sign_in(ann).get("/me/data").text

    for said in (
        "Likes tea.",
        "For the talks.",
        "Which branch?",
        "Chairperson",
        "Is it far?",
        "550 unknown",
        "Person changed",
        "Mail me that link",
    ):
        assert said in page
    assert not re.search(r"\b20\d\d-\d\d-\d\d", page)


def test_the_page_tells_in_words_where_an_answer_and_a_letter_stand(client, ann):
    full = an_event(title="Full house", capacity=1)
    reply(full, a_person(), Answer.YES, at=NOW)
    reply(full, ann, Answer.YES, at=NOW)
    reply(an_event(title="Who knows"), ann, Answer.MAYBE, at=NOW)
    db.session.commit()

    page = client.sign_in(ann).get("/me/data").text

    assert "yes, on the waiting list</span>" in page
    assert "maybe</span>" in page
    assert ", waiting to be sent, to" in page
    for raw in ("waitlisted", "maybe, maybe", "queued"):
        assert raw not in page.partition("<main")[2]


def test_it_costs_the_same_however_much_there_is(client, ann, counted):
    def cost():
        client.get("/me/data")
        with counted() as count:
            assert client.get("/me/data").status_code == 200
        return len(count)

    client.sign_in(ann)
    add_one_of_each(ann)
    with_one = cost()
    for _ in range(3):
        add_one_of_each(ann)
    assert cost() == with_one

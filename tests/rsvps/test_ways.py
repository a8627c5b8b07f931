"""Changing between a seat and joining online: what is asked, promised, told and kept."""

from sqlalchemy import select

from society.db import db
from society.questions.models import Kind, QuestionAnswer
from society.rsvps.queries import rsvp_of
from tests.builders import a_person
from tests.questions.test_answering import asked, name_of
from tests.rsvps.test_online import a_hybrid_event, by_now, joins

# Parties


def test_of_a_party_online_that_is_larger_than_the_hall_each_is_asked_about(client):
    event, ann = a_hybrid_event(2, max_party_size=4), a_person()
    names = asked(event, Kind.NAMES, "Name", required=True)
    client.sign_in(ann)
    where = f"/events/{event.slug}/rsvp"
    party = {"joins": "online", "party_size": "4"}
    page = client.post(where, data=party | {"shown": "1"})
    fields = [name_of(names, guest) for guest in (1, 2, 3)]
    assert (page.status_code, [name in page.text for name in fields]) == (422, [True] * 3)

    some = dict(zip(fields, ["Bo", "", "Di"], strict=True))
    assert client.post(where, data=party | {"shown": "4"} | some).status_code == 422
    assert client.post(where, data=party | {"shown": "4"} | some | {fields[1]: "Cy"}).status_code == 303

    assert rsvp_of(event, ann).party_size == 4
    assert db.session.scalars(select(QuestionAnswer.text).order_by(QuestionAnswer.guest)).all() == ["Bo", "Cy", "Di"]


def test_a_party_online_may_be_as_large_where_the_hall_is_taken_away(client):
    event, ann = a_hybrid_event(1, max_party_size=4), a_person()
    joins(event, ann, party_size=2)
    event.room = ""
    db.session.commit()
    client.sign_in(ann)

    answer = client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes", "party_size": "3"})

    assert (answer.status_code, by_now(rsvp_of(event, ann)).party_size) == (303, 3)

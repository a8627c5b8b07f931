"""Changing between a seat and joining online: what is asked, promised, told and kept."""

import pytest
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.events.models import RsvpPolicy
from society.questions.models import Kind, QuestionAnswer
from society.rsvps.actions import reply
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import a_person, letters_to
from tests.events.test_organizing import form_of
from tests.questions.test_answering import asked, name_of
from tests.rsvps.deciding import decided
from tests.rsvps.test_online import LATER, a_hybrid_event, by_now, joins, takes

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


# Where the organizers decide


def approved(rsvp):
    decided(rsvp, Decision.APPROVE, a_person("", "organizer"), LATER)
    db.session.commit()
    return rsvp


def test_who_was_approved_for_a_seat_is_not_promised_the_way_back(client):
    event = a_hybrid_event(5, rsvp_policy=RsvpPolicy.APPROVAL)
    (rsvp,) = takes(event)
    client.sign_in(rsvp.person)
    waits = client.get(f"/events/{event.slug}").text
    assert ("Join online instead" in waits, "can go to others" in waits) == (True, False)
    approved(rsvp)
    for page in (client.get(f"/events/{event.slug}").text, client.get(link(rsvp)).text):
        assert "If you join online instead, your seat can go to others, and you would have to ask" in page
        assert "change to the other way" not in page


def test_who_waits_for_the_organizers_is_not_told_that_they_said_yes(client):
    event = a_hybrid_event(5, rsvp_policy=RsvpPolicy.APPROVAL)
    (rsvp,) = joins(event)
    assert "said yes to your joining online" not in client.get(link(rsvp)).text
    approved(rsvp)
    assert "said yes to your joining online" in client.get(link(rsvp)).text


# Without the link


def test_who_waits_for_the_organizers_can_ask_for_a_seat_when_the_link_is_gone(client):
    event = a_hybrid_event(5, rsvp_policy=RsvpPolicy.APPROVAL)
    (rsvp,) = joins(event)
    event.online_url = ""
    db.session.commit()
    client.sign_in(rsvp.person)
    assert "Ask for a seat</a>" in client.get(f"/events/{event.slug}").text
    page = client.get(link(rsvp)).text
    assert ("You can ask for a seat; the organizers decide" in page, "Please ask the organizers" in page) == (
        True,
        False,
    )

    client.post(link(rsvp), data={"action": "change", "joins": "here", "party_size": "1"})

    assert (by_now(rsvp).status, rsvp.online) == (RsvpStatus.PENDING, False)


@pytest.mark.parametrize(
    ("policy", "offers", "says"),
    [
        (RsvpPolicy.OPEN, True, "offers to ask for a seat"),
        (RsvpPolicy.APPROVAL, False, "to ask the organizers for a seat"),
    ],
)
def test_what_is_said_of_their_pages_before_the_link_is_taken_away_is_so(client, policy, offers, says):
    event = a_hybrid_event(5, rsvp_policy=policy)
    (rsvp,) = joins(event)
    if policy is RsvpPolicy.APPROVAL:
        approved(rsvp)
    client.sign_in(a_person("", "organizer"))
    assert says in client.post(f"/organize/events/{event.id}", data=form_of(event, online_url="")).text
    event.online_url = ""
    db.session.commit()
    client.sign_in(rsvp.person)
    for path in (f"/events/{event.slug}", link(rsvp)):
        page = client.get(path).text
        assert ("Ask for a seat" in page, "Please ask the organizers if you would like" in page) == (offers, not offers)


def test_nobody_is_told_that_they_join_online_what_cannot_be_joined_so_any_more(client):
    event = a_hybrid_event(5, max_party_size=3)
    (rsvp,) = joins(event)
    event.online_url = ""
    db.session.commit()
    letters = letters_to(rsvp.person)
    client.sign_in(rsvp.person)
    where = f"/events/{event.slug}/rsvp"
    page = client.get(where).text
    assert ('value="online"' in page, "Ask for a seat" in page) == (False, True)
    assert client.post(where, data={"joins": "online", "party_size": "2"}).status_code == 409

    page = client.post(where, data={"answer": "yes", "party_size": "2"}, follow_redirects=True).text

    assert ("You join online" in page, "cannot be joined online any more" in page) == (False, True)
    assert (by_now(rsvp).party_size, letters_to(rsvp.person)) == (2, letters)
    with pytest.raises(Refused, match="cannot be joined online"):
        reply(event, rsvp.person, Answer.YES, online=True, at=LATER)

"""Changing between a seat and joining online: what is asked, promised, told and kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.events.models import RsvpPolicy
from society.mail.models import Letter
from society.questions.models import Kind, QuestionAnswer
from society.rsvps.actions import reply
from society.rsvps.desk import decide
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import NEXT_MONTH, a_person, letters_to
from tests.events.test_organizing import form_of
from tests.questions.test_answering import asked, name_of
from tests.rsvps.deciding import decided
from tests.rsvps.test_online import LATER, LINK, a_hybrid_event, by_now, joins, takes

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


# Put down for a seat by organizers


def seats_for(client, event, *rsvps, **more):
    client.sign_in(a_person("", "organizer"))
    data = {"action": "seat", "rsvp": [str(rsvp.id) for rsvp in rsvps], **more}
    return client.post(f"/organize/events/{event.id}/rsvps", data=data, follow_redirects=True).text


def test_a_party_online_that_is_larger_than_the_hall_waits_for_no_seat(client):
    event = a_hybrid_event(2, max_party_size=4)
    (many,), (one,) = joins(event, a_person("Mo Many"), party_size=4), joins(event, a_person("Uma"))

    page = seats_for(client, event, many, one, sure="1")

    assert "No seats for Mo Many: their answers stay as they are." in page
    assert "Put down for a seat: 1 answer." in page
    assert (by_now(many).joins_online, by_now(one).has_seat) == (True, True)
    assert letters_to(one.person) == [f"You join online: {event.title}", f"You have a seat: {event.title}"]


def test_once_nobody_moves_up_whoever_gets_no_seat_stays_online(app):
    event = a_hybrid_event(2, rsvp_deadline=NEXT_MONTH - timedelta(days=2))
    takes(event)
    ann, ben = joins(event, a_person("Ann"), a_person("Ben"))
    letters, late = letters_to(ben.person), event.answers_close_at + timedelta(hours=1)

    told = decide(event, Decision.SEAT, [ann.id, ben.id], by=a_person("", "organizer"), now=late)

    assert (told.done, told.stayed) == (1, ["Ben"])
    assert (ann.has_seat, ben.joins_online, letters_to(ben.person)) == (True, True, letters)
    assert letters_to(ann.person)[-1] == f"You have a seat: {event.title}"
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "RSVP put down for a seat")).all()
    assert [entry.after["person"] for entry in entries] == ["Ann"]


def test_before_somebody_online_is_put_down_for_a_seat_it_is_said_what_that_takes(client):
    event = a_hybrid_event(1)
    takes(event)
    (rsvp,) = joins(event)
    assert "join online no more until they change back" in seats_for(client, event, rsvp)
    assert by_now(rsvp).joins_online


NO_MORE = {
    "en": ("You no longer join online", "change back"),
    "de": ("Sie nehmen nicht mehr online teil", "wechseln"),
    "fr": ("Vous ne participez plus en ligne", "revenir"),
    "es": ("Ya no participa en línea", "volver"),
}


@pytest.mark.parametrize(("language", "words"), NO_MORE.items())
@pytest.mark.parametrize("link", [LINK, ""])
def test_who_gives_up_online_and_waits_reads_so_and_whether_they_can_change_back(app, language, words, link):
    event, ann, ben = a_hybrid_event(1), a_person(language=language), a_person(language=language)
    takes(event, a_person(), ben)
    joins(event, ann)
    event.online_url = link

    reply(event, ann, Answer.YES, online=False, at=LATER)

    told, plain = (
        db.session.scalars(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id.desc())).first()
        for person in (ann, ben)
    )
    assert [word in told.body for word in words] == [True, bool(link)]
    assert words[0] not in plain.body

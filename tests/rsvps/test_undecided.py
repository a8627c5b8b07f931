"""An event whose organizers decide who comes, and then do not any more; or the other way round."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from society.db import db
from society.events.models import Event, RsvpPolicy
from society.mail.models import Letter
from society.notices.actions import alter, postpone
from society.notices.life import move
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import history, rsvp_of, seated
from society.rsvps.waiting import waiting
from tests.builders import NOW, a_membership, a_person, an_event, letters_to
from tests.events.test_organizing import form_of

pytestmark = pytest.mark.usefixtures("app")

LATER = NOW + timedelta(hours=1)


def asking(event: Event, *sizes: int) -> list[Person]:
    """People who asked for so many seats, one after another."""
    people = [a_person() for _ in sizes]
    for minute, (person, size) in enumerate(zip(people, sizes, strict=True)):
        reply(event, person, Answer.YES, party_size=size, at=NOW + timedelta(minutes=minute))
    return people


def decided_by(event: Event, policy: RsvpPolicy, **when) -> None:
    """Change who may answer, as the form does."""
    act = partial(setattr, event, "rsvp_policy", policy)
    alter(event, act, by=a_person("", "organizer"), **{"now": LATER, **when}, tell=False)


def test_who_waits_for_organizers_who_do_not_decide_any_more_gets_seats_or_a_place_as_they_asked():
    event = an_event("Evening", capacity=2, max_party_size=2, rsvp_policy=RsvpPolicy.APPROVAL)
    ann, ben, cem = asking(event, 1, 2, 1)

    decided_by(event, RsvpPolicy.OPEN)

    assert (seated(event), waiting(event)) == ([ann, cem], [ben])
    first, second = (db.session.scalars(history(rsvp_of(event, person))).all()[-1].reason for person in (ann, ben))
    assert first == "The organizers do not decide any more; seats were free."
    assert second == "The organizers do not decide any more; waits for 2 seats."
    assert letters_to(ann) == ["We have your answer: Evening", "You have a seat: Evening"]
    assert letters_to(ben)[-1] == "You are on the waiting list: Evening"
    for person in (ann, ben):
        news = select(Letter.body).where(Letter.person_id == person.id).order_by(Letter.id.desc())
        assert "the organizers do not decide any more who can come" in db.session.scalars(news).first()
    new = a_person()
    reply(event, new, Answer.YES, at=LATER)
    assert (seated(event), waiting(event)) == ([ann, cem], [ben, new])


def test_on_the_last_day_their_seats_are_offered_and_in_its_night_they_queue():
    for hours, status in ((10, RsvpStatus.OFFERED), (17, RsvpStatus.WAITLISTED)):
        event = an_event(zone="UTC", rsvp_policy=RsvpPolicy.APPROVAL)
        (ann,) = asking(event, 1)
        decided_by(event, RsvpPolicy.OPEN, now=event.starts_at - timedelta(hours=hours))
        assert rsvp_of(event, ann).status is status


def test_who_could_not_ask_any_more_goes_on_waiting_for_the_decision_until_they_can():
    event = an_event(rsvp_policy=RsvpPolicy.APPROVAL)
    ann, ben = asking(event, 1, 1)
    a_membership(ann)
    decided_by(event, RsvpPolicy.MEMBERS)
    assert (seated(event), rsvp_of(event, ben).status) == ([ann], RsvpStatus.PENDING)
    a_membership(ben)
    assert reply(event, ben, Answer.YES, at=LATER).status is RsvpStatus.CONFIRMED

    event, staff = an_event(rsvp_policy=RsvpPolicy.APPROVAL), a_person("", "organizer")
    (ann,) = asking(event, 1)
    postpone(event, by=staff, now=LATER, tell=False)
    decided_by(event, RsvpPolicy.OPEN)
    assert rsvp_of(event, ann).status is RsvpStatus.PENDING
    week = timedelta(days=7)
    move(event, event.starts + week, event.ends + week, by=staff, now=LATER, tell=False)
    assert seated(event) == [ann]


def test_the_page_before_the_change_says_what_becomes_of_those_who_have_asked(client):
    client.sign_in(a_person("Olga", "organizer"))
    event = an_event("Evening", capacity=9, rsvp_policy=RsvpPolicy.APPROVAL)
    ann, _ben = asking(event, 1, 1)
    db.session.commit()
    here = f"/organize/events/{event.id}"

    def said(policy: str) -> str:
        return client.post(here, data=form_of(event, rsvp_policy=policy)).text

    assert "2 people wait for your decision. In the order in which they asked, they get" in said("open")
    assert "2 people go on waiting for your decision" in said("members")
    a_membership(ann)
    db.session.commit()
    page = said("members")
    assert "1 person waits for your decision." in page
    assert "1 person goes on waiting for your decision" in page
    assert rsvp_of(event, ann).status is RsvpStatus.PENDING
    decided_by(event, RsvpPolicy.OPEN)
    db.session.commit()
    assert "Who has a seat keeps it" in said("approval")
    assert "Those who have asked" not in said("closed")

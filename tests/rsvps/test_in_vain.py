"""Nobody is promised a seat that nobody gets any more: in the last night before answers close, and once they have."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import render_template
from sqlalchemy import select

from society.db import db
from society.events.changes import Change
from society.events.models import Event
from society.mail.models import Letter
from society.notices.anyway import told_anyway
from society.people.models import Person
from society.rsvps.actions import reply, withdraw
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.passing import pass_on
from society.rsvps.queries import rsvp_of
from society.rsvps.waiting import offered_at
from tests.builders import NEXT_MONTH, a_person, an_event

pytestmark = pytest.mark.usefixtures("app")


def an_early_start(**values) -> Event:
    """At six in the morning in UTC, before anybody is woken; one seat."""
    return an_event("Sunrise", **{"starts": NEXT_MONTH.replace(hour=6), "zone": "UTC", "capacity": 1, **values})


def at(event: Event, **before) -> datetime:
    return event.starts_at - timedelta(**before)


def latest(person: Person) -> Letter:
    theirs = select(Letter).where(Letter.person_id == person.id).order_by(Letter.id.desc()).limit(1)
    return db.session.scalars(theirs).one()


def full_with_one_waiting(event: Event, language: str = "") -> tuple[Person, Person]:
    ann, ben = a_person(), a_person(language=language)
    for minute, person in enumerate((ann, ben)):
        reply(event, person, Answer.YES, at=at(event, days=7) + timedelta(minutes=minute))
    return ann, ben


NO_SEAT = {
    "": ("You have no seat", "answers close before the morning", "comes in the morning"),
    "de": ("Sie haben keinen Platz", "schließt noch vor dem Morgen", "geschieht am Morgen"),
    "fr": ("Vous n’avez pas de place", "closes avant le matin", "se fait le matin"),
    "es": ("No tiene plaza", "termina antes de la mañana", "se hace por la mañana"),
}


@pytest.mark.parametrize("language", NO_SEAT)
def test_who_asks_in_a_night_that_outlasts_answers_is_promised_nothing_for_the_morning(language):
    event = an_early_start()
    ann, _ = full_with_one_waiting(event)
    night = at(event, hours=3)
    withdraw(rsvp_of(event, ann), night)
    reply(event, cem := a_person(language=language), Answer.YES, at=night)

    letter, (subject, why, promise) = latest(cem), NO_SEAT[language]
    assert letter.subject.startswith(subject)
    assert why in letter.body
    assert promise not in letter.body


@pytest.mark.parametrize("free", [True, False])
def test_the_page_of_who_waits_in_that_night_promises_nothing_either(app, free):
    event = an_early_start(online_url="https://meet.example.org/hall", room="Hall")
    ann, ben = full_with_one_waiting(event)
    night = at(event, hours=3)
    if free:
        withdraw(rsvp_of(event, ann), night)
    about: dict[str, Any] = {"event": event, "rsvp": rsvp_of(event, ben), "now": night, "place": 1, "form": {}}
    with app.test_request_context():
        page = render_template("rsvps/_stands.html", morning=offered_at(event, night), **about)
    assert ("Nobody moves up" in page, "We write to you" in page) == (True, False)
    assert ("seats are free" in page) is free
    assert "Join online instead" in page


@pytest.mark.parametrize("hour", [6, 7], ids=["before the morning", "as it begins"])
def test_of_seats_that_are_added_in_that_night_nobody_is_told(hour):
    event = an_early_start(starts=NEXT_MONTH.replace(hour=hour))
    full_with_one_waiting(event)
    event.capacity = 2
    more = [(event, [Change("capacity", "Seats", "1", "2")])]
    assert told_anyway(more, at(event, hours=3)) == []
    assert "offered seats by this, to be confirmed, and is written to." in told_anyway(more, at(event, hours=10))[0]
    assert "gets seats by this" in told_anyway(more, at(event, days=2, hours=3))[0]


NOT_CONFIRMED = {
    "": (
        "The seat kept for you was not confirmed in time",
        "please ask the organizers",
        "answer again",
        "If no letter of ours",
    ),
    "de": (
        "Der für Sie reservierte Platz wurde nicht rechtzeitig bestätigt",
        "fragen Sie bitte",
        "erneut antworten",
        "keine Nachricht von uns",
    ),
    "fr": (
        "La place qui vous était réservée n’a pas été confirmée à temps",
        "merci de vous adresser",
        "répondre de nouveau",
        "Si aucun message",
    ),
    "es": (
        "La plaza reservada para usted no se confirmó a tiempo",
        "consulte al equipo",
        "responder de nuevo",
        "ningún mensaje nuestro",
    ),
}


@pytest.mark.parametrize("language", NOT_CONFIRMED)
@pytest.mark.parametrize("closed", [False, True])
def test_whose_offer_ends_after_answers_have_closed_is_not_told_to_answer_again(language, closed):
    event = an_event("Evening", zone="UTC", capacity=1)
    ann, ben = full_with_one_waiting(event, language)
    noon = at(event, hours=8)
    withdraw(rsvp_of(event, ann), noon)
    if closed:
        event.rsvp_closes_at = noon + timedelta(minutes=10)
    pass_on(event, noon + timedelta(hours=3))

    assert rsvp_of(event, ben).status is RsvpStatus.CANCELLED
    letter, (subject, then, again, untold) = latest(ben), NOT_CONFIRMED[language]
    assert letter.subject.startswith(subject) is closed
    assert ((then in letter.body), (again in letter.body)) == (closed, not closed)
    assert untold in letter.body, "news of the offer may have been stopped"

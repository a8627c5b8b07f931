"""An event that takes place online alone: there is no door to come to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.events.models import RsvpPolicy
from society.mail.models import Letter
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.render import link
from tests.builders import NOW, a_person, an_event

SAYS_WHEN = {
    "en": "link stands on your own page from",
    "de": "Der Link steht ab",
    "fr": "le lien figure sur votre propre page à partir de ce moment",
    "es": "el enlace figura en su propia página a partir de este momento",
}


@pytest.mark.parametrize(("language", "says"), SAYS_WHEN.items())
def test_the_letter_says_from_when_on_the_link_stands_where_and_brings_no_ticket(app, language, says):
    person = a_person(language=language)
    reply(an_event(online_url="https://meet.example.org/a"), person, Answer.YES, at=NOW)

    body = db.session.scalars(select(Letter.body).where(Letter.person_id == person.id)).one()

    assert says in " ".join(body.split())
    assert "/ticket" not in body


def test_no_page_leads_to_a_ticket(client):
    person, event = a_person(), an_event(online_url="https://meet.example.org/a")
    rsvp = reply(event, person, Answer.YES, at=NOW)
    client.sign_in(person)

    for page in ("/me", "/me/rsvps", f"/events/{event.slug}", link(rsvp)):
        shown = client.get(page).text
        assert event.title in shown
        assert "/ticket" not in shown


def test_whoever_comes_can_leave_a_page_open_until_the_link_is_there(client):
    person = a_person()
    soon = an_event(online_url="https://meet.example.org/a", online_minutes=60)
    at_once = an_event(online_url="https://meet.example.org/a", online_minutes=0)
    waits = 'data-due="' + (soon.starts_at - timedelta(hours=1)).isoformat()
    assert "data-due" not in client.get(f"/events/{soon.slug}").text
    rsvps = [reply(event, person, Answer.YES, at=NOW) for event in (soon, at_once)]
    client.sign_in(person)

    for rsvp, waiting in zip(rsvps, (True, False), strict=True):
        for page in (f"/events/{rsvp.event.slug}", link(rsvp)):
            shown = client.get(page).text
            assert (waits in shown, "static/due." in shown) == (waiting, waiting)


def test_where_nobody_can_answer_everyones_page_waits_for_the_link(client):
    event = an_event(online_url="https://meet.example.org/a", online_minutes=60, rsvp_policy=RsvpPolicy.CLOSED)
    db.session.commit()
    assert "data-due" in client.get(f"/events/{event.slug}").text

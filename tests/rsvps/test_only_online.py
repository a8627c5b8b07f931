"""An event that takes place online alone: there is no door to come to."""

import pytest
from sqlalchemy import select

from society.db import db
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

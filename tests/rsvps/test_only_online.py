"""An event that takes place online alone: there is no door to come to."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.events.models import RsvpPolicy
from society.mail.models import Letter
from society.people.models import Person
from society.rsvps.actions import reply, withdraw
from society.rsvps.deciding import approve
from society.rsvps.letters import ask_to_confirm
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.passing import pass_on
from society.rsvps.render import link, said
from tests.builders import NOW, a_person, an_event

SAYS_WHEN = {
    "en": "link stands on your own page from",
    "de": "Der Link steht ab",
    "fr": "Le lien figure sur votre propre page à partir de ce moment",
    "es": "El enlace figura en su propia página a partir de este momento",
}


@pytest.mark.parametrize(("language", "says"), SAYS_WHEN.items())
def test_the_letter_says_from_when_on_the_link_stands_where_and_brings_no_ticket(app, language, says):
    person = a_person(language=language)
    reply(an_event(online_url="https://meet.example.org/a"), person, Answer.YES, at=NOW)

    body = db.session.scalars(select(Letter.body).where(Letter.person_id == person.id)).one()

    assert says in " ".join(body.split())
    assert "/ticket" not in body


KINDS = {"confirmed", "known", "pending", "approved", "waitlisted", "promoted", "offered", "lapsed", "withdrawn"}


def with_letters_of_each_kind(**values: str) -> Person:
    """Somebody who answered what is online alone, and got a place, waited for one, was offered one and lost it."""
    person = a_person(**values)
    free, perhaps, decided, full, late = (
        an_event("Evening", online_url="https://meet.example.org/a", **more)
        for more in ({}, {}, {"rsvp_policy": RsvpPolicy.APPROVAL}, {"capacity": 1}, {"capacity": 1})
    )
    ask_to_confirm(reply(free, person, Answer.YES, at=NOW), NOW)
    for answer in (Answer.YES, Answer.MAYBE):
        reply(perhaps, person, answer, at=NOW)
    approve([reply(decided, person, Answer.YES, at=NOW)], NOW, a_person())
    for event, hours in ((full, 200), (late, 10)):
        had = reply(event, a_person(), Answer.YES, at=NOW)
        reply(event, person, Answer.YES, at=NOW)
        withdraw(had, event.starts_at - timedelta(hours=hours))
    pass_on(late, late.starts_at - timedelta(hours=7))
    return person


def letters_by_kind(person: Person) -> dict[str, Letter]:
    letters = db.session.scalars(select(Letter).where(Letter.person_id == person.id))
    return {letter.reason.split(":")[2]: letter for letter in letters}


def test_no_letter_speaks_of_a_seat_or_a_door(app):
    letters = letters_by_kind(with_letters_of_each_kind())

    assert set(letters) == KINDS
    for kind, letter in letters.items():
        said = f"{letter.subject} {letter.body}".lower()
        assert not [word for word in ("seat", "door") if word in said], kind


TELLS = {"en": "online", "de": "online", "fr": "en ligne", "es": "en línea"}
"""How it is said that somebody joins so."""


@pytest.mark.parametrize(("language", "says"), TELLS.items())
def test_in_each_language_the_first_sentences_say_that_it_is_joined_online(app, language, says):
    letters = letters_by_kind(with_letters_of_each_kind(language=language))

    for kind in KINDS - {"known", "withdrawn"}:
        assert says in letters[kind].body.partition("Evening")[0].lower(), kind
    assert says in letters["known"].body.lower()
    for kind in ("confirmed", "approved", "promoted", "offered"):
        assert says in letters[kind].subject, kind


def test_the_page_says_so_as_well(client):
    person, event = a_person(), an_event(online_url="https://meet.example.org/a")
    client.sign_in(person)

    page = client.post(
        f"/events/{event.slug}/rsvp", data={"answer": "yes", "party_size": "1"}, follow_redirects=True
    ).text

    assert "You join online. A letter with the details is on its way." in page


def test_no_page_about_an_answer_speaks_of_a_seat(client):
    person = with_letters_of_each_kind()
    rsvps = list(db.session.scalars(select(Rsvp).where(Rsvp.person_id == person.id)))
    client.sign_in(person)
    kept = an_event("Kept", online_url="https://meet.example.org/a", capacity=1)
    reply(kept, a_person(), Answer.YES, at=NOW)
    rsvps.append(reply(kept, person, Answer.YES, at=NOW))

    seen = set()
    for rsvp in rsvps:
        seen.add(rsvp.status)
        stands = re.findall(r'<div class="callout.*?</div>', client.get(link(rsvp)).text, re.DOTALL)
        assert stands, rsvp.status
        assert "seat" not in "".join(stands).lower(), (rsvp.status, stands)
        assert "seat" not in said(rsvp).lower(), rsvp.status
    assert {RsvpStatus.CONFIRMED, RsvpStatus.MAYBE, RsvpStatus.WAITLISTED} <= seen


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

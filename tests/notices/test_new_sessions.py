"""Sessions that are added to the agenda of a published event: shown first, with whom they reach, and told if wanted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.mail.models import Letter
from society.mail.wording import unescaped
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.agenda.test_pages import the_sessions
from tests.builders import NEXT_MONTH, NOW, a_person, an_event

HOUR = timedelta(hours=1)
MORNING = NEXT_MONTH.replace(hour=9)
TYPED = {"title": "Opening", "kind": "talk", "room": "Hall", "speakers": "Ada Example | historian"}
TYPED |= {"starts_at": f"{MORNING:%Y-%m-%dT%H:%M}", "ends_at": f"{MORNING + HOUR:%Y-%m-%dT%H:%M}"}


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("", "organizer"))


@pytest.fixture
def event(app):
    """One seat: a reader of German has it, another waits."""
    event = an_event("Congress", starts=MORNING, ends=MORNING + 8 * HOUR, capacity=1)
    for name, language in (("Ann", "de"), ("Ben", "")):
        reply(event, a_person(name, language=language), Answer.YES, at=NOW)
    db.session.commit()
    return event


def letters():
    rows = select(Letter).where(Letter.subject.contains("Congress"), Letter.body.contains("Opening"))
    return [unescaped(letter.body) for letter in db.session.scalars(rows.order_by(Letter.person_id))]


def test_a_new_session_is_shown_first_with_whom_it_reaches(organizer, event):
    shown = organizer.post(f"/organize/events/{event.id}/agenda/new", data={**TYPED, "another": "yes"})

    for words in ("What will be new", "Ada Example, historian", "<b>1</b> going", "<b>1</b> waiting", "Tell nobody"):
        assert words in shown.text
    assert "2 people answered" in shown.text
    assert the_sessions(event) == []
    done = organizer.agree(shown)
    assert (done.status_code, done.location) == (303, f"/organize/events/{event.id}/agenda/new")
    assert the_sessions(event)[0].speakers[0].about == "historian"
    assert letters() == []  # unless somebody wants it


def test_those_who_answered_are_told_which_session_is_new_in_their_language_with_the_organizers_line(organizer, event):
    shown = organizer.post(f"/organize/events/{event.id}/agenda/new", data=TYPED)

    organizer.agree(shown, tell="yes", message="Ada has found the time.")

    german, english = letters()
    assert "Neuer Programmpunkt" in german
    assert "New session" in english
    for body in (german, english):
        assert "Opening" in body
        assert "Hall" in body
        assert "Ada has found the time." in body


def test_many_that_are_pasted_are_told_in_one_letter(organizer, event):
    lines = "\n".join(f"09:{n:02}–09:{n + 1:02} | Hall | Opening {n}" for n in range(14))
    shown = organizer.post(f"/organize/events/{event.id}/agenda/paste", data={"lines": lines})
    assert "<b>1</b> going" in shown.text

    organizer.agree(shown, lines=lines, tell="yes")

    assert len(the_sessions(event)) == 14
    _, english = letters()
    assert "New sessions" in english
    assert "Opening 11" in english
    assert "Opening 12" not in english
    assert "and 2 more, on the event’s page" in english


def test_of_what_is_over_nobody_is_written_to(organizer, event):
    event.schedule(MORNING - timedelta(days=60), MORNING - timedelta(days=60) + HOUR, event.zone, all_day=False)
    db.session.commit()
    shown = organizer.post(f"/organize/events/{event.id}/agenda/new", data=TYPED)
    assert "The event is over or cancelled, so nobody is written to." in shown.text
    organizer.agree(shown, tell="yes")
    assert len(the_sessions(event)) == 1
    assert letters() == []


def test_a_draft_has_its_new_session_at_once(organizer):
    draft = an_event(starts=MORNING, ends=MORNING + 8 * HOUR, published_at=None)
    db.session.commit()
    assert organizer.post(f"/organize/events/{draft.id}/agenda/new", data=TYPED).status_code == 303
    assert len(the_sessions(draft)) == 1


def test_what_clashes_since_the_page_was_shown_is_shown_anew(organizer, event):
    shown = organizer.post(f"/organize/events/{event.id}/agenda/new", data=TYPED)
    other = organizer.post(f"/organize/events/{event.id}/agenda/new", data={**TYPED, "title": "Another"})
    organizer.agree(other)

    again = organizer.agree(shown)

    assert "Nothing is done yet" in again.text
    assert "Hall is taken twice" in again.text
    assert len(the_sessions(event)) == 1

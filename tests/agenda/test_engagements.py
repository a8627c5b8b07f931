"""Speakers and chairs who are announced at two events at once."""

from datetime import timedelta

import pytest

from society.agenda import engagements
from society.agenda.actions import describe_speaker
from society.agenda.planning import Plan
from society.agenda.queries import agenda
from society.db import db
from society.events.models import Speaker
from society.people.models import EventOrganizer
from society.rsvps.agenda import enter
from society.text import in_an_address
from tests.builders import NEXT_MONTH, NOW, a_person, a_venue, an_event
from tests.events.test_organizing import form_of

HOUR = timedelta(hours=1)


def a_talk(title, starts=NEXT_MONTH, name="Ada Example", **values):
    return an_event(title, starts=starts, speakers=[Speaker(position=0, name=name)], **values)


def elsewhere(event):
    sessions = db.session.scalars(agenda(event)).all() if event.has_agenda else []
    return engagements.elsewhere({event: engagements.engagements(event, sessions)})


def wanted_at(event):
    return [(one.name, one.event.title) for one in elsewhere(event)]


@pytest.fixture
def talk(app):
    return a_talk("Rivers")


def test_a_speaker_is_wanted_elsewhere_while_both_last_and_both_are_on(talk):
    a_talk("Lakes", NEXT_MONTH + HOUR, "ADA EXAMPLE", published_at=None)
    a_talk("Afterwards", talk.ends)
    a_talk("Another", name="Bea Example")
    a_talk("Called off", cancelled_at=NOW)
    a_talk("Put off", postponed_at=NOW)
    a_talk("As a rule", published_at=None, template_name="Talk")
    a_talk("An exhibition", NEXT_MONTH - HOUR, ends=NEXT_MONTH + timedelta(days=20))
    assert wanted_at(talk) == [("Ada Example", "Lakes")]


def test_sessions_say_when_somebody_speaks_at_a_congress(talk, counted):
    congress = a_talk("Congress", NEXT_MONTH - 2 * HOUR, ends=NEXT_MONTH + 9 * HOUR)
    congress.speakers.append(Speaker(position=1, name="Bea Example"))
    said = {"title": "Opening", "speakers": (("Ada Example", ""),)}
    by = {"by": a_person(), "now": NOW}
    enter(congress, [Plan(starts=NEXT_MONTH - HOUR, ends=NEXT_MONTH, **said)], **by)
    db.session.flush()
    assert elsewhere(talk) == elsewhere(congress) == []

    enter(congress, [Plan(starts=NEXT_MONTH, ends=NEXT_MONTH + HOUR, **said)], **by)
    db.session.flush()
    assert wanted_at(congress) == [("Ada Example", "Rivers")]
    for number in range(3):
        a_talk(f"Talk {number}")
    db.session.expire(talk, ["speakers"])
    assert talk.speakers
    with counted() as count:
        assert len(elsewhere(talk)) == 4
    assert len(count) == 3


def test_organizers_are_told_as_far_as_they_may_know(client, app, talk):
    other = a_talk("A secret", venue=a_venue("The Mill"), published_at=None)
    later = a_talk("Lakes", NEXT_MONTH + timedelta(days=9))
    beside = a_person("Bea Beside")
    beside.organizing.append(EventOrganizer(event_id=talk.id, given_at=NOW))
    organizer = client.sign_in(a_person("", "organizer"))
    page = organizer.get(f"/organize/events/{talk.id}").text
    assert f'Ada Example is to speak at the same time at <a href="/organize/events/{other.id}">A secret</a>' in page
    assert "The Mill" in page
    page = app.test_client().sign_in(beside).get(f"/organize/events/{talk.id}").text
    assert "Ada Example is to speak at the same time at another event" in page
    assert "A secret" not in page
    moved = {"starts_at": f"{NEXT_MONTH:%Y-%m-%dT%H:%M}", "ends_at": f"{NEXT_MONTH + HOUR:%Y-%m-%dT%H:%M}"}
    preview = organizer.post(f"/organize/events/{later.id}", data=form_of(later, **moved)).text
    assert "Announced twice" in preview


def a_congress(**session):
    """Of one day, with a session as the talk is on."""
    congress = an_event("Congress", starts=NEXT_MONTH - 2 * HOUR, ends=NEXT_MONTH + 9 * HOUR)
    values = {"title": "Opening", "starts": NEXT_MONTH, "ends": NEXT_MONTH + HOUR, **session}
    enter(congress, [Plan(**values)], by=a_person(), now=NOW)
    db.session.commit()
    return congress


def test_whoever_is_in_the_chair_is_wanted_there_as_one_who_speaks_is(talk, client):
    chaired = a_congress(chair="ADA example", title="Round table")
    assert [(one.name, one.chairs, one.event) for one in elsewhere(talk)] == [("Ada Example", True, chaired)]
    assert [(one.name, one.chairs, one.event) for one in elsewhere(chaired)] == [("ADA example", False, talk)]

    other = a_congress(chair="Ada Example", title="Debate")
    assert [one.chairs for one in elsewhere(other) if one.event is chaired] == [True]
    a_congress(chair="Bea Example")
    a_congress(chair="Ada Example", starts=NEXT_MONTH + 3 * HOUR, ends=NEXT_MONTH + 4 * HOUR)
    assert len(elsewhere(talk)) == 2

    page = client.sign_in(a_person("", "organizer")).get(f"/organize/events/{talk.id}").text
    assert f'Ada Example is to be in the chair at the same time at <a href="/organize/events/{chaired.id}">' in page


def test_a_chair_is_wanted_when_the_session_is_though_that_lies_outside_its_event(talk):
    before = NEXT_MONTH - timedelta(days=3)
    a_congress(chair="Ada Example", starts=NEXT_MONTH + 9 * HOUR, ends=NEXT_MONTH + 10 * HOUR)
    eve = an_event("Eve", starts=before, ends=before + HOUR)
    enter(eve, [Plan("Dinner", NEXT_MONTH, NEXT_MONTH + HOUR, chair="Ada Example")], by=a_person(), now=NOW)
    db.session.flush()
    assert wanted_at(talk) == [("Ada Example", "Eve")]


def test_names_that_organizers_joined_are_one_speaker(talk, counted):
    """Three names, the page is that of the second; whichever is looked for, the others are found."""
    for name in ("Ada Example", "Countess Example"):
        known = {"about": "", "person": None, "same_as": "a-example", "by": a_person(), "now": NOW}
        describe_speaker(in_an_address(name), name, **known)
    page = a_talk("Lakes", name="A. Example")
    chaired = a_congress(chair="Countess Example")
    a_talk("Another", name="Bea Example")

    assert wanted_at(talk) == [("Ada Example", "Lakes"), ("Ada Example", "Congress")]
    assert wanted_at(page) == [("A. Example", "Rivers"), ("A. Example", "Congress")]
    assert wanted_at(chaired) == [("Countess Example", "Rivers"), ("Countess Example", "Lakes")]


def test_a_session_says_when_somebody_speaks_by_whichever_of_their_names(talk):
    congress = a_congress(speakers=(("A. Example", ""),), starts=NEXT_MONTH + 2 * HOUR, ends=NEXT_MONTH + 3 * HOUR)
    congress.speakers = [Speaker(position=0, name="Ada Example")]
    db.session.flush()
    assert [wanted_at(event) for event in (talk, congress)] == [
        [("Ada Example", "Congress")],
        [("Ada Example", "Rivers")],
    ]
    known = {"about": "", "person": None, "same_as": "a-example", "by": a_person(), "now": NOW}
    describe_speaker("ada-example", "Ada Example", **known)
    assert wanted_at(talk) == wanted_at(congress) == []


def test_chairs_cost_no_statement_more_however_many_there_are(talk, counted):
    costs = []
    for _ in range(3):
        a_congress(chair="Ada Example")
        db.session.expire(talk, ["speakers"])
        assert talk.speakers
        with counted() as count:
            elsewhere(talk)
        costs.append(len(count))
    assert costs == [3, 3, 3]

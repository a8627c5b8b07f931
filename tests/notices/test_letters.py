"""A notice as one reader gets it is made of what that reader has, however many others there are."""

from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import event as told

from society.db import db
from society.mail.message import as_text
from society.notices.copies import copy_for, mailed
from society.notices.letters import FEW, letter_to_all, letters, shown_subject
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.sending import send
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.series.actions import begin
from society.series.rules import Every, Rule
from tests.builders import NOW, a_membership, a_person, an_event
from tests.notices.test_sending import a_notice


@contextmanager
def loaded():
    """Whose answers came from the database meanwhile."""
    found: list[int] = []

    def note(rsvp, _context):
        found.append(rsvp.person_id)

    told.listen(Rsvp, "load", note)
    yield found
    told.remove(Rsvp, "load", note)


@pytest.fixture
def guests(app):
    event = an_event("Talk")
    people = [a_person(f"Guest {number}") for number in range(5)]
    for person in people:
        db.session.add(
            Rsvp(event=event, person=person, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW)
        )
    db.session.commit()
    return event, people


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.CHANGE])
def test_one_readers_copy_loads_their_answer_alone(guests, kind):
    event, people = guests
    notice = a_notice(event, kind=kind, body="{{ rsvp_link }}")
    db.session.commit()
    db.session.expunge_all()
    notice, reader = db.session.get(Notice, notice.id), mailed(notice, NOW)[0]

    with loaded() as answers:
        letter = copy_for(notice, reader, NOW)

    assert answers == [people[0].id]
    assert "/rsvps/" in as_text(letter)


def test_pages_that_show_one_readers_copy_load_no_others_answer(guests, client):
    event, people = guests
    notice = a_notice(event, body="{{ rsvp_link }}", audience=Audience.GOING, author=None)
    client.sign_in(a_person("Olga", "organizer"))

    for path in ("", "/text", "/message.eml"):
        with loaded() as answers:
            client.get(f"/organize/notices/{notice.id}{path}?person={people[2].id}")
        assert set(answers) == {people[2].id}, path


def test_copies_for_a_few_say_what_those_for_all_say(app, monkeypatch):
    """Members are told of more, and who was invited by calendar gets a change as their own entry."""
    event = an_event("Talk")
    people = [a_person(f"Person {number}", zone="Asia/Tokyo" if number % 2 else "") for number in range(6)]
    for person in people[:2]:
        a_membership(person)
    invitation = a_notice(event, kind=NoticeKind.INVITATION)
    send(invitation, NOW)
    change = a_notice(event, kind=NoticeKind.CHANGE, body="{{ rsvp_link }} {{ events }}", events=[event])
    db.session.commit()

    few = [(one.body, one.calendar) for one in letters(change, people, NOW)]
    monkeypatch.setattr("society.notices.letters.FEW", 0)
    assert few == [(one.body, one.calendar) for one in letters(change, people, NOW)]
    assert FEW > 6


def test_the_subject_of_a_notice_about_one_of_a_series_says_on_which_day_it_is_in_each_language(app):
    event = an_event("Talk", starts=datetime(2032, 3, 1, 20))
    begin(event, Rule(Every.WEEK, count=2), by=a_person("", "organizer"), now=NOW)
    notice = a_notice(event, kind=NoticeKind.REMINDER, subject="Soon: {{ event_title }}")
    notice.versions.append(NoticeVersion(language="de", subject="Bald: {{ event_title }}", body="{{ event_title }}."))
    to_ann, to_ben = letters(notice, [a_person(), a_person(language="de")], NOW)
    assert (to_ann.subject, to_ben.subject) == ("Soon: Talk (1 March 2032)", "Bald: Talk (1. März 2032)")
    assert to_ben.body == "Talk."
    assert shown_subject(notice) == letter_to_all(notice, NOW).subject == to_ann.subject

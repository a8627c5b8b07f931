"""What letters about an answer bring into a calendar."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from itertools import pairwise
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from society.calendars.models import Entry
from society.db import db
from society.events.models import Event
from society.mail.message import in_bytes, message
from society.mail.models import Letter
from society.notices.actions import alter, cancel
from society.notices.copies import mailed
from society.notices.letters import letters
from society.notices.models import Audience, Notice, NoticeKind
from society.people.models import Person
from society.rsvps.actions import reply, withdraw
from society.rsvps.feed import Wanted, follow_by_feed, refresh, subscribe
from society.rsvps.letters import take_back_copies
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.rsvps.render import joining_link, link
from tests.builders import NOW, a_person, an_event
from tests.conftest import Browser

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def an_evening(**values: object) -> Event:
    event = an_event("Evening", **values)
    refresh(event, NOW)
    return event


def last_letter(person: Person) -> Letter:
    return letters_of(person)[-1]


def letters_of(person: Person) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id)))


def as_sent(person: Person) -> EmailMessage:
    return message_from_bytes(in_bytes(message(last_letter(person))), policy=policy.default)


def invited(person: Person) -> tuple[str, Any]:
    """METHOD and VEVENT of the last letter, whose MIME says the same method."""
    parts = {part.get_content_type(): part for part in as_sent(person).walk()}
    body = parts["text/calendar"].get_content().encode()
    assert parts["application/ics"].get_content() == body
    assert parts["application/ics"].get_filename() == "invite.ics"
    calendar = icalendar.Calendar.from_ical(body)
    assert parts["text/calendar"].get_param("method") == calendar["method"]
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


@pytest.mark.usefixtures("answers_read")
def test_a_seat_is_an_invitation_to_its_reader_alone():
    event, ann = an_evening(), a_person('Ann "O; Neil"')
    reply(event, a_person(), Answer.YES, at=NOW)
    reply(event, ann, Answer.YES, at=LATER)

    method, entry = invited(ann)

    assert method == "REQUEST"
    assert (entry["UID"], entry["SEQUENCE"], entry["DTSTAMP"].dt) == (event.uid, event.sequence, LATER)
    assert entry["ATTENDEE"] == f"mailto:{ann.email}"
    assert entry["ATTENDEE"].params == {
        "CN": "Ann 'O; Neil'",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "TRUE",
    }
    assert entry["ORGANIZER"].startswith(f"mailto:answer+{ann.id}-")
    assert entry["ORGANIZER"].endswith("@answers.example.org")
    assert entry["TRANSP"] == "OPAQUE"
    assert as_sent(ann).get_body(("plain",)).get_content().count("invitation for your calendar program") == 1


@pytest.mark.usefixtures("answers_read")
def test_who_waits_is_not_shown_as_coming():
    event, ann = an_evening(capacity=1), a_person()
    reply(event, a_person(), Answer.YES, at=NOW)
    reply(event, ann, Answer.YES, at=LATER)

    method, entry = invited(ann)

    assert (method, entry["ATTENDEE"].params["PARTSTAT"], entry["TRANSP"]) == ("REQUEST", "TENTATIVE", "TRANSPARENT")


@pytest.mark.usefixtures("answers_read")
def test_leaving_an_event_and_calling_it_off_are_two_cancels_with_words_of_their_own():
    event, ann, ben = an_evening(), a_person(), a_person()
    for person in (ann, ben):
        reply(event, person, Answer.YES, at=NOW)
    before = invited(ann)[1]["SEQUENCE"]
    withdraw(rsvp_of(event, ann), LATER)
    left, of_ann = invited(ann)
    cancel(event, by=a_person("Olga", "organizer"), now=LATER)
    off, of_ben = invited(ben)

    assert (left, off) == ("CANCEL", "CANCEL")
    assert (of_ann["SUMMARY"], of_ben["SUMMARY"]) == ("Evening", "Cancelled: Evening")
    assert "STATUS" not in of_ann
    assert of_ben["STATUS"] == "CANCELLED"
    assert (of_ann["SEQUENCE"], of_ben["SEQUENCE"]) == (before + 1, before + 1)
    assert of_ann["ATTENDEE"] == f"mailto:{ann.email}"
    assert last_letter(ann).subject == "You are no longer expected: Evening"
    assert last_letter(ben).subject == "Cancelled: Evening"


@pytest.mark.usefixtures("answers_read")
def test_whatever_one_reader_is_mailed_of_an_event_has_a_sequence_that_their_program_takes_for_later():
    """By SEQUENCE, as programs order what they are told (RFC 5546, 2.1.4 and 2.1.5), though all is of one second."""
    event, ann, olga = an_evening(), a_person(), a_person("Olga", "organizer", email=None)
    subscribe(ann, Wanted(everything=False), now=NOW)

    def by_feed() -> None:
        ann.feed_only = True
        take_back_copies(ann, NOW)
        follow_by_feed(ann, alone=False)

    come = partial(reply, event, ann, Answer.YES, at=NOW)
    move = partial(alter, event, lambda: setattr(event, "room", "Room 221"), by=olga, now=NOW)
    steps: list[tuple[Callable[[], object], str]] = [
        (come, "REQUEST"),
        (lambda: withdraw(rsvp_of(event, ann), NOW), "CANCEL"),
        (come, "REQUEST"),
        (move, "REQUEST"),
        (partial(reply, event, ann, Answer.NO, at=NOW), "CANCEL"),
        (come, "REQUEST"),
        (by_feed, "CANCEL"),
        (partial(cancel, event, by=olga, now=NOW), "CANCEL"),
    ]
    numbers = []
    for step, method in steps:
        step()
        said, entry = invited(ann)
        assert said == method
        numbers.append(int(entry["SEQUENCE"]))

    assert all(later > earlier for earlier, later in pairwise(numbers)), numbers


@pytest.mark.usefixtures("answers_read")
def test_who_chose_the_feed_gets_letters_without_a_calendar():
    event, ann = an_evening(), a_person(feed_only=True)
    reply(event, ann, Answer.YES, at=NOW)

    assert last_letter(ann).calendar is None
    assert "attached" not in last_letter(ann).body
    cancel(event, by=a_person("Olga", "organizer"), now=LATER)
    assert last_letter(ann).calendar is None


@pytest.mark.usefixtures("answers_read")
def test_on_choosing_the_feed_what_invitations_have_put_into_a_calendar_is_taken_back_once(client: Browser) -> None:
    ann, past = a_person(), an_evening()
    event, left, off = an_evening(), an_evening(), an_evening()
    for one in (event, left, off, past):
        reply(one, ann, Answer.YES, at=NOW)
    withdraw(rsvp_of(left, ann), LATER)
    cancel(off, by=a_person("Olga", "organizer"), now=LATER)
    past.starts_at, past.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=1)
    db.session.commit()
    client.sign_in(ann)
    client.post("/me/calendar", data={"action": "new"})
    before = len(letters_of(ann))

    page = client.post("/me/calendar", data={"action": "choose", "feed_only": "y"}, follow_redirects=True)
    client.post("/me/calendar", data={"action": "choose", "feed_only": "y"})

    assert "a letter takes out of your calendar" in page.text
    [letter] = letters_of(ann)[before:]
    assert letter.subject == "Now by your own calendar alone: Evening"
    assert "takes place as planned" in letter.body
    method, entry = invited(ann)
    assert (method, entry["UID"], "STATUS" in entry) == ("CANCEL", event.uid, False)
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


@pytest.mark.usefixtures("answers_read")
def test_a_letter_to_one_who_chose_the_feed_takes_back_the_invitation_that_is_out() -> None:
    event, ann = an_evening(), a_person()
    reply(event, ann, Answer.YES, at=NOW)
    ann.feed_only = True

    withdraw(rsvp_of(event, ann), LATER)

    assert invited(ann)[0] == "CANCEL"
    assert "so that nothing shows twice" in last_letter(ann).body
    reply(event, ann, Answer.YES, at=LATER + timedelta(hours=1))
    assert last_letter(ann).calendar is None


@pytest.mark.usefixtures("answers_read")
def test_a_notice_brings_no_file_of_what_the_readers_own_feed_shows() -> None:
    event, ann, ben = an_evening(), a_person(), a_person(feed_only=True)
    subscribe(ben, Wanted(everything=True), now=NOW)
    news = Notice(kind=NoticeKind.ANNOUNCEMENT, event=event, audience=Audience.EVERYONE, subject="News", body="News")

    to_ann, to_ben = letters(news, [ann, ben], LATER)

    assert to_ann.calendar is not None
    assert to_ben.calendar is None


@pytest.mark.usefixtures("app")
def test_where_nobody_reads_answers_letters_bring_a_file_that_asks_for_none():
    event, ann = an_evening(), a_person()
    reply(event, ann, Answer.YES, at=NOW)

    kinds = [part.get_content_type() for part in as_sent(ann).walk()]
    assert kinds.count("text/calendar") == 1
    assert b"ATTENDEE" not in last_letter(ann).calendar
    assert b"METHOD" not in last_letter(ann).calendar
    assert "application/ics" not in kinds


def test_a_mailbox_alone_has_answers_sent_to_the_society_behind_a_plus(app, monkeypatch):
    monkeypatch.setitem(app.config, "IMAP_URL", "imaps://mail.example.org")
    event, ann = an_evening(), a_person()
    rsvp = reply(event, ann, Answer.YES, at=NOW)

    assert invited(ann)[1]["ORGANIZER"].startswith(f"mailto:office+{rsvp.id}-")


@pytest.mark.usefixtures("answers_read")
def test_the_invitation_holds_nothing_that_the_stored_entry_does_not():
    event, ann = an_evening(), a_person()
    reply(event, ann, Answer.YES, at=NOW)
    stored = db.session.get_one(Entry, event.id).vevent
    own = (b"DTSTAMP", b"TRANSP", b"ORGANIZER", b"ATTENDEE")

    kept = [line for line in last_letter(ann).calendar.split(b"BEGIN:VEVENT")[1].split(b"\r\n") if line]
    assert all(line in stored or line.startswith((*own, b" ", b"END:")) for line in kept)


def test_the_choice_is_made_beside_the_own_address_and_ends_with_it(client: Browser) -> None:
    ann = a_person()
    client.sign_in(ann)
    page = client.get("/me/calendar").text
    assert re.search(r"<input[^>]*(checked[^>]*name=.feed_only|name=.feed_only[^>]*checked)", page)

    client.post("/me/calendar", data={"action": "new", "feed_only": "y"})
    assert db.session.get_one(Person, ann.id, populate_existing=True).feed_only
    client.post("/me/calendar", data={"action": "remove", "feed_only": "y"})
    assert not db.session.get_one(Person, ann.id, populate_existing=True).feed_only


@pytest.mark.usefixtures("answers_read")
def test_telling_of_a_change_costs_the_same_number_of_reads_for_one_and_for_three(counted: Any) -> None:
    costs = []
    for guests in (1, 3):
        event = an_evening()
        for _ in range(guests):
            reply(event, a_person(), Answer.YES, at=NOW)
        notice = Notice(
            kind=NoticeKind.CANCELLATION, event=event, audience=Audience.ANSWERED, subject="Off", body="Off"
        )
        people = list(mailed(notice, NOW))
        with counted() as count:
            made = list(letters(notice, people, LATER))
        assert len(made) == guests
        assert all(b"METHOD:REQUEST" in letter.calendar for letter in made)
        costs.append(len(count))
    assert costs[0] == costs[1]


@pytest.mark.usefixtures("answers_read")
def test_who_is_going_joins_by_a_page_of_their_own_and_no_other_calendar_names_the_link(client: Browser) -> None:
    """The page opens by what stands in the calendar, which people share; so it does nothing else."""
    event = an_evening(online_url="https://meet.example.org/evening", capacity=1)
    ann, ben = a_person("Ann"), a_person("Ben")
    reply(event, ann, Answer.YES, at=NOW)
    reply(event, ben, Answer.YES, at=LATER)
    event_page = f"https://society.example.org/events/{event.slug}#where-heading"
    joins, waits = (str(invited(person)[1]["CONFERENCE"]) for person in (ann, ben))
    db.session.commit()
    assert waits == event_page
    assert re.fullmatch(r"https://society\.example\.org/rsvps/[\w-]+/online", joins)

    path = joins.removeprefix("https://society.example.org")
    assert client.get(path.removesuffix("/online")).status_code == 404  # it is no key to the answer
    assert client.get(f"{path.removesuffix('/online')}/ticket").status_code == 404
    answer_link = link(rsvp_of(event, ann))
    assert client.get(f"{answer_link}/online").status_code == 404  # nor the other way round

    withdraw(rsvp_of(event, ann), LATER)
    method, entry = invited(ann)
    assert (method, "CONFERENCE" in entry) == ("CANCEL", False)
    assert str(invited(ben)[1]["CONFERENCE"]).endswith("/online")
    db.session.rollback()


@pytest.mark.parametrize(
    ("minutes", "status", "shown", "said"),
    [
        (61, "confirmed", False, "It is not time yet"),
        (59, "confirmed", True, "Join online"),
        (-30, "confirmed", True, "Join online"),
        (-91, "confirmed", False, "It is over"),
        (59, "maybe", False, "You are not on the list of those who are coming"),
    ],
)
def test_the_page_to_join_by_shows_the_link_in_time_to_who_is_going(
    client: Browser, monkeypatch: pytest.MonkeyPatch, minutes: int, status: str, shown: bool, said: str
) -> None:
    event, ann = an_evening(online_url="https://meet.example.org/evening"), a_person()
    reply(event, ann, Answer(status.replace("confirmed", "yes")), at=NOW)
    path = joining_link(rsvp_of(event, ann))
    monkeypatch.setattr("society.rsvps.routes.joining.now", lambda: event.starts_at - timedelta(minutes=minutes))
    db.session.commit()
    page = client.get(path)
    assert ("https://meet.example.org/evening" in page.text, said in page.text) == (shown, True)
    assert page.headers["Cache-Control"].startswith("private") or "no-store" in page.headers["Cache-Control"]


def test_the_page_to_join_by_says_at_once_what_those_who_come_are_told(client: Browser) -> None:
    event, ann = an_evening(instructions="Ring at Sample, or https://door.example.org/4711"), a_person()
    reply(event, ann, Answer.YES, at=NOW)
    db.session.commit()
    path = joining_link(rsvp_of(event, ann))
    page = client.get(path).text
    assert 'Ring at Sample, or <a href="https://door.example.org/4711"' in page
    assert "not held online" not in page
    withdraw(rsvp_of(event, ann), LATER)
    db.session.commit()
    assert "Sample" not in client.get(path).text


def test_of_what_is_off_there_is_nothing_to_join(client: Browser) -> None:
    for field, said in (("cancelled_at", "It was cancelled"), ("postponed_at", "It was put off")):
        event, ann = an_evening(online_url="https://meet.example.org/evening", online_minutes=0), a_person()
        reply(event, ann, Answer.YES, at=NOW)
        setattr(event, field, NOW)
        path = joining_link(rsvp_of(event, ann))
        db.session.commit()
        page = client.get(path).text
        assert said in page
        assert "meet.example.org" not in page

"""Another time: from a calendar program's COUNTER (RFC 5546, 3.2.7) by a page to those who organize the event."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from society.calendars.actions import refresh
from society.db import db
from society.events.models import Event
from society.invitations.actions import take
from society.invitations.models import TimeProposal
from society.invitations.proposals import path
from society.invitations.queries import proposal_of
from society.mail.models import Letter
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from tests.builders import NOW, a_person, an_event
from tests.conftest import Browser
from tests.invitations.shapes import an_answer
from tests.invitations.test_sending import last_letter

LATER = NOW + timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def answers_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def going(**values: Any) -> tuple[Event, Person, Person]:
    """An evening, who organizes it, and somebody who comes."""
    olga, ann = a_person("Olga", "organizer"), a_person("Ann")
    event = an_event("Evening", **values)
    event.organizer = olga
    refresh(event, NOW)
    reply(event, ann, Answer.YES, at=NOW)
    db.session.commit()
    return event, olga, ann


def letters_to(person: Person) -> list[Letter]:
    db.session.expire_all()
    return list(db.session.scalars(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id)))


def proposed(event: Event, **shift: Any) -> dict[str, str]:
    starts, ends = event.starts + timedelta(**shift), event.ends + timedelta(**shift)
    return {"starts_at": f"{starts:%Y-%m-%dT%H:%M}", "ends_at": f"{ends:%Y-%m-%dT%H:%M}", "word": "I am away."}


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("DTSTART;TZID=America/New_York:{:%Y%m%dT%H%M%S}", 0),
        ("DTSTART;TZID=Eastern Standard Time:{:%Y%m%dT%H%M%S}", 0),
        ("DTSTART;TZID=Europe/London:{:%Y%m%dT%H%M%S}", -5),
    ],
)
def test_what_a_calendar_proposes_is_kept_by_the_event_s_clocks(app: Flask, line: str, hour: int) -> None:
    event, olga, ann = going()
    raw = an_answer(last_letter(ann), "DECLINED", LATER, program="thunderbird", method="COUNTER")
    raw = re.sub(rb"DTSTART[^\r]*", line.format(event.starts + WEEK).encode(), raw)
    raw = re.sub(rb"DTEND[^\r]*", b"COMMENT:I am away\\, sorry.", raw)

    said = take(raw, LATER)

    assert "Those who organize the event have it" in said
    kept = proposal_of(event, ann)
    starts = event.starts + WEEK + timedelta(hours=hour)
    assert (kept.starts, kept.ends, kept.zone) == (starts, starts + (event.ends - event.starts), event.zone)
    assert (kept.word, kept.by_calendar, kept.answer) == ("I am away, sorry.", True, None)
    assert f"/events/{event.slug}/propose/" in last_letter(ann).body
    assert "I am away" in last_letter(olga).body
    assert rsvp_of(event, ann).status is RsvpStatus.CONFIRMED


def test_the_next_proposal_takes_the_place_of_the_one_before_and_a_late_one_does_not(app: Flask) -> None:
    event, _olga, ann = going()
    at = {days: f"{event.starts + timedelta(days=days):%Y%m%dT%H%M%S}".encode() for days in (1, 2, 3)}
    asked = last_letter(ann)

    def counter(days: int, minutes: int) -> str:
        stamp = LATER + timedelta(minutes=minutes)
        with_zone = b"DTSTART;TZID=America/New_York:" + at[days]
        raw = an_answer(asked, "TENTATIVE", stamp, program="thunderbird", method="COUNTER")
        return take(re.sub(rb"DTSTART[^\r]*", with_zone, re.sub(rb"DTEND[^\r]*\r\n", b"", raw)), LATER + WEEK)

    counter(1, 0)
    counter(2, 20)
    assert counter(3, 10) == "Ignored: older than what is known."

    (kept,) = db.session.scalars(select(TimeProposal))
    assert kept.starts == event.starts + timedelta(days=2)


@pytest.mark.parametrize(
    "line", ["DTSTART:{:%Y%m%dT%H%M%S}", "DTSTART;TZID=Nowhere/At all:{:%Y%m%dT%H%M%S}"], ids=["floating", "no zone"]
)
def test_what_is_doubtful_stands_in_the_page_that_is_mailed_back(client: Browser, line: str) -> None:
    event, _olga, ann = going()
    wished = event.starts + WEEK
    raw = an_answer(last_letter(ann), "TENTATIVE", LATER, program="thunderbird", method="COUNTER")
    raw = re.sub(rb"DTSTART[^\r]*", line.format(wished).encode(), raw)

    said = take(raw, LATER)

    assert "one more step" in said
    link = re.search(r"/events/\S+/propose/[^>\s]+", last_letter(ann).body)
    assert link
    db.session.commit()
    page = client.get(link[0])
    assert f'value="{wished:%Y-%m-%dT%H:%M}"' in page.text
    assert "Ann" in page.text
    assert proposal_of(event, ann) is None
    assert rsvp_of(event, ann).status is RsvpStatus.CONFIRMED


@pytest.mark.parametrize("when", ["some day", "00010101T000000Z", "99991231T235959Z", "99991231T235959"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_a_counter_without_a_time_that_can_be_still_leads_to_the_page(client: Browser, when: str, zone: str) -> None:
    event, _olga, ann = going(zone=zone)
    raw = an_answer(last_letter(ann), "TENTATIVE", LATER, program="thunderbird", method="COUNTER")
    take(re.sub(rb"(DTSTART|DTEND)[^\r]*", rb"\1:" + when.encode(), raw), LATER)
    assert f"/events/{event.slug}/propose/" in last_letter(ann).body


def test_a_proposal_goes_to_who_organizes_the_event_and_is_answered_to_who_made_it(client: Browser) -> None:
    event, olga, ann = going()
    told = len(letters_to(ann))

    answer = client.post(path(event, ann), data=proposed(event, days=7))

    assert answer.status_code == 303
    (letter,) = letters_to(olga)
    assert letter.reply_to == ann.email
    assert "Evening" in letter.subject
    assert "I am away" in letter.body
    assert f"{event.starts + WEEK:%A, %-d %B %Y}" in letter.body.replace("\\", "")
    assert (event.starts, len(letters_to(ann))) == (event.starts, told)
    assert "Nothing has changed yet" in client.get(answer.location).text


def test_looking_sends_nothing_and_a_second_click_no_second_letter(client: Browser) -> None:
    event, olga, ann = going()
    client.get(path(event, ann, event.starts + WEEK, event.ends + WEEK))
    assert letters_to(olga) == []
    answers = [client.post(path(event, ann), data=proposed(event, days=days)) for days in (7, 8)]
    assert len(letters_to(olga)) == 1
    assert [answer.status_code for answer in answers] == [303, 303]
    assert proposal_of(event, ann).starts == event.starts + timedelta(days=8), "the later one counts"


def test_an_event_without_its_organizer_asks_all_who_organize(client: Browser) -> None:
    event, olga, ann = going()
    event.organizer = None
    olaf = a_person("Olaf", "organizer")
    db.session.commit()
    client.post(path(event, ann), data=proposed(event, days=7))
    assert [len(letters_to(one)) for one in (olga, olaf)] == [1, 1]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"starts_at": ""}, "Please give a date and time."),
        ({"starts_at": "2001-01-01T20:00", "ends_at": "2001-01-01T21:00"}, "a time that is to come"),
        ({"ends_at": "2001-01-01T20:00"}, "end"),
        ({"starts_at": "soon"}, "such as 2027-03-30T20:00"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Browser, data: dict[str, str], sentence: str
) -> None:
    event, olga, ann = going()
    page = client.post(path(event, ann), data={**proposed(event, days=7), **data})
    assert page.status_code == 422
    assert sentence in page.text
    assert "I am away." in page.text
    assert letters_to(olga) == []


def test_whole_days_are_proposed_by_their_days(client: Browser) -> None:
    event, olga, ann = going(all_day=True)
    page = client.get(path(event, ann))
    assert 'type="date"' in page.text
    day = f"{event.starts + WEEK:%Y-%m-%d}"

    client.post(path(event, ann), data={"starts_at": day, "ends_at": day})

    (letter,) = letters_to(olga)
    assert f"{event.starts + WEEK:%-d %B %Y}, all day" in letter.body.replace("\\", "")


def test_a_link_is_one_person_s_for_one_event_until_it_is_revoked(client: Browser) -> None:
    event, _olga, ann = going()
    other = an_event("Another")
    link = path(event, ann)
    db.session.commit()
    assert client.get(link).status_code == 200
    assert client.get(link.replace(str(event.slug), str(other.slug))).status_code == 404
    assert client.get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404
    ann.link_key = "another"
    db.session.commit()
    assert client.get(link).status_code == 404


def test_what_is_called_off_takes_no_proposal(client: Browser) -> None:
    event, olga, ann = going()
    event.cancelled_at = NOW
    db.session.commit()
    assert "This event is cancelled." in client.get(path(event, ann)).text
    assert client.post(path(event, ann), data=proposed(event, days=7)).status_code == 409
    assert [letter for letter in letters_to(olga) if "Another time" in letter.subject] == []

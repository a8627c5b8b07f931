"""What becomes of the times that are proposed for an event: taken, declined, withdrawn, void."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Event
from society.invitations.actions import take
from society.invitations.models import TimeProposal, Verdict
from society.invitations.proposals import path, propose
from society.invitations.queries import own_proposal, proposal_of
from society.mail.models import Letter
from society.notices.actions import cancel
from society.people.models import EventOrganizer, Person
from society.records.actions import erase
from society.records.mentions import Particulars, mentions
from society.records.merging import merge
from society.records.personal_data import kept_on
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.times import to_utc
from tests.builders import NOW, a_person, an_event
from tests.conftest import Browser
from tests.invitations.shapes import an_answer
from tests.invitations.test_proposals import LATER, WEEK, answers_read, going, letters_to
from tests.invitations.test_sending import invited, last_letter

__all__ = ["answers_read"]  # for every test here too

ZONE = "America/New_York"


def wish(event: Event, person: Person, days: int = 7, word: str = "", **given: Any) -> TimeProposal:
    shift = timedelta(days=days)
    found = propose(event, person, (event.starts + shift, event.ends + shift), word, NOW, **given)
    db.session.commit()
    return found


def listed(client: Browser, event: Event) -> str:
    return client.get(f"/organize/events/{event.id}/proposals").text


def fields_of(page: str, action: str) -> dict[str, Any]:
    """What the first form to that address has in hidden fields."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, action
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(value)
    return found


def decline(client: Browser, event: Event, page: str | None = None, word: str = "") -> Any:
    shown = page or listed(client, event)
    address = f"/organize/events/{event.id}/proposals"
    return client.post(address, data={**fields_of(shown, address), "word": word})


def test_a_calendar_s_proposal_is_declined_by_calendar(client: Browser) -> None:
    event, olga, ann = going()
    raw = an_answer(last_letter(ann), "DECLINED", LATER, program="thunderbird", method="COUNTER")
    wished = event.starts + WEEK
    take(
        re.sub(rb"DTSTART[^\r]*", f"DTSTART;TZID={ZONE}:{wished:%Y%m%dT%H%M%S}".encode(), raw).replace(
            b"DTEND", b"X-E"
        ),
        NOW,
    )
    db.session.commit()
    client.sign_in(olga)

    for page in (listed(client, event), client.get(f"/organize/events/{event.id}").text):
        assert f"{wished:%A, %-d %B %Y}, {wished:%-I:%M} pm" in page
        assert "by calendar" in page
    answer = decline(client, event, word="The hall is taken; sorry.")

    assert answer.status_code == 303
    assert "No other time is proposed" in client.get(answer.location).text
    db.session.expire_all()
    method, entry = invited(ann)
    assert method == "DECLINECOUNTER"
    assert (entry["UID"], entry["SEQUENCE"]) == (event.uid, event.sequence)
    assert (entry["DTSTART"].dt.replace(tzinfo=None), entry["DTEND"].dt.replace(tzinfo=None)) == (
        event.starts,
        event.ends,
    )
    assert entry["ORGANIZER"].startswith(f"mailto:answer+{ann.id}-")
    assert entry["ATTENDEE"] == f"mailto:{ann.email}"
    assert entry["COMMENT"] == "The hall is taken; sorry."
    assert {"DESCRIPTION", "STATUS", "URL"}.isdisjoint(entry)
    letter = last_letter(ann)
    assert (letter.subject, letter.reply_to) == ("It stays as it is: Evening", olga.email)
    assert "The hall is taken; sorry." in letter.body.replace("\\", "")
    kept = proposal_of(event, ann)
    assert (kept.answer, kept.answered_by_id) == (Verdict.DECLINED, olga.id)
    assert db.session.scalar(select(AuditEntry.after).where(AuditEntry.act == "time proposal declined"))["proposal"]


def test_who_proposed_on_the_page_is_written_to_without_a_calendar(client: Browser) -> None:
    event, olga, ann = going()
    wish(event, ann)
    client.sign_in(olga)
    decline(client, event)
    assert last_letter(ann).subject == "It stays as it is: Evening"
    assert last_letter(ann).calendar is None


def test_one_time_that_several_propose_is_declined_once_and_to_those_who_were_shown(client: Browser) -> None:
    event, olga, ann = going()
    ben, cem = a_person("Ben"), a_person("Cem")
    for person in (ann, ben):
        wish(event, person)
    client.sign_in(olga)
    page = listed(client, event)
    assert page.count("<section") == 1
    wish(event, ben, days=8)
    wish(event, cem)

    decline(client, event, page)

    db.session.expire_all()
    assert [proposal_of(event, person).answer for person in (ann, ben, cem)] == [Verdict.DECLINED, None, None]
    assert decline(client, event, page).status_code == 409


def test_a_line_that_is_too_long_comes_back_with_what_was_typed(client: Browser) -> None:
    event, olga, ann = going()
    wish(event, ann)
    answer = decline(client.sign_in(olga), event, word="No. " * 300)
    assert answer.status_code == 422
    assert "No. No. No." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert answer.text.count("At most 1,000 characters") == 2
    assert proposal_of(event, ann).answer is None


def test_taking_a_time_shows_what_it_changes_and_counts_once_that_is_saved(client: Browser) -> None:
    event, olga, ann = going()
    ben, cem = a_person("Ben"), a_person("Cem")
    reply(event, ben, Answer.NO, at=NOW)
    for person, days in ((ann, 7), (ben, 7), (cem, 9)):
        wish(event, person, days)
    client.sign_in(olga)
    was, told = event.starts, len(letters_to(ben))

    address = f"/organize/events/{event.id}/postpone"
    typed = fields_of(listed(client, event), address)
    shown = client.post(address, data=typed)
    db.session.expire_all()
    assert (shown.status_code, "What will change" in shown.text) == (200, True)
    assert (event.starts, proposal_of(event, ann).answer) == (was, None)
    client.agree(shown)

    db.session.expire_all()
    assert event.starts == was + WEEK
    assert [proposal_of(event, one).answer for one in (ann, ben, cem)] == [Verdict.TAKEN, Verdict.TAKEN, None]
    assert proposal_of(event, ann).answered_by_id == olga.id
    assert last_letter(ann).subject == "Changed: Evening", "one letter tells those who are told anyhow"
    assert [letter.subject for letter in letters_to(ben)][told:] == ["At the time that you proposed: Evening"]


def test_whole_days_are_taken_by_their_days(client: Browser) -> None:
    event, olga, ann = going(all_day=True, starts=datetime(2031, 5, 3), ends=datetime(2031, 5, 5))
    wish(event, ann, days=2)
    typed = fields_of(listed(client.sign_in(olga), event), f"/organize/events/{event.id}/postpone")
    assert (typed["starts_at"], typed["ends_at"]) == (["2031-05-05"], ["2031-05-06"])
    client.agree(client.post(f"/organize/events/{event.id}/postpone", data=typed))
    db.session.expire_all()
    assert (event.ends, proposal_of(event, ann).answer) == (datetime(2031, 5, 7), Verdict.TAKEN)


def test_the_event_s_page_tells_who_proposed_how_it_stands_and_lets_them_withdraw(client: Browser) -> None:
    event, _olga, ann = going()
    wish(event, ann)
    client.sign_in(ann)
    page = client.get(f"/events/{event.slug}").text
    assert "Another time, proposed by you" in page

    assert client.post(f"/events/{event.slug}/proposal/withdraw").status_code == 303

    db.session.expire_all()
    assert proposal_of(event, ann).answer is Verdict.WITHDRAWN
    assert "Another time, proposed by you" not in client.get(f"/events/{event.slug}").text
    assert client.post(f"/events/{event.slug}/proposal/withdraw").status_code == 409


def test_whoever_has_no_account_withdraws_by_the_link(client: Browser) -> None:
    event, _olga, ann = going()
    wish(event, ann, word="I am away.")
    link = path(event, ann)
    page = client.get(link).text
    assert "What you proposed" in page
    assert f'value="{event.starts + WEEK:%Y-%m-%dT%H:%M}"' in page, "to be changed"
    assert "I am away." in page
    client.post(link, data={"action": "withdraw"})
    db.session.expire_all()
    assert proposal_of(event, ann).answer is Verdict.WITHDRAWN
    assert "You have withdrawn it." in client.get(link).text


def test_nobody_else_sees_or_answers_them(client: Browser) -> None:
    event, _olga, ann = going()
    fay, gus = a_person("Fay"), a_person("Gus")
    for person, number in ((fay, event.id), (gus, an_event("Another").id)):
        db.session.add(EventOrganizer(event_id=number, person=person, given_at=NOW))
    wish(event, ann)
    address = f"/organize/events/{event.id}/proposals"

    assert client.post(address).status_code == 303
    for person in (ann, gus):
        client.sign_in(person)
        assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
    assert client.post(f"/events/{event.slug}/proposal/withdraw").status_code == 409, "nothing of Gus's is there"
    client.sign_in(fay)
    assert "Ann" in client.get(address).text
    assert proposal_of(event, ann).answer is None


def test_what_is_cancelled_voids_what_was_proposed(client: Browser) -> None:
    event, olga, ann = going()
    wish(event, ann)
    cancel(event, by=olga, now=LATER)
    db.session.commit()
    assert "No other time is proposed" in listed(client.sign_in(olga), event)
    assert own_proposal(event, ann, LATER).void == "This event is cancelled."
    assert "It will not be answered any more. This event is cancelled." in client.get(path(event, ann)).text


@pytest.mark.once
def test_many_proposals_cost_no_more_statements_than_one(client: Browser, counted: Callable[[], Any]) -> None:
    event, olga, ann = going()
    client.sign_in(olga)
    wish(event, ann)
    numbers = []
    for person in (None, a_person(), a_person()):
        if person:
            wish(event, person, days=9 + person.id)
        with counted() as count:
            assert client.get(f"/organize/events/{event.id}/proposals").status_code == 200
        numbers.append(len(count))
    assert len(set(numbers)) == 1


def test_a_time_in_another_zone_since_is_told_by_the_event_s_clocks(client: Browser) -> None:
    event, olga, ann = going()
    wished = wish(event, ann)
    event.zone = "Europe/Berlin"
    event.starts_at, event.ends_at = to_utc(event.starts, event.zone), to_utc(event.ends, event.zone)
    db.session.commit()
    assert f"{wished.starts + timedelta(hours=6):%-I:%M} am to" in listed(client.sign_in(olga), event)


def test_it_is_in_what_is_kept_on_a_person_and_goes_with_them(app: Flask) -> None:
    event, _olga, ann = going()
    wish(event, ann, word="I am in hospital.")
    kept = kept_on(ann)
    assert [one["word"] for one in kept["proposed_times"]] == ["I am in hospital."]
    assert any("hospital" in letter["text"] for letter in kept["wrote_back"])

    particulars = Particulars.of(ann)
    erase(ann, mentions(particulars), particulars, now=LATER, by=None)

    assert db.session.scalars(select(TimeProposal)).all() == []
    assert [letter for letter in db.session.scalars(select(Letter)) if "hospital" in letter.body] == []


@pytest.mark.parametrize("kept_first", [True, False])
def test_of_two_who_are_one_person_what_they_proposed_later_stays_and_the_other_is_recorded(
    app: Flask, kept_first: bool
) -> None:
    event, _olga, ann = going()
    ben, other = a_person("Ben"), an_event("Another")
    wish(event, ann if kept_first else ben, word="At noon?")
    later = wish(event, ben if kept_first else ann, days=8)
    later.proposed_at += timedelta(minutes=1)
    wish(other, ben)
    merge(ann, ben, {}, (ann.revision, ben.revision), by=a_person("Sec", "secretary"), now=LATER)
    found = db.session.scalars(select(TimeProposal).order_by(TimeProposal.event_id)).all()
    assert [(one.event_id, one.person_id, one.starts) for one in found] == [
        (event.id, ann.id, event.starts + timedelta(days=8)),
        (other.id, ann.id, other.starts + WEEK),
    ]
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "people merged")).one().before
    assert told[f"gone time_proposal of event {event.id}"].endswith("America/New_York, At noon?")
    assert f"gone time_proposal of event {other.id}" not in told

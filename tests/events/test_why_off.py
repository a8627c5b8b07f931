"""Why an event is cancelled or put off, said to all who find it so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.backings.render import link as backers_link
from society.calendars.render import vevent
from society.content_lines import unfolded
from society.db import db
from society.mail.models import Letter
from society.notices.actions import cancel, postpone
from society.notices.minimum import judge
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.render import joining_link, link
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, an_event

WHY = "The hall is flooded.\nSee https://example.org/hall & come later."
SHOWN = 'The hall is flooded.\nSee <a href="https://example.org/hall" rel="noopener noreferrer">'
AGAIN = f"{NEXT_MONTH + timedelta(days=7):%Y-%m-%dT%H:%M}"


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Olga Organizer", "organizer"))


@pytest.mark.parametrize("act", ["cancel", "postpone"])
def test_visitors_guests_and_backers_read_what_the_organizer_wrote_to_those_who_answered(organizer, act):
    event, guest = an_event(online_url="https://meet.example.org/x"), a_person()
    rsvp, backing = reply(event, guest, Answer.YES, at=NOW), a_backing(event, "B Union", "sponsor")
    backing.contact_email = "cora@example.org"
    page = organizer.get(f"/organize/events/{event.id}/{act}")
    assert "stands on the event’s page and in calendars, for all who may see it" in page.text
    assert page.text.count('name="message"') == 1
    assert organizer.agree(page, tell="yes", message=WHY).status_code == 303

    db.session.expire_all()
    visitor = organizer.application.test_client()
    for address in (f"/events/{event.slug}", link(rsvp), joining_link(rsvp), backers_link(backing)):
        assert SHOWN in visitor.get(address).text, address
    read = (
        visitor.get("/events.json").json["items"][0]["content_text"],
        unfolded(visitor.get("/calendar.ics").data).decode(),
    )
    assert read[0].startswith(WHY)
    assert r"DESCRIPTION:The hall is flooded.\nSee https://example.org/hall & come later.\n\n" in read[1]
    letter = db.session.scalars(select(Letter).where(Letter.person_id == guest.id).order_by(Letter.id.desc())).first()
    assert "> The hall is flooded" in letter.body
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act.in_([f"event {act}led", f"event {act}d"]))).one()
    assert entry.after["reason"] == WHY


@pytest.mark.parametrize("act", ["cancel", "postpone"])
def test_it_is_asked_for_where_nobody_is_written_to(organizer, act):
    event = an_event()
    page = organizer.get(f"/organize/events/{event.id}/{act}")
    assert ('name="message"' in page.text, 'name="tell"' in page.text) == (True, False)
    organizer.agree(page, message="The hall is flooded.")
    assert "The hall is flooded." in organizer.get(f"/events/{event.slug}").text


def test_who_is_written_to_is_no_matter_of_why(organizer):
    event = an_event()
    reply(event, a_person(), Answer.YES, at=NOW)
    organizer.agree(organizer.get(f"/organize/events/{event.id}/cancel"), tell="no", message="The hall is flooded.")
    assert "The hall is flooded." in organizer.get(f"/events/{event.slug}").text


@pytest.mark.parametrize(("language", "said"), [("en", "it takes at least 3"), ("de", "Nötig sind mindestens 3")])
def test_that_too_few_come_is_said_with_how_many_it_takes(client, language, said):
    event, guest = (
        an_event(minimum=3, minimum_by=NEXT_MONTH - timedelta(days=2), minimum_cancels=True),
        a_person(language=language),
    )
    reply(event, guest, Answer.YES, at=NOW)
    judge(event, event.minimum_by_at)
    db.session.commit()
    letter = db.session.scalars(select(Letter).where(Letter.person_id == guest.id).order_by(Letter.id.desc())).first()
    assert said in letter.body
    assert "Too few people have said that they come: it takes at least 3." in client.get(f"/events/{event.slug}").text


def test_what_is_on_again_gives_no_reason_and_may_be_off_for_another(organizer):
    event, olga = an_event(), a_person()
    postpone(event, by=olga, now=NOW, note="The hall is flooded.")
    db.session.commit()
    page = organizer.get(f"/organize/events/{event.id}/postpone")
    assert "for all who may see it" not in page.text
    page = organizer.post(f"/organize/events/{event.id}/postpone", data={"starts_at": AGAIN, "tell": "no"})
    organizer.agree(page, tell="no", message="We are glad to tell you.")
    db.session.expire_all()
    assert (event.on, event.reason) == (True, "")
    assert b"flooded" not in vevent(event)
    cancel(event, by=olga, now=NOW)
    assert event.reason == "", "nobody has said why this time"


def test_it_can_be_corrected_and_calendars_follow(organizer):
    event = an_event()
    assert 'name="why_off"' not in organizer.get(f"/organize/events/{event.id}").text
    cancel(event, by=a_person(), now=NOW, note="Anna is in St. Luke's, ward 7.")
    db.session.commit()
    address = f"/organize/events/{event.id}"
    form = organizer.get(address).text
    assert "Why it is off</label>" in form, "beside a description"
    assert "ward 7" in form.partition('name="why_off"')[2].partition("</textarea>")[0]
    typed = {"title": event.title, "starts_at": f"{event.starts:%Y-%m-%dT%H:%M}", "timezone": event.zone}
    page = organizer.post(address, data={**typed, "why_off": "Our speaker is ill."})
    assert "Why it is off" in page.text
    revised, sequence = event.revised_at, event.sequence
    assert organizer.agree(page).status_code == 303

    db.session.expire_all()
    assert (event.reason, event.sequence) == ("Our speaker is ill.", sequence)
    assert event.revised_at > revised
    assert "ward 7" not in organizer.get("/calendar.ics").text

"""Notices that are sent by themselves at a time that was chosen."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.mail.models import Letter
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.planned import plan, send_due_notices, untimely
from society.notices.sending import send
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.settings import society
from society.times import now, to_utc, to_wall
from tests.builders import NOW, a_person, an_event
from tests.notices.test_sending import a_notice

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def olga(app, client):
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


def a_draft(olga, **values):
    given = {
        "kind": NoticeKind.NEWSLETTER,
        "audience": Audience.EVERYONE,
        "subject": "News",
        "body": "Dear {{ name }},",
    }
    notice = Notice(**{**given, **values}, author=olga, created_at=NOW)
    db.session.add(notice)
    db.session.commit()
    return notice


def planned(notice, at=TOMORROW):
    plan(notice, at, by=notice.author, now=NOW)
    db.session.commit()
    return notice


def subjects():
    return sorted(db.session.scalars(select(Letter.subject)))


def test_it_leaves_at_its_time_once_and_to_those_whom_it_is_for_then(olga):
    notice = planned(a_draft(olga))
    a_person("Came later")
    db.session.commit()

    send_due_notices(TOMORROW - timedelta(minutes=1))
    assert subjects() == []
    send_due_notices(TOMORROW)
    send_due_notices(TOMORROW + timedelta(minutes=1))

    assert subjects() == ["News", "News"]
    assert (notice.planned_at, notice.sent_at, notice.leaves_at) == (None, TOMORROW, TOMORROW)


def test_its_author_is_told_what_of_it_is_to_be_printed_and_why_a_blank_name_keeps_it_back(olga):
    planned(a_draft(olga, subject="By post"))
    a_person("Paul", email=None, address="1 Example Street")
    db.session.commit()
    send_due_notices(TOMORROW)
    assert subjects() == ["By post", "To be printed: By post"]

    planned(a_draft(olga, subject="Kept"))
    a_person("Ann").name = " "
    db.session.commit()
    send_due_notices(TOMORROW)
    assert subjects() == ["By post", "Not sent: Kept", "To be printed: By post"]


def test_what_was_changed_meanwhile_is_sent_as_it_is_then(olga):
    event = an_event("Old title")
    planned(a_draft(olga, kind=NoticeKind.ANNOUNCEMENT, event=event, subject="{{ event_title }}"))
    event.title = "New title"
    db.session.commit()

    send_due_notices(TOMORROW)

    assert subjects() == ["New title"]


def test_sent_or_unplanned_by_hand_it_does_not_leave_by_itself(olga):
    first, second = planned(a_draft(olga)), planned(a_draft(olga, subject="Other"))
    send(first, NOW)
    plan(second, None, by=olga, now=NOW)
    db.session.commit()

    send_due_notices(TOMORROW)

    assert subjects() == ["News"]


@pytest.mark.parametrize("happening", ["cancelled", "over"])
def test_an_invitation_to_what_does_not_take_place_stays_a_draft_and_its_author_is_told_once(olga, happening):
    event = an_event("Evening")
    invitation = planned(a_draft(olga, kind=NoticeKind.INVITATION, event=event), TOMORROW)
    at = TOMORROW if happening == "cancelled" else event.ends_at + timedelta(minutes=1)
    if happening == "cancelled":
        event.cancel(NOW)
        db.session.commit()

    send_due_notices(at)
    send_due_notices(at + timedelta(minutes=1))

    assert subjects() == ["Not sent: News"]
    assert (invitation.planned_at, invitation.sent_at) == (None, None)


@pytest.mark.once
def test_its_author_is_told_in_their_language_why_it_did_not_leave(olga):
    olga.language = "de"
    event = an_event("Evening")
    planned(a_draft(olga, kind=NoticeKind.INVITATION, event=event), TOMORROW)
    planned(a_draft(olga, subject="For nobody", audience=Audience.MEMBERS))
    event.cancel(NOW)
    db.session.commit()

    send_due_notices(TOMORROW)

    off, nobody = sorted(letter.body for letter in db.session.query(Letter))
    assert "wurde es nicht: Die Veranstaltung findet nicht statt, deshalb" in off
    assert "wurde es nicht: Es gibt niemanden, bei dem sie ankäme" in nobody


def test_thanks_for_what_is_over_are_sent(olga):
    event = an_event("Evening")
    reply(event, a_person("Ann"), Answer.YES, at=NOW)
    planned(a_draft(olga, kind=NoticeKind.MINUTES, audience=Audience.ANSWERED, event=event), event.ends_at)
    send_due_notices(event.ends_at + timedelta(hours=1))
    assert "News" in subjects()


def test_one_that_nobody_would_get_holds_up_no_other(olga):
    planned(a_draft(olga, subject="For nobody", audience=Audience.MEMBERS))
    planned(a_draft(olga, subject="For all"))

    send_due_notices(TOMORROW)

    assert subjects() == ["For all", "Not sent: For nobody"]


def test_the_time_is_chosen_seen_changed_and_taken_back_on_pages(olga, client):
    notice = a_draft(olga)
    here = f"/organize/notices/{notice.id}"
    wall = to_wall(now() + timedelta(days=3), society().zone).replace(second=0, microsecond=0)

    for wrong in ("2020-01-01T10:00", f"{wall:%Y-%m-%d}", "soon", "2027-99-99T00:00"):
        answer = client.post(f"{here}/schedule", data={"send_at": wrong})
        assert answer.status_code == 422
        assert wrong in answer.text
    assert client.post(f"{here}/schedule", data={"send_at": f"{wall:%Y-%m-%dT%H:%M}"}).status_code == 303
    db.session.refresh(notice)
    assert to_wall(notice.planned_at, society().zone) == wall
    assert "Sent by itself" in client.get(here).text
    assert f"{wall:%Y-%m-%dT%H:%M}" in client.get(f"{here}/schedule").text
    assert "Planned" in client.get("/organize/notices").text
    assert f'href="{here}"' in client.get("/organize/notices/planned").text
    assert client.post(f"{here}/schedule", data={"send_at": ""}).status_code == 303
    db.session.refresh(notice)
    assert notice.planned_at is None
    send(notice, NOW)
    db.session.commit()
    assert client.post(f"{here}/schedule", data={"send_at": f"{wall:%Y-%m-%dT%H:%M}"}).status_code == 409
    client.sign_in(a_person("Other", "secretary"))
    assert client.get(f"{here}/schedule").status_code == 403


def test_a_time_that_clocks_show_twice_says_which_is_taken(olga, client):
    notice = a_draft(olga)
    society().zone = "America/New_York"
    db.session.commit()

    sent = client.post(f"/organize/notices/{notice.id}/schedule", data={"send_at": "2030-11-03T01:30"})

    assert "show 1:30 am twice that night; the earlier one is meant." in client.get(sent.location).text
    db.session.refresh(notice)
    assert notice.planned_at == to_utc(datetime(2030, 11, 3, 1, 30), "America/New_York")


def test_who_invites_by_hand_to_what_is_over_or_off_is_told_so_before_it_leaves(app, client):
    event, olga = an_event(), a_person("Olga", "organizer")
    invitation, minutes = (a_notice(event, kind=kind) for kind in (NoticeKind.INVITATION, NoticeKind.MINUTES))
    assert untimely(invitation, NOW) == []
    event.postpone(NOW)
    assert untimely(invitation, NOW) == ["Its event is put off, so nobody can come to it."]
    event.postponed_at = None
    assert untimely(invitation, event.ends_at) == ["Its event is over, so nobody can come to it."]
    event.cancel(NOW)

    client.sign_in(olga)
    for path in ("", "/send"):
        assert "Its event is cancelled" in client.get(f"/organize/notices/{invitation.id}{path}").text
        assert "Its event is" not in client.get(f"/organize/notices/{minutes.id}{path}").text

"""What has become empty since a notice was sent leaves no hole in the letters that are written after that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.mail.filling import closed_up
from society.mail.models import Letter, LetterState, MailingList
from society.mail.rhythm import next_digest
from society.notices.actions import alter
from society.notices.digest import send_digests
from society.notices.going import go_on
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from society.notices.timed import send_timed
from society.people.models import Rhythm
from tests.builders import NOW, a_person, a_venue, an_event, letters_to

A_MINUTE = timedelta(minutes=1)
LISTED = "Come.\n\n- **When:** {{ event_when }}\n- **Where:** {{ event_place }}\n- Bring tea"
SPOKEN = "We meet at {{ event_place }}."


@pytest.fixture
def olga(app, client):
    client.sign_in(person := a_person("Olga", "organizer"))
    return person


def told(olga, body, kind=NoticeKind.ANNOUNCEMENT, **values):
    """A notice of an event in a hall, handed to the post office."""
    given = {"event": an_event("Talk", venue=a_venue()), "subject": "News", **values}
    notice = Notice(kind=kind, audience=Audience.EVERYONE, body=body, author=olga, created_at=NOW, **given)
    send(notice, NOW)
    db.session.commit()
    return notice


def without_its_venue(notice, olga):
    alter(notice.event, lambda: setattr(notice.event, "venue", None), by=olga, now=NOW, tell=False)
    db.session.commit()


def queued():
    rows = select(Letter).where(Letter.state == LetterState.QUEUED).order_by(Letter.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("- When: now\n- **Where:** {{ x }}\n- Bring tea", "- When: now\n- Bring tea"),
        ("Dear all,\n\n### Where\n\n{{ x }}\n\nYours", "Dear all,\n\nYours"),
        ("2. {{ x }}\nBring tea", "Bring tea"),
        *[
            (body, body)
            for body in ("Come to {{ x }}.", "at\n{{ x }}", "Come here:\n\n{{ x }}", "A:\n- {{ x }}", "{{ y }}")
        ],
    ],
)
def test_only_lines_that_say_nothing_else_are_spared(body, left):
    assert closed_up(body, {"x"}) == left


def test_a_line_with_nothing_to_say_any_more_is_left_out(olga):
    without_its_venue(told(olga, LISTED), olga)
    send_timed(NOW + A_MINUTE)

    (letter,) = queued()
    assert "Where" not in letter.body
    assert "When" in letter.body
    assert "Bring tea" in letter.body


def test_what_would_have_a_hole_waits_and_its_author_is_told_until_the_event_is_complete(olga, client):
    notice = told(olga, SPOKEN)
    olga.language = "de"
    without_its_venue(notice, olga)
    for minutes in (1, 2):
        send_timed(NOW + minutes * A_MINUTE)

    assert letters_to(olga) == ["News", "Zurückgehalten: News"]
    assert [letter.subject for letter in queued() if not letter.halted] == ["Zurückgehalten: News"]
    assert "<code>{{ event_place }}</code>" in client.get(f"/organize/notices/{notice.id}").text

    notice.event.venue = a_venue("New Hall")
    go_on(notice, by=olga, now=NOW)
    db.session.commit()
    send_timed(NOW + 3 * A_MINUTE)
    assert [letter.body for letter in queued() if letter.reason == f"notice:{notice.id}"] == ["We meet at New Hall."]


def test_a_call_to_a_general_meeting_does_not_leave_without_its_agenda(olga):
    notice = told(olga, "{{ event_summary }}", event=an_event(summary="All about it"), kind=NoticeKind.MEETING)
    notice.body = "Come.\n\n### Agenda\n\n{{ event_agenda }}"
    alter(notice.event, lambda: setattr(notice.event, "title", "Other"), by=olga, now=NOW, tell=False)
    db.session.commit()
    send_timed(NOW + A_MINUTE)

    assert letters_to(olga) == ["News", "Kept back: News"]


def test_a_digest_goes_without_what_would_have_a_hole(olga):
    ann = a_person("Ann", rhythm=Rhythm.DAILY)
    holed, closed = told(olga, SPOKEN, subject="Holed"), told(olga, LISTED, subject="Closed")
    for notice in (holed, closed):
        notice.event.venue = None
    db.session.commit()

    send_digests(next_digest(ann, NOW))

    (letter,) = [each for each in queued() if each.person_id == ann.id]
    assert (letter.subject, letter.mailing_list) == ("Closed", MailingList.ANNOUNCEMENTS)
    assert "Where" not in letter.body
    assert letters_to(olga)[-1] == "Kept back: Holed"
    assert holed.paused_at == next_digest(ann, NOW)
    assert closed.paused_at is None

"""What a notice's pages and the audit log tell afterwards: what was sent, to whom it was not, and who changed what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import select, update

from society.audit.models import AuditEntry
from society.db import db
from society.mail.models import Letter, LetterState
from society.notices import planned
from society.notices.actions import alter, cancel
from society.notices.going import take_back
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.planned import plan, send_due_notices
from society.notices.sending import send
from society.notices.timed import send_timed
from tests.builders import NOW, a_person, an_event

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def olga(client):
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


def a_notice(event=None, **values):
    given = {"kind": NoticeKind.INVITATION if event else NoticeKind.NEWSLETTER, "audience": Audience.EVERYONE}
    text = {
        "subject": "{{ event_title }}" if event else "News",
        "body": "It is {{ event_title }}." if event else "Dear all",
    }
    notice = Notice(**{**given, **text, "event": event, "created_at": NOW, **values})
    db.session.add(notice)
    db.session.commit()
    return notice


def test_the_text_for_all_is_shown_as_it_was_sent_and_handed_out_as_the_event_is(client, olga):
    event = an_event("A talk")
    notice = a_notice(event)
    send(notice, NOW)
    db.session.commit()
    alter(event, lambda: setattr(event, "title", "A debate"), by=olga, now=NOW, tell=False)
    db.session.commit()

    shown = client.get(f"/organize/notices/{notice.id}").text
    assert shown.count("It is A talk.") >= 2, "as a page and as plain text"
    assert "It is A debate." in client.get(f"/organize/notices/{notice.id}/text").text

    take_back(notice, by=olga, now=NOW)
    assert notice.said_body is None


def test_a_readers_letter_is_shown_as_it_was_sent(client, olga):
    event = an_event("A talk")
    notice = a_notice(event)
    send(notice, NOW)
    db.session.commit()
    db.session.query(Letter).update({"state": LetterState.SENT})
    alter(event, lambda: setattr(event, "title", "A debate"), by=olga, now=NOW, tell=False)
    db.session.commit()

    page = client.get(f"/organize/notices/{notice.id}?person={olga.id}").text
    assert "As it went to Olga" in page
    assert "It is A talk." in page
    assert "A debate" not in page


def test_what_is_copied_from_a_sent_notice_is_nobodys_own_letter(client, olga):
    notice = a_notice(body="Leave: {{ unsubscribe }}")
    send(notice, NOW)
    db.session.commit()

    assert "/unsubscribe/" not in client.get(f"/organize/notices/{notice.id}").text


def test_whom_it_did_not_reach_since_its_event_was_called_off_is_told(client, olga):
    event = an_event("A talk")
    notice = a_notice(event)
    send(notice, NOW, NOW + HOUR)
    cancel(event, by=olga, now=NOW, tell=False)
    db.session.commit()
    send_timed(NOW + HOUR)

    assert "its event was called off before it left" in client.get(f"/organize/notices/{notice.id}/recipients").text


@pytest.mark.parametrize("state", [LetterState.QUEUED, LetterState.TIMED, LetterState.CLAIMED, LetterState.HELD])
def test_what_is_kept_back_is_called_so(client, olga, state):
    notice = a_notice()
    send(notice, NOW)
    db.session.query(Letter).update({"state": state, "halted": True})
    db.session.commit()

    assert "Kept back" in client.get(f"/organize/notices/{notice.id}/recipients").text


def acts():
    return [
        (entry.act, entry.before, entry.after)
        for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def test_the_log_tells_who_changed_a_draft_and_its_versions(client, olga):
    notice = a_notice()
    page = f"/organize/notices/{notice.id}"
    typed = {"kind": "newsletter", "event": "", "audience": "members", "subject": "Other", "body": "Dear all"}
    client.post(page, data=typed)
    client.post(f"{page}/languages", data={"language": "de", "subject": "Neues", "body": "Hallo"})
    client.post(f"{page}/languages/de/remove")

    (act, before, after), (_, _, written), (_, removed, _) = acts()
    assert act == "notice changed"
    assert (before["subject"], after["subject"]) == ("News", "Other")
    assert before["to"] != after["to"] == "members in good standing"
    assert written == removed == {"language": "de", "subject": "Neues", "text": "Hallo"}


def test_whoever_changes_it_while_it_is_being_sent_comes_too_late(client, olga):
    notice = a_notice()
    typed = {"kind": "newsletter", "event": "", "audience": "everyone", "subject": "Other", "body": "Dear all"}
    with db.engine.connect() as other, ThreadPoolExecutor(1) as elsewhere:
        other.execute(update(Notice).values(sent_at=NOW))
        answer = elsewhere.submit(client.post, f"/organize/notices/{notice.id}", data=typed)
        sleep(0.5)
        other.commit()
        assert "can no longer be changed" in answer.result().text

    db.session.expire_all()
    assert notice.subject == "News"


def test_saving_what_is_there_already_is_no_change(client, olga):
    notice = a_notice()
    client.post(
        f"/organize/notices/{notice.id}",
        data={"kind": "newsletter", "event": "", "audience": "everyone", "subject": "News", "body": "Dear all"},
    )
    assert acts() == []


def test_another_language_is_looked_at_as_one_of_its_readers(client, olga):
    ann = a_person("Ann Ash")
    notice = a_notice()
    typed = {"language": "de", "subject": "Neues", "body": "Liebe {{ first_name }},", "preview": "yes"}

    page = client.post(f"/organize/notices/{notice.id}/languages", data={**typed, "person": ann.id}).text

    assert "Liebe Ann," in page
    assert db.session.scalar(select(NoticeVersion)) is None


def test_where_its_author_is_gone_whoever_organizes_is_told_that_it_was_not_sent(olga):
    event = an_event("A talk")
    notice = a_notice(event)
    plan(notice, NOW + MINUTE, by=olga, now=NOW)
    cancel(event, by=olga, now=NOW, tell=False)
    db.session.commit()

    send_due_notices(NOW + MINUTE)

    assert [letter.to_address for letter in db.session.scalars(select(Letter))] == [olga.email]


def test_what_fails_for_an_hour_becomes_a_draft_again(olga, monkeypatch):
    notice = a_notice(author=olga)
    plan(notice, NOW + MINUTE, by=olga, now=NOW)
    db.session.commit()

    def failing(*_given, **_values):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(planned, "send_by_itself", failing)
    send_due_notices(NOW + MINUTE)
    assert notice.planned_at is not None
    send_due_notices(NOW + MINUTE + HOUR)

    db.session.expire_all()
    assert notice.planned_at is None
    assert "An error of the program" in db.session.scalars(select(Letter.body)).one()


def test_the_page_to_send_a_general_meeting_later_tells_until_when(client, olga):
    event = an_event("General meeting")
    notice = a_notice(event, kind=NoticeKind.MEETING, audience=Audience.MEMBERS)
    assert "days of notice" in client.get(f"/organize/notices/{notice.id}/schedule").text

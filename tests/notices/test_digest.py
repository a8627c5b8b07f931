"""Digests: what can wait is gathered, comes once, and is neither lost nor out of date."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.mail import claims
from society.mail.actions import bury, choose_rhythm, leave
from society.mail.message import as_text
from society.mail.models import Letter, LetterState, MailingList
from society.mail.rhythm import next_digest
from society.notices import going
from society.notices.actions import alter
from society.notices.digest import send_digests
from society.notices.going import Which, progress, recipients_of
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.notices.sending import send
from society.notices.timed import send_timed
from society.people.models import Rhythm
from tests.builders import a_person, an_event

pytestmark = pytest.mark.usefixtures("app")

TUESDAY = datetime(2032, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2032, 5, 1, 20)


def a_reader(rhythm=Rhythm.DAILY, **values):
    return a_person("Ann Ash", rhythm=rhythm, **values)


def told(event=None, kind=NoticeKind.ANNOUNCEMENT, at=TUESDAY, subject="News", **sent):
    words = {"subject": subject, "body": "Dear {{ first_name }},\n\nit is {{ event_title }}." if event else "Dear all."}
    notice = Notice(kind=kind, event=event, audience=Audience.EVERYONE, created_at=at, **words)
    send(notice, at, **sent)
    db.session.commit()
    return notice


def queued():
    rows = select(Letter).where(Letter.state == LetterState.QUEUED).order_by(Letter.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


@pytest.mark.parametrize(
    ("rhythm", "now", "then"),
    [
        (Rhythm.DAILY, datetime(2032, 3, 2, 11, 59, tzinfo=UTC), datetime(2032, 3, 2, 12, tzinfo=UTC)),
        (Rhythm.DAILY, datetime(2032, 3, 2, 12, tzinfo=UTC), datetime(2032, 3, 3, 12, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2032, 3, 2, 12, tzinfo=UTC), datetime(2032, 3, 8, 12, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2032, 3, 8, 12, tzinfo=UTC), datetime(2032, 3, 15, 11, tzinfo=UTC)),
    ],
)
def test_it_leaves_at_seven_by_its_readers_clock(rhythm, now, then):
    assert next_digest(a_person("Ann", rhythm=rhythm, zone="America/New_York"), now) == then


def test_what_can_wait_is_gathered_into_one_letter_that_comes_once():
    ann = a_reader()
    told(an_event("First *talk*", starts=LATER), subject="First *talk*")
    told(an_event("Second", starts=LATER), subject="Second")
    told(kind=NoticeKind.NEWSLETTER, subject="Our news")
    assert queued() == []

    at = next_digest(ann, TUESDAY)
    send_digests(at - timedelta(minutes=1))
    assert queued() == []
    for minutes in (0, 1, 600):
        send_digests(at + timedelta(minutes=minutes))

    (letter,) = queued()
    assert (letter.subject, letter.mailing_list) == ("First *talk*, and 2 more", MailingList.ANNOUNCEMENTS)
    for words in ("it is First *talk*.", "it is Second.", "3 of 3: Our news", "once a day"):
        assert words in as_text(letter)
    assert letter.calendar.count(b"BEGIN:VEVENT") == 2
    states = db.session.scalars(select(Letter.state).join(Delivery, Delivery.letter_id == Letter.id)).all()
    assert states == [LetterState.GATHERED] * 3


def test_what_was_gathered_stands_as_its_digest_does():
    ann = a_reader()
    first, second = told(subject="First"), told(subject="Second")
    at = next_digest(ann, TUESDAY)
    send_digests(at)
    (digest,) = queued()

    for fate, which in (
        (lambda _letter: None, Which.FOR_DIGEST),
        (lambda letter: letter.refuse("550 5.7.1 no"), Which.REFUSED),
        (lambda letter: letter.succeed(at), Which.SENT),
        (lambda letter: letter.bounce("550 5.1.1 unknown", at), Which.CAME_BACK),
    ):
        fate(digest)
        db.session.commit()
        for notice in (first, second):
            numbers = progress(notice, at).numbers
            assert {name: number for name, number in numbers.items() if number} == {which: 1}
            (delivery,) = db.session.scalars(recipients_of(notice, which))
            assert delivery.letter.gathered_in is digest


def test_a_digest_that_has_not_left_is_gathered_anew_when_an_event_in_it_changes():
    ann, event = a_reader(), an_event("Old title", starts=LATER)
    told(event)
    told(an_event("Second", starts=LATER))
    olga = a_person("Olga", "organizer")
    db.session.commit()
    at = next_digest(ann, TUESDAY)
    send_digests(at)
    assert len(queued()) == 1
    (ahead,) = claims.claim(at)
    db.session.commit()

    alter(event, lambda: setattr(event, "title", "New title"), by=olga, now=at, tell=False)
    db.session.commit()
    assert queued() == []
    assert not claims.may_go(ahead, at)
    send_digests(at + timedelta(minutes=1))

    (letter,) = queued()
    assert "it is New title." in as_text(letter)
    assert "it is Second." in as_text(letter)
    assert "Old title" not in as_text(letter)
    states = db.session.scalars(select(Letter.state).join(Delivery, Delivery.letter_id == Letter.id)).all()
    assert LetterState.GATHERED in states


def test_a_digest_that_has_left_stays():
    ann, event = a_reader(), an_event("Old title", starts=LATER)
    told(event)
    told(an_event("Second", starts=LATER))
    olga = a_person("Olga", "organizer")
    db.session.commit()
    at = next_digest(ann, TUESDAY)
    send_digests(at)
    (digest,) = queued()
    digest.succeed(at)
    db.session.commit()

    alter(event, lambda: setattr(event, "title", "New title"), by=olga, now=at, tell=False)
    db.session.commit()
    send_digests(at + timedelta(minutes=1))

    assert queued() == []
    assert digest.state is LetterState.SENT


def test_one_alone_goes_as_it_is_and_as_its_event_stands_by_then():
    ann, event = a_reader(Rhythm.WEEKLY), an_event("Old title", starts=LATER)
    told(event)
    event.title = "New title"
    db.session.commit()

    send_digests(next_digest(ann, TUESDAY) + timedelta(days=2))  # the post office was not at work

    (letter,) = queued()
    assert letter.subject == "News"
    assert "it is New title." in as_text(letter)


@pytest.mark.parametrize("turn", ["cancelled", "left", "paper", "dead"])
def test_what_is_of_no_use_any_more_or_not_wanted_is_left_out(turn):
    ann, event = a_reader(), an_event(starts=LATER)
    notice = told(event)
    if turn == "cancelled":
        event.cancelled_at = TUESDAY
    elif turn == "left":
        leave(ann, MailingList.ANNOUNCEMENTS, TUESDAY)
    elif turn == "dead":
        bury(ann.email, "550 5.1.1 no such user", TUESDAY)
    else:
        ann.by_letter, ann.address = True, "1 Example Street"
    db.session.commit()

    send_digests(next_digest(ann, TUESDAY))

    assert db.session.scalars(select(Letter)).all() == []
    assert db.session.scalars(select(Delivery.letter_id).where(Delivery.notice_id == notice.id)).all() == [None]


def test_what_cannot_wait_comes_at_once():
    a_reader(Rhythm.WEEKLY)
    told(an_event(starts=datetime(2032, 3, 6, 20)), subject="Too soon for Monday")
    told(an_event(starts=LATER), kind=NoticeKind.INVITATION, subject="Invitation")
    told(an_event(starts=LATER), kind=NoticeKind.CANCELLATION, subject="Off")
    told(an_event(starts=LATER), kind=NoticeKind.CHANGE, subject="Moved")
    told(kind=NoticeKind.MEMORIAM, subject="In memoriam")

    at_once = [letter.subject for letter in queued()]
    assert at_once == ["Too soon for Monday", "Invitation", "Off", "Moved", "In memoriam"]


def test_whoever_wants_each_at_once_again_gets_what_waits():
    ann = a_reader(Rhythm.WEEKLY)
    told(an_event(starts=LATER))
    choose_rhythm(ann, Rhythm.AT_ONCE, TUESDAY)
    db.session.commit()

    send_timed(TUESDAY)

    assert [letter.subject for letter in queued()] == ["News"]


@pytest.mark.parametrize("rhythm", [Rhythm.AT_ONCE, Rhythm.WEEKLY])
def test_whoever_chooses_another_rhythm_gets_nothing_before_the_notice_leaves(rhythm):
    ann = a_reader(Rhythm.DAILY)
    notice = told(an_event(starts=LATER), leaves_at=TUESDAY + timedelta(minutes=5))
    choose_rhythm(ann, rhythm, TUESDAY)
    db.session.commit()

    send_timed(TUESDAY)

    (letter,) = db.session.scalars(select(Letter))
    assert letter.due_at >= notice.leaves_at
    going.take_back(notice, by=ann, now=TUESDAY)
    assert notice.sent_at is None


def test_a_letter_of_an_hour_of_its_readers_own_stays_with_it_whatever_rhythm_they_choose():
    ann = a_reader(Rhythm.DAILY, zone="Asia/Tokyo")
    told(an_event(starts=LATER), own_hour=datetime(2032, 3, 4, 18))
    choose_rhythm(ann, Rhythm.AT_ONCE, TUESDAY)
    db.session.commit()

    send_timed(TUESDAY)

    (letter,) = db.session.scalars(select(Letter))
    assert (letter.state, letter.due_at) == (LetterState.TIMED, datetime(2032, 3, 4, 9, tzinfo=UTC))

"""Notices that leave at an hour of each reader's own clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.mail import claims
from society.mail.actions import bury, come_back, leave
from society.mail.models import Letter, LetterState, MailingList
from society.mail.queries import standing
from society.notices.actions import alter, cancel
from society.notices.clocks import clocks_of
from society.notices.going import Phase, Which, go_on, pause, progress, take_back
from society.notices.models import Audience, Delivery, Notice, NoticeKind, NoticeVersion
from society.notices.planned import plan, send_due_notices
from society.notices.sending import send
from society.notices.timed import send_timed
from society.people.models import Person, Rhythm
from society.records.erasing import blank
from society.settings import Society, renew
from tests.builders import a_person, an_event

HOUR = datetime(2031, 5, 5, 8)
"""On a Monday in May, when London is an hour ahead of UTC, New York four behind it, and Tokyo nine ahead."""
TOKYO, LONDON, NEW_YORK = (datetime(2031, 5, day, hour, tzinfo=UTC) for day, hour in ((4, 23), (5, 7), (5, 12)))
BEFORE = datetime(2031, 5, 1, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def olga(app, client):
    db.session.get_one(Society, 1).zone = "Europe/London"
    renew()
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


@pytest.fixture
def three(olga):
    """Olga herself, who lives by the society's clock, and two elsewhere."""
    return olga, a_person("Tom", zone="Asia/Tokyo"), a_person("Ned", zone="America/New_York")


def planned(olga, **values):
    given = {"kind": NoticeKind.NEWSLETTER, "audience": Audience.EVERYONE, "subject": "News", "body": "Dear {{ name }}"}
    notice = Notice(**{**given, **values}, author=olga, created_at=BEFORE)
    db.session.add(notice)
    db.session.flush()
    plan(notice, LONDON, own_hour=HOUR, by=olga, now=BEFORE)
    db.session.commit()
    return notice


def at(instant):
    """What is done every minute."""
    send_due_notices(instant)
    send_timed(instant)
    db.session.expire_all()


def leaving():
    """To whom letters are in the queue by now, and what they say first."""
    rows = select(Letter).where(Letter.state == LetterState.QUEUED).order_by(Letter.id)
    return [letter.to_name for letter in db.session.scalars(rows)]


def test_each_letter_leaves_when_the_clock_of_its_reader_shows_the_hour(three):
    notice = planned(three[0])
    assert notice.planned_at == TOKYO

    at(TOKYO - A_MINUTE)
    assert leaving() == []
    at(TOKYO)
    assert leaving() == ["Tom"]
    assert standing()[LetterState.TIMED] == 2
    at(LONDON - A_MINUTE)
    assert leaving() == ["Tom"]
    at(LONDON)
    assert sorted(leaving()) == ["Olga", "Tom"]
    for instant in (NEW_YORK, NEW_YORK + A_MINUTE):
        at(instant)

    assert sorted(leaving()) == ["Ned", "Olga", "Tom"]
    assert len(db.session.scalars(select(Letter)).all()) == 3


def test_who_left_is_out_of_reach_erased_or_not_meant_any_more_gets_none(three):
    olga, _tom, ned = three
    other, gone = a_person("Ann"), a_person("Zoe", zone="America/New_York")
    notice = planned(olga)
    at(TOKYO)

    leave(ned, MailingList.NEWSLETTER, TOKYO)
    bury(olga.email, "550 no such user", TOKYO)
    blank([gone], "Erased person", TOKYO)
    other.verified_at = None  # so that nobody knows them
    db.session.commit()
    for instant in (LONDON, NEW_YORK):
        at(instant)

    assert leaving() == ["Tom"]
    assert progress(notice, NEW_YORK).numbers[Which.NOT_MAILED] == 4
    assert standing()[LetterState.TIMED] == 0


def test_it_is_read_as_things_stand_and_comes_to_where_its_reader_is_by_then(three):
    event = an_event("Old title", starts=datetime(2031, 6, 1, 20))
    notice = planned(three[0], kind=NoticeKind.ANNOUNCEMENT, event=event, subject="{{ event_title }}")
    at(TOKYO)

    event.title, three[2].email, three[2].language = "New title", "ned@elsewhere.example", "de"
    notice.versions.append(NoticeVersion(language="de", subject="Neu: {{ event_title }}", body="Guten Tag"))
    db.session.commit()
    for instant in (LONDON, NEW_YORK):
        at(instant)

    found = {letter.to_address: (letter.language, letter.subject) for letter in db.session.scalars(select(Letter))}
    titles = {three[0].email: ("en", "New title"), three[1].email: ("en", "Old title")}
    assert found == titles | {"ned@elsewhere.example": ("de", "Neu: New title")}


def test_what_is_called_off_between_two_clocks_reaches_nobody_further(three):
    event = an_event("Talk", starts=datetime(2031, 6, 1, 20))
    planned(three[0], kind=NoticeKind.INVITATION, event=event)
    at(TOKYO)
    event.cancel(TOKYO)
    db.session.commit()

    for instant in (LONDON, NEW_YORK):
        at(instant)

    assert leaving() == ["Tom"]
    assert db.session.scalars(select(Delivery.letter_id).where(Delivery.letter_id.is_not(None))).all() != []


def sent_in_part(olga, **values):
    """A notice of which one letter has left, and one is in a worker's hands."""
    notice = Notice(**values, audience=Audience.EVERYONE, subject="News", author=olga, created_at=BEFORE)
    send(notice, BEFORE)
    first, second = claims.claim(BEFORE)[:2]
    claims.may_go(first, BEFORE)
    claims.note(first, lambda letter: letter.succeed(BEFORE))
    db.session.commit()
    return notice, second


def bodies():
    found = db.session.scalars(select(Letter).order_by(Letter.id))
    return {letter.to_name: (letter.state, letter.body) for letter in found}


@pytest.mark.parametrize("besides", [False, True])
def test_what_has_not_left_when_its_event_changes_is_written_anew(three, besides):
    event = an_event("Old title", starts=datetime(2031, 6, 1, 20))
    about = {"kind": NoticeKind.ANNOUNCEMENT, "event": event, "body": "{{ event_title }}"}
    if besides:
        about = {"kind": NoticeKind.NEWSLETTER, "events": [event], "body": "{{ events }}"}
    _notice, claimed = sent_in_part(three[0], **about)

    alter(event, lambda: setattr(event, "title", "New title"), by=three[0], now=BEFORE, tell=False)
    db.session.commit()
    assert leaving() == []
    assert not claims.may_go(claimed, BEFORE)
    at(BEFORE + A_MINUTE)

    found = sorted(bodies().values(), key=lambda one: one[0] is not LetterState.SENT)
    assert [state for state, _ in found] == [LetterState.SENT, LetterState.QUEUED, LetterState.QUEUED]
    assert ["Old title" in body for _, body in found] == [True, False, False]
    assert ["New title" in body for _, body in found] == [False, True, True]


def test_what_has_not_left_when_its_event_is_called_off_does_not(three):
    event = an_event("Talk", starts=datetime(2031, 6, 1, 20))
    notice, claimed = sent_in_part(three[0], kind=NoticeKind.INVITATION, event=event, body="Come")

    cancel(event, by=three[0], now=BEFORE)
    db.session.commit()
    at(BEFORE + A_MINUTE)

    assert not claims.may_go(claimed, BEFORE)
    assert bodies() == {"Ned": (LetterState.SENT, "Come")}
    assert progress(notice, BEFORE).numbers[Which.NOT_MAILED] == 2


def test_who_leaves_the_list_while_a_letter_waits_does_not_get_it_but_may_come_back(three):
    _olga, tom, ned = three
    notice = Notice(kind=NoticeKind.NEWSLETTER, audience=Audience.EVERYONE, subject="News", body="News")
    notice.created_at = BEFORE
    send(notice, BEFORE, LONDON)
    for person in (tom, ned):
        leave(person, MailingList.NEWSLETTER, BEFORE)
    come_back(ned, MailingList.NEWSLETTER)
    db.session.commit()

    at(LONDON - A_MINUTE)
    assert standing()[LetterState.TIMED] == 2
    at(LONDON)

    assert sorted(leaving()) == ["Ned", "Olga"]
    assert progress(notice, LONDON).numbers[Which.NOT_MAILED] == 1


def test_who_moves_west_meanwhile_gets_it_by_the_clock_they_live_by_then(three):
    olga, *_ = three
    planned(olga)
    at(TOKYO)
    olga.zone = "America/New_York"
    db.session.commit()

    at(LONDON)
    assert leaving() == ["Tom"]
    at(NEW_YORK)
    assert sorted(leaving()) == ["Ned", "Olga", "Tom"]


def test_it_begins_with_the_first_of_those_who_are_its_readers_by_then(three):
    notice = planned(three[0])
    early = a_person("Kim", zone="Pacific/Kiritimati")
    db.session.commit()
    first = datetime(2031, 5, 4, 18, tzinfo=UTC)

    at(first - A_MINUTE)
    assert notice.planned_at == first
    at(first)
    assert leaving() == [early.name]


def test_paused_it_waits_and_before_the_first_letter_it_can_be_taken_back(three):
    olga, *_ = three
    notice = planned(olga)
    at(TOKYO)
    pause(notice, by=olga, now=TOKYO)
    db.session.commit()
    at(LONDON)
    assert db.session.scalars(select(Letter.halted)).all() == [True] * 3
    assert progress(notice, LONDON).phase is Phase.PAUSED

    go_on(notice, by=olga, now=LONDON)
    db.session.commit()
    at(LONDON + A_MINUTE)
    assert sorted(leaving()) == ["Olga", "Tom"]

    take_back(notice, by=olga, now=LONDON)
    db.session.commit()
    assert (notice.sent_at, notice.own_hour, notice.planned_at) == (None, None, None)
    assert db.session.scalars(select(Letter)).all() == []


def test_gathered_it_comes_with_the_first_digest_after_its_hour(olga):
    a_person("Tom", zone="Asia/Tokyo", rhythm=Rhythm.DAILY)
    planned(olga)
    at(TOKYO)

    held = db.session.scalars(select(Letter).where(Letter.state == LetterState.HELD)).one()
    assert held.due_at == TOKYO + timedelta(hours=23)  # at seven on the next morning there


def test_sent_by_hand_it_leaves_at_once_for_all(three):
    notice = planned(three[0])
    send(notice, BEFORE)
    db.session.commit()

    assert len(leaving()) == 3
    assert (notice.own_hour, notice.planned_at) == (None, None)


def test_what_will_happen_is_told_in_words(three):
    a_person("Max", zone="America/New_York")
    clocks = clocks_of(planned(three[0]), BEFORE)

    assert str(clocks) == "2 in New York, 1 in London and 1 in Tokyo"
    assert clocks.spoken(HOUR, BEFORE) == (
        "4 readers in 3 time zones: the first, in Tokyo, get it Monday, 5 May 2031, 12:00 am (London time); "
        "the last, in New York, Monday, 5 May 2031, 1:00 pm (London time)."
    )
    assert clocks.spoken(HOUR, TOKYO).endswith("For 1 of them that hour is over: they get it with the first.")


def test_it_is_planned_on_the_page_and_the_draft_says_what_will_happen(three, client):
    notice = planned(three[0])
    here = f"/organize/notices/{notice.id}"
    assert "1 in London, 1 in New York and 1 in Tokyo" in client.get(f"{here}/schedule").text
    plan(notice, None, by=three[0], now=BEFORE)
    db.session.commit()

    typed = {"send_at": f"{HOUR:%Y-%m-%dT%H:%M}", "own_clock": "y"}
    assert client.post(f"{here}/schedule", data=typed).status_code == 303

    db.session.refresh(notice)
    assert (notice.planned_at, notice.own_hour) == (TOKYO, HOUR)
    page = client.get(here).text
    assert "3 readers in 3 time zones" in page
    assert "Monday, 5 May 2031, 8:00 am, by each reader’s own clock" in page
    assert "by each reader’s own clock" in client.get("/organize/notices").text
    assert f'value="{HOUR:%Y-%m-%dT%H:%M}"' in client.get(f"{here}/schedule").text
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "notice planned")).all()
    assert told[-1].after["by each reader's clock"] == "2031-05-05 08:00"
    assert db.session.get_one(Person, three[0].id).zone == ""

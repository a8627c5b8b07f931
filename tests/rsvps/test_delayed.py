"""Letters about answers that could not leave at once tell, when they do, what is so by then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import delete, select, update

from society.agenda.planning import Plan
from society.db import db
from society.events.models import Event
from society.mail import claims
from society.mail.models import Letter, LetterState
from society.notices.actions import alter, cancel
from society.notices.life import place
from society.rsvps import agenda, leaving
from society.rsvps.actions import reply, withdraw
from society.rsvps.leaving import NO_MORE, settle
from society.rsvps.letters import anew
from society.rsvps.models import Answer, Rsvp, Transition
from society.times import to_utc
from tests.builders import NOW as TODAY
from tests.builders import a_person, an_event, letters_to

pytestmark = pytest.mark.usefixtures("app")
NOW = to_utc(datetime.combine(TODAY.date() + timedelta(days=1), time(12)), "America/New_York")
"""Noon at the events' place: by night news of a seat does not leave."""
LATER = NOW + timedelta(hours=1)


def the_seat(waited: bool) -> tuple[Rsvp, Letter]:
    """An answer, and the letter that tells of its seat."""
    event, first, ann = an_event("Talk", capacity=1), a_person(), a_person("Ann")
    if waited:
        reply(event, first, Answer.YES, at=NOW)
    rsvp = reply(event, ann, Answer.YES, at=NOW)
    if waited:
        withdraw(db.session.scalars(select(Rsvp).where(Rsvp.person_id == first.id)).one(), NOW)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == ann.id).order_by(Letter.id.desc())).first()
    assert letter
    db.session.execute(delete(Letter).where(Letter.id != letter.id))
    letter.due_at = NOW
    db.session.commit()
    return rsvp, letter


def claimed(now: datetime) -> list[int]:
    found = [one.letter.id for one in claims.claim(now)]
    db.session.commit()
    return found


def moved(rsvp: Rsvp) -> None:
    event, day = rsvp.event, timedelta(days=1)
    alter(event, lambda: place(event, event.starts + day, event.ends + day), by=a_person(), now=LATER, tell=False)


def over(_rsvp: Rsvp) -> None:
    db.session.execute(update(Event).values(starts_at=NOW - timedelta(hours=1), ends_at=NOW))


@pytest.mark.parametrize("waited", [False, True])
@pytest.mark.parametrize(
    "act",
    [
        lambda rsvp: withdraw(rsvp, LATER),
        lambda rsvp: cancel(rsvp.event, by=a_person(), now=LATER, tell=False),
        over,
    ],
    ids=["withdrawn", "cancelled", "over"],
)
def test_none_tells_of_a_seat_that_is_theirs_no_more_or_of_what_does_not_take_place(
    act: Callable[[Rsvp], None], waited: bool
) -> None:
    rsvp, letter = the_seat(waited)
    act(rsvp)
    db.session.commit()
    number = letter.id

    assert number not in claimed(LATER)
    settle(LATER)

    left = db.session.get(Letter, number, populate_existing=True)
    assert left is None or (left.state, left.last_error) == (LetterState.REFUSED, NO_MORE)
    assert number not in claimed(LATER)


def test_one_of_what_was_moved_says_so_and_leaves() -> None:
    rsvp, letter = the_seat(waited=False)
    before = letter.body
    moved(rsvp)
    db.session.commit()

    assert claimed(LATER) == []
    db.session.refresh(letter)
    assert letter.state is LetterState.TIMED
    settle(LATER)

    db.session.refresh(letter)
    assert letter.body != before
    assert claimed(LATER) == [letter.id]


def test_one_of_a_session_that_was_moved_says_so_too_and_leaves() -> None:
    event, staff, hour = an_event("Congress", zone="UTC"), a_person("", "organizer"), timedelta(hours=1)
    plan = Plan("Workshop", event.starts, event.starts + hour, capacity=1)
    (session,) = agenda.enter(event, [plan], by=staff, now=NOW)
    first, ann = (reply(event, a_person(), Answer.YES, at=NOW) for _ in range(2))
    for rsvp in (first, ann):
        agenda.choose(rsvp, session, NOW)
    agenda.leave(first, session, NOW)
    letter = db.session.scalars(select(Letter).where(Letter.reason.contains(":session:"))).one()
    letter.due_at = NOW
    agenda.change(session, replace(plan, room="Cellar"), by=staff, now=LATER)
    db.session.execute(delete(Letter).where(Letter.id != letter.id))
    db.session.commit()

    assert "Cellar" not in letter.body
    assert claimed(LATER) == []
    settle(LATER)

    db.session.refresh(letter)
    assert "Cellar" in letter.body
    assert claimed(LATER) == [letter.id]


def test_one_of_a_session_tells_the_seats_that_a_smaller_party_has_there() -> None:
    event, staff = an_event("Congress", zone="UTC", max_party_size=3), a_person("", "organizer")
    plan = Plan("Workshop", event.starts, event.starts + timedelta(hours=1), capacity=3)
    (session,) = agenda.enter(event, [plan], by=staff, now=NOW)
    first, ann, ben = (reply(event, a_person(), Answer.YES, party_size=size, at=NOW) for size in (3, 3, 1))
    for rsvp in (first, ann, ben):
        agenda.choose(rsvp, session, NOW)
    agenda.leave(first, session, NOW)
    news = select(Letter).where(Letter.person_id == ann.person_id, Letter.reason.contains(":session:"))
    letter = db.session.scalars(news).one()
    assert "3 in all" in letter.body

    reply(event, ann.person, Answer.YES, party_size=2, at=NOW + timedelta(seconds=1))

    assert "2 in all" in letter.body
    assert db.session.scalars(news).all() == [letter]
    assert letters_to(ben.person)[-1] == "You have a seat: Workshop"


def test_what_is_still_so_leaves_as_it_is() -> None:
    _, letter = the_seat(waited=True)

    assert claimed(LATER) == [letter.id]


def test_one_that_cannot_be_written_keeps_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    event = an_event("Talk")
    rsvps = [reply(event, a_person(name), Answer.YES, at=NOW) for name in ("Ann", "Ben")]
    moved(rsvps[0])
    db.session.commit()
    assert claimed(LATER) == []

    def fails_of_ann(kind: str, step: Transition, now: datetime) -> Letter:
        if step.rsvp_id == rsvps[0].id:
            raise ValueError("no letter")
        return anew(kind, step, now)

    monkeypatch.setattr(leaving, "anew", fails_of_ann)
    settle(LATER)

    states = db.session.scalars(select(Letter.state).order_by(Letter.id)).all()
    assert states == [LetterState.TIMED, LetterState.QUEUED]


def test_nobody_is_woken_by_news_that_had_to_wait():
    rsvp, letter = the_seat(waited=True)
    night = datetime.combine(rsvp.event.starts.date() - timedelta(days=9), time(3))
    night, morning = (to_utc(wall, rsvp.event.zone) for wall in (night, night.replace(hour=7)))

    assert claimed(night) == []
    settle(night)

    db.session.refresh(letter)
    assert (letter.state, letter.due_at) == (LetterState.QUEUED, morning)
    assert claimed(morning) == [letter.id]

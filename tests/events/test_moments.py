"""What is told from the start on keeps its distance to it, and nobody is counted before they could answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.notices.life import move, plan_publication, publish_planned
from society.notices.minimum import judge_minimums
from society.series.actions import begin
from society.series.rules import Every, Rule
from society.times import to_utc
from tests.builders import NEXT_MONTH, NOW, a_person, an_event
from tests.conftest import Browser
from tests.events.test_organizing import form_of

WEEKS = timedelta(days=21)
MOMENTS = ("rsvp_deadline", "members_first_until", "minimum_by")
SOON = timedelta(minutes=3)


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("Olive Organizer", "organizer"))


def an_evening(starts: datetime = NEXT_MONTH, **values: Any) -> Event:
    """One with all three moments, which cancels itself if fewer than five come."""
    before = {name: starts - timedelta(days=n) for n, name in enumerate(MOMENTS, 1)}
    return an_event("An evening", **{"starts": starts, "minimum": 5, "minimum_cancels": True, **before, **values})


def typed(event: Event, **changed: Any) -> dict[str, Any]:
    """What a browser posts from its form."""
    values = {name: f"{getattr(event, name):%Y-%m-%dT%H:%M}" for name in MOMENTS if getattr(event, name)}
    return form_of(event, minimum=event.minimum or "", minimum_cancels="y", **{**values, **changed})


def at(wall: datetime) -> dict[str, str]:
    return {"starts_at": f"{wall:%Y-%m-%dT%H:%M}", "ends_at": f"{wall + timedelta(minutes=90):%Y-%m-%dT%H:%M}"}


def again(event: Event) -> Event:
    return db.session.scalars(select(Event).where(Event.id == event.id).execution_options(populate_existing=True)).one()


def distances(event: Event) -> list[int]:
    return [(event.starts - getattr(event, name)).days for name in MOMENTS]


def test_a_copy_of_what_is_over_is_published_for_another_day_and_does_not_call_itself_off(organizer: Browser) -> None:
    event = an_evening(NEXT_MONTH - timedelta(days=50), minimum_judged_at=NOW)
    db.session.commit()
    address = organizer.post(f"/organize/events/{event.id}/duplicate").location
    made = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert made is not None
    data = typed(made, **at(NEXT_MONTH))
    db.session.rollback()

    answer = organizer.post(address, data={**data, "then": "publish"})

    made = again(made)
    assert (answer.status_code, made.starts, distances(made)) == (303, NEXT_MONTH, [1, 2, 3])
    assert made.rsvp_closes_at == to_utc(NEXT_MONTH - timedelta(days=1), made.zone)
    db.session.commit()
    judge_minimums(NOW + SOON)
    assert again(made).cancelled_at is None


def test_where_the_start_alone_is_typed_anew_the_page_before_says_what_goes_along(organizer: Browser) -> None:
    event = an_evening()
    address, data = f"/organize/events/{event.id}", typed(event, **at(NEXT_MONTH + WEEKS))
    db.session.commit()
    assert "Where the start changes" in organizer.get(address).text

    page = organizer.post(address, data=data).text

    assert page.count("goes along with the start, to") == 3
    for name in ("Answers until", "Members first until", "Fewest people"):
        assert name in page
    assert again(event).starts == NEXT_MONTH
    db.session.rollback()
    organizer.agree(organizer.post(address, data=data), tell="no")
    assert distances(again(event)) == [1, 2, 3]


def test_what_was_typed_anew_itself_or_shall_stay_does_not_go_along(organizer: Browser) -> None:
    event = an_evening()
    own = NEXT_MONTH - timedelta(days=6)
    address = f"/organize/events/{event.id}"
    data = typed(event, **at(NEXT_MONTH + WEEKS), rsvp_deadline=f"{own:%Y-%m-%dT%H:%M}")
    db.session.commit()
    organizer.agree(organizer.post(address, data=data), tell="no")
    assert "goes along" in organizer.get(address).text
    event = again(event)
    assert (event.rsvp_deadline, distances(event)[1:]) == (own, [2, 3])

    data = typed(event, **at(NEXT_MONTH + 2 * WEEKS), moments="stay")
    db.session.rollback()
    page = organizer.post(address, data=data)
    assert "goes along" not in page.text
    organizer.agree(page, tell="no")
    assert distances(again(event))[1:] == [2 + 21, 3 + 21]


def test_a_start_that_moves_ahead_of_them_takes_them_along(organizer: Browser) -> None:
    event = an_evening()
    data = typed(event, **at(NEXT_MONTH - timedelta(days=10)))
    db.session.commit()
    organizer.agree(organizer.post(f"/organize/events/{event.id}", data=data), tell="no")
    assert distances(again(event)) == [1, 2, 3]


def test_of_whole_days_they_go_along_by_days(organizer: Browser) -> None:
    event = an_evening()
    data = typed(event, all_day="y", starts_at=f"{NEXT_MONTH + WEEKS:%Y-%m-%d}", ends_at="")
    db.session.commit()
    organizer.agree(organizer.post(f"/organize/events/{event.id}", data=data), tell="no")
    assert again(event).rsvp_deadline == NEXT_MONTH + WEEKS - timedelta(days=1)


def test_one_that_clocks_jump_over_becomes_another_and_that_is_said(organizer: Browser) -> None:
    spring = datetime(NEXT_MONTH.year + 2, 3, 1)
    jump = next(day for n in range(31) if (day := spring + timedelta(days=n)).weekday() == 6 and day.day > 24)
    to_be = jump.replace(hour=20) + timedelta(days=1)
    before = jump.replace(hour=2, minute=30) - WEEKS
    event = an_event(zone="Europe/Berlin", starts=to_be - WEEKS, rsvp_deadline=before)
    data = typed(event, **at(to_be))
    db.session.commit()
    page = organizer.post(f"/organize/events/{event.id}", data=data)
    assert "jump over 2:30 am" in page.text
    organizer.agree(page, tell="no")
    assert again(event).rsvp_deadline == jump.replace(hour=3, minute=30)


def test_a_count_of_people_that_is_over_is_refused_where_it_would_call_the_event_off_at_once(
    organizer: Browser,
) -> None:
    event, draft = an_event(), an_evening(published_at=None, minimum_by=NEXT_MONTH - timedelta(days=60))
    past = f"{NEXT_MONTH - timedelta(days=60):%Y-%m-%dT%H:%M}"
    data, of_draft = form_of(event, minimum="5", minimum_by=past), typed(draft)
    db.session.commit()

    for address, sent in (
        (f"/organize/events/{event.id}", data),
        (f"/organize/events/{draft.id}", {**of_draft, "then": "publish"}),
    ):
        page = organizer.post(address, data=sent)
        assert (page.status_code, "is over already. Choose a time to come" in page.text) == (422, True)
        assert f'value="{past}"' in page.text
    assert organizer.post(f"/organize/events/{draft.id}", data=of_draft).status_code == 303
    refusal = organizer.post(f"/organize/events/{draft.id}/publish")
    assert (refusal.status_code, "Please correct that first." in refusal.text) == (409, True)


def test_a_start_that_moves_the_count_into_the_past_is_refused_beside_it(organizer: Browser) -> None:
    event = an_evening(minimum_by=NEXT_MONTH - timedelta(days=25))
    data = typed(event, **at(NEXT_MONTH - timedelta(days=20)))
    db.session.commit()
    page = organizer.post(f"/organize/events/{event.id}", data=data)
    assert (page.status_code, "The new start moves this to" in page.text) == (422, True)


def test_what_was_counted_already_can_be_changed_otherwise(organizer: Browser) -> None:
    event = an_evening(minimum_by=NEXT_MONTH - timedelta(days=60), minimum_judged_at=NOW - timedelta(days=31))
    data = typed(event, room="Room 7")
    db.session.commit()
    organizer.agree(organizer.post(f"/organize/events/{event.id}", data=data), tell="no")
    assert (again(event).room, event.minimum_judged_at) == ("Room 7", NOW - timedelta(days=31))


@pytest.mark.parametrize("moments", ["along", "stay"])
def test_what_was_put_off_does_not_call_itself_off_once_it_has_a_date(organizer: Browser, moments: str) -> None:
    event = an_evening(minimum_by=NOW.replace(tzinfo=None) - timedelta(days=2), postponed_at=NOW - timedelta(days=3))
    data = typed(event, **at(NEXT_MONTH + WEEKS), moments=moments)
    db.session.commit()

    answer = organizer.agree(organizer.post(f"/organize/events/{event.id}", data=data), tell="no")
    db.session.rollback()
    judge_minimums(NOW + SOON)

    event = again(event)
    assert (answer.status_code, event.on, event.cancelled_at) == (303, True, None)
    assert (event.minimum_judged_at is None) is (moments == "along")


def test_moved_to_where_nobody_could_be_counted_in_time_it_takes_place_uncounted_and_that_is_said(
    organizer: Browser,
) -> None:
    event = an_evening(minimum_by=NEXT_MONTH - timedelta(days=25))
    near = NEXT_MONTH - timedelta(days=20)
    db.session.commit()
    page = organizer.post(f"/organize/events/{event.id}/postpone", data={"starts_at": f"{near:%Y-%m-%dT%H:%M}"}).text
    assert "which is over already. So nobody is counted." in page
    move(event, near, near + timedelta(hours=1), by=a_person(), now=NOW)
    db.session.commit()
    judge_minimums(NOW + SOON)
    assert again(event).on


def test_one_of_a_series_that_is_made_too_late_to_be_counted_takes_place(app: Flask) -> None:
    staff, start = a_person("", "organizer"), (NOW + timedelta(days=1)).replace(tzinfo=None)
    first = an_evening(
        start, zone="UTC", minimum_by=start - timedelta(days=3), minimum_judged_at=NOW, members_first_until=None
    )
    begin(first, Rule(Every.DAY, count=6), by=staff, now=NOW)
    db.session.commit()

    judge_minimums(NOW + SOON)

    events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
    assert [event.cancelled_at for event in events] == [None] * 6
    assert [event.minimum_judged_at is None for event in events] == [False, False, False, True, True, True]


def test_a_draft_is_not_planned_for_after_the_count_and_what_was_missed_is_not_counted(app: Flask) -> None:
    staff = a_person("", "organizer")
    draft = an_evening(published_at=None)
    with pytest.raises(Refused, match="would be counted before that"):
        plan_publication(draft, to_utc(NEXT_MONTH - timedelta(days=1), draft.zone), by=staff, now=NOW)
    plan_publication(draft, NOW + timedelta(hours=1), by=staff, now=NOW)
    db.session.commit()
    late = to_utc(NEXT_MONTH - timedelta(days=2), draft.zone)  # no server ran all that time
    publish_planned(late)
    judge_minimums(late + SOON)
    assert again(draft).on

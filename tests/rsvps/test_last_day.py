"""The day before: seats are offered, confirmed or passed on, and nobody is woken."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import render_template
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.mail.models import Letter, LetterState
from society.mail.worker import deliver_due
from society.notices.actions import alter, cancel, postpone
from society.notices.life import move
from society.people.models import Person
from society.records import answers as records
from society.records.merging import merge
from society.rsvps.actions import confirm, reply, withdraw
from society.rsvps.counts import seats_taken, turnout
from society.rsvps.desk import decide
from society.rsvps.forms import Decision
from society.rsvps.last_day import hushed, offer_ends
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.passing import pass_on, pass_seats_on, promote
from society.rsvps.queries import card, history, rsvp_of, seated
from society.rsvps.render import link
from society.rsvps.seat_news import to_come
from society.rsvps.waiting import offered_at, place_in_queue, waiting
from society.times import now, to_wall
from tests.builders import BY_DAY, NEXT_MONTH, a_person, an_event, letters_to

pytestmark = pytest.mark.usefixtures("app")

NIGHT = datetime.combine(now().date() + timedelta(days=2), time(23), tzinfo=UTC)


def an_evening(**values) -> Event:
    """Eight in the evening in UTC, one seat."""
    return an_event("Evening", **{"zone": "UTC", "capacity": 1, **values})


def at(event: Event, **before) -> datetime:
    return event.starts_at - timedelta(**before)


def with_queue(event: Event, waits: int = 2, size: int = 1) -> list[Person]:
    """People who asked a week ahead, one after another."""
    people = [a_person() for _ in range(waits + 1)]
    for minute, person in enumerate(people):
        reply(event, person, Answer.YES, party_size=size, at=at(event, days=7) + timedelta(minutes=minute))
    return people


def status(event: Event, person: Person) -> RsvpStatus:
    return rsvp_of(event, person).status


def places_told(person: Person) -> list[int]:
    """By the letters to them."""
    told = re.compile(r"You are number (\d+) on the waiting list")
    bodies = db.session.scalars(select(Letter.body).where(Letter.person_id == person.id).order_by(Letter.id))
    return [int(place) for body in bodies for place in told.findall(body)]


def test_many_are_offered_seats_and_lose_them_in_no_more_statements_than_few(counted):
    needed = set()
    for waits in (3, 12):
        event = an_evening()
        with_queue(event, waits)
        event.capacity, now = waits + 1, at(event, hours=10)
        db.session.commit()
        with counted() as offering:
            assert len(promote(event, now)) == waits
        with counted() as lapsing:
            pass_on(event, now + timedelta(hours=3))
        needed.add((len(offering), len(lapsing)))
        assert turnout(event).going == 1
    assert len(needed) == 1


def test_on_the_last_day_a_free_seat_is_offered_and_taken_by_confirming():
    event = an_evening()
    ann, ben, cem = with_queue(event)
    now = at(event, hours=10)

    withdraw(rsvp_of(event, ann), now)

    mine = rsvp_of(event, ben)
    assert (mine.status, mine.offered_until) == (RsvpStatus.OFFERED, now + timedelta(hours=2))
    assert letters_to(ben)[-1] == "Please confirm your seat: Evening"
    assert (seats_taken(event), turnout(event).free, waiting(event)) == (1, 0, [cem])
    confirm(mine, now + timedelta(minutes=119))
    assert (seated(event), mine.offered_until) == ([ben], None)
    confirm(mine, now + timedelta(hours=5))
    assert [step.after.value for step in db.session.scalars(history(mine))] == ["waitlisted", "offered", "confirmed"]


def test_what_was_offered_is_taken_by_whoever_may_not_ask_any_more_and_no_more_than_that():
    event = an_evening(max_party_size=4)
    ann, ben, _ = with_queue(event)
    now = at(event, hours=10)
    withdraw(rsvp_of(event, ann), now)
    event.capacity, event.rsvp_policy = 9, RsvpPolicy.MEMBERS

    with pytest.raises(Refused, match="Only members"):
        reply(event, ben, Answer.YES, party_size=2, at=now)
    reply(event, ben, Answer.YES, at=now)

    assert status(event, ben) is RsvpStatus.CONFIRMED


def test_an_offer_that_nobody_confirms_passes_on_and_says_so():
    event = an_evening()
    ann, ben, cem = with_queue(event)
    now = at(event, hours=10)
    withdraw(rsvp_of(event, ann), now)
    late = now + timedelta(hours=2)

    with pytest.raises(Refused, match="not confirmed in time"):
        reply(event, ben, Answer.YES, at=late)
    pass_on(event, late)

    assert (status(event, ben), status(event, cem)) == (RsvpStatus.CANCELLED, RsvpStatus.OFFERED)
    assert letters_to(ben)[-1] == "The seat kept for you has passed on: Evening"
    assert seats_taken(event) == 1
    assert reply(event, ben, Answer.YES, at=late).status is RsvpStatus.WAITLISTED


def test_days_ahead_a_free_seat_is_simply_theirs():
    event = an_evening()
    ann, ben, _ = with_queue(event)
    withdraw(rsvp_of(event, ann), at(event, hours=25))
    assert seated(event) == [ben]


@pytest.mark.parametrize(
    ("before", "minutes", "kept"),
    [
        (timedelta(hours=10), 120, timedelta(hours=2)),
        (timedelta(hours=10), 30, timedelta(minutes=30)),
        (timedelta(hours=1), 120, timedelta(minutes=30)),
        (timedelta(hours=23), 120, timedelta(hours=2 + 9)),  # 9 pm the day before: the night does not count
        (timedelta(hours=23), 60, timedelta(hours=1)),  # until 10 pm
    ],
)
def test_an_offer_lasts_as_long_as_the_event_says_or_half_of_what_is_left(before, minutes, kept):
    event = an_evening(confirm_minutes=minutes)
    now = event.starts_at - before
    assert offer_ends(event, now) == now + kept


@pytest.mark.parametrize(
    ("hour", "starts", "asleep"),
    [(21, 20, False), (22, 20, True), (3, 20, True), (7, 20, False), (3, 6, True), (23, 7, True)],
)
def test_at_night_nobody_moves_up_not_even_before_what_starts_in_the_morning(hour, starts, asleep):
    event = an_evening(starts=NEXT_MONTH.replace(hour=starts))
    day = event.starts_at.date() - timedelta(days=hour >= 20)
    assert hushed(event, datetime(day.year, day.month, day.day, hour, tzinfo=UTC)) is asleep


@pytest.mark.parametrize(
    ("starts", "offered", "minutes"),
    [
        (8, 21, 60),  # an hour is left before the night, and one after it
        (9, 21, 60 + 9 * 60 + 30),
        (6, 21, 30),  # answers close before the morning
        (23, 21, 30),
        (23, 20, 60),
    ],
)
def test_half_of_what_is_left_is_told_without_the_night(starts, offered, minutes):
    event = an_evening(starts=NEXT_MONTH.replace(hour=starts))
    now = at(event, hours=(starts - offered) % 24)
    assert offer_ends(event, now) == now + timedelta(minutes=minutes)


def test_where_answers_close_before_the_morning_what_becomes_free_at_night_goes_to_nobody_who_waits():
    event = an_evening(starts=NEXT_MONTH.replace(hour=6))
    ann, ben, cem = with_queue(event)
    withdraw(rsvp_of(event, ann), at(event, hours=3))
    db.session.commit()
    for hours in (3, 1, 0):
        pass_seats_on(at(event, hours=hours))
    assert waiting(event) == [ben, cem]
    assert len(letters_to(ben)) == 1  # that they wait


def test_night_is_that_of_the_event_and_its_last_day_alone():
    event = an_evening(zone="Asia/Tokyo")  # eight in the evening there is eleven in the morning in UTC
    assert hushed(event, event.starts_at.replace(hour=14) - timedelta(days=1))
    assert not hushed(event, event.starts_at.replace(hour=14) - timedelta(days=2))


def test_what_became_free_at_night_is_offered_in_the_morning_and_no_newcomer_takes_it():
    event = an_evening()
    ann, ben, _ = with_queue(event)
    night = at(event, hours=17)  # three in the morning
    withdraw(rsvp_of(event, ann), night)
    assert status(event, ben) is RsvpStatus.WAITLISTED
    assert reply(event, a_person(), Answer.YES, at=night).status is RsvpStatus.WAITLISTED
    db.session.commit()

    pass_seats_on(at(event, hours=14))
    assert status(event, ben) is RsvpStatus.WAITLISTED
    pass_seats_on(at(event, hours=13))

    assert status(event, ben) is RsvpStatus.OFFERED


def test_nothing_is_asked_about_an_offer_once_an_event_that_was_moved_has_begun():
    event, ben, now = an_offer()
    until = rsvp_of(event, ben).offered_until
    event.schedule(event.starts - timedelta(days=1), event.ends, "UTC", all_day=False)
    promote(event, now)
    assert (status(event, ben), rsvp_of(event, ben).offered_until) == ("offered", until)


def test_who_asks_as_the_morning_comes_is_told_their_place_behind_those_who_wait_still():
    event = an_evening(capacity=2, max_party_size=2)
    ann, ben, _ = with_queue(event, size=2)
    withdraw(rsvp_of(event, ann), at(event, hours=17))
    reply(event, dan := a_person(), Answer.YES, at=at(event, hours=13))  # nobody has been offered the seats yet
    assert status(event, ben) is RsvpStatus.OFFERED
    assert [place_in_queue(rsvp_of(event, dan)), *places_told(dan)] == [2, 2]


def test_an_event_is_changed_by_a_clock_that_is_behind_that_of_who_was_offered_a_seat_and_took_it():
    event = an_evening()
    ann, ben, _ = with_queue(event)
    withdraw(rsvp_of(event, ann), at(event, hours=10))
    confirm(rsvp_of(event, ben), at(event, hours=10))
    by, behind = a_person("", "organizer"), at(event, hours=10, seconds=1)
    alter(event, lambda: setattr(event, "room", "Hall"), by=by, now=behind, tell=False)
    assert status(event, ben) is RsvpStatus.CONFIRMED


def test_each_newcomer_is_told_the_place_that_they_have():
    event = an_evening()
    with_queue(event, waits=1)
    for place in (2, 3):
        reply(event, newcomer := a_person(), Answer.YES, at=at(event, days=6))
        assert [place_in_queue(rsvp_of(event, newcomer)), *places_told(newcomer)] == [place, place]


def test_page_form_and_letter_say_the_same_of_seats_that_are_free_at_night(app):
    event = an_evening(capacity=2, max_party_size=2)
    ann = a_person()
    reply(event, ann, Answer.YES, party_size=2, at=at(event, days=7))
    ben = a_person()
    reply(event, ben, Answer.YES, at=at(event, days=6))
    night = at(event, hours=17)
    withdraw(rsvp_of(event, ann), night)
    with app.test_request_context():
        page = render_template("rsvps/_card.html", card=card(event, None, night))
        about = {"event": event, "rsvp": rsvp_of(event, ben), "now": night, "place": 1}
        own = render_template("rsvps/_stands.html", morning=offered_at(event, night), **about)
    assert "2 of 2 seats left." in page
    assert "1 person is waiting; what is free is offered in the morning" in page
    assert "7:00 am" in page
    assert "Put me on the waiting list" in page
    assert "I will come" not in page
    assert "Seats are free. It is night" in own
    assert "7:00 am" in own
    reply(event, cem := a_person(), Answer.YES, at=night)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == cem.id)).one()
    assert "seats are free, but it is night" in letter.body
    assert "all seats are taken" not in letter.body
    assert offered_at(event, at(event, hours=13)) is None
    assert offered_at(event, at(event, days=2, hours=3)) is None


def test_a_newcomer_at_night_gets_what_nobody_who_waits_would_fit_into():
    event = an_evening(capacity=3, max_party_size=2)
    with_queue(event, waits=1, size=2)
    assert reply(event, a_person(), Answer.YES, at=at(event, hours=17)).status is RsvpStatus.CONFIRMED


def test_a_newcomer_at_night_does_not_pass_the_only_one_who_waits_and_would_fit():
    event = an_evening(capacity=2, max_party_size=2)
    first, waits = with_queue(event, 1, size=2)
    withdraw(rsvp_of(event, first), at(event, hours=17))
    newcomer = a_person()
    reply(event, newcomer, Answer.YES, at=at(event, hours=16))
    assert waiting(event) == [waits, newcomer]


def test_of_several_whom_the_organizers_approve_at_night_all_get_seats_that_fit():
    event = an_evening(capacity=3, max_party_size=2, rsvp_policy=RsvpPolicy.APPROVAL)
    asked = [
        reply(event, a_person(), Answer.YES, party_size=size, at=at(event, days=7, minutes=-minute))
        for minute, size in enumerate([2, 2, 2, 1])
    ]
    numbers = [rsvp.id for rsvp in asked]
    decide(event, Decision.APPROVE, numbers, by=a_person("Olga", "organizer"), now=at(event, hours=17))

    seats, waits = RsvpStatus.CONFIRMED, RsvpStatus.WAITLISTED
    assert [rsvp.status for rsvp in asked] == [seats, waits, waits, seats]


def test_the_chore_takes_no_lock_for_nothing(counted):
    free, full, put_off, asleep = (an_evening(capacity=2, max_party_size=2) for _ in range(4))
    noon, night = at(free, hours=8), at(free, hours=17)

    def asked(now: datetime) -> int:
        db.session.commit()
        with counted() as count:
            pass_seats_on(now)
        return len(count)

    idle = asked(noon)
    reply(full, a_person(), Answer.YES, at=NIGHT)
    reply(full, a_person(), Answer.YES, party_size=2, at=NIGHT)  # who does not fit into the one that is left
    assert asked(noon) == idle
    for event in (put_off, asleep):
        ann, _ben = with_queue(event, 1, size=2)
        withdraw(rsvp_of(event, ann), at(event, hours=10) if event is put_off else night)
    put_off.postpone(noon)
    assert asked(night + timedelta(hours=1)) == idle
    asleep.cancelled_at = night
    assert asked(noon) == idle


def test_the_chore_passes_offers_on():
    event = an_evening()
    ann, ben, cem = with_queue(event)
    now = at(event, hours=10)
    withdraw(rsvp_of(event, ann), now)
    db.session.commit()

    pass_seats_on(now + timedelta(minutes=119))
    assert status(event, ben) is RsvpStatus.OFFERED
    pass_seats_on(now + timedelta(minutes=121))
    assert status(event, cem) is RsvpStatus.OFFERED
    pass_seats_on(now + timedelta(minutes=122))
    assert (status(event, ben), status(event, cem)) == (RsvpStatus.CANCELLED, RsvpStatus.OFFERED)


def test_offers_stand_still_while_the_event_is_off_and_are_kept_when_it_is_moved():
    event = an_evening()
    ann, ben, _ = with_queue(event)
    now = at(event, hours=10)
    withdraw(rsvp_of(event, ann), now)
    event.postpone(now)

    pass_on(event, now + timedelta(hours=3))
    assert status(event, ben) is RsvpStatus.OFFERED
    event.schedule(event.starts + timedelta(days=7), event.ends + timedelta(days=7), "UTC", all_day=False)
    promote(event, now + timedelta(hours=4))

    assert seated(event) == [ben]


def test_a_smaller_party_confirms_and_gives_the_rest_back():
    event = an_evening(capacity=2, max_party_size=2)
    ann, ben, cem = with_queue(event, size=2)
    reply(event, cem, Answer.YES, party_size=1, at=at(event, days=6))
    withdraw(rsvp_of(event, ann), at(event, hours=10))

    reply(event, ben, Answer.YES, party_size=1, at=at(event, hours=9))

    assert (status(event, ben), status(event, cem)) == (RsvpStatus.CONFIRMED, RsvpStatus.OFFERED)


def test_one_who_is_offered_a_seat_can_decline_it_and_the_next_is_asked():
    event = an_evening()
    ann, ben, cem = with_queue(event)
    withdraw(rsvp_of(event, ann), at(event, hours=10))
    reply(event, ben, Answer.NO, at=at(event, hours=9))
    assert (status(event, ben), status(event, cem)) == (RsvpStatus.DECLINED, RsvpStatus.OFFERED)


def test_merging_two_who_wait_keeps_the_better_place_and_passes_what_is_freed_on():
    event = an_evening(starts=NEXT_MONTH)
    ann, ben, cem = with_queue(event)
    records.merge(cem, ben, at(event, days=5))
    assert waiting(event) == [cem]
    records.merge(cem, ann, at(event, days=5))
    assert (seated(event), waiting(event)) == ([cem], [])
    (rsvp,) = db.session.query(Rsvp).where(Rsvp.event_id == event.id)
    assert list(db.session.scalars(history(rsvp)))[-1].after is RsvpStatus.CONFIRMED


def test_pages_say_that_a_seat_waits_and_a_post_takes_it(client):
    event = an_evening(starts=to_wall(now(), BY_DAY) + timedelta(hours=10), zone=BY_DAY)
    ann, ben, _ = with_queue(event)
    withdraw(rsvp_of(event, ann), at(event, hours=10, minutes=1))
    mine = rsvp_of(event, ben)
    here = link(mine)
    db.session.commit()

    page = client.get(here).text
    assert "A seat is kept for you" in page
    assert "Confirm my seat" in page
    db.session.rollback()
    assert status(event, ben) is RsvpStatus.OFFERED
    db.session.rollback()
    assert client.post(here, data={"action": "confirm"}).status_code == 303
    db.session.rollback()
    assert status(event, ben) is RsvpStatus.CONFIRMED


def test_nobody_is_woken_by_a_seat_that_becomes_free_days_ahead_and_news_of_one_given_back_is_not_sent():
    event = an_evening(capacity=2)
    ann, *others = with_queue(event, waits=3)
    night = datetime.combine(at(event, days=4).date(), time(23), tzinfo=UTC)
    withdraw(rsvp_of(event, ann), night)
    promoted = others[1]
    assert status(event, promoted) is RsvpStatus.CONFIRMED
    (letter,) = db.session.scalars(select(Letter).where(Letter.reason.contains(":promoted:")))
    assert (letter.person_id, letter.due_at) == (promoted.id, night + timedelta(hours=8))
    withdraw(rsvp_of(event, promoted), night + timedelta(hours=1))
    (letter,) = db.session.scalars(select(Letter).where(Letter.reason.contains(":promoted:")))
    assert letter.person_id == others[2].id
    cancel(event, by=a_person("Olga", "organizer"), now=night + timedelta(hours=2), tell=False)
    assert letters_to(others[2]) == ["You are on the waiting list: Evening"]


@pytest.mark.parametrize("kept", [0, 1])
@pytest.mark.parametrize("both", [True, False])
def test_of_two_records_that_become_one_in_the_night_what_is_told_in_the_morning_is_true(kept, both):
    """Both have moved up, or one has a seat since long ago: `both` and `kept` tell which."""
    event = an_evening(capacity=2)
    ann, ben, cem, dan = with_queue(event, waits=3)
    night = datetime.combine(at(event, days=4).date(), time(23), tzinfo=UTC)
    withdraw(rsvp_of(event, ann), night)
    if both:
        withdraw(rsvp_of(event, ben), night)
    two = (cem, dan) if both else (ben, cem)
    keep, gone = two[kept], two[1 - kept]
    merge(keep, gone, {}, (keep.revision, gone.revision), by=a_person("", "secretary"), now=night)
    mine = rsvp_of(event, keep)
    theirs = select(Letter).where(Letter.reason.startswith(f"rsvp:{mine.id}:promoted:"))
    assert [letter.person_id for letter in db.session.scalars(theirs)] == [keep.id]
    assert db.session.scalar(select(func.count()).where(Letter.reason.contains(":promoted:"))) == 2 - both
    withdraw(mine, night + timedelta(hours=1))
    assert not db.session.scalars(theirs).all()


@pytest.fixture
def news(client):
    """A letter to one who moved up in a night to come; and where it is looked at."""
    event = an_evening(starts=NIGHT.replace(tzinfo=None) + timedelta(days=7))
    ann, ben, _cem = with_queue(event)
    withdraw(rsvp_of(event, ann), NIGHT)
    db.session.commit()
    client.sign_in(a_person("Olga", "organizer"))
    letter = db.session.scalars(select(Letter).where(Letter.reason.contains(":promoted:"))).one()
    return event, ben, letter, f"/organize/events/{event.id}/reminders/seats/{letter.id}"


def test_news_of_a_seat_is_seen_before_the_morning_without_the_link_that_is_its_readers(client, news):
    event, ben, letter, here = news
    for listed in ("/organize/notices/planned", f"/organize/events/{event.id}/reminders"):
        page = client.get(listed).text
        assert "News of seats" in page
        assert here in page
    page = client.get(here).text
    assert letter.subject in page
    assert "/rsvps/…" in page
    assert link(rsvp_of(event, ben)) not in page
    assert client.get(f"/organize/events/{an_event().id}/reminders/seats/{letter.id}").status_code == 404


def test_news_of_a_seat_is_stopped_without_taking_the_seat_until_it_has_left(client, news):
    event, ben, letter, here = news
    for _ in range(2):
        client.post(f"{here}/stop")
    morning = NIGHT + timedelta(hours=9)
    deliver_due(morning)
    db.session.refresh(letter)
    assert (letter.sent_at, status(event, ben)) == (None, RsvpStatus.CONFIRMED)
    assert "Stopped" in client.get("/organize/notices/planned").text

    client.post(f"{here}/resume")
    deliver_due(morning)
    db.session.refresh(letter)
    assert letter.sent_at
    assert "News of seats" not in client.get("/organize/notices/planned").text
    assert "The letter has left" in client.get(here).text
    letter.halted = True
    db.session.commit()
    assert client.post(f"{here}/resume").status_code == 409
    acts = select(AuditEntry.act).where(AuditEntry.act.contains("news of a seat")).order_by(AuditEntry.id)
    assert db.session.scalars(acts).all() == ["news of a seat stopped", "news of a seat resumed"]


def an_offer(**values) -> tuple[Event, Person, datetime]:
    """Ben is offered the seat that Ann gave back at noon, until two."""
    event = an_evening(**values)
    ann, ben, _ = with_queue(event)
    noon = at(event, hours=8)
    withdraw(rsvp_of(event, ann), noon)
    assert rsvp_of(event, ben).offered_until == noon + timedelta(hours=2)
    asking(ben)[0].state = LetterState.SENT
    return event, ben, noon


def asking(person: Person) -> list[Letter]:
    """The letters that ask to confirm a seat."""
    asks = select(Letter).where(Letter.person_id == person.id, Letter.subject.startswith("Please confirm"))
    return list(db.session.scalars(asks.order_by(Letter.id)))


def test_an_offer_stands_still_while_the_event_is_off_and_is_made_anew_when_it_is_on_that_day_again():
    event, ben, noon = an_offer()
    staff = a_person("", "organizer")
    postpone(event, by=staff, now=noon + timedelta(hours=1), tell=False)
    pass_on(event, noon + timedelta(hours=2, minutes=30))
    with pytest.raises(Refused, match="postponed"):
        confirm(rsvp_of(event, ben), noon + timedelta(hours=2))
    on_again, hour = noon + timedelta(hours=3), timedelta(hours=1)

    move(event, event.starts + hour, event.ends + hour, by=staff, now=on_again, tell=False)
    pass_on(event, on_again + timedelta(minutes=1))

    mine = rsvp_of(event, ben)
    assert (mine.status, mine.offered_until) == (RsvpStatus.OFFERED, on_again + timedelta(hours=2))
    assert letters_to(ben)[-2:] == ["Please confirm your seat: Evening"] * 2
    assert "The event was moved; the offered seats are kept" in list(db.session.scalars(history(mine)))[-1].reason
    confirm(mine, on_again + hour)
    assert seated(event) == [ben]


def test_an_event_that_is_on_again_at_night_leaves_time_in_the_morning():
    event, ben, noon = an_offer()
    staff = a_person("", "organizer")
    postpone(event, by=staff, now=noon + timedelta(hours=1), tell=False)
    night, later = noon + timedelta(hours=11), timedelta(hours=18)  # two in the afternoon of the next day
    move(event, event.starts + later, event.ends + later, by=staff, now=night, tell=False)
    assert rsvp_of(event, ben).offered_until == night + timedelta(hours=8 + 2)
    assert [news.due_at for news in asking(ben)] == [noon, night + timedelta(hours=8)]


def an_offer_made_anew_in_the_night(until: int = 18) -> tuple[Event, Person, Person, datetime]:
    """The event was put off at noon, and at eleven gets another date, so many hours later."""
    event, ben, noon = an_offer()
    staff = a_person("Olga", "organizer")
    postpone(event, by=staff, now=noon + timedelta(hours=1), tell=False)
    night, later = noon + timedelta(hours=11), timedelta(hours=until)
    move(event, event.starts + later, event.ends + later, by=staff, now=night, tell=False)
    return event, ben, staff, night


def test_an_offer_made_in_the_night_is_told_in_the_morning_as_it_is_by_then():
    event, ben, staff, night = an_offer_made_anew_in_the_night()
    was, starts = f"{event.starts:%-I}:00 pm", event.starts + timedelta(hours=1)
    (_, news) = asking(ben)
    assert was in news.body
    move(event, starts, starts + timedelta(hours=1), by=staff, now=night, tell=False)
    assert f"{starts:%-I}:00 pm" in news.body
    assert [(one.letter, one.offered) for one in to_come(night, 9, event)] == [(news, True)]
    postpone(event, by=staff, now=night + timedelta(minutes=1), tell=False)
    assert len(asking(ben)) == 1


@pytest.mark.parametrize("act", [confirm, withdraw])
def test_who_has_confirmed_in_the_night_or_given_it_back_is_not_asked_in_the_morning(act):
    event, ben, _, night = an_offer_made_anew_in_the_night()
    act(rsvp_of(event, ben), night + timedelta(minutes=1))
    assert len(asking(ben)) == 1


def test_what_is_kept_through_the_night_alone_is_not_told_in_a_morning_that_comes_too_late():
    event, ben, _, _ = an_offer_made_anew_in_the_night(until=9)  # five in the morning
    assert rsvp_of(event, ben).offered_until == event.starts_at
    assert len(asking(ben)) == 1


def test_a_change_of_anything_else_leaves_an_offer_as_it_is():
    event, ben, noon = an_offer()
    promote(event, noon + timedelta(hours=1))
    assert rsvp_of(event, ben).offered_until == noon + timedelta(hours=2)


def test_what_was_offered_can_be_taken_as_long_as_was_promised_though_answers_were_closed_since():
    event, ben, noon = an_offer(max_party_size=3)
    event.rsvp_closes_at, event.capacity = noon + timedelta(minutes=10), 4
    promote(event, noon + timedelta(minutes=5))
    later = noon + timedelta(minutes=90)
    with pytest.raises(Refused, match="Answers closed"):
        reply(event, ben, Answer.YES, party_size=3, at=later)
    with pytest.raises(Refused, match="Answers closed"):
        reply(event, a_person(), Answer.YES, at=later)
    reply(event, ben, Answer.YES, at=later)
    assert seated(event) == [ben]


def test_an_offer_that_would_outlive_the_start_ends_before_it_and_that_is_written():
    event, ben, noon = an_offer()
    soon = timedelta(hours=7)  # it starts at one now
    move(event, event.starts - soon, event.ends - soon, by=a_person("", "organizer"), now=noon, tell=False)
    assert rsvp_of(event, ben).offered_until == noon + timedelta(minutes=30)
    assert letters_to(ben)[-2:] == ["Please confirm your seat: Evening"] * 2
    with pytest.raises(Refused, match="begun"):
        confirm(rsvp_of(event, ben), event.starts_at)


def test_news_of_a_seat_that_waits_for_the_morning_says_when_the_event_is_by_then():
    event, organizer = an_evening(), a_person("Olga", "organizer")
    ann, ben, _cem = with_queue(event)
    withdraw(rsvp_of(event, ann), NIGHT)
    news = db.session.scalars(select(Letter).where(Letter.person_id == ben.id).order_by(Letter.id.desc())).first()
    assert "seat" in news.subject
    due, reason = news.due_at, news.reason
    assert due > NIGHT
    was, starts = f"{event.starts.day} {event.starts:%B}", event.starts + timedelta(days=2)
    assert was in news.body
    db.session.commit()

    move(event, starts, starts + timedelta(hours=1), by=organizer, now=NIGHT, tell=False)
    db.session.commit()

    assert f"{starts.day} {starts:%B}" in news.body
    assert was not in news.body
    assert (news.due_at, news.reason, news.state) == (due, reason, LetterState.QUEUED)


def test_ones_own_page_leads_to_the_seat_that_is_to_be_confirmed(client):
    event = an_event(zone=BY_DAY, capacity=1)
    rsvp = reply(event, a_person(), Answer.YES, at=now())
    rsvp.status, rsvp.offered_until = RsvpStatus.OFFERED, now() + timedelta(hours=2)
    db.session.flush()
    client.sign_in(rsvp.person)
    assert f'<a href="{link(rsvp)}">Please confirm it</a> by ' in client.get("/me").text


def test_whose_offer_lapsed_reads_so_where_they_would_answer_again_and_who_withdrew_does_not(client):
    event = an_event(zone=BY_DAY, capacity=1)
    lapsed, withdrew = (reply(event, a_person(), Answer.YES, at=now()) for _ in range(2))
    lapsed.status, lapsed.offered_until = RsvpStatus.OFFERED, now() - timedelta(minutes=1)
    withdraw(withdrew, now())
    pass_on(event, now())
    for rsvp, told in ((lapsed, True), (withdrew, False)):
        client.sign_in(rsvp.person)
        page = client.get(f"/events/{event.slug}").text
        assert ("What was kept for you was not confirmed in time" in page) is told

"""The day before a session: seats in it are offered, confirmed or passed on, and nobody is woken."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.mail.models import Letter
from society.notices.actions import postpone
from society.notices.life import move
from society.records.merging import merge
from society.rsvps.actions import reply, withdraw
from society.rsvps.agenda import change, choose, enter, leave, remove
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.passing import pass_on, pass_seats_on, promote
from society.rsvps.queries import history
from society.rsvps.render import link
from society.rsvps.seat_news import stop, to_come
from society.rsvps.session_letters import tell_of_end, tell_of_room
from society.rsvps.session_seats import held_by, rooms, seats_taken, would_move_up
from society.settings import Society, renew
from tests.builders import NEXT_MONTH, NOW, a_person, an_event, letters_to

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def congress(app) -> Event:
    """Three days from nine in the morning, in UTC."""
    starts = NEXT_MONTH.replace(hour=9)
    return an_event("Congress", starts=starts, ends=starts + timedelta(days=2, hours=8), zone="UTC", max_party_size=3)


@pytest.fixture
def workshop(congress) -> Session:
    """Eight in the evening of the second day, one seat."""
    starts = congress.starts.replace(hour=20) + timedelta(days=1)
    plan = Plan("Workshop", starts, starts + timedelta(hours=1), capacity=1)
    return enter(congress, [plan], by=a_person("", "organizer"), now=NOW)[0]


def choosing(session: Session, *sizes: int) -> list[Rsvp]:
    """Those who chose it, one after another: the first has it, the others wait."""
    found = []
    for size in sizes:
        rsvp = reply(session.event, a_person(), Answer.YES, party_size=size, at=NOW)
        choose(rsvp, session, NOW)
        found.append(rsvp)
    return found


def before(session: Session, **time: float) -> datetime:
    return session.starts_at - timedelta(**time)


def statuses(*rsvps: Rsvp) -> list[str]:
    """ "none" for one who holds nothing of it."""
    return [held[0].status.value if (held := held_by(rsvp)) else "none" for rsvp in rsvps]


def to_the_first_noon(session: Session) -> datetime:
    """So that its last day begins before the event; an hour into that."""
    noon = session.event.starts.replace(hour=12)
    session.schedule(noon, noon + timedelta(hours=1), "UTC")
    return before(session, hours=23)


def test_on_the_last_day_of_a_session_a_seat_is_offered_and_taken_by_confirming(workshop):
    ann, ben, cem = choosing(workshop, 1, 1, 1)
    now = before(workshop, hours=10)
    assert now > workshop.event.starts_at, "what counts is when the session begins"
    leave(ann, workshop, now)

    (seat,) = held_by(ben)
    assert (seat.status, seat.offered_until) == ("offered", now + timedelta(hours=2))
    assert letters_to(ben.person)[-1] == "Please confirm your seat: Workshop"
    assert (seats_taken(workshop), rooms(workshop.event)[workshop.id].waiting) == (1, 1)
    choose(ben, workshop, now + timedelta(minutes=119))
    assert (seat.status, seat.offered_until) == ("confirmed", None)
    assert statuses(ann, ben, cem) == ["none", "confirmed", "waitlisted"]
    steps = [step.reason for step in db.session.scalars(history(ben))]
    assert steps[-2].startswith("1 seat in “Workshop” became free, to be confirmed by ")
    assert steps[-1] == "Took the 1 seat offered in “Workshop”."


def test_an_offer_that_nobody_confirms_passes_on_and_says_so(workshop):
    ann, ben, cem = choosing(workshop, 1, 1, 1)
    now = before(workshop, hours=10)
    leave(ann, workshop, now)
    late = now + timedelta(hours=2)
    with pytest.raises(Refused, match="not confirmed in time"):
        choose(ben, workshop, late)
    db.session.commit()

    pass_seats_on(now + timedelta(minutes=119))
    assert statuses(ben, cem) == ["offered", "waitlisted"]
    pass_seats_on(late)
    assert statuses(ben, cem) == ["none", "offered"]
    assert letters_to(ben.person)[-1] == "The seat kept for you has passed on: Workshop"
    body = select(Letter.body).where(Letter.subject == letters_to(ben.person)[-1])
    assert "If no letter of ours told you of it, we are sorry." in db.session.scalars(body).one()
    assert (ben.status, seats_taken(workshop)) == ("confirmed", 1)
    assert choose(ben, workshop, late).status == "waitlisted"


def test_days_ahead_a_seat_is_simply_theirs_and_what_is_given_at_night_is_told_at_seven(workshop):
    ann, ben = choosing(workshop, 1, 1)
    night = before(workshop, days=2, hours=-3)  # eleven in the evening
    leave(ann, workshop, night)
    assert statuses(ben) == ["confirmed"]
    letter = db.session.scalars(select(Letter).where(Letter.subject.startswith("You have a seat: Workshop"))).one()
    assert (letter.due_at - night, letter.due_at.hour) == (timedelta(hours=8), 7)

    one = ann.person, ben.person  # whose answers become one, which has the seat
    merge(*one, {}, (one[0].revision, one[1].revision), by=a_person("", "secretary"), now=night)
    assert (statuses(ann), letter.reason.split(":")[1]) == (["confirmed"], str(ann.id))
    leave(ann, workshop, night)
    assert not db.session.scalars(select(Letter).where(Letter.due_at > night)).all()


def test_in_the_night_before_nothing_is_offered_and_no_newcomer_takes_it(workshop):
    ann, ben = choosing(workshop, 1, 1)
    new = reply(workshop.event, a_person(), Answer.YES, at=NOW)
    night = before(workshop, hours=17)  # three in the morning
    leave(ann, workshop, night)
    assert choose(new, workshop, night).status == "waitlisted"
    db.session.commit()

    pass_seats_on(before(workshop, hours=14))
    assert statuses(ben, new) == ["waitlisted", "waitlisted"]
    pass_seats_on(before(workshop, hours=13))
    assert statuses(ben, new) == ["offered", "waitlisted"]


def test_a_newcomer_at_night_gets_what_nobody_who_waits_would_fit_into(workshop):
    workshop.capacity = 2
    choosing(workshop, 1, 2)
    new = reply(workshop.event, a_person(), Answer.YES, at=NOW)
    assert choose(new, workshop, before(workshop, hours=17)).status == "confirmed"


def test_offers_stand_still_while_the_event_is_off_and_are_kept_when_it_or_the_session_is_moved(workshop):
    event = workshop.event
    ann, ben = choosing(workshop, 1, 1)
    now = to_the_first_noon(workshop)
    leave(ann, workshop, now)
    assert statuses(ben) == ["offered"]
    event.postpone(now)
    with pytest.raises(Refused, match="any more"):
        choose(ben, workshop, now)
    pass_on(event, now + timedelta(hours=3))
    assert statuses(ben) == ["offered"]
    event.schedule(event.starts + timedelta(days=7), event.ends + timedelta(days=7), "UTC", all_day=False)
    workshop.schedule(workshop.starts + timedelta(days=7), workshop.ends + timedelta(days=7), "UTC")
    promote(event, now + timedelta(hours=4))
    assert statuses(ben) == ["confirmed"]
    assert letters_to(ben.person)[-1] == "You have a seat: Workshop"


def test_who_would_move_up_in_a_session_is_nobody_while_its_event_is_off(workshop):
    _ann, ben = choosing(workshop, 1, 1)
    now = before(workshop, days=3)
    assert would_move_up(workshop, 2, now) == {ben.person_id: True}
    workshop.event.postpone(now)
    assert would_move_up(workshop, 2, now) == {}


def test_a_session_put_off_by_days_keeps_what_was_offered_in_it(workshop):
    ann, ben = choosing(workshop, 1, 1)
    now = before(workshop, hours=10)
    leave(ann, workshop, now)
    put_off_by_days(ben, workshop, now)
    assert statuses(ben) == ["confirmed"]


def test_a_party_with_an_offer_that_shrinks_or_leaves_passes_the_rest_on(workshop):
    workshop.capacity = 2
    two, other, one, last = choosing(workshop, 2, 2, 1, 1)
    now = to_the_first_noon(workshop)
    leave(two, workshop, now)
    assert statuses(other, one, last) == ["offered", "waitlisted", "waitlisted"]
    reply(workshop.event, other.person, Answer.YES, party_size=1, at=now)
    assert statuses(other, one, last) == ["offered", "offered", "waitlisted"]
    withdraw(other, now)
    assert statuses(other, one, last) == ["none", "offered", "offered"]
    assert [step.reason for step in db.session.scalars(history(other))][-1].startswith("The seat in “Workshop” went")


def test_whoever_was_offered_seats_reads_until_when_and_confirms_by_a_button(client, congress):
    starts = datetime.combine(NOW.date(), NOW.time()).replace(second=0) + timedelta(hours=20)
    event = an_event("Soon", starts=starts, zone="UTC")
    plan = Plan("Workshop", starts, starts + timedelta(hours=1), capacity=1)
    session = enter(event, [plan], by=a_person("", "organizer"), now=NOW)[0]
    (ann,) = choosing(session, 1)
    (seat,) = held_by(ann)
    seat.status, seat.offered_until = RsvpStatus.OFFERED, NOW + timedelta(hours=1)
    db.session.commit()
    address = f"{link(ann)}/sessions"
    page = client.get(address).text
    assert "A seat is kept for you" in page
    assert "Please confirm by" in page
    assert "Confirm Workshop" in page
    assert statuses(ann) == ["offered"], "looking changes nothing"
    assert client.post(address, data={"session": session.id, "action": "take"}).status_code == 303
    assert statuses(ann) == ["confirmed"]
    assert "You have a seat" in client.get(address).text


def test_the_chore_asks_as_often_for_many_sessions_as_for_one(workshop, counted):
    choosing(workshop, 1, 1)
    db.session.commit()

    def asked():
        with counted() as statements:
            pass_seats_on(before(workshop, hours=5))
        return len(statements)

    first = asked()
    for title in ("Second", "Third"):
        plan = Plan(title, workshop.starts, workshop.ends, capacity=1)
        choosing(enter(workshop.event, [plan], by=a_person("", "organizer"), now=NOW)[0], 1, 1)
    db.session.commit()
    assert asked() == first


def test_an_offer_is_made_anew_where_the_event_was_off_until_that_day(workshop):
    event, staff, hour = workshop.event, a_person("", "organizer"), timedelta(hours=1)
    workshop.schedule(event.starts + hour, event.starts + 3 * hour, "UTC")
    ann, ben = choosing(workshop, 1, 1)
    now = event.starts_at - timedelta(hours=2)
    leave(ann, workshop, now)
    (seat,) = held_by(ben)
    assert seat.status == "offered"
    postpone(event, by=staff, now=now, tell=False)
    later = seat.offered_until + hour

    move(event, event.starts + 7 * hour, event.ends + 7 * hour, by=staff, now=later, tell=False)
    pass_on(event, later + timedelta(minutes=1))

    (seat,) = held_by(ben)
    assert (seat.status, seat.offered_until) == ("offered", later + timedelta(hours=2))
    assert letters_to(ben.person)[-1] == "Please confirm your seat: Workshop"
    choose(ben, workshop, later + hour)
    assert statuses(ben) == ["confirmed"]


def put_off_by_days(_rsvp: Rsvp, session: Session, now: datetime) -> None:
    later = timedelta(days=2)
    plan = Plan("Workshop", session.starts + later, session.ends + later, capacity=1)
    change(session, plan, by=a_person("", "organizer"), now=now)


@pytest.mark.parametrize("act", [choose, leave, put_off_by_days])
def test_an_offer_in_a_session_made_in_the_night_is_told_in_the_morning_if_it_is_one_still(workshop, act):
    event, staff, hour = workshop.event, a_person("", "organizer"), timedelta(hours=1)
    workshop.schedule(event.starts + hour, event.starts + 3 * hour, "UTC")
    ann, ben = choosing(workshop, 1, 1)
    leave(ann, workshop, event.starts_at - 2 * hour)
    postpone(event, by=staff, now=event.starts_at - 2 * hour, tell=False)
    night = event.starts_at + 14 * hour

    move(event, event.starts + 27 * hour, event.ends + 27 * hour, by=staff, now=night, tell=False)

    asks = select(Letter).where(
        Letter.person_id == ben.person_id, Letter.subject == "Please confirm your seat: Workshop"
    )
    letter = db.session.scalars(asks).one()  # the one of the day before was taken back
    assert letter.due_at == night + 8 * hour
    plan = Plan("Workshop", workshop.starts, workshop.ends, capacity=1, room="Cellar")
    change(workshop, plan, by=staff, now=night)
    assert "Cellar" in letter.body
    act(ben, workshop, night + hour)
    assert db.session.scalars(asks).all() == []


def test_an_offer_in_a_session_holds_as_long_as_was_promised_though_answers_were_closed_since(workshop):
    ann, ben = choosing(workshop, 1, 1)
    now = to_the_first_noon(workshop)
    leave(ann, workshop, now)
    workshop.event.rsvp_closes_at = now
    choose(ben, workshop, now + timedelta(minutes=30))
    assert statuses(ben) == ["confirmed"]


def in_order(rsvp: Rsvp) -> list[str]:
    """The subjects of what they get about sessions, as it leaves."""
    theirs = select(Letter).where(Letter.person_id == rsvp.person_id).order_by(Letter.due_at, Letter.id)
    return [letter.subject for letter in db.session.scalars(theirs) if "Workshop" in letter.subject]


def later_with(session: Session, capacity: int, now: datetime) -> None:
    """Move it by an hour, with so many seats, and tell of it."""
    starts = session.starts + timedelta(hours=1)
    plan = Plan("Workshop", starts, starts + timedelta(hours=1), capacity=capacity)
    change(session, plan, by=a_person("", "organizer"), now=now, note="The hall is let.", tell=True)


@pytest.mark.parametrize("minutes", [0, 5])
@pytest.mark.parametrize("time", [{"days": 3}, {"hours": 10}], ids=["days ahead", "on its last day"])
def test_whom_a_change_gives_a_seat_hears_of_the_seat_first_and_then_of_the_change(workshop, minutes, time):
    db.session.execute(update(Society).values(hold_minutes=minutes))
    renew()
    ann, ben, cem = choosing(workshop, 1, 1, 1)
    now = before(workshop, **time)
    later_with(workshop, 2, now)

    seat = "You have a seat: Workshop" if "days" in time else "Please confirm your seat: Workshop"
    assert in_order(ben) == [seat, "Changed: Workshop"]
    assert (in_order(ann), in_order(cem)) == (["Changed: Workshop"],) * 2
    letters = db.session.scalars(select(Letter).where(Letter.subject == "Changed: Workshop"))
    about = {letter.person_id: letter for letter in letters}
    reached = "in which you have a seat" if "days" in time else "in which a seat is offered to you"
    stands = "in which you asked for a seat" if minutes and "days" in time else reached
    assert stands in about[ben.person_id].body
    assert "The hall is let" in about[ben.person_id].body
    assert "you are on the waiting list" in about[cem.person_id].body
    assert about[ann.person_id].due_at == about[cem.person_id].due_at == now


STILL_OFFERED = {
    "en": "The seat is still offered to you, until",
    "de": "Der Platz ist Ihnen weiterhin angeboten, bis",
    "fr": "La place vous reste proposée jusqu’à ce moment",
    "es": "La plaza se le sigue ofreciendo hasta este momento",
}


@pytest.mark.parametrize(("language", "says"), STILL_OFFERED.items())
def test_to_whom_a_seat_is_only_offered_a_change_says_that_it_is_still_and_until_when(workshop, language, says):
    ann, ben = choosing(workshop, 1, 1)
    ben.person.language = language
    now = before(workshop, hours=10)
    leave(ann, workshop, now)
    later_with(workshop, 1, now + timedelta(minutes=1))

    (held,) = held_by(ben)
    letters = db.session.scalars(select(Letter).where(Letter.person_id == ben.person_id).order_by(Letter.id))
    changed = [letter.body for letter in letters if "session-changed" in letter.reason]

    assert held.is_offered
    assert len(changed) == 1
    stands = changed[0].partition(says)[2]
    assert f"{held.offered_until:%-H:%M}" in stands or f"{held.offered_until:%-I:%M}" in stands


def test_of_a_seat_that_was_only_offered_the_letters_about_a_room_and_an_end_say_so(workshop):
    ann, ben = choosing(workshop, 1, 1)
    now = before(workshop, hours=10)
    leave(ann, workshop, now)
    tell_of_room([workshop], "Old hall", "New hall", "", now)
    tell_of_end(workshop, "", now)

    letters = db.session.scalars(select(Letter).where(Letter.person_id == ben.person_id).order_by(Letter.id)).all()

    assert "(offered until " in letters[-2].body
    assert "please confirm what is offered" in letters[-2].body
    assert "in which a seat was offered to you" in letters[-1].body


NOT_TOLD = {
    "en": ("in which you asked for a seat", "have a seat"),
    "de": ("in dem Sie um einen Platz gebeten haben", "einen Platz haben"),
    "fr": ("pour laquelle vous avez demandé une place", "vous avez une place"),
    "es": ("para la que usted pidió plaza", "usted tiene plaza"),
}


@pytest.mark.parametrize("stopped", ["before", "after"])
@pytest.mark.parametrize("language", NOT_TOLD)
def test_whose_news_of_a_seat_is_kept_back_reads_of_no_seat_in_a_letter_about_a_change(workshop, language, stopped):
    ann, ben = choosing(workshop, 1, 1)
    ben.person.language = language
    db.session.execute(update(Society).values(hold_minutes=5))
    renew()
    now = before(workshop, days=3)
    leave(ann, workshop, now)
    (news,) = to_come(now, 9, workshop.event)
    if stopped == "before":
        stop(news, by=a_person("", "organizer"), now=now)
    later_with(workshop, 1, now + timedelta(minutes=1))
    if stopped == "after":
        stop(news, by=a_person("", "organizer"), now=now + timedelta(minutes=2))

    asked, seat = NOT_TOLD[language]
    letters = db.session.scalars(select(Letter).where(Letter.person_id == ben.person_id).order_by(Letter.id)).all()
    (changed,) = (letter for letter in letters if "session-changed" in letter.reason)
    assert (asked in changed.body, seat in changed.body, changed.halted) == (True, False, False)
    assert (changed.due_at > now + timedelta(minutes=1)) == (stopped == "after"), (
        "it waits for nothing that is kept back"
    )


def test_nor_do_the_letters_about_a_room_and_an_end(workshop):
    ann, ben, cem = choosing(workshop, 1, 1, 1)
    now = before(workshop, days=3)
    db.session.execute(update(Society).values(hold_minutes=5))
    renew()
    leave(ann, workshop, now)
    (news,) = to_come(now, 9, workshop.event)
    stop(news, by=a_person("", "organizer"), now=now)
    tell_of_room([workshop], "Old hall", "New hall", "", now)
    tell_of_end(workshop, "", now)

    room, end = (
        {
            letter.person_id: letter.body
            for letter in db.session.scalars(select(Letter).where(Letter.subject == subject))
        }
        for subject in ("Changed: New hall", "Not taking place: Workshop")
    )
    assert "(asked for)" in room[ben.person_id]
    assert "in which you asked for a seat" in end[ben.person_id]
    assert "(waiting list)" in room[cem.person_id]
    assert "for which you were on the waiting list" in end[cem.person_id]


def test_who_gives_a_seat_back_before_they_hear_of_it_hears_of_no_change_either(workshop):
    _ann, ben = choosing(workshop, 1, 1)
    now = before(workshop, days=3)
    later_with(workshop, 2, now)
    leave(ben, workshop, now + timedelta(minutes=1))

    assert in_order(ben) == []


def test_a_seat_given_a_moment_before_is_told_before_the_change(workshop):
    ann, ben = choosing(workshop, 1, 1)
    now = before(workshop, days=3)
    leave(ann, workshop, now)
    later_with(workshop, 1, now + timedelta(minutes=1))

    assert in_order(ben) == ["You have a seat: Workshop", "Changed: Workshop"]
    theirs = select(Letter.due_at).where(Letter.person_id == ben.person_id).order_by(Letter.due_at)
    news, changed = db.session.scalars(theirs).all()[-2:]
    assert news < changed, "of what is due at one moment any may be the first"


def test_a_change_is_told_of_a_session_that_has_the_number_of_one_taken_out_before(workshop):
    (ann,) = choosing(workshop, 1)
    later_with(workshop, 1, NOW)
    remove(workshop, by=a_person("", "organizer"), now=NOW)
    plan = Plan("Workshop", workshop.starts, workshop.ends, capacity=1)
    (new,) = enter(ann.event, [plan], by=a_person("", "organizer"), now=NOW)
    choose(ann, new, NOW)
    later_with(new, 1, NOW)

    assert in_order(ann) == ["Changed: Workshop"] * 2

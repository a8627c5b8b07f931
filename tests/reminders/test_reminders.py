"""Notices that go out by themselves: when, to whom, once, and never of what does not take place."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from society.db import db
from society.errors import Refused
from society.mail.actions import leave
from society.mail.models import Letter, MailingList
from society.material.actions import add as add_material
from society.material.models import MaterialKind, Seen
from society.notices.going import take_back
from society.notices.life import place
from society.notices.models import Notice
from society.notices.paper import on_paper
from society.notices.sending import send_to_more
from society.people.models import Person
from society.reminders import actions
from society.reminders.actions import plan, send_planned, thank_more
from society.reminders.models import DAY, Occasion, Planned, Standing, Timing
from society.reminders.routes import AT_FIRST, PAGE
from society.reminders.wording import notice_of
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.rsvps.render import joining_link
from society.settings import Society, renew, society
from society.times import now, to_utc, today_in
from tests.as_opened import fields_of, typed
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, an_event, letters_to

pytestmark = pytest.mark.usefixtures("app")

DAY_BEFORE = to_utc(NEXT_MONTH - timedelta(days=1), "America/New_York")


def planned(event, occasion=Occasion.REMINDER, minutes=DAY):
    one = plan(event, occasion, minutes, by=a_person("Olga", "organizer"), now=NOW)
    db.session.commit()
    return one


def guest_of(event, answer=Answer.YES):
    person = a_person()
    reply(event, person, answer, at=NOW)
    db.session.execute(delete(Letter))
    db.session.commit()
    return person


def usually(**minutes):
    row = db.session.get(Society, 1)
    for name, value in minutes.items():
        setattr(row, name, value)
    renew()
    db.session.commit()


def test_those_who_are_going_are_reminded_at_its_time_once():
    event = an_event("Talk")
    maybe, going = guest_of(event, Answer.MAYBE), guest_of(event)
    one = planned(event)

    send_planned(DAY_BEFORE - timedelta(minutes=1))
    assert letters_to(going) == []
    for minutes in (0, 1, 60):
        send_planned(DAY_BEFORE + timedelta(minutes=minutes))

    assert letters_to(going) == ["Soon: Talk"]
    assert letters_to(maybe) == []
    letter = db.session.scalars(select(Letter)).one()
    assert letter.mailing_list is MailingList.REMINDERS
    assert one.notice_id
    assert one.standing(DAY_BEFORE) is Standing.SENT


def test_a_name_that_nobody_knows_keeps_no_reminder_back():
    event = an_event("Talk")
    going, nameless = guest_of(event), guest_of(event)
    nameless.name = ""
    planned(event)

    send_planned(DAY_BEFORE)

    assert letters_to(going) == letters_to(nameless) == ["Soon: Talk"]


def test_one_that_fails_keeps_no_other_back(monkeypatch):
    one, other = an_event("One"), an_event("Other")
    going = guest_of(other)
    planned(one), planned(other)

    def only_of_the_other(planned, at):
        return notice_of(planned, at) if planned.event_id == other.id else 1 / 0

    monkeypatch.setattr(actions, "notice_of", only_of_the_other)

    send_planned(DAY_BEFORE)

    assert letters_to(going) == ["Soon: Other"]
    assert db.session.scalars(select(Planned.sent_at).where(Planned.event_id == one.id)).one() is None


def test_a_reminder_leads_to_how_to_get_in_and_holds_it_not():
    event = an_event("Talk", instructions="Ring at Sample")
    going = guest_of(event)
    planned(event)

    send_planned(DAY_BEFORE)

    body = db.session.scalars(select(Letter)).one().body
    assert f"https://society.example.org{joining_link(rsvp_of(event, going))}" in body
    assert "Sample" not in body


def test_whoever_left_the_list_of_reminders_gets_none():
    event = an_event()
    going = guest_of(event)
    leave(going, MailingList.REMINDERS, NOW)
    one = planned(event)

    send_planned(DAY_BEFORE)

    assert letters_to(going) == []
    assert (one.sent_at, one.notice_id) == (DAY_BEFORE, None)


def test_where_everyone_to_be_reminded_wants_paper_there_is_a_notice_to_be_printed():
    event = an_event()
    going = guest_of(event)
    going.address, going.by_letter = "1 Example Street", True
    one = planned(event)

    send_planned(DAY_BEFORE)

    assert letters_to(going) == []
    notice = db.session.get_one(Notice, one.notice_id)
    assert on_paper(notice, DAY_BEFORE) == [going]
    olga = db.session.scalars(select(Person).where(Person.name == "Olga")).one()
    assert letters_to(olga) == [f"To be printed: Soon: {event.title}"]


@pytest.mark.parametrize("turn", ["cancel", "postpone", "stop"])
def test_none_goes_out_for_what_is_off_or_was_stopped(turn):
    event = an_event()
    going, one = guest_of(event), planned(event)
    one.stop(NOW) if turn == "stop" else getattr(event, turn)(NOW)
    db.session.commit()

    send_planned(DAY_BEFORE)

    assert letters_to(going) == []
    assert one.sent_at is None
    assert one.standing(DAY_BEFORE) is (Standing.STOPPED if turn == "stop" else Standing.WAITS)


def test_it_moves_along_with_its_event_and_goes_late_rather_than_never_but_not_once_that_has_begun():
    event = an_event("Talk")
    going = guest_of(event)
    planned(event)
    place(event, event.starts + timedelta(days=2), event.ends + timedelta(days=2))
    db.session.commit()

    send_planned(DAY_BEFORE + timedelta(hours=30))
    assert letters_to(going) == []
    send_planned(event.starts_at)
    assert letters_to(going) == []
    send_planned(event.starts_at - timedelta(minutes=5))
    assert letters_to(going) == ["Soon: Talk"]


def test_once_sent_it_is_not_repeated_by_itself_but_can_be_planned_anew_for_another_date(client):
    event, olga = an_event("Talk"), a_person("Olga", "organizer")
    going, one = guest_of(event), planned(event)
    send_planned(DAY_BEFORE)
    with pytest.raises(Refused, match="past already"):
        plan(event, Occasion.REMINDER, DAY, by=olga, now=DAY_BEFORE)
    place(event, event.starts + timedelta(days=30), event.ends + timedelta(days=30))
    db.session.commit()

    send_planned(event.starts_at - timedelta(hours=2))
    assert letters_to(going) == ["Soon: Talk"]
    client.sign_in(olga)
    assert "before the event was moved" in client.get(f"/organize/events/{event.id}/reminders").text
    plan(event, Occasion.REMINDER, DAY, by=olga, now=DAY_BEFORE)
    db.session.commit()
    send_planned(event.starts_at - timedelta(hours=2))

    assert letters_to(going) == ["Soon: Talk"] * 2
    assert db.session.scalars(select(Planned)).all() == [one]


def test_days_keep_the_time_of_day_where_the_clocks_change():
    event = an_event(starts=datetime(2027, 3, 28, 20), zone="Europe/Vienna")
    eve = an_event(starts=datetime(2027, 3, 29, 2, 30), zone="Europe/Vienna")

    assert Timing(event, Occasion.REMINDER, DAY).due_at == to_utc(datetime(2027, 3, 27, 20), "Europe/Vienna")
    assert event.starts_at - Timing(event, Occasion.REMINDER, DAY).due_at == timedelta(hours=23)
    assert Timing(eve, Occasion.REMINDER, DAY).due_at == to_utc(datetime(2027, 3, 28, 3, 30), "Europe/Vienna")


def test_whole_days_are_counted_from_their_morning():
    days = datetime(2027, 5, 6), datetime(2027, 5, 7)
    event = an_event(starts=days[0], ends=days[1], all_day=True, zone="UTC")

    assert Timing(event, Occasion.REMINDER, 120).wall == datetime(2027, 5, 6, 7)
    assert Timing(event, Occasion.THANKS, 60).wall == datetime(2027, 5, 7, 10)


def test_those_who_came_are_thanked_when_it_is_over():
    event = an_event("Talk")
    came, stayed_away = guest_of(event), guest_of(event)
    rsvp_of(event, came).checked_in_at = event.starts_at
    planned(event, Occasion.THANKS, 180)
    values = {"kind": MaterialKind.LINK, "url": "https://example.org/film", "title": "The film", "seen_by": Seen.CAME}
    for seen_by, title in ((Seen.CAME, "The film"), (Seen.MEMBERS, "The minutes")):
        add_material(event, values | {"seen_by": seen_by, "title": title}, None, by=a_person("", "organizer"), now=NOW)
    db.session.commit()

    send_planned(event.ends_at + timedelta(hours=2))
    assert letters_to(came) == []
    send_planned(event.ends_at + timedelta(hours=3))

    assert letters_to(came) == ["Thank you for coming: Talk"]
    assert letters_to(stayed_away) == []
    body = db.session.scalars(select(Letter.body).where(Letter.subject.contains("Thank you"))).one()
    assert "[The film](<https://example.org/film>)" in body
    assert "The minutes" not in body


def test_thanks_wait_for_those_who_are_noted_as_there_days_later():
    event = an_event("Talk")
    came = guest_of(event)
    one = planned(event, Occasion.THANKS, 180)
    send_planned(event.ends_at + timedelta(hours=3))
    assert one.standing(event.ends_at + timedelta(hours=3)) is Standing.PLANNED

    rsvp_of(event, came).checked_in_at = event.starts_at
    db.session.commit()
    for hours in (30, 31):
        send_planned(event.ends_at + timedelta(hours=hours))

    assert letters_to(came) == ["Thank you for coming: Talk"]
    assert one.standing(event.ends_at + timedelta(days=9)) is Standing.SENT


def test_thanks_that_reach_nobody_wait_for_others_and_who_prints_is_told_each_time():
    event = an_event("Talk")
    ann, ben, cem = (guest_of(event) for _ in range(3))
    ann.email = None
    for person in (ben, cem):
        person.address, person.by_letter = "1 Example Street", True
    planned(event, Occasion.THANKS)
    due = event.ends_at + timedelta(minutes=DAY)
    olga = db.session.scalars(select(Person).where(Person.name == "Olga")).one()
    for hours, person in enumerate((ann, ben, cem)):
        rsvp_of(event, person).checked_in_at = event.starts_at
        db.session.commit()
        for act in (send_planned, thank_more):
            act(due + timedelta(hours=hours))
        assert letters_to(olga) == ["To be printed: Thank you for coming: Talk"] * hours


def test_who_prints_late_thanks_is_led_to_those_alone_however_soon_after_the_others(client):
    event = an_event("Talk")
    early, late, later = (guest_of(event) for _ in range(3))
    for person in (early, late, later):
        person.address, person.by_letter = f"{person.id} Example Street", True
    planned(event, Occasion.THANKS)
    due = event.ends_at + timedelta(minutes=DAY)
    for seconds, person in enumerate((early, late, later)):
        rsvp_of(event, person).checked_in_at = event.starts_at
        db.session.commit()
        for act in (send_planned, thank_more):
            act(due + timedelta(seconds=seconds))
    olga = db.session.scalars(select(Person).where(Person.name == "Olga")).one()
    told = db.session.scalars(select(Letter.body).where(Letter.person_id == olga.id).order_by(Letter.id)).all()
    addresses = [re.search(r"/organize/notices/\d+\S*", body.replace("\\", ""))[0].rstrip(">)") for body in told]
    notice = db.session.scalars(select(Notice)).one()
    since = [int(address.partition("?since=")[2] or 0) for address in addresses]
    assert [on_paper(notice, due, since=number) for number in since] == [
        [early, late, later],
        [late, later],
        [later],
    ]
    page = client.sign_in(olga).get(addresses[2]).text
    assert "1 person gets it by post" in page
    assert f"letters.pdf?paper=a4&amp;since={since[2]}" in page
    assert client.get(f"/organize/notices/{notice.id}/labels.pdf?since=99").status_code == 303, "nobody came since"


def test_what_is_usual_is_planned_for_every_event_that_has_nothing_else_and_not_too_late():
    event, own = an_event(), an_event()
    an_event(starts=(NOW + timedelta(hours=2)).replace(tzinfo=None), zone="UTC")
    an_event(published_at=None)
    an_event(cancelled_at=NOW)
    planned(own, minutes=2 * DAY).stop(NOW)
    usually(remind_before=DAY)

    for _ in range(2):
        send_planned(NOW)

    rows = {(one.event_id, one.minutes) for one in db.session.scalars(select(Planned))}
    assert rows == {(event.id, DAY), (own.id, 2 * DAY)}


def test_what_is_past_or_there_already_is_refused():
    event, olga = an_event(), a_person("Olga", "organizer")
    planned(event)
    for minutes in (DAY, 40 * DAY):
        with pytest.raises(Refused):
            plan(event, Occasion.REMINDER, minutes, by=olga, now=NOW)
    one = planned(event, minutes=60)
    one.sent_at = NOW
    for act in (actions.stop, actions.resume):
        with pytest.raises(Refused):
            act(one, by=olga, now=NOW)


def test_an_organizer_plans_looks_moves_and_stops(client):
    event, olga = an_event("Ides of *March*"), a_person("Olga", "organizer")
    guest_of(event)
    client.sign_in(olga)
    here = f"/organize/events/{event.id}/reminders"

    typed = {"occasion": "reminder", "number": "2", "unit": "days"}
    assert client.post(here, data=typed).status_code == 303
    again = client.post(here, data=typed)
    assert again.status_code == 422
    assert "There is one at that time already" in again.text
    one = db.session.scalars(select(Planned)).one()
    page = client.get(f"{here}/{one.id}").text
    assert "Soon: Ides of *March*" in page
    assert "1 person." in page

    wall = event.starts - timedelta(hours=26, minutes=30)
    assert client.post(f"{here}/{one.id}", data={"at": f"{wall:%Y-%m-%dT%H:%M}"}).status_code == 303
    for wrong in (event.starts, event.starts - timedelta(days=50), event.starts - timedelta(days=70)):
        assert client.post(f"{here}/{one.id}", data={"at": f"{wrong:%Y-%m-%dT%H:%M}"}).status_code == 422
    client.post(f"{here}/{one.id}/stop")
    db.session.refresh(one)
    assert str(one.timing) == "1 day 2 hours 30 minutes before it begins"
    assert one.stopped_at
    assert "Stopped" in client.get("/organize/notices/planned").text
    client.post(f"{here}/{one.id}/resume")
    db.session.refresh(one)
    assert one.stopped_at is None


def test_the_list_of_all_asks_as_much_for_many_as_for_one(client, counted):
    client.sign_in(a_person("Olga", "organizer"))
    counts = []
    for _ in range(3):
        planned(an_event())
        with counted() as count:
            assert client.get("/organize/notices/planned").status_code == 200
        counts.append(len(count))
    assert counts[0] == counts[2]


def test_the_list_of_all_has_the_next_renewals_for_those_who_may_see_them(client, counted):
    today = today_in(society().zone, now())
    counts = []
    client.sign_in(a_person("Ada", "admin"))
    for number in range(3):
        last = today + timedelta(days=40 + number)
        a_membership(a_person(f"Member {number}"), starts_on=last - timedelta(days=364), ends_on=last)
        with counted() as count:
            page = client.get("/organize/notices/planned").text
        counts.append(len(count))
    assert counts[0] == counts[2]
    first = today + timedelta(days=10)
    assert f"/organize/renewals?on={first}&amp;what=30" in page
    assert page.count("Reminder, 30 days before the end") == 3
    assert "All of the next 60 days" in page

    client.sign_in(a_person("Olga", "organizer"))
    assert "Reminder, 30 days" not in client.get("/organize/notices/planned").text


def test_on_the_list_of_all_every_kind_is_in_reach_at_once(client, counted):
    """Reminders come in pages, below what is short; each kind is led to from the top with its number."""
    client.sign_in(ada := a_person("Ada", "admin"))
    for number in range(PAGE + 3):
        planned(an_event(f"Evening no. {number:02}"))
    last = today_in(society().zone, now()) + timedelta(days=40)
    a_membership(a_person("Mia"), starts_on=last - timedelta(days=364), ends_on=last)
    for number in range(AT_FIRST + 2):
        notice = Notice(kind="announcement", audience="everyone", subject=f"News {number}", body="x", author=ada)
        notice.created_at, notice.planned_at = now(), now() + timedelta(days=1)
        db.session.add(notice)
    with counted() as count:
        first = client.get("/organize/notices/planned").text
    second = client.get("/organize/notices/planned?page=2").text

    top = first.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    assert f'href="#notices">Notices ({AT_FIRST + 2})<' in top
    assert 'href="#renewals">Days of renewals (4)<' in top
    assert f'href="#reminders">Reminders and thanks ({PAGE + 3})<' in top
    assert "#seats" not in top
    below = [first.index(f'id="{name}"') for name in ("notices", "renewals", "reminders")]
    assert below == sorted(below), "what is short comes first"
    assert "<summary>2 more</summary>" in first
    assert (first.count("Evening no."), second.count("Evening no.")) == (PAGE, 3)
    assert 'href="/organize/notices/planned?page=2#reminders"' in first
    assert client.get("/organize/notices/planned?page=99").status_code == 200
    assert client.get("/organize/notices/planned?page=-1").status_code == 200
    assert len(count) <= 20


def test_who_is_noted_as_there_once_the_thanks_have_left_is_thanked_once_but_not_weeks_later():
    event = an_event("Talk")
    ann, ben, cem = (guest_of(event) for _ in range(3))
    planned(event, Occasion.THANKS)
    rsvp_of(event, ann).checked_in_at = event.starts_at
    db.session.commit()
    due = event.ends_at + timedelta(minutes=DAY)
    send_planned(due)
    thank_more(due)
    assert letters_to(ann) == ["Thank you for coming: Talk"]

    rsvp_of(event, ben).checked_in_at = event.starts_at
    db.session.commit()
    for hours in (1, 2):
        thank_more(due + timedelta(hours=hours))
    assert letters_to(ben) == letters_to(ann) == ["Thank you for coming: Talk"]

    rsvp_of(event, cem).checked_in_at = event.starts_at
    db.session.commit()
    thank_more(due + timedelta(days=7))
    assert letters_to(cem) == []


def test_thanks_that_were_taken_back_go_to_nobody():
    event = an_event("Talk")
    ann = guest_of(event)
    one = planned(event, Occasion.THANKS)
    rsvp_of(event, ann).checked_in_at = event.starts_at
    db.session.commit()
    due = event.ends_at + timedelta(minutes=DAY)
    send_planned(due)
    take_back(one.notice, by=a_person("Olga", "organizer"), now=due)
    db.session.commit()

    thank_more(due + timedelta(minutes=1))

    assert letters_to(ann) == []


def test_thanks_that_cannot_be_sent_to_more_keep_no_others(monkeypatch):
    events = [an_event("First"), an_event("Second")]
    late = []
    for event in events:
        early, came = guest_of(event), guest_of(event)
        planned(event, Occasion.THANKS)
        rsvp_of(event, early).checked_in_at = event.starts_at
        late.append(came)
    db.session.commit()
    due = max(event.ends_at for event in events) + timedelta(minutes=DAY)
    send_planned(due)
    for event, person in zip(events, late, strict=True):
        rsvp_of(event, person).checked_in_at = event.starts_at
    db.session.commit()

    def fails_of_first(notice, now):
        if notice.event.title == "First":
            raise ValueError("no letter")
        return send_to_more(notice, now)

    monkeypatch.setattr(actions, "send_to_more", fails_of_first)
    thank_more(due)

    assert [letters_to(person) for person in late] == [[], ["Thank you for coming: Second"]]


def test_who_moves_one_that_another_has_moved_meanwhile_is_told(client, app):
    event = an_event(starts=NEXT_MONTH)
    one = planned(event)
    there = f"/organize/events/{event.id}/reminders/{one.id}"
    client.sign_in(a_person("Olive", "organizer"))
    other = app.test_client().sign_in(a_person("Theo Other", "organizer"))
    opened = fields_of(client.get(there).text)
    earlier = [f"{NEXT_MONTH - timedelta(days=days):%Y-%m-%dT%H:%M}" for days in (2, 3)]
    assert other.post(there, data=typed(opened, at=earlier[0])).status_code == 303

    answer = client.post(there, data=typed(opened, at=earlier[1]))

    assert answer.status_code == 422
    assert "Theo Other saved this notice" in answer.text
    assert "You both changed this" in answer.text
    shown = fields_of(answer.text)
    assert shown["at"] == earlier[1]
    assert client.post(there, data=shown).status_code == 303

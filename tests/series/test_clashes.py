"""What the evenings of a series would meet at their place, told before they change."""

from datetime import timedelta

from society.agenda.planning import Plan
from society.db import db
from society.events.models import Event, Speaker
from society.rsvps.agenda import enter
from tests.builders import NOW, a_person, a_venue, an_event
from tests.series.test_actions import START, evenings, organizer
from tests.series.test_one_letter import later, words

__all__ = ["evenings", "organizer"]

HOUR = timedelta(hours=1)


def at_the_mill(title, starts, venue, speaker=""):
    event = an_event(title, venue=venue, room="Green Room", starts=starts, ends=starts + HOUR)
    if speaker:
        event.speakers = [Speaker(position=0, name=speaker)]
    return event


def test_each_evening_is_shown_with_what_it_would_meet_when_all_are_moved(client, evenings, organizer, counted):
    """The Green Room is theirs at eight, and others have it at ten; they would stay until half past."""
    venue = a_venue("The Mill")
    for event in evenings:
        event.venue, event.room = venue, "Green Room"
        event.speakers = [Speaker(position=0, name="Ada Example")]
    later_on = [event.starts.replace(hour=22, minute=0) for event in evenings]
    at_the_mill("Chess", later_on[1], venue)
    at_the_mill("Lecture", later_on[2], a_venue("Another"), "Ada Example")
    db.session.commit()
    client.sign_in(organizer)
    clocks = {"starts_at": f"{START:%Y-%m-%dT21:30}", "ends_at": f"{START:%Y-%m-%dT22:30}"}

    page = words(later(client, evenings, **clocks).text)

    assert page.count("Booked twice, with Chess") == 1
    assert page.count("Ada Example is to speak at the same time at Lecture") == 1
    assert "Chess" not in words(later(client, evenings, title="Reading aloud").text)

    def cost():
        with counted() as count:
            later(client, evenings, **clocks)
        return len(count)

    few = cost()
    for number, at in enumerate(later_on[3:]):
        at_the_mill(f"More {number}", at, venue, "Ada Example")
    db.session.commit()
    assert cost() == few


WEEK = timedelta(days=7)
FOUR = {"every": "week", "interval": "1", "count": "4"}


def dates(page):
    """By line, each date with what it would meet."""
    return [words(line) for line in page.text.split("<li>")[1:]]


def test_each_date_of_a_new_series_is_shown_with_what_it_would_meet(client, organizer, counted):
    """With an agenda that moves along: Ada is in the chair there, an hour later."""
    venue = a_venue("The Mill")
    event = an_event("Reading", venue=venue, room="Green Room", starts=START, ends=START + 2 * HOUR)
    later_on = Plan("Talk", START + HOUR, START + 2 * HOUR, room="Loft", chair="Ada Example")
    enter(event, [later_on], by=a_person(), now=NOW)
    at_the_mill("Chess", START + WEEK, venue)
    at_the_mill("Lecture", START + 2 * WEEK + HOUR, a_venue("Another"), "Ada Example")
    at_the_mill("Too early", START + 3 * WEEK, a_venue("A third"), "Ada Example")
    db.session.commit()
    client.sign_in(organizer)

    def page():
        return client.post(f"/organize/events/{event.id}/series", data=FOUR)

    one, two, three = dates(page())[-3:]
    assert "Booked twice, with Chess" in one
    assert "Ada Example is to speak at the same time at Lecture" in two
    assert "same time" not in three
    assert db.session.query(Event).count() == 4

    def cost():
        db.session.expire_all()
        with counted() as count:
            page()
        return len(count)

    few = cost()
    at_the_mill("More", START + 3 * WEEK + HOUR, venue, "Ada Example")
    db.session.commit()
    assert cost() == few


def test_dates_that_another_rule_makes_meet_none_of_those_that_it_calls_off(client, evenings, organizer):
    """Every third week instead: the second was moved by hand, lasts into a day of that, and goes."""
    venue = a_venue("The Mill")
    for event in evenings:
        event.venue, event.room = venue, "Green Room"
    first, second = evenings[:2]
    eve = first.starts + 6 * WEEK - 24 * HOUR
    second.schedule(eve, eve + 25 * HOUR, second.zone, all_day=False)
    db.session.commit()
    client.sign_in(organizer)

    def page():
        shown = client.post(f"/organize/events/{first.id}/series/rule", data={**FOUR, "interval": "3"})
        return words(shown.text)

    assert "Called off" in page()
    assert "Booked twice" not in page()
    at_the_mill("Chess", first.starts + 6 * WEEK, venue)
    db.session.commit()
    assert page().count("Booked twice, with Chess") == 1

"""What the evenings of a series would meet at their place, told before they change."""

from datetime import timedelta

from society.db import db
from society.events.models import Speaker
from tests.builders import a_venue, an_event
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

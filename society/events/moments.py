"""What is told from an event's start on: until when answers are taken, members come first, people are counted.

All of these are wall clocks in the event's zone. When the event gets another start they keep their distance to it,
unless an organizer says otherwise: left where they were, answers would be closed on a day that means nothing any more,
and an event that waits for its fewest people would be called off by a count that nobody could reach.
"""

from datetime import datetime, timedelta

from society.events.models import Event
from society.events.render import spoken_moment, spoken_time
from society.times import place_of, shown_from, that_exists

MOMENTS = {
    "rsvp_deadline": "The end of answers",
    "members_first_until": "The end of “members first”",
    "minimum_by": "The day on which people are counted",
}
"""By field, how each is called in a sentence."""


def moments_of(event: Event) -> dict[str, datetime]:
    """Those that the event has."""
    found = {name: getattr(event, name) for name in MOMENTS}
    return {name: moment for name, moment in found.items() if moment is not None}


def shifted(event: Event, by: timedelta) -> dict[str, datetime]:
    """What they become when it starts so much later; clocks may jump over them there."""
    return {name: moment + by for name, moment in moments_of(event).items()}


def shift(event: Event, by: timedelta) -> None:
    """Have them keep their distance to a start that is so much later; the event is at its new time already.

    Where clocks jump over such a moment on its new day, it becomes the one that they show instead.
    """
    for name, moment in shifted(event, by).items():
        setattr(event, name, that_exists(moment, event.zone))
    if event.minimum_by:
        event.minimum_judged_at = None
    event.rsvp_closes_at = shown_from(event.rsvp_deadline, event.zone) if event.rsvp_deadline else None


def jump(wall: datetime, zone: str) -> str | None:
    """A sentence where clocks jump over a moment that moved along; None where they show it."""
    instead = that_exists(wall, zone)
    if instead == wall:
        return None
    day = f"{spoken_time(wall)} on {wall:%-d %B %Y}"
    return f"Clocks in {place_of(zone)} jump over {day}; {spoken_time(instead)} is meant instead."


def uncounted(moment: datetime) -> str:
    """A sentence for a count of people that would fall on a time that is over."""
    return f"Whether enough people come would be counted on {spoken_moment(moment)}, which is over already."


def why_not_now(event: Event, now: datetime) -> str:
    """Why a draft that is not over cannot be published now; empty where it can."""
    by = event.minimum_by_at
    return uncounted(event.minimum_by) if event.minimum_by and by and by <= now < event.starts_at else ""


def why_unplanned(event: Event, at: datetime | None) -> str:
    """Why a draft cannot be published then; empty where it can."""
    if at is not None and at >= event.ends_at:
        return "The event is over by then."
    if at is not None and event.minimum_by_at and at >= event.minimum_by_at:
        return "Whether enough people come would be counted before that."
    return ""

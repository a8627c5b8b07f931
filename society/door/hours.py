"""When a door opens to helpers, and on which day somebody is seen there."""

from datetime import date, datetime, timedelta

from society.door.models import DoorKey
from society.events.models import Event
from society.events.render import spoken_in
from society.people.models import Person
from society.times import midnight, today_in

BEFORE_THE_START = timedelta(hours=6)


def opens_at(event: Event) -> datetime:
    """When its first day begins where it is; for what begins early that day, some hours before."""
    return min(midnight(event.starts.date(), event.zone), event.starts_at - BEFORE_THE_START)


def opening(event: Event) -> str:
    """The rule, in words."""
    day = f"The door opens {spoken_in(opens_at(event), event.zone)}: when the day of the event begins, or six hours "
    return f"{day}before the start if that is earlier."


def too_early(event: Event, now: datetime, by: Person | DoorKey) -> str:
    """Why a helper checks nobody in yet; empty once the door is open. Organizers may ahead of it, as at a desk on the
    evening before."""
    return f"Nobody is checked in yet. {opening(event)}" if isinstance(by, DoorKey) and is_ahead(event, now) else ""


def is_ahead(event: Event, now: datetime) -> bool:
    """Whether the door is not open yet."""
    return now < opens_at(event)


def earliest(event: Event, now: datetime) -> datetime:
    """Before which nobody was let in, whatever a phone's clock says."""
    return min(opens_at(event), now)


def lasts_days(event: Event) -> bool:
    """Whether whoever was there may come again another day."""
    return event.ends - event.starts > timedelta(days=1)


def day_at(event: Event, at: datetime) -> date | None:
    """The day there; None where an event is over on the day on which it began, so that all is one."""
    return today_in(event.zone, at) if lasts_days(event) else None


def came_back(event: Event, seen: datetime | None, at: datetime) -> bool:
    """Whether whoever was `seen` comes again on a later day."""
    return seen is not None and lasts_days(event) and today_in(event.zone, at) > today_in(event.zone, seen)


def day_began(event: Event, now: datetime) -> datetime:
    """When the day began there."""
    return midnight(today_in(event.zone, now), event.zone)

"""What occurrences of a series have in common, in a form that can be compared and handed on from one to another."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from society.backings.entering import set_backers
from society.events.models import Backing, BackingRole, BackingState, Event, Speaker
from society.events.moments import MOMENTS
from society.people.models import Person
from society.times import NoSuchTime, shown_from, to_utc

PLAIN = (
    *(
        "title",
        "summary",
        "description",
        "category",
        "tags",
        "daily",
        "venue",
        "room",
        "online_url",
        "online_minutes",
        "instructions",
        "visibility",
        "rsvp_policy",
    ),
    *("capacity", "max_party_size", "confirm_minutes", "minimum", "minimum_cancels", "price", "currency"),
    "members_free",
)
LABELS = {
    "clock": "When",
    "daily": "In calendars",
    "online_url": "Online link",
    "online_minutes": "Online link shown",
    "instructions": "For those who come",
    "rsvp_policy": "Who may answer",
    "visibility": "Who may see it",
    "max_party_size": "Largest party",
    "rsvp_deadline": "Answers until",
    "members_first_until": "Members first",
    "minimum_by": "Fewest people, counted on",
    "minimum_cancels": "What happens with too few",
    "confirm_minutes": "How long an offered seat is kept",
    "members_free": "Free for members",
}

Values = dict[str, Any]


def values_of(event: Event) -> Values:
    """All that a change can hand on. The clock is told from the day of the rule, the moments from the start."""
    day = datetime.combine(event.series_on or event.starts.date(), datetime.min.time())
    return {
        **{name: getattr(event, name) for name in PLAIN},
        **{name: _before_start(event, getattr(event, name)) for name in MOMENTS},
        "clock": (event.starts - day, event.ends - event.starts, event.zone, event.all_day),
        "picture": event.shown,
        "speakers": tuple((speaker.name, speaker.about) for speaker in event.speakers),
        **{f"{role}s": _backed_by(event, role) for role in BackingRole},
    }


def _backed_by(event: Event, role: BackingRole) -> tuple[int, ...]:
    """Who is named or asked: a contact's word is for one evening, and makes it no other than those it was asked of."""
    found = _backings(event, role, BackingState.CONFIRMED, BackingState.PROPOSED)
    return tuple(backing.organization_id for backing in found)


def _backings(event: Event, role: BackingRole, *states: BackingState) -> list[Backing]:
    return [backing for backing in event.backings if backing.role is role and backing.state in states]


def _before_start(event: Event, moment: datetime | None) -> timedelta | None:
    return event.starts - moment if moment else None


def label(name: str) -> str:
    """How a value is called on a page."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def changed(was: Values, now: Values) -> set[str]:
    """The names of the values that differ."""
    return {name for name in was if was[name] != now[name]}


def own(was: Values, names: Iterable[str], other: Event, wanted: Values) -> set[str]:
    """Which of them an occurrence has otherwise already, by hand, and keeps."""
    have = values_of(other)
    return {name for name in names if have[name] != was[name] and have[name] != wanted[name]}


def take_over(other: Event, names: set[str], wanted: Values, by: Person | None, now: datetime) -> None:
    """Give these values to an occurrence."""
    for name in names & set(PLAIN):
        setattr(other, name, wanted[name])
    if "picture" in names:
        other.show(wanted["picture"])
    minimum_by = other.minimum_by
    _set_moments(other, names, wanted)
    if "minimum" in names or other.minimum_by != minimum_by:
        other.minimum_judged_at = None
    if "speakers" in names:
        lines = enumerate(wanted["speakers"])
        other.speakers = [Speaker(position=n, name=name, about=about) for n, (name, about) in lines]
    for role in BackingRole:
        if f"{role}s" in names:
            asked = {backing.organization_id for backing in _backings(other, role, BackingState.PROPOSED)}
            set_backers(other, role, [body for body in wanted[f"{role}s"] if body not in asked], by, now)


def _set_moments(other: Event, names: set[str], wanted: Values) -> None:
    """The clock, and what is told from it on: that moves along where it is not changed itself."""
    had = values_of(other)
    if "clock" in names:
        place_on(other, other.series_on or other.starts.date(), wanted)
    for name in MOMENTS:
        ahead = (wanted if name in names else had)[name]
        setattr(other, name, other.starts - ahead if ahead is not None else None)
    other.rsvp_closes_at = shown_from(other.rsvp_deadline, other.zone) if other.rsvp_deadline else None


def fits(wanted: Values, day: date) -> bool:
    """Whether clocks show all of its times on that day."""
    ahead, length, zone, all_day = wanted["clock"]
    starts = datetime.combine(day, datetime.min.time()) + ahead
    walls = [] if all_day else [starts, starts + length]
    walls += [starts - wanted[name] for name in MOMENTS if wanted[name] is not None]
    try:
        for wall in walls:
            to_utc(wall, zone)
    except NoSuchTime:
        return False
    return True


def impossible(other: Event, names: set[str], wanted: Values) -> set[str]:
    """Which of these values an occurrence cannot be given: as clocks jump over the times that they make of its own, as
    fewer seats than must come would be left, or as an organization that it names has said no to it."""
    return (
        _impossible_times(other, names, wanted)
        | _impossible_seats(other, names, wanted)
        | {
            f"{backing.role}s"
            for backing in other.backings
            if f"{backing.role}s" in names and backing.refusal and backing.organization_id in wanted[f"{backing.role}s"]
        }
    )


def _impossible_seats(other: Event, names: set[str], wanted: Values) -> set[str]:
    capacity, minimum = (wanted[name] if name in names else getattr(other, name) for name in ("capacity", "minimum"))
    if not capacity or not minimum or minimum <= capacity:
        return set()
    return names & {"minimum", "minimum_by", "minimum_cancels"} if "minimum" in names else {"capacity"}


def _impossible_times(other: Event, names: set[str], wanted: Values) -> set[str]:
    day, got = other.series_on or other.starts.date(), values_of(other)
    times = [name for name in ("clock", *MOMENTS) if name in names]
    if fits(got | {name: wanted[name] for name in times}, day):
        return set()
    found = set()
    for name in times:
        tried = got | {name: wanted[name]}
        if fits(tried, day):
            got = tried
        else:
            found.add(name)
    return found


def place_on(event: Event, day: date, wanted: Values) -> None:
    """Set its clock for a day of the rule; what was put off stays so.

    Raises NoSuchTime where clocks jump over it on that day.
    """
    ahead, length, zone, all_day = wanted["clock"]
    starts, put_off = datetime.combine(day, datetime.min.time()) + ahead, event.postponed_at
    event.schedule(starts, starts + length, zone, all_day=all_day)
    event.postponed_at = put_off  # it waits for a date of its own, which another hour for all is not

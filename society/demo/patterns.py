"""Templates: what the demo's organizers begin events with."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from society.demo.chance import Chance
from society.demo.people import ORGANIZER
from society.demo.setting import EXCURSIONS, LECTURES, VENUES, ZONE
from society.events.models import Category, Event, RsvpPolicy, Venue, Visibility, instants
from society.times import to_wall


class Pattern(NamedTuple):
    """What one of them fills in. The weekday counts from Monday as 0."""

    name: str
    title: str
    category: str
    venue: str
    room: str
    weekday: int
    starts: time
    minutes: int
    capacity: int | None
    party: int
    summary: str
    description: str


PATTERNS = (
    Pattern(
        "A lecture in the Great Hall",
        "Wednesday lecture",
        LECTURES,
        "The Corn Exchange",
        VENUES[0].rooms[0],
        2,
        time(19, 30),
        90,
        VENUES[0].capacity,
        4,
        "An hour's talk, and as long again for questions.",
        "*What it is about, and who will speak.*\n\n- Tea from seven o'clock\n- Hearing loop in the hall",
    ),
    Pattern(
        "A walk on a Sunday",
        "Sunday walk",
        EXCURSIONS,
        "Market Square",
        "",
        6,
        time(10),
        240,
        25,
        2,
        "Eight miles on good paths, with somebody who knows what we pass.",
        "*Where to, and what for.*\n\n- From the fountain, and back at two\n- Stout shoes, and something to eat",
    ),
)


def templates(
    now: datetime, venues: Sequence[Venue], categories: dict[str, Category], chance: Chance
) -> Iterator[Event]:
    """Each on the first of its weekdays two weeks on."""
    places = {venue.name: venue for venue in venues}
    today = to_wall(now, ZONE).date()
    for pattern in PATTERNS:
        day = today + timedelta(days=14 + (pattern.weekday - today.weekday()) % 7)
        starts = datetime.combine(day, pattern.starts)
        ends = starts + timedelta(minutes=pattern.minutes)
        starts_at, ends_at = instants(starts, ends, ZONE, all_day=False)
        yield Event(
            template_name=pattern.name,
            title=pattern.title,
            summary=pattern.summary,
            description=pattern.description,
            uid=f"{chance.token(24)}@society.event",
            category_id=categories[pattern.category].id,
            venue_id=places[pattern.venue].id,
            room=pattern.room,
            starts=starts,
            ends=ends,
            zone=ZONE,
            starts_at=starts_at,
            ends_at=ends_at,
            all_day=False,
            capacity=pattern.capacity,
            max_party_size=pattern.party,
            visibility=Visibility.PUBLIC,
            rsvp_policy=RsvpPolicy.OPEN,
            created_by_id=ORGANIZER,
            created_at=now - timedelta(days=200),
            revised_at=now - timedelta(days=200),
        )

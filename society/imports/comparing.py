"""What a file says of an event beside what stands here."""

import hashlib
import re
from datetime import datetime, timedelta

from society.events.changes import WHO_SEES, differences
from society.events.models import Event, Visibility
from society.events.moments import MOMENTS, shifted
from society.events.render import spoken_day, spoken_moment
from society.imports.models import ImportedEvent
from society.imports.places import Places
from society.imports.plain import Read

ROOM = 100
"""Characters of a place that is kept as text."""


def is_link(place: str) -> bool:
    """Whether what is called a place is where it is held online."""
    return place.startswith(("https://", "http://")) and " " not in place


def described(read: Read) -> str:
    """The text as Markdown that shows it as it was written, with the address it had."""
    text = re.sub(r"([\\`*_\[\]<>#~|])", r"\\\1", read.description)
    return f"{text}\n\n<{read.url}>".strip() if read.url else text


def made_of(event: Event) -> str:
    """The same for as long as nobody changes what an import sets."""
    return mark(marked(event), event.venue_id, event.category_id)


def is_as_made(row: ImportedEvent) -> bool:
    """Whether it stands as the import left it."""
    return row.as_made in (made_of(row.event), mark(marked(row.event), row.event.venue_id))


def shape(event: Event) -> tuple[object, ...]:
    """What all evenings of a series have alike."""
    length, place = event.ends - event.starts, (event.venue_id, event.room, event.online_url)
    said = (event.title, event.description, event.tags, event.category_id)
    return (*said, *place, event.starts.time(), length, event.zone, event.all_day)


def along(event: Event, read: Read) -> str:
    """Which of its moments go along with the start, in words."""
    going = shifted(event, read.starts - event.starts).items() if read.starts != event.starts else ()
    return " ".join(f"{MOMENTS[name]} goes along, to {spoken_moment(moment)}." for name, moment in going)


Said = tuple[tuple[object, ...], tuple[object, ...]]


def marked(event: Event) -> Said:
    """What an import sets of an event, but for its venue and its category, which may be still to be stored."""
    tags = [event.tags] if event.tags else []  # told of by none before there were any
    said = (event.title, event.description, event.starts, event.ends, event.zone, event.all_day)
    return said, (event.room, event.online_url, *tags)


def mark(said: Said, venue: int | None, *category: int | None) -> str:
    """The same in short, with the numbers of the venue and the category; earlier ones did not note the category."""
    more = [("category", number) for number in category]
    return hashlib.sha256(repr((*said[0], venue, *said[1], *more)).encode()).hexdigest()[:32]


def changes(event: Event, read: Read, places: Places, *, make_new: bool) -> str:
    """Each field in which the file differs, with what it is here and there."""
    found = differences(_here(event), _there(event, read, places, make_new=make_new))
    return " ".join(f"{one.label}: {_quoted(one.old)} here, {_quoted(one.new)} there." for one in found)


def _here(event: Event) -> dict[str, str]:
    return {
        "title": event.title,
        "when": _span(event.starts, event.ends, all_day=event.all_day),
        "zone": event.zone,
        "place": event.place if event.venue or event.room else "",
        "online_url": event.online_url,
        "description": event.description,
        "category": event.category.name if event.category else "",
        "tags": event.tags,
        "visibility": WHO_SEES[event.visibility],
    }


def _there(event: Event, read: Read, places: Places, *, make_new: bool) -> dict[str, str]:
    """What reading it in makes of each."""
    known = places.categories.get(read.category.casefold())
    category = known.name if known else read.category if make_new else ""
    return {
        "title": read.title,
        "when": _span(read.starts, read.ends, all_day=read.all_day),
        "zone": read.zone,
        "place": _place(read.place, places, make_new=make_new),
        "online_url": read.place if is_link(read.place) else "",
        "description": described(read),
        "category": category if read.category else event.category.name if event.category else "",
        "tags": read.tags or event.tags,
        "visibility": WHO_SEES[Visibility.MEMBERS if read.private else event.visibility],
    }


def _place(said: str, places: Places, *, make_new: bool) -> str:
    if is_link(said):
        return ""
    venue = places.venue(said)
    if venue:
        return ", ".join(filter(None, [venue.name, venue.address]))
    return said if make_new else said[:ROOM]


def _span(starts: datetime, ends: datetime, *, all_day: bool) -> str:
    if all_day:
        return f"{spoken_day(starts)} to {spoken_day(ends - timedelta(days=1))}"
    return f"{spoken_moment(starts)} to {spoken_moment(ends)}"


def _quoted(said: str) -> str:
    return f"“{said}”" if said else "nothing"

"""Builders: the shortest way to rows that a test needs, each valid as it stands."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image
from sqlalchemy import select

from society.db import db
from society.events.models import Backing, BackingRole, BackingState, Event, Venue
from society.mail.models import Letter
from society.membership.models import Membership, Status, Tier
from society.organizations.models import Organization
from society.people.models import Person, Role, RoleName
from society.times import that_exists, to_utc, to_wall, today_in

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
"""When the tests' stories take place: today, since requests read the clock. What turns on a date names its own."""

TODAY = today_in("America/New_York", NOW)
"""The date where the society is: in UTC it may be the next one already."""

NEXT_MONTH = datetime.combine(TODAY + timedelta(days=29), time(20, 0))
"""Eight in the evening, four weeks on, by the clock on the wall."""

SOON = to_wall(NOW + timedelta(hours=5), "America/New_York")
"""Some hours on, by the clock on the wall where events are unless told otherwise: the door is open by now."""

BY_DAY = f"Etc/GMT{NOW.hour - 12:+d}"
"""A zone in which it is about noon as the tests run: nothing that they bring about there waits for a morning."""

_numbers = count(1)


def a_person(name: str = "", *roles: str, **values: Any) -> Person:
    """Someone with a verified address."""
    number = next(_numbers)
    person = Person(
        name=name or f"Person {number}",
        **{"email": f"person{number}@example.org", "verified_at": NOW, "created_at": NOW, **values},
    )
    person.roles = [Role(name=RoleName(role), given_at=NOW) for role in roles]
    return _kept(person)


def an_organization(name: str = "", article: str = "the", **values: Any) -> Organization:
    number = next(_numbers)
    name = name or f"Organization {number}"
    return _kept(
        Organization(name=name, name_key=name.lower(), article=article, slug=f"org-{number}", created_at=NOW, **values)
    )


def a_venue(name: str = "", **values: Any) -> Venue:
    number = next(_numbers)
    values = {"zone": "America/New_York", "slug": f"venue-{number}", **values}
    return _kept(Venue(name=name or f"Hall {number}", **values))


def an_event(title: str = "", **values: Any) -> Event:
    """A published public evening in New York, next month, unless told otherwise.

    `published_at=None` gives a draft. The instants follow from `starts`, `ends` and `zone`. A time over which clocks
    jump there, which turns on the day of the run, becomes what they show instead.
    """
    number = next(_numbers)
    values = {
        "starts": NEXT_MONTH,
        "zone": "America/New_York",
        "published_at": NOW - timedelta(days=10),
        "created_at": NOW - timedelta(days=11),
        "revised_at": NOW - timedelta(days=10),
        **values,
    }
    values.setdefault("ends", values["starts"] + timedelta(minutes=90))
    for name in ("starts", "ends", "rsvp_deadline"):
        if wall := values.get(name):
            values[name] = that_exists(wall, values["zone"])
    if values["published_at"]:
        values.setdefault("slug", f"event-{number}")
    if deadline := values.get("rsvp_deadline"):
        values["rsvp_closes_at"] = to_utc(deadline, values["zone"])
    event = Event(
        title=title or f"Evening {number}",
        starts_at=to_utc(values["starts"], values["zone"]),
        ends_at=to_utc(values["ends"], values["zone"]),
        **values,
    )
    return _kept(event)


def a_tier(name: str = "", **values: Any) -> Tier:
    """A free membership for the calendar year, for which one applies, unless told otherwise."""
    return _kept(Tier(name=name or f"Tier {next(_numbers)}", **values))


def a_membership(person: Person, tier: Tier | None = None, **values: Any) -> Membership:
    """A period that began a month ago and lasts for another year, unless told otherwise."""
    values = {
        "status": Status.ACTIVE,
        "starts_on": TODAY - timedelta(days=30),
        "ends_on": TODAY + timedelta(days=365),
        "recorded_at": NOW,
        **values,
    }
    values.setdefault("good_until", values["ends_on"])
    return _kept(Membership(person=person, tier=tier or a_tier(), **values))


def a_backing(event: Event, name: str, role: str, state: str = "confirmed", **values: Any) -> Backing:
    """An organization that backs the event, by default with its word given."""
    backing = Backing(
        organization=an_organization(name, **values),
        role=BackingRole(role),
        state=BackingState(state),
        position=len(event.backings),
    )
    event.backings.append(backing)
    return _kept(backing)


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def letters_to(person: Person) -> list[str]:
    """The subjects of what they were written, in order."""
    rows = select(Letter.subject).where(Letter.person_id == person.id).order_by(Letter.id)
    return list(db.session.scalars(rows))


def a_photo(width: int = 500, height: int = 300, form: str = "JPEG", mode: str = "RGB", **saved: Any) -> bytes:
    """The bytes of a picture."""
    file = BytesIO()
    Image.new(mode, (width, height), "teal" if mode.startswith("RGB") else 0).save(file, form, **saved)
    return file.getvalue()

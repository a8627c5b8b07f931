"""Builders: the shortest way to rows that a test needs, each valid as it stands."""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

from society.db import db
from society.events.models import Event, Venue
from society.organizations.models import Organization
from society.people.models import Person, Role, RoleName
from society.times import to_utc

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
"""When the tests' stories take place: today, since requests read the clock. What turns on a date names its own."""

NEXT_MONTH = datetime.combine(NOW.date() + timedelta(days=29), time(20, 0))
"""Eight in the evening, four weeks on, by the clock on the wall."""

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

    `published_at=None` gives a draft. The instants follow from `starts`, `ends` and `zone`.
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


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row

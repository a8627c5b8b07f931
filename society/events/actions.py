"""What organizers do to events, venues and categories; who must be told of it is for slices further right."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from society.audit.actions import record
from society.db import db
from society.events.forms import EventForm
from society.events.known_venues import meant
from society.events.models import Category, Event, RsvpPolicy, Speaker, Venue, Visibility
from society.fields import on_one_line
from society.organizations.models import Organization
from society.people.models import Person
from society.pictures.models import Picture, Shown
from society.slugs import free_slug
from society.times import to_utc

KEPT_UNUSED = timedelta(days=1)
RESERVED = {"past", "new", "month"}
"""Addresses under `/events/` that are no event's."""


def apply(event: Event, form: EventForm) -> None:
    """Set all but its backers to what the form says; new venues and categories are made on the way."""
    wanted = form.event_values()
    event.schedule(wanted["starts"], wanted["ends"], form.timezone.data, all_day=form.all_day.data)
    for field in ("title", "summary", "description", "room", "online_url", "instructions", "capacity"):
        setattr(event, field, wanted[field])
    if event.off:
        event.why_off = wanted["why_off"]
    event.max_party_size, event.online_minutes = wanted["max_party_size"], wanted["online_minutes"]
    event.tags, event.daily = wanted["tags"], wanted["daily"]
    event.visibility = Visibility(form.visibility.data)
    event.rsvp_policy = RsvpPolicy(form.rsvp_policy.data)
    event.rsvp_deadline = wanted["rsvp_deadline"]
    event.rsvp_closes_at = to_utc(event.rsvp_deadline, event.zone) if event.rsvp_deadline else None
    _set_conditions(event, wanted["conditions"])
    event.category = _category(form)
    event.venue = _venue(form)
    _set_speakers(event, form.speakers_named())
    if form.held:
        event.show(Shown(form.held, form.image_alt.data or ""))
    db.session.flush()


def _set_conditions(event: Event, wanted: dict[str, Any]) -> None:
    """A minimum that was changed is counted anew."""
    if (event.minimum, event.minimum_by) != (wanted["minimum"], wanted["minimum_by"]):
        event.minimum_judged_at = None
    for field, value in wanted.items():
        setattr(event, field, value)


def _category(form: EventForm) -> Category | None:
    if name := form.category_name.data:
        return category_named(name)
    return db.session.get(Category, form.category.data) if form.category.data else None


def category_named(name: str) -> Category:
    """The category of that name, whatever its case, or a new one."""
    known = {category.name.casefold(): category for category in db.session.scalars(select(Category))}
    if found := known.get(name.casefold()):
        return found
    made = Category(name=name, slug=_free_slug(Category.slug, name))
    db.session.add(made)
    return made


def _venue(form: EventForm) -> Venue | None:
    if name := form.venue_name.data:
        return venue_named(name, form.venue_address.data or "", form.timezone.data)
    return db.session.get(Venue, form.venue.data) if form.venue.data else None


def venue_named(name: str, address: str, zone: str) -> Venue:
    """The venue of that name and address; without an address, the only one of that name; or a new one."""
    found = venue_among(db.session.scalars(select(Venue)), name, address)
    if found is None:
        found = Venue(name=name, address=address, zone=zone, slug=_free_slug(Venue.slug, name))
        db.session.add(found)
    return found


def venue_among(venues: Iterable[Venue], name: str, address: str) -> Venue | None:
    """The one of that name and address; without an address, the only one of that name. All that is typed is kept: an
    address that is not just that of a known venue makes another."""
    found = meant(venues, name, address)
    return found[0] if len(found) == 1 else None


def _set_speakers(event: Event, lines: list[tuple[str, str]]) -> None:
    """Rewritten only if they changed, so that an untouched list keeps its rows."""
    if [(speaker.name, speaker.about) for speaker in event.speakers] != lines:
        event.speakers = [Speaker(position=n, name=name, about=about) for n, (name, about) in enumerate(lines)]


def free_event_slug(title: str) -> str:
    """The address that an event of that title gets."""
    return _free_slug(Event.slug, title)


def _free_slug(column: InstrumentedAttribute[Any], name: str) -> str:
    return free_slug(name, column, reserved=RESERVED)


def duplicate(event: Event, by: Person | None, now: datetime) -> Event:
    """A draft with everything of the event but its address, its backers, its answers and its past."""
    copied = (
        "title summary description category_id tags daily starts ends zone starts_at ends_at all_day venue_id "
        "picture_id picture_alt picture_credit room online_url online_minutes instructions visibility rsvp_policy "
        "capacity max_party_size rsvp_deadline rsvp_closes_at confirm_minutes members_first_until minimum minimum_by "
        "minimum_cancels price currency members_free"
    )
    values = {field: getattr(event, field) for field in copied.split()}
    copy = Event(**values, created_by_id=by.id if by else None, created_at=now, revised_at=now)
    copy.speakers = [Speaker(position=s.position, name=s.name, about=s.about) for s in event.speakers]
    db.session.add(copy)
    record("event duplicated", copy, by=by, now=now, after={"from": event.title})
    return copy


def forget_pictures(now: datetime) -> None:
    """Let go of pictures that nothing shows; those of today may be about to be."""
    shown = (Event.picture_id, Venue.picture_id, Organization.logo_id)
    used = union_all(*(select(column).where(column.is_not(None)) for column in shown))
    unused = delete(Picture).where(Picture.created_at < now - KEPT_UNUSED, Picture.id.not_in(used))
    db.session.execute(unused)


def describe(row: Venue | Category, values: dict[str, Any], by: Person, now: datetime) -> set[str]:
    """Set what is known of a venue or category, new or not; returns what changed. Addresses of pages stay."""
    kind, is_new = row.__tablename__, row.slug is None
    before = {field: getattr(row, field) for field in values}
    changed = [field for field, value in values.items() if is_new or before[field] != value]
    for field in changed:
        setattr(row, field, values[field])
    if is_new:
        row.slug = _free_slug(type(row).slug, on_one_line(row.name))
        db.session.add(row)
    if changed:
        old = {} if is_new else {field: before[field] for field in changed}
        new = {field: values[field] for field in changed}
        record(f"{kind} entered" if is_new else f"{kind} changed", row, by=by, now=now, before=old, after=new)
    return set(changed)

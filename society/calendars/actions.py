"""Keeping calendars true: entries rendered when their event changes, versions raised when a feed's bytes do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from society.calendars.models import Entry, Feed
from society.calendars.queries import ALL, OPEN, PAST
from society.calendars.render import vevent
from society.calendars.sessions import refresh_sessions
from society.calendars.versions import Standing, instant_of, raise_all, raise_versions
from society.db import db
from society.events.models import OPEN_TO_ALL, BackingState, Event, Visibility
from society.events.queries import loaded


def refresh(event: Event, now: datetime, own: Select[str] | None = None) -> bool:
    """Render a published event anew and raise the versions of the feeds that this changes, and of no others.

    To be called in the transaction of any change that a calendar may show (through `society.rsvps.feed.refresh`, which
    sees to people's `own` feeds too, given by their keys). The same bytes raise nothing. Tells whether any changed.
    """
    db.session.flush()
    entry, after = db.session.get(Entry, event.id), rendered(event)
    if entry is not None and all(getattr(entry, name) == value for name, value in after.items()):
        return False
    keys, standings = public_feeds(event), [_standing(after)]
    if entry is not None:
        held = set(entry.feeds.split())
        keys = keys | held if _differs(entry, after) else keys ^ held
        standings.append((entry.feeds, entry.ends_at, entry.cancelled_at))
    at = instant_of(now, keys, also=own)
    if _revise([event], now, at):
        after = rendered(event)
    db.session.merge(Entry(event_id=event.id, **after))
    db.session.flush()
    raise_versions(keys, [event.id], at, standings)
    return True


def _differs(entry: Entry, after: Mapping[str, Any]) -> bool:
    """Whether a feed that holds it still shows it otherwise than before, or for another while."""
    return any(getattr(entry, name) != value for name, value in after.items() if name not in ("feeds", "visibility"))


def _standing(row: Mapping[str, Any]) -> Standing:
    return row["feeds"], row["ends_at"], row["cancelled_at"]


def _revise(events: Iterable[Event], now: datetime, at: datetime) -> bool:
    """What is revised now is so from the instant of the feeds' versions: who was given an earlier one has it not."""
    revised = [event for event in events if event.revised_at == now < at]
    for event in revised:
        event.revised_at = at
    return bool(revised)


def refresh_new(events: Sequence[Event], now: datetime, own: Select[str] | None = None) -> None:
    """Give entries to published events that have none yet, and raise each feed that shows any of them once."""
    if not events:
        return
    keys = set[str]().union(*map(public_feeds, events))
    at = instant_of(now, keys, also=own)
    _revise(events, now, at)
    rows = [{"event_id": event.id, **rendered(event)} for event in events]
    db.session.execute(insert(Entry), rows)
    raise_for_new(keys, {row["event_id"]: row for row in rows}, at)


def raise_for_new(keys: Iterable[str], entries: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """New events, by number, have their entries."""
    raise_versions(keys, entries, at, list(map(_standing, entries.values())))


def rendered(event: Event) -> dict[str, Any]:
    """The columns of a published event's entry."""
    return {
        "vevent": vevent(event),
        "feeds": " ".join(sorted(public_feeds(event))),
        "visibility": event.visibility,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "cancelled_at": event.cancelled_at,
        "zone": None if event.all_day else event.zone,
    }


def public_feeds(event: Event) -> set[str]:
    """The keys of the public feeds that hold the event, their windows left aside."""
    if event.visibility is not Visibility.PUBLIC:
        return set()
    keys = {ALL, PAST}
    if event.rsvp_policy in OPEN_TO_ALL:
        keys.add(OPEN)
    keys |= {f"tag/{key}" for _tag, key in event.tagged}
    if event.category:
        keys.add(f"category/{event.category.slug}")
    if event.venue:
        keys.add(f"venue/{event.venue.slug}")
    confirmed = (b for b in event.backings if b.state is BackingState.CONFIRMED)
    return keys | {f"organization/{b.organization.slug}" for b in confirmed}


def refresh_name(key: str, now: datetime) -> None:
    """A public feed is called something else, whether or not any of its entries names that too."""
    raise_versions([key], [], instant_of(now, [key]))


def render_anew(numbers: Sequence[int], now: datetime) -> bool:
    """Render these events and their sessions, and raise every feed if that changed any byte; whether it did."""
    instant_of(now, also=select(Feed.key))  # held first, as whoever changes an event holds them before its entry
    changed, moved = _render(numbers, now)
    if changed:
        raise_all(now, moved)
    return changed


def _render(numbers: Sequence[int], now: datetime) -> tuple[bool, set[str]]:
    """Whether that changed any byte, and the keys of the feeds that hold others of them now, or for as long.

    Entries are held before their events are read: who changes one meanwhile renders it after this, or has before.
    """
    entries = select(Entry).where(Entry.event_id.in_(numbers)).order_by(Entry.event_id).with_for_update()
    held = {entry.event_id: entry for entry in db.session.scalars(entries.execution_options(populate_existing=True))}
    events = db.session.scalars(loaded(select(Event).where(Event.id.in_(numbers)))).all()
    any_changed, moved = False, set[str]()
    for event in events:
        entry, after = held.get(event.id), rendered(event)
        changed = {name: value for name, value in after.items() if getattr(entry, name, None) != value}
        if entry is None:
            db.session.add(Entry(event_id=event.id, **after))
            moved |= public_feeds(event)
        elif changed.keys() - {"vevent"}:
            moved |= {*entry.feeds.split(), *public_feeds(event)}
        for name, value in changed.items() if entry else ():
            setattr(entry, name, value)
        any_changed = any_changed or bool(changed)
    db.session.flush()
    return refresh_sessions(events, now) or any_changed, moved

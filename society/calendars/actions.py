"""Keeping calendars true: entries rendered when their event changes, versions raised when a feed's bytes do."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, String, cast, delete, literal, select, update
from sqlalchemy.exc import IntegrityError

from society import tokens
from society.calendars.models import Entry, Feed, Subscription
from society.calendars.queries import (
    ALL,
    PAST,
    SHOWN,
    entries,
    next_leaving,
    personal_entries,
    subscription_of,
    validator,
)
from society.calendars.render import vevent
from society.db import begin_write, db
from society.events.models import BackingState, Event, Visibility
from society.events.queries import loaded
from society.membership.queries import standing
from society.people.models import Person
from society.rsvps.models import Rsvp
from society.settings import society
from society.times import to_utc, today_in


def refresh(event: Event, now: datetime) -> None:
    """Render a published event anew and raise the versions of the feeds that this changes, and of no others.

    To be called in the transaction of any change that a calendar may show. The same bytes raise nothing.
    """
    db.session.flush()
    entry = db.session.get(Entry, event.id)
    before = (entry.vevent, set(entry.feeds.split())) if entry else (b"", set())
    after = (vevent(event), _public_feeds(event))
    if before == after:
        return
    if entry is None:
        entry = Entry(event_id=event.id)
        db.session.add(entry)
    entry.vevent, entry.feeds = after[0], " ".join(sorted(after[1]))
    db.session.flush()
    _raise(before[1] | after[1], now)
    _raise_personal(event, now)


def _public_feeds(event: Event) -> set[str]:
    """The keys of the public feeds that hold the event, their windows left aside."""
    if event.visibility is not Visibility.PUBLIC:
        return set()
    keys = {ALL, PAST}
    if event.category:
        keys.add(f"category/{event.category.slug}")
    if event.venue:
        keys.add(f"venue/{event.venue.slug}")
    confirmed = (b for b in event.backings if b.state is BackingState.CONFIRMED)
    return keys | {f"organization/{b.organization.slug}" for b in confirmed}


def _raise(keys: Iterable[str], now: datetime) -> None:
    """A feed that nobody has asked for has no version yet, and needs none."""
    for key in sorted(keys):
        known = update(Feed).where(Feed.key == key)
        if db.session.scalar(select(literal(1)).where(Feed.key == key)):
            stale_at = next_leaving(entries(key, now), whole=key == PAST)
            db.session.execute(known.values(version=Feed.version + 1, changed_at=now, stale_at=stale_at))


def _raise_personal(event: Event, now: datetime) -> None:
    """In one statement, the feeds of those who answered, and of those who see everything."""
    answered = select(Rsvp.person_id).where(Rsvp.event_id == event.id, Rsvp.status.in_(SHOWN))
    subscribed = select(literal("person/") + cast(Subscription.person_id, String)).where(
        Subscription.everything | Subscription.person_id.in_(answered)
    )
    db.session.execute(
        update(Feed)
        .where(Feed.key.in_(subscribed))
        .values(version=Feed.version + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )


def refresh_many(events: Select[Event], now: datetime) -> None:
    """Render several anew, as when their venue was renamed."""
    for event in db.session.scalars(loaded(events.where(Event.published_at.is_not(None)))):
        refresh(event, now)


def refresh_all(now: datetime) -> None:
    """Render everything anew, as when the society's name or this site's address changed: every feed changes."""
    refresh_many(select(Event), now)
    db.session.execute(update(Feed).values(version=Feed.version + 1, changed_at=now))


def answered(person: Person, now: datetime) -> None:
    """A person's answer or standing has changed: their own feed has too."""
    subscription = subscription_of(person)
    if subscription is not None:
        _raise_own(subscription, person, now)


def _raise_own(subscription: Subscription, person: Person, now: datetime) -> None:
    key = f"person/{person.id}"
    stale_at = _personal_end(subscription, person, now)
    changed = update(Feed).where(Feed.key == key)
    changed = changed.values(version=Feed.version + 1, changed_at=now, stale_at=stale_at)
    if not db.session.execute(changed).rowcount:  # type: ignore[attr-defined]
        db.session.add(Feed(key=key, version=1, changed_at=now, stale_at=stale_at))


def _personal_end(subscription: Subscription, person: Person, now: datetime) -> datetime | None:
    """When time alone changes a personal feed: an event leaves its window, or the membership ends."""
    ends = [next_leaving(personal_entries(subscription, person, now))]
    membership = standing(person, today_in(society().zone, now))
    if subscription.everything and membership and membership.ends_on:
        midnight = datetime.combine(membership.ends_on, datetime.max.time()).replace(microsecond=0)
        ends.append(to_utc(midnight, society().zone))
    return min((end for end in ends if end is not None and end > now), default=None)


def open_feed(key: str, now: datetime) -> None:
    """Give a feed its first version, or a new one when time has changed it; commits, since a GET does it."""
    begin_write(public=False)
    standing_version = validator(key)
    if standing_version and (standing_version.stale_at is None or standing_version.stale_at > now):
        db.session.rollback()
        return
    stale_at = next_leaving(entries(key, now), whole=key == PAST)
    if standing_version is None:
        db.session.add(Feed(key=key, version=1, changed_at=now, stale_at=stale_at))
    else:
        db.session.execute(
            update(Feed).where(Feed.key == key).values(version=Feed.version + 1, changed_at=now, stale_at=stale_at)
        )
    try:
        db.session.commit()
    except IntegrityError:  # another process opened it at the same moment
        db.session.rollback()


def roll_personal(subscription: Subscription, now: datetime) -> None:
    """Raise a personal feed that time has changed; commits, since a GET does it."""
    number = subscription.id
    begin_write(public=False)
    found = db.session.get(Subscription, number)
    if found is not None:
        _raise_own(found, db.session.get_one(Person, found.person_id), now)
    db.session.commit()


def subscribe(person: Person, *, everything: bool, now: datetime) -> str:
    """Make a person's own feed, or give it a new address; the old one dies. Returns the token, kept nowhere."""
    token = tokens.fresh()
    subscription = subscription_of(person)
    if subscription is None:
        subscription = Subscription(person_id=person.id, created_at=now)
        db.session.add(subscription)
    subscription.token_hash, subscription.everything, subscription.created_at = tokens.hashed(token), everything, now
    db.session.flush()
    _raise_own(subscription, person, now)
    return token


def choose(person: Person, *, everything: bool, now: datetime) -> None:
    """Change what the own feed holds; its address stays."""
    subscription = subscription_of(person)
    if subscription is not None and subscription.everything != everything:
        subscription.everything = everything
        db.session.flush()
        _raise_own(subscription, person, now)


def unsubscribe(person: Person) -> None:
    """Take the own feed down."""
    db.session.execute(delete(Subscription).where(Subscription.person_id == person.id))
    db.session.execute(delete(Feed).where(Feed.key == f"person/{person.id}"))

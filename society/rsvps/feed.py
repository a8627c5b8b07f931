"""People's own calendar feeds: what they answered, with the answer, at an address that only they know."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    update,
)

from society import tokens
from society.calendars import actions as calendars
from society.calendars.models import Entry, Feed, Subscription
from society.calendars.own import Said
from society.calendars.queries import in_window, leaves_at, next_leaving, subscription_of, subscription_of_ahead
from society.calendars.sessions import refresh_sessions
from society.calendars.versions import instant_of, latest
from society.db import UTCDateTime, begin_write, db
from society.events.models import Event, Visibility
from society.events.queries import visible_to
from society.membership.queries import in_good_standing, standing
from society.people.models import EventOrganizer, Person, Role
from society.rsvps.models import Rsvp, RsvpStatus, Transition
from society.settings import society
from society.times import now as this_instant
from society.times import shown_from, today_in

SAID = {
    RsvpStatus.CONFIRMED: "You are going.",
    RsvpStatus.OFFERED: "A seat is offered to you; please confirm it in time.",
    RsvpStatus.WAITLISTED: "You are on the waiting list.",
    RsvpStatus.PENDING: "Your place waits for an organizer's word.",
    RsvpStatus.MAYBE: "You said maybe.",
}
"""The answers that put an event into a person's own feed, and what it says of them there."""
ONLINE = "You join online."
"""The same of those who are going without a seat."""


def refresh(event: Event, now: datetime) -> None:
    """Render a changed event anew, and raise every feed that shows it, or did before, people's own included."""
    entry = db.session.get(Entry, event.id)
    before = (entry.visibility, entry.vevent) if entry else None
    until = max(_leaving(event), leaves_at(entry.ends_at, entry.cancelled_at) if entry else _leaving(event))
    shown = shown_to(event, hidden=Visibility.PUBLIC not in (event.visibility, before and before[0]))
    changed = calendars.refresh(event, now, _keys(shown))
    with_sessions = event.has_agenda and refresh_sessions([event], now)
    differs: list[ColumnElement[bool]] = [Subscription.sessions.is_(True)] if with_sessions else []
    if changed and before and before[1] == db.session.get_one(Entry, event.id).vevent:
        differs += [_sees_if_public(event)] if before[0] is not event.visibility else []
    elif changed:
        differs = [true()]
    if differs:
        _raise_those_of(and_(shown, or_(*differs)), _stands_until(event, now), now, shown_until=until)


def _sees_if_public(event: Event) -> ColumnElement[bool]:
    """Who would not see it, were it for members only; all others see it either way, and as it was."""
    return not_(or_(_may_see_hidden([event.id]), _answered(event)))


def _answered(event: Event) -> ColumnElement[bool]:
    answered_it = select(Rsvp.person_id).where(Rsvp.event_id == event.id, Rsvp.status.in_(SAID))
    return Subscription.person_id.in_(answered_it)


def refresh_new(events: Sequence[Event], now: datetime) -> None:
    """Put many events that nobody has answered yet into the calendars at once."""
    whole: ColumnElement[bool] = Subscription.everything.is_(True)
    if all(event.visibility is not Visibility.PUBLIC for event in events):
        whole = and_(whole, _may_see_hidden([event.id for event in events]))
    calendars.refresh_new(events, now, _keys(whole))
    if events:
        leaving = list(map(_leaving, events))
        _raise_those_of(whole, min(leaving), now, shown_until=max(leaving))


def instant_of_new(keys: Iterable[str], now: datetime) -> datetime:
    """From when new events are in public feeds of these keys, and in the calendars of those who have everything."""
    return instant_of(now, keys, also=_keys(Subscription.everything.is_(True)))


def raise_for_new(keys: Iterable[str], entries: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """New events, by number, have their entries, as `calendars.actions.rendered` makes them."""
    calendars.raise_for_new(keys, entries, at)
    leaving = [leaves_at(entry["ends_at"], entry["cancelled_at"]) for entry in entries.values()]
    whole: ColumnElement[bool] = Subscription.everything.is_(True)
    if all(entry["visibility"] is not Visibility.PUBLIC for entry in entries.values()):
        whole = and_(whole, _may_see_hidden(()))
    _raise_those_of(whole, min(leaving), at, shown_until=max(leaving))


def refresh_agenda(event: Event, now: datetime) -> None:
    """Render a published event's sessions anew; nothing but people's own feeds shows them."""
    if refresh_sessions([event], now):
        shown = shown_to(event, hidden=event.visibility is not Visibility.PUBLIC)
        _raise_those_of(and_(shown, Subscription.sessions), _leaving(event), now, shown_until=_leaving(event))


def shown_to(event: Event, *, hidden: bool) -> ColumnElement[bool]:
    """Whose own feed shows it; of one that is hidden from the public nobody else's feed tells, not even by a version
    that rises."""
    whole = and_(Subscription.everything, _may_see_hidden([event.id])) if hidden else Subscription.everything
    return or_(whole, _answered(event))


def _may_see_hidden(events: Collection[int]) -> ColumnElement[bool]:
    """Whether events for members only are among what somebody may see (see `visible_to`), for some at any time."""
    person = Subscription.person_id
    member = in_good_standing(today_in(society().zone, this_instant()))
    return or_(
        exists().where(Role.person_id == person),
        exists().where(EventOrganizer.person_id == person, EventOrganizer.event_id.in_(events)),
        exists(select(Person.id).where(Person.id == person, member)),
    )


def _leaving(event: Event) -> datetime:
    return leaves_at(event.ends_at, event.cancelled_at)


def _stands_until(event: Event, now: datetime) -> datetime:
    """When time alone changes people's own feeds by it: what those who come are told is of no use after its end."""
    return event.ends_at if event.tells_instructions(now) else _leaving(event)


def _keys(subscribed: ColumnElement[bool]) -> Select[str]:
    return select(literal("person/") + cast(Subscription.person_id, String)).where(subscribed)


def _raise_those_of(
    subscribed: ColumnElement[bool], leaving: datetime, now: datetime, *, shown_until: datetime
) -> None:
    """Raise many people's own feeds at once, in which something changed that leaves them then, if it has not yet, and
    was in them `shown_until` then. One whose last version is of later has not had it since."""
    keys = _keys(subscribed)
    at = instant_of(now, also=keys)
    values: dict[Any, Any] = {Feed.version: Feed.version + 1, Feed.changed_at: at}
    if leaving > now:
        sooner = or_(Feed.stale_at.is_(None), Feed.stale_at > leaving)
        values[Feed.stale_at] = case((sooner, literal(leaving, UTCDateTime())), else_=Feed.stale_at)
    changed = update(Feed).where(Feed.key.in_(keys))
    if shown_until <= at:
        changed = changed.where(Feed.changed_at < shown_until)
    db.session.execute(changed.values(values).execution_options(synchronize_session=False))


def own_entries(subscription: Subscription, person: Person, now: datetime) -> Select[Event]:
    """What a person's own feed holds: what they answered and, if they chose so, all that they may see."""
    answered_by_them = select(Rsvp.event_id).where(Rsvp.person_id == person.id, Rsvp.status.in_(SAID))
    shown: ColumnElement[bool] = Event.id.in_(answered_by_them)
    if subscription.everything:
        shown = or_(shown, Event.id.in_(visible_to(person).with_only_columns(Event.id).order_by(None)))
    published = select(Event).where(Event.published_at.is_not(None), shown, in_window(Event, now))
    return published.order_by(Event.starts_at, Event.id)


def shows(event: Event, person: Person, now: datetime) -> bool:
    """Whether a person's own feed holds the event."""
    subscription = subscription_of(person)
    if subscription is None:
        return False
    return db.session.scalar(own_entries(subscription, person, now).where(Event.id == event.id)) is not None


def own_answers(person: Person) -> dict[int, Said]:
    """By event, what their feed says of their answer, and since when."""
    another = Transition.after.is_distinct_from(Transition.before)
    since, latest = func.max(Transition.at).filter(another), func.max(Transition.at)
    was_online = func.count().filter(Transition.online)  # then any step may be the one by which they are there instead
    rows = (
        select(Rsvp.event_id, Rsvp.status, Rsvp.online, case((was_online > 0, latest), else_=since))
        .outerjoin(Transition, Transition.rsvp_id == Rsvp.id)
        .where(Rsvp.person_id == person.id, Rsvp.status.in_(SAID))
        .group_by(Rsvp.id)
    )
    return {
        event_id: Said(_said(status, online=online), at, status is RsvpStatus.CONFIRMED)
        for event_id, status, online, at in db.session.execute(rows)
    }


def _said(status: RsvpStatus, *, online: bool) -> str:
    return ONLINE if online and status is RsvpStatus.CONFIRMED else SAID[status]


def answered(person: Person, now: datetime) -> None:
    """What a person's own feed says of their answers has changed."""
    subscription = subscription_of(person)
    if subscription is not None:
        _raise(subscription, person, now)


def answered_ahead(person: Person) -> None:
    """Have asked with what is asked next what `answered` asks."""
    subscription_of_ahead(person)


def answers_changed(people: Select[int], now: datetime) -> None:
    """What the feeds of many people say of their answers has; few have one of their own."""
    _raise_all(now, Subscription.person_id.in_(people))


def standing_changed(person: Person, now: datetime) -> None:
    """Their membership has: so has a feed of all that they may see."""
    subscription = subscription_of(person)
    if subscription is not None and subscription.everything:
        _raise(subscription, person, now)


def standings_changed(people: Select[int], now: datetime) -> None:
    """The same for many people at once."""
    _raise_all(now, Subscription.everything.is_(True), Subscription.person_id.in_(people))


def _raise_all(now: datetime, *which: ColumnElement[bool]) -> None:
    for subscription in db.session.scalars(select(Subscription).where(*which).order_by(Subscription.person_id)):
        _raise(subscription, db.session.get_one(Person, subscription.person_id), now)


def _raise(subscription: Subscription, person: Person, now: datetime) -> None:
    db.session.flush()
    key = f"person/{person.id}"
    # Held first, else two who change it at once would each reckon without the other.
    at = instant_of(now, [key])
    feed = db.session.get(Feed, key, populate_existing=True)
    stale_at = _end(subscription, person, now)
    if feed is None:
        db.session.add(Feed(key=key, version=1, changed_at=max(now, latest() or now), stale_at=stale_at))
    else:
        feed.version, feed.changed_at, feed.stale_at = feed.version + 1, at, stale_at


def _end(subscription: Subscription, person: Person, now: datetime) -> datetime | None:
    """When time alone changes the feed: an event leaves its window, what those who come are told is of no use any more,
    or the membership that shows more of them ends."""
    ends = [next_leaving(own_entries(subscription, person, now)), db.session.scalar(_next_told_no_more(person, now))]
    membership = standing(person, today_in(society().zone, now))
    if subscription.everything and membership and membership.good_until:
        midnight = datetime.combine(membership.good_until, datetime.max.time()).replace(microsecond=0)
        ends.append(shown_from(midnight, society().zone))
    return min((end for end in ends if end is not None and end > now), default=None)


def _next_told_no_more(person: Person, now: datetime) -> Select[datetime]:
    coming_to = select(Rsvp.event_id).where(Rsvp.person_id == person.id, Rsvp.status == RsvpStatus.CONFIRMED)
    told = Event.id.in_(coming_to), Event.instructions != "", Event.ends_at > now
    return select(func.min(Event.ends_at)).where(*told)


def roll(subscription_id: int, now: datetime) -> None:
    """Raise a feed that time has changed; commits, since a GET does it."""
    begin_write(public=False)
    found = db.session.get(Subscription, subscription_id)
    if found is not None and _is_stale(found, now):
        _raise(found, db.session.get_one(Person, found.person_id), now)
    db.session.commit()


def _is_stale(subscription: Subscription, now: datetime) -> bool:
    """Whether no other request was quicker to raise it."""
    feed = db.session.get(Feed, f"person/{subscription.person_id}", with_for_update=True)
    return feed is None or (feed.stale_at is not None and feed.stale_at <= now)


@dataclass(frozen=True)
class Wanted:
    """What somebody wants in their own feed."""

    everything: bool
    sessions: bool = False
    alarm_minutes: int | None = None


def subscribe(person: Person, wanted: Wanted, *, now: datetime) -> str:
    """Make a person's own feed, or give it a new address; the old one dies. Returns the token, kept nowhere."""
    token = tokens.fresh()
    subscription = subscription_of(person)
    if subscription is None:
        subscription = Subscription(person_id=person.id)
        db.session.add(subscription)
    subscription.token_hash, subscription.created_at = tokens.hashed(token), now
    subscription.fetched_at = subscription.fetched_by = subscription.given_at = None  # the old address gives no more
    _set(subscription, wanted)
    _raise(subscription, person, now)
    return token


def choose(person: Person, wanted: Wanted, *, now: datetime) -> None:
    """Change what the own feed holds; its address stays."""
    subscription = subscription_of(person)
    if subscription is not None and _set(subscription, wanted):
        _raise(subscription, person, now)


def _set(subscription: Subscription, wanted: Wanted) -> bool:
    """Whether that changed anything."""
    changed = {name: value for name, value in asdict(wanted).items() if getattr(subscription, name) != value}
    for name, value in changed.items():
        setattr(subscription, name, value)
    return bool(changed)


def follow_by_feed(person: Person, *, alone: bool) -> None:
    """Whether they follow by it alone, or by invitations too. What took these back had the next sequence: from now on
    they go on above it."""
    if person.feed_only and not alone:
        person.sequence_beyond += 2
    person.feed_only = alone


def unsubscribe(person: Person) -> None:
    """Take the own feed down."""
    db.session.execute(delete(Subscription).where(Subscription.person_id == person.id))
    db.session.execute(delete(Feed).where(Feed.key == f"person/{person.id}"))

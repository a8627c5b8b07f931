"""Which events there are, and for whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, inspect, or_, select, true, union_all
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.exc import ObjectDeletedError

from society.db import db
from society.events.models import (
    LONGEST,
    Backing,
    BackingState,
    Category,
    Event,
    Venue,
    Visibility,
)
from society.membership.models import Tier
from society.membership.queries import in_good_standing
from society.organizations.models import Organization
from society.people.models import EventOrganizer, Person, Role, RoleName
from society.settings import society
from society.times import now, today_in

LOOKED_AT, MOST_WITHOUT_DATE = 1_000, 30
"""Events that are put off and wait for a date: of all, and of those that are named beside a list of what is to come."""

IS_PUBLIC = Event.visibility == Visibility.PUBLIC
_PUBLISHED = select(Event).where(Event.published_at.is_not(None))


def visible_to(person: Person | None) -> Select[Event]:
    """Published events, members-only ones only for members in good standing, staff, and who organizes them."""
    if person is None:
        return _PUBLISHED.where(IS_PUBLIC)
    if person.is_staff:
        return _PUBLISHED
    own = [Event.id.in_([one.event_id for one in person.organizing])] if person.organizing else []
    return _PUBLISHED.where(or_(IS_PUBLIC, _is_member(person), *own))


def hold(event: Event) -> None:
    """Hold the event's row until the commit, and read it anew: who renders it shows what others have made of it.

    A draft that somebody has deleted meanwhile says so as it does where it is read: by `ObjectDeletedError`.
    """
    db.session.flush()
    try:
        db.session.refresh(event, with_for_update={"of": Event})
    except InvalidRequestError as gone:
        raise ObjectDeletedError(inspect(event)) from gone


def hold_all(which: ColumnElement[bool]) -> None:
    """Hold several in the same way, in the one order in which all do who hold several."""
    db.session.flush()
    db.session.execute(select(Event.id).where(which).order_by(Event.id).with_for_update())
    db.session.expire_all()


def others_of_its_series(event: Event, now: datetime) -> Select[Event]:
    """The others of its series that are to come or put off, and not called off."""
    rows = select(Event).where(Event.series_id == event.series_id, Event.id != event.id, Event.cancelled_at.is_(None))
    return rows.where(still_ahead(now))


def organized_by(person: Person) -> Select[Event]:
    """What somebody without the role organizes with others, the latest first."""
    rows = select(Event).join(EventOrganizer, EventOrganizer.event_id == Event.id)
    return rows.where(EventOrganizer.person_id == person.id).order_by(Event.starts_at.desc(), Event.id)


def in_charge_of(event: Event | None) -> Sequence[Person]:
    """Who entered it, if they still organize, and who organizes it with them; else, and without an event, all who
    organize."""
    own = [one.person for one in db.session.scalars(organizers_of(event))] if event else []
    if event and event.organizer and event.editable_by(event.organizer):
        own = [event.organizer, *(one for one in own if one is not event.organizer)]
    if own:
        return own
    organizers = select(Person).where(Person.roles.any(Role.name == RoleName.ORGANIZER), Person.email.is_not(None))
    return db.session.scalars(organizers.order_by(Person.id)).unique().all()


def organizers_of(event: Event) -> Select[EventOrganizer]:
    """Those who organize this event without the role for all, by name."""
    rows = select(EventOrganizer).join(EventOrganizer.person).where(EventOrganizer.event_id == event.id)
    return rows.order_by(Person.name, Person.id).options(contains_eager(EventOrganizer.person))


def _is_member(person: Person) -> ColumnElement[bool]:
    today = today_in(society().zone, now())
    return exists(select(Person.id).where(Person.id == person.id, in_good_standing(today)))


def numbered(number: int) -> Select[Event]:
    """The one event, for those who organize it."""
    return select(Event).where(Event.id == number)


def upcoming(person: Person | None, now: datetime) -> Select[Event]:
    """What is not over yet and may be seen, soonest first."""
    return soonest_first(visible_to(person), now)


def still_to_begin(person: Person | None, now: datetime) -> Select[Event]:
    """What has not begun and may be seen, soonest first."""
    return visible_to(person).where(Event.starts_at > now).order_by(Event.starts_at, Event.id)


def begun(person: Person | None, now: datetime) -> Select[Event]:
    """What should have begun, is not over and may be seen; what ends first stands first."""
    running = visible_to(person).where(Event.starts_at > now - LONGEST, Event.starts_at <= now, Event.ends_at > now)
    return running.where(Event.postponed_at.is_(None)).order_by(Event.ends_at, Event.id)


def on_now(person: Person | None, now: datetime) -> Select[Event]:
    """What has begun, is not over, takes place and may be seen; what ends first stands first."""
    return begun(person, now).where(Event.cancelled_at.is_(None))


def without_date(events: Select[Event], now: datetime) -> Select[Event]:
    """Those that were put off, whose old date has come, and that have no new one yet; the longest waiting first.

    Few are, and an index holds them alone. The bound within has the database begin with that, whatever else is asked.
    """
    put_off = select(Event.id, Event.postponed_at).where(Event.postponed_at.is_not(None), Event.starts_at <= now)
    waiting = put_off.order_by(Event.postponed_at).limit(LOOKED_AT).subquery()
    found = events.join(waiting, waiting.c.id == Event.id)
    return found.order_by(waiting.c.postponed_at, Event.id).limit(MOST_WITHOUT_DATE)


def together(*some: Select[Event]) -> Select[Event]:
    """What several selections find, each within its own bounds, in one query."""
    numbers = (select(found.with_only_columns(Event.id).subquery().c.id) for found in some)
    return select(Event).where(Event.id.in_(union_all(*numbers)))


def still_ahead(now: datetime) -> ColumnElement[bool]:
    """In a query: what has not `begun`, if only because it is put off."""
    return or_(Event.starts_at > now, Event.postponed_at.is_not(None))


def not_over(now: datetime) -> ColumnElement[bool]:
    """In a query: what is not `over`."""
    return or_(Event.ends_at > now, Event.postponed_at.is_not(None))


def soonest_first(events: Select[Event], now: datetime) -> Select[Event]:
    """Those not over yet; since none is longer than `LONGEST`, the index on the start is not read from 1900 on."""
    dated = or_(Event.postponed_at.is_(None), Event.starts_at > now)
    return events.where(Event.starts_at > now - LONGEST, Event.ends_at > now, dated).order_by(Event.starts_at, Event.id)


def past(person: Person | None, now: datetime) -> Select[Event]:
    """What is over and may be seen, latest first."""
    return latest_first(visible_to(person), now)


def latest_first(events: Select[Event], now: datetime) -> Select[Event]:
    """Those that are over; what was put off waits for another date."""
    over = events.where(Event.starts_at < now, Event.ends_at <= now, Event.postponed_at.is_(None))
    return over.order_by(Event.starts_at.desc(), Event.id.desc())


def loaded(events: Select[Event]) -> Select[Event]:
    """With all that an event's page shows, in three queries however many there are."""
    return events.options(
        joinedload(Event.venue),
        joinedload(Event.category),
        joinedload(Event.picture),
        selectinload(Event.speakers),
        selectinload(Event.backings),
    )


def with_places(events: Select[Event]) -> Select[Event]:
    """With all that a row of a list shows, in one query."""
    return events.options(joinedload(Event.venue), joinedload(Event.category))


def known_to(person: Person | None, kind: type[Venue] | type[Category] | type[Organization]) -> ColumnElement[bool]:
    """In a query: whether something that they may see is there, or of that kind, or backed by them.

    Where a draft or what is for members alone takes place is told to nobody else; who organizes knows all.
    """
    if person is not None and (person.is_staff or person.organizing):
        return true()
    events = visible_to(person).with_only_columns(Event.id)
    if kind is Organization:
        backed = events.join(Backing, Backing.event_id == Event.id).where(Backing.state == BackingState.CONFIRMED)
        return exists(backed.where(Backing.organization_id == Organization.id))
    return exists(events.where((Event.venue_id if kind is Venue else Event.category_id) == kind.id))


def backed_by(organization: Organization, person: Person | None) -> Select[Event]:
    """What an organization backs, as far as it may be seen, with its confirmed backings only."""
    confirmed = select(Backing.event_id).where(
        Backing.organization_id == organization.id, Backing.state == BackingState.CONFIRMED
    )
    return visible_to(person).where(Event.id.in_(confirmed))


def drafts() -> Select[Event]:
    """What is not published, for organizers; what was touched last stands first."""
    unpublished = select(Event).where(Event.published_at.is_(None), Event.template_name == "")
    return unpublished.order_by(Event.revised_at.desc(), Event.id.desc())


def planned() -> Select[Event]:
    """Drafts that will be published by themselves, the next one first."""
    return drafts().where(Event.publish_at.is_not(None)).order_by(None).order_by(Event.publish_at, Event.id)


def postponed() -> Select[Event]:
    """What was put off and waits for a new date, the longest waiting first."""
    put_off = Event.postponed_at.is_not(None), Event.cancelled_at.is_(None), Event.published_at.is_not(None)
    return select(Event).where(*put_off).order_by(Event.postponed_at, Event.id)


def templates() -> Select[Event]:
    """What other events can begin with."""
    return select(Event).where(Event.template_name != "").order_by(Event.template_name, Event.id)


def published() -> Select[Event]:
    """All that organizers have announced."""
    return select(Event).where(Event.published_at.is_not(None))


def number_of(rows: Select[Any]) -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0


def venues() -> Select[Venue]:
    return select(Venue).order_by(Venue.name, Venue.id)


def categories() -> Select[Category]:
    return select(Category).order_by(Category.name)


def organizations() -> Select[Organization]:
    return select(Organization).order_by(Organization.name_key)


def usual_currency() -> str:
    """In which a price is likely to be said: as dues are, else as it was for the event entered last that has one."""
    last = select(Event.currency).where(Event.currency != "").order_by(Event.id.desc()).limit(1).scalar_subquery()
    dues = select(Tier.currency).order_by(Tier.position, Tier.id).limit(1).scalar_subquery()
    return db.session.scalar(select(func.coalesce(dues, last))) or ""


def next_free_evening(zone: str, now: datetime) -> datetime:
    """A start to begin a new event with: seven in the evening, two weeks on, by the clocks of `zone`."""
    day = today_in(zone, now) + timedelta(days=14)
    return datetime(day.year, day.month, day.day, 19)

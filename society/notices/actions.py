"""What becomes of an event once people know of it: the whole act, from the row to the letters, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from society.agenda.moving import move_along
from society.agenda.planning import Times
from society.audit.actions import record
from society.backings import telling as backings
from society.backings.entering import enter
from society.calendars.actions import refresh_name
from society.db import db
from society.errors import Refused
from society.events.actions import describe, free_event_slug
from society.events.changes import Change, differences, snapshot, told_in_each, worth_telling
from society.events.forms import EventForm
from society.events.models import Backing, BackingState, Category, Event, Venue
from society.events.queries import hold_all, loaded, published
from society.notices.models import NoticeKind
from society.notices.news import tell as send_word
from society.notices.news_wording import Changes
from society.notices.telling import Word, pass_on
from society.notices.timed import no_longer_soon, overtaken
from society.organizations import actions as organizations
from society.organizations.models import Organization
from society.people.models import Person
from society.rsvps.feed import refresh
from society.rsvps.letters import say_anew
from society.rsvps.passing import promote
from society.rsvps.seat_news import take_back
from society.rsvps.session_letters import say_anew_of_sessions

A_DAY = timedelta(days=1)
PLACED = {"name", "address", "latitude", "longitude"}
"""What of a venue calendars show, in all that is there."""


def publish(event: Event, *, by: Person | None, now: datetime) -> None:
    """Announce a draft: from now on it has an address, and stands in the calendars.

    `by` is None where it was planned to be published now.
    """
    event.publish(free_event_slug(event.title), now)
    _count_nobody_at_once(event, now)
    record("event published", event, by=by, now=now, after=snapshot(event))
    refresh(event, now)
    backings.ask_again(event, now)


def revise(
    event: Event,
    form: EventForm,
    *,
    by: Person,
    now: datetime,
    note: str = "",
    tell: bool = True,
    words: list[Word] | None = None,
) -> list[Change]:
    """Change an event as the form says; returns what changed.

    Of a published one, calendars learn by the raised sequence, those who wait get the seats that this frees, and
    those who answered are written to, if wanted and if anything changed that they are told of or a note is for them.
    Of several at once, what there is to tell is put to the `words` that the caller passes on. Of what is cancelled
    nothing is told any more.
    """
    return alter(event, lambda: enter(event, form, by, now), by=by, now=now, note=note, tell=tell, words=words)


def alter(
    event: Event,
    act: Callable[[], None],
    *,
    by: Person | None,
    now: datetime,
    note: str = "",
    tell: bool = True,
    words: list[Word] | None = None,
) -> list[Change]:
    """Do to an event what `act` does, with all that follows from what it changes (see `revise`)."""
    before, said, was, hours_count = snapshot(event), told_in_each(event), Times.of(event), not event.all_day
    counts, stood_still = event.counts_people(now), event.postponed_at is not None
    act()
    move_along(event, was, now)
    if not counts:
        _count_nobody_at_once(event, now)
    changes = differences(before, snapshot(event))
    if not changes:
        return changes
    _log("event changed", event, changes, by, now)
    if event.published_at is None:
        event.revised_at = now
        return changes
    _mark(event, changes, now)
    refresh(event, now)
    say_anew(event, now)
    say_anew_of_sessions(event, now)
    promote(event, now, stood_still=stood_still)
    overtaken(event)
    if event.starts - was.starts >= A_DAY:
        no_longer_soon(event)
    backings.ask_again_or_say_it_is_on(event, now, stood_still=stood_still)
    moved = any(change.field in ("when", "zone") for change in changes)
    if event.cancelled_at is not None:  # as those who had answered it were told
        return changes
    word = Word(event, worth_telling(said, event), was if hours_count else None, moved)
    if words is not None:
        words.append(word)
    else:
        pass_on([word], NoticeKind.CHANGE, by=by, now=now, note=note, tell=tell and by is not None)
    return changes


def _count_nobody_at_once(event: Event, now: datetime) -> None:
    """A minimum whose time is over when the event comes by it is not counted: nobody could have answered by then."""
    if event.counts_people(now):
        event.minimum_judged_at = now


def _mark(event: Event, changes: Sequence[Change], now: datetime) -> None:
    """Raise the sequence for what people plan by (RFC 5545, 3.8.7.4); note a revision for all that calendars show."""
    if any(change.material for change in changes):
        event.raise_sequence(now)
    elif any(change.shown for change in changes):
        event.revised_at = now


def cancel(event: Event, *, by: Person | None, now: datetime, note: str = "", tell: bool = True) -> None:
    """Call it off. It stays where it was announced, as cancelled, with the note for all to read. `by` is None where it
    was set to cancel itself."""
    cancel_all([event], by=by, now=now, note=note, tell=tell)


def cancel_all(
    events: Sequence[Event],
    *,
    by: Person | None,
    now: datetime,
    note: str = "",
    tell: bool = True,
    deleted: Sequence[Event] = (),
) -> None:
    """Call several off in one act, with drafts that are `deleted` in it: who gave their word for any is told once."""
    words = [Word(event, _turn(event, event.cancel, "event cancelled", by, now, note)) for event in events]
    backings.tell_of_turn([*events, *deleted], "cancelled", now)
    pass_on(words, NoticeKind.CANCELLATION, by=by, now=now, note=note, tell=tell)


def postpone(event: Event, *, by: Person, now: datetime, note: str = "", tell: bool = True) -> None:
    """Put it off until a new date is known; answers are kept, new ones wait for that date."""
    if event.postponed_at is not None:
        raise Refused("This event is postponed already.")
    changes = _turn(event, event.postpone, "event postponed", by, now, note)
    backings.tell_of_turn([event], "postponed", now)
    if tell:
        send_word(event, NoticeKind.CHANGE, changes=changes, note=note, by=by, now=now)


def _turn(
    event: Event, step: Callable[[datetime, str], None], act: str, by: Person | None, now: datetime, why: str
) -> Changes:
    """Take one step in the event's life, log it, and let the calendars know; what guests are told of it."""
    before, said = snapshot(event), told_in_each(event)
    step(now, str(why))  # as it stands in English where the program says it in each language
    _log(act, event, differences(before, snapshot(event)), by, now)
    refresh(event, now)
    overtaken(event)
    take_back(event)
    return worth_telling(said, event)


def describe_venue(venue: Venue, values: dict[str, Any], by: Person, now: datetime) -> None:
    """Enter or correct a venue; where its name, address or spot changed, its events, held by the caller, have moved, to
    calendars."""
    if describe(venue, values, by, now) & PLACED:
        for event in _published(Event.venue_id == venue.id):
            event.raise_sequence(now)
            refresh(event, now)
            overtaken(event)
            say_anew(event, now)
            say_anew_of_sessions(event, now)
            backings.ask_again(event, now)
        refresh_name(f"venue/{venue.slug}", now)


def describe_category(category: Category, values: dict[str, Any], by: Person, now: datetime) -> None:
    """Enter or rename a category; calendars show its name."""
    if category.id is not None:
        hold_all(Event.category_id == category.id)
    if describe(category, values, by, now):
        _revise_all(Event.category_id == category.id, now)
        refresh_name(f"category/{category.slug}", now)


def describe_organization(organization: Organization, values: dict[str, Any], by: Person, now: datetime) -> None:
    """Enter or correct an organization; calendars show its name in what it backs, and of what is to come its contacts,
    who gave their word for other words, are asked again: also whose yes comes at that very moment."""
    hold_all(_asked(organization))
    name = organization.in_a_sentence if organization.id else ""
    organizations.describe(organization, values, by, now)
    if organization.in_a_sentence != name:
        for event in _revise_all(names(organization), now):
            backings.ask_again(event, now)
        refresh_name(f"organization/{organization.slug}", now)


def names(organization: Organization) -> ColumnElement[bool]:
    """In a query: the events that name it among their backers, as calendars do."""
    confirmed = Backing.organization_id == organization.id, Backing.state == BackingState.CONFIRMED
    return Event.id.in_(select(Backing.event_id).where(*confirmed))


def _asked(organization: Organization) -> ColumnElement[bool]:
    return Event.id.in_(select(Backing.event_id).where(Backing.organization_id == organization.id))


def _revise_all(which: ColumnElement[bool], now: datetime) -> Sequence[Event]:
    events = _published(which)
    for event in events:
        event.revised_at = now
        refresh(event, now)
    return events


def _published(which: ColumnElement[bool]) -> Sequence[Event]:
    return db.session.scalars(loaded(published().where(which)).order_by(Event.id)).all()


def _log(act: str, event: Event, changes: Sequence[Change], by: Person | None, now: datetime) -> None:
    old = {change.field: change.old for change in changes}
    new = {change.field: change.new for change in changes}
    record(act, event, by=by, now=now, before=old, after=new)

"""Feeds for calendar apps: of the society, of one event, of one person."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, request
from sqlalchemy import Row, Select, select

from society import tokens
from society.calendars import queries
from society.calendars.apps import App, app_of
from society.calendars.feeds import KIND, feed_at
from society.calendars.fetches import is_due, note_own, note_public
from society.calendars.models import Entry, SessionEntries, Subscription
from society.calendars.one_event import OneEvent, public_event
from society.calendars.own import Said, own_entry
from society.calendars.queries import ALL, ONE, OPEN, PAST, OwnFeed, Validator
from society.calendars.render import calendar, event_file, home_zone
from society.calendars.routes import bp
from society.calendars.sessions import file_with_sessions
from society.calendars.versions import open_feed
from society.db import db
from society.events.models import Event
from society.events.queries import loaded, visible_to
from society.kept import Answer, Kept, keep, not_modified, send
from society.people.access import open_to, visitor
from society.people.models import Person
from society.rsvps import feed as own_feed
from society.settings import society
from society.times import now
from society.web import find

PUBLIC_CONTROL = "public, max-age=300, stale-while-revalidate=3600"
PRIVATE_CONTROL = "private, max-age=300, stale-while-revalidate=3600"
GONE = (
    "This address of somebody’s own calendar was replaced or taken down, or only a part of it was copied. "
    "Whose it was makes a new one: under “My page”, at “Calendar”."
)


@bp.get("/calendar.ics")
@open_to("everyone")
def feed() -> Response:
    """Every public event; `?past=all` for those of long ago too."""
    return _public_feed(PAST if request.args.get("past") == "all" else ALL)


@bp.get("/calendar/open.ics")
@open_to("everyone")
def open_events() -> Response:
    """The public events that everyone may come to."""
    return _public_feed(OPEN)


@bp.get("/calendar/<any(category, venue, organization, tag):kind>/<slug>.ics")
@open_to("everyone")
def narrowed(kind: str, slug: str) -> Response:
    """The public events of one category, venue, organization or tag."""
    return _public_feed(f"{kind}/{slug}")


def _public_feed(key: str) -> Response:
    at, app = now(), _asking()
    version = _standing(key, app, at)
    answer = _public_answer(key, version, at)
    if request.method != "HEAD" and is_due(version.noted_at, at):
        note_public(key, app, version.changed_at, at)
    return answer


def _asking() -> App:
    return app_of(request.headers.get("User-Agent", ""))


def as_fetched(key: str) -> Response:
    """What an app would get, without counting as one that has it."""
    at = now()
    return _public_answer(key, _standing(key, App.OTHER, at), at)


def _standing(key: str, app: App, at: datetime) -> Validator:
    version = queries.validator_for(key, app)
    if version is None or (version.stale_at and version.stale_at <= at):
        if queries.title(key) is None:
            abort(404)
        open_feed(key, at)
        version = queries.validator_for(key, app)
        assert version
    return version


def _public_answer(key: str, version: Validator, at: datetime) -> Response:
    def current() -> tuple[Validator, Answer]:
        held = feed_at(key, version)
        return held.asof, held

    return _answer(version, at, current, PUBLIC_CONTROL)


def _answer(
    version: Validator, at: datetime, current: Callable[[], tuple[Validator, Answer]], control: str
) -> Response:
    """304 by the version alone; else what stands by now."""
    said = {"vary": "Accept-Encoding", "control": control}
    unchanged = not_modified(version.etag, KIND, modified=_modified(version, at), **said)
    if unchanged is not None:
        return unchanged
    version, answer = current()
    return send(answer, modified=_modified(version, at), **said)


def _modified(version: Validator, at: datetime) -> datetime | None:
    return _settled(version.changed_at, at)


def _settled(changed_at: datetime, at: datetime) -> datetime | None:
    """A date is told once it is past by more than a second: it is a strong validator then (RFC 9110, 8.8.2.2)."""
    return changed_at if at - changed_at > timedelta(seconds=1) else None


@bp.get("/events/<slug>.ics")
@open_to("everyone")
def event(slug: str) -> Response:
    """One event, to follow; with `?file=yes` as a file, to open or save; with `?sessions=yes` its sessions too. What no
    app can follow, as it has no account to see it by, is a file in any case."""
    whole, as_file = (request.args.get(name) == "yes" for name in ("sessions", "file"))
    at, app = now(), _asking()
    stored = public_event(slug, app, with_sessions=whole, as_file=as_file)
    response = _one_public(stored, at) if stored else _one_for_some(slug, whole=whole)
    if as_file or not stored:
        response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    elif request.method != "HEAD" and app.follows and is_due(stored.noted_at, at):
        note_public(f"{ONE}{slug}", app, stored.revised_at, at)
    return response


def _one_public(stored: OneEvent, at: datetime) -> Response:
    modified = _settled(stored.changed_at, at) if stored.changed_at else None
    return send(Kept(0, stored.body, KIND), vary="Accept-Encoding", control=PUBLIC_CONTROL, modified=modified)


def _one_for_some(slug: str, *, whole: bool) -> Response:
    """The same of what is not for everyone, or not announced yet."""
    found: Event = find(loaded(visible_to(visitor()).where(Event.slug == slug)))
    body = file_with_sessions(found) if whole and found.has_agenda else event_file(found)
    return send(Kept(0, body, KIND), vary="Accept-Encoding, Cookie", control="private, no-cache")


@bp.get("/calendar/personal/<token>.ics")
@open_to("link")
def personal(token: str) -> Response:
    """A person's own feed; whoever holds the address reads it, so it is theirs to keep and to renew."""
    at, token_hash = now(), tokens.hashed(token)
    asked = queries.own_feed_by(token_hash)
    if asked is None:
        abort(404, GONE)
    version = asked.version
    if version is None or (version.stale_at and version.stale_at <= at):
        own_feed.roll(asked.subscription_id, at)
        version = queries.validator(asked.key)
        assert version
    answer = _answer(version, at, lambda: _current_own(asked, version, at), PRIVATE_CONTROL)
    if request.method != "HEAD" and is_due(asked.noted_at, at):
        note_own(asked.subscription_id, _asking(), version.changed_at, at)
    return answer


def _current_own(asked: OwnFeed, version: Validator, at: datetime) -> tuple[Validator, Answer]:
    """As it is committed: where the version is the same after it was read as before, no statement saw another."""
    kept = keep().get(asked.key, version.version, at)
    while kept is None or kept.etag != version.etag:
        db.session.expire_all()
        body = _personal_body(asked.subscription_id, version.changed_at, at)
        kept = Kept(version.version, body, KIND, version.stale_at, version.etag)
        version = queries.validator(asked.key) or version
        keep().put(asked.key, kept)
    return version, kept


def _personal_body(subscription_id: int, changed_at: datetime, at: datetime) -> bytes:
    """Of stored entries, so that a feed of ten thousand events costs little more than reading them. What time alone
    takes out of an entry goes with the version that is raised for it."""
    subscription = db.session.get_one(Subscription, subscription_id)
    person = db.session.get_one(Person, subscription.person_id)
    rows = _stored(own_feed.own_entries(subscription, person, at))
    answers = own_feed.own_answers(person)
    sessions = _sessions([row.id for row in rows if row.has_agenda]) if subscription.sessions else {}
    zones = {row.zone for row in rows if not row.all_day or row.id in sessions} if rows else {home_zone()}
    since = rows[0].starts.date() if rows else at.date()
    vevents = [_own_entry(row, answers.get(row.id), subscription.alarm_minutes, changed_at) for row in rows]
    within = [entry + sessions.get(row.id, b"") for row, entry in zip(rows, vevents, strict=True)]
    # Nothing of the person's own record, which many things change, none of which would raise the feed.
    return calendar(within, zones, since, name=f"{society().name}: my calendar", about=society().tagline)


def _stored(shown: Select[Event]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The entries of these events, with what else decides how a person's own feed has them."""
    columns = (Event.id, Event.starts, Event.zone, Event.all_day, Event.has_agenda, Event.online_url)
    told = (Event.online_minutes, Event.instructions, Event.ends_at, Entry.vevent)
    rows = shown.join(Entry, Entry.event_id == Event.id).with_only_columns(*columns, *told)
    return db.session.connection().execute(rows).all()


def _sessions(events: Sequence[int]) -> dict[int, bytes]:
    """The entries of the sessions of those that have an agenda, by event."""
    rows = select(SessionEntries.event_id, SessionEntries.vevents).where(SessionEntries.event_id.in_(events))
    return dict(db.session.execute(rows).all()) if events else {}


def _own_entry(row: Row[*tuple[Any, ...]], said: Said | None, alarm: int | None, changed_at: datetime) -> bytes:
    if said is None:
        return bytes(row.vevent)
    link, instructions = "" if row.online_minutes else row.online_url, row.instructions
    if instructions and said.going and row.ends_at <= changed_at:  # of no use any more, as on the pages
        said, instructions = replace(said, since=max(said.since or row.ends_at, row.ends_at)), ""
    return own_entry(bytes(row.vevent), said, link, instructions, alarm)

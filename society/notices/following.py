"""Which calendars a change will update: people's own, the public ones, and the invitations that were mailed.

A change is tried, told and taken back, and what it touches noted in between; whoever follows is counted afterwards, in
as many queries however many events it touches.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from society.calendars.actions import public_feeds
from society.calendars.apps import App
from society.calendars.models import Entry, Fetch, Subscription
from society.calendars.queries import ONE, PAST, in_window, leaves_at
from society.calendars.subscribers import names
from society.db import db
from society.events.changes import Change
from society.events.models import Event, Visibility
from society.mail.queries import Way, way
from society.membership.queries import in_good_standing
from society.notices.audiences import concerned_by
from society.notices.models import NoticeKind
from society.people.models import EventOrganizer, Person
from society.rsvps.feed import SAID
from society.rsvps.invitation import answers_are_read
from society.rsvps.models import Rsvp
from society.settings import society
from society.text import counted, listed
from society.times import today_in

MOVES = {"visibility", "rsvp_policy"}
"""What no entry shows, and what decides all the same in which calendars it stands."""


@dataclass(frozen=True)
class Touch:
    """An announced event that a change touches."""

    event_id: int
    shown: bool
    """Whether its entry says something else from now on; else it only enters calendars or leaves them."""
    public: bool
    """Whether everyone may see it, before or after."""
    feeds: frozenset[str]
    """The public feeds that it is in afterwards."""
    leaves_at: datetime
    reopened: bool = False
    """Whether others may see it from now on than before."""
    closed: bool = False
    """Whether it is for members alone from now on, so that the public calendar of it alone ends."""


def touched(event: Event, changes: Collection[Change]) -> list[Touch]:
    """What these changes, which it has already, do to its entry; nothing if no calendar shows any of them."""
    shown = any(change.shown for change in changes)
    if event.published_at is None or not (shown or any(change.field in MOVES for change in changes)):
        return []
    reopened = any(change.field == "visibility" for change in changes)
    public = event.visibility is Visibility.PUBLIC or reopened
    leaves = leaves_at(event.ends_at, event.cancelled_at)
    closed = reopened and event.visibility is Visibility.MEMBERS
    return [Touch(event.id, shown, public, frozenset(public_feeds(event)), leaves, reopened, closed)]


def turned(event: Event) -> list[Touch]:
    """What calling it off or putting it off does."""
    return [] if event.published_at is None else [announced(event)]


def announced(event: Event) -> Touch:
    """What all that hold it show otherwise from now on, or for the first time."""
    public = event.visibility is Visibility.PUBLIC
    return Touch(event.id, True, public, frozenset(public_feeds(event)), leaves_at(event.ends_at, None))


def all_that(which: ColumnElement[bool]) -> list[Touch]:
    """What it does to all of these announced events that their entries say one thing otherwise, such as the name of
    their venue; they stay in the calendars in which they are."""
    rows = select(Entry.event_id, Entry.visibility, Entry.ends_at, Entry.cancelled_at)
    found = db.session.execute(rows.join(Event, Event.id == Entry.event_id).where(which))
    return [
        Touch(number, True, visibility is Visibility.PUBLIC, frozenset(), leaves_at(ends_at, cancelled_at))
        for number, visibility, ends_at, cancelled_at in found
    ]


@dataclass(frozen=True)
class Followers:
    """The calendars that a change updates."""

    own: Sequence[tuple[App | None, int]]
    """People's own, by the app that fetches them; None: no app has yet."""
    public: Sequence[tuple[str, Sequence[App]]]
    """Public feeds that apps fetch, by name."""
    unread: int
    """Public feeds that no app has fetched lately."""
    invited: int
    """People to whose calendars it was mailed, and whose letter updates it there."""
    ending: Sequence[App] = ()
    """The apps that fetch a public calendar which ends by this."""

    @property
    def in_short(self) -> str:
        """ "12 people’s own and 2 public"."""
        people, public = sum(number for _app, number in self.own), len(self.public) + self.unread
        parts = [counted(people, "person’s own", "people’s own")] * bool(people) + [f"{public:,} public"] * bool(public)
        return listed(parts)

    @property
    def own_said(self) -> str:
        """ "12 people’s own calendars: 9 in Google Calendar and 3 that no app has fetched yet"."""
        people = sum(number for _app, number in self.own)
        parts = [
            f"{number:,} {f'in {app.within}' if app else 'that no app has fetched yet'}" for app, number in self.own
        ]
        return f"{counted(people, 'person’s own calendar', 'people’s own calendars')}: {listed(parts)}"

    @property
    def public_said(self) -> list[str]:
        """ "Venue: Scott Hall (Google Calendar and Thunderbird)"."""
        return [f"{name} ({listed([app.within for app in apps])})" for name, apps in self.public]

    @property
    def ending_said(self) -> str:
        """ "Google Calendar and Thunderbird find"."""
        return f"{listed([app.within for app in self.ending])} {'finds' if len(self.ending) == 1 else 'find'}"

    @property
    def nobody(self) -> bool:
        return not (self.own or self.public or self.invited)


def followers(touches: Sequence[Touch], now: datetime) -> Followers | None:
    """Those of all that a change touches; None if no calendar changes."""
    if not touches:
        return None
    told = [touch.event_id for touch in touches if touch.shown]
    public, unread = _public(touches, now)
    return Followers(_own(touches, now), public, unread, _invited(told), _ending(touches))


def session_followers(events: Sequence[Event], now: datetime) -> Followers:
    """Of sessions no calendar shows anything but those of people who chose to see each one."""
    touches = [
        Touch(event.id, True, event.visibility is Visibility.PUBLIC, frozenset(), leaves_at(event.ends_at, None))
        for event in events
    ]
    return Followers(_own(touches, now, Subscription.sessions), (), 0, 0)


def _own(
    touches: Sequence[Touch], now: datetime, *only: ColumnElement[bool] | InstrumentedAttribute[bool]
) -> Sequence[tuple[App | None, int]]:
    there = [touch for touch in touches if touch.leaves_at > now]
    shown = [touch.event_id for touch in there if touch.shown]
    answered = select(Rsvp.person_id).where(Rsvp.event_id.in_(shown), Rsvp.status.in_(SAID))
    holds = or_(Subscription.person_id.in_(answered), and_(Subscription.everything, _sees(there, now)))
    rows = select(Subscription.fetched_by, func.count()).where(holds, *only).group_by(Subscription.fetched_by)
    found = [(app, number) for app, number in db.session.execute(rows)]
    return sorted(found, key=lambda one: (one[0] is None, -one[1], one[0] or ""))


def _sees(touches: Sequence[Touch], now: datetime) -> ColumnElement[bool]:
    """Whose calendar of all that they may see holds any of these: everyone's, once any that is public says
    something else, or has become so or is so no more."""
    shown = [touch.event_id for touch in touches if touch.shown]
    if any(touch.public and (touch.shown or touch.reopened) for touch in touches):
        return true()
    if not shown:
        return false()
    organize = select(EventOrganizer.person_id).where(EventOrganizer.event_id.in_(shown))
    may = or_(in_good_standing(today_in(society().zone, now)), Person.roles.any(), Person.id.in_(organize))
    return Subscription.person_id.in_(select(Person.id).where(may))


def _public(touches: Sequence[Touch], now: datetime) -> tuple[Sequence[tuple[str, Sequence[App]]], int]:
    keys = _keys(touches, now)
    alone = _alone(touch for touch in touches if touch.shown or touch.reopened)
    rows = select(Fetch.key, Fetch.app).where(or_(Fetch.key.in_(keys), Fetch.key.in_(alone)))
    fetched = defaultdict[str, list[App]](list)
    for key, app in db.session.execute(rows.order_by(Fetch.key, Fetch.app)):
        fetched[key].append(app)
    called = names(fetched)
    return [(called[key], apps) for key, apps in fetched.items()], len(keys - set(fetched))


def _alone(touches: Iterable[Touch]) -> Select[str]:
    """The feeds of these events alone."""
    return select(literal(ONE) + Event.slug).where(Event.id.in_([touch.event_id for touch in touches]))


def _ending(touches: Sequence[Touch]) -> Sequence[App]:
    closed = [touch for touch in touches if touch.closed]
    apps = select(Fetch.app).distinct().where(Fetch.key.in_(_alone(closed))).order_by(Fetch.app)
    return db.session.scalars(apps).all() if closed else ()


def _keys(touches: Sequence[Touch], now: datetime) -> set[str]:
    """The feeds that hold any of them before or after; of one that shows the same, those that it enters or leaves."""
    numbers = [touch.event_id for touch in touches]
    rows = select(Entry.event_id, Entry.feeds, in_window(Entry, now)).where(Entry.event_id.in_(numbers))
    stored = {number: (set(feeds.split()), bool(current)) for number, feeds, current in db.session.execute(rows)}
    found = set[str]()
    for touch in touches:
        before, current = stored.get(touch.event_id, (set(), False))
        keys = before | touch.feeds if touch.shown else before ^ touch.feeds
        found |= keys if current or touch.leaves_at > now else keys & {PAST}
    return found


def _invited(events: Collection[int]) -> int:
    """Those whose calendar was mailed any of them, and would be mailed a change of it."""
    if not events or not answers_are_read():
        return 0
    mailed = way(NoticeKind.CHANGE.mailing_list) == Way.MAIL.value
    people = select(func.count()).select_from(Person).where(concerned_by(events), mailed, Person.feed_only.is_(False))
    return db.session.scalar(people) or 0

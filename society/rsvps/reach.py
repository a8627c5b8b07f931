"""How far the latest change of an event has come in people's own calendars."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from society.calendars.apps import App
from society.calendars.models import Subscription
from society.db import db
from society.events.models import Event, Visibility
from society.rsvps.feed import SAID, shown_to
from society.rsvps.models import Rsvp


def _shows(event: Event) -> ColumnElement[bool]:
    """Whether an own calendar shows the event: its person answered it, or follows all that they may see."""
    return shown_to(event, hidden=event.visibility is not Visibility.PUBLIC)


def _behind(event: Event) -> ColumnElement[bool]:
    """Whether what it was given is older than the event's last revision; the version tells, not the clock."""
    return or_(Subscription.given_at.is_(None), Subscription.given_at < event.revised_at)


def unreached(event: Event) -> Select[int]:
    """Those whose own calendar shows the event, and not as it stands now."""
    return select(Subscription.person_id).where(_shows(event), _behind(event))


@dataclass(frozen=True)
class AppReached:
    """The own calendars that one kind of app fetches; None: those that no app has fetched yet."""

    app: App | None
    people: int
    behind: int
    last: datetime | None

    @property
    def name(self) -> str:
        return self.app.label if self.app else "Not fetched yet"


@dataclass(frozen=True)
class Reach:
    """How many follow an event by a calendar of their own, and how many of these show the last change."""

    answered: int
    by_mail: int
    """Of those who answered, how many have no such calendar."""
    apps: tuple[AppReached, ...]

    @property
    def subscribers(self) -> int:
        return sum(app.people for app in self.apps)

    @property
    def behind(self) -> int:
        return sum(app.behind for app in self.apps)

    @property
    def reached(self) -> int:
        return self.subscribers - self.behind


def reach(event: Event) -> Reach:
    """Counted in two queries."""
    answers = select(func.count(), func.count(Subscription.person_id)).select_from(Rsvp)
    answers = answers.outerjoin(Subscription, Subscription.person_id == Rsvp.person_id)
    answered, following = db.session.execute(answers.where(Rsvp.event_id == event.id, Rsvp.status.in_(SAID))).one()
    behind, latest = func.sum(case((_behind(event), 1), else_=0)), func.max(Subscription.fetched_at)
    rows = select(Subscription.fetched_by, func.count(), behind, latest).where(_shows(event))
    apps = [AppReached(*row) for row in db.session.execute(rows.group_by(Subscription.fetched_by))]
    apps.sort(key=lambda one: (one.app is None, -one.people, one.name))
    return Reach(answered, answered - following, tuple(apps))

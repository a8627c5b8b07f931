"""The events that a newsletter tells of: which can be chosen, and how they read, to members and to others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import Select, or_, select, true

from society.db import db
from society.events.models import Event, Visibility
from society.events.queries import loaded
from society.events.render import place, when_for
from society.fields import on_one_line
from society.languages import ENGLISH
from society.languages import listed as listed_in
from society.mail.links import naming
from society.mail.wording import escaped, link
from society.membership.queries import in_good_standing
from society.notices.merge import EVENTS
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.queries import outsiders_in
from society.notices.theirs import listed, tells_each_of_theirs
from society.notices.versions import said_to
from society.people.models import Person
from society.phrases import marked, phrase
from society.settings import absolute, society
from society.times import today_in

AHEAD = timedelta(days=35)
"""Events so near are chosen to begin with."""
MOST = 100


def choosable(now: datetime, chosen: Iterable[int] = ()) -> Select[Event]:
    """What is announced and still to come, soonest first; besides what was chosen already."""
    announced, coming = Event.published_at.is_not(None), (Event.ends_at > now) & Event.cancelled_at.is_(None)
    soonest = select(Event.id).where(announced, coming).order_by(Event.starts_at, Event.id).limit(MOST)
    offered = or_(Event.id.in_(soonest), Event.id.in_(list(chosen)))
    return select(Event).where(announced, offered).order_by(Event.starts_at, Event.id)


def near(now: datetime) -> Select[Event]:
    """Those that a new newsletter begins with."""
    return choosable(now).where(Event.starts_at < now + AHEAD)


def left_out(notice: Notice) -> list[str]:
    """A sentence for each event that was chosen and is not told of, since it will not take place."""
    off = [] if notice.kind is NoticeKind.CANCELLATION else [event for event in notice.events if event.cancelled_at]
    return [f"“{event.title}” is cancelled, so it is left out." for event in off]


@dataclass(frozen=True)
class Listing:
    """A notice's events as Markdown: all of them, and those that everyone may know of."""

    to_members: Markup
    to_others: Markup

    @property
    def is_the_same(self) -> bool:
        return self.to_members == self.to_others


def told_events(notice: Notice) -> Sequence[Event]:
    """In three queries however many there are. What is cancelled by now is left out, unless it is told that it is."""
    chosen = [event.id for event in notice.events]
    if not chosen:
        return ()
    on = true() if notice.kind is NoticeKind.CANCELLATION else Event.cancelled_at.is_(None)
    shown = select(Event).where(Event.id.in_(chosen), Event.published_at.is_not(None), on)
    return db.session.scalars(loaded(shown.order_by(Event.starts_at, Event.id))).unique().all()


def listing(events: Sequence[Event], language: str = ENGLISH, named: int | None = None) -> Listing:
    """As a text in that language tells of them; `named` is the notice whose letters it stands in."""
    in_lists = _below_one_another(events, language, named), _below_one_another(_public(events), language, named)
    return Listing(*in_lists)


def _below_one_another(events: Sequence[Event], language: str, named: int | None) -> Markup:
    return Markup("\n\n").join(_entry(event, language, named) for event in events)


def _entry(event: Event, language: str, named: int | None) -> Markup:
    """One event: the title leads to its page, the day stands out, then where and who."""
    name = link(naming(absolute(f"/events/{event.slug}"), named), on_one_line(event.title))
    date = when_for(event, None, language)
    if event.postponed_at:
        date = phrase("put off, the new date is not known yet", language)
    lines = [Markup("**{}**").format(escaped(date)), escaped(place(event, language))]
    if names := listed_in([speaker.name for speaker in event.speakers], language):
        lines.append(escaped(phrase("With {names}", language, names=names)))
    if event.visibility is Visibility.MEMBERS:
        lines.append(escaped(phrase("For members.", language)))
    facts = Markup("  \n").join(line for line in lines if line)
    return Markup("\n\n").join(part for part in (Markup("### ") + name, facts, escaped(event.summary)) if part)


def told_to(notice: Notice, person: Person | None, now: datetime, language: str = "") -> dict[str, str]:
    """The field's value for one reader; for all at once only what each of them may know of. In the language that they
    read, if no other is asked for."""
    language, named = language or said_to(notice, person).language, notice.id if person else None
    if tells_each_of_theirs(notice):
        return {EVENTS: _of_several(notice, now, language)}
    found = listing(told_events(notice), language, named)
    knows = notice.audience is Audience.MEMBERS if person is None else bool(members_among(found, now, [person.id]))
    return {EVENTS: found.to_members if knows else found.to_others}


THEIR_OWN = marked("those of them that you have answered")


def _of_several(notice: Notice, now: datetime, language: str) -> Markup:
    """To all at once: what each of the readers may know of, though they may have answered another."""
    events = told_events(notice)
    if not events:
        return Markup()
    public = _public(events)
    known = public if len(public) < len(events) and outsiders_in(notice, now) else events
    return listed(notice, [(event, None) for event in known], None, language) or escaped(phrase(THEIR_OWN, language))


def _public(events: Sequence[Event]) -> Sequence[Event]:
    return [event for event in events if event.visibility is Visibility.PUBLIC]


def members_among(found: Listing, now: datetime, among: Collection[int] | None = None) -> set[int]:
    """The numbers of those who are told of more than others are: members in good standing; of a few alone, if told."""
    if found.is_the_same:
        return set()
    rows = select(Person.id).where(in_good_standing(today_in(society().zone, now)))
    return set(db.session.scalars(rows if among is None else rows.where(Person.id.in_(among))))

"""Whom notices are for, and what became of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from society.db import db
from society.events.models import Event
from society.mail.models import Letter, LetterState
from society.mail.queries import Way, way
from society.membership.queries import in_good_standing
from society.notices.audiences import ANSWERS, before_it, belongs
from society.notices.models import CHANGES, Audience, Delivery, Notice, NoticeKind, notice_event
from society.offices.models import Office
from society.people.models import Person
from society.register.models import SavedView
from society.rsvps.models import Rsvp
from society.settings import society
from society.text import counted
from society.times import today_in


def people_in(notice: Notice, now: datetime) -> Select[Person]:
    """Everyone a notice is for, whether or not they can be mailed, by name."""
    return select(Person).where(belongs(notice, now)).order_by(Person.name, Person.id)


def by_way(notice: Notice, which: Collection[Way], now: datetime) -> Select[Person, str]:
    """The same, each with how it would come to them; or only those to whom it would come in one of those."""
    how = way(notice.kind.mailing_list)
    rows = people_in(notice, now).options(lazyload(Person.roles)).add_columns(how)
    return rows.where(how.in_([each.value for each in which])) if which else rows


def outsiders_in(notice: Notice, now: datetime) -> int:
    """How many of those it is for may not see what is for members in good standing."""
    members = in_good_standing(today_in(society().zone, now))
    rows = people_in(notice, now).where(~members).order_by(None).with_only_columns(func.count())
    return db.session.scalar(rows) or 0


def last_time(notice: Notice, now: datetime) -> str:
    """Which event its readers came to, where it is for those who came last time; else empty."""
    if notice.audience is not Audience.LAST or notice.event is None:
        return ""
    event = db.session.scalar(before_it(notice.event, now))
    if event is None:
        return "No event of its series or category took place before it, so there is nobody who came last time."
    return f"Last time was “{event.title}” on {event.starts:%-d %B %Y}."


def committees() -> Sequence[str]:
    """The committees in which there are offices; "" where the society itself has some."""
    return db.session.scalars(select(Office.committee).distinct().order_by(Office.committee)).all()


def too_late(notice: Notice, at: datetime) -> str:
    """The sentence that says by how much a general meeting that is called at that time is called later than the rules
    allow; empty if it is not."""
    if notice.kind is not NoticeKind.MEETING or notice.event is None:
        return ""
    days, asked = (notice.event.starts.date() - today_in(notice.event.zone, at)).days, society().meeting_days
    if days >= asked:
        return ""
    left = counted(max(days, 0), "day")
    return f"The rules ask for {counted(asked, 'day')} of notice; until this meeting it is {left}."


def latest_call(notice: Notice) -> date | None:
    """The last day on which a general meeting may be called by the rules."""
    if notice.kind is not NoticeKind.MEETING or notice.event is None:
        return None
    return notice.event.starts.date() - timedelta(days=society().meeting_days)


def rsvps_by_person(event: Event | None, among: Collection[int] | None = None) -> dict[int, Rsvp]:
    """Who has answered the event, and how; of a few people alone, by number, if told."""
    if event is None:
        return {}
    rows = select(Rsvp).where(Rsvp.event_id == event.id)
    rows = rows if among is None else rows.where(Rsvp.person_id.in_(among))
    return {rsvp.person_id: rsvp for rsvp in db.session.scalars(rows)}


def notices() -> Select[Notice]:
    """All notices: drafts first, then the latest sent."""
    return with_events(select(Notice)).order_by(Notice.sent_at.is_not(None), Notice.sent_at.desc(), Notice.id.desc())


def with_events(notices: Select[Notice]) -> Select[Notice]:
    """With all that their subjects may name, in three queries however many there are."""
    event = joinedload(Notice.event)
    return notices.options(
        event.joinedload(Event.venue), event.selectinload(Event.speakers), event.selectinload(Event.backings)
    )


def last_minutes(event: Event) -> Select[datetime | None]:
    """When people were last written to about what stays of an event."""
    return select(func.max(Notice.sent_at)).where(Notice.event_id == event.id, Notice.kind == NoticeKind.MINUTES)


def offered_events(now: datetime, *chosen: int | None) -> Select[Event]:
    """The events a notice may be about: published, and not long over; first of all what is chosen already."""
    recent = Event.ends_at > now - timedelta(days=60)
    known = Event.id.in_(set(filter(None, chosen)))
    offered = Event.published_at.is_not(None) & or_(recent, known)
    return select(Event).where(offered).order_by(known.desc(), Event.starts_at, Event.id).limit(300)


def views_of(person: Person) -> Select[SavedView]:
    """The views of the register that they have kept and that narrow it, by name: each an audience."""
    narrow = SavedView.person_id == person.id, SavedView.query != ""
    return select(SavedView).where(*narrow).order_by(SavedView.name, SavedView.id)


def sent_counts(notice_ids: list[int]) -> dict[int, int]:
    """How many letters each of the notices came to."""
    rows = select(Delivery.notice_id, func.count(Delivery.letter_id)).where(Delivery.notice_id.in_(notice_ids))
    return dict(db.session.execute(rows.group_by(Delivery.notice_id)).all())


def told_later(notice: Notice) -> Select[int]:
    """Whom later news of the same event has reached, or reaches first: it says how that is by now, unless it was
    stopped. Of several events, who answered any of which there is no such news has not been told."""
    own, events = aliased(Delivery), [event.id for event in (notice.event, *notice.events) if event]
    told = _news_since(notice, own).where(_tells_of(events)).with_only_columns(own.person_id)
    if notice.event is not None:
        return told
    answered = select(Rsvp.person_id).where(Rsvp.event_id.in_(events), Rsvp.status.in_(ANSWERS[Audience.ANSWERED]))
    besides = select(notice_event.c.notice_id).where(notice_event.c.event_id == Rsvp.event_id)
    of_it = or_(Notice.event_id == Rsvp.event_id, Notice.id.in_(besides.correlate(Rsvp)))
    news = _news_since(notice, own).where(own.person_id == Rsvp.person_id, of_it).correlate(Rsvp)
    return told.where(own.person_id.not_in(answered.where(~news.exists())))


def _tells_of(events: Collection[int]) -> ColumnElement[bool]:
    besides = select(notice_event.c.notice_id).where(notice_event.c.event_id.in_(events))
    return or_(Notice.event_id.in_(events), Notice.id.in_(besides))


def _news_since(notice: Notice, own: type[Delivery]) -> Select[Delivery]:
    """The deliveries of a notice to those whom later news has reached, or reaches first."""
    mine = aliased(Letter)
    leaves = or_(Notice.stopped_at.is_(None), ~Letter.halted)
    first = or_(Letter.state == LetterState.SENT, Letter.due_at < mine.due_at)
    rows = select(own).join(Delivery, own.person_id == Delivery.person_id).join(Delivery.notice).join(Delivery.letter)
    later = own.notice_id == notice.id, Notice.kind.in_(CHANGES), Notice.id > notice.id
    return rows.join(mine, mine.id == own.letter_id).where(*later, leaves, first)

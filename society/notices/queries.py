"""Whom notices are for, and what became of them."""

from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from society.db import db
from society.events.models import Event
from society.membership.models import Membership, Status
from society.membership.queries import in_good_standing
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.people.models import Person
from society.register.queries import found as in_register
from society.register.wanted import wanted
from society.rsvps.models import HELD, Rsvp, RsvpStatus
from society.rsvps.reach import unreached
from society.rsvps.selection import Selection, selected
from society.settings import society
from society.text import counted
from society.times import today_in

ANSWERS = {
    Audience.ANSWERED: (*HELD, RsvpStatus.WAITLISTED, RsvpStatus.PENDING, RsvpStatus.MAYBE),
    Audience.GOING: (RsvpStatus.CONFIRMED,),
    Audience.WAITING: (RsvpStatus.WAITLISTED,),
}
"""The audiences made of those who answered, and which answers they gave."""


def people_in(notice: Notice, now: datetime) -> Select[Person]:
    """Everyone a notice is for, whether or not they can be mailed, by name."""
    return select(Person).where(_belongs(notice, now)).order_by(Person.name, Person.id)


def _belongs(notice: Notice, now: datetime) -> ColumnElement[bool]:
    audience, event = notice.audience, notice.event
    match audience:
        case Audience.MEMBERS:
            return in_good_standing(today_in(society().zone, now))
        case Audience.EVERYONE:
            return _known()
        case Audience.CAME:
            came = exists().where(Rsvp.person_id == Person.id, Rsvp.event_id == (event.id if event else None))
            return came.where(Rsvp.checked_in_at.is_not(None))
        case Audience.BEHIND:
            return Person.id.in_(unreached(event)) if event else false()
        case Audience.FOUND:
            found = selected(event, Selection.read(notice.found), today_in(society().zone, now))
            return Person.id.in_(found.with_only_columns(Rsvp.person_id).correlate(None))
        case Audience.REGISTER:
            asked, today = wanted(MultiDict(parse_qsl(notice.found))), today_in(society().zone, now)
            return Person.id.in_(select(in_register(asked, asked.on or today).subquery()))
        case Audience.CONCERNED:
            has_answered = exists().where(Rsvp.person_id == Person.id, Rsvp.event_id == (event.id if event else None))
            still_asked = and_(Person.id.in_(asked_by_calendar(event)), ~has_answered)
            return or_(_answered(event, Audience.ANSWERED), still_asked)
        case _:
            return _answered(event, audience)


def _answered(event: Event | None, audience: Audience) -> ColumnElement[bool]:
    answered = exists().where(Rsvp.person_id == Person.id, Rsvp.event_id == (event.id if event else None))
    return answered.where(Rsvp.status.in_(ANSWERS[audience]))


def asked_by_calendar(event: Event | None) -> Select[int]:
    """The ids of those to whose calendars the event was mailed as an invitation, whether or not they have answered."""
    invited = select(Delivery.person_id).join(Notice, Notice.id == Delivery.notice_id)
    return invited.where(Notice.event_id == (event.id if event else None), Notice.asks, Delivery.letter_id.is_not(None))


def too_late(notice: Notice, now: datetime) -> str:
    """The sentence that says by how much a general meeting is called later than the rules allow; empty if it is not."""
    if notice.kind is not NoticeKind.MEETING or notice.event is None:
        return ""
    days, asked = (notice.event.starts.date() - today_in(notice.event.zone, now)).days, society().meeting_days
    if days >= asked:
        return ""
    left = counted(max(days, 0), "day")
    return f"The rules ask for {counted(asked, 'day')} of notice; until this meeting it is {left}."


def _known() -> ColumnElement[bool]:
    """All but those whose address somebody typed once and nobody ever showed to be theirs."""
    belonged = exists().where(
        Membership.person_id == Person.id, Membership.status.not_in((Status.APPLIED, Status.REJECTED))
    )
    answered = exists().where(Rsvp.person_id == Person.id, Rsvp.status != RsvpStatus.UNCONFIRMED)
    return or_(Person.verified_at.is_not(None), belonged, answered)


def rsvps_by_person(event: Event | None) -> dict[int, Rsvp]:
    """Who has answered the event, and how."""
    rows = db.session.scalars(select(Rsvp).where(Rsvp.event_id == (event.id if event else None)))
    return {rsvp.person_id: rsvp for rsvp in rows}


def notices() -> Select[Notice]:
    """All notices: drafts first, then the latest sent."""
    return with_events(select(Notice)).order_by(Notice.sent_at.is_not(None), Notice.sent_at.desc(), Notice.id.desc())


def with_events(notices: Select[Notice]) -> Select[Notice]:
    """With all that their subjects may name, in three queries however many there are."""
    event = joinedload(Notice.event)
    return notices.options(
        event.joinedload(Event.venue), event.selectinload(Event.speakers), event.selectinload(Event.backings)
    )


def offered_events(now: datetime, chosen: int | None = None) -> Select[Event]:
    """The events a notice may be about: published, and not long over; besides the one chosen already."""
    recent = Event.ends_at > now - timedelta(days=60)
    offered = Event.published_at.is_not(None) & or_(recent, Event.id == chosen)
    return select(Event).where(offered).order_by(Event.starts_at, Event.id).limit(300)


def sent_counts(notice_ids: list[int]) -> dict[int, int]:
    """How many letters each of the notices came to."""
    rows = select(Delivery.notice_id, func.count(Delivery.letter_id)).where(Delivery.notice_id.in_(notice_ids))
    return dict(db.session.execute(rows.group_by(Delivery.notice_id)).all())

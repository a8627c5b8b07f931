"""Who belongs to the audience of a notice: one condition on people for each kind of audience, for the database."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true

from society.events.models import Event
from society.mail.models import GONE_OUT, Letter, LetterState, MailingList, OptOut
from society.membership.models import Membership, Status
from society.membership.queries import holds_tier, in_good_standing
from society.notices.models import IN_COMMITTEE, OWN_OFFICES, Audience, Delivery, Notice, NoticeKind
from society.notices.spoken import asked_of_register
from society.offices.models import Office, Term
from society.people.models import Person
from society.register.filters import in_city, reads
from society.register.queries import found as in_register
from society.rsvps.models import HELD, Rsvp, RsvpStatus
from society.rsvps.reach import unreached
from society.rsvps.selection import Selection, selected
from society.settings import society
from society.times import today_in

ANSWERS = {
    Audience.ANSWERED: (*HELD, RsvpStatus.WAITLISTED, RsvpStatus.PENDING, RsvpStatus.MAYBE),
    Audience.GOING: (RsvpStatus.CONFIRMED,),
    Audience.WAITING: (RsvpStatus.WAITLISTED,),
}
"""The audiences made of those who answered, and which answers they gave."""


def belongs(notice: Notice, now: datetime) -> ColumnElement[bool]:
    """Of an event for members only, nobody learns by a list that never asked whether they are members."""
    today = today_in(society().zone, now)
    if notice.audience.needs_event:
        meant = _by_event(notice, notice.event, now) if notice.event else _by_several(notice)
    else:
        meant = _without_event(notice, today)
    return and_(meant, *_narrower(notice, today))


def _narrower(notice: Notice, today: date) -> Iterator[ColumnElement[bool]]:
    if notice.tier_id:  # whoever holds one is a member in good standing
        yield holds_tier(notice.tier_id, today)
    elif notice.for_members_only or notice.audience is Audience.MEMBERS:
        yield in_good_standing(today)
    if notice.city:
        yield in_city(notice.city)
    if notice.reads:
        yield reads(notice.reads, society().language)


def _without_event(notice: Notice, today: date) -> ColumnElement[bool]:
    match notice.audience:
        case Audience.MEMBERS:
            return true()
        case Audience.REGISTER:
            asked = asked_of_register(notice.found)
            return Person.id.in_(select(in_register(asked, asked.on or today).subquery()))
        case Audience.OFFICERS:
            return Person.id.in_(_officers(notice.found, today))
        case _:
            return _known()


def _by_several(notice: Notice) -> ColumnElement[bool]:
    """Of what several events have in common: whomever any of them concerns."""
    events = [event.id for event in notice.events]
    return concerned_by(events) if events and notice.audience is Audience.CONCERNED else false()


def _by_event(notice: Notice, event: Event, now: datetime) -> ColumnElement[bool]:
    answers = select(Rsvp.person_id).where(Rsvp.event_id == event.id)
    match notice.audience:
        case Audience.CAME:
            return Person.id.in_(answers.where(Rsvp.checked_in_at.is_not(None)))
        case Audience.BEHIND:
            return Person.id.in_(unreached(event))
        case Audience.FOUND:
            found = selected(event, Selection.read(notice.found), today_in(society().zone, now))
            return Person.id.in_(found.with_only_columns(Rsvp.person_id).correlate(None))
        case Audience.CONCERNED:
            return concerned_by([event.id])
        case Audience.INVITED:
            return _unanswered(event)
        case Audience.LAST:
            before = before_it(event, now).with_only_columns(Event.id).scalar_subquery()
            came = select(Rsvp.person_id).where(Rsvp.event_id == before, Rsvp.checked_in_at.is_not(None))
            return Person.id.in_(came)
        case answered:
            return Person.id.in_(answers.where(Rsvp.status.in_(ANSWERS[answered])))


def _officers(which: str, today: date) -> Select[int]:
    rows = select(Term.person_id).join(Office, Office.id == Term.office_id)
    if which:
        rows = rows.where(Office.committee == ("" if which == OWN_OFFICES else which.removeprefix(IN_COMMITTEE)))
    return rows.where(Term.starts_on <= today, or_(Term.ends_on.is_(None), Term.ends_on >= today))


def concerned_by(events: Collection[int]) -> ColumnElement[bool]:
    """Who answered any of these events, or has it in the calendar as an invitation and has not answered it yet."""
    answered = select(Rsvp.person_id).where(Rsvp.event_id.in_(events), Rsvp.status.in_(ANSWERS[Audience.ANSWERED]))
    return or_(Person.id.in_(answered), Person.id.in_(still_asked(events)))


def still_asked(events: Collection[int]) -> Select[int]:
    """The ids of those who have any of these events in the calendar as an invitation, and have not answered it yet."""
    theirs = Rsvp.event_id == Notice.event_id, Rsvp.person_id == Delivery.person_id
    given = select(Rsvp.id).where(*theirs, Rsvp.status != RsvpStatus.UNCONFIRMED).correlate(Notice, Delivery)
    return _asked_by_calendar(events).where(~given.exists())


def asked_by_calendar(event: Event) -> Select[int]:
    """The ids of those to whose calendars the event was mailed as an invitation, whether or not they have answered.

    What was refused or came back put nothing there. What is still in the outbox tells of a change itself, since it is
    written anew then.
    """
    return _asked_by_calendar([event.id])


def _asked_by_calendar(events: Collection[int]) -> Select[int]:
    invited = select(Delivery.person_id).join(Delivery.notice).join(Delivery.letter)
    invited = invited.where(Notice.event_id.in_(events), Notice.asks, Letter.calendar.is_not(None))
    has_left = Letter.state.in_((LetterState.SENT, LetterState.SENDING))
    return invited.where(has_left, Letter.bounced_at.is_(None))


def _unanswered(event: Event) -> ColumnElement[bool]:
    """Who left the list of invitations since is not pressed; a guest's answer that waits for its link is none yet."""
    invited = select(Delivery.person_id).join(Notice, Notice.id == Delivery.notice_id).outerjoin(Delivery.letter)
    invited = invited.where(Notice.event_id == event.id, Notice.kind == NoticeKind.INVITATION)
    invited = invited.where(Notice.sent_at.is_not(None), or_(Delivery.letter_id.is_(None), Letter.state.in_(GONE_OUT)))
    answered = exists().where(Rsvp.person_id == Person.id, Rsvp.event_id == event.id)
    left = exists().where(OptOut.person_id == Person.id, OptOut.mailing_list == MailingList.INVITATIONS)
    return and_(Person.id.in_(invited), ~answered.where(Rsvp.status != RsvpStatus.UNCONFIRMED), ~left)


def before_it(event: Event, now: datetime) -> Select[Event]:
    """The event that took place last before it: of its series or, without one, of its category."""
    alike: ColumnElement[bool] = false()
    if event.series_id is not None:
        alike = Event.series_id == event.series_id
    elif event.category_id is not None:
        alike = Event.category_id == event.category_id
    held = select(Event).where(alike, Event.published_at.is_not(None), Event.cancelled_at.is_(None))
    held = held.where(Event.postponed_at.is_(None), Event.ends_at <= now, Event.starts_at < event.starts_at)
    return held.order_by(Event.starts_at.desc(), Event.id.desc()).limit(1)


def _known() -> ColumnElement[bool]:
    """All but those whose address somebody typed once and nobody ever showed to be theirs."""
    belonged = exists().where(
        Membership.person_id == Person.id, Membership.status.not_in((Status.APPLIED, Status.REJECTED))
    )
    answered = exists().where(Rsvp.person_id == Person.id, Rsvp.status != RsvpStatus.UNCONFIRMED)
    return or_(Person.verified_at.is_not(None), belonged, answered)

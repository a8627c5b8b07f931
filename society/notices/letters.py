"""A notice as each of its readers gets it: the text filled for them, and the event for their calendar."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from society.calendars.render import event_file, stored_entry
from society.db import db
from society.events.models import Event, RsvpPolicy, Visibility
from society.mail.actions import composed
from society.mail.filling import filled
from society.mail.models import Letter
from society.notices.audiences import asked_by_calendar
from society.notices.merge import EVENTS, Reader, Values, closed, event_values, reader_values, subject, values
from society.notices.models import CHANGES, Audience, Delivery, Notice, NoticeKind
from society.notices.newsletter import listing, members_among, told_events, told_to
from society.notices.queries import rsvps_by_person
from society.notices.theirs import Theirs, file_for, listed, of_each, tells_each_of_theirs
from society.notices.versions import Said, main, others, said_to
from society.people.models import Person
from society.rsvps.feed import shows
from society.rsvps.invitation import answers_are_read, asking, carried
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.queries import why_closed


@dataclass(frozen=True)
class Attached:
    """A notice's event as all its letters bring it: as a file, and as the entry that invitations are made of."""

    file: bytes | None
    entry: bytes | None
    asked: Collection[int]
    """Whose calendars have it as an invitation, where the notice changes that."""


FEW = 500
"""Readers of whom alone it is looked up what each has of their own; of more, that of everyone is as quick. As many as
are written to at a time (see `sending`), so that no step looks up what all have."""


def _attached(notice: Notice, among: Collection[int] | None) -> Attached:
    if notice.event is None:
        return Attached(None, None, ())
    asked = asked_by_calendar(notice.event)
    asked = asked if among is None else asked.where(Delivery.person_id.in_(among))
    invited = set(db.session.scalars(asked)) if notice.kind in CHANGES else ()
    return Attached(attachment(notice), stored_entry(notice.event), invited)


def _if_few(readers: Iterable[Person]) -> Collection[int] | None:
    return [one.id for one in readers] if isinstance(readers, Collection) and len(readers) <= FEW else None


def letters(notice: Notice, readers: Iterable[Person], now: datetime, *, mailed: bool = True) -> Iterator[Letter]:
    """The notice as each of them would read it, not yet in the outbox. Links that are `mailed` name the notice."""
    named = notice.id if mailed else None
    few, events = _if_few(readers), told_events(notice)
    attached, rsvps = _attached(notice, few), rsvps_by_person(notice.event, few)
    languages = [said.language for said in (main(notice), *others(notice))]
    shared = {language: event_values(notice.event, language, named) for language in languages}
    listings = {language: listing(events, language, named) for language in languages}
    members = members_among(listings[languages[0]], now, few)
    several = tells_each_of_theirs(notice)
    theirs = of_each(events, few) if several else {}
    for person in readers:
        rsvp, said = rsvps.get(person.id), said_to(notice, person)
        own, told = reader_values(notice, Reader(person, rsvp), said.language, named), listings[said.language]
        own[EVENTS] = told.to_members if person.id in members else told.to_others
        if several:
            each = theirs.get(person.id) or _shown(events, to_member=person.id in members)
            own[EVENTS] = listed(notice, each, person, said.language, named)
            file = file_for(person, each, now)
        else:
            file = _own_file(notice, person, rsvp, attached, now)
        yield _composed(notice, person, said, {**shared[said.language], **own}, file, now)


def _shown(events: Sequence[Event], *, to_member: bool) -> Theirs:
    """Of several events what somebody may look at who answered none."""
    return [(event, None) for event in events if to_member or event.visibility is Visibility.PUBLIC]


def asks_calendars(notice: Notice, now: datetime) -> bool:
    """Whether its letters are invitations that can be answered in a calendar, by all whom they reach."""
    event = notice.event
    if notice.kind is not NoticeKind.INVITATION or event is None or not answers_are_read() or why_closed(event, now):
        return False
    for_members = event.rsvp_policy is RsvpPolicy.MEMBERS or (event.members_first_until_at or now) > now
    return notice.audience is Audience.MEMBERS or not for_members


def _own_file(notice: Notice, person: Person, rsvp: Rsvp | None, shared: Attached, now: datetime) -> bytes | None:
    """What changes an event changes each reader's own invitation to it; else the event as it is for everyone, unless
    they have it by their own feed alone.

    Who has still to open the link that makes an answer count has given none.
    """
    answered = rsvp is not None and rsvp.status is not RsvpStatus.UNCONFIRMED
    if rsvp is not None and answered and notice.kind in CHANGES:
        return carried(rsvp, shared.file, now, shared.entry)
    if notice.event is not None and not answered and (notice.asks or person.id in shared.asked):
        return asking(notice.event, person, now, shared.entry)
    by_feed = person.feed_only and notice.event is not None and shows(notice.event, person, now)
    return None if by_feed else shared.file


def letter_to_all(notice: Notice, now: datetime) -> Letter:
    """The notice as it reads when it is for all at once: addressed to nobody, with neutral fields."""
    nobody = Person(name="", email=None)
    fields = {**values(notice, Reader()), **told_to(notice, None, now)}
    return _composed(notice, nobody, main(notice), fields, attachment(notice), now)


def shown_subject(notice: Notice) -> str:
    """The subject as pages show it."""
    return subject(notice.subject, notice.event, values(notice, Reader()), main(notice).language)


def _composed(notice: Notice, person: Person, said: Said, fields: Values, file: bytes | None, now: datetime) -> Letter:
    return composed(
        person,
        subject(said.subject, notice.event, fields, said.language),
        filled(closed(notice, said.body, fields), fields),
        f"notice:{notice.id}",
        now=now,
        language=said.language,
        calendar=file,
        reply_to=notice.author.email if notice.author else None,
        mailing_list=notice.kind.mailing_list,
        thread=_thread(notice),
    )


def _thread(notice: Notice) -> str | None:
    """What its letters belong to, the widest first: evenings of one series stand together, and in it each by itself."""
    event = notice.event
    if event is None:
        series = {each.series_id for each in notice.events} if tells_each_of_theirs(notice) else set()
        return f"series-{series.pop()}" if len(series) == 1 and None not in series else None
    own = f"event-{event.id}"
    return f"series-{event.series_id} {own}" if event.series_id else own


def attachment(notice: Notice) -> bytes | None:
    """Its event, for the reader's calendar."""
    return event_file(notice.event) if notice.event and notice.event.published_at else None

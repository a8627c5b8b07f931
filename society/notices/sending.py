"""Sending notices: a delivery for everyone they are for, and a letter for those who can and want to be mailed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from society.calendars.render import event_file, stored_entry
from society.db import db
from society.errors import Refused
from society.events.models import RsvpPolicy, Visibility
from society.mail.actions import composed
from society.mail.filling import filled, filled_line
from society.mail.models import Letter
from society.mail.queries import NO_WAY, Way, way
from society.mail.rhythm import held_until
from society.notices.audiences import asked_by_calendar
from society.notices.merge import (
    EVENTS,
    Reader,
    Values,
    event_values,
    problems,
    reader_values,
    values,
)
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.notices.newsletter import listing, members_among, told_events, told_to
from society.notices.queries import people_in, rsvps_by_person
from society.notices.versions import Said, main, others, said_to
from society.people.models import Person
from society.phrases import marked
from society.rsvps.invitation import answers_are_read, asking, carried
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.queries import why_closed
from society.settings import society
from society.text import counted, listed
from society.times import shown_from


@dataclass(frozen=True)
class Reach:
    """How many a notice is for, by how they are reached; as text, how many that is."""

    numbers: Mapping[Way, int]

    @property
    def everyone(self) -> int:
        return sum(self.numbers.values())

    @property
    def mailed(self) -> int:
        return self.numbers.get(Way.MAIL, 0)

    @property
    def by_letter(self) -> int:
        """For how many it is printed: they chose that, or have no email address."""
        return self.numbers.get(Way.LETTER, 0)

    @property
    def unreachable(self) -> int:
        """How many neither mail nor post can bring it to."""
        return sum(self.numbers.get(no_way, 0) for no_way in NO_WAY)

    @property
    def reached(self) -> int:
        """How many get it, by mail or on paper."""
        return self.mailed + self.by_letter

    def __str__(self) -> str:
        """ "12 people, 4 of them by letter. Besides, 3 left this list and 1 cannot be reached."."""
        sentence = people(self.reached)
        if self.by_letter:
            sentence += f", {self.by_letter:,} of them by letter"
        unreached = {
            Way.LEFT: "{:,} left this list",
            Way.DEAD: "mail to {:,} comes back",
            Way.NONE: "{:,} cannot be reached",
        }
        others = [words.format(self.numbers[way]) for way, words in unreached.items() if self.numbers.get(way)]
        return f"{sentence}." + (f" Besides, {listed(others)}." if others else "")


def people(number: int) -> str:
    """ "nobody", "1 person", "12 people"."""
    return counted(number, "person", "people") if number else "nobody"


def reach(notice: Notice, now: datetime) -> Reach:
    """How many it would reach now: counted by the database, however many they are."""
    how = way(notice.kind.mailing_list)
    rows = people_in(notice, now).order_by(None).with_only_columns(how, func.count()).group_by(how)
    return Reach({Way(found): number for found, number in db.session.execute(rows)})


def mailed_now(notice: Notice, now: datetime) -> Select[Person]:
    """Whom it would be mailed to now, by name."""
    return people_in(notice, now).where(way(notice.kind.mailing_list) == Way.MAIL.value)


def after_hold(now: datetime) -> datetime:
    """When the first letter of what somebody sends now leaves: so long they can think better of it."""
    return now + timedelta(minutes=society().hold_minutes)


def send(notice: Notice, now: datetime, leaves_at: datetime | None = None, own_hour: datetime | None = None) -> Reach:
    """Hand it to the post office, once: from here on it is not edited.

    Nothing leaves before `leaves_at`, nor a letter before its reader's own clock shows `own_hour`.
    """
    if notice.sent_at is not None:
        raise Refused("This notice has been sent already.")
    if notice.audience is Audience.EVERYONE and notice.event and notice.event.visibility is Visibility.MEMBERS:
        raise Refused(marked("This event is for members only by now, so its notice cannot go to everyone."))
    everyone = db.session.execute(people_in(notice, now).add_columns(way(notice.kind.mailing_list))).unique().all()
    mailed = [person for person, how in everyone if how == Way.MAIL]
    found = Reach(Counter(Way(how) for _, how in everyone))
    if not found.reached:
        raise Refused(marked("There is nobody whom this would reach."))
    if wrong := holes(notice, now):
        raise Refused(f"This notice cannot be sent as it stands. {wrong[0]}")
    notice.planned_at, notice.own_hour = None, own_hour
    notice.sent_at, notice.leaves_at, notice.asks = now, leaves_at or now, asks_calendars(notice, now)
    db.session.add(notice)
    db.session.flush()
    written = {letter.person_id: letter for letter in letters(notice, mailed, now)}
    _hold(notice, [(person, written[person.id]) for person in mailed], now)
    db.session.add_all(written.values())
    db.session.flush()
    db.session.add_all(_delivery(notice, person, written.get(person.id)) for person, _ in everyone)
    db.session.flush()
    return found


def holes(notice: Notice, now: datetime) -> list[str]:
    """Why it cannot be sent as it stands: a sentence for each unknown or empty field, in whatever language."""
    line = values(notice, Reader())
    found = problems(notice.subject, line) + problems(notice.body, {**line, **told_to(notice, None, now)})
    return found + holes_elsewhere(notice, now)


def holes_elsewhere(notice: Notice, now: datetime) -> list[str]:
    """The same of its further languages alone: its event may have changed since they were written."""
    line, text = values(notice, Reader()), {**values(notice, Reader()), **told_to(notice, None, now)}
    return [
        f"In {said.name}: {sentence}"
        for said in others(notice)
        for sentence in problems(said.subject, line) + problems(said.body, text)
    ]


def _hold(notice: Notice, written: Iterable[tuple[Person, Letter]], now: datetime) -> None:
    """Let it wait until it may leave; longer for those who want it gathered with others."""
    starts_at, first = notice.event.starts_at if notice.event else None, notice.leaves_at or now
    for person, letter in written:
        letter.bulk, letter.due_at = True, first
        hour = shown_from(notice.own_hour, person.own_zone) if notice.own_hour else now
        if hour > first:
            letter.keep_until(hour)
        if until := held_until(person, notice.kind.mailing_list, starts_at, max(hour, now)):
            letter.hold(max(until, first))


def _delivery(notice: Notice, person: Person, letter: Letter | None) -> Delivery:
    return Delivery(notice_id=notice.id, person_id=person.id, letter_id=letter.id if letter else None)


@dataclass(frozen=True)
class Attached:
    """A notice's event as all its letters bring it: as a file, and as the entry that invitations are made of."""

    file: bytes | None
    entry: bytes | None
    asked: Collection[int]
    """Whose calendars have it as an invitation, where the notice changes that."""


CHANGES = (NoticeKind.CHANGE, NoticeKind.CANCELLATION)


def _attached(notice: Notice) -> Attached:
    if notice.event is None:
        return Attached(None, None, ())
    invited = set(db.session.scalars(asked_by_calendar(notice.event))) if notice.kind in CHANGES else ()
    return Attached(attachment(notice), stored_entry(notice.event), invited)


def letters(notice: Notice, readers: Iterable[Person], now: datetime) -> Iterator[Letter]:
    """The notice as each of them would read it, not yet in the outbox."""
    attached, rsvps, events = _attached(notice), rsvps_by_person(notice.event), told_events(notice)
    languages = [said.language for said in (main(notice), *others(notice))]
    shared = {language: event_values(notice.event, language) for language in languages}
    listings = {language: listing(events, language) for language in languages}
    members = members_among(listings[languages[0]], now)
    for person in readers:
        rsvp, said = rsvps.get(person.id), said_to(notice, person)
        own, told = reader_values(notice, Reader(person, rsvp), said.language), listings[said.language]
        own[EVENTS] = told.to_members if person.id in members else told.to_others
        fields = {**shared[said.language], **own}
        yield _composed(notice, person, said, fields, _own_file(notice, person, rsvp, attached, now), now)


def asks_calendars(notice: Notice, now: datetime) -> bool:
    """Whether its letters are invitations that can be answered in a calendar, by all whom they reach."""
    event = notice.event
    if notice.kind is not NoticeKind.INVITATION or event is None or not answers_are_read() or why_closed(event, now):
        return False
    for_members = event.rsvp_policy is RsvpPolicy.MEMBERS or (event.members_first_until_at or now) > now
    return notice.audience is Audience.MEMBERS or not for_members


def _own_file(notice: Notice, person: Person, rsvp: Rsvp | None, shared: Attached, now: datetime) -> bytes | None:
    """What changes an event changes each reader's own invitation to it; else the event as it is for everyone.

    Who has still to open the link that makes an answer count has given none.
    """
    if rsvp is not None and rsvp.status is not RsvpStatus.UNCONFIRMED:
        return carried(rsvp, shared.file, now, shared.entry) if notice.kind in CHANGES else shared.file
    if notice.event is not None and (notice.asks or person.id in shared.asked):
        return asking(notice.event, person, now, shared.entry)
    return shared.file


def letter_to_all(notice: Notice, now: datetime) -> Letter:
    """The notice as it reads when it is for all at once: addressed to nobody, with neutral fields."""
    nobody = Person(name="", email=None)
    fields = {**values(notice, Reader()), **told_to(notice, None, now)}
    return _composed(notice, nobody, main(notice), fields, attachment(notice), now)


def shown_subject(notice: Notice) -> str:
    """The subject as pages show it."""
    return filled_line(notice.subject, values(notice, Reader()))


def _composed(notice: Notice, person: Person, said: Said, fields: Values, file: bytes | None, now: datetime) -> Letter:
    return composed(
        person,
        filled_line(said.subject, fields),
        filled(said.body, fields),
        f"notice:{notice.id}",
        now=now,
        language=said.language,
        calendar=file,
        reply_to=notice.author.email if notice.author else None,
        mailing_list=notice.kind.mailing_list,
        thread=f"event-{notice.event.id}" if notice.event else None,
    )


def attachment(notice: Notice) -> bytes | None:
    """Its event, for the reader's calendar."""
    return event_file(notice.event) if notice.event and notice.event.published_at else None


def told_of(notice: Notice) -> set[int]:
    """Those whom a notice that was sent is mailed to, by number."""
    mailed = select(Delivery.person_id).where(Delivery.notice_id == notice.id, Delivery.letter_id.is_not(None))
    return set(db.session.scalars(mailed))

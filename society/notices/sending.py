"""Sending notices: a delivery for everyone they are for, and a letter for those who can and want to be mailed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import exists, func, insert, literal, select, update
from sqlalchemy.orm import lazyload

from society.db import db
from society.errors import Refused
from society.events.models import Visibility
from society.events.queries import in_charge_of
from society.inserts import write_down_all
from society.mail.actions import write
from society.mail.filling import names
from society.mail.models import Letter
from society.mail.queries import Way, way
from society.mail.rhythm import held_until
from society.notices.letters import asks_calendars, letter_to_all, letters, shown_subject
from society.notices.merge import Reader, problems, values
from society.notices.models import Audience, Delivery, Notice
from society.notices.newsletter import told_to
from society.notices.queries import people_in
from society.notices.reach import Reach, reach
from society.notices.unsaid import nobody_named
from society.notices.versions import main, others
from society.people.models import Person
from society.phrases import marked
from society.text import listed
from society.times import shown_from

AT_A_TIME = 500
MOST_NAMED = 3
"""Readers whom a sentence names."""


def send(
    notice: Notice,
    now: datetime,
    leaves_at: datetime | None = None,
    own_hour: datetime | None = None,
    *,
    typed: bool = True,
) -> Reach:
    """Hand it to the post office, once: from here on it is not edited.

    Nothing leaves before `leaves_at`, nor a letter before its reader's own clock shows `own_hour`. Whoever `typed` it
    can see to a name that is blank; what the program says is said to all such people as to several.
    """
    if notice.sent_at is not None:
        raise Refused("This notice has been sent already.")
    if notice.audience is Audience.EVERYONE and notice.event and notice.event.visibility is Visibility.MEMBERS:
        raise Refused(marked("This event is for members only by now, so its notice cannot go to everyone."))
    found = reach(notice, now)
    if not found.reached:
        raise Refused(marked("There is nobody whom this would reach."))
    if wrong := holes(notice, now) if typed else unsayable(notice, now):
        raise Refused(f"This notice cannot be sent as it stands. {wrong[0]}")
    notice.planned_at, notice.own_hour = None, own_hour
    notice.sent_at, notice.leaves_at, notice.asks = now, leaves_at or now, asks_calendars(notice, now)
    to_all = letter_to_all(notice, now)
    notice.said_subject, notice.said_body = to_all.subject, to_all.body
    db.session.add(notice)
    db.session.flush()
    everyone = people_in(notice, now).with_only_columns(literal(notice.id), Person.id)
    db.session.execute(insert(Delivery).from_select(["notice_id", "person_id"], everyone))
    _put_down(notice, now)
    return found


def send_to_more(notice: Notice, now: datetime) -> int:
    """Send what was sent already to those whom it is for by now and was not then, once; how many those are. Nobody may
    be looking: who is in charge of it is told by mail of what is to be printed."""
    last = db.session.scalar(select(func.max(Delivery.id)).where(Delivery.notice_id == notice.id)) or 0
    has_it = exists().where(Delivery.notice_id == notice.id, Delivery.person_id == Person.id)
    more = people_in(notice, now).where(~has_it).with_only_columns(literal(notice.id), Person.id)
    db.session.execute(insert(Delivery).from_select(["notice_id", "person_id"], more))
    _put_down(notice, now, last)
    new = select(func.count(Delivery.id)).where(Delivery.notice_id == notice.id, Delivery.id > last)
    printed = new.join(Person, Person.id == Delivery.person_id).where(way(notice.kind.mailing_list) == Way.LETTER.value)
    _have_printed(notice, db.session.scalar(printed) or 0, now, last)
    return db.session.scalar(new) or 0


def _put_down(notice: Notice, now: datetime, last: int = 0) -> None:
    """Write the letters of those who are mailed into the outbox, some hundreds at a time: all readers and letters of a
    large notice at once would be hundreds of megabytes. Whoever it is for was noted before, at one moment."""
    first = last
    while some := _mailed_after(notice, last):
        readers = [person for person, _ in some]
        written = list(letters(notice, readers, now))
        for person, letter in zip(readers, written, strict=True):
            hold(notice, person, letter, now)
        write_down_all(written)
        last = some[-1][1]
    own = select(Letter.id).where(Letter.person_id == Delivery.person_id, Letter.reason == f"notice:{notice.id}")
    those = Delivery.notice_id == notice.id, Delivery.id > first
    linked = update(Delivery).where(*those).values(letter_id=own.scalar_subquery())
    db.session.execute(linked.execution_options(synchronize_session=False))


def _mailed_after(notice: Notice, last: int) -> Sequence[tuple[Person, int]]:
    """The next of them, each with the number of their delivery."""
    rows = select(Person, Delivery.id).join(Delivery, Delivery.person_id == Person.id).options(lazyload(Person.roles))
    mailed = Delivery.notice_id == notice.id, way(notice.kind.mailing_list) == Way.MAIL.value
    found = db.session.execute(rows.where(*mailed, Delivery.id > last).order_by(Delivery.id).limit(AT_A_TIME))
    return [(person, number) for person, number in found]


def send_by_itself(
    notice: Notice,
    now: datetime,
    leaves_at: datetime | None = None,
    own_hour: datetime | None = None,
    *,
    typed: bool = False,
) -> Reach:
    """The same where nobody may be looking: who is in charge of it is told by mail of what is to be printed."""
    found = send(notice, now, leaves_at, own_hour, typed=typed)
    _have_printed(notice, found.by_letter, now)
    return found


def _have_printed(notice: Notice, number: int, now: datetime, last: int = 0) -> None:
    """Tell who is in charge of it that so many letters are to be printed, of those who got it after the `last`."""
    if number:
        reason, path = f"notice-to-print:{notice.id}:{last}", f"/organize/notices/{notice.id}"
        path += f"?since={last}" if last else ""
        for person in in_charge(notice):
            write(person, "to_print", reason, now=now, subject=shown_subject(notice), number=number, path=path)


def in_charge(notice: Notice) -> Sequence[Person]:
    """Its author; where there is none any more, those in charge of its event, else all who organize."""
    return [notice.author] if notice.author else in_charge_of(notice.event)


def holes(notice: Notice, now: datetime) -> list[str]:
    """Why it cannot be sent as it stands: a sentence for each unknown or empty field or blank, in whatever language."""
    return unsayable(notice, now) + _nameless(notice, now)


def unsayable(notice: Notice, now: datetime) -> list[str]:
    """The same, as far as it is so for every reader."""
    line = values(notice, Reader())
    found = problems(notice.subject, line) + problems(notice.body, {**line, **told_to(notice, None, now)})
    return found + _holes_elsewhere(notice, now) + nobody_named(notice)


def _nameless(notice: Notice, now: datetime) -> list[str]:
    """The sentence that says whose name is blank, where it stands in their letters."""
    fields = sorted({"first_name", "name"} & set().union(*(names(text) for text in _texts(notice))))
    if not fields:
        return []
    reached = people_in(notice, now).where(way(notice.kind.mailing_list).in_((Way.MAIL.value, Way.LETTER.value)))
    rows = reached.where(func.trim(Person.name) == "").with_only_columns(Person.id, Person.email).order_by(Person.id)
    found = db.session.execute(rows).all()
    if not found:
        return []
    who = listed([email or f"person {number}" for number, email in found[:MOST_NAMED]])
    more = f" and {len(found) - MOST_NAMED:,} more" if len(found) > MOST_NAMED else ""
    empty = listed([f"{{{{ {name} }}}}" for name in fields])
    return [f"{empty} would be empty for {who}{more}: their names are not known. Enter them, or take it out."]


def _texts(notice: Notice) -> Iterable[str]:
    return (text for said in (main(notice), *others(notice)) for text in (said.subject, said.body))


def _holes_elsewhere(notice: Notice, now: datetime) -> list[str]:
    """The same of its further languages alone: its event may have changed since they were written."""
    line, text = values(notice, Reader()), {**values(notice, Reader()), **told_to(notice, None, now)}
    return [
        f"In {said.name}: {sentence}"
        for said in others(notice)
        for sentence in problems(said.subject, line) + problems(said.body, text)
    ]


def hold(notice: Notice, person: Person, letter: Letter, now: datetime) -> None:
    """Let one that is to leave wait until it may; longer for those who want it gathered with others."""
    starts_at, first = notice.event.starts_at if notice.event else None, max(notice.leaves_at or now, now)
    gathered = notice.kind.mailing_list if notice.kind.can_wait else None
    letter.bulk, letter.due_at = True, first
    hour = shown_from(notice.own_hour, person.own_zone) if notice.own_hour else now
    if hour > first:
        letter.keep_until(hour)
    if until := held_until(person, gathered, starts_at, max(hour, now)):
        letter.hold(max(until, first))

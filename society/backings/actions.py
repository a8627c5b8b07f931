"""Asking organizations for their word, and what becomes of it; calendars and pages follow in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from society.audit.actions import record
from society.backings.models import BackingStep, Word
from society.backings.queries import last_told
from society.backings.render import link, verb
from society.backings.versions import moved_on, outdated, version, wording_with
from society.db import db
from society.errors import Refused
from society.events.models import Backing, BackingRole, BackingState, Event
from society.mail.actions import write, write_to_address
from society.mail.queries import is_dead
from society.mail.wording import language_for
from society.organizations.models import Organization
from society.people.models import Person
from society.rsvps.feed import refresh

BETWEEN_REMINDERS = timedelta(days=1)


def ask(
    event: Event,
    organization: Organization,
    role: BackingRole,
    *,
    contact: tuple[str, str],
    level: str = "",
    message: str = "",
    by: Person,
    now: datetime,
) -> Backing:
    """Ask an organization's contact (name and address) by a mailed link; it is shown once they said yes."""
    _must_be_to_come(event, now)
    backing = next((b for b in event.backings if b.organization_id == organization.id and b.role is role), None)
    if backing is not None and backing.state is BackingState.CONFIRMED:
        raise Refused(f"{organization.name} backs this event in that role already.")
    if backing is None:
        backing = Backing(organization=organization, organization_id=organization.id, role=role)
        backing.position = max((b.position for b in event.backings), default=-1) + 1
        event.backings.append(backing)
    backing.state, backing.level, backing.message, backing.asked_at = BackingState.PROPOSED, level, message, now
    (backing.contact_name, backing.contact_email), backing.link_key = contact, token_urlsafe(16)
    backing.agreed = None
    db.session.flush()
    _note(event, backing, Word.ASKED, now, by=by)
    _invite(event, backing, by, now)
    return backing


def remind(event: Event, backing: Backing, *, by: Person, now: datetime) -> None:
    """Write once more to a contact who has not answered, at most once a day; or first, where a copy brought them."""
    if backing.state is not BackingState.PROPOSED or not backing.contact_email:
        raise Refused(f"{backing.organization.name} does not owe an answer.")
    if backing.asked_at and now - backing.asked_at < BETWEEN_REMINDERS:
        raise Refused(f"{backing.organization.name} was written to within the last day. Please give them time.")
    if is_dead(backing.contact_email):
        raise Refused(f"Mail to {backing.contact_email} comes back. Please ask them anew by another address.")
    _must_be_to_come(event, now)
    word = Word.REMINDED if backing.asked_at else Word.ASKED
    backing.asked_at = now
    _note(event, backing, word, now, by=by)
    _invite(event, backing, by, now)


def vouch(event: Event, backing: Backing, *, by: Person, now: datetime) -> None:
    """The organizer has their word by another way, and stands for it."""
    if backing.state is BackingState.CONFIRMED:
        return
    if backing.state is BackingState.DECLINED:
        raise Refused(f"{backing.organization.name} said no. Ask them anew, so that they can say yes themselves.")
    backing.state, backing.confirmed_at, backing.confirmed_by_id = BackingState.CONFIRMED, now, by.id
    backing.agreed = None
    _note(event, backing, Word.VOUCHED, now, by=by)
    _shown_otherwise(event, now)


def take_back(event: Event, backing: Backing, *, by: Person, now: datetime) -> None:
    """Name them no more, or ask them no more; the mailed link dies."""
    was = backing.state
    backing.state, backing.link_key = BackingState.WITHDRAWN, token_urlsafe(16)
    _note(event, backing, Word.TAKEN_BACK, now, by=by)
    if was is BackingState.CONFIRMED:
        _shown_otherwise(event, now)


def set_level(event: Event, backing: Backing, level: str, *, by: Person, now: datetime) -> None:
    """Say how large a sponsor it is."""
    if level != backing.level:
        record("backing changed", event, by=by, now=now, before={"level": backing.level}, after={"level": level})
        backing.level = level
        _shown_otherwise(event, now)


def move(event: Event, backing: Backing, *, down: bool, now: datetime) -> None:
    """Change places with the one named before or after it in the same role."""
    same = [b for b in event.backings if b.role is backing.role]
    at = same.index(backing) + (1 if down else -1)
    if 0 <= at < len(same):
        backing.position, same[at].position = same[at].position, backing.position
        _shown_otherwise(event, now)


def confirm(event: Event, backing: Backing, name: str, title: str, now: datetime) -> None:
    """The contact gives the organization's word for the event as it stands; said anew, it stands for this version."""
    _must_be_to_come(event, now)
    was = backing.state
    backing.state, backing.confirmed_at, backing.confirmed_by_id = BackingState.CONFIRMED, now, None
    db.session.flush()
    backing.agreed = version(event)
    _note(event, backing, Word.CONFIRMED, now, name=name, title=title)
    if was is not BackingState.CONFIRMED:
        _shown_otherwise(event, now)
    _tell_organizer(event, backing, "confirmed", name, title, now)


def decline(event: Event, backing: Backing, name: str, title: str, now: datetime) -> None:
    """The contact says no to the question."""
    if backing.state is BackingState.CONFIRMED:
        raise Refused("This was confirmed before; it can be withdrawn.")
    backing.state = BackingState.DECLINED
    _note(event, backing, Word.DECLINED, now, name=name, title=title)
    _tell_organizer(event, backing, "declined", name, title, now)


def withdraw(event: Event, backing: Backing, name: str, title: str, now: datetime) -> None:
    """The contact takes the organization's word back: it is named no more."""
    if backing.state is not BackingState.CONFIRMED:
        raise Refused("There is nothing to withdraw.")
    if event.over(now):
        raise Refused("The event is over; that it was backed is part of the record.")
    backing.state, backing.agreed = BackingState.WITHDRAWN, None
    _note(event, backing, Word.WITHDRAWN, now, name=name, title=title)
    _shown_otherwise(event, now)
    _tell_organizer(event, backing, "withdrawn", name, title, now)


def ask_again(event: Event, now: datetime) -> Sequence[Backing]:
    """Tell the contacts who gave their word for something else than the event has become; once for each version."""
    current, asked = version(event), []
    for backing in to_ask_again(event, now):
        assert backing.agreed is not None
        letter = write_to_address(
            backing.contact_email,
            "backing_changed",
            f"backing:{backing.id}:{event.sequence}:{event.revised_at:%Y%m%d%H%M%S%f}",
            now=now,
            to_name=backing.contact_name,
            backing=backing,
            event=event,
            changes=moved_on(backing.agreed, current, language_for(None)),
            path=link(backing),
            secret=True,
        )
        if letter is not None:
            _note(event, backing, Word.ASKED_AGAIN, now)
            asked.append(backing)
    return asked


def to_ask_again(event: Event, now: datetime) -> list[Backing]:
    """Whose contacts `ask_again` writes to; a later touch of something else is no reason to do so twice.

    What is over or off can be confirmed no more, so nobody is asked about it.
    """
    return to_ask_again_of_each([event], now)[0]


def to_ask_again_of_each(events: Sequence[Event], now: datetime) -> list[list[Backing]]:
    """The same for each of several, in one query."""
    found = [[] if event.cancelled_at or event.over(now) else outdated(event) for event in events]
    every = [backing for backings in found for backing in backings]
    told = last_told(every) if every else {}
    return [
        [backing for backing in backings if moved_on(told[backing.id], version(event))]
        for event, backings in zip(events, found, strict=True)
    ]


def with_a_word(event: Event) -> list[Backing]:
    """Those whose contacts gave their word, and are told when the event is off, or put off."""
    return [backing for backing in event.backings if backing.state is BackingState.CONFIRMED and backing.agreed]


def tell_of_turn(event: Event, news: str, now: datetime) -> None:
    """Tell the contacts of all confirmed backings that the event is off, or put off."""
    for backing in with_a_word(event):
        write_to_address(
            backing.contact_email,
            "backing_off",
            f"backing:{backing.id}:{event.sequence}:{news}",
            now=now,
            to_name=backing.contact_name,
            backing=backing,
            event=event,
            news=news,
        )


def _must_be_to_come(event: Event, now: datetime) -> None:
    if event.cancelled_at is not None:
        raise Refused("This event is cancelled.")
    if event.over(now):
        raise Refused("This event is over.")


def _invite(event: Event, backing: Backing, by: Person, now: datetime) -> None:
    write_to_address(
        backing.contact_email,
        "backing_asked",
        f"backing:{backing.id}:asked:{now:%Y%m%d%H%M%S%f}",
        now=now,
        to_name=backing.contact_name,
        reply_to=by.email,
        backing=backing,
        event=event,
        by=by,
        verb=verb(backing),
        wording=wording_with(event, backing, language_for(None)),
        path=link(backing),
        secret=True,
    )


def _tell_organizer(event: Event, backing: Backing, decision: str, name: str, title: str, now: datetime) -> None:
    if event.organizer is not None:
        reason = f"backing:{backing.id}:{decision}:{now:%Y%m%d%H%M%S%f}"
        said_by = f"{name}, {title}" if title else name
        write(
            event.organizer,
            "backing_answered",
            reason,
            now=now,
            backing=backing,
            event=event,
            decision=decision,
            said_by=said_by,
            verb=verb(backing),
        )


def _note(
    event: Event,
    backing: Backing,
    word: Word,
    now: datetime,
    *,
    by: Person | None = None,
    name: str = "",
    title: str = "",
) -> None:
    step = BackingStep(backing_id=backing.id, at=now, word=word, by_id=by.id if by else None, name=name, title=title)
    step.version = version(event)
    db.session.add(step)
    said = {"organization": backing.organization.name, "role": backing.role.value, "state": backing.state.value}
    record(f"backing {word.value}", event, by=by, now=now, after=said)


def _shown_otherwise(event: Event, now: datetime) -> None:
    """What calendars show of the event has changed."""
    db.session.flush()
    db.session.refresh(event, ["backings"])
    if event.published_at is not None:
        event.revised_at = now
        refresh(event, now)

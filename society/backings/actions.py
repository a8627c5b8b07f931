"""Asking organizations for their word, and what becomes of it; calendars and pages follow in the same transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from society.audit.actions import record
from society.backings.evenings import Evening, along, by_the_same_word
from society.backings.letters import introduce, invite, take_back_unsent, tell_organizers
from society.backings.models import Word
from society.backings.steps import note, step
from society.backings.versions import moved_on, outdated, version
from society.db import db
from society.errors import Refused
from society.events.models import Backing, BackingRole, BackingState, Event
from society.mail.queries import is_dead
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
    others: Sequence[Event] = (),
    by: Person,
    now: datetime,
) -> Backing:
    """Ask an organization's contact (name and address) by a mailed link; it is shown once they said yes.

    With it they are asked about `others` of its series, where they do not back them already: by one letter about all
    that are the same but for their time.
    """
    _must_be_to_come(event, now)
    found = _of(event, organization, role)
    if found is not None and found.state is BackingState.CONFIRMED:
        raise Refused(f"{organization.name} backs this event in that role already.")
    if found is not None and found.state is BackingState.PROPOSED and found.contact_email == contact[1]:
        _must_have_had_time(found, now)
    asked = [
        (each, _proposed(each, organization, role)) for each in (event, *others) if not _backs(each, organization, role)
    ]
    former = defaultdict[str, list[Evening]](list)
    for each, backing in asked:
        backing.state, backing.level, backing.message, backing.asked_at = BackingState.PROPOSED, level, message, now
        if backing.contact_email != contact[1]:
            former[backing.contact_email].append((each, backing))
            backing.link_key = token_urlsafe(16)
        backing.contact_name, backing.contact_email = contact
        backing.agreed = None
    db.session.flush()
    for address, evenings in former.items():
        take_back_unsent(evenings, address)
    for each, backing in asked:
        note(each, backing, Word.ASKED, now, by=by)
    left = asked
    while left:
        (first, backing), *left = left
        with_it = along(first, backing, [each for each, _ in left])
        invite(first, backing, with_it, by, now)
        left = [one for one in left if one not in with_it]
    return asked[0][1]


def _of(event: Event, organization: Organization, role: BackingRole) -> Backing | None:
    return next((b for b in event.backings if b.organization_id == organization.id and b.role is role), None)


def _backs(event: Event, organization: Organization, role: BackingRole) -> bool:
    backing = _of(event, organization, role)
    return backing is not None and backing.state is BackingState.CONFIRMED


def _proposed(event: Event, organization: Organization, role: BackingRole) -> Backing:
    found = _of(event, organization, role)
    if found is None:
        found = Backing(organization=organization, organization_id=organization.id, role=role)
        found.position = max((b.position for b in event.backings), default=-1) + 1
        event.backings.append(found)
    return found


def remind(event: Event, backing: Backing, *, others: Sequence[Event] = (), by: Person, now: datetime) -> None:
    """Write once more to a contact who has not answered, at most once a day; or first, where a copy brought them.

    The letter asks about those of `others` of its series, too, that wait for the same answer.
    """
    if backing.state is not BackingState.PROPOSED or not backing.contact_email:
        raise Refused(f"{backing.organization.name} does not owe an answer.")
    _must_have_had_time(backing, now)
    if is_dead(backing.contact_email):
        raise Refused(f"Mail to {backing.contact_email} comes back. Please ask them anew by another address.")
    _must_be_to_come(event, now)
    with_it = along(event, backing, others)
    for each, one in [(event, backing), *with_it]:
        word = Word.REMINDED if one.asked_at else Word.ASKED
        one.asked_at = now
        note(each, one, word, now, by=by)
    invite(event, backing, with_it, by, now)


def hand_over(
    event: Event,
    backing: Backing,
    contact: tuple[str, str],
    *,
    others: Sequence[Event] = (),
    by: Person,
    now: datetime,
) -> None:
    """Have another contact (name and address) answer for a word that was given, which stays as it is on record: the
    link of the one before dies, with what was to bring it and has not left, and theirs comes by a letter.

    So for those of `others` of its series for which the same contact gave it. Who comes to what has changed since is
    asked by that letter to renew it.
    """
    if not backing.given:
        raise Refused(f"{backing.organization.name} is not named here by the word of a contact.")
    _must_be_to_come(event, now)
    evenings = [(event, backing), *by_the_same_word(backing, others)]
    changed, former = [one for one in evenings if one[1] in outdated(one[0])], backing.contact_email
    for each, one in evenings:
        (one.contact_name, one.contact_email), one.link_key = contact, token_urlsafe(16)
        note(each, one, Word.HANDED_OVER, now, by=by)
    for each, one in changed:
        note(each, one, Word.ASKED_AGAIN, now)
    take_back_unsent(evenings, former)
    introduce(evenings, bool(changed), by, now)


def vouch(event: Event, backing: Backing, *, by: Person, now: datetime) -> None:
    """The organizer has their word by another way, and stands for it."""
    if backing.state is BackingState.CONFIRMED:
        return
    backing.vouch(by, now)
    step(event, backing, Word.VOUCHED, now, by=by)
    _shown_otherwise(event, now)


def take_back(event: Event, backing: Backing, *, by: Person, now: datetime) -> None:
    """Name them no more, or ask them no more."""
    was = backing.state
    backing.take_back()
    take_back_unsent([(event, backing)], backing.contact_email)
    if was is BackingState.CONFIRMED:
        step(event, backing, Word.TAKEN_BACK, now, by=by)
        _shown_otherwise(event, now)
    else:
        note(event, backing, Word.TAKEN_BACK, now, by=by)


def set_level(event: Event, backing: Backing, level: str, *, by: Person, now: datetime) -> None:
    """Say how large a sponsor it is, on the event's page: no calendar shows that."""
    if level != backing.level:
        record("backing changed", event, by=by, now=now, before={"level": backing.level}, after={"level": level})
        backing.level = level


def move(event: Event, backing: Backing, *, down: bool, now: datetime) -> None:
    """Change places with the one named before or after it in the same role."""
    same = [b for b in event.backings if b.role is backing.role]
    at = same.index(backing) + (1 if down else -1)
    if 0 <= at < len(same):
        backing.position, same[at].position = same[at].position, backing.position
        _shown_otherwise(event, now)


def confirm(
    event: Event, backing: Backing, name: str, title: str, now: datetime, with_it: Sequence[Evening] = ()
) -> None:
    """The contact gives the organization's word for the event as it stands; said anew, it stands for this version.

    So for each evening of its series that goes along, as that stands.
    """
    said = [one for one in [(event, backing), *with_it] if _confirm(*one, name, title, now)]
    if said:
        tell_organizers(event, backing, "confirmed", _speaker(name, title), with_it, now)


def _confirm(event: Event, backing: Backing, name: str, title: str, now: datetime) -> bool:
    """Whether that was news."""
    _must_be_to_come(event, now)
    was = backing.state
    if was is BackingState.CONFIRMED and backing.agreed and not moved_on(backing.agreed, version(event, backing)):
        return False
    backing.state, backing.confirmed_at, backing.confirmed_by_id = BackingState.CONFIRMED, now, None
    backing.said_no_at = None
    db.session.flush()
    backing.agreed = version(event, backing)
    note(event, backing, Word.CONFIRMED, now, name=name, title=title)
    if was is not BackingState.CONFIRMED:
        _shown_otherwise(event, now)
    return True


def decline(
    event: Event, backing: Backing, name: str, title: str, now: datetime, with_it: Sequence[Evening] = ()
) -> None:
    """The contact says no to the question."""
    if backing.state is BackingState.CONFIRMED:
        raise Refused("You have said yes meanwhile. If you think otherwise now, you can withdraw your name.")
    if backing.state is BackingState.DECLINED:
        return
    for each, one in [(event, backing), *with_it]:
        one.state, one.said_no_at = BackingState.DECLINED, now
        note(each, one, Word.DECLINED, now, name=name, title=title)
    tell_organizers(event, backing, "declined", _speaker(name, title), with_it, now)


def withdraw(
    event: Event, backing: Backing, name: str, title: str, now: datetime, with_it: Sequence[Evening] = ()
) -> None:
    """The contact takes the organization's word back: it is named no more. Said twice, it is said once."""
    if backing.state is BackingState.WITHDRAWN:
        return
    if backing.state is not BackingState.CONFIRMED:
        raise Refused("There is nothing to withdraw.")
    if event.over(now):
        raise Refused("The event is over; that it was backed is part of the record.")
    for each, one in [(event, backing), *with_it]:
        one.state, one.agreed, one.said_no_at = BackingState.WITHDRAWN, None, now
        note(each, one, Word.WITHDRAWN, now, name=name, title=title)
        _shown_otherwise(each, now)
    tell_organizers(event, backing, "withdrawn", _speaker(name, title), with_it, now)


def _speaker(name: str, title: str) -> str:
    return f"{name}, {title}" if title else name


def _must_have_had_time(backing: Backing, now: datetime) -> None:
    if backing.asked_at and now - backing.asked_at < BETWEEN_REMINDERS:
        raise Refused(f"{backing.organization.name} was written to within the last day. Please give them time.")


def _must_be_to_come(event: Event, now: datetime) -> None:
    if event.cancelled_at is not None:
        raise Refused("This event is cancelled.")
    if event.over(now):
        raise Refused("This event is over.")


def _shown_otherwise(event: Event, now: datetime) -> None:
    """What calendars show of the event has changed."""
    db.session.flush()
    db.session.refresh(event, ["backings"])
    if event.published_at is not None:
        event.revised_at = now
        refresh(event, now)

"""What is written to the contacts of organizations, and to organizers of what those said."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select

from society.backings.evenings import Evening
from society.backings.queries import asked_by
from society.backings.render import link, verb
from society.backings.versions import mark, moved_on, version, wording_with
from society.db import db
from society.events.models import Backing, BackingState, Event
from society.events.queries import in_charge_of
from society.mail.actions import write, write_to_address
from society.mail.models import WAITING, Letter
from society.mail.wording import language_for
from society.people.models import Person


def invite(event: Event, backing: Backing, along: Sequence[Evening], by: Person, now: datetime) -> None:
    """The question, with the words that would name them; by one letter for all evenings that go along."""
    show((event, backing), *along)
    write_to_address(
        backing.contact_email,
        "backing_asked",
        f"backing:{backing.id}:asked:{now:%Y%m%d%H%M%S%f}",
        now=now,
        to_name=backing.contact_name,
        reply_to=by.email,
        backing=backing,
        event=event,
        evenings=[other for other, _ in along],
        by=by,
        verb=verb(backing),
        wording=wording_with(event, backing, language_for(None)),
        path=link(backing),
        secret=True,
    )


def introduce(evenings: Sequence[Evening], changed: bool, by: Person, now: datetime) -> None:
    """To whom a word was handed over that another had given: what for, whether that has changed, and their link."""
    show(*evenings)
    (event, backing), *others = evenings
    write_to_address(
        backing.contact_email,
        "backing_handed_over",
        f"backing:{backing.id}:handed over:{now:%Y%m%d%H%M%S%f}",
        now=now,
        to_name=backing.contact_name,
        reply_to=by.email,
        backing=backing,
        event=event,
        evenings=[other for other, _ in others],
        changed=changed,
        by=by,
        wording=wording_with(event, backing, language_for(None)),
        path=link(backing),
        secret=True,
    )


def take_back_unsent(evenings: Sequence[Evening], address: str) -> None:
    """What has not left for a contact whose link opens no more, and brings it; not where they are the contact of others
    of its series still, of which it may tell, too."""
    event, backing = evenings[0]
    numbers = [one.id for _, one in evenings]
    if not address or _is_contact_of_others(event, backing, address, numbers):
        return
    about = or_(*(Letter.reason.startswith(f"backing:{number}:") for number in numbers))
    unsent = Letter.state.in_(WAITING), Letter.open_ends == 0, Letter.secret, Letter.person_id.is_(None)
    gone = delete(Letter).where(*unsent, Letter.to_address == address, about)
    # Known to the session too: on SQLite the next letter may get the number of one that is gone.
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def _is_contact_of_others(event: Event, backing: Backing, address: str, numbers: Sequence[int]) -> bool:
    if event.series_id is None:
        return False
    same = Backing.organization_id == backing.organization_id, Backing.role == backing.role
    theirs = select(Backing.id).join(Event).where(*same, Backing.contact_email == address, Backing.id.not_in(numbers))
    live = Event.series_id == event.series_id, Backing.state.in_((BackingState.PROPOSED, BackingState.CONFIRMED))
    return db.session.scalar(theirs.where(*live).limit(1)) is not None


def show(*evenings: Evening) -> None:
    """Keep that the contact is told of them as they stand, for an answer that does not say which version it is for."""
    for event, backing in evenings:
        backing.shown = mark((event, backing))


def say_what_changed(event: Event, backing: Backing, now: datetime) -> Letter | None:
    """Old and new of what they gave their word for."""
    assert backing.agreed is not None
    return write_to_address(
        backing.contact_email,
        "backing_changed",
        f"backing:{backing.id}:{event.sequence}:{event.revised_at:%Y%m%d%H%M%S%f}",
        now=now,
        to_name=backing.contact_name,
        backing=backing,
        event=event,
        changes=moved_on(backing.agreed, version(event, backing), language_for(None)),
        path=link(backing),
        secret=True,
    )


def say_it_is(event: Event, backing: Backing, news: str, along: Sequence[Evening], now: datetime) -> None:
    """That it is off, or put off, and so are those of its series that go along. By the time, since a draft that is
    deleted leaves the number of its backing to another."""
    write_to_address(
        backing.contact_email,
        "backing_off",
        f"backing:{backing.id}:{event.sequence}:{news}:{now:%Y%m%d%H%M%S%f}",
        now=now,
        to_name=backing.contact_name,
        backing=backing,
        event=event,
        evenings=[other for other, _ in along],
        news=news,
    )


def say_it_is_on_again(event: Event, backing: Backing, now: datetime) -> None:
    """That what was put off takes place at the time for which they gave their word."""
    write_to_address(
        backing.contact_email,
        "backing_on_again",
        f"backing:{backing.id}:{event.sequence}:on again:{now:%Y%m%d%H%M%S%f}",
        now=now,
        to_name=backing.contact_name,
        backing=backing,
        event=event,
        path=link(backing),
        secret=True,
    )


def tell_organizers(
    event: Event, backing: Backing, decision: str, said_by: str, along: Sequence[Evening], now: datetime
) -> None:
    """What they said, and by whom: to who asked them and those in charge, each by one letter about what is theirs."""
    for person, (first, *others) in _concerned([(event, backing), *along]).items():
        write(
            person,
            "backing_answered",
            f"backing:{backing.id}:{decision}:{now:%Y%m%d%H%M%S%f}",
            now=now,
            backing=backing,
            event=first,
            evenings=others,
            decision=decision,
            said_by=said_by,
            verb=verb(backing),
        )


def _concerned(answered: Sequence[Evening]) -> dict[Person, list[Event]]:
    """Who is told of which events: who asked and organizes it still, and those in charge."""
    asked, theirs = asked_by(backing for _, backing in answered), defaultdict[Person, list[Event]](list)
    for event, backing in answered:
        asking = [person for person in asked[backing.id] if event.editable_by(person)]
        for person in dict.fromkeys([*asking, *in_charge_of(event)]):
            theirs[person].append(event)
    return theirs

"""Whose contacts hear what becomes of an event: that it is another than they gave their word for, put off, or off."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from society.backings.evenings import of_one_series, told_of_another
from society.backings.letters import say_it_is, say_it_is_on_again, say_what_changed, show
from society.backings.models import Word
from society.backings.queries import last_told
from society.backings.steps import note
from society.backings.versions import moved_on, outdated, version
from society.events.models import Backing, BackingState, Event
from society.mail.queries import dead_among


def ask_again(event: Event, now: datetime) -> Sequence[Backing]:
    """Tell the contacts who gave their word for something else than the event has become; once for each version.

    Of several evenings of a series that one act changes alike, the letter about the first tells.
    """
    asked = []
    for backing in to_ask_again(event, now):
        if told_of_another(event, backing, now) or say_what_changed(event, backing, now):
            show((event, backing))
            note(event, backing, Word.ASKED_AGAIN, now)
            asked.append(backing)
    return asked


def ask_again_or_say_it_is_on(event: Event, now: datetime, *, stood_still: bool) -> None:
    """`ask_again`; and who heard that it was put off, until a new date is known, hears that it keeps the one it had."""
    if not ask_again(event, now) and stood_still and event.on:
        for backing in with_a_word(event):
            say_it_is_on_again(event, backing, now)


def to_ask_again(event: Event, now: datetime) -> list[Backing]:
    """Whose contacts `ask_again` writes to; a later touch of something else is no reason to do so twice.

    What is over or off can be confirmed no more, so nobody is asked about it.
    """
    return to_ask_again_of_each([event], now)[0]


def to_ask_again_of_each(events: Sequence[Event], now: datetime) -> list[list[Backing]]:
    """The same for each of several, in two queries."""
    found = [[] if event.cancelled_at or event.over(now) else outdated(event) for event in events]
    every = reached([backing for backings in found for backing in backings])
    told = last_told(every) if every else {}
    return [
        [one for one in backings if one.id in told and moved_on(told[one.id], version(event, one))]
        for event, backings in zip(events, found, strict=True)
    ]


def with_a_word(event: Event) -> list[Backing]:
    """Those whose contacts gave their word, and are told when the event is off, or put off."""
    confirmed = (backing for backing in event.backings if backing.state is BackingState.CONFIRMED and backing.agreed)
    return [backing for backing in confirmed if backing.contact_email]  # some are forgotten


def asked_in_vain(event: Event) -> list[Backing]:
    """Those whose contacts were asked about a draft and have not answered, and are told when it is deleted: their link
    opens no more."""
    if event.published_at is not None:
        return []
    asked = (backing for backing in event.backings if backing.contact_email and backing.asked_at and not backing.agreed)
    return [backing for backing in asked if backing.state in (BackingState.PROPOSED, BackingState.CONFIRMED)]


def tell_of_turn(events: Sequence[Event], news: str, now: datetime) -> None:
    """Tell the contacts of all confirmed backings that events are off, or put off, and of drafts those who were asked:
    of one series by one letter."""
    left = [(event, backing) for event in events for backing in (*with_a_word(event), *asked_in_vain(event))]
    while left:
        (event, backing), *left = left
        with_it = [one for one in left if of_one_series((event, backing), one)]
        say_it_is(event, backing, news, with_it, now)
        left = [one for one in left if one not in with_it]


def reached(backings: Iterable[Backing]) -> list[Backing]:
    """Those of them whose contacts can be written to: some are forgotten, and to some all mail comes back."""
    known = [backing for backing in backings if backing.contact_email]
    dead = dead_among([backing.contact_email for backing in known]) if known else ()
    return [backing for backing in known if backing.contact_email not in dead]


def cut_off(backings: Iterable[Backing]) -> list[Backing]:
    """Those of them whose contacts are known, and mail to whom comes back."""
    known = [backing for backing in backings if backing.contact_email]
    there = reached(known)
    return [backing for backing in known if backing not in there]

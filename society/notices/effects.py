"""What a change to a published event will do, told before it is done: to those who answered, and to its calendars.

What reaches neither a calendar nor anybody who answered is done at once; all else is shown first, old beside new.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import wtforms
from flask import render_template, request

from society.backings.queries import bodies
from society.backings.telling import cut_off, reached, to_ask_again, with_a_word
from society.backings.versions import outdated
from society.db import db
from society.events.changes import Change, changed_by, fingerprint
from society.events.forms import READ_BY_ALL, TellForm, why
from society.events.models import Event, RsvpPolicy
from society.notices.anyway import told_anyway
from society.notices.following import Touch, followers, touched
from society.notices.reach import Reach, those_to_tell
from society.rsvps.counts import Turnout, people, turnout
from society.rsvps.passing import waiting_in_vain
from society.times import now

ASKED = ("confirmed", "message", "tell", "again", "kept")
"""What the page before a change asks itself; everything else it carries on as it was typed."""
REACH = "scope", "look"
"""The same where it asks how far the change reaches in a series."""


@dataclass(frozen=True)
class Effect:
    """What a change to a published event will do, before it is done."""

    changes: Sequence[Change]
    turnout: Turnout
    recipients: Reach
    seats_short: int
    """Seats taken above the new capacity."""
    asked_again: list[str]
    """Organizations that are told, since they gave their word for something else than this."""
    backers: list[str]
    """Organizations that gave their word, and are told when it is off, or put off, or on again as it was."""
    on_again: bool
    """Whether it was put off, and is on again by this."""
    cut_off: list[str]
    """Organizations that would be told, if mail to their contacts did not come back."""
    decisions: str
    """What becomes of those who have asked, where it changes whether the organizers decide."""
    ways: str
    """What becomes of those who come online, or there, where that cannot be any more."""
    anyway: Sequence[str]
    """Who is written to whatever is chosen."""


def effect_of(event: Event, changes: Sequence[Change], anyway: Sequence[str] | None = None) -> Effect:
    """`anyway`: who is written to in any case, where more events than this change."""
    taken = turnout(event)
    short = max(taken.seats - event.capacity, 0) if event.capacity else 0
    asked_again, backers, unreached = _backers(event, changes) if event.published_at else ([], [], [])
    told_of = those_to_tell(event, now())
    if anyway is None:
        anyway = told_anyway([(event, changes)], now())
    decisions, ways = _decisions(event, changes, taken), _ways(event, changes, taken)
    return Effect(
        changes,
        taken,
        told_of,
        short,
        asked_again,
        backers,
        is_on_again(changes, event),
        unreached,
        decisions,
        ways,
        anyway,
    )


def is_on_again(changes: Sequence[Change], event: Event) -> bool:
    return event.on and any(change.field == "status" for change in changes)


def _backers(event: Event, changes: Sequence[Change]) -> tuple[list[str], list[str], list[str]]:
    """Who is asked again, who is told of another turn, and who would be, were there a way to write to them."""
    word = with_a_word(event)
    again = is_on_again(changes, event)
    unreached = cut_off(word if again or not changes else outdated(event))
    return bodies(to_ask_again(event, now())), bodies(reached(word)), bodies(unreached)


def _ways(event: Event, changes: Sequence[Change], taken: Turnout) -> str:
    """Of those who come in a way that is gone: no answer is lost by that, nor changed."""
    gone = {change.field for change in changes if not change.new}
    if "online_url" in gone and taken.online:
        then = _ASK_YOU if event.rsvp_policy is RsvpPolicy.APPROVAL else _ASK_FOR_SEAT
        return f"{people(taken.online_people)} {'joins' if taken.online_people == 1 else 'join'} online. {then}"
    if "place" in gone and event.online_url and (taken.seats or taken.waiting):
        return f"{people(taken.seats)} {'has a seat' if taken.seats == 1 else 'have seats'} there. {_ALL_ONLINE}"
    return ""


_NOT_ONLINE = "Their answers stay as they are; the page of each says that the event can be joined online no more, and "
_ASK_FOR_SEAT = f"{_NOT_ONLINE}offers to ask for a seat."
_ASK_YOU = f"{_NOT_ONLINE}to ask the organizers for a seat, since you decide who can come."
_ALL_ONLINE = (
    "Their answers stay as they are, and they join online as all others do. If its seats bounded the hall alone, take "
    "that number out too: who waits then gets in."
)


def _decisions(event: Event, changes: Sequence[Change], taken: Turnout) -> str:
    """Of those who wait for the organizers, or of those whom they had not to approve so far."""
    if not any(change.field == "rsvp_policy" for change in changes):
        return ""
    if event.rsvp_policy is RsvpPolicy.APPROVAL:
        return _KEPT if taken.seats or taken.waiting else ""
    passed = len(waiting_in_vain(event, now()))
    left = taken.pending - passed
    said = f"{people(passed)} {'waits' if passed == 1 else 'wait'} for your decision. {_PASSED}" if passed else ""
    wait_on = f"{people(left)} {'goes' if left == 1 else 'go'} on waiting for your decision: {_LEFT}" if left else ""
    return f"{said} {wait_on}".strip()


_KEPT = (
    "Who has a seat keeps it, and who is on the waiting list keeps their place: a seat that becomes free is theirs "
    "without your decision. Who asks from now on waits for it."
)
_PASSED = (
    "In the order in which they asked, they get the seats that are free, else a place at the end of the waiting list. "
    "Those who can be mailed are written to, whatever you choose below."
)
_LEFT = "by the new rule they could not answer now."


def tried(event: Event, act: Callable[[], object]) -> tuple[list[Change], list[Touch]]:
    """What an act would change of an event, and of its entry: done within a savepoint, and taken back."""

    def done() -> None:
        act()
        db.session.flush()

    with db.session.begin_nested() as trial:
        changes = changed_by(event, done)
        touches = touched(event, changes)
        trial.rollback()
    return changes, touches


class ConfirmForm(TellForm):
    """The page before a change: agreed to as it stood there, and who is told."""

    confirmed = wtforms.StringField("What was agreed to")

    def agrees_to(self, mark: str) -> bool:
        """Whether the very change that `mark` is of was shown, and its button pressed."""
        return bool(self.confirmed.data == mark) and self.validate()

    @property
    def anew(self) -> bool:
        """Whether something else was agreed to than what would be done now, which is therefore shown anew."""
        return bool(self.confirmed.data) and not self.errors


class CallOffForm(ConfirmForm):
    """The same where events are cancelled: the line to those who answered is what everybody else reads, too."""

    message = why("Why", f"It is added to the letters, and {READ_BY_ALL}")


def untold(effect: Effect, telling: TellForm) -> str:
    """A sentence for after the change, where letters were asked about and none was wanted."""
    asked = effect.recipients.mailed and not effect.anyway
    return " Guests were not written to." if asked and not telling.wanted else ""


def those_told(told: Iterable[tuple[Event, Reach]]) -> str:
    """Which of several events have anybody to write to, for the mark of a page that asks whether to.

    How many they are is no part of it: where people answer all the time, nobody could agree to anything.
    """
    return f"told {sorted(event.id for event, people in told if people.everyone)}"


def mark_of(changes: Sequence[Iterable[str]], *more: str) -> str:
    """A mark of what the page shows: what has become another change meanwhile is shown anew."""
    plain = json.dumps([list(change) for change in changes] + [list(more)])
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def mark_beside(event: Event, changes: Sequence[Iterable[str]], *more: str) -> str:
    """The mark of a page that tells of a change beside the event's form: with whether there is anybody to tell."""
    return mark_of(changes, *more, those_told([(event, those_to_tell(event, now()))]))


def mark_of_turn(event: Event, effect: Effect) -> str:
    """The mark of a page that calls an event off or puts it off: as it stands, with whoever is told of that."""
    return mark_of([], fingerprint(event), *effect.backers, those_told([(event, effect.recipients)]))


def page(
    event: Event,
    changes: Sequence[Change],
    touches: Sequence[Touch],
    telling: ConfirmForm,
    *,
    letters: bool = True,
    recipients: Reach | None = None,
    **more: Any,
) -> tuple[str, int]:
    """The page between what was typed beside an event's form and its change; nothing of it is saved yet.

    Where no `letters` are written, the invitations that were mailed stay as they are. `recipients`: whom they reach,
    where the change is one of several events.
    """
    calendars, effect = followers(touches, now()), effect_of(event, changes)
    asked = (*ASKED, *REACH) if "scope" in more else ASKED
    shown = render_template(
        "events/beside.html",
        event=event,
        effect=replace(effect, recipients=recipients) if recipients is not None else effect,
        calendars=calendars if letters or not calendars else replace(calendars, invited=0),
        telling=telling,
        anew=telling.anew,
        letters=letters,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in asked],
        **more,
    )
    return shown, 422 if telling.errors else 200

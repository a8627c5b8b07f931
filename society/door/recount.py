"""Afterwards: what is typed when an organizer puts right how many of each party came, and how many came by day."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select

from society.db import db
from society.door.hours import day_at, lasts_days
from society.door.models import DoorAct
from society.door.replay import Told, replayed
from society.events.models import Event
from society.rsvps.models import Rsvp
from society.text import counted


@dataclass(frozen=True)
class Line:
    """One party: as it stands or as it was typed, what it was when that was looked at, and what is wrong with it."""

    rsvp: Rsvp
    typed: str
    was: int
    error: str = ""

    @property
    def came(self) -> int:
        return int(self.typed)


def stored(rsvps: Sequence[Rsvp]) -> list[Line]:
    """As they stand."""
    return [Line(rsvp, str(rsvp.came), rsvp.came) for rsvp in rsvps]


def numbers_in(form: Mapping[str, str]) -> list[int]:
    """Of which answers something was typed."""
    return [int(name[5:]) for name in form if re.fullmatch("came-[0-9]{1,9}", name)]


def typed(form: Mapping[str, str], rsvps: Sequence[Rsvp]) -> list[Line]:
    """What was typed of each; an empty field leaves what was."""
    return [_line(rsvp, form.get(f"came-{rsvp.id}", "").strip(), form.get(f"was-{rsvp.id}", "")) for rsvp in rsvps]


def _line(rsvp: Rsvp, text: str, before: str) -> Line:
    was = int(before) if re.fullmatch("[0-9]{1,9}", before) else rsvp.came
    text = text or str(was)
    if re.fullmatch("[0-9]{1,9}", text) and int(text) <= rsvp.party_size:
        return Line(rsvp, text, was)
    seats = counted(rsvp.party_size, "seat")
    return Line(rsvp, text, was, f"They had {seats}: a number from 0 to {rsvp.party_size}, please.")


def by_day(event: Event) -> list[tuple[date, int]]:
    """How many were there on each day of an event of several, in two statements; of none where it lasts no longer."""
    if not lasts_days(event):
        return []
    sums = Counter[date | None]()
    for days in there_on(event).values():
        sums.update(days)
    return sorted((on, came) for on, came in sums.items() if on)


def there_on(event: Event, among: Sequence[int] | None = None) -> dict[int, dict[date | None, int]]:
    """By answer, of all or `among` these, how many were there on each day; of those of whom nobody was, nothing.

    Of a party no more count on any day than are said to have come at all, and if more did than on any, they are of the
    first; of whom no act tells, on their first day.
    """
    theirs = [Rsvp.event_id == event.id, Rsvp.has_seat, Rsvp.checked_in_at.is_not(None)]
    theirs += [] if among is None else [Rsvp.id.in_(among)]
    acts: dict[int, list[Told]] = {}
    told = select(DoorAct.rsvp_id, DoorAct.at, DoorAct.act, DoorAct.came).join(Rsvp, Rsvp.id == DoorAct.rsvp_id)
    for one in db.session.execute(told.where(*theirs)):
        acts.setdefault(one.rsvp_id, []).append(one)
    found, day = dict[int, dict[date | None, int]](), partial(day_at, event)
    parties = select(Rsvp.id, Rsvp.party_size, Rsvp.checked_in_at, Rsvp.arrived).where(*theirs)
    for number, party, since, arrived in db.session.execute(parties):
        parts = replayed(acts.get(number, []), day).days or ({day(since): arrived} if since else {})
        found[number] = _as_answered({on: part or party for on, part in parts.items()}, arrived or party)
    return found


def _as_answered(days: dict[date | None, int], most: int) -> dict[date | None, int]:
    """How many of one party were there by day, as the answer has it: of which `most` came."""
    begun = next(iter(days), None)
    return {on: most if on == begun and max(days.values()) < most else min(came, most) for on, came in days.items()}

"""What a file of people would do to the register: every line's fate, and the rows to be added and changed.

A line is about whom its email names, else its external_id; about somebody without either whom name and postal address
name. Empty cells wipe nothing. Nothing is written here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from society.db import db
from society.membership.queries import tiers
from society.people.privacy import erased_of
from society.register.entries import PARTICULARS, Entry, bounded
from society.register.known import Key, Someone, batches, keys, known_tags, people_in
from society.register.periods import Periods
from society.register.phones import noted
from society.text import folded, listed

Tell = Callable[[int], None]
"""Hears of a number of lines, now and then."""


class Will(StrEnum):
    """What becomes of a line."""

    ADD = "add"
    """Somebody new, with the period if the line has one."""
    PERIOD = "add period"
    """Somebody known gets a period, or the end of one, and whatever else the line changes."""
    CHANGE = "change"
    UNCHANGED = "unchanged"
    LEAVE_OUT = "leave out"
    """Somebody whose data was erased on request does not come back by a file."""
    REFUSE = "refuse"


class Fate(NamedTuple):
    """What becomes of a line, and why."""

    line: int
    will: Will
    who: str
    told: str = ""
    warning: str = ""


class Plan:
    """All that a file would do."""

    def __init__(self, today: date) -> None:
        self.tiers = {tier.name.casefold(): tier for tier in db.session.scalars(tiers())}
        self.periods = Periods(self.tiers, today)
        self.fates: list[Fate] = []
        self.new: list[Someone] = []
        self.changed: dict[int, Someone] = {}
        """People of the register with anything new, by number."""
        self.tags: dict[str, int] = known_tags()
        """By the word without regard to case; new ones have numbers below zero."""
        self.new_tags: list[str] = []
        self.tagged: list[tuple[Someone, int]] = []
        self._tags: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._by_key: dict[Key, Someone] = {}
        self._first_lines: dict[int, int] = {}

    def take(self, entries: Iterable[Entry], tell: Tell) -> None:
        """Plan for every line; `tell` hears how many were looked at, now and then."""
        for batch in batches(entries):
            known = self._known(batch)
            emails = {entry.email for entry in batch if entry.email}
            erased = erased_of(emails - known.keys())
            for entry in batch:
                self.fates.append(self._fate(entry, known, erased))
            tell(len(batch))
        for place, warning in self.periods.link().items():
            self.fates[place] = self.fates[place]._replace(warning=_sentence(warning))

    def _known(self, batch: Sequence[Entry]) -> dict[Key, Someone]:
        """Whom these lines may be about, as the lines before have made them."""
        known: dict[Key, Someone] = {}
        for person in people_in([entry for entry in batch if not entry.refused]):
            someone = self.changed.get(person.id, person)
            someone.first_line = self._first_lines.get(person.id, 0)
            known |= dict.fromkeys(_keys(person), someone)
        return known

    def _fate(self, entry: Entry, known: dict[Key, Someone], erased: set[str]) -> Fate:
        who = entry.name or entry.email or entry.external_id
        if entry.refused:
            return Fate(entry.line, Will.REFUSE, who, entry.refused)
        try:
            someone = self._whom(entry, known)
            if entry.email in erased and (someone is None or someone.email != entry.email):
                return Fate(entry.line, Will.LEAVE_OUT, "Somebody", _ERASED)
            return self._planned(entry, someone)
        except ValueError as error:
            return Fate(entry.line, Will.REFUSE, who, _sentence(str(error)))

    def _whom(self, entry: Entry, known: dict[Key, Someone]) -> Someone | None:
        """Raises ValueError if it names two at once, or somebody who is called otherwise further up."""
        own = keys(entry.email, entry.external_id, entry.name, entry.particulars[1])
        if entry.only_town and not (entry.email or entry.external_id):
            own = own if own[0] in self._by_key or own[0] in known else keys("", "", entry.name, "")
        found = [someone for key in own if (someone := self._by_key.get(key) or known.get(key))]
        if len({id(someone) for someone in found}) > 1:
            one, other = found[0].name, found[1].name
            raise ValueError(f"{entry.email} is {one}’s address, but external_id {entry.external_id} is {other}’s")
        someone = found[0] if found else None
        if someone and someone.first_line and entry.name and folded(entry.name) != folded(someone.name):
            raise ValueError(
                f"{entry.email or entry.external_id} stands on line {someone.first_line} already, "
                f"with the name {someone.name}"
            )
        if someone and entry.email and someone.email not in ("", entry.email):
            if someone.first_line:
                raise ValueError(f"external_id {entry.external_id} stands on line {someone.first_line} already")
            if someone.can_sign_in:
                raise ValueError(f"{someone.name} signs in with another address, {someone.email}; only they change it")
        return someone

    def _planned(self, entry: Entry, someone: Someone | None) -> Fate:
        """Plan for a line; where the membership is refused, nothing of the line is taken."""
        if someone is None and not entry.name:
            raise ValueError("the name of somebody new is missing")
        person = someone or Someone(0, "", "", entry.name, _NOTHING)
        entry, kept_back = _with_better_address(entry, person)
        if entry.noted:
            entry = entry._replace(particulars=_with_note(entry, person))
        repeated = someone.first_line if someone else 0
        place = len(self.fates)
        told = self.periods.take(person, entry.step, place) if entry.step else None
        changes = _change(person, entry)
        new_tags = self._tag(person, entry.tags)
        if new_tags:
            changes.append(f"tags {listed(new_tags)}")
        self._keep(entry, person, bool(changes or (told and told.added)))
        doubts = [kept_back or entry.warning, _sentence(told.warning) if told and told.warning else ""]
        warning = " ".join(filter(None, doubts))
        added = told.added if told else ""
        if someone is None:
            self.new.append(person)
            return Fate(entry.line, Will.ADD, person.name, added, warning)
        words = "; ".join(filter(None, [added, f"changes {listed(changes)}" if changes else ""]))
        will = Will.PERIOD if added else Will.CHANGE if changes else Will.UNCHANGED
        if will is Will.UNCHANGED and repeated:
            words = f"Says nothing that line {repeated} does not."
        return Fate(entry.line, will, person.name, words, warning)

    def _tag(self, person: Someone, words: Sequence[str]) -> list[str]:
        """Put tags on; those that are new to the person."""
        put_on = []
        for word in words:
            number = self.tags.get(word.casefold())
            if number is None:
                self.new_tags.append(word)
                number = self.tags[word.casefold()] = -len(self.new_tags)
            if number not in person.tags:
                person.tags = self._same_tags((*person.tags, number))
                self.tagged.append((person, number))
                put_on.append(word)
        return put_on

    def _same_tags(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """One object for all whose tags are the same, of whom there are many."""
        return self._tags.setdefault(numbers, numbers)

    def _keep(self, entry: Entry, person: Someone, touched: bool) -> None:
        """Remember whom the file has named, for the lines to come."""
        person.first_line = person.first_line or entry.line
        if person.id:
            self._first_lines.setdefault(person.id, entry.line)
        if person.id and touched:
            self.changed[person.id] = person
        if not person.id or touched:
            self._by_key |= dict.fromkeys(_keys(person), person)


_NOTHING = tuple(None if name == "born_on" else "" for name in PARTICULARS)
_ERASED = (
    "All that was kept on whoever has this address was erased on request. If they wish to come back, let them join."
)


def _keys(person: Someone) -> list[Key]:
    return keys(person.email, person.external_id, person.name, person.particulars[1])


def _with_better_address(entry: Entry, person: Someone) -> tuple[Entry, str]:
    """A line that gives no street leaves the whole address of somebody as it is; and what is to be said of that."""
    place = PARTICULARS.index("address")
    said, held = str(entry.particulars[place]), str(person.particulars[place] or "")
    if not entry.only_town or held == said:
        return entry, ""
    if not held:
        return entry, f"There is no street: letters go to “{said.replace(chr(10), ' / ')[:100]}”."
    without = tuple("" if at == place else value for at, value in enumerate(entry.particulars))
    kept = folded(said) in folded(held)
    said = said.replace("\n", " / ")[:100]
    return entry._replace(particulars=without), "" if kept else f"“{said}” has no street, so the address stays."


def _with_note(entry: Entry, person: Someone) -> tuple[str | date | None, ...]:
    """What the line says, with the note added to what stands in the notes. Raises ValueError if they are full."""
    *others, notes = entry.particulars
    return (*others, bounded("notes", noted(str(notes or person.particulars[-1]), entry.noted)))


def _change(person: Someone, entry: Entry) -> list[str]:
    """Give them what the line says and is new; empty cells say nothing."""
    changes = []
    for name in ("name", "email", "external_id"):
        value = getattr(entry, name)
        if value and value != getattr(person, name):
            _remember(person, name, getattr(person, name))
            setattr(person, name, value)
            changes.append(name)
    for place, name in enumerate(PARTICULARS):
        said, held = entry.particulars[place], person.particulars[place]
        if said and said != held:
            _remember(person, name, held)
            changes.append(name)
    if person.particulars is _NOTHING:
        person.particulars = entry.particulars  # the very same: with very many people, another of each takes room
    else:
        pairs = zip(entry.particulars, person.particulars, strict=True)
        person.particulars = tuple(said or held for said, held in pairs)
    return changes


def _remember(person: Someone, column: str, value: object) -> None:
    if person.id:
        person.before = {column: value, **(person.before or {})}


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith(("?", ".")) else ".")

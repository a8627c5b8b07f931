"""A file of people, read: what each line says, or why it cannot be taken. Nothing here knows the register."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from email_validator import EmailNotValidError

from society.fields import clean, email_key, on_one_line
from society.membership.models import Status
from society.register.columns import DATES, FIELDS, header_of, unknown_columns
from society.register.dates import Column, NoDate, Order, read_date
from society.register.sheets import Sheet, is_spreadsheet, sheet_in
from society.tables import Row, Table, Unreadable, as_meant, rows
from society.times import known_zone

MOST_LINES = 1_000_000
PARTICULARS = ("phone", "address", "city", "language", "zone", "born_on", "notes")
"""What a line says of a person besides name, email and number, in the order of `Entry.particulars`."""
_LONGEST = {
    "name": 200,
    "phone": 40,
    "address": 1_000,
    "city": 100,
    "language": 35,
    "notes": 10_000,
    "external_id": 100,
}
_MOST_TAGS, _LONGEST_TAG = 50, 60
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_FOR_LIFE = frozenset({"life", "for life", "lifetime", "never", "none", "unlimited"})
_STATUSES = {
    **{status.value: status for status in Status},
    **dict.fromkeys(("current", "member", "paid", "yes"), Status.ACTIVE),
    **dict.fromkeys(("expired", "ended"), Status.LAPSED),
    **dict.fromkeys(("left", "cancelled", "canceled"), Status.RESIGNED),
    **dict.fromkeys(("pending", "applicant"), Status.APPLIED),
}


class Step(NamedTuple):
    """What a line says of a membership."""

    tier: str
    status: Status
    starts_on: date | None
    ends_on: date | None
    for_life: bool
    """It is said in so many words that there is no last day."""
    left_on: date | None
    """The first day on which it did not stand any more."""
    since_joining: bool = False
    """The start is the day of joining: they have renewed ever since, as far as nothing else is said."""


class Entry(NamedTuple):
    """What one line says, or why it cannot be taken."""

    line: int
    email: str
    external_id: str
    name: str
    particulars: tuple[str | date | None, ...]
    tags: tuple[str, ...]
    step: Step | None
    refused: str = ""


class Dated(NamedTuple):
    """How a column of dates is read, and what it is called in the file."""

    heading: str
    order: Order | None


@dataclass
class Reading:
    """A file of people: what was found out about it, and its lines, which are read as they are asked for."""

    source: Table | Sheet
    header: Row
    fields: dict[int, str]
    """By place, what a column gives."""
    dates: dict[str, Column]
    """What each column of dates tells of the order of day and month."""
    answer: Order | None
    """What was answered where a column does not tell."""
    lines: int = 0
    """How many there are below the header."""
    repeated: list[int] = field(default_factory=list)
    """Lines that say the header once more, and are left out."""

    @property
    def questions(self) -> dict[str, Column]:
        """The columns of dates for which day or month first must be answered before anything is read."""
        return {} if self.answer else {name: one for name, one in self.dates.items() if one.must_be_asked}

    @property
    def unknown(self) -> list[str]:
        return unknown_columns(self.header.cells, self.fields)

    def __iter__(self) -> Iterator[Entry]:
        places = {name: place for place, name in self.fields.items()}
        orders = {name: Dated(column.heading, column.order or self.answer) for name, column in self.dates.items()}
        for row in _below(self):
            yield _entry(row, len(self.header.cells), places, orders)


def read(content: bytes, answer: Order | None = None) -> Reading:
    """Look at a whole file. Raises Unreadable, with a sentence, for what is no table of people."""
    source = sheet_in(content) if is_spreadsheet(content) else rows(content)
    header = next(iter(source), None)
    if header is None:
        raise Unreadable("The file is empty.")
    fields = header_of(header.line, header.cells)
    dates = {name: Column(header.cells[place].strip()) for place, name in fields.items() if name in DATES}
    reading = Reading(source, header, fields, dates, answer)
    _look_at_all(reading)
    return reading


def _look_at_all(reading: Reading) -> None:
    """Learn what only all of it tells: how dates are written, and where the header comes again."""
    first = _said(reading.header)
    columns = [(place, reading.dates[name]) for place, name in reading.fields.items() if name in reading.dates]
    number = 0
    for number, row in enumerate(reading.source):
        if number > MOST_LINES:
            raise Unreadable(f"Line {row.line:,}: more than {MOST_LINES:,} rows; please divide the file.")
        if number and row.cells[0].strip() == reading.header.cells[0].strip() and _said(row) == first:
            reading.repeated.append(row.line)
            continue
        for place, column in columns if number else ():
            if place < len(row.cells) and row.cells[place]:
                column.look_at(row.line, row.cells[place].strip())
    reading.lines = number
    if number == 0:
        raise Unreadable(f"Line {reading.header.line}: there is a header, and nobody below it.")


def _said(row: Row) -> list[str]:
    cells = [cell.strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _below(reading: Reading) -> Iterator[Row]:
    left_out = {reading.header.line, *reading.repeated}
    return (row for row in reading.source if row.line not in left_out)


def _entry(row: Row, width: int, places: dict[str, int], orders: dict[str, Dated]) -> Entry:
    values = {name: _cell(row, places.get(name)) for name in FIELDS}
    try:
        if any(cell.strip() for cell in row.cells[width:]):
            raise ValueError(
                f"{len(row.cells)} cells, and {width} in the header; is a cell with a comma left unquoted?"
            )
        return _taken(row.line, values, orders)
    except ValueError as error:
        return Entry(row.line, values["email"], "", _name(values), (), (), None, _sentence(str(error)))


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith("?") else ".")


def _cell(row: Row, place: int | None) -> str:
    """What a cell says. Exports put an apostrophe before what begins like a formula; it is taken off again."""
    if place is None or place >= len(row.cells):
        return ""
    return as_meant(row.cells[place].strip())


def _taken(line: int, values: dict[str, str], orders: dict[str, Dated]) -> Entry:
    """Raises ValueError, with the reason as a sentence without its end."""
    name, email = _name(values), _address(values["email"])
    external_id = _bounded("external_id", on_one_line(values["external_id"]))
    if not name and not email and not external_id:
        raise ValueError("nobody is named here: there is no email, name or external_id")
    if "://" in name or "www." in name.lower():
        raise ValueError(f"“{name[:40]}” is a web address, not a name")
    days = {column: _date(column, values[column], dated) for column, dated in orders.items()}
    return Entry(
        line,
        email,
        external_id,
        _bounded("name", name),
        (
            _bounded("phone", on_one_line(values["phone"])),
            _bounded("address", clean(_street(values))),
            intern(_bounded("city", on_one_line(values["city"]))),
            intern(_language(values["language"])),
            intern(_zone(values["zone"])),
            days.get("born_on"),
            _bounded("notes", clean(values["notes"])),
        ),
        _tags(values["tags"]),
        _step(values, days),
    )


def _name(values: dict[str, str]) -> str:
    return on_one_line(values["name"]) or on_one_line(f"{values['given_name']} {values['family_name']}")


def _street(values: dict[str, str]) -> str:
    return f"{values['address']} {values['house_number']}".strip() if values["address"] else ""


@lru_cache(maxsize=4_096)
def _address(text: str) -> str:
    if not text:
        return ""
    try:
        address = email_key(on_one_line(text.removeprefix("mailto:")))
    except EmailNotValidError as error:
        raise ValueError(f"“{text[:60]}” is not a mail address") from error
    if len(address) > 254:
        raise ValueError(f"the address “{text[:40]}…” is too long")
    return address


def _bounded(column: str, text: str) -> str:
    if len(text) > _LONGEST[column]:
        raise ValueError(f"{column} has {len(text):,} characters; at most {_LONGEST[column]:,} are kept")
    return text


def _language(text: str) -> str:
    if text and not (_LANGUAGE.fullmatch(text) and len(text) <= _LONGEST["language"]):
        raise ValueError(f"“{text[:40]}” is not a language such as en or pt-BR")
    return text


def _zone(text: str) -> str:
    """As exports name it, or as forms show it."""
    name = text.replace(" ", "_")
    if name and not known_zone(name):
        raise ValueError(f"“{text[:40]}” is not a time zone such as Europe/London")
    return name


def _date(column: str, text: str, dated: Dated) -> date | None:
    if not text or (column == "ends_on" and text.casefold() in _FOR_LIFE):
        return None
    try:
        return read_date(text, dated.order)
    except NoDate as error:
        raise ValueError(f"{dated.heading}: {error}") from error


@lru_cache(maxsize=4_096)
def _tags(text: str) -> tuple[str, ...]:
    """Words between commas, semicolons or bars; one written twice counts once."""
    words = dict.fromkeys(filter(None, (on_one_line(word) for word in re.split(r"[,;|]", text))))
    if len(words) > _MOST_TAGS:
        raise ValueError(f"{len(words)} tags; at most {_MOST_TAGS} are kept")
    if too_long := [word for word in words if len(word) > _LONGEST_TAG]:
        raise ValueError(f"the tag “{too_long[0][:30]}…” has more than {_LONGEST_TAG} characters")
    return tuple(words)


def _step(values: dict[str, str], days: dict[str, date | None]) -> Step | None:
    """The membership that a line tells of, if it does. When somebody joined is asked only where no start is given."""
    tier = on_one_line(values["tier"])
    ends_on, left_on = days.get("ends_on"), days.get("left_on")
    joined_on = days.get("joined_on") if tier and not days.get("starts_on") else None
    starts_on = joined_on or days.get("starts_on")
    if not tier:
        if values["status"] or starts_on or ends_on or left_on:
            raise ValueError("the tier of this membership is missing")
        return None
    if starts_on and ends_on and ends_on < starts_on:
        raise ValueError(f"it ends on {ends_on}, before it starts on {starts_on}")
    if starts_on and left_on and left_on < starts_on:
        raise ValueError(f"left_on is {left_on}, before it starts on {starts_on}")
    for_life = values["ends_on"].casefold() in _FOR_LIFE
    since_joining = bool(joined_on) and ends_on is None and not for_life
    status = Status.RESIGNED if since_joining and left_on and not values["status"] else _status(values["status"])
    return Step(intern(tier), status, starts_on, ends_on, for_life, left_on, since_joining)


def _status(text: str) -> Status:
    if not text:
        return Status.ACTIVE
    status = _STATUSES.get(text.casefold())
    if status is None:
        raise ValueError(f"“{text[:40]}” is no status; there are {', '.join(Status)}")
    return status

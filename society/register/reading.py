"""A file of people, read: what its columns are, and its lines, one after the other. Nothing here knows the register."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from society.register.columns import DATES, header_of, unknown_columns
from society.register.dates import Column, Order
from society.register.entries import Dated, Entry, entry
from society.register.sheets import Sheet, is_spreadsheet, sheet_in
from society.tables import Row, Table, Unreadable, rows

MOST_LINES = 1_000_000


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
            yield entry(row, len(self.header.cells), places, orders)


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

"""A file of people, read: what its columns are, and its lines, one after the other. Nothing here knows the register."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from society.register.addresses import AddressColumns
from society.register.cells import is_status
from society.register.columns import DATES, header_of, may_be_county, may_be_header, passed_over, unknown_columns
from society.register.dates import Column, Order
from society.register.entries import Dated, Entry, Layout, entry
from society.register.headings import postcode_goes_first
from society.register.sheets import Sheet, is_spreadsheet, sheet_in
from society.tables import Row, Table, Unreadable, rows

MOST_LINES = 1_000_000
MOST_ABOVE = 9
"""Rows above the header, such as a title."""
FIRST_LINES = 100
"""How many are looked at for what any of them shows."""


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
    filled: set[int] = field(default_factory=set)
    """The places of columns that are not read and hold anything."""
    repeated: list[int] = field(default_factory=list)
    """Lines that say the header once more, and are left out."""

    @property
    def above(self) -> list[str]:
        """What stands above the header, in one line each."""
        rows_above = (row for row in islice(self.source, MOST_ABOVE) if row.line < self.header.line)
        return [" ".join(filter(None, (cell.strip() for cell in row.cells))) for row in rows_above]

    @property
    def questions(self) -> dict[str, Column]:
        """The columns of dates for which day or month first must be answered before anything is read."""
        return {} if self.answer else {name: one for name, one in self.dates.items() if one.must_be_asked}

    @property
    def unknown(self) -> list[str]:
        found = unknown_columns(self.header.cells, self.fields)
        return [name for place, name in found.items() if place in self.filled]

    @property
    def passed_over(self) -> list[tuple[str, str]]:
        found = passed_over(self.header.cells, self.fields)
        return [(self.header.cells[at].strip(), first) for at, first in found.items() if at in self.filled]

    @property
    def layout(self) -> Layout:
        places: dict[str, list[int]] = {}
        for place, name in self.fields.items():
            places.setdefault(name, []).append(place)
        dates = {name: Dated(column.heading, column.order or self.answer) for name, column in self.dates.items()}
        first = {name: own[0] for name, own in places.items()}
        more = {name: tuple(own[1:]) for name, own in places.items() if len(own) > 1}
        postcode = first.get("postcode")
        in_order = postcode is not None and postcode_goes_first(self.header.cells[postcode])
        addresses = AddressColumns.among(first, postcode_first=in_order)
        return Layout(len(self.header.cells), first, more, dates, addresses)

    def an_address(self) -> tuple[int, str]:
        """The first that is made of several columns, and its line; nothing if the first lines have none."""
        layout = self.layout
        lines = islice(_below(self), FIRST_LINES)
        made = ((row.line, layout.addresses.made(layout.values(row)).text) for row in lines)
        return next((one for one in made if one[1]), (0, ""))

    def __iter__(self) -> Iterator[Entry]:
        layout = self.layout
        for row in _below(self):
            yield entry(row, layout)


def read(content: bytes, answer: Order | None = None) -> Reading:
    """Look at a whole file. Raises Unreadable, with a sentence, for what is no table of people."""
    source = sheet_in(content) if is_spreadsheet(content) else rows(content)
    header = _header_in(source)
    fields = header_of(header.line, header.cells)
    if (place := may_be_county(header.cells, fields)) is not None and not _tells_status(source, header, place):
        fields[place] = "county"
    dates = {name: Column(header.cells[place].strip()) for place, name in fields.items() if name in DATES}
    reading = Reading(source, header, fields, dates, answer)
    _look_at_all(reading)
    return reading


def _header_in(source: Table | Sheet) -> Row:
    """The row that names the columns: the first, or one a little below where that is a title or says how to read it."""
    rows_above = list(islice(source, MOST_ABOVE + 1))
    if not rows_above:
        raise Unreadable("The file is empty.")
    if may_be_header(rows_above[0].cells):
        return rows_above[0]
    return next((row for row in rows_above if may_be_header(row.cells)), rows_above[0])


def _tells_status(source: Table | Sheet, header: Row, place: int) -> bool:
    """Whether a column holds what memberships can be, or nothing."""
    rows_below = islice((row for row in source if row.line > header.line), FIRST_LINES)
    said = [row.cells[place].strip() for row in rows_below if len(row.cells) > place]
    return not any(said) or any(is_status(one) for one in said)


def _look_at_all(reading: Reading) -> None:
    """Learn what only all of it tells: how dates are written, and where the header comes again."""
    first = _said(reading.header)
    columns = [(place, reading.dates[name]) for place, name in reading.fields.items() if name in reading.dates]
    empty = set(range(len(reading.header.cells))) - reading.fields.keys()
    number = 0
    for number, row in enumerate((row for row in reading.source if row.line > reading.header.line), 1):
        if number > MOST_LINES:
            raise Unreadable(f"Line {row.line:,}: more than {MOST_LINES:,} rows; please divide the file.")
        if row.cells[0].strip() == reading.header.cells[0].strip() and _said(row) == first:
            reading.repeated.append(row.line)
            continue
        if empty:
            empty -= {at for at in empty if at < len(row.cells) and row.cells[at].strip()}
        for place, column in columns:
            if place < len(row.cells) and row.cells[place]:
                column.look_at(row.line, row.cells[place].strip())
    reading.lines = number
    reading.filled = set(range(len(reading.header.cells))) - reading.fields.keys() - empty
    if number == 0:
        raise Unreadable(f"Line {reading.header.line}: there is a header, and nobody below it.")


def _said(row: Row) -> list[str]:
    cells = [cell.strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _below(reading: Reading) -> Iterator[Row]:
    left_out = set(reading.repeated)
    return (row for row in reading.source if row.line > reading.header.line and row.line not in left_out)

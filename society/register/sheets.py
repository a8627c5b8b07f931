"""Spreadsheets (.xlsx), read as tables: the first sheet with anything in it, every cell as text.

An .xlsx is a ZIP of XML, so it is looked at with care before anything parses it: what it would unpack to is bounded,
as declared and as it is, and its XML is read without entities (openpyxl uses defusedxml where that is installed).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from society.tables import LONGEST_CELL, MOST_COLUMNS, Row, Unreadable

MOST_UNPACKED = 400 * 1024 * 1024
"""Bytes: ten times what a spreadsheet of 100,000 people takes."""
MOST_PARTS = 2_000
MOST_ROWS = 1_048_576
"""As many as a sheet has."""


@dataclass(frozen=True)
class Sheet:
    """The content of one sheet; its rows are read as they are asked for, however often."""

    kept: io.TextIOWrapper
    """As separated values in UTF-8, a quarter of what they would take as a string that can be written to."""
    name: str
    others: int
    """How many more sheets there are, which are not read."""
    macros: bool

    def __iter__(self) -> Iterator[Row]:
        self.kept.seek(0)
        for number, *cells in csv.reader(self.kept):
            yield Row(int(number), cells)


def is_spreadsheet(content: bytes) -> bool:
    """Whether that is a ZIP, which no text begins like."""
    return content.startswith(b"PK\x03\x04")


def sheet_in(content: bytes) -> Sheet:
    """The first sheet that holds anything. Raises Unreadable, with a sentence, for what is no spreadsheet or unpacks
    to too much."""
    try:
        return _sheet_in(content)
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError) as error:
        raise Unreadable("This spreadsheet is damaged and cannot be read. Please save it again as .xlsx.") from error
    except Exception as error:
        # A file from outside can break the parser in any way; that is a fault of the file, not of the program.
        raise Unreadable("This spreadsheet cannot be read. Please save it again as .xlsx, or as CSV.") from error


def _sheet_in(content: bytes) -> Sheet:
    from openpyxl import load_workbook  # 8 MB in memory, which few processes need

    names = _checked(content)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    for sheet in sheets:
        kept = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
        if _copy(sheet, csv.writer(kept)):
            return Sheet(kept, str(sheet.title), len(sheets) - 1, any("vbaProject" in name for name in names))
    raise Unreadable("The spreadsheet is empty.")


def _checked(content: bytes) -> list[str]:
    """The parts of the ZIP, none of which unpacks to more than it may."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = [part.filename for part in parts]
        if "mimetype" in names:
            raise Unreadable("This is an OpenDocument file. Please save it as .xlsx or as CSV.")
        if "xl/workbook.xml" not in names:
            raise Unreadable("This is an archive, not a spreadsheet (.xlsx) or a table (CSV).")
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable("This spreadsheet is protected by a password. Please save it without one.")
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable(_TOO_MUCH)
        if sum(_unpacked(archive, part) for part in parts) > MOST_UNPACKED:
            raise Unreadable(_TOO_MUCH)
    return names


_TOO_MUCH = (
    f"This spreadsheet unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB, which no register does. "
    "It was not opened."
)


_FAR_DOWN = re.compile(rb'<row [^>]{0,200}?\br="([0-9]{8,18})"')
"""A row with a number that no sheet has: found before the parser fills all those in between with empty ones."""


def _too_many_rows(number: int) -> str:
    return f"Row {number:,}: a sheet has at most {MOST_ROWS:,} rows."


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many bytes it really has, a piece at a time."""
    length = 0
    with archive.open(part) as file:
        while piece := file.read(1024 * 1024):
            length += len(piece)
            if far := _FAR_DOWN.search(piece):
                raise Unreadable(_too_many_rows(int(far[1])))
            if length > MOST_UNPACKED:
                break
    return length


def _copy(sheet: Any, kept: Any) -> bool:
    """Keep the rows that hold anything, with their numbers; whether there are any."""
    found = False
    sheet.reset_dimensions()  # what the file says of its size may be false
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
        if number > MOST_ROWS:
            raise Unreadable(_too_many_rows(number))
        cells = [_text(value) for value in values]
        if not any(cells):
            continue
        _check(number, cells)
        kept.writerow([number, *cells])
        found = True
    return found


def _check(number: int, cells: list[str]) -> None:
    if len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS]:
        raise Unreadable(f"Row {number}: more than {MOST_COLUMNS} columns; at most that many can be read.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Unreadable(f"Row {number}: a cell of more than {LONGEST_CELL:,} characters.")


def _text(value: Any) -> str:
    """A cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

"""Tables as programs and banks write them: separated values in whatever encoding and with whatever separator."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from itertools import islice

from charset_normalizer import from_bytes

from society.errors import Refused

MOST_COLUMNS = 200
LONGEST_CELL = 20_000

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_OTHERS = (
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|BM.{4}\0\0", "a picture"),
    (rb"%PDF-", "a PDF"),
    (rb"PK\x03\x04", "a spreadsheet or an archive"),
    (rb"\xd0\xcf\x11\xe0", "an old Excel file"),
    (rb"\x1f\x8b|BZh|7z\xbc\xaf|Rar!|\xfd7zXZ", "an archive"),
)
"""How files begin that are often taken for a table."""
_EUROPEAN = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257"]
"""Encodings without a mark that spreadsheets still save in."""
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Unreadable(Refused):
    """No table, or one with something in it that no table has."""


@dataclass(frozen=True)
class Row:
    """One record: the line of the file on which it begins, counted from 1, and its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """The content of a file; its rows are read as they are asked for, however often. Blank ones are left out."""

    text: str
    encoding: str
    """As people call it: "UTF-8", "Windows-1252"."""
    separator: str

    @property
    def separator_name(self) -> str:
        return _SEPARATORS[self.separator]

    def __iter__(self) -> Iterator[Row]:
        """Raises Unreadable, with the line, for a row that is too wide, a cell that is too long, an open quote."""
        lines = _Lines(self.text)
        reader = csv.reader(lines, delimiter=self.separator)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise Unreadable(f"Line {line}: a cell does not end; is a quotation mark left open?") from error
            if cells is None:
                return
            _check(line, cells)
            lines.close_record(line, self.separator)
            if any(cell.strip() for cell in cells):
                yield Row(line, cells)


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""One with its end, whichever of the three it is."""


class _Lines:
    """The lines of a text, of which it knows those of the record that is being read. They are taken from the text as
    it is: a `StringIO` would hold it once more, at four bytes a character."""

    def __init__(self, text: str) -> None:
        self._lines = (found[0] for found in _LINE.finditer(text))
        self._record: list[str] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._record.append(line)
            self._length += len(line)
            if self._length > MOST_COLUMNS * LONGEST_CELL:
                raise csv.Error("a record without an end")
            yield line
        self._record.append("")  # it was asked for more and there is none: the last record is left open, or it is over

    def close_record(self, line: int, separator: str) -> None:
        """The reader has made a row of them; one that ran into the end of the file has a quote left open."""
        if len(self._record) > 1 and not self._record[-1]:
            raise Unreadable(f"Line {line}: a cell does not end; is a quotation mark left open?")
        self._record.clear()
        self._length = 0


def _check(line: int, cells: list[str]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(f"Line {line}: {len(cells):,} columns; at most {MOST_COLUMNS} can be read.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Unreadable(
            f"Line {line}: a cell of more than {LONGEST_CELL:,} characters; is a quotation mark left open?"
        )


def rows(content: bytes) -> Table:
    """The table in a file. Raises Unreadable, with a sentence, for what is none."""
    for pattern, what in _OTHERS:
        if re.match(pattern, content, re.DOTALL):
            raise Unreadable(f"This is {what}, not a table of separated values (CSV).")
    text, encoding = _decoded(content)
    if found := _BINARY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Unreadable(f"Line {line}: characters that no text has; this is not a table of separated values (CSV).")
    if not text.strip():
        raise Unreadable("The file is empty.")
    return Table(text, encoding, _separator(text))


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        for mark, codec, name in _MARKS:
            if content.startswith(mark):
                return content.decode(codec), name
        if unmarked := _unmarked_utf16(content[:4000]):
            return content.decode(unmarked), "UTF-16"
    except UnicodeDecodeError as error:
        raise Unreadable("The file says that it is Unicode and is not; please save it again as CSV.") from error
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        codec = _guessed(content)
        return content.decode(codec, errors="replace"), codec.replace("cp", "Windows-")


def _unmarked_utf16(start: bytes) -> str | None:
    """Text that is mostly Latin has a zero in every second byte."""
    pairs = len(start) // 2
    if pairs and start[1::2].count(0) > pairs * 0.4 and start[::2].count(0) == 0:
        return "utf-16-le"
    if pairs and start[::2].count(0) > pairs * 0.4 and start[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _guessed(content: bytes) -> str:
    """Which of the old encodings reads best, judged by the lines that are not plain ASCII; Windows-1252 in doubt."""
    telling = b"\n".join(islice((line for line in content.splitlines() if not line.isascii()), 400))[:40_000]
    found = [
        (match.chaos, -match.coherence, name != "cp1252", name)
        for match in from_bytes(telling, cp_isolation=_EUROPEAN)
        for name in match.could_be_from_charset
    ]
    return min(found)[-1] if found else "cp1252"


_QUOTED = re.compile(r'(?:(?<=[,;\t|\r\n])|\A)"(?:[^"]|"")*"(?=[,;\t|\r\n]|\Z)')
"""A cell in quotation marks, between whatever may separate it from others."""


def _separator(text: str) -> str:
    """The one by which most of the first records have the same number of cells. Quoted cells count as one sign: what
    stands in them separates nothing, and their lines are no records."""
    start = _QUOTED.sub("q", text[:50_000])

    def fit(separator: str) -> tuple[int, int]:
        reader = csv.reader(StringIO(start, newline=""), delimiter=separator)
        widths = Counter(width for width in _widths(reader) if width > 1)
        return max(((number, width) for width, number in widths.items()), default=(0, 0))

    return max(_SEPARATORS, key=fit)


def _widths(reader: Iterable[list[str]]) -> list[int]:
    widths: deque[int] = deque(maxlen=50)
    try:
        widths.extend(len(cells) for cells in islice(reader, 50))
    except csv.Error:
        return []
    return list(widths)


def line_of(cells: Iterable[object]) -> str:
    """One record of separated values, safe to open in a spreadsheet."""
    line = StringIO()
    csv.writer(line).writerow(harmless(cell) for cell in cells)
    return line.getvalue()


def harmless(cell: object) -> str:
    """Spreadsheets run cells that begin like a formula; an apostrophe in front makes them text (see `as_meant`)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) and not isinstance(cell, int | Decimal) else text


def as_meant(cell: str) -> str:
    """A cell without the apostrophe that `harmless` puts in front."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""The wide signs are those that East Asian keyboards write and spreadsheets there take for the others."""

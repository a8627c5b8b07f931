"""Bank statements as banks write them: which column is what, and the lines with their days and amounts."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from society.errors import Refused
from society.fields import on_one_line
from society.membership.forms import MOST
from society.membership.render import minor_digits
from society.tables import Row, Table
from society.text import folded
from society.times import EARLIEST, LATEST

SHOWN_MISTAKES = 10
_HEAD = 40
"""In how many of the first rows the names of the columns are looked for: banks write about the account above them."""
_USUAL = {
    "date": r"^(booking|transaction|value|posting)? ?date|datum|buchungstag|valuta|fecha|^data\b|^day",
    "amount": r"amount|betrag|bedrag|montant|umsatz|credit|gutschrift|haben|importe|paid in",
    "payer": r"payer|name|auftraggeber|zahlungspflicht|debtor|beguenstigt|begunstigt|counterparty|tegenpartij|\bfrom\b",
    "text": r"reference|text|zweck|purpose|description|details|memo|omschrijving|communication|concept",
    "currency": r"currency|wahrung|waehrung|devise|ccy|munt",
}


class NoStatement(Refused):
    """Something in the file cannot be read as a statement; says which lines."""


@dataclass(frozen=True)
class Columns:
    """Which columns of a statement are what, by their names; empty is none."""

    date: str = ""
    amount: str = ""
    payer: str = ""
    text: str = ""
    more_text: str = ""
    currency: str = ""
    month_first: bool = False
    """Whether 3/4/2027 is the 4th of March."""
    usual_currency: str = "EUR"
    """Of lines that name none."""

    @classmethod
    def kept(cls, stored: dict[str, Any]) -> "Columns":
        """As they were last chosen."""
        return cls(**{name: stored[name] for name in asdict(cls()) if name in stored})

    @property
    def chosen(self) -> list[str]:
        return [name for name in (self.date, self.amount, self.payer, self.text, self.more_text, self.currency) if name]

    def fit(self, names: Sequence[str]) -> bool:
        """Whether a statement with columns of these names can be read by them."""
        return bool(self.date and self.amount) and set(self.chosen) <= set(names)


@dataclass(frozen=True)
class Statement:
    """A table with its columns' names found."""

    names: list[str]
    rows: list[Row]

    @property
    def sample(self) -> list[list[str]]:
        """The first rows, to tell the columns by."""
        return [row.cells for row in self.rows[:3]]

    def usual(self, currency: str) -> Columns:
        """The columns by the names that banks give them."""
        found: dict[str, str] = {}
        for part, words in _USUAL.items():
            fitting = [n for n in self.names if re.search(words, folded(n)) and n not in found.values()]
            found[part] = fitting[0] if fitting else ""
        return Columns(**found, usual_currency=currency, month_first=self._month_first(found["date"]))

    def _month_first(self, name: str) -> bool:
        """Whether only so the days of that column are in the calendar."""
        if not name:
            return False
        at = self.names.index(name)
        cells = [row.cells[at] for row in self.rows if len(row.cells) > at and row.cells[at].strip()]
        return _all_days(cells, month_first=True) and not _all_days(cells, month_first=False)


def statement(table: Table) -> Statement:
    """The rows below the names of the columns. Raises NoStatement where no row names columns."""
    rows = list(table)
    _, width = max((number, width) for width, number in Counter(len(row.cells) for row in rows).items())
    for number, row in enumerate(rows[:_HEAD]):
        if len(row.cells) >= width > 1 and not any(_looks_like_data(cell) for cell in row.cells):
            return Statement(_unlike(row.cells), rows[number + 1 :])
    raise NoStatement("No line of this file names its columns, such as “Date” and “Amount”.")


def _looks_like_data(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+0-9.,'/ ]*\d[-+0-9.,'/ ]*", cell.strip()))


def _unlike(cells: Sequence[str]) -> list[str]:
    """The names, those without one or with another's numbered."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = on_one_line(cell)[:80] or f"Column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


@dataclass(frozen=True)
class Credit:
    """A line on which money came in."""

    booked_on: date
    amount: int
    currency: str
    payer: str
    text: str
    digest: str


@dataclass
class Read:
    """What a statement holds: its credits, how many lines are none, and those that cannot be read, with their
    sentences."""

    credits: list[Credit] = field(default_factory=list)
    debits: int = 0
    mistakes: list[str] = field(default_factory=list)


def read(found: Statement, columns: Columns) -> Read:
    """The lines of a statement by these columns."""
    at = {name: number for number, name in enumerate(found.names)}
    result, same = Read(), Counter[tuple[Any, ...]]()
    for row in found.rows:
        parts = _parts(row, columns, at)
        if not (parts["date"] and parts["amount"]):
            result.debits += 1  # a sum below the lines, or the other of two columns for what came in and what went out
            continue
        try:
            on, currency, amount = _told(parts, columns)
        except ValueError as error:
            result.mistakes.append(f"Line {row.line}: {error}")
            continue
        if amount <= 0:
            result.debits += 1
            continue
        key = (on, amount, currency, parts["payer"], parts["text"])
        result.credits.append(
            Credit(on, amount, currency, parts["payer"][:200], parts["text"], _digest(key, same[key]))
        )
        same[key] += 1
    return result


def _parts(row: Row, columns: Columns, at: dict[str, int]) -> dict[str, str]:
    def cell(name: str) -> str:
        return on_one_line(row.cells[at[name]]) if name in at and at[name] < len(row.cells) else ""

    text = " ".join(filter(None, (cell(columns.text), cell(columns.more_text))))[:5000]
    same = {name: cell(getattr(columns, name)) for name in ("date", "amount", "payer", "currency")}
    return {**same, "text": text}


def _told(parts: dict[str, str], columns: Columns) -> tuple[date, str, int]:
    currency = parts["currency"].upper() or columns.usual_currency
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"“{currency[:20]}” is no currency.")
    return day_in(parts["date"], month_first=columns.month_first), currency, amount_in(parts["amount"], currency)


def _digest(key: tuple[Any, ...], before: int) -> str:
    return hashlib.sha256("\0".join(map(str, (*key, before))).encode()).hexdigest()


_DAY = re.compile(r"(\d{1,4})[-./ ](\d{1,2}|[A-Za-z]{3,9})\.?[-./ ](\d{1,4})(?:[T ,].*)?")


def day_in(text: str, *, month_first: bool) -> date:
    """A day as banks write it: 2027-03-30, 30.03.2027, 30.3.27, 3/30/2027, 30 Mar 2027, 20270330. Raises ValueError
    with a sentence."""
    try:
        day = _day(text.strip(), month_first)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"“{text[:30]}” is no day.") from error
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"“{text[:30]}” is no day.")
    return day


def _day(text: str, month_first: bool) -> date:
    if re.fullmatch(r"\d{8}", text):
        return datetime.strptime(text, "%Y%m%d").date()
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    first, second, third = found.groups()
    if second.isalpha():
        month = datetime.strptime(second[:3].title(), "%b").month
        return date(_year(third), month, int(first)) if len(first) < 3 else date(int(first), month, int(third))
    if len(first) > 2:
        return date(int(first), int(second), int(third))
    day, month = (int(second), int(first)) if month_first else (int(first), int(second))
    return date(_year(third), month, day)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) <= 2 else 0)


def _all_days(cells: Sequence[str], *, month_first: bool) -> bool:
    try:
        return all(day_in(cell, month_first=month_first) for cell in cells[:2000])
    except ValueError:
        return False


def amount_in(text: str, currency: str) -> int:
    """An amount as banks write it, in minor units: 1.234,56, 1,234.56, 1'234.50, -12, 12,50-, (12.50), 30 EUR. Raises
    ValueError with a sentence."""
    bare = re.sub(r"^[A-Za-z]{3}|[A-Za-z]{3}$|[€$£¥\s'’+]", "", text.strip()).replace("−", "-")
    negative = bare.startswith(("-", "(")) or bare.endswith("-")
    digits = _with_a_point(bare.strip("-()"), minor_digits(currency))
    if digits is None:
        raise ValueError(f"“{text[:30]}” is no amount.")
    amount = Decimal(digits).scaleb(minor_digits(currency))
    if amount != int(amount) or amount > MOST:
        raise ValueError(f"“{text[:30]}” is no amount of {currency}.")
    return -int(amount) if negative else int(amount)


_NUMBER = re.compile(r"\d{1,3}(([.,])\d{3}(\2\d{3})*)?([.,]\d{1,6})?|\d{1,12}([.,]\d{1,6})?")


def _with_a_point(text: str, minor: int) -> str | None:
    """The last of points and commas parts the minor unit, unless it groups thousands: there are several, or three
    digits follow it in a currency that has not three. None for what is no number."""
    if len(text) > 20 or not _NUMBER.fullmatch(text):
        return None
    at = max(text.rfind("."), text.rfind(","))
    if at < 0:
        return text
    alone = len(set(re.sub(r"\d", "", text))) == 1
    groups = alone and (text.count(text[at]) > 1 or (len(text) - at - 1 == 3 and minor != 3))
    whole = re.sub(r"[.,]", "", text[:at])
    return whole + text[at + 1 :] if groups else f"{whole}.{text[at + 1 :]}"


def sentences(found: Read) -> Iterator[str]:
    """What cannot be read, at most so many; the rest are counted."""
    yield from found.mistakes[:SHOWN_MISTAKES]
    if len(found.mistakes) > SHOWN_MISTAKES:
        yield f"{len(found.mistakes) - SHOWN_MISTAKES:,} more lines cannot be read."

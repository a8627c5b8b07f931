"""Entries of the log in words."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from society.audit.models import AuditEntry
from society.times import to_wall

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(rf"{_DAY.pattern} \d\d:\d\d:\d\d(\.\d+)?\+00:00")
_MONEY = ("amount", "dues", "joining_fee")
"""What is kept in minor units, beside its currency."""


def changed(entry: AuditEntry, zone: str, money: Callable[[int, str], str]) -> list[tuple[str, str, str]]:
    """What differs: (name, before, after), a value that was or is not there as nothing; instants by the clocks of
    `zone`, amounts as `money` says them in their currency. Which rows moved with somebody who is merged is kept, and
    tells a reader nothing: it is numbers alone."""
    before, after = _with_money(entry.before, money), _with_money(entry.after, money)
    names = (name for name in dict.fromkeys([*before, *after]) if not name.startswith("moved "))
    said = ((_label(name), _spoken(before.get(name), zone), _spoken(after.get(name), zone)) for name in names)
    return [(name, old, new) for name, old, new in said if old != new]


def _with_money(values: dict[str, Any], money: Callable[[int, str], str]) -> dict[str, Any]:
    amounts = [name for name in _MONEY if values.get(name) is not None]
    currency = values.get("currency")
    if not (amounts and currency):
        return values
    said = values | {name: money(values[name], currency) for name in amounts}
    return {name: value for name, value in said.items() if name != "currency"}


def _label(name: str) -> str:
    """Of somebody who was merged, what their own record had is told as that of the other."""
    words = name.removeprefix("gone_").removesuffix("_id").replace("_", " ")
    words = words.replace("rsvp", "RSVP").replace("url", "address")
    words = f"other record’s {words}" if name.startswith("gone_") else words
    return words[:1].upper() + words[1:]


def _spoken(value: Any, zone: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() if _INSTANT.fullmatch(value):
            wall = to_wall(datetime.fromisoformat(value), zone)
            return f"{_day(wall)}, {f'{wall:%-I:%M %p}'.lower()}"
        case str() if _DAY.fullmatch(value):
            return _day(date.fromisoformat(value))
        case _:
            return str(value)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"

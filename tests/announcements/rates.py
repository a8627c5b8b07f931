"""How much of what announcements say is read right, field by field."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from society.announcements.reading import read
from society.announcements.said import Reading
from society.events.models import BackingRole
from society.text import folded

HERE = Path(__file__).parent
FIELDS = (
    *("title", "speakers", "starts", "ends", "zone", "venue", "room", "address"),
    *("hosts", "sponsors", "endorsers", "link", "instructions", "price"),
)
DAY = date(2027, 2, 1)
FAR = "Asia/Tokyo"
"""Where a society sits to which every zone that is said tells something: at home it often goes without saying."""


@dataclass
class Rate:
    """Of `said` fields `right` were read as announced; `invented` were read where nothing is said."""

    said: int = 0
    right: int = 0
    invented: int = 0
    wrong: list[str] = field(default_factory=list)


def corpus(name: str) -> list[dict[str, Any]]:
    """One file's announcements, each with what it says."""
    return list(tomllib.loads((HERE / f"{name}.toml").read_text())["announcement"])


def published_ones() -> list[dict[str, Any]]:
    """Those whose rates the handbook shows."""
    files = (
        *("first", "later", "backed", "zoned", "joined", "dated", "kinds", "inside", "spoken", "doubted"),
        *("mended", "unseen", "manners", "thirty", "rounds", "prose", "bodies", "judged"),
        *("strangers", "newcomers", "neighbours", "passersby"),
    )
    return [announcement for name in files for announcement in corpus(name)]


@cache
def _read(text: str, today: date, zone: str) -> Reading:
    return read(text, today, zone)


def read_of(announcement: dict[str, Any], zone: str = "") -> Reading:
    """What is read of one, for all tests that ask; in another zone than its own if asked."""
    return _read(
        announcement["text"], announcement.get("today", DAY), zone or announcement.get("zone", "Europe/London")
    )


def rates(announcements: list[dict[str, Any]]) -> dict[str, Rate]:
    found = {name: Rate() for name in FIELDS}
    for announcement in announcements:
        reading = read_of(announcement)
        wanted = _wanted(announcement)
        far = read_of(announcement, FAR).zone
        for name, got in (*_got(reading), ("zone", far and far.value)):
            rate, said = found[name], wanted.get(name)
            rate.said += bool(said)
            rate.right += bool(said) and got == said
            rate.invented += not said and bool(got)
            if got != said and (got or said):
                rate.wrong.append(f"{announcement['text'].strip()[:40]!r}: {got!r}, not {said!r}")
    return found


def _wanted(announcement: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: announcement[name] for name in FIELDS if name in announcement} | {"zone": announcement.get("clock")}
    if announcement.get("all_day"):
        wanted["ends"] = announcement.get("last_day", announcement["starts"])
    for name in ("starts", "ends"):
        if name in wanted:
            wanted[name] = datetime.fromisoformat(wanted[name])
    for name in ("hosts", "sponsors", "endorsers"):
        if name in wanted:
            wanted[name] = sorted(map(_body, wanted[name]))
    for name in ("title", "venue", "room", "address"):
        if name in wanted:
            wanted[name] = _plain(wanted[name])
    return wanted


def _plain(name: str) -> str:
    return folded(name).removeprefix("the ").replace("’", "'")


def _body(name: str) -> str:
    bare = folded(name)
    for article in ("the ", "der ", "die ", "das ", "dem ", "des ", "du ", "la ", "le ", "les ", "el "):
        bare = bare.removeprefix(article)
    return bare


def _got(reading: Reading) -> Iterator[tuple[str, Any]]:
    for name in ("title", "venue", "room", "address"):
        said = getattr(reading, name)
        yield name, _plain(said.value) if said else None
    yield "speakers", [name for name, _ in reading.speakers.value] if reading.speakers else None
    yield "starts", reading.starts.value if reading.starts else None
    ends = reading.ends.value if reading.ends else None
    yield "ends", ends if not reading.all_day or ends != (reading.starts and reading.starts.value) else None
    for role in BackingRole:
        said = reading.backers.get(role)
        yield f"{role.value}s", sorted(map(_body, said.value)) if said else None
    yield "link", (reading.link.value or None) if reading.link else None
    yield "instructions", reading.instructions.value.split("\n") if reading.instructions else None
    price = reading.price.value if reading.price else None
    yield "price", f"{price.amount} {price.currency}" if price else None


def table(found: dict[str, Rate]) -> str:
    """The rates as Markdown, as the handbook shows them."""
    rows = [f"| {name} | {r.said} | {100 * r.right // max(r.said, 1)}% | {r.invented} |" for name, r in found.items()]
    return "\n".join(["| field | announced | read right | read where nothing is said |", "|---|---|---|---|", *rows])

"""Which part of the register is asked for: filters, order and columns, as they stand in an address."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from society.fields import on_one_line
from society.membership.models import Status
from society.people.models import RoleName
from society.times import EARLIEST, LATEST

ENDED = "ended"
NEVER = "never"
STATUSES = {
    Status.ACTIVE.value: "Active",
    Status.APPLIED.value: "Applied, not decided",
    ENDED: "Period over, not renewed",
    Status.LAPSED.value: "Lapsed",
    Status.RESIGNED.value: "Resigned",
    Status.REJECTED.value: "Not accepted",
    NEVER: "Never a member",
}
STANDINGS = {"yes": "In good standing", "no": "Not in good standing"}
SORTS = {"name": "Name", "joined": "Joined, latest first", "ends": "End of membership, soonest first"}
COLUMNS = {
    "email": "Email",
    "phone": "Phone",
    "city": "City",
    "standing": "Standing",
    "tier": "Tier",
    "joined": "Joined",
    "ends": "Until",
    "tags": "Tags",
    "roles": "Roles",
    "external_id": "Number",
}
USUAL_COLUMNS = ("email", "city", "standing", "tier", "roles")


@dataclass(frozen=True)
class Wanted:
    """What is asked of the register. What cannot be is left out, with a sentence in `problems`."""

    q: str = ""
    tier: tuple[int, ...] = ()
    status: str = ""
    on: date | None = None
    """As of which day; None is today."""
    standing: str = ""
    joined_from: date | None = None
    joined_to: date | None = None
    city: str = ""
    language: str = ""
    """With its variants: "de" is German wherever it is spoken."""
    tag: str = ""
    role: str = ""
    no_email: bool = False
    bounced: bool = False
    unreachable: bool = False
    """Neither by mail nor by post."""
    sort: str = "name"
    columns: tuple[str, ...] = USUAL_COLUMNS
    after: str = ""
    """The key of the last row of the page before."""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def args(self) -> dict[str, Any]:
        """What of it differs from the plain list, for `url_for`; the page is not part of it."""
        plain = Wanted()
        names = (name for name in self.__dataclass_fields__ if name not in ("after", "problems"))
        asked = {name: getattr(self, name) for name in names if getattr(self, name) != getattr(plain, name)}
        return {name: _in_address(value) for name, value in asked.items()}

    def without(self, name: str) -> Self:
        """The same without one filter."""
        return replace(self, **{name: getattr(Wanted(), name)}, after="")


def _in_address(value: Any) -> Any:
    if isinstance(value, bool):
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    return [str(one) for one in value] if isinstance(value, tuple) else value


def wanted(args: MultiDict[str, str]) -> Wanted:
    """What an address asks for."""
    reader = _Reader(args)
    asked = Wanted(
        q=on_one_line(args.get("q"))[:100],
        tier=reader.numbers("tier"),
        status=reader.word("status", STATUSES),
        on=reader.day("on"),
        standing=reader.word("standing", STANDINGS),
        joined_from=reader.day("joined_from"),
        joined_to=reader.day("joined_to"),
        city=on_one_line(args.get("city"))[:100],
        language=on_one_line(args.get("language")).lower()[:35],
        tag=on_one_line(args.get("tag"))[:60],
        role=reader.word("role", {role.value: role.value for role in RoleName}),
        no_email=bool(args.get("no_email")),
        bounced=bool(args.get("bounced")),
        unreachable=bool(args.get("unreachable")),
        sort=reader.word("sort", SORTS) or "name",
        columns=tuple(name for name in COLUMNS if name in args.getlist("columns")) or USUAL_COLUMNS,
        after=reader.key("after"),
    )
    return replace(asked, problems=tuple(reader.problems))


class _Reader:
    """Takes values out of an address, and notes what they cannot be."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self._args = args
        self.problems: list[str] = []

    def word(self, name: str, known: dict[str, str]) -> str:
        text = self._args.get(name, "").strip()
        if text and text not in known:
            self.problems.append(f"There is no {name} “{on_one_line(text)[:30]}”; it was left out.")
        return text if text in known else ""

    def numbers(self, name: str) -> tuple[int, ...]:
        texts = [text for text in self._args.getlist(name) if text.strip()][:50]
        good = [int(text) for text in texts if re.fullmatch("[0-9]{1,9}", text)]
        if len(good) < len(texts):
            self.problems.append(f"There is no such {name}; it was left out.")
        return tuple(dict.fromkeys(good))

    def day(self, name: str) -> date | None:
        text = self._args.get(name, "").strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.max
        if EARLIEST <= day < LATEST:
            return day
        self.problems.append(f"“{on_one_line(text)[:30]}” is no day as it is written here, such as 2024-12-31.")
        return None

    def key(self, name: str) -> str:
        day, _, number = self._args.get(name, "").rpartition(".")
        good = re.fullmatch("[0-9]{1,9}", number) and (not day or _is_day(day))
        return self._args[name] if good else ""


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", text) and date.fromisoformat(text))
    except ValueError:
        return False

"""What one line of a file of people says, or why it cannot be taken."""

from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import NamedTuple

from society.fields import clean, on_one_line
from society.membership.models import Status
from society.register.addresses import AddressColumns, town_of
from society.register.cells import is_for_life, language, mail_address, status_in, tags, zone
from society.register.dates import NoDate, Order, read_date
from society.register.headings import FIELDS
from society.register.phones import LONGEST, together
from society.tables import Row, as_meant
from society.text import folded

PARTICULARS = ("phone", "address", "city", "language", "zone", "born_on", "notes")
"""What a line says of a person besides name, email and number, in the order of `Entry.particulars`."""
_LONGEST = {
    "name": 200,
    "phone": LONGEST,
    "address": 1_000,
    "city": 100,
    "notes": 10_000,
    "external_id": 100,
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
    noted: tuple[str, ...] = ()
    """Lines for the notes, beside those that there are."""
    only_town: bool = False
    """Its postal address has no street."""
    warning: str = ""


class Dated(NamedTuple):
    """How a column of dates is read, and what it is called in the file."""

    heading: str
    order: Order | None


@dataclass(frozen=True)
class Layout:
    """What is known of the columns of a file before its lines are read."""

    width: int
    places: dict[str, int]
    """By field, where it stands first."""
    more: dict[str, tuple[int, ...]]
    """Further columns of fields that may have several."""
    dates: dict[str, Dated]
    addresses: AddressColumns

    def values(self, row: Row) -> dict[str, str]:
        values = {name: _cell(row, self.places.get(name)) for name in FIELDS}
        for name, places in self.more.items():
            cells = [values[name], *(_cell(row, place) for place in places)]
            values[name] = ", ".join(dict.fromkeys(filter(None, cells)))
        return values


def entry(row: Row, layout: Layout) -> Entry:
    values = layout.values(row)
    try:
        if any(cell.strip() for cell in row.cells[layout.width :]):
            raise ValueError(
                f"{len(row.cells)} cells, and {layout.width} in the header; is a cell with a comma left unquoted?"
            )
        return _taken(row.line, values, layout)
    except ValueError as error:
        return Entry(row.line, values["email"], "", _name(values), (), (), None, _sentence(str(error)))


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith("?") else ".")


def _cell(row: Row, place: int | None) -> str:
    """What a cell says. Exports put an apostrophe before what begins like a formula; it is taken off again."""
    if place is None or place >= len(row.cells):
        return ""
    return as_meant(row.cells[place].strip())


def _taken(line: int, values: dict[str, str], layout: Layout) -> Entry:
    """Raises ValueError, with the reason as a sentence without its end."""
    name, email = _name(values), mail_address(values["email"] or values["other_email"])
    external_id = bounded("external_id", on_one_line(values["external_id"]))
    if not name and not email and not external_id:
        raise ValueError("nobody is named here: there is no email, name or external_id")
    if "://" in name or "www." in name.lower():
        raise ValueError(f"“{name[:40]}” is a web address, not a name")
    days = {column: _date(column, values[column], dated) for column, dated in layout.dates.items()}
    phone, noted = _phones(values)
    if (other := values["other_email"]) and values["email"] and other.casefold() != email:
        noted += (f"Other email: {on_one_line(other)}",)
    address = layout.addresses.made(values)
    city = on_one_line(values["city"] or town_of(values["postcode_and_town"]))
    return Entry(
        line,
        email,
        external_id,
        bounded("name", name),
        (
            phone,
            bounded("address", address.text),
            intern(bounded("city", city)),
            intern(language(values["language"])),
            intern(zone(values["zone"])),
            days.get("born_on"),
            bounded("notes", clean(values["notes"])),
        ),
        tags(values["tags"]),
        _step(values, days),
        noted=noted,
        only_town=address.only_town,
        warning=f"Without a street or a postcode, “{address.lost[:100]}” is not kept." if address.lost else "",
    )


def _phones(values: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    others = [("Mobile", values["mobile"]), *(("Telephone", one) for one in values["other_phone"].split(", "))]
    phone = bounded("phone", on_one_line(values["phone"]))
    return together(phone, [(called, on_one_line(number)) for called, number in others])


def _name(values: dict[str, str]) -> str:
    """The whole name, unless it is a short one beside first and family name; else what its parts make."""
    name, given, family = values["name"], values["given_name"], values["family_name"]
    if name and (not (given and family) or (_is_in(given, name) and _is_in(family, name))):
        return on_one_line(name)
    if given and folded(given) != folded(family) and _is_in(given, family):
        return on_one_line(family)  # a column “Name” beside that of the first name has all of it
    parts = on_one_line(" ".join((given, values["middle_name"], family, values["second_family_name"])))
    return parts or _turned(on_one_line(values["sort_name"]))


def _is_in(part: str, name: str) -> bool:
    return f" {folded(part)} " in f" {folded(name)} "


def _turned(name: str) -> str:
    """“Berg, Ann” as Ann Berg."""
    family, comma, given = name.partition(",")
    return name if not comma or "," in given else f"{given} {family}".strip()


def bounded(column: str, text: str) -> str:
    if len(text) > _LONGEST[column]:
        raise ValueError(f"{column} has {len(text):,} characters; at most {_LONGEST[column]:,} are kept")
    return text


def _date(column: str, text: str, dated: Dated) -> date | None:
    if not text or (column == "ends_on" and is_for_life(text)):
        return None
    try:
        return read_date(text, dated.order)
    except NoDate as error:
        raise ValueError(f"{dated.heading}: {error}") from error


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
    for_life = is_for_life(values["ends_on"])
    since_joining = bool(joined_on) and ends_on is None and not for_life
    status = Status.RESIGNED if since_joining and left_on and not values["status"] else status_in(values["status"])
    return Step(intern(tier), status, starts_on, ends_on, for_life, left_on, since_joining)

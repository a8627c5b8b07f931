"""What the columns of a table of people are called, in the header of whoever made it."""

from collections.abc import Sequence

from society.register.addresses import PARTS
from society.register.headings import STATES, at_work, field_of, plain
from society.tables import Unreadable
from society.text import listed

DATES = ("starts_on", "ends_on", "left_on", "joined_on", "born_on")

ONE_ONLY = frozenset(
    {"email", "name", "given_name", "family_name", "tier", "status", "external_id"}
    | {"starts_on", "ends_on", "left_on", "joined_on"}
)
"""Who somebody is, and their membership: of two such columns the wrong one would do harm, so neither is chosen."""

_WHO = frozenset({"email", "name", "given_name", "family_name", "sort_name", "external_id"})

SEVERAL = frozenset({"other_phone", "other_email"})
"""Any number of columns: all are kept."""

WORKED_OUT = frozenset({"in good standing"})
"""Columns of exports that follow from others: passed over without a word."""

_NUMBERS = frozenset({"nr", "no", "number", "n", "n o", "numero"})
"""Right behind the street that of the house; elsewhere the society's own for somebody."""

_ANY_NUMBER = _NUMBERS | {"id", "user id", "contact id", "reference"}
"""They number lines or records: the society's own number is meant only if no other column gives it."""


def named_as(heading: str, field: str) -> str:
    """A column as the file names it, and what it is read as."""
    return field if plain(heading) == plain(field) else f"“{heading.strip()[:40]}” as {field}"


def may_be_header(cells: Sequence[str]) -> bool:
    """Whether a row below a title names columns: two at least, of which one says who somebody is."""
    fields = {field for cell in cells if (field := field_of(cell))}
    return len(fields) > 1 and not fields.isdisjoint(_WHO)


def header_of(line: int, cells: Sequence[str]) -> dict[int, str]:
    """Which field each column gives, by its place: of two for one field, the first. Raises Unreadable where the header
    is missing, or two columns would say who somebody is."""
    meant = {place: field for place, cell in enumerate(cells) if (field := field_of(cell))}
    _tell_apart(meant, cells)
    if _WHO.isdisjoint(meant.values()):
        seen = listed([f"“{cell.strip()[:30]}”" for cell in cells if cell.strip()][:4])
        raise Unreadable(
            f"Line {line}: this is no header. The first row must name the columns, such as email, name, tier, "
            f"starts_on; here it has {seen}."
        )
    fields: dict[int, str] = {}
    for place, field in meant.items():
        if field in SEVERAL or field not in fields.values():
            fields[place] = field
        elif field in ONE_ONLY:
            names = listed([f"“{cells[at].strip()[:30]}”" for at, other in meant.items() if other == field])
            raise Unreadable(f"Line {line}: {names} would both be the column “{field}”. Please keep one of them.")
    return fields


def _tell_apart(meant: dict[int, str], cells: Sequence[str]) -> None:
    """Decide what only the columns beside it tell of one."""
    for behind in [place + 1 for place, field in meant.items() if field in ("street", "address")]:
        if plain("".join(cells[behind : behind + 1])) in _NUMBERS:
            meant[behind] = "house_number"
    states = [place for place in meant if plain(cells[place]) in STATES]
    if len([field for field in meant.values() if field == "status"]) > len(states):
        meant |= dict.fromkeys(states, "county")
    numbers = [place for place, field in meant.items() if field == "external_id"]
    doubtful = [place for place in numbers if plain(cells[place]) in _ANY_NUMBER]
    for place in doubtful if len(doubtful) < len(numbers) else ():
        del meant[place]
    given = set(meant.values())
    if "given_name" in given and not {"family_name", "sort_name"} & given:
        meant |= {place: "family_name" for place in meant if plain(cells[place]) == "name"}
    for first, more in (("phone", "other_phone"), ("email", "other_email")):
        if first not in given and more in given:
            others = (place for place, field in meant.items() if field == more)
            meant[min(others, key=lambda place: at_work(cells[place]))] = first


def may_be_county(cells: Sequence[str], fields: dict[int, str]) -> int | None:
    """The place of a column “State” that is taken for the membership’s, in a table that has addresses too."""
    given = set(fields.values())
    if "county" in given or not given & {"address", "city", *PARTS}:
        return None
    return next((place for place, name in fields.items() if name == "status" and plain(cells[place]) in STATES), None)


def passed_over(cells: Sequence[str], fields: dict[int, str]) -> dict[int, str]:
    """Columns for a field that an earlier one gives, by place, each with the name of that one."""
    first = {field: cells[place].strip() for place, field in reversed(fields.items())}
    return {place: first[field] for place in _besides(cells, fields) if (field := field_of(cells[place])) in first}


def unknown_columns(cells: Sequence[str], fields: dict[int, str]) -> dict[int, str]:
    """What the header has besides, for telling that it is not read."""
    others = [place for place in _besides(cells, fields) if field_of(cells[place]) is None]
    return {
        place: cells[place].strip() or f"column {place + 1}"
        for place in others
        if plain(cells[place]) not in WORKED_OUT
    }


def _besides(cells: Sequence[str], fields: dict[int, str]) -> list[int]:
    return [place for place in range(len(cells)) if place not in fields]

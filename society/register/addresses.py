"""Postal addresses that a table has in several columns, made into one as letters carry it."""

from collections.abc import Iterable
from dataclasses import dataclass

from society.fields import clean
from society.text import folded

PARTS = ("street", "house_number", "line_2", "line_3", "postcode", "county", "country")
"""Columns of a part of the address. `city` is one besides, which is kept by itself too."""

MADE_OF = ("address", *PARTS, "city")
"""All that a postal address is made of."""

_STREET = ("street", "house_number")
_TOWN = ("postcode", "city", "county")


@dataclass(frozen=True)
class AddressColumns:
    """Which parts a table has, in the order in which they are written there, as the country does that they are from."""

    street: tuple[str, ...]
    town: tuple[str, ...]
    divided: bool
    """False: there is at most the whole address, which is taken as it is."""

    @classmethod
    def among(cls, fields: Iterable[str]) -> "AddressColumns":
        names = tuple(fields)
        street = tuple(name for name in names if name in _STREET)
        town = tuple(name for name in names if name in _TOWN)
        return cls(street, town, any(name in PARTS for name in names))

    def made(self, values: dict[str, str]) -> str:
        """The address of one line, without saying again what its whole address says. Without a street there is none:
        a town alone is nowhere that a letter could go."""
        whole = values["address"]
        if not self.divided:
            return clean(whole)
        if whole and "street" not in self.street:
            whole = f"{whole} {values['house_number']}".rstrip()
        street = " ".join(filter(None, [values[name] for name in self.street])) if values["street"] else ""
        lines = [line for line in (street, values["line_2"], values["line_3"]) if line]
        if not whole and not lines:
            return ""
        town = self._town(values)
        country = _on_one_line(values["country"])
        if whole:
            lines = _not_said(whole, lines, town, country, bool(values["postcode"]))
        else:
            lines = _each_once(lines, town)
            lines += [" ".join(town), country]
        return clean("\n".join(filter(None, [whole, *lines])))

    def _town(self, values: dict[str, str]) -> list[str]:
        """What stands on the line of the town, each once: the cell of a town may hold its postcode too."""
        parts = {name: _on_one_line(values[name]) for name in self.town}
        postcode = parts.get("postcode")
        if postcode and f" {postcode} " in f" {parts.get('city')} ":
            del parts["postcode"]
        return list(dict.fromkeys(filter(None, parts.values())))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _each_once(lines: list[str], town: list[str]) -> list[str]:
    """Without a second line that repeats the street or the town, as where a form asked for three lines."""
    if len(lines) == 1:
        return lines
    said = {folded(part) for part in (" ".join(town), *town)}
    once = {folded(line): line for line in reversed(lines)}
    return [line for line in lines if once[folded(line)] is line and folded(line) not in said]


def _not_said(whole: str, lines: list[str], town: list[str], country: str, with_postcode: bool) -> list[str]:
    """The lines to add to a whole address."""
    said = f"{_words(whole)},"
    added = [line for line in _each_once(lines, town) if _words(line) not in said]
    if town and not _names_town(said, town, with_postcode):
        added.append(" ".join(town))
    if country and not _ends_with(said, country):
        added.append(country)
    return added


def _names_town(said: str, town: list[str], with_postcode: bool) -> bool:
    """Whether all of it is said. Without a postcode the town must end a line: a London Road is in many towns."""
    every = all(_words(part) in said for part in town)
    return every and (with_postcode or any(_ends_with(said, part) for part in town))


def _ends_with(said: str, part: str) -> bool:
    """Whether the part stands at the end of a line, or before a comma."""
    return f"{_words(part)}," in said


def _words(text: str) -> str:
    """Its words without case and accents, a space on each side of them; a comma for each end of a line."""
    plain = folded(text.replace("\n", ","))
    spaced = "".join(sign if sign.isalnum() else " , " if sign in ",;" else " " for sign in plain)
    return f" {' '.join(spaced.split())} "

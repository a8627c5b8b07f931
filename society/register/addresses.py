"""Postal addresses that a table has in several columns, made into one as letters carry it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from society.fields import clean
from society.text import folded

PARTS = ("street", "house_number", "line_2", "line_3", "postcode", "postcode_and_town", "county", "country")
"""Columns of a part of the address. `city` is one besides, which is kept by itself too."""

MADE_OF = ("address", *PARTS, "city")
"""All that a postal address is made of."""

_STREET = ("street", "house_number")
_TOWN = ("postcode", "postcode_and_town", "city", "county")
_MAKES_ONE = frozenset({"address", "street", "line_2", "line_3", "postcode", "postcode_and_town", "house_number"})
"""Of what a postal address can be made: a country or a county alone is nowhere that a letter could go."""


class Made(NamedTuple):
    """The postal address of one line."""

    text: str = ""
    only_town: bool = False
    """It has no street. That is enough in a village."""
    lost: str = ""
    """What the line gives of an address, and is not kept."""


@dataclass(frozen=True)
class AddressColumns:
    """Which parts a table has, in the order in which they are written there, as the country does that they are from."""

    street: tuple[str, ...]
    town: tuple[str, ...]
    divided: bool
    """False: there is at most the whole address, which is taken as it is."""
    makes_any: bool
    """False: no line can have an address."""

    @classmethod
    def among(cls, fields: Iterable[str], *, postcode_first: bool = False) -> "AddressColumns":
        names = tuple(fields)
        street = tuple(name for name in names if name in _STREET)
        town = [name for name in names if name in _TOWN]
        if postcode_first:
            town.sort(key=_TOWN.index)
        return cls(street, tuple(town), any(name in PARTS for name in names), not _MAKES_ONE.isdisjoint(names))

    def made(self, values: Mapping[str, str]) -> Made:
        """The address of one line, without saying again what its whole address says."""
        whole = values["address"]
        if not self.divided:
            return Made(clean(whole))
        if whole and "street" not in self.street:
            whole = f"{whole} {values['house_number']}".rstrip()
        street = " ".join(filter(None, [values[name] for name in self.street])) if values["street"] else ""
        lines = [line for line in (street, values["line_2"], values["line_3"]) if line]
        town = self._town(values)
        country = _on_one_line(values["country"])
        if whole:
            with_postcode = bool(values["postcode"] or values["postcode_and_town"])
            return Made(clean("\n".join([whole, *_not_said(whole, lines, town, country, with_postcode)])))
        if lines:
            return Made(_joined([*_each_once(lines, town), " ".join(town), country]))
        return self._without_street(values, town, country)

    def _without_street(self, values: Mapping[str, str], town: list[str], country: str) -> Made:
        """A postcode is kept with its town, a house with its village; a town alone is kept as the town."""
        house = _on_one_line(values["house_number"])
        in_one = values["postcode_and_town"]
        if values["postcode"] or town_of(in_one) != in_one or (house and town):
            return Made(_joined([house, " ".join(town), country]), only_town=True)
        county = "" if values["county"] == values["city"] else _on_one_line(values["county"])
        return Made(lost=", ".join(filter(None, [house, county, country])) if self.makes_any else "")

    def _town(self, values: Mapping[str, str]) -> list[str]:
        """What stands on the line of the town, each once: the cell of a town may hold its postcode too."""
        parts = {name: _on_one_line(values[name]) for name in self.town}
        in_one = parts.get("postcode_and_town")
        for part, within in (("postcode", in_one or parts.get("city")), ("city", in_one)):
            if parts.get(part) and f" {parts[part]} " in f" {within} ":
                del parts[part]
        return list(dict.fromkeys(filter(None, parts.values())))


def town_of(line: str) -> str:
    """The town on a line that has its postcode before or behind it."""
    words = _on_one_line(line).split(" ")
    first = next((at for at, word in enumerate(words) if not _HAS_DIGIT.search(word)), len(words))
    if first and first < len(words) - 1 and _DUTCH.fullmatch(words[first]):
        first += 1
    town = words[first:]
    while town and _HAS_DIGIT.search(town[-1]):
        town.pop()
    return " ".join(town).split(",")[0].strip(" ,/-")


_HAS_DIGIT = re.compile("[0-9]")
_DUTCH = re.compile("[A-Z]{2}")
"""The letters of a postcode such as 1012 AB."""


def _joined(lines: Iterable[str]) -> str:
    return clean("\n".join(filter(None, lines)))


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

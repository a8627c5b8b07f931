"""Which IANA zone a calendar file means by its own name for one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from society.imports.components import Part
from society.times import known_zone, place_of, zone_names

NOWADAYS = (2024, 2027)
"""Years in which the offsets of a zone told by rules are compared with those of the known ones."""
MOST_YEARS = 10
"""Of a file's own, the latest, in which they are compared besides: rules of an archive may be no zone's any more."""
MOST_BY_RULES = 40
"""Zones of one file that are worked out by their rules; each takes some time."""
LONGEST_NAME = 200
"""Characters of a zone's name; no folder takes longer ones, nor need anybody see them."""
_UNKNOWN = "\ufeff"
"""Before a name, never shown: by it icalendar finds neither the machine's own zone ("localtime") nor a folder."""
_WHOLE_DAYS = re.compile(r"^([^:\r\n]{1,200});TZID=[^:;\r\n]{0,200}((?:;[^:\r\n]{0,200})?:\d{8}\r?)$", re.MULTILINE)
"""A date, which has no zone (RFC 5545, 3.2.19), with one."""
_TZID = re.compile(r';TZID=("[^"\r\n]*"|[^:;"\r\n]*)', re.IGNORECASE)
_TIME = re.compile(
    r';TZID=("[^"\r\n]{0,200}"|[^:;"\r\n]{0,200})((?:;[^:;\r\n]{0,200})?):(\d{8}T\d{6})(?=\r?$)',
    re.IGNORECASE | re.MULTILINE,
)
"""The end of a line that tells one time by the clocks of a zone."""
_YEAR = re.compile(r";TZID=[^:;\r\n]{0,200}(?:;[^:;\r\n]{0,200})?:(\d{4})\d{4}T", re.IGNORECASE)
_RECURS = re.compile(r"^(?:RRULE|RDATE)\b", re.IGNORECASE | re.MULTILINE)
_PLACE = re.compile(r"^X-LIC-LOCATION:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_OWN_NAME = re.compile(r"^TZID\b[^\r\n]*", re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"^RRULE\b[^:\r\n]*:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_USUAL = tuple(dict.fromkeys(WINDOWS_TO_OLSON.values()))
"""One place for each set of rules, the one that people would name."""
_NOBODYS = {"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"}
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@dataclass
class Zones:
    """Names as they stand in one file, and what they mean here."""

    told: dict[str, Part] = field(default_factory=dict)
    """The file's own VTIMEZONEs by name."""
    preferred: str = "UTC"
    """Of several zones with the same rules the society's own is meant."""
    events: Sequence[Part] = ()
    found: dict[str, str | None] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    """Those that are IANA's own."""
    by_rules: dict[str, str] = field(default_factory=dict)
    """Names that were understood by their rules alone, which is worth telling."""
    by_instants: set[str] = field(default_factory=set)
    """Names whose rules no known zone has, so that only the instant of what is told by their clocks can be kept."""
    clocks: dict[str, tzinfo | None] = field(default_factory=dict)
    """By name, the rules that were looked at, where they can be read."""
    its_own: str | None = None
    """The zone that the file names for itself (X-WR-TIMEZONE)."""
    instants: int = 0
    """How many times in UTC were asked for."""

    def named(self, name: str) -> str | None:
        """The IANA zone of that name; None if it cannot be told."""
        if name not in self.found:
            self.found[name] = _known(name) or self._by_rules(name)
        return self.found[name]

    def take_for_its_own(self, name: str) -> None:
        """What a file names for itself; many name UTC, by whose clocks nobody lives."""
        zone = self.named(name) if name else None
        self.its_own = None if zone is None or zone in _NOBODYS else zone

    def of_instants(self) -> str:
        """By whose clocks times in UTC are shown."""
        self.instants += 1
        return self.its_own or self.preferred

    def why_not(self, name: str) -> str:
        """Why nothing can be done with times by the clocks of a zone."""
        if name not in self.told:
            return f"No zone is known by the name “{name[:80]}”, and the file does not tell its rules."
        if self.clocks.get(name) is None:
            return f"No zone is known by the name “{name[:80]}”, and the rules that the file tells cannot be followed."
        return f"No zone that is known has the rules of “{name[:80]}”, so what recurs by its clocks cannot be kept."

    def in_words(self) -> list[str]:
        """What was understood of the file's zones rather than read."""
        known = self.by_rules.items()
        said = [f"The zone “{name[:80]}” has the rules of {zone}, and is taken for it" for name, zone in known]
        shown = place_of(self.its_own or self.preferred)
        same = f"its times are the same moments by the clocks of {shown}"
        said += [f"No zone that is known has the rules of “{name[:80]}”: {same}" for name in sorted(self.by_instants)]
        if self.its_own and self.instants and self.its_own != self.preferred:
            said.append(f"Times in UTC are shown by the clocks of {shown}, the zone that the file names for itself")
        return said

    def as_named_here(self, text: str) -> str:
        """A component with the names of zones that are understood replaced by IANA's, and left away beside dates; times
        by rules that no known zone has are told in UTC."""
        if "VALUE=DATE" in text:
            text = _WHOLE_DAYS.sub(r"\1\2", text)
        if not any(name not in self.same for name in _TZID.findall(text)):
            return text
        text = _TZID.sub(self._named_here, re.sub(r"\r\n[ \t]", "", text))
        return text if _RECURS.search(text) else _TIME.sub(self._in_utc, text)

    def _named_here(self, found: re.Match[str]) -> str:
        name = found[1].strip('"')
        zone = self.named(name)
        if zone == name:
            self.same.add(found[1])
        return f";TZID={zone}" if zone else f';TZID="{_UNKNOWN}{name[:LONGEST_NAME]}"'

    def _in_utc(self, found: re.Match[str]) -> str:
        name = found[1].strip(f'"{_UNKNOWN}')
        clocks = self.clocks.get(name) if self.found.get(name) is None else None
        if clocks is None:
            return found[0]
        try:
            at = datetime.strptime(found[3], "%Y%m%dT%H%M%S").replace(tzinfo=clocks).astimezone(UTC)
        except (ValueError, OverflowError):
            return found[0]
        self.by_instants.add(name)
        return f"{found[2]}:{at:%Y%m%dT%H%M%S}Z"

    def _by_rules(self, name: str) -> str | None:
        part = self.told.get(name)
        if part is None or len(self.clocks) >= MOST_BY_RULES:
            return None
        clocks = self.clocks[name] = _clocks(part)
        zone = self._like(clocks, part) if clocks else None
        if zone:
            self.by_rules[name] = zone
        return zone

    def _like(self, clocks: tzinfo, part: Part) -> str | None:
        """The known zone that has the same rules nowadays, best in the file's own years too; else in those alone."""
        stated: list[str] = [place for place in _PLACE.findall(part.text) if known_zone(place)]
        known, nowadays = (*stated, self.preferred, *_USUAL, *zone_names()), _offsets(clocks, NOWADAYS)
        found = [zone for zone in known if _known_offsets(zone) == nowadays] if nowadays else []
        years = self._years()
        own = _offsets(clocks, years) if years else None
        if own is None:
            return next(iter(found), None)
        for zone in found or (*stated, self.preferred, *_USUAL):
            if _offsets(ZoneInfo(zone), years) == own:
                return zone
        return next(iter(found), None)

    def _years(self) -> list[int]:
        """Those in which the file tells times by the clocks of a zone."""
        years = {int(year) for part in self.events for year in _YEAR.findall(part.text)}
        return sorted(year for year in years if 1900 <= year < 2200)[-MOST_YEARS:]


def _known(name: str) -> str | None:
    """By the name alone: IANA's, that of Windows, or IANA's after others' words ("/example.org/Europe/Berlin")."""
    plain = name.strip().strip('"')
    if known_zone(plain):
        return plain
    if zone := _WINDOWS.get(plain.casefold()):
        return zone
    if zone := _by_lower_case().get(plain.casefold()):
        return zone
    steps = plain.strip("/").split("/")
    for count in (3, 2):
        if known_zone(ending := "/".join(steps[-count:])):
            return ending
    return None


@cache
def _by_lower_case() -> dict[str, str]:
    return {zone.casefold(): zone for zone in zone_names()}


def _is_seldom(rule: vRecur) -> bool:
    """Whether clocks are changed once or a few times a year by it: others would be followed through all the years."""
    days = max(len(rule.get(part, [])) for part in ("BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"))
    finer = max(len(rule.get(part, [])) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    yearly = [str(frequency).upper() for frequency in rule.get("FREQ", [])] == ["YEARLY"]
    return yearly and int((rule.get("INTERVAL") or [1])[0]) > 0 and days <= 31 and finer <= 1


def _clocks(part: Part) -> tzinfo | None:
    """By the rules that a file tells; None if they cannot be followed."""
    text = re.sub(r"\r\n[ \t]", "", part.text)
    text = _OWN_NAME.sub("TZID:UTC", text)  # under a name that it knows, icalendar keeps no zone beyond this file
    try:
        if not all(_is_seldom(vRecur.from_ical(rule)) for rule in _RULE.findall(text)):
            return None
        component = Timezone.from_ical(text)
        assert isinstance(component, Timezone)
        told = component.to_tz(lookup_tzid=False)
        return told if isinstance(told, tzinfo) and told.utcoffset(datetime(NOWADAYS[0], 1, 1)) is not None else None
    except Exception:  # any of what can be wrong with rules written by others
        return None


def _offsets(clocks: tzinfo, years: Iterable[int]) -> list[timedelta | None] | None:
    """At noon of two days in each month."""
    moments = (datetime(year, month, day, 12) for year in years for month in range(1, 13) for day in (2, 16))
    try:
        return [clocks.utcoffset(moment) for moment in moments]
    except Exception:  # the same
        return None


@cache
def _known_offsets(zone: str) -> list[timedelta | None] | None:
    return _offsets(ZoneInfo(zone), NOWADAYS)

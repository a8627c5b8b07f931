"""Which IANA zone a calendar file means by its own name for one."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from society.imports.components import Part
from society.times import known_zone, zone_names

SAMPLES = tuple(datetime(year, month, day, 12) for year in (2024, 2027) for month in range(1, 13) for day in (2, 16))
"""Moments at which the offsets of a zone told by rules are compared with those of the known ones."""
MOST_BY_RULES = 100
"""Zones of one file that are worked out by their rules; each takes some time."""
LONGEST_NAME = 200
"""Characters of a zone's name; no folder takes longer ones, nor need anybody see them."""
_WHOLE_DAYS = re.compile(r"^([^:\r\n]{1,200});TZID=[^:;\r\n]{0,200}((?:;[^:\r\n]{0,200})?:\d{8}\r?)$", re.MULTILINE)
"""A date, which has no zone (RFC 5545, 3.2.19), with one."""
_TZID = re.compile(r';TZID=("[^"]*"|[^:;"]*)', re.IGNORECASE)
_OWN_NAME = re.compile(r"^TZID\b[^\r\n]*", re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"^RRULE\b[^:\r\n]*:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_USUAL = tuple(dict.fromkeys(WINDOWS_TO_OLSON.values()))
"""One place for each set of rules, the one that people would name."""
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@dataclass
class Zones:
    """Names as they stand in one file, and what they mean here."""

    told: dict[str, Part] = field(default_factory=dict)
    """The file's own VTIMEZONEs by name."""
    preferred: str = "UTC"
    """Of several zones with the same rules the society's own is meant."""
    found: dict[str, str | None] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    """Those that are IANA's own."""
    by_rules: dict[str, str] = field(default_factory=dict)
    """Names that were understood by their rules alone, which is worth telling."""
    worked_out: set[str] = field(default_factory=set)
    """Names whose rules were looked at."""

    def named(self, name: str) -> str | None:
        """The IANA zone of that name; None if it cannot be told."""
        if name not in self.found:
            self.found[name] = _known(name) or self._by_rules(name)
        return self.found[name]

    def as_named_here(self, text: str) -> str:
        """A component with the names of zones that are understood replaced by IANA's, and left away beside dates."""
        if "VALUE=DATE" in text:
            text = _WHOLE_DAYS.sub(r"\1\2", text)
        if not any(name not in self.same for name in _TZID.findall(text)):
            return text
        return _TZID.sub(self._named_here, re.sub(r"\r\n[ \t]", "", text))

    def _named_here(self, found: re.Match[str]) -> str:
        name = found[1].strip('"')
        zone = self.named(name)
        if zone == name:
            self.same.add(found[1])
        return f";TZID={zone}" if zone else f";TZID={found[1][:LONGEST_NAME]}"

    def _by_rules(self, name: str) -> str | None:
        part = self.told.get(name)
        if part is None or len(self.worked_out) >= MOST_BY_RULES:
            return None
        self.worked_out.add(name)
        wanted = _offsets_told(part)
        if wanted is None:
            return None
        for zone in (self.preferred, *_USUAL, *zone_names()):
            if _offsets(zone) == wanted:
                self.by_rules[name] = zone
                return zone
        return None


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


def _offsets_told(part: Part) -> tuple[float, ...] | None:
    text = re.sub(r"\r\n[ \t]", "", part.text)
    text = _OWN_NAME.sub("TZID:UTC", text)  # under a name that it knows, icalendar keeps no zone beyond this file
    try:
        if not all(_is_seldom(vRecur.from_ical(rule)) for rule in _RULE.findall(text)):
            return None
        component = Timezone.from_ical(text)
        assert isinstance(component, Timezone)
        told = component.to_tz(lookup_tzid=False)
        return tuple(offset.total_seconds() for moment in SAMPLES if (offset := told.utcoffset(moment)) is not None)
    except Exception:  # any of what can be wrong with rules written by others
        return None


@cache
def _offsets(zone: str) -> tuple[float, ...]:
    told = ZoneInfo(zone)
    return tuple(offset.total_seconds() for moment in SAMPLES if (offset := told.utcoffset(moment)) is not None)

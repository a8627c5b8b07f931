"""What stands beside the day and the hour in the sentence that names them."""

import re

from society.announcements.days import dates
from society.announcements.days.clocks import zone_of
from society.announcements.days.hours import hours_in
from society.announcements.words import ABBREVIATED, ZONES

_DOORS = re.compile(
    r"\((?:doors|einlass)[^)]{0,30}\)|^,\s(?:doors|einlass)[^,;]{0,30}|,\s(?:doors|einlass)\b[^,;]{0,30}$",
    re.IGNORECASE,
)
_MARKS = " ,.|@·–-"


def beside_when(line: str) -> tuple[str, str]:
    """What stands before a date or a time, and what follows it in the sentence; a line without them as it is."""
    spans = dates.dated_in(line) + [(h.at, h.end) for h in hours_in(line)]
    if not spans:
        return line, ""
    after = line[max(end for _, end in spans) :]
    after = _DOORS.sub("", after)
    after = re.sub(r"^[\s(]{0,2}(?:[A-Z]{3,4}\b|[A-Z][a-z]{3,8} [Tt]ime\b)\)?(?:\s\([^()]*\))?|^ ?Uhr\b", "", after)
    if after[:1] == " " and (zone_of(after.strip(" .")) or after.strip(" .").casefold() in ZONES):
        after = ""
    after = re.split(rf"(?<=[^\W_]{{2}}){ABBREVIATED}\.(?:\s|$)|(?<=\s[A-Z0-9])\.(?:\s|$)", after)[0].strip(_MARKS)
    after = after.rstrip(")") if after.count(")") > after.count("(") else after
    before = line[: min(start for start, _ in spans)].strip(_MARKS)
    return before or ("" if after else _between(line, spans)), after


def _between(line: str, spans: list[tuple[int, int]]) -> str:
    """What stands between a day and an hour that begin and end a line: "3 May, Town Hall, doors 7 pm"."""
    first, last = min(spans), max(spans)
    held = line[first[1] : last[0]].strip(_MARKS) if last[1] == len(line.rstrip(" .")) else ""
    return re.sub(r",?\s(?:doors|einlass|at|from|um|ab|à|a las)(?:\sopen)?$", "", held, flags=re.IGNORECASE)

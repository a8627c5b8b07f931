"""How long an announcement says that something takes: "about three hours", "allow 75 minutes"."""

import re
from datetime import datetime, timedelta

from society.announcements.words import NUMBERS
from society.text import folded

_COUNT = rf"(?:\d{{1,3}}(?:[.,]5)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}|an?|half an)"
_UNIT = r"(?:hours?|hrs?|h|minutes?|mins?|stunden?|std|minuten|heures?|horas?|minutos)"
_SPAN = (
    rf"(?P<count>{_COUNT})[\s-](?P<unit>{_UNIT})(?P<half> and a half| et demie| y media)?\b(?:\s(?P<more>\d{{1,2}})\b)?"
)
_ABOUT = (
    r"(?:\s?:)?\s(?:(?:about|around|approximately|some|up to|for|ca\.?|etwa|rund|circa|environ|unos|unas"
    r"|alrededor de)\s){0,2}"
)
_LASTS = re.compile(
    r"\b(?:allow|lasts?|lasting|runs? for|running time|duration|takes?(?! place)|length|dauert?|dauer|dure|durera"
    rf"|durée|dura|durará|duración|finishing after){_ABOUT}{_SPAN}",
    re.IGNORECASE,
)
_LONG = re.compile(
    rf"(?:^|[(,;.]\s?)(?:(?:about|approx\.?|approximately|ca\.?|etwa|environ|unas)\s)?{_SPAN}"
    r"\s(?:in all|altogether|long|(?:including|with) (?:questions|discussion|a break)|insgesamt|en tout|en total)\b",
    re.IGNORECASE | re.MULTILINE,
)
LONGEST = timedelta(hours=10)


def end_by_length(text: str, starts: datetime) -> tuple[datetime, str] | None:
    """When it is over by how long it lasts, and the words that say so."""
    for match in (match for pattern in (_LASTS, _LONG) for match in pattern.finditer(text)):
        lasts = _length(match)
        if timedelta(minutes=20) <= lasts <= LONGEST:
            return starts + lasts, match[0].strip(" ,;.()")
    return None


def _length(match: re.Match[str]) -> timedelta:
    said = folded(match["count"]).replace(",", ".")
    count = 0.5 if said == "half an" else 1.0 if said in ("a", "an") else float(NUMBERS.get(said, 0) or said)
    unit = folded(match["unit"])
    if unit.startswith("m"):
        return timedelta(minutes=count)
    return timedelta(hours=count + (0.5 if match["half"] else 0), minutes=int(match["more"] or 0))

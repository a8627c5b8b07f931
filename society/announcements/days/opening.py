"""At which hours something can be seen that is shown for days: they are no start and no end of it."""

import re

from society.announcements.days.dates import Day
from society.announcements.days.hours import Hours

_OPEN_DAYS = re.compile(
    r"\b(?:open|opening hours|daily|closed|every day|geöffnet|täglich|öffnungszeiten|geschlossen|tous les jours|ouvert"
    r"|fermé|abierto|cerrado|todos los días|horario)\b"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)\w{0,6}\.?\s?(?:–|-|to|bis|au?)\s?"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)\w{0,6}\b",
    re.IGNORECASE,
)
LEAST_OPEN = 3
"""Days after the first, to the last on which an exhibition is open at hours of its own."""


def is_opening(text: str, told: Hours, day: Day) -> bool:
    """Whether an hour is that of opening: "Tues–Sat 10–4.30"."""
    return (day.last - day.first).days >= LEAST_OPEN and tells_hours(text, told.at)


def tells_hours(text: str, at: int) -> bool:
    """Whether the line there says on which days something is open."""
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    return bool(_OPEN_DAYS.search(line))

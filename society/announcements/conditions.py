"""What an announcement asks of those who come: how many there is room for, and by when they answer."""

import re
from calendar import isleap
from datetime import date, datetime, time, timedelta

from society.announcements.days.dates import days_in

_LINES = re.IGNORECASE | re.MULTILINE
_PEOPLE = (
    r"(?:people|persons?|participants?|attendees|seats|spaces|spots|places(?!\s(?:of|in|that|where|which)\b)"
    r"|person(?:en|nes|as)|plätze|teilnehm\w+|plazas|asistentes)\b"
)
_SEATS = re.compile(
    r"\b(?:limited to|room for|at most|max(?:imum)?\.?(?: of)?|only|begrenzt auf|höchstens|au plus"
    rf"|como máximo)\s(\d{{1,4}})\s{_PEOPLE}|\b(?:limited to|room for|max(?:imum)?\.?(?: of)?"
    r"|begrenzt auf)\s(\d{1,4})(?=\s?(?:[.,;!)–-](?!\d)|$))|(?<!\bhad )\b(\d{1,4})\s(?:seats|places(?=\s[al])"
    r"|plätze)(?=\s?(?:[.,;!)]|$)|\s(?:are\s)?(?:available|left|in all)\b|\sfrei\b)",
    _LINES,
)
"""The words beside a number say what it counts, or it stands alone: of twelve churches there is no word about seats."""
_ANSWER_BY = re.compile(
    r"\b(?:r\.?s\.?v\.?p\.?|repl(?:y|ies)|respond|let (?:us|me) know|register|registration|book(?:ing)?s?|sign up"
    r"|tickets?|anmeld\w*|angemeldet|répond\w+|inscri\w+|confirm\w*)\b[^\n]{0,80}?"
    r"\b(?:(?P<before>before|vor dem|avant le|antes del?)|by|until|no later than|bis(?: zum)?|jusqu['’]au|hasta el)"
    r"\s(?:the\s)?(?:[^\W\d_]{3,10},?\s(?:den\s|dem\s)?)?$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LAST_MINUTE = time(23, 59)
"""Of a day by which people answer, where no hour is said."""


def seats_in(prose: str) -> tuple[int, str] | None:
    """How many there is room for, and the words that say so."""
    found = ((int(match[match.lastindex or 0]), match[0]) for match in _SEATS.finditer(prose))
    return next((seats for seats in found if seats[0]), None)


def due_in(text: str, starts: datetime, today: date, *, month_first: bool) -> tuple[datetime, str] | None:
    """Until when answers are taken, by the clocks of the event: the end of a day before it that is still to come."""
    for day in days_in(text, today, month_first=month_first):
        if asked := _ANSWER_BY.search(text[max(day.at - 140, 0) : day.at]):
            named = day.first if _YEAR.search(day.quote) else _last_before(starts.date(), day.first)
            due = datetime.combine(named - timedelta(days=1) if asked["before"] else named, LAST_MINUTE)
            if today <= due.date() and due < starts:
                return due, f"{asked[0]}{day.quote}".strip(" .")
    return None


def _last_before(limit: date, day: date) -> date:
    """Of the days of that month and day, the last up to a limit."""
    years = (year for year in range(limit.year, limit.year - 9, -1) if day.replace(day=1, year=year) <= limit)
    found = (date(year, day.month, day.day) for year in years if (day.month, day.day) != (2, 29) or isleap(year))
    return next((one for one in found if one <= limit), day)

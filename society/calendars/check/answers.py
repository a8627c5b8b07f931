"""Rules on how an address answers on the web."""

from society.calendars.apps import App
from society.calendars.check.reading import Calendar
from society.calendars.check.rules import APPLE, WINDOWS, rule


@rule(
    "The address does not say that it is a calendar (Content-Type: text/calendar).",
    "Outlook and Apple’s apps refuse it, and browsers show it as text.",
    "RFC 5545, 8.1",
    *APPLE,
    *WINDOWS,
)
def another_kind(calendar: Calendar) -> list[int]:
    return _unless(calendar, "text/calendar" in _header(calendar, "Content-Type"))


@rule(
    "The address does not say that it is in UTF-8 (charset=utf-8).",
    "Outlook may take it for another encoding, and letters with accents come out wrong.",
    "RFC 5545, 3.1.4",
    *WINDOWS,
)
def no_charset(calendar: Calendar) -> list[int]:
    return _unless(calendar, "charset=utf-8" in _header(calendar, "Content-Type"))


@rule(
    "The address has no sign of its version (ETag or Last-Modified).",
    "Each app fetches all of it each time, and busy ones come more seldom.",
    "RFC 9110, 8.8",
    App.GOOGLE,
    App.THUNDERBIRD,
    App.DAVX5,
)
def no_validators(calendar: Calendar) -> list[int]:
    return _unless(calendar, bool(_header(calendar, "ETag") or _header(calendar, "Last-Modified")))


@rule(
    "The address leads on to another one.",
    "Some apps do not follow, and none remembers the new address.",
    "RFC 9110, 15.4",
    App.OUTLOOK,
    App.OUTLOOK_WEB,
    App.KDE,
)
def leads_on(calendar: Calendar) -> list[int]:
    return _unless(calendar, calendar.answer is not None and not calendar.answer.moved)


def _header(calendar: Calendar, name: str) -> str:
    return (calendar.answer.headers.get(name, "") if calendar.answer else "").lower().replace(" ", "")


def _unless(calendar: Calendar, fine: bool) -> list[int]:
    """A file that came by no address breaks none of these."""
    return [] if fine or calendar.answer is None else [0]

"""Languages by their codes (BCP 47), and how days, times and lists are written in them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from society.text import folded
from society.text import listed as english_listed

ENGLISH = "en"
"""What the program itself is written in."""
LONGEST_CODE = 35
VARIANTS = ("de-AT", "de-CH", "en-GB", "en-US", "es-MX", "fr-CA", "nl-BE", "pt-BR", "pt-PT", "sr-Latn", "zh-Hant")
"""Offered beside their languages: they write days otherwise, or their readers would not take the other for theirs."""
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_code(text: str) -> bool:
    """Whether it has the form of one."""
    return bool(_CODE.fullmatch(text))


def tidy(code: str) -> str:
    """As codes are usually written: "pt-br" is "pt-BR", "zh-hant" is "zh-Hant" (RFC 5646, 2.1.1)."""
    first, *others = code.lower().split("-")
    return "-".join([first, *(_tidied.get(len(part), str)(part) for part in others)])


_tidied: dict[int, Callable[[str], str]] = {2: str.upper, 4: str.title}


def widened(code: str) -> list[str]:
    """The code, then without its last parts one by one, in small letters: "de-at", "de" (RFC 4647, 3.4)."""
    parts = code.lower().split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def with_families(codes: Iterable[str]) -> list[str]:
    """The codes, and in front of each variant the language that it is one of: "de" before "de-AT"."""
    return list(dict.fromkeys(one for code in codes for one in (code.partition("-")[0], code)))


def best(wanted: str, offered: Collection[str]) -> str | None:
    """Which of the offered languages somebody reads who wants that one; None if none of them."""
    known = {code.lower(): code for code in offered}
    return next((known[code] for code in widened(wanted) if code in known), None)


def is_english(code: str) -> bool:
    return code.lower().partition("-")[0] == ENGLISH


@lru_cache
def _locale(code: str) -> Locale | None:
    for one in widened(code):
        try:
            return Locale.parse(one, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


@lru_cache  # it is asked for each letter
def runs_right_to_left(code: str) -> bool:
    """Whether lines are written from the right, as in Arabic and Hebrew."""
    found = _locale(code)
    return found is not None and found.character_order == "right-to-left"


def is_known(code: str) -> bool:
    """Whether we know how dates are written in it, or at least in what it is a variant of."""
    return is_code(code) and _locale(code) is not None


def why_not_beside(main: str, code: str) -> str:
    """The sentence that says why nothing is written in that language beside the main one; empty if it can be."""
    if not is_known(code) or len(code) > LONGEST_CODE:
        return "Please give the language as a code that we know, such as de or pt-BR."
    return f"{name_of(code)} is the main language." if code.lower() == main.lower() else ""


def name_of(code: str) -> str:
    """ "German"; of one that we do not know, its code."""
    found = _locale(code)
    return (found.get_display_name(ENGLISH) if found else None) or code


@cache
def names() -> Mapping[str, str]:
    """The languages of which we know how they write dates, by code, in the order of their names."""
    codes = {code.partition("_")[0] for code in localedata.locale_identifiers()} & set(Locale(ENGLISH).languages)
    named = {code: name_of(code) for code in (*codes, *VARIANTS)}
    return dict(sorted(named.items(), key=lambda item: folded(item[1])))


def spoken_day(wall: datetime, code: str) -> str:
    """ "Dienstag, 30. März 2027"."""
    return _with_first(format_date(wall, "full", locale=_locale(code) or ENGLISH), wall, code)


def day_in(day: date, code: str) -> str:
    """ "30. März 2027"."""
    return _with_first(format_date(day, "long", locale=_locale(code) or ENGLISH), day, code)


_FIRST = {"fr": "1er"}
"""The first of a month, where its figure alone would be a mistake; the CLDR has no more than that."""


def _with_first(said: str, day: date, code: str) -> str:
    first = _FIRST.get(widened(code)[-1]) if day.day == 1 else None
    return re.sub(r"\b1\b", first, said, count=1) if first else said


def days_in(first: date, last: date, code: str) -> str:
    """ "1. Januar 2027 – 31. Dezember 2027"."""
    return f"{day_in(first, code)} – {day_in(last, code)}"


def spoken_time(wall: datetime, code: str) -> str:
    """ "20:00"."""
    return format_time(wall, "short", locale=_locale(code) or ENGLISH)


def spoken_zone(zone: str, code: str) -> str:
    """ "New York, Ortszeit", to stand in brackets, so without any of its own; UTC stands for itself."""
    if zone == "UTC":
        return zone
    locale = _locale(code) or Locale(ENGLISH)
    said = str(locale.zone_formats["region"] % get_timezone_location(zone, locale=locale, return_city=True))
    return re.sub(r" \((.*)\)$", r", \1", said)


def listed(names: Sequence[str], code: str) -> str:
    """ "A, B und C"."""
    return english_listed(names) if is_english(code) else format_list(names, locale=_locale(code) or ENGLISH)


def money_in(amount: Decimal, currency: str, code: str) -> str:
    """ "30,50 €"."""
    return format_currency(amount, currency, locale=_locale(code) or ENGLISH)


def number_in(number: int, code: str) -> str:
    """ "1.000"."""
    return str(format_decimal(number, locale=_locale(code) or ENGLISH))

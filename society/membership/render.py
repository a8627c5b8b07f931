"""Memberships in words."""

from datetime import date
from decimal import Decimal

from society.languages import ENGLISH, day_in, is_english, money_in
from society.membership.models import Membership, Period, Status, Tier
from society.phrases import phrase, phrase_of
from society.tokens import sealed

_DIGITS = {"BHD": 3, "CLP": 0, "ISK": 0, "JPY": 0, "JOD": 3, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3, "VND": 0}
"""Digits of the minor unit where they are not two (ISO 4217)."""


def minor_digits(currency: str) -> int:
    """How many digits of an amount are its minor unit: two for cents, none for yen."""
    return _DIGITS.get(currency, 2)


def money(amount: int, currency: str, language: str = ENGLISH) -> str:
    """An amount of minor units: 3050 of EUR is "EUR 30.50", 3000 is "EUR 30"; in other languages as they write it."""
    digits = minor_digits(currency)
    if not is_english(language):
        return money_in(Decimal(amount).scaleb(-digits), currency, language)
    major, minor = divmod(amount, 10**digits)
    return f"{currency} {major:,}" + (f".{minor:0{digits}d}" if minor else "")


def dues(tier: Tier, language: str = ENGLISH) -> str:
    """What a tier costs, such as "EUR 30 a year"."""
    if not tier.dues:
        return phrase("No dues", language)
    amount, months = money(tier.dues, tier.currency, language), tier.months
    match tier.period:
        case Period.LIFE:
            return phrase("{amount} once, for life", language, amount=amount)
        case Period.CALENDAR_YEAR:
            return phrase("{amount} a calendar year", language, amount=amount)
        case Period.MONTHS if months == 12:
            return phrase("{amount} a year", language, amount=amount)
        case Period.MONTHS:
            values = {"amount": amount, "months": months}
            return phrase_of(months, "{amount} for {months} month", "{amount} for {months} months", language, **values)


def ages(tier: Tier) -> str:
    """For whom a tier is, by age: "people from 14 to 30"; nothing if it is for all."""
    match tier.youngest, tier.oldest:
        case None, None:
            return ""
        case youngest, None:
            return f"people of {youngest} or more"
        case None, oldest:
            return f"people up to {oldest}"
        case youngest, oldest:
            return f"people from {youngest} to {oldest}"


PURPOSE = "application"
"""What the link to an application is sealed for."""


def application_path(application: Membership) -> str:
    """Where an applicant sees how things stand, without signing in."""
    return f"/applications/{sealed(PURPOSE, application.id, application.person.link_key)}"


def spoken(day: date, language: str = ENGLISH) -> str:
    """ "30 March 2027"."""
    return f"{day.day} {day:%B %Y}" if is_english(language) else day_in(day, language)


def until(membership: Membership, language: str = ENGLISH) -> str:
    """How long a period lasts: "for life" or "until 31 December 2027"."""
    if membership.ends_on is None:
        return phrase("for life", language)
    return phrase("until {day}", language, day=spoken(membership.ends_on, language))


def told(membership: Membership) -> str:
    """One step of a membership, as the person it is about reads it."""
    starts = spoken(membership.starts_on)
    match membership.status:
        case Status.APPLIED:
            return f"Applied on {starts}; not decided yet"
        case Status.REJECTED:
            return f"Not accepted on {starts}"
        case Status.RESIGNED | Status.LAPSED:
            return f"{membership.status.capitalize()} from {starts}" if membership.replaces_id else _was(membership)
        case Status.ACTIVE:
            return f"From {starts} {until(membership)}"


def _was(membership: Membership) -> str:
    """A period that came into the register when it was over already."""
    return f"From {spoken(membership.starts_on)} {until(membership)}; {membership.status}"

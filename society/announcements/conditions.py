"""What an announcement asks of those who come: how many there is room for, what it costs, by when they answer."""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from society.announcements.dates import days_in

_LINES = re.IGNORECASE | re.MULTILINE
_PEOPLE = (
    r"(?:people|persons?|participants?|attendees|seats|spaces|spots|places(?!\s(?:of|in|that|where|which)\b)"
    r"|person(?:en|nes|as)|plätze|teilnehm\w+|plazas|asistentes)\b"
)
_SEATS = re.compile(
    r"\b(?:limited to|room for|at most|max(?:imum)?\.?(?: of)?|only|begrenzt auf|höchstens|au plus|como máximo)"
    rf"\s(\d{{1,4}})\s{_PEOPLE}"
    r"|\b(?:limited to|room for|max(?:imum)?\.?(?: of)?|begrenzt auf)\s(\d{1,4})(?=\s?(?:[.,;!)–-](?!\d)|$))"
    r"|(?<!\bhad )\b(\d{1,4})\s(?:seats|places(?=\s[al])|plätze)"
    r"(?=\s?(?:[.,;!)]|$)|\s(?:are\s)?(?:available|left|in all)\b|\sfrei\b)",
    _LINES,
)
"""The words beside a number say what it counts, or it stands alone: of twelve churches there is no word about seats."""
_PAID = (
    r"(?:entry|entrance|admission|tickets?|(?:^|(?<=[.:;,(|] )|(?<=\bthe ))cost|price|fee|charge"
    r"|non-members|visitors|guests|eintritt|kosten|preis|gäste|nichtmitglieder|\w*beitrag|entrée|tarif|prix"
    r"|participation|entrada|precio)"
)
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "euro": "EUR", "euros": "EUR"}
_CODES = r"EUR\b|GBP\b|USD\b|CHF\b"
_NUMBER = r"\d{1,4}(?:[.,]\d\d)?(?!\d)"
_SUM = rf"(?:(?P<sign>[£€$]|{_CODES})\s?(?P<sum>{_NUMBER})|(?P<sum_>{_NUMBER})\s?(?P<sign_>€|£|euros?\b|{_CODES}))"
_PRICES = (
    re.compile(
        rf"{_SUM}\s(?:for |für |pour |para )?(?:the |les |los )?"
        r"(?:non-members|visitors|guests|(?:all )?others|everyone else|gäste|nichtmitglieder|autres|no socios|demás)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_PAID}(?:\s(?:is|are|fee|price|pay|asked for|costs?|kostet|zahlen|beträgt|for\s\w{{3,12}})){{0,2}}"
        rf"\s?[:–(-]?\s?{_SUM}",
        _LINES,
    ),
    re.compile(
        rf"{_SUM}(?:\s(?:(?:on|at) the door|an der abendkasse|sur place|en (?:la )?taquilla|each\b"
        r"|(?:a|per) (?:head|person|family|car|couple|place|seat|ticket)"
        r"|pro person|par personne|por persona|p\.?p\b|(?:for|to) (?:our )?members|inc)"
        r"|,?\s\(?(?:members|mitglieder|adhérents|membres|socios|concessions?|under)\b)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!parking )\b(?:costs|pay|kostet|coûte|cuesta)\s{_SUM}", re.IGNORECASE),
    re.compile(rf"(?:^|[.!;|,–]\s){_SUM}(?=\s?[.,;(|]|$| towards?\b)", _LINES),
)
"""How a sum is told to be the price, the surest first: what others than members pay, what stands behind a word for it,
for each or with what it includes, and what stands by itself."""
_ANY_SUM = re.compile(_SUM, re.IGNORECASE)
_MEMBERS_FREE = re.compile(
    r"\b(?:members(?: are| come| get in| go)?:? free|free (?:for|to) (?:our )?members|no charge for members"
    r"|mitglieder:? (?:frei|kostenlos|kostenfrei|haben freien)|(?:frei|kostenlos) für mitglieder"
    r"|gratuit (?:pour|aux) (?:les )?(?:membres|adhérents)|gratis para (?:los )?(?:socios|miembros))\b",
    re.IGNORECASE,
)
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


@dataclass(frozen=True)
class Price:
    """What is paid, as it is written, with its currency (ISO 4217)."""

    amount: str
    currency: str
    members_free: bool
    quote: str
    doubt: str


def seats_in(prose: str) -> tuple[int, str] | None:
    """How many there is room for, and the words that say so."""
    found = ((int(match[match.lastindex or 0]), match[0]) for match in _SEATS.finditer(prose))
    return next((seats for seats in found if seats[0]), None)


def price_in(prose: str) -> Price | None:
    """What is paid at the door: the first sum that is said to be it, or stands by itself."""
    match = next(filter(None, (pattern.search(prose) for pattern in _PRICES)), None)
    if match is None:
        return None
    sign = (match["sign"] or match["sign_"]).lower()
    free, sums = _MEMBERS_FREE.search(prose), {found[0] for found in _ANY_SUM.finditer(prose)}
    doubts = ["The text names other sums too."] if len(sums) > 1 else []
    doubts += ["More than one currency is written “$”."] if sign == "$" else []
    said = match[0].strip(" .!;|,(–")
    quote = f"{said} … {free[0]}" if free else said
    if free and match.start() < free.start() < match.end():  # "£5, members free"
        quote = prose[match.start() : free.end()].strip(" .!;|,(–")
    amount = (match["sum"] or match["sum_"]).replace(",", ".")
    return Price(amount, _SIGNS.get(sign, sign.upper()), bool(free), quote, " ".join(doubts))


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

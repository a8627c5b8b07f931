"""What an announcement says that it costs to come."""

import re
from dataclasses import dataclass
from functools import cache

from babel.core import get_global
from babel.numbers import get_territory_currencies

_LINES = re.IGNORECASE | re.MULTILINE
_PAID = (
    r"(?:entry|entrance|admission|tickets?|(?:^|(?<=[.:;,(|] )|(?<=\bthe ))cost|price|fee|charge"
    r"|non-members|visitors|guests|eintritt|kosten|preis|gäste|nichtmitglieder|\w*beitrag|entrée|tarif|prix"
    r"|participation|entrada|precio|cuota(?: de \w{4,14})?|contribution|contribución|donativo|donation|\w*gebühr"
    r"|cotisation|aportación)"
)
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "euro": "EUR", "euros": "EUR", "fr.": "CHF", "sfr.": "CHF", "p": "GBP"}
_SIGNS |= {"pounds": "GBP", "dollars": "USD", "pesos": "MXN", "us$": "USD", "franken": "CHF"}
_DOLLARS = {"USD", "CAD", "AUD", "NZD", "MXN", "ARS", "CLP", "COP", "UYU", "SGD", "HKD"}
_CODES = r"EUR\b|GBP\b|USD\b|CHF\b|CAD\b|AUD\b|NZD\b|MXN\b|US\$|S?Fr\.(?=\s?\d)"
_NUMBER = r"\d{1,4}(?:[.,]\d\d)?(?!\d)(?:[.,][–-])?"
_BEHIND = r"€|£|\$|euros?\b|pounds\b|dollars\b|pesos\b|Franken\b|(?<=\d\d)p\b(?!\.?\s?m)"
_SUM = rf"(?:(?P<sign>[£€$]|{_CODES})\s?(?P<sum>{_NUMBER})|(?P<sum_>{_NUMBER})\s?(?P<sign_>{_BEHIND}|{_CODES}))"
_PRICES = (
    re.compile(
        rf"{_SUM}\s(?:for |für |pour |para )?(?:the |les |los )?"
        r"(?:non-members|visitors|guests|(?:all )?others|everyone else|gäste|nichtmitglieder|autres"
        r"|no socios|demás)\b",
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
        r"|this once|suggested|to include|including|for the (?:\w{2,9} ){0,2}(?:days?|weekend|course"
        r"|evening|fees?|series|session|hire|hall|room)\b"
        r"|pro person|par personne|por persona|p\.?p\b|(?:for|to) (?:our )?members|inc)"
        r"|,?\s\(?(?:members|mitglieder|adhérents|membres|socios|concessions?|under)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!parking )\b(?:costs|pay|ask(?:ing)?(?: for)?|charge(?: of)?|usual|kostet|coûte|cuesta)\s{_SUM}",
        re.IGNORECASE,
    ),
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


@dataclass(frozen=True)
class Price:
    """What is paid, as it is written, with its currency (ISO 4217)."""

    amount: str
    currency: str
    members_free: bool
    quote: str
    doubt: str


@cache
def dollars_in(zone: str) -> str:
    """Which money “$” means to a society of that zone: that of its country, where it is written so."""
    country = get_global("zone_territories").get(zone)
    own = next(iter(get_territory_currencies(country)), "USD") if country else "USD"
    return own if own in _DOLLARS else "USD"


def price_in(prose: str, zone: str) -> Price | None:
    """What is paid at the door: the first sum that is said to be it, or stands by itself."""
    match = next(filter(None, (pattern.search(prose) for pattern in _PRICES)), None)
    if match is None:
        return None
    sign = (match["sign"] or match["sign_"]).casefold()
    free, sums = _MEMBERS_FREE.search(prose), {found[0] for found in _ANY_SUM.finditer(prose)}
    doubts = ["The text names other sums too."] if len(sums) > 1 else []
    doubts += ["More than one currency is written “$”."] if sign == "$" else []
    said = match[0].strip(" .!;|,(–")
    quote = f"{said} … {free[0]}" if free else said
    if free and match.start() < free.start() < match.end():  # "£5, members free"
        quote = prose[match.start() : free.end()].strip(" .!;|,(–")
    amount = (match["sum"] or match["sum_"]).rstrip("–-,.").replace(",", ".")
    amount = f"0.{amount}" if sign == "p" else amount  # 50p
    return Price(amount, _currency(sign, zone), bool(free), quote, " ".join(doubts))


def _currency(sign: str, zone: str) -> str:
    return dollars_in(zone) if sign == "$" else _SIGNS.get(sign, sign.upper())

"""What an announcement says that it costs to come."""

import re
from dataclasses import dataclass
from functools import cache

from babel.core import get_global
from babel.numbers import get_territory_currencies

_LINES = re.IGNORECASE | re.MULTILINE
_PAID = (
    r"(?:entry|entrance|admission|tickets?|(?:^|(?<=[.:;,(|] )|(?<=\bthe ))cost|price|fee|charge|non[ -]members"
    r"|visitors|guests|adults?|erwachsene|adultes|adultos|general public|(?:two|three|2|3) courses|eintritt|kosten"
    r"|preis|gäste|nichtmitglieder|\w*beitrag|entrée|paf|tarif|prix|participation|entrada|precio"
    r"|cuota(?: de \w{4,14})?|contribution|contribución|donativo|donation|\w*gebühr|cotisation|aportación)"
)
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "euro": "EUR", "euros": "EUR", "fr.": "CHF", "sfr.": "CHF", "p": "GBP"}
_SIGNS |= {"pounds": "GBP", "dollars": "USD", "pesos": "MXN", "us$": "USD", "franken": "CHF"}
_SIGNS |= {"r": "ZAR", "₹": "INR", "rs": "INR", "rs.": "INR"}
_DOLLARS = {"USD", "CAD", "AUD", "NZD", "MXN", "ARS", "CLP", "COP", "UYU", "SGD", "HKD"}
_CODES = r"EUR\b|GBP\b|USD\b|CHF\b|CAD\b|AUD\b|NZD\b|MXN\b|US\$|S?Fr\.(?=\s?\d)"
_NUMBER = r"\d{1,4}+(?:[.,]\d\d)?+(?!\d)(?:[.,][–-])?"
_BEHIND = r"€|£|\$|euros?\b|pounds\b|dollars\b|pesos\b|Franken\b|(?<=\d\d)p\b(?!\.?\s?m)"
_BEFORE = rf"[£€$₹]|{_CODES}|(?-i:\bR(?=\d\d)|\bRs\b\.?)"
_SUM = rf"(?:(?P<sign>{_BEFORE})\s?(?P<sum>{_NUMBER})|(?P<sum_>{_NUMBER})\s?(?P<sign_>{_BEHIND}|{_CODES}))"
_PRICES = (
    re.compile(
        rf"{_SUM}\s(?:for |für |pour |para )?(?:the |les? |los |el )?(?:non[ -]members|visitors|guests|(?:all )?others"
        r"|everyone else|the public|gäste|nichtmitglieder|autres|public|no socios|público|demás)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_PAID}(?:\s(?:is|are|fee|price|pay|asked for|costs?|kostet|zahlen|beträgt|of|from|at|only|just"
        rf"|plein|normal|unique|welcome"
        rf"|(?:very|most|always) welcome|(?:for|by|per|pro|par|por)\s\w{{3,12}})){{0,3}}\s?[:–(-]?\s?{_SUM}",
        _LINES,
    ),
    re.compile(
        rf"(?<![(/])(?<!/ ){_SUM}(?:\s(?:(?:on|at) the (?:door|night|gate)|waged\b|full price|an der abendkasse"
        r"|sur place|en (?:la )?taquilla|each\b|(?:a|per) (?:head|person|family|car|couple|place|seat|ticket|adult"
        r"|player|team|session|student|visitor)\b|(?:admission|entry|entrance|eintritt|non[ -]members?)\b|this once"
        r"|suggested|to include|including|for (?:the|two|three) (?:\w{2,9} ){0,2}(?:days?|courses|weekend|course"
        r"|evening|fees?|series|session|hire|hall|room)\b|pro person|par personne|por persona|p\.?p\b"
        r"|(?:for|to) (?:our )?members|inc)|,?\s\(?(?:members|mitglieder|adhérents|membres|socios|concessions?"
        r"|under)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!parking )\b(?:costs|pay|ask(?:ing)?(?: for)?|suggest(?:ed|ing)?|charge(?: of)?|usual|kostet"
        rf"|coûte|cuesta)\s{_SUM}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:^|[.!;|,–]\s)(?:only |just )?{_SUM}(?=\s?[.,;(|/!]|$| towards?\b)", _LINES),
)
"""How a sum is told to be the price, the surest first: what others than members pay, what stands behind a word for it,
for each or with what it includes, and what stands by itself."""
_NOTE = re.compile(r"(?<![\w-])(?:a )?(fiver|tenner)\b(?! (?:note|prize|off))", re.IGNORECASE)
"""A sum by what its note is called, in the money of the country."""
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
def money_of(zone: str) -> str:
    """The currency of a zone's country; empty if it is no country's."""
    country = get_global("zone_territories").get(zone)
    return next(iter(get_territory_currencies(country)), "") if country else ""


def dollars_in(zone: str) -> str:
    """Which money “$” means to a society of that zone: that of its country, where it is written so."""
    own = money_of(zone)
    return own if own in _DOLLARS else "USD"


def price_in(prose: str, zone: str) -> Price | None:
    """What is paid at the door: the first sum that is said to be it, or stands by itself."""
    told = (match for pattern in _PRICES for match in pattern.finditer(prose))
    match = next((match for match in told if match["sign"] != "R" or money_of(zone) == "ZAR"), None)
    if match is None:
        return _by_note(prose, zone)
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


def _by_note(prose: str, zone: str) -> Price | None:
    """ "Fiver in the hat"."""
    note, money = _NOTE.search(prose), money_of(zone)
    if note is None or not money:
        return None
    amount = "5" if note[1].casefold() == "fiver" else "10"
    return Price(amount, money, bool(_MEMBERS_FREE.search(prose)), note[0], "")


def _currency(sign: str, zone: str) -> str:
    return dollars_in(zone) if sign == "$" else _SIGNS.get(sign, sign.upper())

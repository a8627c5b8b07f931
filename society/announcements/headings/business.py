"""A general meeting that is convened to do its business: that is the event, whatever is told or shown after it."""

import re

_NAMED = re.compile(
    r"\b(?P<meeting>(?:(?:spring|summer|autumn|winter)\s)?(?:\d{1,3}(?:st|nd|rd|th|\.|e|ª|ᵉ)?\s)?"
    r"(?:(?:Annual|Extraordinary|Special|Ordinary)\s){0,2}General Meeting\b|(?:\d{1,3}(?:st|nd|rd|th)\s)?[AES]GM\b"
    r"|(?:ordentliche|außerordentliche)?\s?(?:Jahreshaupt|Mitglieder|Haupt|General)versammlung\b"
    r"|assemblée générale(?: (?:annuelle|ordinaire|extraordinaire))?\b"
    r"|asamblea general(?: (?:anual|ordinaria|extraordinaria))?\b)(?P<of> \d{4})?",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"\b(?:apologies|minutes of|agenda|any other business|election of|nominations|tagesordnung|entlastung|neuwahlen"
    r"|kassenbericht|ordre du jour|rapport (?:moral|financier)|orden del día|lectura del acta|memoria anual|accounts"
    r"|hereby given|treasurer['’]?s? report|officers)\b",
    re.IGNORECASE,
)


LEAST = 2
"""Kinds of business of which a meeting's call speaks."""


def convened_in(text: str) -> tuple[str, str] | None:
    """How the meeting is called, and in which words; None where no business of one is told."""
    if len({found[0].casefold() for found in _BUSINESS.finditer(text)}) < LEAST:
        return None
    match = _NAMED.search(text)
    return (match[0].strip(), match[0].strip()) if match else None

"""A general meeting that is convened to do its business: that is the event, whatever is told or shown after it."""

import re

_NAMED = re.compile(
    r"\b(?P<meeting>(?:(?:spring|summer|autumn|winter)\s)?(?:\d{1,3}(?:st|nd|rd|th|\.|e|ª|ᵉ)?\s)?(?:(?:Annual|Extraordinary|Special"
    r"|Ordinary)\s){0,2}General Meeting\b"
    r"|(?:\d{1,3}(?:st|nd|rd|th)\s)?[AES]GM\b|(?:ordentliche|außerordentliche)?\s?(?:Jahreshaupt"
    r"|Mitglieder|Haupt|General)versammlung\b"
    r"|assemblée générale(?: (?:annuelle|ordinaire|extraordinaire))?\b|asamblea general(?: (?:anual"
    r"|ordinaria|extraordinaria))?\b)"
    r"(?P<of> \d{4})?",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"\b(?:apologies|minutes of|agenda|any other business|election of|nominations|tagesordnung|entlastung|neuwahlen"
    r"|kassenbericht|ordre du jour|rapport (?:moral|financier)|orden del día|lectura del acta"
    r"|memoria anual|accounts"
    r"|hereby given|treasurer['’]?s? report|officers)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:after|following|nach|après|después de|before|followed by)(?: the| der| l['’]| la| our)?\s?$", re.IGNORECASE
)


LEAST = 2
"""Kinds of business of which a meeting's call speaks."""


def convened_in(text: str) -> tuple[str, str] | None:
    """How the meeting is called, and in which words; None where no business of one is told."""
    if len({found[0].casefold() for found in _BUSINESS.finditer(text)}) < LEAST:
        return None
    found = (
        match for match in _NAMED.finditer(text) if not _BESIDE.search(text[max(match.start() - 20, 0) : match.start()])
    )
    match = next(found, None)
    return (match[0].strip(), match[0].strip()) if match else None

"""What a sentence tells of a place besides that the event is there: where tickets are sold, what is in case of rain."""

import re

NEAR = 70
"""Characters before a place within which such words speak of it."""
_AFTER = (
    r"then|afterwards?|followed by|later|beforehand|danach|anschließend|hinterher|nachher|im anschluss|ensuite|puis"
    r"|après|luego|después"
)
_ELSEWHERE = re.compile(
    r"\b(?:tickets?|book(?:ed)? (?:with|at|through)|copies|cheques?|checks?|mail to|write to|send|posted|on sale|sign"
    r"|list|available|obtainable|pay(?:able)?|park(?:ing)?|parkplätze|parken|bus(?:es)?|coach|train|tram|tea|coffee"
    r"|supper|soup|pie|drinks?|wine|refreshments|kaffee|kuchen|billets?|entradas|karten|vorverkauf|anmeldung"
    r"|inscriptions?|inscripciones|reserva\w*|réserv\w+)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:rather than|instead of|not|no longer|statt|nicht|au lieu|en vez|usually|normally|previously|formerly)"
    r"(?:\s(?:at|in|the|our|de|du|im|in der|usual))*\s$",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"\b(?:{_AFTER}|back|return(?:s|ing)?|home|zurück|rückkehr|retour|regreso)\b[^.;]{{0,40}}$", re.IGNORECASE
)
_BEHIND = re.compile(rf"^[\s,]{{0,2}}(?:{_AFTER}|after)\b", re.IGNORECASE)
_WEATHER = re.compile(
    r"\b(?:if (?:it(?:['’]s| is)? )?(?:wet|rains?|pours?|raining|the weather)|in (?:case of )?(?:bad weather|rain)"
    r"|bei (?:regen|schlechtem wetter)|en cas de (?:\w+ )?(?:pluie|mauvais|neige)|s['’]il pleut|si llueve"
    r"|en caso de (?:lluvia|mal))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:last (?:month|week|year|time|night|autumn|summer|winter|spring)|yesterday"
    r"|we (?:had|met|went|heard|visited)|was (?:held|given|born)|grew up|lives|lived|works|worked|taught|teaches"
    r"|studied|since (?:19|20)\d\d|has been|volunteers?|serve[sd]|based (?:at|in)|trained|retired|have been"
    r"|professor (?:of|at)|lecturer|curator|letzte[ns]? (?:monat|mal|woche|jahr)|lebt|arbeitet|lehrt|geboren|dernier"
    r"|dernière|enseigne|travaille|pasad[oa]|trabaja|enseña|nació)\b",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(
    r"\b(?:lectures?|lectured|teach(?:es)?|taught|works?|worked|lives?|lived|studied|volunteers?|based|trained|professor"
    r"|curator|librarian|student|fellow|lehrt|arbeitet|lebt|forscht|enseigne|travaille|vit|enseña|trabaja|vive)"
    r"(?:\s(?:of|in|for) \w{3,20})?\s$",
    re.IGNORECASE,
)
_OF_THE_EVENT = re.compile(
    r"\b(?:meet(?:s|ing)?|gather(?:s|ing)?|assembl(?:e|es|ing)|held|takes? place|leaves?|leaving|sets? off|starts?"
    r"|departs?|venue|taken|booked|mov(?:ed|es)|come along|join us|welcome|treff\w*|findet|statt|abfahrt|laden"
    r"|lieu|tiendra|retrouv\w+|accueill\w+|rendez-vous|tendrá lugar|celebra\w*|quedamos|cita|salida)\b[^.;]{0,60}$",
    re.IGNORECASE,
)


def is_in_bad_weather(text: str, at: int) -> bool:
    """Whether the words before, in the same sentence, say what is if it rains."""
    return bool(_WEATHER.search(re.split(r"[.!?\n]\s?", text[max(at - 2 * NEAR, 0) : at])[-1]))


def is_of_the_event(said: str, at: int, lead: str) -> bool:
    """Whether words before it, or those that lead to it, say that people meet there."""
    return bool(_OF_THE_EVENT.search(f"{said[max(at - NEAR, 0) : at]}{lead}"))


def is_beside_the_point(said: str, at: int, end: int, lead: str, *, day: bool, hour: bool) -> bool:
    """Whether something else is there: refreshments, tickets, the bus, what was last month, what is if it rains; in a
    sentence that names a day and an hour they come "for coffee", and none that names a day tells of times past."""
    before = said[max(at - NEAR, 0) : at]
    otherwise = _WEATHER.search(said) or _INSTEAD.search(before) or _LATER.search(before) or _BEHIND.search(said[end:])
    served = not (day and hour) and not is_of_the_event(said, at, lead) and _ELSEWHERE.search(before)
    return bool(otherwise or served or _OF_SOMEBODY.search(before) or (not day and _PAST.search(before)))

"""Whether a text tells of a series: "every second Thursday", "jeden ersten Montag im Monat", "un jeudi sur deux".

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

import re

from society.announcements.days.opening import tells_hours

_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend"
    r"|sonntag)s?|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?|lunes|martes|mi[eé]rcoles|jueves|viernes"
    r"|s[aá]bados?|domingos?)"
)
_WHICH = (
    r"(?:other|alternate|first|second|third|fourth|last|1st|2nd|3rd|4th|ersten?|zweiten?|dritten?|vierten?|letzten?"
    r"|[1-4]\.|premiers?|deuxièmes?|troisièmes?|derniers?|[12]ers?|[2-4]es?|primer|segundo|tercer|último)"
)
_PLACED = rf"{_WHICH}(?:\s(?:and|und|et|y)\s{_WHICH})?\s{_DAY}"
_NUMBER = r"(?:two|three|four|other|second|zwei|drei|vier|deux|trois|quatre|quinze|dos|tres|\d{1,2})"
_RECURS = re.compile(
    rf"\b(?:every|each|jede[nr]|chaque|cada|tous\sles|todos\slos)\s(?:{_PLACED}|(?:{_NUMBER}\s)?{_DAY})\b"
    rf"|\b(?:every|each|alle|jede[nrs]?|chaque|cada|tou(?:te)?s\sles)\s(?:{_NUMBER}\s)?"
    r"(?:weeks?|months?|fortnight|wochen?|monate?|mois|semaines?|semanas?|mes(?:es)?)\b"
    r"|\b(?:alle\s14\stage|tous\sles\s(?:quinze|15)\sjours|cada\s(?:quince|15)\sdías)\b"
    rf"|\b(?:the|an?\sjedem|am|le|les|el)\s{_PLACED}\s"
    r"(?:(?:of|in)\s(?:every|each|the)\smonth|(?:im|des|jedes|jeden)\smonats?|(?:de\schaque|du)\smois|de\scada\smes)\b"
    rf"|\bun\s{_DAY}\s(?:sur|de\scada)\s{_NUMBER}\b"
    r"|\b(?:fortnightly|(?:14|vierzehn)-?tägig|wöchentlich)\b",
    re.IGNORECASE,
)


def recurring_in(text: str) -> str:
    """The words by which it says so, in one line; empty if it does not, or tells when something is open."""
    for match in _RECURS.finditer(text):
        if not tells_hours(text, match.start()):
            return " ".join(match[0].split())
    return ""

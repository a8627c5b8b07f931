"""Who is named for something else than to speak: keeps the door, is thanked, is to be written to, is in the chair."""

import re

from society.announcements.persons import makers

_SERVES = re.compile(
    r"\s(?:again |kindly |also |then |be |both |very kindly )?(?:held|take place|unveil|cut (?:the|a)|declare"
    r"|(?:at|on|by|behind) the (?:door|bar|desk|gate|till)|(?:mak|bak|serv|bring|suppl|provid|sell|collect|pour)(?:e"
    r"|es|ing|y|ies)?\b|tak(?:e|ing) (?:\w+ ){0,2}(?:bookings?|money|names|photo\w*|orders|answers|coats)"
    r"|do(?:ing)? the (?:teas?|catering|flowers|food|raffle|washing)|runn?(?:ing)? the (?:bar|raffle|stall|tombola)"
    r"|look(?:ing)? after|driv(?:e|ing)\b|(?:mann?|staff)(?:ing)? the|accompan|play(?:ing)? (?:the )?(?:piano|organ"
    r"|music|for us|us (?:in|out))|sing(?:ing)?\b|entertain|award|judg(?:e|ing)|present(?:ing)? (?:the |her |his "
    r"|a )?(?:prizes?|certificates?|medals?|cheques?|cups?|awards?|trophy))",
    re.IGNORECASE,
)
"""What else somebody will do than speak, behind "will" or "is"."""
_WILL = re.compile(r",?\s(?:will|shall|is going to|are going to)(?=\s)")
_AUXILIARY = re.compile(
    r"(?:will|shall|['’]ll|going to|has (?:kindly )?(?:offered|agreed|promised|volunteered) to)$", re.IGNORECASE
)
_CHAIRS = re.compile(
    r" (?:moderat(?:e|es|ing)\b|chair|(?:be |is )?in the chair|facilitat|takes? the chair|presides?\b)", re.IGNORECASE
)
_CHAIRED = re.compile(
    r"\b(?:chaired|moderated|comp[eè]red|moderiert|facilitated|modérée?s?|moderad[oa]s?) (?:par |by |von |por )?$",
    re.IGNORECASE,
)
_CHAIRED_BY = re.compile(
    r"(?:and |the \w+ is |et )?((?:chaired|moderated|moderiert|facilitated|modérée?s?|animée?s?|moderad[oa]s?)"
    r" (?:par|by|von|por)) ([^.:;\n]{3,80})\.?",
    re.IGNORECASE,
)


_TO_WRITE_TO = re.compile(
    r"\b(?:book(?:ings?|ed)? (?:early|now|a|your|places?|with|in)|bookings?|places?|tickets?|reserv\w+|réserv\w+"
    r"|contact|register|sign up|enquiries|queries|rsvp|r\.s\.v\.p\.|names?|e-?mail|phone|ring|text|anmeld\w+"
    r"|inscri\w+|cheques?|deposit|subs|lifts?)\b[^.!?\n]{0,30}$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\s?(?:,|\(|on|at|tel\.?|:|unter|au|al)?\s?(?:tel\.?:? ?)?(?:[\w.+-]{1,40}@"
    r"|(?:\+|\(?0)[\d\s()-]{7,}\d|\d{3}-\d{4}\b)",
    re.IGNORECASE,
)
"""Behind the name of whom one writes to, or rings."""
_THANKED = re.compile(
    r"\b(?:thank(?:s| you|ed)?|grateful|gratitude|apologies|congratulations|condolences|farewell|goodbye|sadly"
    r"|memory of|tribute to|dank(?:e|t|en)?|remercie\w*|merci|gracias|agradec\w+)\b[^.!?\n]{0,60}$",
    re.IGNORECASE,
)


def stands_by(match: re.Match[str]) -> bool:
    """Whether such words are about somebody who does not speak: "will be at the door", is written to or thanked, made
    the tea, or wrote the book that is read."""
    text, before, named = match.string, match.string[: match.start()][-120:], match[0].lower()
    if named.startswith("begrüßt ") and before.lower().endswith("es "):
        return True
    serves = _AUXILIARY.search(named) and _SERVES.match(text, match.end())
    led = named.startswith(("with ", "by ", "from "))
    written_to = (led and _TO_WRITE_TO.search(before)) or _ADDRESS.match(text, match.end())
    return bool(serves or written_to or _THANKED.search(before)) or makers.is_credit(text, match.start(), named)


def serves_at(text: str, end: int) -> bool:
    """Whether what goes on behind a name says that its bearer will do something else."""
    will = _WILL.match(text, end)
    return will is not None and _SERVES.match(text, will.end()) is not None


def takes_the_chair(match: re.Match[str]) -> bool:
    """Whether the last who is named presides over the others."""
    return bool(_CHAIRS.match(match.string, match.end()))


def in_the_chair(line: str) -> tuple[str, str]:
    """Of "Chaired by Ada Kay", on a line by itself, the word for it and the name."""
    said = _CHAIRED_BY.fullmatch(line)
    return (said[1], said[2]) if said else ("", "")


def is_chaired_by(prose: str, at: int) -> bool:
    """Whether what stands before tells who is in the chair."""
    return bool(_CHAIRED.search(prose[max(at - 20, 0) : at]))

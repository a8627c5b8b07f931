"""The words of a title, told apart from who tells of it, what kind of event it is, when it is, and what quotes it."""

import re

from society.announcements import names, people
from society.announcements.dates import dated_in
from society.announcements.hours import hours_in
from society.announcements.shouted import lowered
from society.announcements.words import ABBREVIATED

QUOTED = re.compile(r"[“\"„«]\s?([^“”\"„«»\n]{2,200}?)[,.]?\s?[”\"“»]")
SINGLE = re.compile(
    r"(?<![\w'’])['‘‚‹](?=[A-ZÀ-Þ¿¡])(?!Tis\b|Twas\b|Til\b|Cause\b)((?:[^'‘’‹›\n]|['’](?=\w)){3,200}?)[,.]?['’‘›](?!\w)"
)
"""No apostrophe: it opens before a capital letter after a space, and closes before one."""
_KIND_OF = re.compile(
    r"^(?:every|each|weekly|monthly|jeden?)\b.{0,30}$|^(?:an? |the |our )?(?:[\w'’-]{1,20}\s){0,3}"
    r"(?:lecture|talk|seminar|webinar|workshop|concert|walk|debate|launch|vortrag|lesung|conférence|conferencia)s?"
    r"(?: (?:via|on|by) (?:zoom|teams|webex|video)|,? online)?$",
    re.IGNORECASE,
)
_NEXT = re.compile(r"(?:our |the )?next (?:talk|lecture|meeting|event|walk|speaker)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:die|der|das|le|la|les|el|los|las)\s(?=[A-ZÀ-Þ])")
"""Of a title that a sentence goes on with; one that begins with its article has a capital there."""
_GREETING = re.compile(
    r"^(?:(?:dear|hello|hi|liebe[rs]?|sehr geehrte[rs]?|ch[eè]re?s?|estimad[oa]s?|ladies and|save the date)\b"
    r"|(?:you are|yours)\b|herzliche einladung$|join us$|\W{0,3}(?:please )?note\b.{0,40}$|(?:new|change of) venue\b"
    r"|(?:for immediate release|(?:press|news) release|pressemitteilung|communiqué|newsletter|rundbrief|bulletin)\b"
    r"|(?:(?:more|further) )?(?:details|information) (?:to follow|below)"
    r"|lettre d['’]information|boletín|terminankündigung|minutes of|protokoll)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(ABBREVIATED + r"(?<!\b[A-Z])\.\s|;\s")
LONGEST_BY = 7
"""Characters of a word alone before a name, with its comma and spaces: ", avec "."""


def by_nobody(title: str) -> str:
    """Without who tells of it, if they are known by "Prof." or by the words before: "Poems by Emily Example" is one."""
    bare, name = people.parted_from_teller(title)
    told = names.is_titled(name) or len(title) - len(bare) - len(name) > LONGEST_BY
    return tidied(bare if name and told else title)


def alone(labelled: str) -> str:
    """What is labelled as the title, without the day and the hour that some write on the same line; a day alone may be
    part of it: "Berlin, 9 November 1989"."""
    title = before_when(labelled)
    timed = bool(dated_in(labelled)) and any(hours_in(labelled))
    return title if title and timed and re.match(r"\s?[,(–-]", labelled[len(title) :]) else labelled


def beside_title(line: str) -> str:
    """Who stands before the quotation marks or the colon of a line that names the title."""
    quoted = quoted_in(line)
    return line[: quoted.start()].strip(" ,:–-") if quoted else told_by(line)[0]


def told_by(line: str) -> tuple[str, str]:
    """Of "Ada Example (Leiden): The Sea" and "Prof. Example: The Sea" who tells of it, and the title; else nothing."""
    before, _, title = line.partition(": ")
    people_told = people.people_in(before) if title else []
    sure = before.endswith(")") or any(names.is_titled(name) for name, _ in people_told)
    return (before, title) if people_told and sure else ("", "")


def quoted_in(line: str) -> re.Match[str] | None:
    """The title that a line quotes, unless a word or two of it are quoted alone: "On “Being” and Nothing"."""
    quoted = QUOTED.search(line) or SINGLE.search(line)
    return None if quoted is None or is_within(line, quoted) else quoted


def is_within(line: str, quoted: re.Match[str]) -> bool:
    before, after = line[: quoted.start()].strip(), line[quoted.end() :].strip()
    headline = len(line.split()) <= 12 and not dated_in(line) and not any(hours_in(line)) and line[-1:] not in ".!"
    leads = not before or before[-1] in ":,–-" or is_kind(before) or people.speaking(line)[0]
    goes_on = re.match(r"(?:and|or|of|in|und|oder|et|ou|y) " if leads else r"[^\W\d_]|[:–-]", after)
    return headline and len(quoted[1].split()) <= 2 and bool(goes_on)


def is_kind(line: str) -> bool:
    """Whether it says only what kind of event it is: "Illustrated talk"."""
    return bool(_KIND_OF.match(line))


def is_greeting(line: str) -> bool:
    """Whether it opens a letter rather than says something."""
    return bool(_GREETING.match(line))


def behind_its_kind(line: str) -> str:
    """What stands behind who speaks or what kind of event it is; of "Next talk - Tuesday 6 April - Bees" the one part
    that is neither that nor a date."""
    parts = re.split(r"\s[|–-]\s", line)
    left = [part for part in parts if not (dated_in(part) or any(hours_in(part)) or is_kind(part) or _NEXT.match(part))]
    if len(parts) > 2 and len(left) == 1 and dated_in(line):
        return left[0]
    spans = dated_in(line) + [(h.at, h.end) for h in hours_in(line)]
    if spans and not min(spans)[0] and (told := told_by(line[max(spans)[1] :].lstrip(" ,:–-"))[1]):
        return told
    named = re.match(r"^([^:]{3,60}?)(?::| -| –| on)\s(.{3,})$", line)
    return before_when(named[2]) if named and (people.people_in(named[1]) or is_kind(named[1])) else ""


def before_when(line: str) -> str:
    """A headline up to the date, the time or the sentence's end."""
    spans = [at for at, _ in dated_in(line)]
    spans += [h.at for h in hours_in(line)]
    line = line[: min(spans)] if spans else line
    line = _SENTENCE_END.split(line)[0]
    return re.sub(
        r"(?:[\s,]|\s[–-]"
        r"|\s(?:is|on|on the|am|at|um|ab|le|el|du|del|vom|in the|in|every \w+days?|[A-Z][a-z]+days?)(?=\s|$))+$",
        "",
        line,
    ).strip(" .")


def tidied(title: str) -> str:
    """Without stray marks; shouted words lowered, and the first letter raised."""
    title = _ARTICLE.sub("", title)
    marks = re.compile('["“”„«»]')
    ends = " *_–-" if title.endswith("?") else " .,;:*_–-"
    bare = title.strip(ends + '"“”„«»')
    quoting = len(marks.findall(bare)) % 2 or len(marks.findall(title)) > 2
    title = title.strip(ends) if quoting else bare
    title = lowered(title)
    return (title[:1].upper() + title[1:])[:200]

"""What is around the lines of a letter: its head, marks of forwarding, how it greets, closes and is signed."""

import re
from dataclasses import dataclass

from society.announcements.lines import frames
from society.announcements.persons.given import is_given
from society.announcements.persons.names import bare_name
from society.announcements.sentences import sentences
from society.text import folded

LONGEST_SIGNATURE = 10
"""Lines, and the dashes above them."""
_TOGETHER = re.compile(r"[>\s]*in (?:association|partnership|collaboration|co-?operation) with\s", re.IGNORECASE)
_HEADERS = {
    *("from", "to", "cc", "date", "sent", "subject", "reply-to"),
    *("von", "an", "gesendet", "betreff", "de", "objet", "asunto"),
}
_SUBJECTS = {"subject", "betreff", "objet", "asunto"}
_BEFORE_SUBJECT = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|tr)\s?:|\[[^\]]{1,40}\]"
    r"|(?:invitation|einladung|save the date|reminder)(?:\sto)?\s?[:!–-])\s*",
    re.IGNORECASE,
)
_GREETS = re.compile(r"(?:dear|hello|hi|hey|hallo|liebe|bonjour|ch[eè]re?s?|hola|estimad[oa]s?)\b", re.IGNORECASE)
_GREETED = re.compile(
    r"((?:dear|hello|hi|hey|hallo|liebe[rs]?|bonjour|bonsoir|hola|ch[eè]re?s?|estimad[oa]s?)(?:\s[\w'’-]{1,20}){0,5}[,:!])"
    r"\s(?=\S+\s\S+)(.+)",
    re.IGNORECASE,
)
MOST_BENEATH, MOST_OF_SIGNATURE = 3, 6
"""Lines beneath the words that close a letter, and words of each."""
LEAST_OF_SENTENCE = 4
"""Words that are no name, no office and no phone number."""


@dataclass
class Letter:
    """The subject, the lines it is about, and the lines of its head."""

    subject: str
    lines: list[str]
    head: list[str]


def unsigned(lines: list[str]) -> tuple[list[str], list[str]]:
    """Without the signature that mail programs set apart by two dashes (RFC 3676, 4.3), but for an address in it, and
    what it says of those who do this together, with whoever is named above that; and the rest of the signature."""
    end = next(
        (n for n, line in enumerate(lines) if line.rstrip("> ") == "--" and n and len(lines) - n <= LONGEST_SIGNATURE),
        len(lines),
    )
    said = [n for n, line in enumerate(lines) if n > end and ("://" in line or _TOGETHER.match(line))]
    signature = [line for n, line in enumerate(lines) if n > end and n not in said]
    return lines[:end] + [f"{_above(lines, n, end)}{lines[n]}" for n in said], signature


def _above(lines: list[str], number: int, end: int) -> str:
    """Who stands before "in association with", as their host."""
    above = lines[number - 1].strip("> ") if _TOGETHER.match(lines[number]) and number - 1 > end else ""
    return f"Hosted by {above}, " if above else ""


def opened(lines: list[str]) -> Letter:
    """A mail's subject, the last if it was forwarded, and its lines without heads; a text that is no mail as it is, and
    so are "Subject" and "Date" alone, where they stand among other labels."""
    letter, head = Letter("", [], []), list[str]()
    for line in [*lines, ""]:
        if folded(line.partition(":")[0]) in _HEADERS:
            head.append(line)
            continue
        named = {folded(name): value.strip() for name, _, value in (one.partition(":") for one in head)}
        among = bool(letter.lines and letter.lines[-1]) and named.keys() <= {"subject", "date"}
        found = "" if among else next((value for name, value in named.items() if name in _SUBJECTS), "")
        letter.subject = found or letter.subject
        (letter.head if found else letter.lines).extend(head)
        added = frames.is_mark_of_forwarding(line) or frames.is_added(line)
        letter.head += [line] if added else []
        letter.lines += [] if added else _greeted(line)
        head = []
    while (shorter := _BEFORE_SUBJECT.sub("", letter.subject)) != letter.subject:
        letter.subject = shorter
    letter.lines.pop()
    return letter


def _greeted(line: str) -> list[str]:
    """A greeting on a line by itself: "Hi all, a reminder that …"."""
    match = _GREETED.fullmatch(line)
    return [match[1], f"{match[2][:1].upper()}{match[2][1:]}"] if match else [line]


def closed(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The lines up to "With kind regards" or a first name at the end; how it is closed and signed; and the sentences
    behind, such as a postscript, which belong to the text."""
    lines = _named_last(lines)
    end = next((n for n, line in enumerate(lines) if n and line and _ends_at(lines, n)), len(lines))
    behind = [line for line in lines[end:] if line]
    after = [line for line in behind[1:] if line[-1] in ".!?" and len(line.split()) >= LEAST_OF_SENTENCE]
    return lines[:end], [line for line in behind if line not in after], after


def _ends_at(lines: list[str], number: int) -> bool:
    """Whether a letter closes with this line: by its words, or as one set apart above a name or two, "Clear skies,"; or
    with whoever signs, by a first name alone or by a name in a paragraph of its own at the end of what greets."""
    line, beneath = lines[number], [one for one in lines[number + 1 :] if one]
    if frames.closes(line):
        return True
    if len(beneath) > MOST_BENEATH or not all(map(_is_of_signature, beneath)):
        return False
    if line.endswith(",") and len(line.split()) < LEAST_OF_SENTENCE:
        return bool(beneath) and not lines[number - 1]
    if " " not in line:
        return not beneath and _is_first_name(line)
    return not lines[number - 1] and bare_name(line) and any(map(_GREETS.match, lines[:number]))


def _is_first_name(line: str) -> bool:
    return " " not in line and is_given(line.rstrip("."))


def _is_of_signature(line: str) -> bool:
    return line[:1].isupper() and len(line.split()) <= MOST_OF_SIGNATURE and not re.search(r"\d|[!?:]", line)


def _named_last(lines: list[str]) -> list[str]:
    """With who signs behind the last sentence on a line by itself: "No need to book. Jean", "Ask me. Thanks, Tim"."""
    last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n]), 0)
    said = sentences(lines[last]) if lines else []
    signed = len(said) > 1 and (frames.closes(said[-1]) or _is_first_name(said[-1]))
    return lines if not signed else [*lines[:last], lines[last].removesuffix(said[-1]).rstrip(), said[-1]]

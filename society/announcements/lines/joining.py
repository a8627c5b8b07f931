"""How an event is joined from elsewhere. What a text says of it is for those who come, and never for every reader:
the address, what lets one in there, and the phone numbers that a meeting service writes below its invitations.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from society.announcements.days.dates import dated_in
from society.announcements.days.hours import hours_in
from society.announcements.lines.label_words import LABELS
from society.announcements.lines.services import (
    ADDRESS,
    BEFORE,
    BRACKETS,
    CLAUSE,
    DANGLING,
    DIALLED,
    JOINS,
    LED_ON,
    LEFT_OVER,
    MARKED,
    NO_JOINING,
    NUMBER,
    NUMBERS,
    ONE_TAP,
    ONLINE_IN,
    PRIVATE,
    SAID,
    SECRET,
    SECRET_BELOW,
    SENTENCE,
    SERVICE_LINE,
)
from society.announcements.online import is_online, says_more, without_online
from society.announcements.words import ONLINE
from society.text import folded

_PLACED = LABELS["where"] | LABELS["link"] | LABELS["room"]
SHORT = 6
"""Words that a sentence must keep to be worth reading when what it was written for is taken out."""


@dataclass
class Joining:
    """What a text says to those who join from elsewhere, and the words around it."""

    links: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What lets one in, and the numbers to dial, each as the text says it."""
    online: str = ""
    """The words that say that it can be joined so, without an address."""
    around: list[str] = field(default_factory=list)
    """What stood around these and makes no sense without them, freed of them."""


def parted(lines: list[str]) -> tuple[list[str], Joining]:
    """The lines as everyone may read them, and what only those who come are told."""
    joining, kept, within = Joining(), list[str](), False
    for line in _with_addresses(lines):
        before, begun = len(joining.told), len(joining.links)
        rest = _for_everyone(line, joining)
        if rest and ((within and DIALLED.match(rest)) or _is_aside(line, rest, first=not any(kept))):
            joining.online = joining.online or rest
            joining.told[before:] = [line] if NUMBER.search(rest) else joining.told[before:]
            rest = ""
        joining.told[before:] = sorted(joining.told[before:], key=line.find)
        if not rest and len(joining.told) > before + 1 and re.search(r"\s[/|]\s", line):
            joining.told[before:] = [line]
        if rest != line:
            joining.around += _around(line, rest, " ".join([*joining.told[before:], *joining.links[begun:]]))
        within = rest != line if line else within
        joining.online = joining.online or (rest if _is_elsewhere_too(rest) else "")
        joining.online = joining.online or (line if not rest and SAID.search(line) else "")
        kept += [rest] if rest or not line else []
    if said := SAID.search("\n".join(kept)):
        joining.online = joining.online or said[0].strip(" ,–-")
    return kept, joining


def _around(line: str, rest: str, private: str) -> list[str]:
    """The sentences that went with what is private, without that, as far as they say more than how to join."""
    label, _, value = line.partition(": ")
    line = value if folded(label) in _PLACED else line
    gone = (said for said in SENTENCE.split(MARKED.sub(r"\1", line)) if said not in rest)
    bare = (" ".join(word for word in said.split() if not _is_in(word, private)) for said in gone)
    return [said for said in map(_tidied, bare) if says_more(said)]


def _is_in(word: str, private: str) -> bool:
    return any(part in private for part in re.findall(r"\w{2,}", word))


def _is_aside(line: str, rest: str, *, first: bool) -> bool:
    """Whether nothing is left but an invitation to join; the first line may be all that names the event."""
    label, _, value = rest.partition(":")
    told = value if folded(label) in _PLACED else rest
    service = SERVICE_LINE.fullmatch(line) or SERVICE_LINE.fullmatch(rest) or ONE_TAP.search(line)
    emptied = line != rest and not says_more(rest)
    return bool(service) or emptied or (is_online(told) and (told != rest or not first))


def _is_elsewhere_too(line: str) -> bool:
    label, _, value = line.partition(":")
    return folded(label) in _PLACED and without_online(value) != value


def _with_addresses(lines: list[str]) -> Iterator[str]:
    """An address, or what lets one in, on a line by itself after the words that lead to it; and a broken address."""
    held = ""
    for n, line in enumerate(lines):
        alone = held and ADDRESS.fullmatch(line.strip("<>")) and (held.endswith(":") or BEFORE.search(held))
        broken = re.search(r"//\S{3,}[=&?/%-]$", held) and re.fullmatch(r"[\w%=&.-]{4,400}", line)
        below = line and SECRET_BELOW.fullmatch(held) and not SERVICE_LINE.fullmatch(held)
        if alone or broken or below:
            held = f"{held.rstrip(' :')}: {line}" if below else held + ("" if broken else " ") + line
            continue
        if n:
            yield held
        held = line
    yield held


def _for_everyone(line: str, joining: Joining) -> str:
    """A line without what is for those who come alone, so that it still reads; empty if there is nothing else in it."""
    if not ADDRESS.search(line) and not SECRET.search(line):
        return line
    label, colon, value = line.partition(":")
    if colon and folded(label) in _PLACED and not value.startswith("//") and not SECRET.match(line):
        value = _cut(value.strip(), label, joining)
        rest = f"{label}: {value}" if value else ""
    else:
        rest = _cut(line, "", joining)
    joining.quotes += [line] * (len(joining.links) - len(joining.quotes))
    return rest


def _cut(text: str, context: str, joining: Joining) -> str:
    """The text without it, sentence by sentence; `context` is what stands before it."""
    text = MARKED.sub(lambda held: _marked(held, joining), text)
    text = BRACKETS.sub(lambda held: _bracket(held, joining), text)
    kept: list[str] = []
    for said in SENTENCE.split(text):
        rest = _sentence(said, context, joining)
        if not rest and kept and _leads_to_joining(kept[-1]):
            kept.pop()
        kept += [rest] if rest else []
    return " ".join(kept)


def _leads_to_joining(said: str) -> bool:
    """Whether it only asks who would join: "Can't come? Join us on Zoom"."""
    return said.endswith("?") and len(said.split()) < SHORT


def _marked(held: re.Match[str], joining: Joining) -> str:
    """The words of a link in Markdown, without the link."""
    if not _lets_in(f"{held.string[: held.start()]}{held[1]}", held[2]):
        return held[0]
    joining.links.append(held[2])
    return held[1]


def _bracket(held: re.Match[str], joining: Joining) -> str:
    rest = _sentence(held[1], held.string[: held.start()], joining)
    if rest == held[1]:
        return held[0]
    return f" ({rest})" if says_more(rest) else ""


def _sentence(said: str, context: str, joining: Joining) -> str:
    found = [match for match in ADDRESS.finditer(said) if _lets_in(f"{context} {said[: match.start()]}", match[0])]
    rest = said
    for match in reversed(found):
        rest = _without(rest[: match.start()], rest[match.start() + len(_bare(match[0])) :])
    addresses = [_bare(match[0]) for match in found if not NUMBERS.search(match[0])]
    joining.links += [address if "://" in address else f"https://{address}" for address in addresses]
    joining.told += [match["said"] for match in SECRET.finditer(ADDRESS.sub("", said))]
    joining.told += [_bare(match[0]) for match in found if NUMBERS.search(match[0])]
    rest = SECRET.sub("", rest)
    if rest == said:
        return said
    rest = _tidied(rest)
    torn = (rest[-1:] in ".!?" and len(rest.split()) < SHORT) or (rest[:1].islower() and said[:1].isupper())
    return rest if says_more(rest) and (not torn or _is_dated(rest)) else ""


def _bare(address: str) -> str:
    return address.rstrip(".,;:!?")


def _lets_in(before: str, address: str) -> bool:
    """Whether one joins at this address, unlike one to book at or to read more."""
    near = before[-60:]
    if PRIVATE.search(unquote(address)):
        return True
    if NO_JOINING.search(near) or (NO_JOINING.search(address) and not JOINS.search(near)):
        return False
    return bool(JOINS.search(near) or JOINS.search(address))


def _without(before: str, after: str) -> str:
    """A sentence's halves around an address, made one: "Watch at … from six" says "Watch online from six"."""
    before, after = before.rstrip(" <|→–-"), after.removeprefix(">")
    if not re.search(r"\w", before):
        after = LED_ON.sub("", after)
        return "" if after.lstrip()[:1].islower() else after
    if before.endswith(":"):
        clause = CLAUSE.search(before)
        return before[: clause.start() if clause and JOINS.search(clause[0]) else -1] + after
    if _ends_online(before):
        return before + after
    if led := BEFORE.search(before):
        before = before[: led.start()]
        if not DANGLING.search(before):
            return before + ("" if _ends_online(before) else f" {ONLINE_IN[led.lastindex]}") + after
    elif not re.search(r"\w", after) and not DANGLING.search(before):
        return before + after
    return f"{before} online{after}" if _is_dated(before + after) else ""


def _ends_online(before: str) -> bool:
    return folded(before.rpartition(" ")[2].strip(",;.")) in ONLINE


def _is_dated(text: str) -> bool:
    return bool(dated_in(text)) or any(hours_in(text))


def _tidied(text: str) -> str:
    """Without the spaces, commas and little words that led to what was cut."""
    text = re.sub(r"\s+([,.;)])", r"\1", re.sub(r"\.\s\.", ".", " ".join(text.split())))
    text = re.sub(r"^[\s,;.:|–-]+|[,;:]+(?=[,.;:!?])", "", text)
    return LEFT_OVER.sub("", text).strip(" ,;:|–-")

"""A record of SPF (RFC 7208), taken apart: how often checking it asks the DNS, what makes it void, how it ends,
and what it would be if that were mended."""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import NamedTuple

MOST_LOOKUPS = 10
"""More than so many terms that ask the DNS are an error to whoever checks (4.6.4)."""

Find = Callable[[str, str], list[str]]
"""The values of a name and type, none where there is no such name; raises `Unanswered`."""

_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)")
_MECHANISM = re.compile(r"([+?~-]?)([a-z0-9]+)(?::([^/]*))?((?:/.*)?)")
_NEEDS_VALUE = ("include", "exists", "ip4", "ip6")
_ASKING = ("include", "a", "mx", "ptr", "exists", "redirect")
_ELSEWHERE = ("include", "redirect")


class Term(NamedTuple):
    """One of its words; without a name if it is none that SPF has."""

    text: str
    sign: str = ""
    name: str = ""
    value: str = ""


def records(domain: str, find: Find) -> list[str]:
    """Those of a domain (4.5)."""
    return [text for text in find(domain, "TXT") if re.match(r"v=spf1( |$)", text, re.IGNORECASE)]


def terms(record: str) -> list[Term]:
    """What it says, as far as anybody looks: nothing counts behind "all", nor does "redirect" beside it (5.1)."""
    found = [_term(text) for text in record.lower().split()[1:]]
    end = next((place for place, term in enumerate(found, 1) if term.name == "all"), None)
    return found if end is None else found[:end]


def _term(text: str) -> Term:
    if modifier := _MODIFIER.fullmatch(text):  # one that nobody knows is passed over (6)
        return Term(text, "", *modifier.groups())
    mechanism = _MECHANISM.fullmatch(text)
    if mechanism is None:
        return Term(text)
    sign, name, value, mask = mechanism.groups()
    known = name in ("all", "a", "mx", "ptr") or (name in _NEEDS_VALUE and value)
    fits = name not in ("ip4", "ip6") or _is_network(f"{text.partition(':')[2]}")
    return Term(text, sign or "+", name, value or "") if known and fits and (not mask or name != "all") else Term(text)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _inner(term: Term, find: Find) -> list[str] | None:
    """The records of the domain that it sends one to; None where it sends one to none that can be told here."""
    return records(term.value, find) if term.name in _ELSEWHERE and term.value and "%" not in term.value else None


def lookups(record: str, find: Find, deep: int = 0) -> int:
    """How often checking it asks the DNS, with what it includes; counted no further than it takes to be too many."""
    number = 0
    for term in terms(record):
        number += term.name in _ASKING
        if deep < MOST_LOOKUPS:
            number += sum(lookups(inner, find, deep + 1) for inner in (_inner(term, find) or ())[:1])
        if number > MOST_LOOKUPS:
            break
    return number


def flaws(record: str, find: Find, deep: int = 0) -> Iterator[str]:
    """A sentence for each thing that makes it void (4.6, 5.2), in it or in what it includes."""
    for term in terms(record):
        inner = _inner(term, find) if deep < MOST_LOOKUPS else None
        if not term.name:
            yield f"“{term.text}” is nothing that SPF knows, which makes all of it void."
        elif inner is not None and len(inner) != 1:
            yield f"It sends one on to {term.value}, which has {len(inner) or 'no'} such records; that makes it void."
        elif inner:
            yield from flaws(inner[0], find, deep + 1)


def including(record: str, term: str, find: Find, deep: int = 0) -> bool:
    """Whether it names those whom that term stands for, itself or in what it includes."""
    told = terms(record)
    inner = [found[0] for each in told if deep < MOST_LOOKUPS and (found := _inner(each, find))]
    return any(each.text.lstrip("+") == term for each in told) or any(
        including(each, term, find, deep + 1) for each in inner
    )


def names_anybody(record: str, find: Find, deep: int = 0) -> bool:
    """Whether there is anyone who may send; what it leads on to counts for what stands there. What it leaves open
    (“?all”) is no no."""
    for term in terms(record):
        if term.name not in _ELSEWHERE:
            if term.name and term.sign in ("+", "?"):
                return True
        elif term.sign in ("", "+") and _leads_to_anybody(term, find, deep):
            return True
    return False


def _leads_to_anybody(term: Term, find: Find, deep: int) -> bool:
    inner = _inner(term, find)
    return inner is None or deep >= MOST_LOOKUPS or any(names_anybody(one, find, deep + 1) for one in inner)


def ending(record: str, find: Find, deep: int = 0) -> str:
    """What it says of all other servers: the sign before "all", of the record that it redirects to if that ends it."""
    told = terms(record)
    if told and told[-1].name == "all":
        return told[-1].sign
    inner = next((_inner(term, find) for term in told if term.name == "redirect"), None)
    return ending(inner[0], find, deep + 1) if inner and deep < MOST_LOOKUPS else ""


def closed(record: str) -> str:
    """The record with “~all” at its end, where it has none or one that lets others pass: softly, since whoever sends
    for the domain and is not named has not shown until then."""
    words = record.split()
    told = [_term(word.lower()) for word in words]
    end = next((place for place, term in enumerate(told) if term.name == "all"), None)
    if end is not None:
        words[end] = words[end] if told[end].sign in ("-", "~") else "~all"
    elif not any(term.name == "redirect" for term in told):
        words.append("~all")
    return " ".join(words)


def merged(found: list[str], find: Find) -> str:
    """One that lets pass whom any of them does, each named once; it refuses others only if all of them do."""
    words = {_sense(word): word for record in found for word in _before_end(record)}
    strict = all(ending(record, find) == "-" for record in found)
    return " ".join(["v=spf1", *words.values(), "-all" if strict else "~all"])


def _before_end(record: str) -> Iterator[str]:
    """What counts of it beside others: what it redirects to is no more the end of all, so it is included."""
    whole = record.split()[1:]
    ends = any(_term(word.lower()).name == "all" for word in whole)
    for word in whole:
        match _term(word.lower()).name:
            case "all":
                return
            case "redirect":
                yield from () if ends else (f"include:{word.partition('=')[2]}",)
            case _:
                yield word


def _sense(word: str) -> str:
    """What two words have in common that say the same; of a modifier there may be one (6)."""
    modifier = _MODIFIER.fullmatch(word.lower())
    return modifier[1] if modifier else word.lower().removeprefix("+")


def holds(record: str, find: Find) -> bool:
    """Whether nothing makes it void."""
    return lookups(record, find) <= MOST_LOOKUPS and next(flaws(record, find), None) is None

"""What is published in the DNS about the domain that our letters come from, judged: whether others can believe them."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_LOOKUPS = 10
"""More than so many terms that ask the DNS are an error to whoever checks (RFC 7208, 4.6.4)."""
SHORT_KEY = 180
"""Bytes of a public key of RSA with its frame: 162 for 1,024 bits, 294 for 2,048."""

Find = Callable[[str, str], list[str]]
"""The values of a name and type, none where there is no such name; raises `Unanswered`."""


class Unanswered(Exception):
    """The DNS did not say."""


class Standing(StrEnum):
    """How it stands."""

    GOOD = "good"
    BETTER = "could be better"
    WRONG = "wrong"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Verdict:
    """One thing that was looked up: a sentence, and the line to publish where one is missing."""

    about: str
    standing: Standing
    sentence: str
    line: str = ""


@dataclass(frozen=True)
class Setting:
    """What our letters show to whoever checks them."""

    domain: str
    """Of the address that they are from."""
    returns: str
    """Of the address on their envelopes."""
    server: str
    """That hands them over; empty where none is set."""
    selector: str = ""
    """Under which its key stands, where it signs."""


def judged(setting: Setting, find: Find) -> list[Verdict]:
    """Each check by itself: what one of them cannot find out keeps no other from being told."""
    checks = (("SPF", _spf), ("DKIM", _dkim), ("DMARC", _dmarc), ("Answers and bounces", _mailbox))
    return [_tried(about, check, setting, find) for about, check in checks]


def _tried(about: str, check: Callable[[Setting, Find], Verdict], setting: Setting, find: Find) -> Verdict:
    try:
        return check(setting, find)
    except Unanswered:
        return Verdict(about, Standing.UNKNOWN, "The DNS did not answer in time. Try again in a while.")


def _spf(setting: Setting, find: Find) -> Verdict:
    """Which servers may send for the envelope's domain (RFC 7208)."""
    domain, about = setting.returns, "SPF"
    records = spf_records(domain, find)
    by = f"a:{setting.server}" if setting.server else "mx"
    line = f'{domain}. IN TXT "v=spf1 {by} -all"'
    if not records:
        return Verdict(about, Standing.WRONG, f"Nothing says which servers may send mail for {domain}.", line)
    if len(records) > 1:
        return Verdict(about, Standing.WRONG, "There are two records, so neither counts. Make them one.")
    terms = records[0].lower().split()[1:]
    if "all" in terms or "+all" in terms:
        return Verdict(about, Standing.WRONG, "It lets everybody send: “+all” must be “-all” or “~all”.")
    number = lookups(records[0], find)
    if number > MOST_LOOKUPS:
        more = f"It asks the DNS {number} times, and more than {MOST_LOOKUPS} make it void. Take some “include” out."
        return Verdict(about, Standing.WRONG, more)
    if not {"-all", "~all"} & set(terms) and not any(term.startswith("redirect=") for term in terms):
        return Verdict(about, Standing.BETTER, "It does not say what all other servers may: end it with “-all”.")
    sent = "Whether our server is among those named, the test letter tells: its headers should say “spf=pass”."
    return Verdict(about, Standing.GOOD, f"It names who may send for {domain}. {sent}")


def spf_records(domain: str, find: Find) -> list[str]:
    """Those of a domain (RFC 7208, 4.5)."""
    return [text for text in find(domain, "TXT") if re.match(r"v=spf1( |$)", text, re.IGNORECASE)]


def lookups(record: str, find: Find, deep: int = 0) -> int:
    """How often checking it asks the DNS, with what it includes; counted no further than it takes to be too many."""
    number = 0
    for term in record.lower().split()[1:]:
        name, _, value = re.sub(r"^[+?~-]", "", term).partition("=" if "=" in term else ":")
        if name.partition("/")[0] in ("include", "a", "mx", "ptr", "exists", "redirect"):
            number += 1
        if name in ("include", "redirect") and value and "%" not in value and deep < MOST_LOOKUPS:
            number += sum(lookups(inner, find, deep + 1) for inner in spf_records(value, find)[:1])
        if number > MOST_LOOKUPS:
            break
    return number


def _dkim(setting: Setting, find: Find) -> Verdict:
    """The public key that belongs to the signature (RFC 6376, 3.6.1)."""
    about = "DKIM"
    if not setting.selector:
        where = "it stands as “s=” in the “DKIM-Signature” among the headers of a letter that has arrived"
        return Verdict(about, Standing.UNKNOWN, f"If letters are signed, give the selector of the key: {where}.")
    name = f"{setting.selector}._domainkey.{setting.domain}"
    records = [tags(text) for text in find(name, "TXT")]
    keys = [found for found in records if "p" in found]
    if not keys:
        ask = "Have your mail server or its provider make a key, and publish what it gives you there."
        return Verdict(about, Standing.WRONG, f"There is no key at {name}. {ask}")
    key = keys[0]["p"].replace(" ", "")
    if not key:
        return Verdict(about, Standing.WRONG, f"The key at {name} has been revoked.")
    try:
        size = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        return Verdict(about, Standing.WRONG, f"The key at {name} is cut off or mistyped.")
    if keys[0].get("k", "rsa") == "rsa" and size < SHORT_KEY:
        return Verdict(about, Standing.BETTER, "The key is short. Have one of 2,048 bits made.")
    return Verdict(about, Standing.GOOD, f"There is a key at {name}.")


def _dmarc(setting: Setting, find: Find) -> Verdict:
    """What others shall do with letters that prove nothing (RFC 7489, 6.3 and 6.6.3)."""
    about, domain = "DMARC", setting.domain
    records = next(filter(None, (_dmarc_at(name, find) for name in _up_from(domain))), [])
    line = f'_dmarc.{domain}. IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
    if not records:
        missing = "There is no record, and large providers ask those for one who write many letters."
        return Verdict(about, Standing.BETTER, missing, line)
    if len(records) > 1:
        return Verdict(about, Standing.WRONG, "There are two records, so neither counts. Make them one.")
    found = records[0]
    if found.get("p") not in ("none", "quarantine", "reject"):
        return Verdict(about, Standing.WRONG, "It does not say what to do: “p=” must be none, quarantine or reject.")
    if not aligned(domain, setting.returns, strict=found.get("aspf") == "s"):
        apart = f"The envelope's domain {setting.returns} is none of {domain}'s, so SPF proves nothing: sign with DKIM."
        return Verdict(about, Standing.BETTER, apart)
    if found["p"] == "none":
        watches = "It only watches (“p=none”). Once SPF and DKIM pass, “p=quarantine” is safer."
        return Verdict(about, Standing.BETTER, watches)
    return Verdict(about, Standing.GOOD, f"Letters that only pretend to be from {domain} are to be held back.")


def _dmarc_at(domain: str, find: Find) -> list[dict[str, str]]:
    found = [text for text in find(f"_dmarc.{domain}", "TXT") if re.match(r"v=DMARC1\s*(;|$)", text)]
    return [tags(text) for text in found]


def _up_from(domain: str) -> Iterator[str]:
    """The domain, and what it lies below, as far as two words."""
    words = domain.split(".")
    yield from (".".join(words[place:]) for place in range(len(words) - 1))


def aligned(domain: str, other: str, *, strict: bool) -> bool:
    """Whether one vouches for the other (RFC 7489, 3.1.2). Where domains are given to the public is not known here, so
    one of the two must lie below the other or be the same."""
    return domain == other or (not strict and (domain.endswith(f".{other}") or other.endswith(f".{domain}")))


def tags(text: str) -> dict[str, str]:
    """The list of a DKIM or DMARC record (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _mailbox(setting: Setting, find: Find) -> Verdict:
    """Whether what is written back has anywhere to go (RFC 5321, 5.1)."""
    about = "Answers and bounces"
    for domain in dict.fromkeys((setting.domain, setting.returns)):
        if not any(find(domain, kind) for kind in ("MX", "A", "AAAA")):
            line = f"{domain}. IN MX 10 {setting.server}." if setting.server else ""
            return Verdict(about, Standing.WRONG, f"No server takes mail for {domain}.", line)
    return Verdict(about, Standing.GOOD, "There is a server that takes what is written back.")

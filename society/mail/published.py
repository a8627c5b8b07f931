"""What is published in the DNS about the domain that our letters come from, judged: whether others can believe them."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from society.mail import spf
from society.mail.providers import Provider, provider_of
from society.mail.spf import MOST_LOOKUPS, Find

POLICIES = ("none", "quarantine", "reject")
SHORT_KEY = 180
"""Bytes of a public key of RSA with its frame: 162 for 1,024 bits, 294 for 2,048."""


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
    """One thing that was looked up: a sentence, and the lines to publish where they are missing."""

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

    @property
    def provider(self) -> Provider | None:
        """Whose server it is, if it belongs to one who sends for many."""
        return provider_of(self.server)


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
    domain, about, provider = setting.returns, "SPF", setting.provider
    records = spf.records(domain, find)
    if provider and not provider.spf:
        own = (
            f"{provider.name} puts an address of its own on the envelopes, which SPF goes by; for {domain} DKIM counts."
        )
        return Verdict(about, Standing.GOOD, own)
    if not records:
        missing = f"Nothing says which servers may send mail for {domain}."
        return Verdict(about, Standing.WRONG, missing, _spf_line(setting))
    if len(records) > 1:
        return Verdict(about, Standing.WRONG, f"There are {len(records)} records, so none counts. Make them one.")
    number = spf.lookups(records[0], find)
    if number > MOST_LOOKUPS:
        more = f"It asks the DNS {number} times, and more than {MOST_LOOKUPS} make it void. Take some “include” out."
        return Verdict(about, Standing.WRONG, more)
    if flaw := next(spf.flaws(records[0], find), ""):
        return Verdict(about, Standing.WRONG, flaw)
    if provider and not spf.including(records[0], provider.spf, find):
        left_out = f"It does not name the servers of {provider.name}, which send our letters. Add “{provider.spf}”:"
        return Verdict(about, Standing.WRONG, left_out, _spf_line(setting, records[0]))
    if not spf.names_anybody(records[0], find):
        nobody = f"It names nobody who may send mail for {domain}, so all of it is refused. Publish in its place:"
        return Verdict(about, Standing.WRONG, nobody, _spf_line(setting))
    return _spf_by_end(domain, spf.ending(records[0], find))


def _spf_line(setting: Setting, record: str = "") -> str:
    """The one to publish, or the one that is, with our provider in it: first, so that it is read before any end."""
    by = f"a:{setting.server}" if setting.server else "mx"
    first = setting.provider.spf if setting.provider else by
    rest = record.partition(" ")[2] or ("~all" if setting.provider else "-all")
    return f'{setting.returns}. IN TXT "v=spf1 {first} {rest}"'


def _spf_by_end(domain: str, sign: str) -> Verdict:
    """By what one that holds says of all other servers."""
    about = "SPF"
    if sign == "+":
        return Verdict(about, Standing.WRONG, "It lets everybody send: “+all” must be “-all” or “~all”.")
    if sign not in ("-", "~"):
        return Verdict(about, Standing.BETTER, "It does not say what all other servers may: end it with “-all”.")
    sent = "Whether our server is among those named, the test letter tells: its headers should say “spf=pass”."
    return Verdict(about, Standing.GOOD, f"It names who may send for {domain}. {sent}")


def _dkim(setting: Setting, find: Find) -> Verdict:
    """The public key that belongs to the signature (RFC 6376, 3.6.1)."""
    usual = setting.provider.usual if setting.provider else ()
    names = [f"{one}._domainkey.{setting.domain}" for one in ([setting.selector] if setting.selector else usual)]
    for name in names:
        if keys := [found for text in find(name, "TXT") if "p" in (found := tags(text))]:
            return _key(keys[0], name)
    return _no_key(setting, names)


def _no_key(setting: Setting, names: list[str]) -> Verdict:
    """What to publish. The key is made by whoever signs, and half of it never leaves them: it is not known here."""
    about, provider = "DKIM", setting.provider
    line = f'{setting.selector or "SELECTOR"}._domainkey.{setting.domain}. IN TXT "v=DKIM1; k=rsa; p=PUBLIC-KEY"'
    missing = f"There is no key at {names[0]}. " if names else ""
    if provider and (lines := provider.key_lines(setting.domain)):
        kept = f"{provider.name} signs by keys that it looks after itself; these lead to them."
        return Verdict(about, Standing.WRONG, missing + kept, "\n".join(lines))
    if provider:
        shown = f"{provider.name} makes the key, and shows what to publish {provider.where}. A key looks like this:"
        return Verdict(about, Standing.WRONG if names else Standing.UNKNOWN, missing + shown, line)
    made = "The key is made by the mail server or its provider, which says what stands for PUBLIC-KEY:"
    if setting.selector:
        return Verdict(about, Standing.WRONG, missing + made, line)
    where = "it stands as “s=” in the “DKIM-Signature” among the headers of a letter that has arrived"
    asked = (
        f"If letters are signed, give the selector of the key: {where}. {made.replace('PUBLIC', 'SELECTOR and PUBLIC')}"
    )
    return Verdict(about, Standing.UNKNOWN, asked, line)


def _key(published: dict[str, str], name: str) -> Verdict:
    about, key = "DKIM", "".join(published["p"].split())
    if not key:
        return Verdict(about, Standing.WRONG, f"The key at {name} has been revoked.")
    try:
        size = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        return Verdict(about, Standing.WRONG, f"The key at {name} is cut off or mistyped.")
    if "y" in published.get("t", "").split(":"):
        trial = f"The key at {name} is marked as a trial (“t=y”), and so proves nothing yet. Take that out."
        return Verdict(about, Standing.BETTER, trial)
    kind = published.get("k", "rsa").lower()
    if kind == "rsa" and size < SHORT_KEY:
        return Verdict(about, Standing.BETTER, "The key is short. Have one of 2,048 bits made.")
    if kind != "rsa":
        few = f"Not every provider can check a key of the kind {kind}. Sign with one of RSA too."
        return Verdict(about, Standing.BETTER, few)
    return Verdict(about, Standing.GOOD, f"There is a key at {name}.")


def _dmarc(setting: Setting, find: Find) -> Verdict:
    """What others shall do with letters that prove nothing (RFC 7489, 6.3 and 6.6.3)."""
    about, domain = "DMARC", setting.domain
    found = {name: records for name in _up_from(domain) if (records := _dmarc_at(name, find))}
    line = f'_dmarc.{domain}. IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
    if not found:
        missing = "There is no record, and large providers ask those for one who write many letters."
        return Verdict(about, Standing.BETTER, missing, line)
    (at, records), whole = next(iter(found.items())), list(found)[-1]
    if len(records) > 1:
        return Verdict(about, Standing.WRONG, f"There are {len(records)} records, so none counts. Make them one.")
    record = records[0]
    if record.get("p", "").lower() not in POLICIES:
        return Verdict(about, Standing.WRONG, "It does not say what to do: “p=” must be none, quarantine or reject.")
    if not aligned(domain, setting.returns, strict=record.get("aspf") == "s", within=whole):
        apart = f"The envelope's domain {setting.returns} is none of {domain}'s, so SPF proves nothing: sign with DKIM."
        return Verdict(about, Standing.BETTER, apart)
    return _by_policy(domain, at, record)


def _by_policy(domain: str, at: str, record: dict[str, str]) -> Verdict:
    """Below the domain that has the record, its policy for those below counts, where it has one (RFC 7489, 6.3)."""
    about, tag = "DMARC", "sp" if domain != at and "sp" in record else "p"
    if record[tag].lower() in POLICIES[1:]:
        return Verdict(about, Standing.GOOD, f"Letters that only pretend to be from {domain} are to be held back.")
    watches = f"It only watches (“{tag}=none”). Once SPF and DKIM pass, “{tag}=quarantine” is safer."
    return Verdict(about, Standing.BETTER, watches)


def _dmarc_at(domain: str, find: Find) -> list[dict[str, str]]:
    """Those of a domain; what registries publish for all that is below them says nothing of one's own."""
    found = [tags(text) for text in find(f"_dmarc.{domain}", "TXT") if re.match(r"v=DMARC1\s*(;|$)", text)]
    return [record for record in found if record.get("psd") != "y"]


def _up_from(domain: str) -> Iterator[str]:
    """The domain, and what it lies below, as far as two words."""
    words = domain.split(".")
    yield from (".".join(words[place:]) for place in range(len(words) - 1))


def aligned(domain: str, other: str, *, strict: bool, within: str = "") -> bool:
    """Whether one vouches for the other (RFC 7489, 3.1.2). Where domains are given to the public is not known here, so
    one of the two must lie below the other, or both within the highest that has a record; or they are the same."""
    if domain == other or strict:
        return domain == other
    return any(_lies_in(domain, one) and _lies_in(other, one) for one in (domain, other, within) if one)


def _lies_in(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}")


def tags(text: str) -> dict[str, str]:
    """The list of a DKIM or DMARC record (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _mailbox(setting: Setting, find: Find) -> Verdict:
    """Whether what is written back has anywhere to go (RFC 5321, 5.1)."""
    about = "Answers and bounces"
    for domain in dict.fromkeys((setting.domain, setting.returns)):
        if find(domain, "MX") == ["0 ."]:  # RFC 7505
            return Verdict(about, Standing.WRONG, f"{domain} says that it takes no mail (“MX 0 .”).")
        if not any(find(domain, kind) for kind in ("MX", "A", "AAAA")):
            takes_it = setting.server and not setting.provider  # theirs for sending are others than those for receiving
            line = f"{domain}. IN MX 10 {setting.server}." if takes_it else ""
            return Verdict(about, Standing.WRONG, f"No server takes mail for {domain}.", line)
    return Verdict(about, Standing.GOOD, "There is a server that takes what is written back.")

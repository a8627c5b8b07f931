"""A record of DMARC (RFC 7489), taken apart: where one counts, whom it holds for one's own, and how it is written."""

import re
from collections.abc import Iterator

from society.mail.spf import Find

POLICIES = ("none", "quarantine", "reject")
"""From the gentlest on."""

Tags = dict[str, str]


def tags(text: str) -> Tags:
    """The list of a DKIM or DMARC record (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def written(record: Tags) -> str:
    """As it is published: the version first, then the policy (6.4)."""
    return as_text({**dict.fromkeys(("v", "p"), ""), **record})


def as_text(found: Tags) -> str:
    """The list as one text, as `tags` reads it."""
    return "; ".join(f"{name}={value}" for name, value in found.items())


def records(domain: str, find: Find) -> list[Tags]:
    """Those of a domain; what registries publish for all that is below them says nothing of one's own."""
    found = [tags(text) for text in find(f"_dmarc.{domain}", "TXT") if re.match(r"v=DMARC1\s*(;|$)", text)]
    return [record for record in found if record.get("psd") != "y"]


def up_from(domain: str) -> Iterator[str]:
    """The domain, and what it lies below, as far as two words."""
    words = domain.split(".")
    yield from (".".join(words[place:]) for place in range(len(words) - 1))


def has_policy(record: Tags) -> bool:
    """Whether it says what to do."""
    return record.get("p", "").lower() in POLICIES


def with_policy(record: Tags) -> Tags:
    """The record; one that says nothing to do, as it is taken where it asks for reports: only to watch (6.6.3)."""
    return record if has_policy(record) else record | {"p": POLICIES[0]}


def one_to_keep(found: list[Tags]) -> Tags:
    """Of several, none of which counts: the gentlest, since what a stricter one holds back has not shown yet; of those
    alike, one that asks for reports."""
    policies = [record for record in found if has_policy(record)] or [with_policy(record) for record in found]
    return min(policies, key=lambda record: (POLICIES.index(record["p"].lower()), "rua" not in record))


def aligned(domain: str, other: str, *, strict: bool, within: str = "") -> bool:
    """Whether one vouches for the other (3.1.2). Where domains are given to the public is not known here, so one of the
    two must lie below the other, or both within the highest that has a record; or they are the same."""
    if domain == other or strict:
        return domain == other
    return any(_lies_in(domain, one) and _lies_in(other, one) for one in (domain, other, within) if one)


def _lies_in(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}")

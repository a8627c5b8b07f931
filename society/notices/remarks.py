"""What the writer of a notice may want to mend before it leaves; nothing of it keeps the notice back."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from society.text import parser

LONGEST_SUBJECT = 78
"""Longer ones are cut in lists of mail, and folded on the wire (RFC 5322, 2.1.1)."""
_ADDRESS = re.compile(r"https?://(?:\[[0-9a-f:.]*\]?)?[^\s<>()\[\]\"']*", re.IGNORECASE)
_HERE_ALONE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
"""How names end that mean something within one network alone (RFC 6761, 6762, 8375)."""


def remarks(subject: str, body: str) -> list[str]:
    """A sentence for each thing that readers, or their filters for spam, would stumble over."""
    found = []
    if len(subject) > LONGEST_SUBJECT:
        found.append(f"The subject has {len(subject)} characters; mail programs cut it after about {LONGEST_SUBJECT}.")
    if _shouts(subject):
        found.append("The subject is in capitals, which many filters take for spam.")
    found += _pictures(body)
    return found + [f"Readers cannot open {address}." for address in addresses(body) if not can_be_opened(address)]


def addresses(body: str) -> list[str]:
    """The addresses on the web that stand in it, each once, without what ends a sentence."""
    return list(dict.fromkeys(address.rstrip(".,;:!?*_") for address in _ADDRESS.findall(body)))


def _pictures(body: str) -> list[str]:
    """A sentence for each picture that it would show. Letters load nothing, so its words are all that comes of it."""
    tokens = [one for block in parser().parse(body) for one in block.children or [] if one.type == "image"]
    return list(dict.fromkeys(_picture(one.content.strip(), str(one.attrGet("src") or "")) for one in tokens))


def _picture(words: str, address: str) -> str:
    if words:
        return f"The picture “{words}” does not come with the letter: lead to it by a link."
    return (
        f"Readers get nothing of the picture {address}: no picture comes with the letter, and this one has no words. "
        "Put what it shows between the brackets."
    )


def _shouts(subject: str) -> bool:
    """Abbreviations are no shouting."""
    words = re.findall(r"[^\W\d_]{4,}", re.sub(r"\{\{.*?\}\}", "", subject))
    return len(words) > 1 and all(word.isupper() for word in words)


def can_be_opened(address: str) -> bool:
    """Whether readers could, by its name alone: it means something outside one network."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_HERE_ALONE)

"""What is looked up about a domain, and how it is told: a sentence, and lines as the DNS has them."""

from dataclasses import dataclass
from enum import StrEnum

from society.mail.providers import Provider, provider_of

LONGEST_PIECE = 255
"""Of a text in the DNS; longer ones stand in several (RFC 1035, 3.3.14)."""


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
    """One thing that was looked up: a sentence, and the lines to publish where they are missing or can be mended."""

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


def line_for(name: str, text: str) -> str:
    """For a text, as the files of the DNS have it (RFC 1035, 5.1)."""
    pieces = [text[start : start + LONGEST_PIECE] for start in range(0, len(text), LONGEST_PIECE)]
    quoted = (piece.replace("\\", "\\\\").replace('"', '\\"') for piece in pieces)
    return f"{name}. IN TXT " + " ".join(f'"{piece}"' for piece in quoted)

"""Asking the DNS, by the resolver of the machine, for a few seconds at most."""

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, get_default_resolver

from society.mail.verdicts import Unanswered

SECONDS = 3.0
"""For one question."""


class Lookups:
    """The DNS as `published` asks it, each question once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], list[str]] = {}

    def __call__(self, name: str, kind: str) -> list[str]:
        if (name, kind) not in self._known:
            self._known[name, kind] = self._asked(name, kind)
        return self._known[name, kind]

    def _asked(self, name: str, kind: str) -> list[str]:
        try:
            answer = get_default_resolver().resolve(name, kind, lifetime=SECONDS)
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError, UnicodeError) as error:
            raise Unanswered from error
        return [_text(record, kind) for record in answer]


def _text(record: object, kind: str) -> str:
    """A text may come in several pieces, which belong together without a space (RFC 7208, 3.3)."""
    if kind == "TXT":
        return b"".join(getattr(record, "strings", ())).decode("utf-8", "replace")
    return str(record)

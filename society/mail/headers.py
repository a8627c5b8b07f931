"""How messages are written (RFC 5322, RFC 2045), without doing the same work for every reader.

The library parses each header when it is set and folds it when it is written, which took half of the time of a message.
Most of them stand in letter after letter, so they are remembered.
"""

import re
from email.policy import SMTP, EmailPolicy
from functools import lru_cache
from typing import Any

SHARED = frozenset(
    {
        *("subject", "date", "reply-to", "references", "auto-submitted", "feedback-id"),
        *("list-id", "list-unsubscribe-post"),
        *("mime-version", "content-type", "content-transfer-encoding", "content-disposition"),
    }
)
"""Headers that many messages have alike; of the others each message has its own."""
REMEMBERED = 500
VERBATIM = frozenset({"message-id", "references", "feedback-id", "list-id", "list-unsubscribe"})
"""Headers of numbers and addresses for programs, in which nothing may stand encoded (RFC 2047, 5)."""
_NUMBERS_AND_ADDRESSES = re.compile(r"[!-~]{1,900}(?:, [!-~]{1,900})*")


class PlainPolicy(EmailPolicy):
    """The library's policy, save that it encodes the words of a line that is too long, even where one is an address
    for programs: who leaves a list by one click (RFC 8058) would be led nowhere. Such lines are left long."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return verbatim(name, value) or super().fold_binary(name, value)


def verbatim(name: str, value: str) -> bytes | None:
    """The header as it is, each of its addresses on a line (RFC 2369, 2); None if it is another or in other letters."""
    if name.lower() not in VERBATIM or not _NUMBERS_AND_ADDRESSES.fullmatch(value):
        return None
    folded = value.replace(", ", ",\r\n ")
    return f"{name}: {folded}\r\n".encode()


class LetterPolicy(PlainPolicy):
    """The same, with a memory. What it writes is the same, byte for byte."""

    def header_max_count(self, name: str) -> int | None:
        return _most(name.lower())

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if type(value) is str and name.lower() in SHARED:
            return name, _parsed(name, value)
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in SHARED:
            return _folded(self, name, value)
        return super().fold_binary(name, value)


LONGEST_LINE = 76
"""RFC 2045, 6.7 allows 76 characters in a quoted-printable line; the library's own limit would give 78."""

_SETTINGS: dict[str, Any] = {"linesep": SMTP.linesep, "max_line_length": LONGEST_LINE, "cte_type": "7bit"}
"""In seven bits, since not every mail server says that it takes eight (RFC 6152)."""

PLAIN = PlainPolicy(**_SETTINGS)
POLICY = LetterPolicy(**_SETTINGS)
POLICY_UTF8 = LetterPolicy(**_SETTINGS, utf8=True)
"""For addresses that only UTF-8 can write (RFC 6532)."""


@lru_cache(100)
def _most(name: str) -> int | None:
    return PLAIN.header_max_count(name)


@lru_cache(REMEMBERED)
def _parsed(name: str, value: str) -> Any:
    return PLAIN.header_store_parse(name, value)[1]


@lru_cache(REMEMBERED)
def _folded(policy: LetterPolicy, name: str, value: str) -> bytes:
    return PlainPolicy.fold_binary(policy, name, value)

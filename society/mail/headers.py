"""How messages are written (RFC 5322, RFC 2045), without doing the same work for every reader.

The library parses each header when it is set and folds it when it is written, which took half of the time of a
message, and it writes words of other scripts wrongly. So subjects and addresses are written here; of the other headers
most stand in letter after letter, so they are remembered.
"""

import re
from collections.abc import Iterable, Iterator
from email.headerregistry import Address
from email.policy import SMTP, EmailPolicy
from functools import lru_cache
from typing import Any, Self

from society.mail.encoded import LONGEST_LINE, encoded_words, in_lines, is_plain

SHARED = frozenset(
    {
        *("date", "references", "auto-submitted", "feedback-id"),
        *("list-id", "list-unsubscribe-post"),
        *("mime-version", "content-type", "content-transfer-encoding", "content-disposition"),
    }
)
"""Headers that many messages have alike; of the others each message has its own."""
REMEMBERED = 500
VERBATIM = frozenset({"message-id", "references", "feedback-id", "list-id", "list-unsubscribe"})
"""Headers of numbers and addresses for programs, in which nothing may stand encoded (RFC 2047, 5)."""
_NUMBERS_AND_ADDRESSES = re.compile(r"[!-~]{1,900}(?:, [!-~]{1,900})*")

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
"""Words of a name that need no quotes (RFC 5322, 3.2.3)."""
_NO_DOMAIN = re.compile(r"""[\s<>()",;\\@]""")


class Line(str):
    """The text of a header, such as a subject, as readers shall read it: nothing in it is taken for an encoded word."""

    name: str
    max_count = 1

    def __new__(cls, name: str, text: str) -> Self:
        made = super().__new__(cls, text)
        made.name = name
        return made

    def fold(self, *, policy: EmailPolicy) -> str:
        """As it is sent."""
        return _line(self.name, str(self))


class Mailboxes(str):
    """A header of one address or several."""

    name: str
    addresses: tuple[Address, ...]
    max_count = 1

    def __new__(cls, name: str, addresses: Iterable[Address]) -> Self:
        kept = tuple(addresses)
        made = super().__new__(cls, ", ".join(map(str, kept)))
        made.name, made.addresses = name, kept
        return made

    def fold(self, *, policy: EmailPolicy) -> str:
        """As it is sent."""
        return in_lines(self.name, _tokens(self.name, self.addresses))


@lru_cache(REMEMBERED)
def _line(name: str, text: str) -> str:
    return in_lines(name, text.split(" ") if is_plain(text) else encoded_words(text, len(f"{name}: ")))


def _tokens(name: str, addresses: tuple[Address, ...]) -> Iterator[str]:
    """What lines may end between; each mailbox but the last with its comma."""
    used = len(f"{name}: ")
    for number, mailbox in enumerate(addresses, 1):
        yield from phrase(mailbox.display_name, used)
        spec = _spec(mailbox)
        spec = f"<{spec}>" if mailbox.display_name else spec
        yield spec if number == len(addresses) else f"{spec},"
        used = 1


def phrase(name: str, used: int) -> list[str]:
    """A display name: as it is, in quotes, or, where it is too long for a line or of other scripts, encoded."""
    if not name:
        return []
    if is_plain(name) and _ATOMS.fullmatch(name):
        return name.split(" ")
    quoted = '"' + name.replace("\\", r"\\").replace('"', r"\"") + '"'
    return [quoted] if is_plain(name) and used + len(quoted) <= LONGEST_LINE else encoded_words(name, used)


def _spec(mailbox: Address) -> str:
    """The address alone. One that would end early, and begin another or more headers, is refused."""
    if _NO_DOMAIN.search(mailbox.domain):
        raise ValueError(f"there is no domain “{mailbox.domain}”")
    return mailbox.addr_spec


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
    """The same, with subjects and addresses of ours, and for the rest a memory."""

    def header_max_count(self, name: str) -> int | None:
        return _most(name.lower())

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if isinstance(value, Address):
            return name, Mailboxes(name, [value])
        if isinstance(value, list):
            return name, Mailboxes(name, value)
        if type(value) is str and name.lower() == "subject":
            return name, Line(name, _unbroken(value))
        if type(value) is str and name.lower() in SHARED:
            return name, _parsed(name, value)
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in SHARED:
            return _folded(self, name, value)
        return super().fold_binary(name, value)


def _unbroken(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("Header values may not contain linefeed or carriage return characters")
    return text


_SETTINGS: dict[str, Any] = {"linesep": SMTP.linesep, "max_line_length": LONGEST_LINE, "cte_type": "7bit"}
"""RFC 2045, 6.7 allows 76 characters in a quoted-printable line; the library's own limit would give 78. All is in
ASCII, since not every server says that it takes more (RFC 6152)."""

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

"""The short code on a ticket: eight characters that a person can read out and type.

Half of its 40 bits are the last bits of the answer's number, so that the row is found by its key; the other half are an
HMAC over the number and the answer's `link_key`, so that nothing is stored and a new `link_key` revokes it. A guess
holds once in a million times, and may be tried at the door alone, by staff or with a helper's key.
"""

import hashlib
import hmac

from society.rsvps.models import Rsvp
from society.tokens import mac

PURPOSE = "ticket"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or spell words."""
_AS_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LENGTH = 8
_HALF = 20
_ROUNDS = 32
"""How often the numbers may run past their last 20 bits: as far as 33 million answers."""


def code(rsvp: Rsvp) -> str:
    """The code of an answer's ticket, without the hyphen."""
    return code_of(rsvp.id, rsvp.link_key)


def code_of(number: int, link_key: str) -> str:
    """The same, of an answer's number and key alone."""
    seal = int.from_bytes(mac(PURPOSE, number, link_key)[:3], "big") >> (24 - _HALF)
    bits = seal << _HALF | number % (1 << _HALF)
    return "".join(_LETTERS[bits >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def spoken(word: str) -> str:
    """With a hyphen in the middle, as it is printed: "7QK2-M9XA"."""
    return f"{word[:4]}-{word[4:]}"


def as_meant(typed: str) -> str | None:
    """A code as it is written here, however it was typed; None if it cannot be one."""
    word = typed.upper().translate(_AS_MEANT)
    return word if len(word) == _LENGTH and set(word) <= set(_LETTERS) else None


def numbers_in(word: str) -> list[int]:
    """The answers to which a code can belong; believe none before `fits`."""
    bits = sum(_LETTERS.index(letter) << 5 * place for place, letter in enumerate(reversed(word)))
    return [(bits % (1 << _HALF)) + (turn << _HALF) for turn in range(_ROUNDS)]


def fits(word: str, rsvp: Rsvp) -> bool:
    """Whether it is this answer's code as of now."""
    return is_of(word, rsvp.id, rsvp.link_key)


def is_of(word: str, number: int, link_key: str) -> bool:
    """The same, by an answer's number and key alone."""
    return hmac.compare_digest(word, code_of(number, link_key))


def mark(word: str) -> str:
    """Twelve bits of a code's SHA-256, by which a phone without network knows it.

    So short that no ticket can be made from the list on a helper's phone: each line leaves 256 codes to try. A guess
    is taken there once in four thousand times, and only until the phone has told it here.
    """
    return hashlib.sha256(word.encode()).hexdigest()[:3]

"""Passwords: Argon2id. Hashing and checking are slow by design, so never inside a transaction that writes."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from society.people.models import Person
from society.tokens import fresh

_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
"""Above OWASP's least; one lane and 32 MiB, so that a small server survives a crowd that signs in."""


def hash_password(text: str, *, salt: bytes | None = None) -> str:
    """What is stored of a password. The salt is random unless it is given, which is for passwords known to all."""
    return _hasher.hash(text, salt=salt)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(fresh())


def password_matches(person: Person | None, text: str) -> bool:
    """Whether it is theirs. Takes as long for nobody, or somebody without a password, as for anyone."""
    nobodys, stored = _nobodys_hash(), person.password_hash if person else None
    try:
        _hasher.verify(stored or nobodys, text)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's, so that the password should be hashed anew."""
    return _hasher.check_needs_rehash(password_hash)

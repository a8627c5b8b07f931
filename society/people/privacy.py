"""Addresses that were erased: all that is kept of one is a salted hash, which tells when it comes back."""

import hashlib
import hmac
from collections.abc import Iterable

from sqlalchemy import select

from society.db import db
from society.people.models import ErasedAddress
from society.settings import society

_BATCH = 500
"""How many hashes one statement asks for; databases bound how many values it may hold."""


def digest(address: str) -> str:
    """HMAC-SHA256 of an address in lower case, keyed by the society's salt."""
    return hmac.new(society().salt.encode(), address.strip().lower().encode(), hashlib.sha256).hexdigest()


def was_erased(address: str) -> bool:
    """Whether somebody with that address had all that was kept on them erased."""
    return bool(erased_of([address]))


def erased_of(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses, as they were given, that were erased."""
    by_digest: dict[str, list[str]] = {}
    for address in filter(None, addresses):
        by_digest.setdefault(digest(address), []).append(address)
    asked, found = list(by_digest), set[str]()
    for start in range(0, len(asked), _BATCH):
        rows = select(ErasedAddress.digest).where(ErasedAddress.digest.in_(asked[start : start + _BATCH]))
        for known in db.session.scalars(rows):
            found.update(by_digest[known])
    return found

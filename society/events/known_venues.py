"""Which of the known venues a text means."""

from collections.abc import Iterable

from society.events.models import Venue
from society.names import alike, holds, is_alike


def meant(venues: Iterable[Venue], name: str, address: str = "") -> list[Venue]:
    """Those of that name and address; without an address, else those of that name. More than one is for people to
    tell apart. One at an address that says less, or more, is another: entered twice is sooner mended than joined."""
    key = alike(f"{name} {address}")
    ranked = [(rank, venue) for venue in venues if (rank := _rank(venue, key)) is not None]
    best = min((rank for rank, _ in ranked), default=0)
    return [venue for rank, venue in ranked if rank == best]


def _rank(venue: Venue, key: str) -> int | None:
    """How far what is said is from a venue; None if it is another. A town may be part of the name or of the address."""
    if is_alike(f"{venue.name} {venue.address}", key):
        return 0
    if is_alike(venue.name, key):
        return 1
    return None


def perhaps_meant(venues: Iterable[Venue], name: str, address: str) -> list[Venue]:
    """Those of that name at an address that says all that is said, and more: to be asked about."""
    key = alike(name)
    return [venue for venue in venues if is_alike(venue.name, key) and holds(venue.address, address)]

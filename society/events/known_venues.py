"""Which of the known venues a text means."""

from collections.abc import Iterable

from society.events.models import Venue
from society.names import agree, alike

_LOOSE = 3


def meant(venues: Iterable[Venue], name: str, address: str = "", *, strictly: bool = False) -> list[Venue]:
    """Those that are most likely meant: of that name and address, else of that name, with nothing in the address
    against it; more than one is for people to tell apart. Strictly, one without an address is not that with one."""
    ranked = [(rank, venue) for venue in venues if (rank := _rank(venue, name, address)) is not None]
    best = min((rank for rank, _ in ranked), default=_LOOSE)
    return [venue for rank, venue in ranked if rank == best and not (strictly and rank == _LOOSE)]


def _rank(venue: Venue, name: str, address: str) -> int | None:
    """How far what is said is from a venue; None if it is another. A town may be part of the name or of the address."""
    if address and alike(f"{name} {address}") in {alike(f"{venue.name} {venue.address}"), alike(venue.name)}:
        return 0
    if alike(venue.name) == alike(name) and agree(venue.address, address):
        return 1 if venue.address and address else _LOOSE if address else 2
    return 0 if not address and alike(f"{venue.name} {venue.address}") == alike(name) else None

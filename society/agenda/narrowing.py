"""One track or one room of a long agenda, for who looks at it on a phone. What is for all, such as a break, stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from society.agenda.models import Session
from society.names import alike

FROM = 12
"""Sessions of which on it is offered; fewer are looked through sooner."""


@dataclass(frozen=True)
class Narrowed:
    """What can be asked for, what was, and the sessions that this leaves."""

    tracks: Sequence[str]
    rooms: Sequence[str]
    track: str
    room: str
    sessions: Sequence[Session]

    @property
    def asked(self) -> dict[str, str]:
        """As an address asks for it."""
        return {name: value for name, value in (("track", self.track), ("room", self.room)) if value}


def narrowed(sessions: Sequence[Session], asked: Mapping[str, str]) -> Narrowed:
    """What is asked for and not there narrows nothing."""
    tracks = _several(session.track for session in sessions) if len(sessions) >= FROM else []
    rooms = _several(session.room for session in sessions) if len(sessions) >= FROM else []
    track, room = _known(asked.get("track", ""), tracks), _known(asked.get("room", ""), rooms)
    left = [session for session in sessions if _is_of(session.track, track) and _is_of(session.room, room)]
    return Narrowed(tracks, rooms, track, room, left)


def _several(names: Iterable[str]) -> list[str]:
    """The names, each once however it is written; none where there is nothing to choose."""
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(alike(name), name)
    return sorted(found.values(), key=str.casefold) if len(found) > 1 else []


def _known(asked: str, names: Sequence[str]) -> str:
    return next((name for name in names if alike(name) == alike(asked)), "")


def _is_of(name: str, asked: str) -> bool:
    return not asked or not name or alike(name) == alike(asked)

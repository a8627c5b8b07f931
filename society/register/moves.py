"""A list that names another tier than the one somebody holds: they have changed to it, and hold one, not two.

Whether the list goes on naming the former one, too, is known only at its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from society.membership.models import Status, Tier
from society.membership.render import spoken
from society.register.entries import Step
from society.register.known import Someone
from society.register.lines import Line
from society.register.spans import runs


@dataclass(frozen=True, slots=True)
class Move:
    """A step of the plan that would take the place of a period of the register."""

    someone: Someone
    former: Line
    step: int
    """Its place in the plan."""
    joined_on: date | None
    """Said of them, where the register knows of nothing that began then."""
    place: int
    """Of the line among the fates."""


class Moves:
    """Who changes from one tier to another by a file."""

    def __init__(self, tiers: Sequence[Tier], today: date) -> None:
        self._names = {tier.id: tier.name for tier in tiers}
        self._today = today
        self._named: dict[int, tuple[int, ...]] = {}
        """The tiers that a file says somebody of the register holds, by their number."""
        self._tuples: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._moves: list[Move] = []
        self._moved: set[int] = set()

    def hear(self, someone: Someone, line: Line) -> None:
        """A file says that they hold it today."""
        if someone.id and line.status is Status.ACTIVE and runs(line, self._today):
            named = (*self._named.get(someone.id, ()), line.tier_id)
            self._named[someone.id] = self._tuples.setdefault(named, named)

    def left(self, someone: Someone, line: Line, said: Step) -> list[Line]:
        """The periods whose place a new one would take: all that run in one other tier; those of the future, too, if
        the file gives no first day."""
        if line.status is not Status.ACTIVE or line.left_on or not runs(line, self._today):
            return []
        running = [one for one in someone.lines if one.status is Status.ACTIVE and runs(one, self._today)]
        if len({one.tier_id for one in running}) != 1 or running[0].tier_id == line.tier_id:
            return []
        if said.starts_on is None or said.since_joining:
            return [one for one in running if one.row_id > 0]
        return [
            one for one in running if one.row_id > 0 and one.starts_on <= line.starts_on <= (one.ends_on or date.max)
        ]

    def stays(self, former: Line) -> str:
        return f"{self._names[former.tier_id]} is held together with others, and stays: change it on its page"

    def was_another(self, someone: Someone, own: Sequence[Line], joined_on: date) -> bool:
        """Whether those who hold this tier joined in another, by the register or what a file makes of it."""
        others = [line for line in someone.lines if line.tier_id != own[0].tier_id]
        began = any(line.starts_on == joined_on or line.left_on in {one.starts_on for one in own} for line in others)
        return began or someone.id in self._moved

    def add(self, someone: Someone, former: Line, step: int, joined_on: date | None, place: int) -> None:
        self._moved.add(someone.id)
        known = any(line.starts_on == joined_on for line in someone.lines)
        self._moves.append(Move(someone, former, step, None if known else joined_on, place))

    def settled(self) -> Iterator[tuple[Move, bool, str]]:
        """Each, with whether it takes the place of what was, and what ought to be known."""
        for move in self._moves:
            name = self._names[move.former.tier_id]
            if move.former.tier_id in self._named.get(move.someone.id, ()):
                until = f" until {spoken(move.former.ends_on)}" if move.former.ends_on else ""
                yield move, False, f"{name}{until} is named too, and stands beside it"
            elif move.former in move.someone.lines:
                joined = f". That they joined on {spoken(move.joined_on)} is not entered" if move.joined_on else ""
                yield move, True, f"It takes the place of {name}; dues are not reckoned anew{joined}"

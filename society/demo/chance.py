"""Chance by a seed: whatever the demo decides, names or seals comes from here."""

import string
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")

_SIGNS = string.ascii_letters + string.digits


class Chance(Random):
    """A random number generator with the few questions that the demo asks of it."""

    def is_so(self, share: float) -> bool:
        """Whether something holds that holds in this share of all cases."""
        return self.random() < share

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """So many different ones, or all there are."""
        return self.sample(things, min(count, len(things)))

    def weighed(self, things: dict[Thing, float]) -> Thing:
        """One of them, the likelier the more it weighs."""
        return self.choices(list(things), list(things.values()))[0]

    def moment(self, first: datetime, last: datetime) -> datetime:
        """A whole second between the two."""
        return first + timedelta(seconds=self.randrange(max(int((last - first).total_seconds()), 1)))

    def token(self, length: int = 22) -> str:
        """Signs in the place of a secret."""
        return "".join(self.choices(_SIGNS, k=length))

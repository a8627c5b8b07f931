"""By which clocks those live whom a notice is mailed to, and when it leaves for them where it is to leave by these."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func

from society.db import db
from society.events.render import spoken_in
from society.notices.models import Notice
from society.notices.reach import mailed_now
from society.people.models import Person
from society.settings import society
from society.text import counted, listed
from society.times import place_of, shown_from

ALL_CLOCKS = timedelta(hours=26)
"""So long after the first clock on earth the last one shows the same."""

MOST_NAMED = 4


@dataclass(frozen=True)
class Clocks:
    """How many readers live by the clocks of which zone."""

    readers: Mapping[str, int]

    def __str__(self) -> str:
        """ "230 in London, 4 in New York and 2 elsewhere"; most first."""
        ranked = sorted(self.readers.items(), key=lambda one: (-one[1], place_of(one[0])))
        told = [f"{number:,} in {place_of(zone)}" for zone, number in ranked[:MOST_NAMED]]
        others = sum(number for _, number in ranked[MOST_NAMED:])
        return listed(told + [f"{others:,} elsewhere"] * bool(others)) or "nobody"

    def moments(self, wall: datetime) -> list[tuple[datetime, str]]:
        """When the clocks of each zone show it, in the order in which they do."""
        return sorted((shown_from(wall, zone), zone) for zone in self.readers)

    def first(self, wall: datetime, now: datetime) -> datetime | None:
        """When the first of them shows it from now on; None if there is none that does."""
        return next((at for at, _ in self.moments(wall) if at > now), None)

    def spoken(self, wall: datetime, now: datetime) -> str:
        """What will happen: how many there are, and when the first and the last get it, by the society's clock."""
        number = sum(self.readers.values())
        if not number:
            return "As things stand, it is mailed to nobody."
        coming = [(at, zone) for at, zone in self.moments(wall) if at > now]
        late = number - sum(self.readers[zone] for _, zone in coming)
        said = f"{counted(number, 'reader')} in {counted(len(self.readers), 'time zone')}{_spoken(coming)}."
        return said + (f" For {late:,} of them that hour is over: they get it with the first." if late else "")


def _spoken(moments: list[tuple[datetime, str]]) -> str:
    told = [(f"in {place_of(zone)}", spoken_in(at, society().zone)) for at, zone in moments]
    if len(told) < 2:
        return "".join(f": {where}, it comes {when}" for where, when in told)
    (first, starts), (last, ends) = told[0], told[-1]
    return f": the first, {first}, get it {starts}; the last, {last}, {ends}"


def clocks_of(notice: Notice, now: datetime) -> Clocks:
    """Those of whom it would be mailed to now."""
    rows = mailed_now(notice, now).order_by(None).with_only_columns(Person.zone, func.count()).group_by(Person.zone)
    found: Counter[str] = Counter()
    for zone, number in db.session.execute(rows):
        found[zone or society().zone] += number
    return Clocks(found)

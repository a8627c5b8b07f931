"""What a line of a file makes of somebody's membership: the steps it would add to the register, linked as it links."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from sys import intern
from typing import NamedTuple

from society.membership.models import Status, Tier
from society.membership.render import spoken
from society.register.entries import Step
from society.register.known import Someone
from society.register.lines import ENDED, OF_APPLICATIONS, Line
from society.text import listed

_DAY = timedelta(days=1)


@dataclass(slots=True)
class NewStep:
    """A row to be added."""

    someone: Someone
    tier: Tier
    status: Status
    starts_on: date
    ends_on: date | None = None
    replaces: int | None = None
    """The row it takes the place of: a number of the register or, below zero, the place of another in this plan
    (-1 is the first)."""
    id: int = 0


class Successor(NamedTuple):
    """A line that says when something took its place: what that was, another line must tell."""

    someone: Someone
    row_id: int
    tier: Tier
    is_application: bool
    left_on: date
    place: int
    """Of the line among the fates."""


@dataclass(slots=True)
class Told:
    """What came of a line: in words what is added, if anything, and what ought to be known."""

    added: str = ""
    warning: str = ""


class Periods:
    """The steps that a file would add."""

    def __init__(self, tiers: Mapping[str, Tier], today: date) -> None:
        self._tiers = tiers
        self._today = today
        self.missing: Counter[str] = Counter()
        """Lines that name a tier there is not, by its name as the first writes it."""
        self._spelled: dict[str, str] = {}
        self._ends: dict[tuple[int, date], date | None] = {}
        self.steps: list[NewStep] = []
        self._followed: list[Successor] = []

    def take(self, someone: Someone, said: Step, place: int) -> Told:
        """Raises ValueError, with the reason, for what cannot be entered."""
        tier = self._tier(said.tier)
        line = self._line(someone, said, tier)
        if line is None or self._runs_already(someone, said, tier):
            return Told()
        if known := _same(someone, line):
            return self._again(someone, known, line, said, tier, place)
        self._add(someone, line, tier, place)
        return Told(intern(_in_words(line, tier)))  # many lines are on the same period

    def _tier(self, name: str) -> Tier:
        tier = self._tiers.get(name.casefold())
        if tier is None:
            self.missing[self._spelled.setdefault(name.casefold(), name[:60])] += 1
            names = listed([f"“{tier.name}”" for tier in self._tiers.values()])
            raise ValueError(f"there is no tier “{name[:60]}”; there {'are ' + names if names else 'is none yet'}")
        return tier

    def _runs_already(self, someone: Someone, said: Step, tier: Tier) -> bool:
        """Whether a line without a start says no more than that they are what they are."""
        return said.starts_on is None and any(
            line.tier_id == tier.id and line.status is said.status and _runs(line, self._today)
            for line in someone.lines
        )

    def _line(self, someone: Someone, said: Step, tier: Tier) -> Line | None:
        """The line as the register would tell it."""
        status, starts_on = said.status, said.starts_on
        if starts_on is None and status not in (Status.ACTIVE, Status.APPLIED):
            raise ValueError(f"starts_on is missing for somebody {status}")
        starts_on = starts_on or self._today
        ends_on, left_on = _last_day(said, tier, starts_on), said.left_on
        if ends_on and said.since_joining:
            ends_on = self._renewed_until(someone, tier, starts_on, left_on - _DAY if left_on else self._today)
        has_period = status not in ENDED or bool(ends_on or said.for_life or left_on)
        if status is Status.REJECTED:
            left_on = left_on or starts_on
        elif status in ENDED and has_period and left_on is None:
            left_on = _left_by_rule(status, ends_on, tier)
        if ends_on and ends_on < starts_on:
            raise ValueError(f"it ends on {ends_on}, before it starts on {starts_on}")
        return Line(0, tier.id, status, starts_on, ends_on, left_on, 1 if left_on else None, False)

    def _renewed_until(self, someone: Someone, tier: Tier, joined_on: date, day: date) -> date | None:
        """The end of the period that a day falls into, for whoever joined then and has renewed since. What the register
        knows of that period stays; whoever is a member by another one gets the first alone, with the day of joining."""
        for line in someone.lines:
            if line.tier_id == tier.id and line.starts_on == joined_on:
                return line.ends_on
        first = tier.last_day(joined_on)
        if any(line.status is Status.ACTIVE and _runs(line, self._today) for line in someone.lines):
            return first
        while first and first < day:
            first = self._next_end(tier, first)
        return first

    def _next_end(self, tier: Tier, last: date) -> date | None:
        key = (tier.id, last)
        if key not in self._ends:  # many thousand people share few days
            self._ends[key] = tier.last_day(last + _DAY)
        return self._ends[key]

    def _again(self, someone: Someone, known: Line, line: Line, said: Step, tier: Tier, place: int) -> Told:
        """A line that the register has, or the file had before: at most the end of it is new."""
        if known.status is line.status:
            if line.left_on and known.left_on is None:
                self._will_be_followed(someone, known, tier, line.left_on, place)
            differs = said.left_on and known.left_on and said.left_on != known.left_on
            return Told(warning=f"the register has left_on {known.left_on}, which stays" if differs else "")
        if known.status in (Status.ACTIVE, Status.APPLIED) and known.left_on is None and line.left_on:
            ended = self._push(NewStep(someone, tier, line.status, line.left_on, replaces=known.row_id))
            _instead(someone, known, known._replace(status=line.status, left_on=line.left_on, ended_by=ended))
            return Told(f"{line.status} from {spoken(line.left_on)}")
        since = f" since {spoken(known.left_on)}" if known.left_on else ""
        return Told(warning=f"the register says {known.status}{since}, which stays")

    def _add(self, someone: Someone, line: Line, tier: Tier, place: int) -> None:
        if line.status in ENDED and line.ended_by is None:
            number = self._push(NewStep(someone, tier, line.status, line.starts_on))
            someone.lines += (line._replace(row_id=number),)
            return
        first = Status.APPLIED if line.is_application else Status.ACTIVE
        main = self._push(NewStep(someone, tier, first, line.starts_on, line.ends_on))
        someone.mains += (-main - 1,)
        known = line._replace(row_id=main, ended_by=None)
        if line.left_on and line.status is not first:
            ended = self._push(NewStep(someone, tier, line.status, line.left_on, replaces=main))
            known = known._replace(ended_by=ended)
        elif line.left_on:
            self._followed.append(Successor(someone, main, tier, line.is_application, line.left_on, place))
        someone.lines += (known,)

    def _push(self, step: NewStep) -> int:
        self.steps.append(step)
        return -len(self.steps)

    def _will_be_followed(self, someone: Someone, known: Line, tier: Tier, left_on: date, place: int) -> None:
        self._followed.append(Successor(someone, known.row_id, tier, known.is_application, left_on, place))
        _instead(someone, known, known._replace(left_on=left_on))

    def ends(self) -> Counter[date]:
        """The last days of the memberships that are added, without those that something else ends."""
        ended = {step.replaces for step in self.steps}
        mine = (step for number, step in enumerate(self.steps, 1) if -number not in ended)
        return Counter(step.ends_on for step in mine if step.status is Status.ACTIVE and step.ends_on)

    def link(self) -> dict[int, str]:
        """Let each step take the place of what it follows; the warnings, by the place of their line."""
        warnings = {}
        for one in sorted(self._followed, key=lambda one: not one.is_application):
            follower = self._follower(one)
            if follower is None:
                warnings[one.place] = f"left_on {one.left_on} is passed over: no new line says what took its place"
            else:
                follower.replaces = one.row_id
        for someone in {id(step.someone): step.someone for step in self.steps if step.someone.mains}.values():
            self._admit_and_restore(someone)
        return warnings

    def _follower(self, one: Successor) -> NewStep | None:
        """What begins on the day: in the same tier rather than in another."""
        own = (self.steps[place] for place in one.someone.mains if -place - 1 != one.row_id)
        begun = [step for step in own if step.starts_on == one.left_on and step.replaces is None]
        fit = [step for step in begun if one.is_application or step.status is Status.ACTIVE]
        return min(fit, key=lambda step: step.tier is not one.tier, default=None)

    def _admit_and_restore(self, someone: Someone) -> None:
        """A period that follows on an open application admits them; one after a resignation or lapse restores them."""
        for line in sorted(someone.lines, key=lambda line: line.starts_on, reverse=True):
            if line.status is Status.APPLIED and line.left_on is None:
                self._follow(someone, line.row_id, line.starts_on, line.tier_id)
            elif line.status in ENDED and not line.taken_up:
                self._follow(someone, line.ended_by or line.row_id, line.left_on or line.starts_on)

    def _follow(self, someone: Someone, row_id: int, first: date, tier_id: int | None = None) -> None:
        own = (self.steps[place] for place in someone.mains)
        fit = [
            step
            for step in own
            if step.status is Status.ACTIVE
            and step.replaces is None
            and step.starts_on >= first
            and tier_id in (None, step.tier.id)
        ]
        if fit:
            min(fit, key=lambda step: step.starts_on).replaces = row_id


def _runs(line: Line, today: date) -> bool:
    return line.left_on is None and (line.ends_on is None or line.ends_on >= today)


def _last_day(said: Step, tier: Tier, starts_on: date) -> date | None:
    if said.status in OF_APPLICATIONS or said.for_life:
        return None
    if said.ends_on or (said.status in ENDED and said.left_on is None):
        return said.ends_on
    return tier.last_day(starts_on)


def _left_by_rule(status: Status, ends_on: date | None, tier: Tier) -> date:
    """Who resigned has no grace; lapsing comes after it."""
    if ends_on is None:
        raise ValueError(f"left_on is missing: since when are they {status}?")
    return ends_on + _DAY + (timedelta(days=tier.grace_days) if status is Status.LAPSED else timedelta())


def _same(someone: Someone, line: Line) -> Line | None:
    """The line on the same period, application or bare end."""
    for known in someone.lines:
        if (known.tier_id, known.starts_on, known.ends_on) == (line.tier_id, line.starts_on, line.ends_on):
            bare = known.status in ENDED and known.ended_by is None, line.status in ENDED and line.ended_by is None
            if known.is_application is line.is_application and bare[0] is bare[1]:
                return known
    return None


def _instead(someone: Someone, known: Line, line: Line) -> None:
    someone.lines = tuple(line if one is known else one for one in someone.lines)


def _in_words(line: Line, tier: Tier) -> str:
    if line.is_application:
        return f"{tier.name}, {line.status} on {spoken(line.starts_on)}"
    end = f" to {spoken(line.ends_on)}" if line.ends_on else ", for life" if line.status is Status.ACTIVE else ""
    gone = f", {line.status} from {spoken(line.left_on)}" if line.left_on and line.status in ENDED else ""
    bare = f", {line.status}" if line.status in ENDED and not line.left_on else ""
    return f"{tier.name} from {spoken(line.starts_on)}{end}{gone}{bare}"

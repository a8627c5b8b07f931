"""What a line of a file makes of somebody's membership: the steps it would add to the register, linked as it links."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import NamedTuple

from society.membership.models import Status, Tier
from society.membership.render import spoken
from society.register.entries import Step
from society.register.known import Someone
from society.register.lines import ENDED, Line
from society.register.moves import Moves
from society.register.spans import DAY, in_words, last_day, left_by_rule, runs, same
from society.text import listed


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
        self._moves = Moves(list(tiers.values()), today)

    def take(self, someone: Someone, said: Step, place: int) -> Told:
        """Raises ValueError, with the reason, for what cannot be entered."""
        tier = self._tier(said.tier)
        line = self._line(someone, said, tier)
        today = line
        if said.since_joining and not said.left_on:  # it is not said since when in this tier
            today = line._replace(starts_on=self._today, ends_on=tier.last_day(self._today))
        self._moves.hear(someone, today)
        if self._runs_already(someone, said, tier):
            return Told()
        if former := self._moves.left(someone, today, said):
            return self._moved(someone, former, today, said, place)
        if known := same(someone, line):
            return self._again(someone, known, line, said, tier, place)
        self._add(someone, line, tier, place)
        return Told(intern(in_words(line, tier)))  # many lines are on the same period

    def _tier(self, name: str) -> Tier:
        tier = self._tiers.get(name.casefold())
        if tier is None:
            self.missing[self._spelled.setdefault(name.casefold(), name[:60])] += 1
            names = listed([f"“{tier.name}”" for tier in self._tiers.values()])
            raise ValueError(f"there is no tier “{name[:60]}”; there {'are ' + names if names else 'is none yet'}")
        return tier

    def _runs_already(self, someone: Someone, said: Step, tier: Tier) -> bool:
        """Whether a line without a start, or with no more than the day of joining, says what they are and were."""
        if said.starts_on and not said.since_joining:
            return False
        own = [line for line in someone.lines if line.tier_id == tier.id and runs(line, self._today)]
        if not any(line.status is said.status for line in own):
            return False
        return said.starts_on is None or self._moves.was_another(someone, own, said.starts_on)

    def _moved(self, someone: Someone, former: list[Line], line: Line, said: Step, place: int) -> Told:
        """The line takes the place of what they hold in another tier, as when a secretary changes it: what is left of
        that stays as long as it was, unless one of the tiers is for life or the file says when it ends."""
        if any(one.row_id in someone.shared for one in former):
            return Told(warning=self._moves.stays(former[0]))
        tier, words = self._tier(said.tier), []
        for one in former:
            if said.starts_on is None or said.since_joining:
                last = one.ends_on if line.ends_on and not said.ends_on else line.ends_on
                line = line._replace(starts_on=max(self._today, one.starts_on), ends_on=last)
            self._add(someone, line, tier, place)
            self._moves.add(someone, one, someone.mains[-1], said.starts_on if said.since_joining else None, place)
            words.append(in_words(line, tier))
        return Told(listed(words))

    def _line(self, someone: Someone, said: Step, tier: Tier) -> Line:
        """The line as the register would tell it."""
        status, starts_on = said.status, said.starts_on
        if starts_on is None and status not in (Status.ACTIVE, Status.APPLIED):
            raise ValueError(f"starts_on is missing for somebody {status}")
        starts_on = starts_on or self._today
        ends_on, left_on = last_day(said, tier, starts_on), said.left_on
        if ends_on and said.since_joining:
            ends_on = self._renewed_until(someone, tier, starts_on, left_on - DAY if left_on else self._today)
        has_period = status not in ENDED or bool(ends_on or said.for_life or left_on)
        if status is Status.REJECTED:
            left_on = left_on or starts_on
        elif status in ENDED and has_period and left_on is None:
            left_on = left_by_rule(status, ends_on, tier)
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
        if any(line.status is Status.ACTIVE and runs(line, self._today) for line in someone.lines):
            return first
        while first and first < day:
            first = self._next_end(tier, first)
        return first

    def _next_end(self, tier: Tier, last: date) -> date | None:
        key = (tier.id, last)
        if key not in self._ends:  # many thousand people share few days
            self._ends[key] = tier.last_day(last + DAY)
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
        for move, takes_place, warning in self._moves.settled():
            if takes_place:
                self.steps[move.step].replaces = move.former.row_id
            warnings[move.place] = warning
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


def _instead(someone: Someone, known: Line, line: Line) -> None:
    someone.lines = tuple(line if one is known else one for one in someone.lines)

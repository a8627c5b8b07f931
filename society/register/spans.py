"""From when to when a line of a file says that a membership runs, and how that is said."""

from datetime import date, timedelta

from society.membership.models import Status, Tier
from society.membership.render import spoken
from society.register.entries import Step
from society.register.known import Someone
from society.register.lines import ENDED, OF_APPLICATIONS, Line

DAY = timedelta(days=1)


def runs(line: Line, today: date) -> bool:
    return line.left_on is None and (line.ends_on is None or line.ends_on >= today)


def last_day(said: Step, tier: Tier, starts_on: date) -> date | None:
    if said.status in OF_APPLICATIONS or said.for_life:
        return None
    if said.ends_on or (said.status in ENDED and said.left_on is None):
        return said.ends_on
    return tier.last_day(starts_on)


def left_by_rule(status: Status, ends_on: date | None, tier: Tier) -> date:
    """Who resigned has no grace; lapsing comes after it."""
    if ends_on is None:
        raise ValueError(f"left_on is missing: since when are they {status}?")
    return ends_on + DAY + (timedelta(days=tier.grace_days) if status is Status.LAPSED else timedelta())


def same(someone: Someone, line: Line) -> Line | None:
    """The line on the same period, application or bare end."""
    for known in someone.lines:
        if (known.tier_id, known.starts_on, known.ends_on) == (line.tier_id, line.starts_on, line.ends_on):
            bare = known.status in ENDED and known.ended_by is None, line.status in ENDED and line.ended_by is None
            if known.is_application is line.is_application and bare[0] is bare[1]:
                return known
    return None


def in_words(line: Line, tier: Tier) -> str:
    if line.is_application:
        return f"{tier.name}, {line.status} on {spoken(line.starts_on)}"
    end = f" to {spoken(line.ends_on)}" if line.ends_on else ", for life" if line.status is Status.ACTIVE else ""
    gone = f", {line.status} from {spoken(line.left_on)}" if line.left_on and line.status in ENDED else ""
    bare = f", {line.status}" if line.status in ENDED and not line.left_on else ""
    return f"{tier.name} from {spoken(line.starts_on)}{end}{gone}{bare}"

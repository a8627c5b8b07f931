"""Reading a file of people into the register: what it would do, and doing it, in one change that can be undone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import delete, select

from society.audit.actions import record
from society.db import db
from society.dues.forecast import LATEST, reminders
from society.errors import Refused
from society.people.models import Person
from society.register.changes import open_change_set
from society.register.entries import Entry
from society.register.models import ChangeKind, ChangeSet, ImportFile
from society.register.planning import Fate, Plan, Tell, Will
from society.register.reading import Reading
from society.register.writing import write
from society.settings import Society, society
from society.text import counted, listed
from society.times import today_in

BATCH = 2_000
KEPT_FOR = timedelta(days=1)
"""How long a file waits for the word to be read in."""

MOST_MISSING = 20
"""Names of tiers that are told; more of them are no tiers, but another column under a wrong heading."""


def nobody_listens(_number: int) -> None:
    """For those who do not watch the progress."""


@dataclass(frozen=True)
class Outcome:
    """What a file does, or has done, to the register."""

    fates: Sequence[Fate]
    change_set: ChangeSet | None = None
    """None: nothing was changed."""
    missing: Sequence[tuple[str, int]] = ()
    """Tiers that the file names and the society does not have, each with its number of lines."""
    reminded: int = 0
    """How many of the memberships that it adds end so soon, or ended so lately, that reminders are due at once."""

    @property
    def counts(self) -> Counter[Will]:
        return Counter(fate.will for fate in self.fates)

    @property
    def refused(self) -> list[Fate]:
        return [fate for fate in self.fates if fate.will is Will.REFUSE]


def entries_of(reading: Reading, tell: Tell = nobody_listens) -> list[Entry]:
    """Every line, before anything waits for it; `tell` hears how many were read, now and then."""
    entries, lines = [], iter(reading)
    while some := list(islice(lines, BATCH)):
        entries += some
        tell(len(some))
    return entries


def drained(entries: list[Entry]) -> Iterator[Entry]:
    """The lines in order, each let go of as it is taken: a large file is not held twice."""
    entries.reverse()
    while entries:
        yield entries.pop()


def must_be_answered(reading: Reading) -> None:
    """Refuse to guess which day a column means."""
    if reading.questions:
        column = next(iter(reading.questions.values()))
        line, value = column.doubtful or (0, "")
        raise Refused(
            f"Line {line}: {column.heading} “{value}” can be read as day/month or month/day, and nothing in the column "
            "tells. Please say which."
        )


def preview(entries: Iterable[Entry], now: datetime, tell: Tell = nobody_listens) -> Outcome:
    """What a file would do to the register as it is; nothing is changed."""
    plan = _plan(entries, now, tell)
    missing = plan.periods.missing.most_common(MOST_MISSING)
    return Outcome(plan.fates, missing=missing, reminded=_reminded(plan.periods.ends(), today_in(society().zone, now)))


def _reminded(ends: Counter[date], today: date) -> int:
    days = reminders(society().reminder_days)
    if not days:
        return 0
    until = today + timedelta(days=days[0])
    return sum(number for last, number in ends.items() if today - LATEST <= last <= until)


def _plan(entries: Iterable[Entry], now: datetime, tell: Tell) -> Plan:
    plan = Plan(today_in(society().zone, now))
    plan.take(entries, tell)
    return plan


def bring_in(
    entries: Iterable[Entry],
    name: str,
    *,
    partial: bool,
    by: Person | None,
    now: datetime,
    tell: Tell = nobody_listens,
    wrote: Tell = nobody_listens,
) -> Outcome:
    """Read a file in, by the register as it is now. Raises Refused, if any line is refused and `partial` is not set.
    `tell` hears of lines looked up, and then `wrote` of people and steps added.

    The caller has begun the transaction that writes; imports wait for one another, so that none adds what another has
    just added.
    """
    if db.session.scalars(select(Society.id).with_for_update()).one_or_none() is None:
        raise Refused("This installation was never started. Run “society serve” once, then read the file in.")
    plan = _plan(entries, now, tell)
    outcome = Outcome(plan.fates)
    if outcome.refused and not partial:
        raise Refused(_first_of(outcome.refused))
    if not (plan.new or plan.changed):
        return outcome
    change_set = open_change_set(ChangeKind.IMPORT, f"Imported {name}", by=by, now=now)
    write(plan, change_set, now, wrote)
    counts = {will.value: number for will, number in outcome.counts.items()}
    record("people imported", change_set, by=by, now=now, after=counts)
    db.session.flush()
    db.session.expire_all()  # the rows were written past whatever is loaded
    return Outcome(plan.fates, change_set)


def _first_of(refused: Sequence[Fate]) -> str:
    more = f" {counted(len(refused) - 1, 'other line is', 'other lines are')} refused too." if len(refused) > 1 else ""
    return f"Line {refused[0].line}: {refused[0].told}{more} The register is as it was."


def forget_old_files(now: datetime) -> None:
    """Let go of files that nobody has said the word for."""
    db.session.execute(delete(ImportFile).where(ImportFile.uploaded_at < now - KEPT_FOR))


def in_words(outcome: Outcome) -> str:
    """What is done in all: "12 people added, 3 changed"."""
    counts = outcome.counts
    words = {
        Will.ADD: ("person added", "people added"),
        Will.PERIOD: ("line with a period for somebody known", "lines with periods for people known"),
        Will.CHANGE: ("line with changes", "lines with changes"),
        Will.UNCHANGED: ("line with nothing new", "lines with nothing new"),
        Will.LEAVE_OUT: ("line left out", "lines left out"),
        Will.REFUSE: ("line refused", "lines refused"),
    }
    return listed([counted(counts[will], *words[will]) for will in words if counts[will]])

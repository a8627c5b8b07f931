"""Reading a file of people into the register: what it would do, and doing it, in one change that can be undone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from society.audit.actions import record
from society.db import Base, db
from society.dues.forecast import LATEST, reminders
from society.errors import Refused
from society.membership.models import Membership, Status
from society.people.models import Person, Tag, person_tag
from society.register.changes import Note, note_all, open_change_set, refold
from society.register.known import Someone
from society.register.models import ChangeKind, ChangeSet, ImportFile
from society.register.periods import NewStep
from society.register.planning import Fate, Plan, Will
from society.register.reading import PARTICULARS, Entry, Reading
from society.settings import Society, society
from society.text import counted, folded, listed
from society.times import midnight, today_in

BATCH = 2_000
KEPT_FOR = timedelta(days=1)
"""How long a file waits for the word to be read in."""

MOST_MISSING = 20
"""Names of tiers that are told; more of them are no tiers, but another column under a wrong heading."""

Tell = Callable[[int], None]


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
    _write(plan, change_set, now, wrote)
    counts = {will.value: number for will, number in outcome.counts.items()}
    record("people imported", change_set, by=by, now=now, after=counts)
    db.session.flush()
    db.session.expire_all()  # the rows were written past whatever is loaded
    return Outcome(plan.fates, change_set)


def _first_of(refused: Sequence[Fate]) -> str:
    more = f" {counted(len(refused) - 1, 'other line is', 'other lines are')} refused too." if len(refused) > 1 else ""
    return f"Line {refused[0].line}: {refused[0].told}{more} The register is as it was."


def _write(plan: Plan, change_set: ChangeSet, now: datetime, wrote: Tell) -> None:
    by_id = change_set.by_id
    note_all(change_set, _add_people(plan.new, now, wrote))
    note_all(change_set, _change_people(plan.changed))
    note_all(change_set, _add_steps(plan.periods.steps, now, by_id, wrote))
    note_all(change_set, _add_tags(plan))
    _raise_revisions(plan)


def _batches(rows: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, BATCH)):
        yield some


def _add_people(people: Sequence[Someone], now: datetime, wrote: Tell) -> Iterator[Note]:
    table = Base.metadata.tables[Person.__tablename__]
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    for some in _batches(people):
        values = [_values(someone) for someone in some]
        rows = [{**row, **_folded(row), "created_at": now} for row in values]
        for someone, number in zip(some, db.session.scalars(statement, rows), strict=True):
            someone.id = number
        nothing_yet = {"revision": 1, "verified_at": None, "password_hash": None}
        for someone, row in zip(some, values, strict=True):
            yield "person", someone.id, None, {**{key: value for key, value in row.items() if value}, **nothing_yet}
        wrote(len(some))


def _values(someone: Someone) -> dict[str, Any]:
    particulars = dict(zip(PARTICULARS, someone.particulars, strict=True))
    own = {"name": someone.name, "email": someone.email or None, "external_id": someone.external_id or None}
    return {**own, **particulars}


def _folded(row: dict[str, Any]) -> dict[str, str]:
    words = row["name"], row["email"], row["city"], row["phone"], row["external_id"]
    return {"folded": folded(" ".join(filter(None, words))), "folded_name": folded(row["name"])}


def _change_people(people: dict[int, Someone]) -> Iterator[Note]:
    table = Base.metadata.tables[Person.__tablename__]
    for some in _batches([someone for someone in people.values() if someone.before]):
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for someone in some:
            values = _values(someone)
            before = someone.before or {}
            after = {name: values[name] for name in before}
            row = {"number": someone.id, **{f"new_{name}": value for name, value in after.items()}}
            by_columns.setdefault(tuple(sorted(after)), []).append(row)
            yield "person", someone.id, {name: value or _empty(name) for name, value in before.items()}, after
        for columns, rows in by_columns.items():
            values = {name: bindparam(f"new_{name}") for name in columns}
            db.session.execute(update(table).where(table.c.id == bindparam("number")).values(values), rows)
        refold([someone.id for someone in some])


def _empty(column: str) -> str | None:
    return None if column in ("email", "external_id", "born_on") else ""


def _add_steps(steps: Sequence[NewStep], now: datetime, by_id: int | None, wrote: Tell) -> Iterator[Note]:
    """What is replaced goes in before what replaces it."""
    table = Base.metadata.tables[Membership.__tablename__]
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    rest = list(steps)
    while rest:
        ready = [step for step in rest if (step.replaces or 0) >= 0 or steps[-(step.replaces or 0) - 1].id]
        for some in _batches(ready):
            rows = [_row(step, steps, now, by_id) for step in some]
            for step, number in zip(some, db.session.scalars(statement, rows), strict=True):
                step.id = number
            for step, row in zip(some, rows, strict=True):
                told = ("person_id", "tier_id", "status", "starts_on", "ends_on", "good_until", "replaces_id")
                yield "membership", step.id, None, {name: row[name] for name in told}
            wrote(len(some))
        rest = [step for step in rest if not step.id]


def _row(step: NewStep, steps: Sequence[NewStep], now: datetime, by_id: int | None) -> dict[str, Any]:
    first = midnight(step.starts_on, society().zone)
    follows = step.replaces if step.replaces is None or step.replaces > 0 else steps[-step.replaces - 1].id
    ended = step.status in (Status.RESIGNED, Status.LAPSED, Status.REJECTED)
    return {
        "person_id": step.someone.id,
        "tier_id": step.tier.id,
        "status": step.status,
        "starts_on": step.starts_on,
        "ends_on": step.ends_on,
        "good_until": step.ends_on + timedelta(days=step.tier.grace_days) if step.ends_on else None,
        "replaces_id": follows,
        "recorded_at": now,
        "recorded_by_id": by_id,
        "applied_at": first if step.status is Status.APPLIED else None,
        "decided_at": first if ended else None,
    }


def _add_tags(plan: Plan) -> Iterator[Note]:
    numbers = {}
    for place, word in enumerate(plan.new_tags, 1):
        tag = Tag(name=word)
        db.session.add(tag)
        db.session.flush()
        numbers[-place] = tag.id
        yield "tag", tag.id, None, {"name": word}
    for some in _batches(plan.tagged):
        rows = [{"person_id": someone.id, "tag_id": numbers.get(tag, tag)} for someone, tag in some]
        db.session.execute(insert(person_tag), rows)
        yield from (("person_tag", row["person_id"], None, {"tag_id": row["tag_id"]}) for row in rows)


def _raise_revisions(plan: Plan) -> None:
    """Who was known before has been changed: no form that was opened earlier may be saved over it."""
    for some in _batches(list(plan.changed)):
        known = update(Person).where(Person.id.in_(some)).values(revision=Person.revision + 1)
        db.session.execute(known, execution_options={"synchronize_session": False})


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

"""Writing what a file of people does to the register, a few thousand rows at a time, and noting each change."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, insert, update

from society.db import Base, db
from society.membership.models import Membership, Status
from society.people.models import Person, Tag, person_tag
from society.register.changes import Note, note_all, refold
from society.register.entries import PARTICULARS
from society.register.known import Someone
from society.register.models import ChangeSet
from society.register.periods import NewStep
from society.register.planning import Plan, Tell
from society.settings import society
from society.text import folded
from society.times import midnight

BATCH = 2_000


def write(plan: Plan, change_set: ChangeSet, now: datetime, wrote: Tell) -> None:
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

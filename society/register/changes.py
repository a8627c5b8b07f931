"""Changing many rows in one act that can be undone, as long as nothing else has touched any of them.

Who changes the rows notes what each held before and after, as `before` and `after` by column; `before` None says that
the row was added. A tag put on a person is noted as ("person_tag", the person's number, None, {"tag_id": 7}), one taken
off as ("person_tag", the person's number, {"tag_id": 7}, {}). A row is noted once in a change set, a tag on a person
too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Date, Row, Select, Table, bindparam, delete, exists, insert, select, update

from society.audit.actions import record
from society.db import Base, UTCDateTime, db
from society.errors import Refused
from society.membership.models import Membership
from society.people.models import SEARCHED, Person, Tag, person_tag
from society.register.models import ChangedRow, ChangeKind, ChangeSet
from society.register.traces import added_rows, newer_entries
from society.text import counted, folded

BATCH = 2_000
"""Rows looked at in one go: well under what a statement may hold of values."""

Note = tuple[str, int, Mapping[str, Any] | None, Mapping[str, Any]]
"""Table, number of the row, what it held before, what after."""


def open_change_set(kind: ChangeKind, what: str, *, by: Person | None, now: datetime) -> ChangeSet:
    """Begin a change of many rows; `what` says in words what is done (from the command line, `by` is None)."""
    opened = ChangeSet(kind=kind, what=what[:300], at=now, by_id=by.id if by else None)
    db.session.add(opened)
    db.session.flush()
    return opened


def note(
    change_set: ChangeSet, table: str, row_id: int, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> None:
    """Remember what one row held before and after."""
    note_all(change_set, [(table, row_id, before, after)])


def note_all(change_set: ChangeSet, notes: Iterable[Note]) -> None:
    """The same for any number of rows, a few thousand at a time."""
    rows = iter(notes)
    while batch := list(islice(rows, BATCH)):
        values = [
            {
                "change_set_id": change_set.id,
                "kind": table,
                "row_id": row_id,
                "before": None if before is None else plain(before),
                "after": plain(after),
            }
            for table, row_id, before, after in batch
        ]
        db.session.execute(insert(ChangedRow), values)


def members_in(change_set: ChangeSet) -> Select[int]:
    """Whose membership it has changed, as the register stands."""
    rows = select(ChangedRow.row_id).where(
        ChangedRow.change_set_id == change_set.id, ChangedRow.kind == Membership.__tablename__
    )
    return select(Membership.person_id).where(Membership.id.in_(rows))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values as JSON has them."""
    return {column: _plain(value) for column, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def undo(change_set: ChangeSet, *, by: Person | None, now: datetime) -> None:
    """Put every row back as it was, and take away those that were added.

    Refused, and nothing is changed, if any row has been touched since: it holds something else by now, is gone, or
    something new refers to it. The page's revision of a person is never put back, but raised: a form that was opened
    meanwhile must not pass for one that has seen this.
    """
    rows = select(ChangeSet).where(ChangeSet.id == change_set.id).with_for_update()
    change_set = db.session.scalars(rows.execution_options(populate_existing=True)).one()
    if change_set.undone_at is not None:
        raise Refused("This has been undone already.")
    db.session.flush()
    kinds = set(db.session.scalars(_of(change_set).with_only_columns(ChangedRow.kind).order_by(None).distinct()))
    tables = [table for table in Base.metadata.sorted_tables if table.name in kinds]
    _refuse_if_touched(change_set, tables)
    for table in reversed(tables):
        _take_away(change_set, table)
    for table in tables:
        _put_back(change_set, table)
    change_set.undone_at, change_set.undone_by_id = now, by.id if by else None
    record("changes undone", change_set, by=by, now=now, before={"what": change_set.what})
    db.session.flush()
    db.session.expire_all()


def _refuse_if_touched(change_set: ChangeSet, tables: list[Table]) -> None:
    """Look at every row under the lock of the transaction that writes."""
    kinds = [table.name for table in tables]
    touched = [
        (kind, row_id) for kind in kinds for rows in _batches(change_set, kind) for row_id in _touched(kind, rows)
    ]
    if touched:
        rest = f" and {counted(len(touched) - 1, 'other row')}" if len(touched) > 1 else ""
        raise Refused(f"Nothing was undone: {_called(*touched[0])}{rest} changed in the meantime.")
    for kind in kinds:
        if newer := newer_entries(change_set, kind):
            what, number, row_id = newer
            raise Refused(
                f"Nothing was undone: {counted(number, 'newer entry', 'newer entries')} ({what}) would lose what "
                f"this added, the first of them with {_called(kind, row_id)}."
            )


def _of(change_set: ChangeSet) -> Select[ChangedRow]:
    return select(ChangedRow).where(ChangedRow.change_set_id == change_set.id).order_by(ChangedRow.id)


def _batches(change_set: ChangeSet, kind: str, *, added: bool = True) -> Iterator[Sequence[Row[Any]]]:
    """What was noted of one table, without what was added if so asked."""
    noted = _of(change_set).where(ChangedRow.kind == kind)
    noted = noted.with_only_columns(ChangedRow.id, ChangedRow.row_id, ChangedRow.before, ChangedRow.after)
    noted = noted if added else noted.where(ChangedRow.before.is_not(None))
    last = 0
    while rows := db.session.execute(noted.where(ChangedRow.id > last).limit(BATCH)).all():
        last = rows[-1].id
        yield rows


def _touched(kind: str, rows: Sequence[Row[Any]]) -> list[int]:
    """Which of these rows do not hold any more what they were given."""
    if kind == person_tag.name:
        return _touched_tags(rows)
    table = Base.metadata.tables[kind]
    names = sorted({name for row in rows for name in row.after})
    columns = [table.c.id, *(table.c[name] for name in names if name != "id")]
    current = db.session.execute(select(*columns).where(table.c.id.in_([row.row_id for row in rows])))
    holds = {row.id: plain(row._asdict()) for row in current}
    return [row.row_id for row in rows if not _same(holds.get(row.row_id), row.after)]


def _same(holds: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    return holds is not None and all(holds[name] == value for name, value in after.items())


def _touched_tags(rows: Sequence[Row[Any]]) -> list[int]:
    """On whom a tag is missing that was put on, or found again that was taken off."""
    own = select(person_tag).where(person_tag.c.person_id.in_({row.row_id for row in rows}))
    there = {(row.person_id, row.tag_id) for row in db.session.execute(own)}
    return [
        row.row_id
        for row in rows
        if ((row.row_id, (row.after or row.before)["tag_id"]) in there) is not bool(row.after)
    ]


def _called(kind: str, row_id: int) -> str:
    """A row in words: the person it is of, else its own name."""
    table = Base.metadata.tables[kind]
    owner = row_id
    if kind not in (Person.__tablename__, person_tag.name) and "person_id" in table.c:
        owner = db.session.scalar(select(table.c.person_id).where(table.c.id == row_id)) or 0
    elif "name" in table.c and kind != Person.__tablename__:
        return f"“{db.session.scalar(select(table.c.name).where(table.c.id == row_id)) or row_id}”"
    return db.session.scalar(select(Person.name).where(Person.id == owner)) or "somebody who is gone"


def _take_away(change_set: ChangeSet, table: Table) -> None:
    """What was added to a table goes; a word for tags stays if somebody has put it on others since."""
    added = added_rows(change_set, table.name)
    if table is person_tag:
        own = ChangedRow.row_id == table.c.person_id, ChangedRow.after["tag_id"].as_integer() == table.c.tag_id
        gone = delete(table).where(added.where(*own).exists())
    else:
        gone = delete(table).where(table.c.id.in_(added))
    if table.name == Tag.__tablename__:
        gone = gone.where(~exists().where(person_tag.c.tag_id == table.c.id))
    db.session.execute(gone)


def _put_back(change_set: ChangeSet, table: Table) -> None:
    """What was changed in a table is as before."""
    for rows in _batches(change_set, table.name, added=False):
        if table is person_tag:
            values = [{"person_id": row.row_id, "tag_id": row.before["tag_id"]} for row in rows if row.before]
            db.session.execute(insert(table), values)
            continue
        alike = sorted(rows, key=lambda row: sorted(row.before))
        for columns, some in groupby(alike, key=lambda row: sorted(row.before)):
            _set(table, columns, list(some))


def _set(table: Table, columns: list[str], rows: Sequence[Row[Any]]) -> None:
    """Write the same columns of many rows."""
    own = [name for name in columns if name != "revision"]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in own}
    if "revision" in table.c:
        values["revision"] = table.c.revision + 1
    statement = update(table).where(table.c.id == bindparam("number")).values(values)
    db.session.execute(
        statement,
        [
            {"number": row.row_id, **{f"new_{name}": _read(table, name, row.before[name]) for name in own}}
            for row in rows
        ],
        execution_options={"synchronize_session": False},
    )
    if table.name == Person.__tablename__:
        refold([row.row_id for row in rows])


def refold(numbers: Sequence[int]) -> None:
    """Keep what searches read in step with people's rows that were written past `Person`."""
    table = Base.metadata.tables[Person.__tablename__]
    columns = table.c
    people = db.session.execute(
        select(columns.id, *(columns[name] for name in SEARCHED)).where(columns.id.in_(numbers))
    )
    words = [
        {"number": row.id, "words": folded(" ".join(filter(None, row[1:]))), "own": folded(row.name)} for row in people
    ]
    if words:
        own = update(table).where(columns.id == bindparam("number"))
        db.session.execute(own.values(folded=bindparam("words"), folded_name=bindparam("own")), words)


def _read(table: Table, name: str, value: Any) -> Any:
    """A value out of JSON, as its column takes it."""
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

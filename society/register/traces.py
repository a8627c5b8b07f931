"""What came to refer to the rows that a change set added."""

from sqlalchemy import Column, Select, Table, func, select

from society.db import Base, db
from society.people.models import person_tag
from society.register.models import ChangedRow, ChangeSet


def added_rows(change_set: ChangeSet, table: str) -> Select[int]:
    """The numbers of the rows that were added to a table."""
    return select(ChangedRow.row_id).where(
        ChangedRow.change_set_id == change_set.id, ChangedRow.kind == table, ChangedRow.before.is_(None)
    )


def newer_entries(change_set: ChangeSet, table: str) -> tuple[str, int, int] | None:
    """What refers to a row that was added, and was not itself added by the same act: the table, how many, and the
    number of the first row that is referred to."""
    if table in ("tag", person_tag.name):
        return None  # a word for tags stays while somebody has it
    for other in Base.metadata.sorted_tables:
        for key in sorted(other.foreign_keys, key=lambda key: str(key.parent.name)):
            if key.column.table.name == table and (found := _newer(change_set, table, other, key.parent)):
                return other.name.replace("_", " "), *found
    return None


def _newer(change_set: ChangeSet, table: str, other: Table, refers: Column[int]) -> tuple[int, int] | None:
    own = added_rows(change_set, other.name)
    if other is person_tag:
        same = ChangedRow.row_id == other.c.person_id, ChangedRow.after["tag_id"].as_integer() == other.c.tag_id
        foreign = ~own.where(*same).exists()
    else:
        foreign = other.c.id.not_in(own)
    rows = select(func.count(), func.min(refers)).where(refers.in_(added_rows(change_set, table)), foreign)
    number, first = db.session.execute(rows).one()
    return (number, first) if number else None

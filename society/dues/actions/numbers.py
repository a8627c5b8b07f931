"""Running numbers without gaps, and the order in which writers come to a row of the ledger."""

from sqlalchemy import select, text

from society.db import db
from society.dues.models import Due

_NEXT = text(
    "INSERT INTO counter (key, number) VALUES (:key, 1)"
    " ON CONFLICT (key) DO UPDATE SET number = counter.number + 1 RETURNING number"
)


def next_number(key: str) -> int:
    """The number after the last one of a run. A transaction that is rolled back gives it back: the row stays locked
    until then, so that nobody has had a later one."""
    return int(db.session.execute(_NEXT, {"key": key}).scalar_one())


def hold(due: Due) -> None:
    """Let no other payment of it come between what is read now and what is added (PostgreSQL; SQLite has one writer
    anyway)."""
    db.session.scalars(select(Due.id).where(Due.id == due.id).with_for_update()).one()

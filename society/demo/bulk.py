"""Many rows at once: models that never meet a session, inserted a few thousand at a time."""

from collections import defaultdict
from itertools import count
from typing import Any

from sqlalchemy import Column, Table, func, insert, select

from society.db import Base, Model, db

BATCH = 4_000
"""Rows held before they are inserted: enough to be quick, few enough to need little memory."""


class Bulk:
    """Rows in the making. They get their numbers here, so that others can refer to them before they are stored."""

    def __init__(self) -> None:
        self._rows: dict[Table, list[Base]] = defaultdict(list)
        self._plain: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._numbers: dict[Table, count[int]] = {}
        self._held = 0

    def add(self, row: Base) -> None:
        """Take a row; it may still be changed until the next `flush`."""
        table = table_of(row)
        if isinstance(row, Model):
            row.id = self._next(table)
        self._rows[table].append(row)
        self._held += 1

    def put(self, table: Table, values: dict[str, Any]) -> int:
        """Take the values of all columns but `id`, with the same names for each row of a table; gives the row's number.

        A mapped object costs many times as much, which tells where there are tens of thousands.
        """
        number = self._next(table) if "id" in table.c else 0
        self._plain[table].append({"id": number, **values} if number else values)
        self._held += 1
        return number

    def _next(self, table: Table) -> int:
        """The next number; the first one counts on from rows that even an empty society has, such as of its set-up."""
        if table not in self._numbers:
            self._numbers[table] = count((db.session.scalar(select(func.max(table.c.id))) or 0) + 1)
        return next(self._numbers[table])

    def flush_if_many(self) -> None:
        if self._held >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Insert what is held, what is referred to first."""
        for table in Base.metadata.sorted_tables:
            if rows := self._rows.pop(table, None):
                db.session.execute(insert(table), [_values(row, table) for row in rows])
            if plain := self._plain.pop(table, None):
                db.session.execute(insert(table), plain)
        self._held = 0

    def finish(self) -> None:
        """Insert the rest, and let PostgreSQL count on from the numbers given here (SQLite does so by itself)."""
        self.flush()
        if db.engine.dialect.name == "postgresql":
            for table in (table for table in self._numbers if "id" in table.c):
                last = select(func.max(table.c.id)).scalar_subquery()
                db.session.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def table_of(row: Base | type[Base]) -> Table:
    """The table of a row or of a model."""
    table = row.__table__
    assert isinstance(table, Table)
    return table


def _values(row: Base, table: Table) -> dict[str, Any]:
    return {column.key: _value(row, column) for column in table.columns}


def _value(row: Base, column: Column[Any]) -> Any:
    """What was set, else the column's default. A default made up on the spot would differ each time: it must be set."""
    if column.key in row.__dict__:
        return row.__dict__[column.key]
    default: Any = column.default
    if default is None:
        return None
    assert default.is_scalar, f"{column} is left to chance"
    return default.arg

"""New rows written by way of the driver itself, at a third of the session's price: for those that are written while
others wait for their turn.

Their numbers tell in which order a transaction wrote them.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Dialect, FromClause, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import instance_dict

from society.db import Model, as_told, db, driver
from society.rows import Row, first_of, positional, taken_in


def post(row: Row) -> Row:
    """Insert a new row now; it is then loaded. What it refers to is given by number, and is stored already."""
    write_down(row)
    return taken_in(db.session(), row)


def post_once(row: Row) -> Row | None:
    """The same, unless there is one that it must not stand beside, written by somebody else at this moment: None."""
    return taken_in(db.session(), row) if _written(row, once=True) else None


def write_down(row: Model) -> None:
    """The same for a row that nobody changes in this transaction: the session does not hear of it."""
    _written(row)


def write_down_all(rows: Sequence[Model]) -> None:
    """The same for many of one kind, in one statement."""
    if rows:
        numbers = write_laid_out(type(rows[0]), [laid_out(row) for row in rows])
        for row, number in zip(rows, numbers, strict=True):
            instance_dict(row)["id"] = number


def laid_out(row: Model) -> list[Any]:
    """Its values as the driver takes them, for `write_laid_out`; defaults among them, which it shows from now on."""
    return _given(instance_dict(row), _insertion(row.__table__, db.engine.dialect)[1])


def put(model: type[Model], row: list[Any], name: str, value: Any) -> None:
    """Another value in a row that was laid out."""
    place, write = _places(model.__table__, db.engine.dialect)[name]
    row[place] = write(value) if write else value


@cache
def _places(table: FromClause, dialect: Dialect) -> dict[str, tuple[int, Any]]:
    columns = _insertion(table, dialect)[1]
    return {key: (place, write) for place, (key, _default, write) in enumerate(columns)}


def write_laid_out(model: type[Model], rows: Sequence[list[Any]]) -> list[int]:
    """Write many rows down that were laid out before, in one statement; returns their numbers."""
    session, table = db.session(), cast(Table, model.__table__)
    session.flush()
    connection, dialect = driver(session)
    names = ["id", *(column.name for column in table.columns if not column.primary_key)]
    compiled = insert(table).values(dict.fromkeys(names)).compile(dialect=positional(dialect), column_keys=names)
    assert compiled.positiontup
    in_order = itemgetter(*(names.index(name) for name in compiled.positiontup))
    try:
        numbers = _next_numbers(connection, dialect, table.name, len(rows))
        whole = ([number, *row] for number, row in zip(numbers, rows, strict=True))
        _each(connection, dialect, str(compiled), map(in_order, whole))
    except dialect.loaded_dbapi.Error as error:
        raise as_told(error, str(compiled), connection, dialect) from error
    return numbers


def _next_numbers(connection: Any, dialect: Dialect, table: str, count: int) -> list[int]:
    if dialect.name == "sqlite":  # nobody else writes
        (last,) = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608
        return list(range(last + 1, last + count + 1))
    taken = connection.statements.number(table)  # before any other, so that numbers tell what was written first
    ahead = [] if taken is None else [taken]
    numbers = "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2::INTEGER)"
    rows = connection.statements.rows(numbers, [table, count - len(ahead)]) if count > len(ahead) else []
    return [*ahead, *(number for (number,) in rows)]


def _each(connection: Any, dialect: Dialect, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """One statement with each of many rows of values."""
    if dialect.name == "sqlite":
        connection.executemany(sql, rows).close()
    else:
        connection.statements.each(sql, rows)


def _written(row: Model, *, once: bool = False) -> bool:
    session = db.session()
    session.flush()
    connection, dialect = driver(session)
    held = instance_dict(row)  # asked and told without the session's bookkeeping, which would come to nothing
    numbered = dialect.name != "sqlite" and not once
    held["id"] = number = connection.statements.number(cast(Table, row.__table__).name) if numbered else None
    sql, columns = _insertion(row.__table__, dialect, once, number is not None)
    given = _given(held, columns)
    if number is None:
        held["id"] = _inserted(connection, dialect, sql, given)
    else:
        _write_later(connection, dialect, sql, given, row.__table__)
    return held["id"] is not None


def take_numbers(*models: type[Model]) -> None:
    """Right behind the next statement of the session's transaction, take the number of one new row of each, where that
    saves the way to a server and back: the row is then written down with what is sent next."""
    connection, dialect = driver(db.session())
    if dialect.name != "sqlite":
        connection.statements.numbers_ahead([cast(Table, model.__table__).name for model in models])


def _inserted(connection: Any, dialect: Dialect, sql: str, values: list[Any]) -> int | None:
    row = first_of(connection, dialect, sql, values)
    return int(row[0]) if row else None


def _write_later(connection: Any, dialect: Dialect, sql: str, values: list[Any], table: FromClause) -> None:
    try:
        connection.statements.later(sql, values, cast(Table, table).name)
    except dialect.loaded_dbapi.Error as error:
        raise as_told(error, sql, connection, dialect) from error


@cache
def _insertion(
    table: FromClause, dialect: Dialect, once: bool = False, numbered: bool = False
) -> tuple[str, list[tuple[str, Any, Any]]]:
    """The statement, and for each of its values in their order: the column, what makes its default, and what makes the
    value the driver's. It returns the row's number, unless that is among them."""
    columns = [column for column in table.columns if numbered or not column.primary_key]
    names = [column.name for column in columns]
    statement = _insert(cast(Table, table), dialect, once).values(dict.fromkeys(names))
    statement = statement if numbered else statement.returning(table.c.id)
    compiled = statement.compile(dialect=positional(dialect), column_keys=names)
    assert compiled.positiontup == names
    writers = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    kept = [(column.key, _default(column), write) for column, write in zip(columns, writers, strict=True)]
    return str(compiled), kept


def _insert(table: Table, dialect: Dialect, once: bool) -> Any:
    if not once:
        return insert(table)
    kind = sqlite if dialect.name == "sqlite" else postgresql
    return kind.insert(table).on_conflict_do_nothing()


def _default(column: Any) -> Callable[[], Any] | None:
    default = column.default
    if default is None:
        return None
    return (lambda: default.arg(None)) if default.is_callable else lambda: default.arg


def _given(held: dict[str, Any], columns: list[tuple[str, Any, Any]]) -> list[Any]:
    """A row's values for the driver: what was set, else a column's default or nothing, which the row shows from now
    on."""
    values = []
    for key, default, write in columns:
        value = held.get(key)
        if value is None:
            held[key] = value = default() if default else None
        values.append(write(value) if write else value)
    return values

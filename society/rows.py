"""Single rows read and changed by way of the driver itself, at a third of the session's price, for the few that nearly
every request asks for; and the objects for them."""

from collections.abc import Sequence
from contextlib import closing
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

from sqlalchemy import Dialect, Select, Table, Update, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, class_mapper
from sqlalchemy.orm.attributes import instance_dict, instance_state, manager_of_class, set_committed_value
from sqlalchemy.orm.base import NO_VALUE
from sqlalchemy.sql.visitors import iterate

from society.db import Model, as_told, db, driver, is_writing
from society.postgres import Reads

Row = TypeVar("Row", bound=Model)


class Peek:
    """A read of one row, prepared once; with the types of the columns on the way back."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        tables = frozenset(one.name for one in iterate(statement) if isinstance(one, Table))
        self._reads = Reads(tables, len(statement.selected_columns))
        self._prepared: dict[str, tuple[str, list[str], dict[str, Any], list[tuple[int, Any]]]] = {}

    def __call__(self, **values: object) -> tuple[Any, ...] | None:
        """The first row, if there is one, as it is committed."""
        # A session that nothing has asked for yet is not made for this.
        if db.session.registry.has() and db.session().in_transaction() and not is_writing():
            return self.here(**values)
        engine = db.engine
        connection = engine.raw_connection()
        try:
            return self._first(connection, engine.dialect, values)
        finally:
            connection.close()

    def here(self, **values: object) -> tuple[Any, ...] | None:
        """The first row, if there is one, as the session's own transaction sees it."""
        session = db.session()
        session.flush()
        return self._first(*driver(session), values)

    def ahead(self, **values: object) -> None:
        """Have it asked right behind the next of these statements in the session's transaction, where that saves the
        way to a server and back: `here` has the answer then, of the same values. It asks anew where this transaction
        has asked anything else between, or written to what it reads; what others commit between is not seen."""
        connection, dialect = driver(db.session())
        if dialect.name != "sqlite":
            sql, given, _ = self._filled(dialect, values)
            connection.statements.ahead(sql, given, self._reads)

    def _filled(self, dialect: Dialect, values: dict[str, object]) -> tuple[str, list[object], list[tuple[int, Any]]]:
        sql, names, constants, readers = self._prepared.get(dialect.name) or self._prepare(dialect)
        return sql, [values[name] if name in values else constants[name] for name in names], readers

    def _first(self, connection: Any, dialect: Dialect, values: dict[str, object]) -> tuple[Any, ...] | None:
        sql, given, readers = self._filled(dialect, values)
        row = first_of(connection, dialect, sql, given)
        if row is None or not readers:
            return row
        read = list(row)
        for place, reader in readers:
            read[place] = reader(read[place])
        return tuple(read)

    def _prepare(self, dialect: Dialect) -> tuple[str, list[str], dict[str, Any], list[tuple[int, Any]]]:
        compiled = self._statement.compile(dialect=positional(dialect))
        columns = self._statement.selected_columns
        types = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        readers = [(place, reader) for place, reader in enumerate(types) if reader]  # few columns need one
        prepared = (str(compiled), list(compiled.positiontup or []), compiled.params, readers)
        return self._prepared.setdefault(dialect.name, prepared)


class Change:
    """A write of rows, prepared once, within the session's own transaction; the session hears nothing of it."""

    def __init__(self, statement: Update) -> None:
        self._statement = statement
        self._prepared: dict[str, tuple[str, list[tuple[str, Any]], dict[str, Any]]] = {}

    def __call__(self, **values: object) -> int:
        """How many rows it has changed."""
        connection, dialect = driver(db.session())
        sql, binds, constants = self._prepared.get(dialect.name) or self._prepare(dialect)
        given = constants | values
        written = [write(given[name]) if write else given[name] for name, write in binds]
        try:
            if dialect.name != "sqlite":
                return int(connection.statements.changed(sql, written))
            with closing(connection.cursor()) as cursor:
                return int(cursor.execute(sql, written).rowcount)
        except dialect.loaded_dbapi.Error as error:
            raise as_told(error, sql, connection, dialect) from error

    def _prepare(self, dialect: Dialect) -> tuple[str, list[tuple[str, Any]], dict[str, Any]]:
        compiled = self._statement.compile(dialect=positional(dialect))
        names, types = compiled.positiontup or [], {name: bind.type for name, bind in compiled.binds.items()}
        binds = [(name, types[name].dialect_impl(dialect).bind_processor(dialect)) for name in names]
        return self._prepared.setdefault(dialect.name, (str(compiled), binds, compiled.params))


def positional(dialect: Dialect) -> Dialect:
    """The dialect with parameters that are told apart by their order."""
    kind, style = (sqlite, "qmark") if dialect.name == "sqlite" else (postgresql, "numeric_dollar")
    positional: Dialect = kind.dialect(paramstyle=style)
    return positional


def as_loaded(model: type[Row], values: tuple[Any, ...]) -> Row:
    """The session's object for a row, whose columns come in the order of its table. One that the session has already
    is brought up to date, so nothing that is not flushed may be changed of it."""
    session, names = db.session(), _names(model)
    known: Row | None = session.identity_map.get(_key(model, values[names.index("id")]))
    if known is None:
        return taken_in(session, unbound(model, values))
    held = instance_dict(known)
    if tuple(map(held.get, names, repeat(NO_VALUE))) != values:  # one look at all, since mostly nothing has changed
        for name, value in zip(names, values, strict=True):
            if name not in held or held[name] != value:
                set_committed_value(known, name, value)
    return known


def unbound(model: type[Row], values: Sequence[Any]) -> Row:
    """An object for a row, whose columns come in the order of its table, of which no session knows."""
    return fresh(model, **dict(zip(_names(model), values, strict=True)))


def fresh(model: type[Row], **values: Any) -> Row:
    """A new row of these values, at a tenth of its constructor's price: its own checks of them are passed over."""
    made: Row = manager_of_class(model).new_instance()
    instance_dict(made).update(values)
    return made


def blank(model: type[Row], **values: Any) -> Row:
    """The same with nothing in all its other columns yet, nor behind them, so that nobody looks for it."""
    behind: dict[str, Any] = {one.key: [] if one.uselist else None for one in inspect(model).relationships}
    return fresh(model, **{**dict.fromkeys(_names(model)), **behind, **values})


@cache
def _names(model: type[Model]) -> list[str]:
    mapper = inspect(model)
    return [mapper.get_property_by_column(column).key for column in model.__table__.columns]


def taken_in(session: Session, row: Row) -> Row:
    """As the stored row that it is from now on. Told to the session as its own loading does: `add` would look through
    all that the row refers to for what is still to be stored. With `make_transient_to_detached` before it that is
    the public way, and takes 39 µs instead of 7: 3 % of an answer's time for the two rows that it stores alone.
    """
    state = instance_state(row)
    if state.modified:
        state._commit_all(state.dict)
    state.key, state.session_id = _key(type(row), row.id), session.hash_key
    session.identity_map.add(state)
    return row


def _key(model: type[Model], number: int) -> Any:
    """Under which the session knows the row."""
    return class_mapper(model).identity_key_from_primary_key((number,))


def first_of(connection: Any, dialect: Dialect, sql: str, values: list[Any]) -> tuple[Any, ...] | None:
    """The first row that a statement returns."""
    try:
        if dialect.name != "sqlite":
            return next(iter(connection.statements.rows(sql, values)), None)
        with closing(connection.cursor()) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(sql, values).fetchone()
            return row
    except dialect.loaded_dbapi.Error as error:
        raise as_told(error, sql, connection, dialect) from error

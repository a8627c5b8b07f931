"""The database: the base of every model, its column types, and how transactions begin.

Reads take no lock. A transaction that will write says so first, by `begin_write`; on SQLite it then waits in
a fair queue and begins with `BEGIN IMMEDIATE`, since a read that upgrades to a write fails at once however
long the busy timeout is.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    FromClause,
    Insert,
    MetaData,
    Select,
    Table,
    event,
    insert,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, make_transient_to_detached, mapped_column, registry
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Aware on this side, always UTC; SQLite keeps it naive, PostgreSQL with its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


WallClock = Annotated[datetime, mapped_column(DateTime(timezone=False))]
"""What a clock on the wall shows: no zone of its own, the row's `zone` column says whose wall."""


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


def one_of(words: type[StrEnum]) -> Enum:
    """A column that holds one of these words, as the word itself."""
    return Enum(words, native_enum=False, length=20, values_callable=lambda kind: [member.value for member in kind])


class Model(Base):
    """A row with a number of its own."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)


class Version(Base):
    """How often something has changed: what is rendered from it is good for one number."""

    __tablename__ = "version"

    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Peek:
    """A read of one row, prepared once: at a third of the price of a session's, for the few rows that nearly every
    request asks for. It goes to the driver itself, with the types of the columns on the way back."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._prepared: dict[str, tuple[str, list[str], dict[str, Any], list[Any]]] = {}

    def __call__(self, **values: object) -> tuple[Any, ...] | None:
        """The first row, if there is one, as it is committed."""
        connection = db.engine.raw_connection()
        try:
            return self._first(connection, values)
        finally:
            connection.close()

    def here(self, **values: object) -> tuple[Any, ...] | None:
        """The first row, if there is one, as the session's own transaction sees it."""
        session = db.session()
        session.flush()
        return self._first(session.connection().connection, values)

    def _first(self, connection: Any, values: dict[str, object]) -> tuple[Any, ...] | None:
        dialect = db.engine.dialect
        sql, names, constants, types = self._prepared.get(dialect.name) or self._prepare(dialect)
        cursor = connection.cursor()
        cursor.execute(sql, [values[name] if name in values else constants[name] for name in names])
        row = cursor.fetchone()
        cursor.close()
        return row and tuple(read(value) if read else value for read, value in zip(types, row, strict=True))

    def _prepare(self, dialect: Dialect) -> tuple[str, list[str], dict[str, Any], list[Any]]:
        kind, style = (sqlite, "qmark") if dialect.name == "sqlite" else (postgresql, "format")
        compiled = self._statement.compile(dialect=kind.dialect(paramstyle=style))
        columns = self._statement.selected_columns
        types = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        prepared = (str(compiled), list(compiled.positiontup or []), compiled.params, types)
        return self._prepared.setdefault(dialect.name, prepared)


def post(row: Model) -> None:
    """Insert a new row now, at half the price of a flush, for the few kinds that most writes add; it is then loaded.

    What it refers to is given by number, and is stored already.
    """
    session = db.session()
    session.flush()
    table = row.__table__
    values = {column.key: _given(row, column) for column in table.columns if not column.primary_key}
    key = session.connection().execute(_insert_into(table), values).inserted_primary_key
    row.id = key[0] if key else 0
    make_transient_to_detached(row)
    session.add(row)  # as the row that it is now


@cache
def _insert_into(table: FromClause) -> Insert:
    return insert(cast(Table, table))


def _given(row: Model, column: Any) -> Any:
    """A column's value: what was set, else its default, which the row shows from now on."""
    value = getattr(row, column.key)
    default: Any = getattr(column, "default", None)
    if value is None and default is not None:
        value = default.arg(None) if default.is_callable else default.arg
        setattr(row, column.key, value)
    return value


AT_ONCE = "at once"
"""How a transaction says that it writes, but does not wait for its turn."""

PUBLIC = "public"
"""The version of everything a visitor can see. Every write raises it unless it says that it is private."""


class Busy(Exception):
    """Somebody else is writing, and the one who asked would not wait."""


def begin_write(*, public: bool = True, keep: bool = False, wait: bool = True) -> None:
    """End the read so far and begin a transaction that writes; what was loaded is read anew, under the lock.

    `public=False` is for writes that no visitor's page can show (a sign-in, a sent letter): those pages stay kept.
    `keep=True` leaves what was loaded as it is, for a caller that reads what it decides by once more itself.
    `wait=False` raises Busy rather than wait for another writer, for what can as well be left undone; on PostgreSQL,
    where writers meet at rows, the statement itself then fails after a moment.
    """
    session = db.session()
    if keep:
        session.commit()  # which expires nothing
    else:
        session.rollback()
        session.expire_all()  # also what an earlier commit has left loaded
    session.info["public"] = public
    session.connection(execution_options={"writes": True if wait else AT_ONCE})
    if not wait and session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))


def _raise_public_version(session: Session) -> None:
    """Last thing before the commit, so that on PostgreSQL writers queue at this one row for a moment only."""
    if session.info.pop("public", False):
        session.flush()
        session.connection().execute(_RAISE)


_RAISE = update(Version).where(Version.key == PUBLIC).values(number=Version.number + 1)


PATIENCE = "busy_timeout=10000"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    PATIENCE,
    "cache_size=-8000",  # 8 MB a connection, so that the indexes of a large society stay in it
    "wal_autocheckpoint=8000",  # 32 MB: what is written often is copied into the database file less often
)


class WriterQueue:
    """Lets one writer at a time into a SQLite file: threads by a lock, processes by a lock on a file beside it.

    SQLite's own answer to contention is to sleep and try again, with which one of 20 writers can starve for
    seconds; here the next in line is woken at once.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._threads = threading.Lock()
        self._file = -1
        self._forget_at_fork()
        os.register_at_fork(after_in_child=self._forget_at_fork)

    def _forget_at_fork(self) -> None:
        self._threads = threading.Lock()
        self._file = -1

    def enter(self, *, wait: bool = True) -> None:
        """Come to the head of the queue; with `wait=False` only if nobody is there, else raise Busy."""
        if not self._threads.acquire(blocking=wait):
            raise Busy
        try:
            if self._file < 0:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._threads.release()
            raise Busy from error
        except BaseException:
            self._threads.release()
            raise

    def leave(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


def init_database(app: Flask) -> None:
    """Bind the database to `app` and teach its connections how transactions begin."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            _listen_to_sqlite(engine)


def _listen_to_sqlite(engine: Engine) -> None:
    queue = WriterQueue(Path(engine.url.database or "memory"))

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # Told to the driver itself: by way of `exec_driver_sql` it would take as long as the read that follows.
        tell = connection.connection.driver_connection.execute
        writes = connection.get_execution_options().get("writes")
        if not writes:
            tell("BEGIN")
            return
        queue.enter(wait=writes != AT_ONCE)
        connection.connection.info["queue"] = queue
        if writes == AT_ONCE:
            _begin_at_once(tell)
        else:
            tell("BEGIN IMMEDIATE")

    # Leaving at check-in rather than at the commit event, which comes before the commit is on the disk.
    @event.listens_for(engine, "checkin")
    def leave(_connection: Any, record: Any) -> None:
        if record.info.pop("queue", None):
            queue.leave()


def _begin_at_once(tell: Callable[[str], object]) -> None:
    """Another program, which does not queue, may be writing to the file: it is not waited for either."""
    tell("PRAGMA busy_timeout=0")
    try:
        tell("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise Busy from error
    finally:
        tell(f"PRAGMA {PATIENCE}")


event.listen(db.session, "before_commit", _raise_public_version)
event.listen(db.session, "after_rollback", lambda session: session.info.pop("public", None))

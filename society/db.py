"""The database: the base of every model, its column types, and how transactions begin.

Reads take no lock. A transaction that will write says so first, by `begin_write`; on SQLite it then waits in
a fair queue and begins with `BEGIN IMMEDIATE` (see `society.sqlite`).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from society import postgres
from society.sqlite import AT_ONCE, WAITED, listen, turn_into_write


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


PUBLIC = "public"
"""The version of everything a visitor can see. Every write raises it unless it says that it is private."""


def begin_write(*, public: bool = True, keep: bool = False, wait: bool = True) -> None:
    """End the read so far and begin a transaction that writes; what was loaded is read anew, under the lock.

    `public=False` is for writes that no visitor's page can show (a sign-in, a sent letter): those pages stay kept.
    `keep=True` leaves what was loaded as it is, for a caller that reads what it decides by once more itself.
    `wait=False` raises `sqlite.Busy` rather than wait for another writer, for what can as well be left undone; on
    PostgreSQL, where writers meet at rows, the statement itself then fails after a moment.
    """
    session = db.session()
    if keep and session.in_transaction() and not is_writing():
        session.info["public"] = public
        connection = session.connection()
        turn_into_write(connection, wait=wait)  # the same connection: handing it back and over takes a while
        if connection.dialect.name == "postgresql":
            _bring_what_is_written(connection)  # so that what was asked ahead is asked anew
    else:
        _end_read(session, keep=keep)
        session.info["public"] = public
        session.connection(execution_options={"writes": True if wait else AT_ONCE})
    if not wait and session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))


def reach_visitors() -> None:
    """What the transaction at hand writes is shown on visitors' pages after all, so those are made anew."""
    db.session().info["public"] = True


def _end_read(session: Session, *, keep: bool) -> None:
    if keep:
        session.commit()  # which expires nothing
    else:
        session.rollback()
        session.expire_all()  # also what an earlier commit has left loaded


def let_go_at_commit(release: Callable[[], object]) -> None:
    """Call that as soon as the commit of the transaction at hand is on its way, and nobody else waits for what it
    holds: before it is on the disk. It may never be called, as where nothing is committed, or on PostgreSQL nothing
    public: whoever holds something lets go of it in the end all the same."""
    db.session().info["release"] = release


def _let_go(*_: object) -> None:
    release = db.session().info.pop("release", None)
    if release:
        release()


def waited_to_write() -> float:
    """How many seconds others took while the writing transaction at hand waited for its turn; on PostgreSQL, where
    writers meet at rows, one if anybody waits there by now."""
    session = db.session()
    connection, dialect = driver(session)
    if dialect.name == "postgresql":
        return float(postgres.somebody_waits(connection))
    return float(session.connection().info.get(WAITED, 0))


def is_writing() -> bool:
    """Whether the transaction at hand is one that `begin_write` began."""
    return "public" in db.session().info


def driver(session: Session) -> tuple[Any, Dialect]:
    """The driver's own connection of the session's transaction, and its dialect; asked of the session once for each
    transaction, and for each savepoint in it, which the session sets no sooner."""
    held: tuple[Any, Dialect] | None = session.info.get("driver")
    if held is None:
        connection = session.connection()
        held = session.info["driver"] = connection.connection.driver_connection, connection.dialect
    return held


def _another_transaction(session: Session, _begun_or_ended: SessionTransaction) -> None:
    session.info.pop("driver", None)


def as_told(error: Any, sql: str, connection: Any, dialect: Dialect) -> BaseException:
    """What the driver itself raised, as the session would have told it to whoever has an answer to it. With a
    connection that is lost the pool lets go of all that are as old."""
    lost = dialect.is_disconnect(error, connection, None)
    if lost:
        db.engine.pool._invalidate(connection, error)  # what the engine does of itself wherever it is asked
    told: BaseException = DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )
    return told


def _raise_public_version(session: Session) -> None:
    """Last thing before the commit, so that on PostgreSQL writers queue at this one row for a moment only; that a
    savepoint is let go is no commit."""
    if not session.in_nested_transaction() and session.info.pop("public", False):
        session.flush()
        connection, dialect = driver(session)
        try:
            if dialect.name == "sqlite":
                connection.execute(_RAISE)  # by the driver itself, since every writer waits for it
            else:
                connection.statements.commit_with(_RAISE, _let_go)
        except dialect.loaded_dbapi.Error as error:
            raise as_told(error, _RAISE, connection, dialect) from error


def _end_write(session: Session, ended: SessionTransaction) -> None:
    """What is taken back to a savepoint is still the same write."""
    if ended.parent is None:
        session.info.pop("public", None)


def _bring_what_is_written(connection: Connection, *_: object) -> None:
    """To the server, before the session says anything more to it."""
    held, dialect = connection.connection.driver_connection, connection.dialect
    assert held is not None
    try:
        held.statements.bring()
    except dialect.loaded_dbapi.Error as error:
        raise as_told(error, "", held, dialect) from error


def _leave_what_is_taken_back(connection: Connection, *_: object) -> None:
    """What has not been sent yet of what is taken back never is. On a connection that is lost, or was closed while
    answers were on their way, nothing can be taken back."""
    held = None if connection.closed or connection.invalidated else connection.connection.driver_connection
    if held is not None:
        held.statements.forget()
        if held.closed:
            connection.invalidate()


def _bring_before_release(session: Session) -> None:
    """What cannot stand is told while its savepoint can still be gone back to."""
    asked = session.in_nested_transaction() and session.info.get("driver")
    if asked and asked[1].name == "postgresql":
        _bring_what_is_written(session.connection())


_RAISE = "UPDATE version SET number = number + 1 WHERE key = 'public'"


def init_database(app: Flask) -> None:
    """Bind the database to `app` and teach its connections how transactions begin."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            listen(engine)
            event.listen(engine, "commit", _let_go)
        else:
            event.listen(engine, "connect", postgres.prepare)
            event.listen(engine, "before_cursor_execute", _bring_what_is_written)
            event.listen(engine, "commit", _bring_what_is_written)
            event.listen(engine, "rollback", _leave_what_is_taken_back)
            event.listen(engine, "rollback_savepoint", _leave_what_is_taken_back)
            event.listen(engine, "checkin", postgres.forget)
            event.listen(engine, "checkout", postgres.must_be_there)


event.listen(db.session, "before_commit", _bring_before_release)
event.listen(db.session, "before_commit", _raise_public_version)
event.listen(db.session, "after_soft_rollback", _end_write)
event.listen(db.session, "after_transaction_create", _another_transaction)
event.listen(db.session, "after_transaction_end", _another_transaction)

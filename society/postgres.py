"""PostgreSQL as a database that many write to: nobody waits for the disk while others wait for the row.

Writers meet at rows, and hold them until their commit. So that this takes no longer than the work itself, their commit
leaves the disk for later; the locks go with it, and only then is the write-ahead log brought to the disk, before anyone
is told. What others commit meanwhile comes after it in the log, so that it never outlives what it was built upon.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import count, islice
from select import POLLIN, poll
from typing import Any, NamedTuple

from psycopg import Connection, IsolationLevel, OperationalError, RawCursor
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, error_from_result
from psycopg.generators import execute, fetch_many
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy.exc import DisconnectionError

_COMMIT = ("SET LOCAL synchronous_commit = off", "COMMIT")
_BRING_TO_DISK = "SELECT pg_logical_emit_message(true, 'society', '')"
"""A transaction of its own that writes to the log, and nowhere else: its commit waits for all that was committed before
it to outlive a power failure, and for whatever else the server is set to wait for."""
_SOMEBODY_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)

Asked = tuple[str, Sequence[Any]]
"""A statement with its values."""
Ready = tuple[str, Sequence[Buffer | None]]
"""The same with its values as they are sent."""


class Reads(NamedTuple):
    """What a statement reads."""

    tables: frozenset[str]
    width: int
    """Columns of its rows."""


def prepare(connection: Any, _record: object) -> None:
    """A new connection compiles no statement: what is compiled for a count of 100,000 costs three times the count. Nor
    does the driver prepare any: at each rollback it would have the server forget all that are prepared."""
    connection.execute("SET jit = off")
    connection.commit()
    connection.prepare_threshold = None
    connection.statements = Statements(connection)


def forget(connection: Any, _record: object) -> None:
    """A connection's transaction is over; where it broke, there is none."""
    if connection is not None:
        connection.statements.forget()


def must_be_there(connection: Any, _record: object, _pool: object) -> None:
    """A connection leaves the pool only if its server is still there, else another is made in its place: one that has
    been started anew has said so, or closed it, while it lay idle. To look takes 5 µs, and asks the server nothing."""
    if connection.closed or _has_word_from_the_server(connection.fileno()):
        raise DisconnectionError("the server has ended this connection")


def _has_word_from_the_server(socket: int) -> bool:
    at_hand = poll()
    at_hand.register(socket, POLLIN)
    return bool(at_hand.poll(0))


class Statements:
    """What one connection is asked often, with parameters `$1`, `$2`: prepared by the server once, then asked for by
    its name, in the transaction at hand.

    A cursor of the driver, which does the same and more, takes 75 µs of this process's time for a row instead of 33.
    A message to the server and back costs more than what most of them ask for. So what is written `later` goes with
    the next message, and what is asked `ahead` is answered by it too: that is good until another message, or until
    something is written down in a table that it has read.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._adapted = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._count = count()
        self._to_number: tuple[str, ...] = ()
        self._taken: dict[str, int] = {}
        self._unsent: list[Ready] = []
        self._ahead: dict[Asked, Reads] = {}
        self._answers: dict[Asked, tuple[list[tuple[Any, ...]], Reads]] = {}

    def rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What it returns, each value as the driver reads it."""
        answered = self._answered(sql, values)
        return self._read(self._ask(sql, values)) if answered is None else answered

    def changed(self, sql: str, values: Sequence[Any]) -> int:
        """How many rows it has changed."""
        return self._ask(sql, values).command_tuples or 0

    def each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same statement with many rows of values, by the driver, which sends them all before it waits."""
        self.bring()
        with RawCursor(self._connection) as cursor:
            cursor.executemany(sql, rows)

    def later(self, sql: str, values: Sequence[Any], table: str) -> None:
        """Send a new row of that table before whatever is sent next in this transaction, or is committed."""
        self._unsent.append(self._ready(sql, values))
        for asked in [asked for asked, (_, reads) in self._answers.items() if table in reads.tables]:
            del self._answers[asked]

    def ahead(self, sql: str, values: Sequence[Any], reads: Reads) -> None:
        """Ask for its first row behind whatever is asked next in this transaction; `rows` has the answer by then."""
        asked = sql, tuple(values)
        if asked not in self._answers:
            self._ahead[asked] = reads

    def numbers_ahead(self, tables: Sequence[str]) -> None:
        """Take the number of a new row of each of these tables in the same way. Not before: whoever waits for somebody
        else's row comes after them."""
        self._to_number = tuple(tables)

    def number(self, table: str) -> int | None:
        """One that was taken for a new row of this table, if any, and is that row's from now on. Until then it stays
        good for the whole transaction."""
        return self._taken.pop(table, None)

    def bring(self) -> None:
        """Send what is to be sent later; called before the driver itself sends anything."""
        self._answers.clear()
        if self._unsent:
            self._send(self._first())

    def commit_with(self, sql: str, sent: Callable[[], None]) -> None:
        """Do a last thing, commit, and wait for the disk: all in one message, and call `sent` once that has left."""
        last = [self._ready(one) for one in (sql, *_COMMIT, _BRING_TO_DISK)]
        self._send([*self._first(), *last], sent)
        self.forget()

    def forget(self) -> None:
        """The transaction is over."""
        self._unsent, self._to_number = [], ()
        self._ahead.clear()
        self._answers.clear()
        self._taken.clear()

    def _answered(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
        """What was asked ahead; what has not been sent yet need not be."""
        if not self._answers and not self._ahead:
            return None
        asked = sql, tuple(values)
        self._ahead.pop(asked, None)
        answer, _ = self._answers.pop(asked, (None, None))
        return answer

    def _ask(self, sql: str, values: Sequence[Any]) -> PGresult:
        before, behind, numbered = self._first(), self._ahead, self._to_number
        self._ahead, self._to_number = {}, ()
        asked = [self._ready(sql, values)]
        if behind or numbered:
            whole = _as_one(numbered, tuple((sql, len(values)) for sql, values in behind))
            asked.append(self._ready(whole, [value for _, values in behind for value in values]))
        answer, *others = self._send([*before, *asked])[len(before) :]
        for other in others:
            row = iter(*self._read(other))
            self._taken.update(zip(numbered, row, strict=False))
            for one, reads in behind.items():
                found, *columns = islice(row, 1 + reads.width)
                self._answers[one] = [tuple(columns)] if found else [], reads
        return answer

    def _first(self) -> list[Ready]:
        """What goes before the next statement."""
        idle = self._connection.pgconn.transaction_status == TransactionStatus.IDLE
        return [self._ready(self._beginning()), *self._unsent] if idle else [*self._unsent]

    def _beginning(self) -> str:
        level = self._connection.isolation_level
        return f"BEGIN ISOLATION LEVEL {IsolationLevel(level).name.replace('_', ' ')}" if level else "BEGIN"

    def _ready(self, sql: str, values: Sequence[Any] = ()) -> Ready:
        """All as text, which the server reads as what the statement needs there: so one preparation serves all values.
        What cannot be sent is told here, before anything is."""
        return sql, self._adapted.dump_sequence(values, [PyFormat.TEXT] * len(values))

    def _send(self, ready: Sequence[Ready], sent: Callable[[], None] = lambda: None) -> list[PGresult]:
        """The answer to each; what was to be sent later is among them."""
        self._answers.clear()
        named = [(self._names.get(sql) or self._prepare(sql), values) for sql, values in ready]
        self._unsent = []
        try:
            if len(named) > 1:
                return [self._checked(answer) for answer in self._together(named, sent)]
            self._connection.pgconn.send_query_prepared(*named[0])
            return [self._answer()]
        except FeatureNotSupported:  # an update has changed a column meanwhile: they are prepared anew the next time
            for sql, _ in ready:
                self._names.pop(sql, None)
            raise

    def _together(
        self, named: Sequence[tuple[bytes, Sequence[Buffer | None]]], sent: Callable[[], None]
    ) -> list[PGresult]:
        """All in one message (pipeline mode: PostgreSQL's documentation, libpq), and what is answered, as it may be.
        Whatever comes between ends the connection: nobody knows which answers are still on their way."""
        server = self._connection.pgconn
        try:
            server.enter_pipeline_mode()
            for name, values in named:
                server.send_query_prepared(name, values)
            server.pipeline_sync()
            server.flush()
            sent()
            answers = self._connection.wait(_answers(server, len(named)))
            if server.status != ConnStatus.BAD:
                server.exit_pipeline_mode()
        except BaseException:
            self._connection.close()
            raise
        return answers

    def _prepare(self, sql: str) -> bytes:
        name = f"society_{next(self._count)}".encode()
        self._connection.pgconn.send_prepare(name, sql.encode())
        self._answer()
        return self._names.setdefault(sql, name)

    def _read(self, answer: PGresult) -> list[tuple[Any, ...]]:
        self._adapted.set_pgresult(answer)
        return self._adapted.load_rows(0, answer.ntuples, tuple)

    def _answer(self) -> PGresult:
        """Waits as the driver does, so that signals come through; raises as it does."""
        answer: PGresult
        *_, answer = self._connection.wait(execute(self._connection.pgconn))
        return self._checked(answer)

    def _checked(self, answer: PGresult) -> PGresult:
        if answer.status not in _DONE:
            if self._connection.pgconn.status == ConnStatus.BAD:
                raise OperationalError(answer.get_error_message(), info=answer)
            raise error_from_result(answer)
        return answer


@cache
def _as_one(tables: tuple[str, ...], statements: tuple[tuple[str, int], ...]) -> str:
    """Numbers of new rows, and the first row of each statement that takes so many values, as one row: whether there is
    one stands before it. A statement costs a server more than most of these find.

    Numbers come by the names that it gives to the sequences of serial columns: to look for those costs more than they.
    """
    columns, joined, given = [f"nextval('{table}_id_seq')" for table in tables], ["(SELECT) AS once"], 0
    for number, (sql, values) in enumerate(statements):
        first = f"SELECT true, asked.* FROM ({_shifted(sql, given)}) AS asked LIMIT 1"  # noqa: S608
        joined.append(f"({first}) AS one_{number} ON true")
        columns.append(f"one_{number}.*")
        given += values
    return f"SELECT {', '.join(columns)} FROM {' LEFT JOIN '.join(joined)}"  # noqa: S608


def _shifted(sql: str, by: int) -> str:
    """With its parameters counted on from so many."""
    return re.sub(r"\$(\d+)", lambda number: f"${int(number[1]) + by}", sql)


def _answers(server: PGconn, number: int) -> PQGen[list[PGresult]]:
    """The answers to so many statements of one message, up to that with which the server has ended the connection."""
    answers: list[PGresult] = []
    found = yield from execute(server)
    while len(answers) < number:
        answers += found
        try:
            found = yield from fetch_many(server)
        except OperationalError:
            if answers[-1].status in _DONE:
                raise
            break
    return answers


def somebody_waits(connection: Any) -> bool:
    """Whether anyone waits at a row at this moment."""
    (waits,) = connection.execute(_SOMEBODY_WAITS).fetchone()
    return bool(waits)

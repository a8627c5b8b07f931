"""PostgreSQL as a database that many write to: nobody waits for the disk while others wait for the row.

Writers meet at rows, and hold them until their commit. So that this takes no longer than the work itself, their commit
leaves the disk for later; the locks go with it, and only then is the write-ahead log brought to the disk, before anyone
is told. What others commit meanwhile comes after it in the log, so that it never outlives what it was built upon.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from select import POLLIN, poll
from typing import Any

from psycopg import Connection, IsolationLevel, OperationalError, RawCursor
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, error_from_result
from psycopg.generators import execute
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy.exc import DisconnectionError

_COMMIT = "SET LOCAL synchronous_commit = off; COMMIT"
_BRING_TO_DISK = "SELECT pg_logical_emit_message(true, 'society', '')"
"""A transaction of its own that writes to the log, and nowhere else: its commit waits for all that was committed before
it to outlive a power failure, and for whatever else the server is set to wait for."""
_SOMEBODY_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


def prepare(connection: Any, _record: object) -> None:
    """A new connection compiles no statement: what is compiled for a count of 100,000 costs three times the count. Nor
    does the driver prepare any: at each rollback it would have the server forget all that are prepared."""
    connection.execute("SET jit = off")
    connection.commit()
    connection.prepare_threshold = None
    connection.statements = Statements(connection)


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
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._adapted = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._numbers = count()

    def rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What it returns, each value as the driver reads it."""
        answer = self._ask(sql, values)
        self._adapted.set_pgresult(answer)
        return self._adapted.load_rows(0, answer.ntuples, tuple)

    def changed(self, sql: str, values: Sequence[Any]) -> int:
        """How many rows it has changed."""
        return self._ask(sql, values).command_tuples or 0

    def each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same statement with many rows of values, by the driver, which sends them all before it waits."""
        with RawCursor(self._connection) as cursor:
            cursor.executemany(sql, rows)

    def tell(self, sql: str) -> None:
        """Several at once, without parameters, and not prepared."""
        self._connection.pgconn.send_query(sql.encode())
        self._answer()

    def _ask(self, sql: str, values: Sequence[Any]) -> PGresult:
        server = self._connection.pgconn
        if server.transaction_status == TransactionStatus.IDLE:
            self.tell(self._beginning())
        name = self._names.get(sql) or self._prepare(sql)
        # All as text, which the server reads as what the statement needs there: so one preparation serves all values.
        server.send_query_prepared(name, self._adapted.dump_sequence(values, [PyFormat.TEXT] * len(values)))
        try:
            return self._answer()
        except FeatureNotSupported:  # an update has changed a column meanwhile: it is prepared anew the next time
            self._names.pop(sql, None)
            raise

    def _beginning(self) -> str:
        level = self._connection.isolation_level
        return f"BEGIN ISOLATION LEVEL {IsolationLevel(level).name.replace('_', ' ')}" if level else "BEGIN"

    def _prepare(self, sql: str) -> bytes:
        name = f"society_{next(self._numbers)}".encode()
        self._connection.pgconn.send_prepare(name, sql.encode())
        self._answer()
        return self._names.setdefault(sql, name)

    def _answer(self) -> PGresult:
        """Waits as the driver does, so that signals come through; raises as it does."""
        answer: PGresult
        *_, answer = self._connection.wait(execute(self._connection.pgconn))
        if answer.status not in _DONE:
            if self._connection.pgconn.status == ConnStatus.BAD:
                raise OperationalError(answer.get_error_message(), info=answer)
            raise error_from_result(answer)
        return answer


def commit_with(statement: str, connection: Any) -> None:
    """Do a last thing in a connection's transaction, commit it, and wait for the disk: all in one message."""
    connection.statements.tell(f"{statement}; {_COMMIT}; {_BRING_TO_DISK}")


def somebody_waits(connection: Any) -> bool:
    """Whether anyone waits at a row at this moment."""
    (waits,) = connection.execute(_SOMEBODY_WAITS).fetchone()
    return bool(waits)

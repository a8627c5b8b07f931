"""PostgreSQL as a database that many write to: nobody waits for the disk while others wait for the row.

Writers meet at rows, and hold them until their commit. So that this takes no longer than the work itself, their commit
leaves the disk for later; the locks go with it, and only then is the write-ahead log brought to the disk, before anyone
is told. What others commit meanwhile comes after it in the log, so that it never outlives what it was built upon.
"""

from typing import Any

_COMMIT = "SET LOCAL synchronous_commit = off; COMMIT"
_BRING_TO_DISK = "SELECT pg_logical_emit_message(true, 'society', '')"
"""A transaction of its own that writes to the log, and nowhere else: its commit waits for all that was committed before
it to outlive a power failure, and for whatever else the server is set to wait for."""
_SOMEBODY_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


def prepare(connection: Any, _record: object) -> None:
    """A new connection compiles no statement: what is compiled for a count of 100,000 costs three times the count."""
    connection.execute("SET jit = off")
    connection.commit()


def commit_with(statement: str, connection: Any) -> None:
    """Do a last thing in a connection's transaction, commit it, and wait for the disk: all in one message."""
    connection.execute(f"{statement}; {_COMMIT}; {_BRING_TO_DISK}")


def somebody_waits(connection: Any) -> bool:
    """Whether anyone waits at a row at this moment."""
    (waits,) = connection.execute(_SOMEBODY_WAITS).fetchone()
    return bool(waits)

"""SQLite as a database that many write to: in turn, without a wait for the disk while the others wait.

A transaction that writes stands in a fair queue and begins with `BEGIN IMMEDIATE`, since a read that upgrades to a
write fails at once however long the busy timeout is. Its turn ends with its commit. Only then is the write-ahead log
brought to the disk, and only after that does the commit return: nobody is told of what could still be lost, and the
next writer works meanwhile. What is committed in between is on the disk with it, since the log is written in order.
"""

import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

AT_ONCE = "at once"
"""How a transaction says that it writes, but does not wait for its turn."""

WAITED = "waited"
"""Under which a connection tells how long its writing transaction stood in the queue."""

PATIENCE = "busy_timeout=10000"
PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    PATIENCE,
    "cache_size=-8000",  # 8 MB a connection, so that the indexes of a large society stay in it
    "wal_autocheckpoint=8000",  # 32 MB: what is written often is copied into the database file less often
)


class Busy(Exception):
    """Somebody else is writing, and the one who asked would not wait."""


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

    def enter(self, *, wait: bool = True) -> float:
        """Come to the head of the queue; how many seconds others were before us, 0 if nobody was. With `wait=False`
        only if nobody is there, else raise Busy."""
        began = time.perf_counter()
        at_once = self._threads.acquire(blocking=False)
        if not at_once and not (wait and self._threads.acquire()):
            raise Busy
        try:
            at_once = self._lock_file(wait=wait) and at_once
        except BaseException:
            self._threads.release()
            raise
        return 0 if at_once else time.perf_counter() - began

    def _lock_file(self, *, wait: bool) -> bool:
        """Whether that was possible at once."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if not wait:
                raise Busy from error
            fcntl.flock(self._file, fcntl.LOCK_EX)
            return False
        return True

    def leave(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


def listen(engine: Engine) -> None:
    """Teach an engine's connections how transactions begin and end."""
    turns = _Turns(engine.url.database or "memory")
    event.listen(engine, "connect", turns.prepare)
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "commit", turns.commit)
    event.listen(engine, "checkin", turns.end)


def turn_into_write(connection: Connection, *, wait: bool) -> None:
    """End what a connection has only read so far, and let it go on with a transaction that writes.

    On other databases every transaction can, and each of its statements reads what is committed by then.
    """
    if turns := connection.connection.info.get("turns"):
        connection.connection.commit()
        turns.begin_write(connection, wait=wait)


class _Turns:
    """The writers of one file, told by what happens to their connections."""

    def __init__(self, database: str) -> None:
        self._queue = WriterQueue(Path(database))
        self._log = f"{database}-wal"

    def prepare(self, connection: Any, record: Any) -> None:
        """A connection is new."""
        connection.isolation_level = None  # the driver must not begin transactions of its own
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        record.info["has_log"] = mode == "wal"  # some file systems cannot have one
        record.info["turns"] = self
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def begin(self, connection: Any) -> None:
        """A transaction begins on it."""
        # Told to the driver itself: by way of `exec_driver_sql` it would take as long as the read that follows.
        writes = connection.get_execution_options().get("writes")
        if writes:
            self.begin_write(connection, wait=writes != AT_ONCE)
        else:
            connection.connection.driver_connection.execute("BEGIN")

    def begin_write(self, connection: Any, *, wait: bool) -> None:
        """One that writes, in its turn."""
        tell, info = connection.connection.driver_connection.execute, connection.connection.info
        if info["has_log"]:
            info["lax"] = True
            tell("PRAGMA synchronous=NORMAL")  # the commit leaves it to `end` to wait for the disk
        info[WAITED] = self._queue.enter(wait=wait)
        info["queued"] = True
        if wait:
            tell("BEGIN IMMEDIATE")
        else:
            _begin_at_once(tell)

    def commit(self, connection: Any) -> None:
        """It is about to commit. That is done here, so that the next writer need not wait for all that SQLAlchemy does
        after it; what fails is tried, and told, once more by SQLAlchemy itself."""
        info = connection.connection.info
        info["committed"] = True
        if "queued" in info:
            with contextlib.suppress(sqlite3.Error):
                connection.connection.driver_connection.commit()
                self._leave(info)

    def _leave(self, info: Any) -> None:
        if info.pop("queued", False):
            self._queue.leave()

    def end(self, connection: Any, record: Any) -> None:
        """It goes back, its transaction over."""
        self._leave(record.info)  # of what was rolled back
        if record.info.pop("committed", False) and "lax" in record.info:
            _bring_to_disk(self._log)
        if record.info.pop("lax", False) and connection is not None:  # else it broke
            connection.execute("PRAGMA synchronous=FULL")


def _bring_to_disk(log: str) -> None:
    """Wait until all that is committed by now would outlive a power failure, as `synchronous=FULL` does.

    The log cannot vanish meanwhile: whoever asks has the database open.
    """
    file = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    try:
        getattr(os, "fdatasync", os.fsync)(file)
    finally:
        os.close(file)


def _begin_at_once(tell: Callable[[str], object]) -> None:
    """Another program, which does not queue, may be writing to the file: it is not waited for either."""
    tell("PRAGMA busy_timeout=0")
    try:
        tell("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise Busy from error
    finally:
        tell(f"PRAGMA {PATIENCE}")

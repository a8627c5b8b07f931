"""Which post offices live: each has a file in the instance folder, locked as long as its process runs.

The system takes the lock away however a process ends, so what a killed worker held need not wait for its claim's end. A
worker elsewhere, with a folder of its own, is not known of here: what it held does wait.
"""

import contextlib
import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex

from flask import current_app

log = logging.getLogger("society.mail")


@contextlib.contextmanager
def shown() -> Iterator[str]:
    """Show that this worker lives; by which mark its claims are known."""
    mark, file = token_hex(12), None
    try:
        file = _locked(mark)
    except OSError as error:
        log.warning("what this worker claims is not given up when it is killed", extra={"error": str(error)})
    try:
        yield mark
    finally:
        if file is not None:
            forget([mark])
            os.close(file)


def _locked(mark: str) -> int:
    """Its file has the lock before it has the name by which others find it."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = _folder() / f".{mark}"
    file = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    unfinished.rename(_folder() / mark)
    return file


def dead() -> Sequence[str]:
    """The marks of workers that were killed, until they are forgotten."""
    try:
        return [path.name for path in _folder().iterdir() if path.name[0] != "." and not _is_locked(path)]
    except OSError:  # there is no such folder, or one has just ended by itself
        return ()


def _is_locked(path: Path) -> bool:
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def forget(marks: Sequence[str]) -> None:
    """Nobody holds anything by them any more."""
    for mark in marks:
        (_folder() / mark).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.instance_path) / "post-offices"

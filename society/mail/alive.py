"""Which post offices live: each has a file in the instance folder, locked as long as its process runs.

The system takes the lock away however a process ends, so what a killed worker held need not wait for its claim's end. A
worker elsewhere, with a folder of its own, is not known of here: what it held does wait.

The file names the letter that has set out and whose text is still here, too, so that one with which a worker is killed
before it could leave does not count as handed over. A commit of its own for that would cost each letter as much as its
way; what a process has written into a file outlives it as well, and no disk is waited for.
"""

import contextlib
import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from flask import current_app

log = logging.getLogger("society.mail")


BOOT = Path("/proc/sys/kernel/random/boot_id")
"""By which Linux knows this run of the machine: what a file says of an earlier one may be out of date."""


@dataclass(frozen=True)
class Sign:
    """By which a worker is known: the mark of its claims, and its file, if it has one."""

    mark: str | None = None
    file: int | None = None
    _after: int = 0

    def hold(self, letter: int) -> None:
        """That one has set out, and its text is still here."""
        if self.file is not None:
            os.pwrite(self.file, b"%020d" % letter, self._after)

    def let_go(self) -> None:
        """Its text leaves, or it is settled that it does not."""
        self.hold(0)


@contextlib.contextmanager
def shown() -> Iterator[Sign]:
    """Show that this worker lives."""
    mark, file, run = token_hex(12), None, _run_of_machine()
    try:
        file = _locked(mark, f"{run} {0:020d}")
    except OSError as error:
        log.warning("what this worker claims is not given up when it is killed", extra={"error": str(error)})
    try:
        yield Sign(mark, file, len(run) + 1)
    finally:
        if file is not None:
            forget([mark])
            os.close(file)


def _run_of_machine() -> str:
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""


def _locked(mark: str, text: str) -> int:
    """Its file has the lock before it has the name by which others find it."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = _folder() / f".{mark}"
    file = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    os.write(file, text.encode())
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


def held_by(mark: str) -> int:
    """The letter that a killed worker had begun and whose text had not left; 0 if there is none, or nobody knows."""
    try:
        run, _, letter = (_folder() / mark).read_text().partition(" ")
    except OSError:
        return 0
    return int(letter) if run and run == _run_of_machine() and letter.isdecimal() else 0


def forget(marks: Sequence[str]) -> None:
    """Nobody holds anything by them any more."""
    for mark in marks:
        (_folder() / mark).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.instance_path) / "post-offices"

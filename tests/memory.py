"""Where databases of tests lie: in memory, as long as there is room, since each is written thousands of times."""

import os
import shutil
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108
ROOM = 1024**3
"""Bytes that must be free; containers often have 64 MB."""


def in_memory() -> Path | None:
    """A folder in memory; None, which `tempfile` takes for the usual one, where there is none or little room."""
    usable = os.access(SHARED, os.W_OK) and shutil.disk_usage(SHARED).free > ROOM
    return SHARED if usable else None

"""Three programs that read calendars, none of which knows of another: icalendar, ical.js and libical.

Each runs as a process of its own for as long as the tests do: a calendar on each line in, its meaning on each line out.
Times come as seconds since 1970, worked out by each program from the VTIMEZONE components in the file alone.
"""

import fcntl
import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
ICAL_JS = ROOT / ".venv" / "engines" / "node_modules" / "ical.js" / "dist" / "ical.js"
READERS: dict[str, list[str | Path]] = {
    "icalendar": [sys.executable, "-m", "tests.calendars.engines.pyicalendar"],
    "libical": [sys.executable, "-m", "tests.calendars.engines.libical"],
    "ical.js": ["node", HERE / "icaljs.mjs", ICAL_JS],
}


class Engine:
    """A reader, kept running."""

    def __init__(self, name: str) -> None:
        self.name = name
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(READERS[name], cwd=ROOT, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")

    def read(self, calendar: bytes) -> dict[str, Any]:
        """What the calendar says."""
        self.process.stdin.write(json.dumps(calendar.decode()) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, f"{self.name}: {answer['error']}"
        return answer

    def close(self) -> None:
        self.process.communicate(timeout=10)


def opened(stack: ExitStack) -> list[Engine]:
    """Each reader, until the stack is left. libical and node come by `bin/system-packages`, ical.js by `make`."""
    with (ROOT / ".venv" / "engines.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several processes test at once
        subprocess.run(["make", ".venv/engines"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    engines = [Engine(name) for name in READERS]
    for engine in engines:
        stack.callback(engine.close)
    return engines

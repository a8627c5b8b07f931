"""What each test asks of the database, noted while they run on SQLite: PostgreSQL then gets a test only if it asks what
not enough others that run there ask.

Most tests ask what a dozen others ask, with other values, and would tell nothing new of a second database; one that
begins a process or a thread, or takes long, is tried on each: what meets there, each keeps apart in its own way. What
was asked lies in pytest's cache: `--cache-clear` has PostgreSQL get all again, as it gets every test that is not known.
"""

import os
import subprocess
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import Engine, event

TIMES = 2
"""Tests by which each statement shall be tried on PostgreSQL, with each mixture of types and NULLs among its values."""
KEPT = "society/asks"
BESIDE = "others at once"
BEGINS: tuple[tuple[Any, str], ...] = ((threading.Thread, "start"), (subprocess.Popen, "__init__"), (os, "fork"))
"""What a test does that begins something beside itself."""

_asked: set[str] = set()


def listen(engine: Engine) -> None:
    """Note from now on what is asked."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(_connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool) -> None:
    compiled = getattr(context, "compiled", None)  # there a list of values has no length yet
    values = parameters[0] if isinstance(parameters, list) else parameters
    kinds = (kind for kind, _ in groupby(type(value).__name__ for value in values))
    _asked.add(_short(f"{compiled.string if compiled else statement} {' '.join(kinds)}"))


def _noting(begin: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(begin)
    def noted(*given: Any, **named: Any) -> Any:
        _asked.add(BESIDE)
        return begin(*given, **named)

    return noted


@lru_cache(10_000)
def _short(asked: str) -> str:
    return blake2b(asked.encode(), digest_size=6).hexdigest()


def worth_repeating(config: pytest.Config, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Of tests that were tried on SQLite, few that ask for all together: each time, of the others, the one that asks
    most for its time that is yet to be tried."""
    assert config.cache
    known: dict[str, tuple[float, list[str]]] = config.cache.get(KEPT, {})
    notes = [known.get(item.nodeid, (0.0, [BESIDE])) for item in items]
    tried: Counter[str] = Counter()
    chosen = {
        number for number, item in enumerate(items) if BESIDE in notes[number][1] or item.get_closest_marker("long")
    }
    for number in chosen:
        tried.update(notes[number][1])

    def gain(number: int) -> float:
        took, asked = notes[number]
        return sum(tried[one] < TIMES for one in asked) / (took + 0.01)

    waiting = [(-gain(number), number) for number in range(len(items)) if number not in chosen]
    heapify(waiting)
    while waiting:
        number = heappop(waiting)[1]
        worth = gain(number)  # what was chosen since may have taken from it
        if waiting and worth < -waiting[0][0]:
            heappush(waiting, (-worth, number))
        elif worth:
            chosen.add(number)
            tried.update(notes[number][1])
    return [items[number] for number in sorted(chosen)]


class Notes:
    """Of a run on SQLite: each test's last report carries what it asked, from a worker to where all is kept."""

    def __init__(self) -> None:
        self._of_tests: dict[str, tuple[float, list[str]]] = {}
        self._took: defaultdict[str, float] = defaultdict(float)
        for owner, name in BEGINS:
            setattr(owner, name, _noting(getattr(owner, name)))

    def pytest_runtest_setup(self) -> None:
        """Begin anew with each."""
        _asked.clear()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Give it to its report."""
        item.user_properties.append((KEPT, sorted(_asked)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take it from there, with the time that its parts took."""
        self._took[report.nodeid] += report.duration
        for name, value in report.user_properties if report.when == "teardown" else ():
            if name == KEPT and isinstance(value, list):
                self._of_tests[report.nodeid] = (round(self._took[report.nodeid], 2), value)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep it, with what is known of tests that were not run now."""
        if self._of_tests and session.config.cache and not hasattr(session.config, "workerinput"):
            session.config.cache.set(KEPT, {**session.config.cache.get(KEPT, {}), **self._of_tests})

"""What each test asks of the database, noted while they run on SQLite: PostgreSQL then gets a test only if it asks what
not enough others before it have asked.

Most tests ask what a dozen others ask, with other values, and would tell nothing new of a second database; one that
begins a process or a thread, or takes long, is tried on each: what meets there, each keeps apart in its own way. What
was asked lies in pytest's cache: `--cache-clear` has PostgreSQL get all again, as it gets every test that is not known.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import Engine, event

TIMES = 2
"""Tests by which each statement shall be tried on PostgreSQL, with each mixture of types and NULLs among its values."""
KEPT = "society/asked"
BESIDE = "others at once"
BEGINS = frozenset({"_thread.start_new_thread", "os.fork", "subprocess.Popen"})
"""What Python says to those who audit it when something begins beside (PEP 578)."""

_asked: set[str] = set()


def listen(engine: Engine) -> None:
    """Note from now on what is asked."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(_connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool) -> None:
    compiled = getattr(context, "compiled", None)  # there a list of values has no length yet
    values = parameters[0] if isinstance(parameters, list) else parameters
    kinds = (kind for kind, _ in groupby(type(value).__name__ for value in values))
    _asked.add(_short(f"{compiled.string if compiled else statement} {' '.join(kinds)}"))


def _hear(said: str, _about: object) -> None:
    if said in BEGINS:
        _asked.add(BESIDE)


@lru_cache(10_000)
def _short(asked: str) -> str:
    return blake2b(asked.encode(), digest_size=6).hexdigest()


def worth_repeating(config: pytest.Config, items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Of tests that were tried on SQLite, those that ask for more than others before them."""
    assert config.cache
    known: dict[str, list[str]] = config.cache.get(KEPT, {})
    tried: Counter[str] = Counter()
    for item in items:
        asked = known.get(item.nodeid, [BESIDE])
        if BESIDE in asked or item.get_closest_marker("long") or any(tried[one] < TIMES for one in asked):
            tried.update(asked)
            yield item


class Notes:
    """Of a run on SQLite: each test's last report carries what it asked, from a worker to where all is kept."""

    def __init__(self) -> None:
        self._of_tests: dict[str, list[str]] = {}
        sys.addaudithook(_hear)

    def pytest_runtest_setup(self) -> None:
        """Begin anew with each."""
        _asked.clear()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Give it to its report."""
        if _asked:
            item.user_properties.append((KEPT, sorted(_asked)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take it from there."""
        for name, value in report.user_properties if report.when == "teardown" else ():
            if name == KEPT and isinstance(value, list):
                self._of_tests[report.nodeid] = value

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep it, with what is known of tests that were not run now."""
        if self._of_tests and session.config.cache and not hasattr(session.config, "workerinput"):
            session.config.cache.set(KEPT, {**session.config.cache.get(KEPT, {}), **self._of_tests})

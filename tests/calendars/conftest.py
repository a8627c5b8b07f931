"""Calendar programs of others, which read what ours writes."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.calendars.engines import Engine, opened


@pytest.fixture(scope="session")
def engines() -> Iterator[list[Engine]]:
    with ExitStack() as stack:
        yield opened(stack)

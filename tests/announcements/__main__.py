"""`python -m tests.announcements [--wrong]`: the rates that docs/events.md publishes."""

import sys

from tests.announcements.rates import published_ones, rates, table

found = rates(published_ones())
print(table(found))  # noqa: T201, it is for a terminal
if "--wrong" in sys.argv:
    for field, rate in found.items():
        for wrong in rate.wrong:
            print(f"{field:10} {wrong}")  # noqa: T201

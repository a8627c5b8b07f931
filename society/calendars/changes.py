"""Which events the latest versions of a feed differ in, so that whoever holds one of them reads no others anew.

Told in the feed's own row, newest first, as "ETAG:ID,ID " for each version. It is written where the version rises, with
the row locked, so that it names every event by which a version differs from the one before. The first version names
"*", and what changes all entries writes nothing, which leaves a gap.
"""

from collections.abc import Collection
from itertools import takewhile

from society.calendars.queries import Validator

MOST = 2_000
"""Characters kept: some 80 changes of one event."""
ALL = "*"


def noted(changes: str, version: Validator, events: Collection[int] | None) -> str:
    """The text with one more version on top, which differs in these events; None: the first."""
    differs = ALL if events is None else ",".join(map(str, sorted(events)))
    return f"{version.etag}:{differs} {changes}"[:MOST]


def events_between(changes: str, held: Validator, version: Validator) -> set[int] | None:
    """The events in which `version` differs from the one that is held; None if that is not known."""
    whole = changes.split(" ")[:-1]  # the last may be cut
    since = list(takewhile(lambda line: not line.startswith(f"{held.etag}:"), whole))
    known = len(since) < len(whole) and whole[0].startswith(f"{version.etag}:")
    differs = [line.partition(":")[2] for line in since]
    if not known or len(since) != version.version - held.version or ALL in differs:
        return None
    return {int(event) for line in differs for event in line.split(",") if event}

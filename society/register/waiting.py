"""Files that were looked at and wait for the word to be read in: kept with every line's fate, as it was then."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from society.db import begin_write, db
from society.people.models import Person
from society.register.dates import Order
from society.register.importing import Outcome, drained, entries_of, forget_old_files, nobody_listens, preview
from society.register.models import ImportFile
from society.register.planning import Fate, Tell, Will
from society.register.reading import read
from society.register.told import about


def nobody(_words: str, _total: int) -> Tell:
    """For those who do not watch."""
    return nobody_listens


def look_at(
    content: bytes, answer: Order | None, now: datetime, listening: Callable[[str, int], Tell] = nobody
) -> dict[str, Any]:
    """All that the page tells of a file, as JSON; with a question where dates cannot be read without an answer.
    `listening` says who hears of a stage of so many lines."""
    reading = read(content, answer)
    found: dict[str, Any] = {"dates": answer, "about": list(about(reading)), "questions": []}
    for column in reading.questions.values():
        found["questions"].append([column.heading, *(column.doubtful or (0, ""))])
    if not found["questions"]:
        entries = entries_of(reading, listening("lines read", reading.lines))
        tell = listening("lines looked up", len(entries))
        outcome = preview(drained(entries), now, tell)
        found |= {"fates": _packed(outcome.fates), "missing": list(outcome.missing), "reminded": outcome.reminded}
    return found


def _packed(fates: Sequence[Fate]) -> str:
    return b64encode(zlib.compress(json.dumps(fates).encode(), 1)).decode()


def outcome_of(file: ImportFile) -> Outcome:
    """What reading it in would have done when it was looked at."""
    packed = file.options.get("fates")
    rows = json.loads(zlib.decompress(b64decode(packed))) if packed else []
    missing = [(tier, number) for tier, number in file.options.get("missing", [])]
    return Outcome(
        [Fate(line, Will(will), *rest) for line, will, *rest in rows],
        missing=missing,
        reminded=file.options.get("reminded", 0),
    )


def keep(name: str, content: bytes, options: dict[str, Any], *, by: Person, now: datetime) -> ImportFile:
    """Begin the transaction that writes, and keep a file for a day."""
    begin_write(public=False)
    forget_old_files(now)
    file = ImportFile(name=name[:200], content=content, uploaded_at=now, by_id=by.id, options=options)
    db.session.add(file)
    db.session.flush()
    return file


def worst_first(fates: Sequence[Fate]) -> Iterator[Fate]:
    """What needs a look comes before what does not; else in the order of the file."""
    order = (Will.REFUSE, Will.LEAVE_OUT)
    yield from sorted(fates, key=lambda fate: (fate.will not in order, not fate.warning, fate.line))

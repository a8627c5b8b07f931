"""The register written out: a line for each period, which an import reads back, or for each person as of a day."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from society.audit.actions import record
from society.db import db
from society.membership.models import Membership, Status, Tier
from society.membership.queries import gives_standing
from society.people.models import Person, Tag, person_tag
from society.register.lines import ENDED, Line, lines
from society.register.vcards import vcard
from society.settings import Society
from society.tables import line_of

BATCH = 500
PEOPLE = ("email", "name")
PERIOD = ("tier", "starts_on", "ends_on", "status", "left_on", "joined_on")
PARTICULARS = ("phone", "address", "city", "language", "zone", "born_on", "tags", "notes", "external_id")
AS_OF = "in_good_standing"
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a spreadsheet cannot hold (XML 1.0, 2.2)."""
_READ = ("id", "email", "name", "phone", "address", "city", "language", "zone", "born_on", "notes", "external_id")


def note(by: Person | None, form: str, narrowed: str, as_of: date | None, number: int, now: datetime) -> None:
    """Keep in the audit log who took the register away, what of it and in which form."""
    taken = {"form": form, "people": number, "narrowed by": narrowed, "as of": as_of}
    own = db.session.get_one(Society, 1)
    record("register exported", own, by=by, now=now, after={name: value for name, value in taken.items() if value})


def how_many(whom: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(whom.order_by(None).subquery())) or 0


def everyone() -> Select[int]:
    """Whom an export without filters is about."""
    return select(Person.id).where(Person.erased_at.is_(None))


def header(as_of: date | None) -> list[str]:
    return [*PEOPLE, *PERIOD, *([AS_OF] if as_of else []), *PARTICULARS]


def table(engine: Engine, whom: Select[int], as_of: date | None) -> Iterator[list[str | date | None]]:
    """Every line, by name. Without a day, all periods; as of a day, everyone whose membership had begun by then, with
    what counts on that day. Read by a session of its own, a few hundred people at a time."""
    with Session(engine) as session:
        tiers = {tier.id: tier for tier in session.scalars(select(Tier))}
        for people in _people(session, whom):
            numbers = [person.id for person in people]
            steps, tags = _steps(session, numbers, as_of), _tags(session, numbers)
            for person in people:
                for told in _told(steps[person.id], tiers, as_of):
                    own = [getattr(person, name) for name in PARTICULARS if name not in ("tags", "external_id")]
                    own.insert(-1, ", ".join(tags[person.id]))
                    yield [person.email, person.name, *told, *own, person.external_id]


def _people(session: Session, whom: Select[int]) -> Iterator[Sequence[Any]]:
    """Those asked for, by name, read as they are needed."""
    columns = [getattr(Person, name) for name in _READ]
    rows = select(*columns).where(Person.id.in_(whom.order_by(None)))
    rows = rows.order_by(Person.name, Person.email, Person.external_id, Person.id)
    with session.execute(rows.execution_options(yield_per=BATCH)) as result:
        yield from result.partitions()


def _steps(session: Session, people: Sequence[int], as_of: date | None) -> dict[int, list[Any]]:
    """The steps of each, with whether it gives standing on the day."""
    names = ("id", "person_id", "tier_id", "status", "starts_on", "ends_on", "replaces_id")
    rows = select(*(getattr(Membership, name) for name in names)).where(Membership.person_id.in_(people))
    if as_of:
        rows = rows.add_columns(gives_standing(as_of).label("counts")).where(Membership.starts_on <= as_of)
    found = defaultdict(list)
    for row in session.execute(rows):
        found[row.person_id].append(row)
    return found


def _tags(session: Session, people: Sequence[int]) -> dict[int, list[str]]:
    rows = select(person_tag.c.person_id, Tag.name).join(Tag, Tag.id == person_tag.c.tag_id)
    found = defaultdict(list)
    for row in session.execute(rows.where(person_tag.c.person_id.in_(people)).order_by(Tag.name)):
        found[row.person_id].append(row.name)
    return found


def _told(steps: Sequence[Any], tiers: dict[int, Tier], as_of: date | None) -> Iterator[list[str | date | None]]:
    own = lines(steps)
    joined_on = min((line.starts_on for line in own if _is_period(line)), default=None)
    if as_of is None:
        for line in own:
            yield [*_cells(line, tiers), joined_on]
        if not own:
            yield [None] * len(PERIOD)
    elif steps:
        counting = {step.id for step in steps if step.counts}
        line = max(own, key=lambda line: _weight(line, counting))
        yield [*_cells(line, tiers), joined_on, "yes" if counting else "no"]


def _is_period(line: Line) -> bool:
    return line.status is Status.ACTIVE or (line.status in ENDED and line.ended_by is not None)


def _weight(line: Line, counting: set[int]) -> tuple[bool, date, date, int]:
    """What gives standing counts more than what does not, and of that, what lasts longest; else what began last."""
    counts = line.row_id in counting
    lasts = (line.ends_on or date.max) if counts else date.min
    return counts, lasts, line.starts_on, line.row_id


def _cells(line: Line, tiers: dict[int, Tier]) -> list[str | date | None]:
    """A period without a last day says so, where the tier would give it one."""
    tier = tiers[line.tier_id]
    without_end = line.ends_on is None and _is_period(line) and tier.last_day(line.starts_on)
    ends_on = "life" if without_end else line.ends_on
    return [tier.name, line.starts_on, ends_on, line.status.value, line.left_on]


def as_csv(engine: Engine, whom: Select[int], as_of: date | None) -> Iterator[str]:
    """UTF-8 with a byte-order mark, so that spreadsheets take it for that; nothing in it runs as a formula."""
    yield "\ufeff" + line_of(header(as_of))
    for row in table(engine, whom, as_of):
        yield line_of(row)


def as_xlsx(engine: Engine, whom: Select[int], as_of: date | None) -> IO[bytes]:
    """A spreadsheet in a temporary file; days are days, and all else is text, which nothing runs."""
    from openpyxl import Workbook  # 8 MB in memory, which few processes need

    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.freeze_panes = "A2"
    sheet.append(header(as_of))
    for row in table(engine, whom, as_of):
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: str | date | None) -> Any:
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub("", value)
    if not text.startswith("="):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def as_vcards(engine: Engine, whom: Select[int]) -> Iterator[str]:
    """A vCard for each person."""
    with Session(engine) as session:
        for people in _people(session, whom):
            tags = _tags(session, [person.id for person in people])
            for person in people:
                yield vcard(person, tags[person.id])


def written(form: str, engine: Engine, whom: Select[int], as_of: date | None) -> Iterator[bytes]:
    """The register as "csv", "xlsx" or "vcf", a piece at a time."""
    match form:
        case "csv":
            yield from _in_pieces(as_csv(engine, whom, as_of))
        case "vcf":
            yield from _in_pieces(as_vcards(engine, whom))
        case _:
            yield from _pieces(as_xlsx(engine, whom, as_of))


def _in_pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Some hundred lines at a time: one by one, sending would cost more than reading."""
    while some := "".join(islice(lines, BATCH)):
        yield some.encode()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file, a piece at a time; it is closed, and if temporary gone, at its end."""
    with file:
        while piece := file.read(io.DEFAULT_BUFFER_SIZE * 8):
            yield piece

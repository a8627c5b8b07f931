"""An event's answers as a table for spreadsheets, made as it is read so that it never is in memory as a whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine, Select
from sqlalchemy.orm import Session

from society.questions.models import Question, QuestionAnswer
from society.questions.queries import said
from society.rsvps.models import Answer, Rsvp, Way
from society.tables import line_of
from society.times import to_wall

COLUMNS = ("name", "email", "answer", "status", "party_size", "place", "note", "answered_at", "checked_in_at", "came")
_AT_ONCE = 500


def lines(
    engine: Engine,
    rows: Select[Rsvp, int | None],
    questions: Sequence[Question],
    zone: str,
    come_free: Select[int] | None = None,
    *,
    joins: bool = False,
) -> Iterator[str]:
    """RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8; times by the clocks of `zone`. Where members
    come free, one column tells who is one; where one can join online as well, one tells who does.

    Read by a session of its own, since the request's ends before the last line is sent.
    """
    more = [*(["joins"] if joins else []), *([] if come_free is None else ["member"])]
    yield "\ufeff" + line_of([*COLUMNS, *more, *(question.text for question in questions)])
    with Session(engine) as session, session.execute(rows.execution_options(yield_per=_AT_ONCE)) as found:
        for part in found.partitions(_AT_ONCE):
            numbers = [rsvp.id for rsvp, _ in part]
            answers = _answers(session, numbers) if questions else {}
            free = [] if come_free is None else set(session.scalars(come_free.where(Rsvp.id.in_(numbers))))
            for rsvp, place in part:
                asked = [_cell(answers.get((rsvp.id, question.id), [])) for question in questions]
                way = [_way(rsvp)] if joins else []
                member = [] if come_free is None else ["yes" if rsvp.id in free else "no"]
                yield line_of([*_cells(rsvp, place, zone), *way, *member, *asked])


def _answers(session: Session, rsvp_ids: list[int]) -> dict[tuple[int, int], list[QuestionAnswer]]:
    found: dict[tuple[int, int], list[QuestionAnswer]] = {}
    for row in session.scalars(said(rsvp_ids)):
        found.setdefault((row.rsvp_id, row.question_id), []).append(row)
    return found


def _cells(rsvp: Rsvp, place: int | None, zone: str) -> list[object]:
    person = rsvp.person
    own: list[object] = [person.name, person.email, rsvp.answer.value, rsvp.status.value, rsvp.party_size, place]
    came = rsvp.came if rsvp.has_seat else ""
    return [*own, rsvp.note, _sortable(rsvp.answered_at, zone), _sortable(rsvp.checked_in_at, zone), came]


def _way(rsvp: Rsvp) -> str:
    """How they come, or would; empty unless they said yes."""
    return "" if rsvp.answer is not Answer.YES else Way.ONLINE.value if rsvp.online else Way.HERE.value


def _sortable(instant: datetime | None, zone: str) -> str:
    return f"{to_wall(instant, zone):%Y-%m-%d %H:%M}" if instant else ""


def _cell(rows: Sequence[QuestionAnswer]) -> str:
    """What was said to one question: of the party, then of each guest by number."""
    texts = (row.text.replace("\n", "; ") for row in rows)
    return "\n".join(f"Guest {row.guest}: {text}" if row.guest else text for row, text in zip(rows, texts, strict=True))

"""An event's answers as a table for spreadsheets, made as it is read so that it never is in memory as a whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select
from sqlalchemy.orm import Session

from society.questions.models import Agreement, Kind, Question, QuestionAnswer
from society.questions.queries import agreements, said
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Way
from society.tables import line_of
from society.times import to_wall

COLUMNS = ("name", "email", "answer", "status", "party_size", "place", "note", "answered_at", "checked_in_at", "came")
_AT_ONCE = 500

Told = Row[*tuple[Any, ...]]
"""An answer, as `society.rsvps.lists.told_of` reads it."""


def lines(
    engine: Engine,
    rows: Select[*tuple[Any, ...]],
    questions: Sequence[Question],
    zone: str,
    come_free: Select[int] | None = None,
    *,
    joins: bool = False,
) -> Iterator[str]:
    """RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8; times by the clocks of `zone`. Where members
    come free, one column tells who is one; where one can join online as well, one tells who does.

    Read by a session of its own, since the request's ends before the last line is sent; and many at once, since each by
    itself would be a packet.
    """
    more = [*(["joins"] if joins else []), *([] if come_free is None else ["member"])]
    yield "\ufeff" + line_of([*COLUMNS, *more, *headers(questions, zone)])
    with Session(engine) as session, session.execute(rows.execution_options(yield_per=_AT_ONCE)) as found:
        for part in found.partitions(_AT_ONCE):
            numbers = [rsvp.id for rsvp in part]
            answers = _answers(session, numbers) if questions else {}
            agreed = _agreed(session, numbers) if any(one.kind is Kind.CONSENT for one in questions) else {}
            free = [] if come_free is None else set(session.scalars(come_free.where(Rsvp.id.in_(numbers))))
            told = []
            for rsvp in part:
                asked = [
                    _consents(agreed[rsvp.id, question.id], question, rsvp, zone)
                    if (rsvp.id, question.id) in agreed
                    else _cell(answers.get((rsvp.id, question.id), []), rsvp)
                    for question in questions
                ]
                way = [_way(rsvp)] if joins else []
                member = [] if come_free is None else ["yes" if rsvp.id in free else "no"]
                told.append(line_of([*_cells(rsvp, zone), *way, *member, *asked]))
            yield "".join(told)


def _answers(session: Session, rsvp_ids: list[int]) -> dict[tuple[int, int], list[QuestionAnswer]]:
    found: dict[tuple[int, int], list[QuestionAnswer]] = {}
    for row in session.scalars(said(rsvp_ids)):
        found.setdefault((row.rsvp_id, row.question_id), []).append(row)
    return found


def _agreed(session: Session, rsvp_ids: list[int]) -> dict[tuple[int, int], list[Agreement]]:
    found: dict[tuple[int, int], list[Agreement]] = {}
    for row in session.scalars(agreements(rsvp_ids)):
        found.setdefault((row.rsvp_id, row.question_id), []).append(row)
    return found


def headers(questions: Sequence[Question], zone: str) -> list[str]:
    """What each was asked, no two of them alike; of what is asked no more, until when it was."""
    texts = [
        f"{one.text} (until {_sortable(one.removed_at, zone)})" if one.removed_at else one.text for one in questions
    ]
    before = [texts[:place].count(text) for place, text in enumerate(texts)]
    return [f"{text} ({number + 1})" if number else text for text, number in zip(texts, before, strict=True)]


def _cells(rsvp: Told, zone: str) -> list[object]:
    answer = "" if rsvp.status is RsvpStatus.CANCELLED else rsvp.answer.value  # which they took back
    own: list[object] = [rsvp.name, rsvp.email, answer, rsvp.status.value, rsvp.party_size, rsvp.place]
    came = rsvp.came if rsvp.has_seat else ""
    return [*own, rsvp.note, _sortable(rsvp.answered_at, zone), _sortable(rsvp.checked_in_at, zone), came]


def _way(rsvp: Told) -> str:
    """How they come, or would; empty unless they said yes."""
    return "" if rsvp.answer is not Answer.YES else Way.ONLINE.value if rsvp.online else Way.HERE.value


def _sortable(instant: datetime | None, zone: str) -> str:
    return f"{to_wall(instant, zone):%Y-%m-%d %H:%M}" if instant else ""


def _cell(rows: Sequence[QuestionAnswer], rsvp: Told) -> str:
    """What was said to one question: of the party, then of each guest by number."""
    return "\n".join(_of(row.guest, row.text.replace("\n", "; ")) for row in rows if row.guest < rsvp.party_size)


def _consents(rows: Sequence[Agreement], question: Question, rsvp: Told, zone: str) -> str:
    """The same of a consent: the latest of each of them, with when and, if it was to other words, to which. Where a
    part of the party was let in, that stands below: none of them is known to be one of those who came."""
    in_order = sorted(rows, key=lambda row: (row.withdrawn_at is None, row.id))  # one that holds counts before all
    latest = {row.guest: row for row in in_order if row.guest < rsvp.party_size}
    said = [_of(guest, _consent(row, question, zone)) for guest, row in sorted(latest.items())]
    if said and rsvp.has_seat and rsvp.arrived:
        said.append(f"({rsvp.arrived} of {rsvp.party_size} came; who of them is not noted)")
    return "\n".join(said)


def _consent(row: Agreement, question: Question, zone: str) -> str:
    held = "yes" if row.withdrawn_at is None else f"taken back {_sortable(row.withdrawn_at, zone)}"
    since = f", given {_sortable(row.given_at, zone)}" if row.given_at else ""
    words = "" if row.wording == question.wording else f", to: “{row.on_one_line}”"
    return f"{held}{since}{words}"


def _of(guest: int, text: str) -> str:
    return f"Guest {guest}: {text}" if guest else text

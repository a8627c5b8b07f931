"""All files that were sent as answers to an event's questions, as one ZIP archive that is sent as it is made."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from itertools import chain, count
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Engine, Row, Select, select
from sqlalchemy.orm import Session

from society.fields import on_one_line
from society.people.models import Person
from society.questions.models import AnswerFile, Question, QuestionAnswer
from society.rsvps.models import CONCERNED, Rsvp

_ODD = re.compile(r'[<>:"/\\|?*]')
"""What no name of a file may have on one system or another."""
_LONGEST = 80


class _Pipe(RawIOBase):
    """A file that is only written to: what has been, until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def write(self, data: Any, /) -> int:
        self._written.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self._written)
        self._written.clear()
        return data


def archive(engine: Engine, event_id: int, made: datetime) -> Iterator[bytes]:
    """A folder to each question, each file by whose it is; of the files never more than one is in memory."""
    with Session(engine) as session:
        yield from zipped(_read(session, _names(session.execute(_sent(event_id)))), made)


def _read(session: Session, numbers: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    """What was sent anew or taken back meanwhile is left out."""
    for name, number in numbers.items():
        content = session.scalar(select(AnswerFile.content).where(AnswerFile.id == number))
        if content is not None:
            yield name, content


def _names(rows: Iterable[Row[int, str, str, int, str]]) -> dict[str, int]:
    """One that any system takes for each, and that no other has there, whatever its case; by it the file's number."""
    numbers: dict[str, int] = {}
    taken: set[str] = set()
    for number, asked, name, guest, file in rows:
        stem, dot, end = file.rpartition(".")
        whose = f"{name} (guest {guest})" if guest else name
        path = f"{_plain(asked)}/{_plain(f'{whose} – {stem}')}"
        marks = chain([""], (f" ({again})" for again in count(2)))
        free = next(found for mark in marks if (found := f"{path}{mark}{dot}{end}").casefold() not in taken)
        taken.add(free.casefold())
        numbers[free] = number
    return numbers


def _plain(text: str) -> str:
    return _ODD.sub("_", on_one_line(text))[:_LONGEST].strip(" .") or "_"


def _sent(event_id: int) -> Select[int, str, str, int, str]:
    """The files by question, then by name; not those of whom it is not known yet that the answer is theirs, nor
    of those who do not come."""
    columns = AnswerFile.id, Question.text, Person.name, QuestionAnswer.guest, QuestionAnswer.text
    rows = select(*columns).select_from(AnswerFile).join(QuestionAnswer, QuestionAnswer.id == AnswerFile.answer_id)
    rows = rows.join(QuestionAnswer.question).join(Rsvp, Rsvp.id == QuestionAnswer.rsvp_id).join(Rsvp.person)
    rows = rows.where(Question.event_id == event_id, Rsvp.status.in_(CONCERNED), QuestionAnswer.guest < Rsvp.party_size)
    return rows.order_by(Question.position, Question.id, Person.name, AnswerFile.id)


def zipped(files: Iterable[tuple[str, bytes]], made: datetime) -> Iterator[bytes]:
    """The bytes of a ZIP archive of these, piece by piece (.ZIP File Format Specification, 4.3.9: the sizes follow each
    file). They are stored as they are: PDF and pictures are packed by themselves."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_STORED) as into:
        for name, content in files:
            into.writestr(ZipInfo(name, made.timetuple()[:6]), content)
            yield pipe.taken()
    yield pipe.taken()

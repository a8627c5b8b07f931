"""What an event asks of one who answers it, with what they said before; and the keeping of what they say."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager

from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.questions.actions import keep
from society.questions.agreements import take_back as end_agreement
from society.questions.asking import Asked, Questioned, asked_about, party_asked
from society.questions.models import STANDARD, Agreement, Kind, Question, QuestionAnswer
from society.questions.queries import agreements, asked_at, asked_at_each, said
from society.rsvps.models import CONCERNED, STANDING, Answer, Rsvp, RsvpStatus
from society.rsvps.queries import held_rsvp_of, largest_by_form

_LOOKED_AT = 20
"""The latest answers to standard questions that are looked through."""


def asked_of(event: Event, mine: Rsvp | None, person: Person | None) -> Asked:
    """What the form asks. Earlier answers are offered only to `person`, who is signed in."""
    if not event.asks:
        return Asked()
    most = max(largest_by_form(event, mine), mine.party_size if mine else 1)
    questions = db.session.scalars(asked_at(event)).all()
    size = party_asked(mine.party_size if mine else 1, most)
    before, otherwise = _said_before(questions, mine)
    return Asked(
        questions=questions,
        size=size,
        party=asked_about(size, most) if any(question.of_guests for question in questions) else size,
        before=before,
        earlier=_earlier(event, person) if person else {},
        otherwise=otherwise,
    )


_Before = tuple[dict[tuple[int, int], str], dict[tuple[int, int], Agreement]]


def _said_before(questions: Sequence[Question], mine: Rsvp | None) -> _Before:
    """What they said to these questions of those who come, and apart from it what they agreed to where other words have
    stood."""
    return _said_with(questions, [mine])[mine.id] if mine is not None and mine.id is not None else ({}, {})


def _said_with(questions: Sequence[Question], answers: Sequence[Rsvp]) -> dict[int, _Before]:
    """The same with each of several answers, by number."""
    sizes = {rsvp.id: rsvp.party_size for rsvp in answers}
    found: dict[int, _Before] = {number: ({}, {}) for number in sizes}
    wordings = {question.id: question.wording for question in questions if question.kind is Kind.CONSENT}
    for one in db.session.scalars(agreements(list(sizes))) if wordings and sizes else ():
        elsewise = one.withdrawn_at is None and one.wording != wordings.get(one.question_id, one.wording)
        if elsewise and one.guest < sizes[one.rsvp_id]:
            found[one.rsvp_id][1][one.question_id, one.guest] = one
    for row in db.session.scalars(said(list(sizes))) if sizes else ():
        before, otherwise = found[row.rsvp_id]
        if row.guest < sizes[row.rsvp_id] and (row.question_id, row.guest) not in otherwise:
            before[row.question_id, row.guest] = row.text
    return found


def lacking(answers: Sequence[tuple[Event, Rsvp | None]]) -> dict[int, list[Question]]:
    """Of each of several events, by number, what has not been said yet without which they cannot come as they are; in
    three queries at most."""
    asked = asked_at_each([event for event, _ in answers])
    needed = {number: [question for question in those if question.required] for number, those in asked.items()}
    every = [question for those in needed.values() for question in those]
    told = _said_with(every, [rsvp for event, rsvp in answers if rsvp and needed[event.id]])
    found = {}
    for event, rsvp in answers:
        size = rsvp.party_size if rsvp else 1
        before = told[rsvp.id][0] if rsvp and rsvp.id in told else {}
        found[event.id] = Asked(needed[event.id], size, size, before).missing
    return found


def lacks_answers(event: Event, mine: Rsvp | None, size: int | None = None) -> bool:
    """Whether something has not been said yet without which nobody can come; of a party of that size, if it is to be
    another."""
    if not event.asks:
        return False
    needed = [question for question in db.session.scalars(asked_at(event)) if question.required]
    size = size or (mine.party_size if mine else 1)
    return Asked(needed, size, size, _said_before(needed, mine)[0]).lacks


def numbers_to_be_asked(question: Question, at: Mapping[int, int | None]) -> dict[int, tuple[int, int]]:
    """By event, how many have answered that they come, and how many of them have not said, of all whom it asks about,
    what a question asks. `at`: by the numbers of the events, that which it has there; none where it is new."""
    each = Rsvp.party_size if question.of_each else 1
    wanted = Rsvp.party_size - 1 if question.kind is Kind.NAMES else each
    table = Agreement if question.kind is Kind.CONSENT else QuestionAnswer
    told = select(func.count()).where(table.rsvp_id == Rsvp.id, table.question_id.in_({*at.values()} - {None}))
    told = told.where(table.guest < Rsvp.party_size)
    if question.kind is Kind.CONSENT:
        told = told.where(Agreement.withdrawn_at.is_(None), Agreement.wording == question.wording)
    lack = func.sum(case((wanted > told.correlate(Rsvp).scalar_subquery(), 1), else_=0))
    coming = select(Rsvp.event_id, func.count(), lack).where(Rsvp.event_id.in_(at), Rsvp.status.in_(STANDING))
    found = {row[0]: (row[1], row[2]) for row in db.session.execute(coming.group_by(Rsvp.event_id))}
    return {number: found.get(number, (0, 0)) for number in at}


def _earlier(event: Event, person: Person) -> dict[Kind, str]:
    """The latest answer to each standard question that they themselves gave for another event."""
    rows = (
        select(Question.kind, QuestionAnswer.text)
        .join(QuestionAnswer, QuestionAnswer.question_id == Question.id)
        .join(Rsvp, Rsvp.id == QuestionAnswer.rsvp_id)
        .where(Rsvp.person_id == person.id, Rsvp.event_id != event.id, Rsvp.status != RsvpStatus.UNCONFIRMED)
        .where(QuestionAnswer.guest == 0, Question.kind.in_(STANDARD))
        .order_by(QuestionAnswer.id.desc())
        .limit(_LOOKED_AT)
    )
    return dict(reversed([(kind, text) for kind, text in db.session.execute(rows)]))


def tells_guests(said: Answer, form: Questioned) -> bool:
    """Whether it is kept who of the party comes, and what was said of them."""
    return bool(form.asked) and said is not Answer.NO


def keep_said(rsvp: Rsvp, said: Answer, form: Questioned, now: datetime) -> None:
    """What was said beside an answer; who does not come says nothing."""
    if tells_guests(said, form):
        db.session.flush()  # an RSVP that is new gets its number here
        keep(rsvp.id, rsvp.party_size, form.filled, now, form.places)


def can_correct(rsvp: Rsvp, now: datetime) -> bool:
    """Whether what they said is of use still: also after answers have closed, until the event begins."""
    event = rsvp.event
    return bool(rsvp.status in CONCERNED and event.published_at and not event.cancelled_at and not event.begun(now))


def correct(rsvp: Rsvp, form: Questioned, now: datetime) -> None:
    """Put right what was said beside an answer, which itself stays as it is."""
    held_rsvp_of(rsvp.event, rsvp.person)
    if not can_correct(rsvp, now):
        raise Refused("What you said can be corrected until the event begins.")
    keep(rsvp.id, rsvp.party_size, form.filled, now, form.places)


def take_back(rsvp: Rsvp, agreement_id: int | None, answer_id: int | None, now: datetime) -> None:
    """A consent, whatever has become of the question and of the event; or a file without which they can come."""
    agreed = db.session.get(Agreement, agreement_id) if agreement_id else None
    if agreed and agreed.rsvp_id == rsvp.id:
        end_agreement(agreed, now)
    file = db.session.scalar(sent_with(rsvp.id).where(QuestionAnswer.id == answer_id)) if answer_id else None
    if file and can_take_back(rsvp, file.question):
        db.session.delete(file)


def can_take_back(rsvp: Rsvp, question: Question) -> bool:
    """A file: not while they come and it is needed for that."""
    return not (question.required and question.removed_at is None and rsvp.stands)


def sent_with(rsvp_id: int) -> Select[QuestionAnswer]:
    """The files that were sent with an answer, with the questions to which they are one."""
    rows = select(QuestionAnswer).join(QuestionAnswer.question).options(contains_eager(QuestionAnswer.question))
    return rows.where(QuestionAnswer.rsvp_id == rsvp_id, Question.kind == Kind.FILE)


def keep_said_by_guest(event: Event, email: str, said: Answer, form: Questioned, now: datetime) -> None:
    """The same for one who has still to open the mailed link. What a confirmed answer says, nobody else changes."""
    rows = select(Rsvp).join(Rsvp.person).where(Rsvp.event_id == event.id, Person.email == email)
    rsvp = db.session.scalar(rows.where(Rsvp.status == RsvpStatus.UNCONFIRMED)) if form.asked else None
    if rsvp:
        keep_said(rsvp, said, form, now)

"""What an event asks of one who answers it, with what they said before; and the keeping of what they say."""

from collections.abc import Sequence

from sqlalchemy import case, func, select

from society.db import db
from society.events.models import Event
from society.people.models import Person
from society.questions.actions import keep
from society.questions.asking import Asked, Filled, party_asked
from society.questions.models import STANDARD, Kind, Question, QuestionAnswer
from society.questions.queries import asked_at, said
from society.rsvps.models import STANDING, Answer, Rsvp, RsvpStatus

_LOOKED_AT = 20
"""The latest answers to standard questions that are looked through."""


def asked_of(event: Event, mine: Rsvp | None, person: Person | None) -> Asked:
    """What the form asks. Earlier answers are offered only to `person`, who is signed in."""
    if not event.asks:
        return Asked()
    most = max(min(event.max_party_size, event.capacity or event.max_party_size), mine.party_size if mine else 1)
    known = db.session.scalars(said([mine.id])).all() if mine and mine.id else []
    return Asked(
        questions=db.session.scalars(asked_at(event)).all(),
        party=party_asked(mine.party_size if mine else 1, most),
        before={(row.question_id, row.guest): row.text for row in known},
        earlier=_earlier(event, person) if person else {},
    )


def lacks_answers(event: Event, mine: Rsvp | None) -> bool:
    """Whether something has not been said yet without which nobody can come."""
    if not event.asks:
        return False
    needed = [question for question in db.session.scalars(asked_at(event)) if question.required]
    known = db.session.scalars(said([mine.id])).all() if mine else []
    before = {(row.question_id, row.guest): row.text for row in known}
    return Asked(needed, mine.party_size if mine else 1, before).lacks


def numbers_to_be_asked(event: Event, question: Question) -> tuple[int, int]:
    """How many have answered that they come, and how many of them have not said, of all whom it asks about, what a
    question asks; one that is new has no number yet."""
    each = Rsvp.party_size if question.of_each else 1
    wanted = Rsvp.party_size - 1 if question.kind is Kind.NAMES else each
    told = select(func.count()).where(QuestionAnswer.rsvp_id == Rsvp.id, QuestionAnswer.question_id == question.id)
    lack = func.sum(case((wanted > told.correlate(Rsvp).scalar_subquery(), 1), else_=0))
    coming = select(func.count(), lack).where(Rsvp.event_id == event.id, Rsvp.status.in_(STANDING))
    everyone, lacking = db.session.execute(coming).one()
    return everyone, lacking or 0


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


def keep_said(rsvp: Rsvp, said: Answer, filled: Sequence[Filled]) -> None:
    """What was said beside an answer; who does not come says nothing."""
    if filled and said is not Answer.NO:
        db.session.flush()  # an RSVP that is new gets its number here
        keep(rsvp.id, rsvp.party_size, filled)


def keep_said_by_guest(event: Event, email: str, said: Answer, filled: Sequence[Filled]) -> None:
    """The same for one who has still to open the mailed link. What a confirmed answer says, nobody else changes."""
    rows = select(Rsvp).join(Rsvp.person).where(Rsvp.event_id == event.id, Person.email == email)
    rsvp = db.session.scalar(rows.where(Rsvp.status == RsvpStatus.UNCONFIRMED)) if filled else None
    if rsvp:
        keep_said(rsvp, said, filled)

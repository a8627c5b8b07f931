"""What the congress asks of those who come, and what they say."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from society.audit.models import AuditEntry
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.names import a_name
from society.demo.people import ORGANIZER
from society.events.models import Event
from society.questions.asking import YES
from society.questions.forms import USUAL
from society.questions.models import Agreement, Kind, Question, QuestionAnswer
from society.rsvps.models import Answer, Rsvp, RsvpStatus

_DINNERS = ("On the first evening", "On the second evening", "On neither")
_OTHERS = ("no mushrooms, please", "no strawberries", "small portions")
_ASKED = (
    (Kind.NAMES, "Name", "For their badges.", (), True),
    (Kind.CHOICE, "Will you stay for a dinner?", "The dinners are at the Old Mill.", _DINNERS, True),
    (Kind.DIETARY, "What do you eat?", "Tick what applies.", USUAL[Kind.DIETARY], False),
    (
        Kind.ACCESS,
        "What do you need to take part?",
        "We write to you if we cannot offer it.",
        USUAL[Kind.ACCESS],
        False,
    ),
    (Kind.CONSENT, "My name may be on the printed list of participants", "", (), False),
)
"""Kind, wording, hint, options, and whether nobody can come without answering."""


class Questionnaire:
    """Has an event ask, and its guests answer."""

    def __init__(self, chance: Chance, bulk: Bulk) -> None:
        self._chance, self._bulk = chance, bulk

    def hand_out(self, event: Event, rsvps: Sequence[Rsvp]) -> None:
        event.asks = True
        questions = [self._ask(event, position, *asked) for position, asked in enumerate(_ASKED, 1)]
        for rsvp in rsvps:
            if rsvp.answer is not Answer.NO and rsvp.status is not RsvpStatus.DECLINED:
                self._answer(rsvp, questions)

    def _ask(
        self, event: Event, position: int, kind: Kind, text: str, hint: str, options: Sequence[str], required: bool
    ) -> Question:
        question = Question(event_id=event.id, position=position, kind=kind, text=text, hint=hint, required=required)
        question.options, question.of_each = "\n".join(options), kind in (Kind.NAMES, Kind.DIETARY)
        self._bulk.add(question)
        entry = AuditEntry(at=event.created_at + timedelta(minutes=position), actor_id=ORGANIZER, act="question added")
        entry.subject_kind, entry.subject_id, entry.subject_name = Event.__tablename__, event.id, event.title
        entry.before, entry.after = {}, {"question": text}
        self._bulk.add(entry)
        return question

    def _answer(self, rsvp: Rsvp, questions: Sequence[Question]) -> None:
        for guest in range(rsvp.party_size):
            for question in [one for one in questions if (one.of_guests if guest else one.kind is not Kind.NAMES)]:
                if text := "\n".join(self._said(question)):
                    answer = QuestionAnswer(question_id=question.id, rsvp_id=rsvp.id, guest=guest)
                    answer.asked, answer.text = question.text, text
                    self._bulk.add(answer)
                    if question.kind is Kind.CONSENT:
                        given = Agreement(question_id=question.id, rsvp_id=rsvp.id, guest=guest)
                        given.wording, given.given_at = question.wording, rsvp.answered_at
                        self._bulk.add(given)

    def _said(self, question: Question) -> Iterator[str]:
        chance = self._chance
        match question.kind:
            case Kind.NAMES:
                yield a_name(chance)
            case Kind.CHOICE:
                yield chance.choice(question.choices)
            case Kind.CONSENT if chance.is_so(0.8):
                yield YES
            case Kind.DIETARY if chance.is_so(0.4):
                yield chance.choice(question.choices)
                if chance.is_so(0.1):
                    yield chance.choice(_OTHERS)
            case Kind.ACCESS if chance.is_so(0.06):
                yield chance.choice(question.choices)

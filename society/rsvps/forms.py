"""What may be said, by a person signed in, a guest, the bearer of a mailed link, and an organizer."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import wtforms
from wtforms import validators

from society.choices import ChosenSeveral
from society.events.models import Event
from society.fields import Email, Paragraphs, PersonName, Whole
from society.languages import ENGLISH
from society.people.models import Person
from society.phrases import phrase
from society.questions.asking import Questioned
from society.questions.building import asking
from society.rsvps.asked import asked_of
from society.rsvps.models import Answer, Rsvp, Way
from society.rsvps.queries import largest_by_form, too_many
from society.web import Form

MOST_PICKED = 1_000
"""Rows ticked at once: far more than a page shows, far fewer than a statement can name."""


class LinkAction(StrEnum):
    """What the bearer of a mailed link may do."""

    CONFIRM = "confirm"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    SAY = "say"
    """Put right what they said beside it, also when answers are closed; no seat moves."""
    TAKE_BACK = "take-back"
    """A consent, or a file that they sent."""


class Decision(StrEnum):
    """What an organizer may do with several answers at once."""

    APPROVE = "approve"
    DECLINE = "decline"
    REMOVE = "remove"
    READMIT = "readmit"
    """Let those in after all who were declined or removed."""
    SEAT = "seat"
    """Put those who join online down for a seat."""
    THERE = "there"
    """They were there, though nobody checked them in."""
    ABSENT = "absent"


class OneOf(wtforms.StringField):
    """One word of a few: the value of the button that was pressed."""

    def __init__(self, label: str, words: type[StrEnum], sentence: str, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.words, self.sentence = words, sentence

    def pre_validate(self, form: Any) -> None:
        if self.data not in set(self.words):
            raise validators.ValidationError(self.sentence)


class Joins(OneOf):
    """How they join a hybrid event, which says that they come; if it is not said, they do as before, or there."""

    def __init__(self, **kw: Any) -> None:
        super().__init__("How you join", Way, "Please choose a seat there, or to join online.", **kw)

    def imply(self, answer: wtforms.Field) -> None:
        """A button for either way sends no answer of its own."""
        if self.raw_data and not answer.raw_data:
            answer.data = Answer.YES.value

    def pre_validate(self, form: Any) -> None:
        if self.raw_data:
            super().pre_validate(form)

    @property
    def online(self) -> bool | None:
        return self.data == Way.ONLINE if self.raw_data else None


class PartySize(Whole):
    """How many come, bounded by what the event has room for (see `bound_party`)."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.most == 1 and self.data not in (None, 1):
            raise validators.ValidationError("Each answers for one person alone here, so please give 1.")
        super().post_validate(form, validation_stopped)


class Picked(ChosenSeveral):
    """Rows by number, as ticked on the page; which of them count, the query that looks them up decides."""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise validators.ValidationError("Please choose at least one.")
        if len(self.data) > MOST_PICKED:
            raise validators.ValidationError(f"At most {MOST_PICKED:,} at once, please.")


def _answer() -> Any:
    return OneOf("Your answer", Answer, "Please say yes, no or maybe.")


class AnswerForm(Questioned):
    """The answer of a person signed in, and what the event asks of them.

    Where they answered before, what they said stands until they say otherwise.
    """

    answer = _answer()
    joins = Joins()
    party_size = PartySize("How many of you", least=1, most=1)
    note = Paragraphs("A note for the organizers", most=500, render_kw={"rows": 2})

    def __init__(self, event: Event, mine: Rsvp | None = None) -> None:
        super().__init__(mine)
        self.event, self.mine = event, mine
        bound_party(self.party_size, event, mine)
        self.joins.imply(self.answer)

    @property
    def said(self) -> Answer:
        return Answer(self.answer.data)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        _check_answers(self)
        return not self.errors


class GuestForm(AnswerForm):
    """The answer of somebody without an account; the mailed link shows whose address it is."""

    name = PersonName()
    email = Email("Your email", render_kw={"autocomplete": "email"})


class LinkForm(Questioned):
    """What the bearer of a mailed link does."""

    action = OneOf("What to do", LinkAction, "Please use one of the buttons.")
    answer = _answer()
    joins = Joins()
    party_size = PartySize("How many of you", least=1, most=1)

    def __init__(self, rsvp: Rsvp) -> None:
        super().__init__(rsvp)
        self.rsvp = self.mine = rsvp
        self.event = rsvp.event
        bound_party(self.party_size, rsvp.event, rsvp)
        self.joins.imply(self.answer)

    @property
    def said(self) -> Answer:
        return Answer(self.answer.data)

    @property
    def asks_first(self) -> bool:
        """Whether the yes that they would confirm needs answers to what has been asked since."""
        return self.rsvp.waits_for_its_person and self.asked.lacks

    def validate(self, extra_validators: Any = None) -> bool:
        """Only a change has an answer and a size to look at."""
        if self.action.data == LinkAction.CONFIRM and self.asks_first:
            self.process(None, self.rsvp)  # the button has sent nothing of what they said before
            self.form_errors.append("The organizers have asked something since. Please answer it below.")
            return False
        if self.action.data in (LinkAction.CONFIRM, LinkAction.WITHDRAW, LinkAction.TAKE_BACK):
            del self.answer, self.party_size
            super().validate(extra_validators)
            self.drop_answers()
        elif self.action.data == LinkAction.SAY:
            del self.answer
            super().validate(extra_validators)
            self.check_answers(self.party_size, coming=self.rsvp.stands, looked_at=True)
        else:
            super().validate(extra_validators)
            _check_answers(self)
        return not self.errors


def seen_at(typed: Any) -> datetime | None:
    """When a page was shown, as it says itself: in millionths of a second since 1970."""
    text = str(typed or "")
    return datetime.fromtimestamp(int(text) / 1e6, UTC) if re.fullmatch("[0-9]{1,16}", text) else None


class DecisionForm(Form):
    """What an organizer does with the answers that are ticked."""

    action = OneOf("What to do", Decision, "Please use one of the buttons.")
    rsvp = Picked("Answers")
    every = wtforms.BooleanField("All that were found")
    seen = wtforms.HiddenField("When the list was shown", filters=[seen_at])
    sure = wtforms.BooleanField("Asked once more")

    @property
    def asks_again(self) -> bool:
        """Whether it takes something from people, or goes beyond what is ticked, and its page has not been seen."""
        far = self.action.data in (Decision.REMOVE, Decision.SEAT) or self.every.data
        return bool(far and not self.sure.data and self.action.data not in (Decision.THERE, Decision.ABSENT))


def bound_party(field: PartySize, event: Event, mine: Rsvp | None) -> None:
    """As many as can come by one way or the other."""
    field.most = largest_by_form(event, mine)
    field.render_kw = {**(field.render_kw or {}), "max": field.most}
    if field.data is None and not field.errors and not field.raw_data:
        field.data = 1


def _check_answers(form: Any) -> None:
    """Only who comes must say all that is asked, and has to fit in by the way that they chose; what comes with a no is
    not looked at."""
    said = form.answer.data
    if said == Answer.YES and form.party_size.data and not form.party_size.errors:
        had, online = form.mine, form.joins.online
        online = bool(had and had.stands and had.online) if online is None else online
        sentence = too_many(form.event, form.party_size.data, had, online=online)
        form.party_size.errors = (phrase(sentence, ENGLISH),) if sentence else ()
    form.check_answers(form.party_size, coming=said == Answer.YES, looked_at=said != Answer.NO)


def form_for(event: Event, person: Person | None, mine: Rsvp | None) -> AnswerForm:
    """The form on an event's page, with what that event asks."""
    asked = asked_of(event, mine, person)
    return asking(AnswerForm, asked)(event, mine) if person else asking(GuestForm, asked)(event)


def link_form(rsvp: Rsvp) -> LinkForm:
    """The form on the page behind the mailed link."""
    return asking(LinkForm, asked_of(rsvp.event, rsvp, None))(rsvp)

"""What somebody proposes for an event, and what is answered."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import wtforms
from flask import request

from society.errors import Refused
from society.events.models import Event
from society.fields import Clock, Day, Paragraphs
from society.invitations.proposals import LONGEST_WORD, unfit
from society.invitations.queries import Own, walls
from society.times import NoSuchTime, now
from society.web import Form

A_DAY = timedelta(days=1)


class ProposalForm(Form):
    """Another start and end, by the event's own clocks, and a word about it."""

    starts_at = Clock("Start", required=True)
    ends_at = Clock("End", required=True)
    word = Paragraphs("A word to the organizers", most=LONGEST_WORD)

    def __init__(self, event: Event, starts: datetime | None, ends: datetime | None, word: str = "") -> None:
        super().__init__(**self.shown(starts or event.starts, ends or event.ends), word=word)
        self._event = event

    @staticmethod
    def shown(starts: datetime, ends: datetime) -> dict[str, Any]:
        """The two as the fields hold them."""
        return {"starts_at": starts, "ends_at": ends}

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start and end on the wall."""
        starts, ends = self.starts_at.data, self.ends_at.data
        assert starts is not None and ends is not None  # noqa: PT018 - both are required
        return starts, ends

    def validate(self, extra_validators: Any = None) -> bool:
        if super().validate(extra_validators):
            self._check()
        return not self.errors

    def _check(self) -> None:
        try:
            if why := unfit(self._event, *self.span, now()):
                self.starts_at.errors = [why]
        except NoSuchTime as gap:
            self.starts_at.errors = [str(gap)]
        except Refused as refusal:
            self.ends_at.errors = [str(refusal)]


class DaysForm(ProposalForm):
    """The same for an event of whole days: the first and the last."""

    starts_at = Day("First day", required=True)
    ends_at = Day("Last day", required=True)

    @staticmethod
    def shown(starts: datetime, ends: datetime) -> dict[str, Any]:
        return {"starts_at": starts.date(), "ends_at": max(starts.date(), (ends - A_DAY).date())}

    @property
    def span(self) -> tuple[datetime, datetime]:
        return datetime.combine(self.starts_at.data, time()), datetime.combine(self.ends_at.data, time()) + A_DAY


def form_for(event: Event, starts: datetime | None, ends: datetime | None, own: Own | None) -> ProposalForm:
    """What fits the event, with what their calendar proposed already there, or what they did, to be changed."""
    fitting = DaysForm if event.all_day else ProposalForm
    if starts is None and own and own.open and own.proposal.all_day == event.all_day:
        return fitting(event, *walls(event, own.proposal), own.proposal.word)
    return fitting(event, starts, ends)


class DeclineForm(Form):
    """No to a time that was proposed; which one, and whose proposals the page showed, is in hidden fields."""

    word = Paragraphs(
        "A line of your own",
        most=LONGEST_WORD,
        description="It is added to the letter to those who proposed it.",
        render_kw={"rows": 3},
    )
    time = wtforms.HiddenField()

    def numbers(self) -> list[int]:
        """The proposals that were shown."""
        return [int(number) for number in request.form.getlist("proposal") if re.fullmatch("[0-9]{1,9}", number)]

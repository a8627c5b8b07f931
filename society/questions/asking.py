"""The part of a form in which somebody answers an event's questions, for themselves and for each of their guests.

Questions are for those who come: on a no nothing is looked at, on a maybe nothing is needed. How many guests are asked
about follows from the size of the party; where the page had fewer, it comes back with room for the others, and where it
had more, to have said who of them stays away.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import wtforms
from flask import request

from society.questions.fields import Sent
from society.questions.models import Agreement, Kind, Question
from society.text import counted
from society.web import Form

YES = "yes"
"""A consent that was given."""


@dataclass(frozen=True)
class Blank:
    """A place to fill in: a question, and of whom."""

    question: Question
    guest: int

    @property
    def name(self) -> str:
        return f"q{self.question.id}_{self.guest}"

    @property
    def label(self) -> str:
        return f"{self.question.text} (guest {self.guest})" if self.guest else self.question.text


@dataclass(frozen=True)
class Filled:
    """What somebody said in one place; empty takes back what they said before."""

    question: Question
    guest: int
    text: str
    file: Sent | None = None


@dataclass(frozen=True)
class Asked:
    """What a form asks: the questions, of how many, and what is known already."""

    questions: Sequence[Question] = ()
    size: int = 1
    """Of the party that comes."""
    party: int = 1
    """About how many of it the page asks: more, where it is not said yet who stays away."""
    before: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What they said to this event before, by question and guest."""
    earlier: Mapping[Kind, str] = field(default_factory=dict)
    """What they said to the same standard question for an earlier event."""
    otherwise: Mapping[tuple[int, int], Agreement] = field(default_factory=dict)
    """What they agreed to in words that have become others, and so not to what is asked now."""

    def __bool__(self) -> bool:
        return bool(self.questions)

    @property
    def of_guests(self) -> bool:
        return any(question.of_guests for question in self.questions)

    @property
    def has_files(self) -> bool:
        return any(question.kind is Kind.FILE for question in self.questions)

    @property
    def blanks(self) -> Iterator[Blank]:
        for guest in range(self.party):
            yield from self.blanks_of(guest)

    def blanks_of(self, guest: int) -> Iterator[Blank]:
        for question in self.questions:
            if question.of_guests if guest else question.kind is not Kind.NAMES:
                yield Blank(question, guest)

    @property
    def lacks(self) -> bool:
        """Whether something has not been said yet without which nobody can come."""
        return bool(self.missing)

    @property
    def missing(self) -> list[Question]:
        """What that is, once for each of whom it is asked."""
        return [b.question for b in self.blanks if b.question.required and (b.question.id, b.guest) not in self.before]

    def offered(self, blank: Blank) -> str:
        """An earlier answer, for who answers alone and only while they have given none here."""
        known = blank.guest or (blank.question.id, 0) in self.before
        return "" if known else self.earlier.get(blank.question.kind, "")


class Questioned(Form):
    """A form that may also ask an event's questions (see `asking`)."""

    asked = Asked()

    def fields_of(self, guest: int) -> list[wtforms.Field]:
        """The fields about one of the party, in their order; the first says that they stay away, where some do."""
        names = [name for blank in self.asked.blanks_of(guest) for name in names_of(blank)]
        return [self._fields[name] for name in [away_name(guest), *names] if name in self._fields]

    @property
    def places(self) -> dict[int, int]:
        """By number as the page has them, which number each of those who come gets: nobody else's answers become
        theirs. Where the party got smaller, whoever is left blank stays away as if that were said."""
        coming = [guest for guest in range(1, self.asked.party) if not self._is_away(guest)]
        blank = [guest for guest in coming if not any(map(self._said, self.asked.blanks_of(guest)))]
        beyond = len(coming) - (self.asked.size - 1)
        away = blank[-beyond:] if beyond > 0 else []
        return dict(zip([0, *(guest for guest in coming if guest not in away)], range(self.asked.party), strict=False))

    def _is_away(self, guest: int) -> bool:
        field = self._fields.get(away_name(guest))
        return field is not None and bool(field.data)

    def check_answers(self, party_size: wtforms.Field, *, coming: bool, looked_at: bool) -> None:
        """Note what is wrong or missing beside its field."""
        if not looked_at:
            self.drop_answers()
            return
        places = self.places
        self.drop_answers(but=places)
        if len(places) != self.asked.size:
            bring, below = self.asked.size - 1, len(places) - 1
            sentence = f"You bring {counted(bring, 'guest')}, and below {below} come. Please tick there who stays away."
            party_size.errors = (*party_size.errors, sentence)
        for blank in [blank for blank in self.asked.blanks if blank.guest in places]:
            if coming and blank.question.required and not self[blank.name].errors and not self._said(blank):
                self[blank.name].errors = (_MISSING.get(blank.question.kind, "Please answer this."),)
        if coming and self.asked.of_guests and _shown() < self.asked.party:
            party_size.errors = (*party_size.errors, "Please say below what is asked about each of your guests.")
        self._miss_files()

    def _miss_files(self) -> None:
        """Say that a file goes missing where the page comes back: browsers fill in all but these."""
        sent = [self[blank.name] for blank in self.asked.blanks if self._file(blank)]
        if any(field.errors for field in self):
            for field in sent:
                field.errors = field.errors or (f"Please choose {field.data.name} again; all else is kept.",)

    def drop_answers(self, but: Container[int] = ()) -> None:
        """Look at none of it, or at nothing that is about others of the party."""
        dropped = [blank for blank in self.asked.blanks if blank.guest not in but]
        for name in [name for blank in dropped for name in names_of(blank) if name in self._fields]:
            self[name].errors = ()

    @property
    def filled(self) -> list[Filled]:
        """All that was said of those who come; a file that was sent before stays unless another comes."""
        places = self.places
        said = [blank for blank in self.asked.blanks if blank.guest in places]
        every = [Filled(b.question, places[b.guest], self._text(b), self._file(b)) for b in said]
        return [one for one in every if one.question.kind is not Kind.FILE or one.file]

    def _said(self, blank: Blank) -> bool:
        kept = blank.question.kind is Kind.FILE and (blank.question.id, blank.guest) in self.asked.before
        return bool(self._text(blank)) or kept

    def _text(self, blank: Blank) -> str:
        data = self[blank.name].data
        match blank.question.kind:
            case Kind.SEVERAL | Kind.DIETARY | Kind.ACCESS:
                return self._lines(blank, data or [])
            case Kind.CONSENT:
                return YES if data else ""
            case Kind.FILE:
                return data.name if data else ""
            case _:
                return "" if data is None else str(data)

    def _lines(self, blank: Blank, chosen: Sequence[str]) -> str:
        other = self._fields.get(f"{blank.name}_other")
        again = self._fields.get(f"{blank.name}_again")
        said = "\n".join([*chosen, *([other.data] if other is not None and other.data else [])])
        return said or (self.asked.offered(blank) if again is not None and again.data else "")

    def _file(self, blank: Blank) -> Sent | None:
        return self[blank.name].data if blank.question.kind is Kind.FILE else None


_MISSING = {Kind.CONSENT: "Without this you cannot come.", Kind.FILE: "Please choose a file."}


def party_asked(at_first: int, most: int) -> int:
    """How many come by the form: as many as were typed, within what is possible."""
    text = request.form.get("party_size", "") if request.method == "POST" else request.args.get("party_size", "")
    number = int(text) if re.fullmatch("[0-9]{1,4}", text) else at_first
    return min(max(number, 1), most)


def asked_about(size: int, most: int) -> int:
    """How many the form asks about: those who come, and whoever the page had besides and may be of them. Who comes
    alone brings none of these."""
    return shown if 1 < size < (shown := _shown()) <= most else size


def _shown() -> int:
    """For how many the page that was sent had fields."""
    text = request.form.get("shown", "")
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else 1


def away_name(guest: int) -> str:
    """The field that says of a guest that they stay away."""
    return f"away_{guest}"


def names_of(blank: Blank) -> tuple[str, str, str]:
    return blank.name, f"{blank.name}_again", f"{blank.name}_other"

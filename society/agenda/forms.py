"""What organizers fill in about sessions and speakers."""

from typing import Any, cast

import wtforms
from sqlalchemy import select
from wtforms.validators import ValidationError

from society.agenda import queries
from society.agenda.models import Session, SessionKind, SpeakerProfile
from society.agenda.pasting import Reading, read
from society.agenda.planning import KINDS, Plan, check_speakers, fingerprint
from society.db import db
from society.errors import Refused
from society.events.fields import Moment
from society.events.models import Event, instants
from society.fields import Email, Line, Paragraphs, WebAddress, Whole, on_one_line
from society.items import Lines
from society.meanwhile import SharedForm
from society.people.models import Person
from society.text import in_an_address
from society.times import NoSuchTime, to_utc
from society.web import Form

MOST_SEATS = 100_000
PROBLEMS_SHOWN = 12


class SessionForm(SharedForm):
    """One session, by the clocks of its event's zone."""

    revision = wtforms.HiddenField()
    """The mark of the state that the form was made from (`fingerprint`)."""
    together = (("starts_at", "ends_at"),)

    title = Line("Title", required=True)
    kind = wtforms.RadioField(
        "Kind",
        choices={kind.value: said for kind, said in KINDS.items()},
        default="talk",
        invalid_choice_message="Please choose one of these.",
    )
    starts_at = Moment("Starts", required=True)
    ends_at = Moment("Ends", required=True)
    room = Line("Room or hall", most=100)
    track = Line("Track", most=100, description="A strand of the programme that runs beside others, if there are any.")
    speakers = Lines(
        "Speakers",
        description="One a line: the name, then a bar and a line about them. “Ada Example | historian, B University”.",
        render_kw={"rows": 3},
    )
    chair = Line("Chair")
    abstract = Paragraphs("Abstract", description="Markdown, as in the event’s description.", render_kw={"rows": 6})
    capacity = Whole(
        "Seats given out for this session",
        least=1,
        most=MOST_SEATS,
        description="Left empty, whoever comes to the event may sit in it. With a number, those who go choose it.",
    )
    slides_url = WebAddress("Slides or recording", description="A link for afterwards.")

    def __init__(self, event: Event, session: Session | None = None) -> None:
        super().__init__(**(_values(session) if session else {"starts_at": event.starts}))
        self.event = event

    def plan(self) -> Plan:
        """What was filled in."""
        texts = ("title", "room", "track", "chair", "abstract", "slides_url")
        values: dict[str, Any] = {name: self[name].data or "" for name in texts}
        return Plan(
            **values,
            capacity=self.capacity.data,
            kind=SessionKind(self.kind.data),
            starts=cast(Any, self.starts_at.data),
            ends=cast(Any, self.ends_at.data),
            speakers=tuple(self.named()),
        )

    def named(self) -> list[tuple[str, str]]:
        """Pairs of a name and a line about them."""
        rows = (line.partition("|") for line in (self.speakers.data or "").split("\n") if line.strip())
        return [(on_one_line(name), on_one_line(about)) for name, _, about in rows]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for moment in (self.starts_at, self.ends_at):
            self._check_moment(moment)
        if not (self.starts_at.errors or self.ends_at.errors):
            try:
                instants(cast(Any, self.starts_at.data), cast(Any, self.ends_at.data), self.event.zone, all_day=False)
            except Refused as refusal:
                self.ends_at.errors = [str(refusal)]
        return not self.errors

    def _check_moment(self, moment: Moment) -> None:
        if moment.data is None or moment.errors:
            return
        if moment.is_bare:
            moment.errors = ["Please give a time of day too."]
            return
        try:
            to_utc(moment.data, self.event.zone)
        except NoSuchTime as gap:
            moment.errors = [str(gap)]

    def validate_speakers(self, field: wtforms.Field) -> None:
        named = self.named()
        if not all(name for name, _about in named):
            raise ValidationError("Each line begins with a name, please.")
        try:
            check_speakers(named)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None


def _values(session: Session) -> dict[str, Any]:
    same = ("title", "room", "track", "chair", "abstract", "slides_url", "capacity")
    return {
        **{name: getattr(session, name) for name in same},
        "revision": fingerprint(session),
        "kind": session.kind.value,
        "starts_at": session.starts,
        "ends_at": session.ends,
        "speakers": "\n".join(f"{s.name} | {s.about}" if s.about else s.name for s in session.speakers),
    }


class PasteForm(Form):
    """Many sessions, one a line; what cannot be read is told by its line's number."""

    lines = Paragraphs("Sessions, one a line", required=True, most=200_000, render_kw={"rows": 16})

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event
        self.reading = Reading()

    def validate_lines(self, field: wtforms.Field) -> None:
        self.reading = read(field.data, self.event)
        problems = self.reading.problems
        if not problems and not self.reading.plans:
            problems = ["There is no session in these lines."]
        if problems:
            field.errors = [*problems[:PROBLEMS_SHOWN]]
            if len(problems) > PROBLEMS_SHOWN:
                field.errors.append(f"… and {len(problems) - PROBLEMS_SHOWN} more.")
            raise wtforms.validators.StopValidation


class SpeakerForm(SharedForm):
    """What is told of a speaker on their page, and under which other name they speak."""

    about = Paragraphs("About them", most=5_000, description="A line or a short biography, in Markdown.")
    person = Email(
        "Their email address, if they are known here",
        required=False,
        description="Links this page to their own data, so that it is told to them and goes when they are erased. "
        "It is not shown.",
    )
    same_as = Line(
        "The same speaker as",
        description="Another name, as it stands in the programme: all talks then stand on that name’s page, and this "
        "page leads there. Left empty, they are two.",
    )

    def __init__(self, key: str, profile: SpeakerProfile | None, leads_to: str, address: str) -> None:
        super().__init__(about=profile.about if profile else "", same_as=leads_to, person=address)
        self.key = key

    def validate_person(self, field: wtforms.Field) -> None:
        if field.data and self.known_person() is None:
            raise ValidationError("Nobody here has that address.")

    def known_person(self) -> Person | None:
        return db.session.scalar(select(Person).where(Person.email == self.person.data)) if self.person.data else None

    def other_key(self) -> str | None:
        """The key of the page that the other name's talks stand on."""
        return queries.names_of(in_an_address(self.same_as.data)).key if self.same_as.data else None

    def validate_same_as(self, field: wtforms.Field) -> None:
        if not field.data:
            return
        key = in_an_address(field.data)
        if not key or not queries.speaks(key):
            raise ValidationError("No speaker of that name stands in any programme.")
        if key == self.key or queries.names_of(key).key == self.key:
            raise ValidationError("That name leads to this page already.")

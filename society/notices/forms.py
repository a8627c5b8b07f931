"""The form of a notice: what it says, to whom, and the check that no field in it is a hole."""

from collections.abc import Sequence
from datetime import datetime

import wtforms
from sqlalchemy import select
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from society.choices import Chosen, ChosenSeveral, Language
from society.db import db
from society.events.fields import Moment
from society.events.life_forms import MomentToCome
from society.events.models import Event, Visibility
from society.fields import Line, Paragraphs, Subject
from society.languages import tidy, with_families
from society.meanwhile import SharedForm
from society.membership.queries import tiers
from society.notices.merge import Reader, Values, problems, values
from society.notices.models import CHANGES, IN_COMMITTEE, OWN_OFFICES, Audience, Notice, NoticeKind
from society.notices.newsletter import choosable, told_to
from society.notices.queries import committees, offered_events
from society.notices.spoken import found_in_register
from society.people.models import Person
from society.people.queries import kinds_of
from society.register.filters import spellings
from society.register.models import SavedView
from society.rsvps.selection import LONGEST, Selection
from society.settings import society
from society.times import now
from society.web import Form

NOT_ONE = "Please choose one from the list."
MOST_CITIES = 1_000
"""Offered while one types; others can be typed all the same."""


class LaterForm(MomentToCome):
    """When a draft is sent by itself."""

    instead = ", or send it now."
    send_at = Moment("Send it at")
    own_clock = wtforms.BooleanField("By each reader’s own clock")

    def __init__(self, notice: Notice) -> None:
        super().__init__(society().zone, notice.planned_at)
        if notice.own_hour and self.send_at.raw_data is None:
            self.send_at.data, self.own_clock.data = notice.own_hour, True

    @property
    def own_hour(self) -> datetime | None:
        """What each reader's own clock shows then, where it is to leave by that."""
        return self.send_at.data if self.own_clock.data else None


class Button(Form):
    """A post without fields."""


def _offices() -> dict[str, str]:
    """Of which offices the holders can be written to."""
    names = {"": (OWN_OFFICES, "Of the society itself")}
    found = [names.get(name, (IN_COMMITTEE + name, name)) for name in committees()]
    return {"": "Any office", **dict(found)}


def _chosen(_form: Form, field: wtforms.Field) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(NOT_ONE)


class NoticeForm(SharedForm):
    """A notice being written."""

    together = (("audience", "committee", "view", "tier", "city", "reads", "event"),)

    kind = wtforms.SelectField(
        "Kind",
        choices=[SelectChoice(kind.value, kind.label) for kind in NoticeKind],
        validate_choice=False,
        validators=[_chosen],
    )
    event = Chosen("Event", none="No event")
    audience = wtforms.RadioField(
        "To",
        choices=[SelectChoice(audience.value, audience.label.capitalize()) for audience in Audience],
        validate_choice=False,
        validators=[_chosen],
    )
    committee = wtforms.SelectField("Offices", validate_choice=False)
    view = wtforms.SelectField("View of the register", validate_choice=False)
    tier = Chosen("Only members of the tier", none="Any tier, or none")
    city = Line("Only who lives in", most=100)
    reads = Language("Only who reads", none="Any language")
    found = Line("Chosen on the list of answers", most=LONGEST, widget=wtforms.widgets.HiddenInput())
    subject = Subject()
    body = Paragraphs("Text", required=True)
    events = ChosenSeveral("Which events")

    def __init__(self, notice: Notice | None = None, views: Sequence[SavedView] = (), **start: object) -> None:
        if notice is not None:
            start = {"event": notice.event_id, **start}
        super().__init__(notice and _Fields(notice), **start)
        rows = db.session.scalars(offered_events(now(), self.event.data, self.event.object_data))
        self._offer_chosen({view.query: view.name for view in views})
        self.tier.offer([(tier.id, tier.name) for tier in db.session.scalars(tiers())])
        self.cities = db.session.scalars(kinds_of(Person.city).limit(MOST_CITIES)).all()
        self.reads.suggest(with_families(db.session.scalars(kinds_of(Person.language))))
        self.committee.choices = [SelectChoice(value, label) for value, label in _offices().items()]
        told = [event.id for event in notice.events] if notice else []
        coming = db.session.scalars(choosable(now(), told))
        self.events.offer([(event.id, f"{event.title}, {event.starts:%-d %B %Y}") for event in coming])
        self.event.offer([(event.id, f"{event.title}, {event.starts:%-d %B %Y}") for event in rows])

    def _offer_chosen(self, views: dict[str, str]) -> None:
        """Besides what is always offered: whom somebody has chosen on a list, if they came from one; and whom the
        register finds, by what it was asked or by one of their views of it. As it was typed and as it is stored: which
        of the two the form shows is decided later, where somebody has saved it meanwhile."""
        views_asked = dict.fromkeys(one or "" for one in (self.view.data, self.view.object_data))
        asked = self.view.data or self.view.object_data or ""
        chosen, more = self.found.data or self.found.object_data, {}
        if chosen:
            more[Audience.FOUND] = Selection.read(chosen).spoken
        if asked or views:
            more[Audience.REGISTER] = Audience.REGISTER.label if asked in {"", *views} else found_in_register(asked)
        offered = [one for one in self.audience.choices if one.value not in (Audience.FOUND, Audience.REGISTER)]
        own = [SelectChoice(which.value, said[:1].upper() + said[1:]) for which, said in more.items()]
        self.audience.choices = offered + own
        first = {one: "As it was asked" if one else "Choose a view" for one in views_asked if one not in views}
        self.view.choices = [SelectChoice(query, name) for query, name in {**first, **views}.items()]

    def leave_out_what_needs_an_event(self) -> None:
        """Where it is about none: nobody answered it, came to it or was invited."""
        needy = [audience.value for audience in Audience if audience.needs_event]
        self.audience.choices = [one for one in self.audience.choices if one.value not in needy]

    @property
    def chosen_kind(self) -> NoticeKind | None:
        """What it is, if that is something."""
        return NoticeKind(self.kind.data) if self.kind.data in list(NoticeKind) else None

    @property
    def about(self) -> Event | None:
        """The chosen event."""
        return db.session.get(Event, self.event.data) if self.event.data and not self.event.errors else None

    def validate_event(self, field: wtforms.Field) -> None:
        if (
            field.data is None
            and self.kind.data in {kind for kind in NoticeKind if kind.needs_event} - self._of_several
        ):
            raise ValidationError("This kind of notice is about an event; please choose it.")

    def validate_audience(self, field: wtforms.Field) -> None:
        if field.data not in list(Audience):
            return
        if (
            Audience(field.data).needs_event
            and self.about is None
            and not (field.data == Audience.CONCERNED and self.kind.data in self._of_several)
        ):
            raise ValidationError("Only an event has people who answered; please choose the event, or other readers.")
        if field.data == Audience.EVERYONE and self.about and self.about.visibility is Visibility.MEMBERS:
            raise ValidationError("This event is for members only, so its notice cannot go to everyone.")

    @property
    def _of_several(self) -> set[str]:
        """The kinds of news that can be of what several events have in common, where some are ticked."""
        return {kind.value for kind in CHANGES} if self.told else set()

    def validate_committee(self, field: wtforms.Field) -> None:
        if self.audience.data == Audience.OFFICERS and (field.data or "") not in _offices():
            raise ValidationError(NOT_ONE)

    def validate_view(self, field: wtforms.Field) -> None:
        if self.audience.data == Audience.REGISTER and not 0 < len(field.data or "") <= LONGEST:
            raise ValidationError("Please choose one of your views.")

    def validate_city(self, field: wtforms.Field) -> None:
        known = spellings(field.data) if field.data else []
        if field.data and not known:
            raise ValidationError(f"We know nobody who lives in “{field.data}”.")
        if field.data not in known:
            field.data = "".join(known[-1:])

    @property
    def told(self) -> list[Event]:
        """The events that are ticked."""
        ticked = [] if self.events.errors else self.events.data or []
        return list(db.session.scalars(select(Event).where(Event.id.in_(ticked)))) if ticked else []

    def validate_subject(self, field: wtforms.Field) -> None:
        refuse_holes(field, self._as_notice(), {})

    def validate_body(self, field: wtforms.Field) -> None:
        notice = self._as_notice()
        refuse_holes(field, notice, told_to(notice, None, now()) if notice else {})

    def _as_notice(self) -> Notice | None:
        """None while it cannot be one: what is wrong has its own sentence, and decides some fields."""
        if self.kind.data not in list(NoticeKind) or self.audience.data not in list(Audience):
            return None
        kind, audience = NoticeKind(self.kind.data), Audience(self.audience.data)
        return Notice(kind=kind, audience=audience, event=self.about, events=self.told)

    def fill(self, notice: Notice) -> None:
        """Put what was typed into the row."""
        notice.kind, notice.audience = NoticeKind(self.kind.data), Audience(self.audience.data)
        chosen = {Audience.OFFICERS: self.committee, Audience.REGISTER: self.view}.get(notice.audience, self.found)
        notice.event, notice.found = self.about, chosen.data or ""
        notice.tier_id = self.tier.data
        notice.city, notice.reads = str(self.city.data), tidy(self.reads.data or "")
        notice.subject, notice.body, notice.events = str(self.subject.data), str(self.body.data), self.told


def refuse_holes(field: wtforms.Field, notice: Notice | None, more: Values) -> None:
    """Say of a subject or text which of its fields are unknown or empty."""
    found = problems(field.data or "", {**values(notice, Reader()), **more}) if notice else []
    if found:
        raise ValidationError(" ".join(found[:5]))


class _Fields:
    """A notice as the form shows it: its event by number."""

    def __init__(self, notice: Notice) -> None:
        self.kind, self.audience = notice.kind.value, notice.audience.value
        self.committee = self.view = self.found = ""
        chosen = {Audience.OFFICERS: "committee", Audience.REGISTER: "view"}.get(notice.audience, "found")
        setattr(self, chosen, notice.found)
        self.tier, self.city, self.reads = notice.tier_id, notice.city, notice.reads
        self.event, self.subject, self.body = notice.event_id, notice.subject, notice.body
        self.events = [event.id for event in notice.events]

"""What organizers fill in about events."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

import wtforms
from wtforms.validators import ValidationError

from society.choices import Chosen, ChosenSeveral, Zone
from society.db import db
from society.errors import Refused
from society.events import queries
from society.events.changes import WHO_ANSWERS, WHO_SEES, fingerprint
from society.events.conditions_form import ConditionFields, condition_fields
from society.events.fields import Moment, Names, Tags
from society.events.models import BackingRole, Event, instants
from society.events.moment_fields import MomentFields
from society.events.moments import MOMENTS
from society.events.picture_fields import PictureFields
from society.events.render import backers, spoken_in, spoken_time
from society.fields import Line, Paragraphs, WebAddress, Whole, on_one_line
from society.items import Lines
from society.meanwhile import SharedForm
from society.names import alike
from society.times import NoSuchTime, now, place_of, shown_twice, to_utc
from society.web import Form

USUAL = timedelta(minutes=90)
"""How long an event is if nobody says."""
DAY = timedelta(days=1)
AFTER_THE_START = {"rsvp_deadline": "Answers cannot be taken after the start."}
MOST_SEATS, MOST_IN_PARTY, MOST_SPEAKERS = 1_000_000, 100, 60
MOST_MINUTES_AHEAD = 7 * 24 * 60
MOST_INSTRUCTIONS = 2_000


def _radios(label: str, choices: dict[Any, str], **kw: Any) -> Any:
    offered = {key.value: said for key, said in choices.items()}
    return wtforms.RadioField(label, choices=offered, invalid_choice_message="Please choose one of these.", **kw)


READ_BY_ALL = "stands on the event’s page and in calendars, for all who may see it."


def why(label: str, description: str) -> Any:
    """A field for why an event is off."""
    return Paragraphs(label, most=2_000, description=description, render_kw={"rows": 3})


class EventForm(ConditionFields, MomentFields, PictureFields, SharedForm):
    """An event, as it is announced."""

    revision = wtforms.HiddenField()
    """The mark of the state that the form was made from (`fingerprint`)."""
    together = (
        ("all_day", "starts_at", "ends_at", "daily", "timezone"),
        ("venue", "venue_name", "venue_address", "room"),
        ("category", "category_name"),
        ("capacity", "minimum", "minimum_by", "minimum_cancels"),
        ("price", "currency", "members_free"),
    )

    title = Line("Title", required=True)
    summary = Line("Summary", most=300, description="One sentence, for lists and search engines.")
    description = Paragraphs(
        "Description",
        description="Paragraphs are set apart by an empty line; *word* is set in italics, - begins a list.",
        render_kw={"rows": 10},
    )
    category = Chosen("Category", none="None")
    category_name = Line("Or a new category", most=100)
    tags = Tags()

    starts_at = Moment("Starts", required=True, description="By the clocks of the time zone below.")
    ends_at = Moment("Ends", description="Left empty, it ends 90 minutes after the start.")
    all_day = wtforms.BooleanField(
        "Whole days", description="The times of day do not matter then; it ends with the end of the last day."
    )
    daily = wtforms.BooleanField(
        "Each day by itself in calendars",
        description="Of several days, between the same hours on each; otherwise one banner stands over all of them.",
    )
    timezone = Zone(description="The clocks that these times are told by: those where it happens.")

    venue = Chosen("Venue", none="None, or not known yet")
    venue_name = Line("Or a new venue")
    venue_address = Line("Address of the new venue", most=500)
    room = Line("Room", most=100)
    online_url = WebAddress(
        "Link for joining online",
        description="Shown to those who are coming; to all readers of the page if no answers are taken.",
    )
    online_minutes = Whole(
        "Show it so many minutes before",
        least=0,
        most=MOST_MINUTES_AHEAD,
        default=60,
        description="Until it ends. 0: at any time.",
    )
    why_off = why("Why it is off", f"It {READ_BY_ALL}")
    instructions = Paragraphs(
        "For those who come",
        most=MOST_INSTRUCTIONS,
        description="A passcode, the door code, which bell to ring. Whoever has a seat is shown it, at once and until "
        "it ends; nobody else is, and no letter holds it. Where no answers are taken, nobody sees it.",
        render_kw={"rows": 3},
    )

    speakers = Lines(
        "Speakers",
        description="One a line: the name, then a bar and a line about them. “Ada Example | historian, B University”.",
        render_kw={"rows": 4},
    )

    hosts = ChosenSeveral("Hosts")
    new_hosts = Names("New hosts")
    sponsors = ChosenSeveral("Sponsors")
    new_sponsors = Names("New sponsors")
    endorsers = ChosenSeveral("Endorsers")
    new_endorsers = Names("New endorsers")

    visibility = _radios("Who may see it", WHO_SEES, default="public")
    rsvp_policy = _radios("Who may answer", WHO_ANSWERS, default="open")
    capacity = Whole("Seats", least=1, most=MOST_SEATS, description="Left empty, there is no limit.")
    max_party_size = Whole(
        "Largest party", least=1, most=MOST_IN_PARTY, description="A person and their guests. 1: no guests.", default=1
    )
    rsvp_deadline = Moment("Answers until", description="Left empty, until it starts.")

    def __init__(self, event: Event | None = None, *, zone: str = "UTC", now: datetime | None = None) -> None:
        start = queries.next_free_evening(zone, now) if now else None
        values = _values(event) if event else _usual(zone, start)
        super().__init__(**values)
        self.announced = event is not None and event.published_at is not None
        self._publish_at = event.publish_at if event else None
        self._backings = list(event.backings) if event else []
        self.beginning = values
        self.category.offer([(c.id, c.name) for c in db.session.scalars(queries.categories())])
        self.venue.offer([(v.id, _venue_label(v.name, v.address)) for v in db.session.scalars(queries.venues())])
        organizations = [(o.id, o.name) for o in db.session.scalars(queries.organizations())]
        for role in BackingRole:
            _offer_chosen_first(self.chosen(role), organizations)

    def begin_with(self, values: dict[str, Any]) -> None:
        """Show these values for the organizer to look over, as if they had typed them; what is not among them stays."""
        self.process(data={**self.beginning, **values})
        for role in BackingRole:
            _offer_chosen_first(self.chosen(role), list(self.chosen(role).choices))

    def begin_in(self, asked: Mapping[str, str]) -> None:
        """Begin with the place and time that an address names, as far as it does."""
        for name in ("venue", "room", "starts_at", "ends_at"):
            if asked.get(name):
                with suppress(ValueError):
                    self[name].process_formdata([asked[name]])

    def chosen(self, role: BackingRole) -> Any:
        """The field of the known organizations in a role."""
        return self[f"{role}s"]

    def backers(self, role: BackingRole) -> list[int | str]:
        """Who shall back it in that role: known ones by number, new ones by name."""
        return [*(self.chosen(role).data or []), *self[f"new_{role}s"].names]

    def speakers_named(self) -> list[tuple[str, str]]:
        """Names with the lines about them."""
        lines = (line.partition("|") for line in (self.speakers.data or "").split("\n") if line.strip())
        return [(on_one_line(name), on_one_line(about)) for name, _, about in lines]

    def event_values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it: the end made exclusive, what was left empty filled in."""
        starts, ends = self._span()
        plain = ("title", "summary", "description", "room", "online_url", "instructions", "why_off", "capacity")
        return {
            **{field: self[field].data or (None if field == "capacity" else "") for field in plain},
            "starts": starts,
            "ends": ends,
            "max_party_size": self.max_party_size.data or 1,
            "online_minutes": 60 if self.online_minutes.data is None else self.online_minutes.data,
            "rsvp_deadline": self.moment("rsvp_deadline"),
            "conditions": self.condition_values() | {name: self.moment(name) for name in self.conditional},
            "tags": self.tags.line,
            "daily": bool(self.daily.data),
        }

    def _span(self) -> tuple[datetime, datetime]:
        """The start, and the end that it is over by; asked for when a start was given."""
        starts, ends = cast(datetime, self.starts_at.data), self.ends_at.data
        if not self.all_day.data:
            return starts, ends or starts + USUAL
        starts = _midnight(starts)
        return starts, _midnight(ends or starts) + DAY

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.timezone.errors:
            self._check_times()
        for role in BackingRole:
            self._check_backers(role)
        self.check_picture(announced=self.announced)
        return not self.errors

    def _check_backers(self, role: BackingRole) -> None:
        """Who was asked answers themselves, however they are entered here."""
        for backing in self._backings:
            if backing.role is role and backing.doubt:
                if backing.organization_id in (self.chosen(role).data or ()):
                    _add_error(self.chosen(role), backing.doubt)
                elif any(alike(backing.organization.name) == alike(name) for name in self[f"new_{role}s"].names):
                    _add_error(self[f"new_{role}s"], backing.doubt)

    def _check_times(self) -> None:
        for moment in self._moments():
            self._check_moment(moment)
        if self.starts_at.errors or self.ends_at.errors or self.starts_at.data is None:
            return
        try:
            starts_at, ends_at = instants(*self._span(), self.timezone.data, all_day=self.all_day.data)
        except Refused as refusal:
            _add_error(self.ends_at, str(refusal))
            return
        self._check_span()
        self._check_told_from_the_start_on(starts_at, ends_at)

    def _check_span(self) -> None:
        starts, ends = self._span()
        if self.daily.data and not self.all_day.data and starts.date() < ends.date() and ends.time() <= starts.time():
            _add_error(self.daily, "Then it must end later in the day than it begins.")

    def _check_told_from_the_start_on(self, starts_at: datetime, ends_at: datetime) -> None:
        for name in MOMENTS:
            wall = self.moment(name)
            if wall and not self[name].errors and to_utc(wall, self.timezone.data) > starts_at:
                _add_error(self[name], AFTER_THE_START.get(name, "That must be before the start."))
        if starts_at > now() and (sentence := self.counted_at_once(announced=self.announced)):
            _add_error(self.minimum_by, sentence)
        if self._publish_at:
            self._check_publication(self._publish_at, ends_at)

    def _check_publication(self, at: datetime, ends_at: datetime) -> None:
        """What is to be published by itself must be to come then, with time to count who comes."""
        said = f"It is published by itself on {spoken_in(at, self.timezone.data)}"
        counted = None if self.minimum_by.errors else self.moment("minimum_by")
        if ends_at <= at:
            _add_error(self.starts_at, f"{said}, when it would be over. Please change that first.")
        elif counted and to_utc(counted, self.timezone.data) <= at:
            _add_error(self.minimum_by, f"{said}, so people would be counted before they can answer.")

    def _moments(self) -> list[Moment]:
        """What must name a time of the clocks; what goes along becomes one."""
        times = [] if self.all_day.data else [self.starts_at, self.ends_at]
        return [*times, *(self[name] for name in MOMENTS if not self.goes_along(self[name]))]

    def _check_moment(self, field: Moment) -> None:
        if field.data is None or field.errors:
            return
        if field.is_bare:
            _add_error(field, "Please give a time of day too, or choose whole days.")
            return
        try:
            to_utc(field.data, self.timezone.data)
        except NoSuchTime as gap:
            _add_error(field, str(gap))

    def shown_twice(self) -> list[str]:
        """A sentence for each time that clocks show twice that night, to say which one is meant."""
        zone = self.timezone.data
        return [
            f"Clocks in {place_of(zone)} show {spoken_time(field.data)} twice on {field.data:%-d %B %Y}; "
            "the earlier one is meant."
            for field in self._moments()
            if field.data and shown_twice(field.data, zone)
        ]

    def validate_speakers(self, field: wtforms.Field) -> None:
        speakers = self.speakers_named()
        if len(speakers) > MOST_SPEAKERS:
            raise ValidationError(f"At most {MOST_SPEAKERS} speakers, please.")
        for name, about in speakers:
            if not name:
                raise ValidationError("Each line begins with a name, please.")
            if len(name) > 200 or len(about) > 500:
                raise ValidationError(
                    f"“{name[:40]}”: at most 200 characters for a name, 500 for what is said of them."
                )

    def validate_venue_address(self, field: wtforms.Field) -> None:
        if field.data and not self.venue_name.data:
            raise ValidationError("Please name the venue at that address.")


def _offer_chosen_first(field: ChosenSeveral, rows: list[tuple[int, str]]) -> None:
    """In a long list, what is chosen must not hide below the edge."""
    field.offer(sorted(rows, key=lambda row: row[0] not in (field.data or ())))


def _add_error(field: wtforms.Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0)


def _venue_label(name: str, address: str) -> str:
    return f"{name}, {address}" if address else name


def _usual(zone: str, starts_at: datetime | None) -> dict[str, Any]:
    """What the form of a new event begins with."""
    return {"timezone": zone, "starts_at": starts_at, "currency": queries.usual_currency()}


def _values(event: Event) -> dict[str, Any]:
    """An event as the form shows it: a last day where the row has the midnight after it."""
    same = (
        "title",
        "summary",
        "description",
        "tags",
        "all_day",
        "daily",
        "room",
        "online_url",
        "online_minutes",
        "instructions",
        "why_off",
        "capacity",
        "max_party_size",
    )
    return {
        **{field: getattr(event, field) for field in same},
        **condition_fields(event),
        "rsvp_deadline": event.rsvp_deadline,
        "revision": fingerprint(event),
        "category": event.category_id,
        "starts_at": event.starts,
        "ends_at": event.ends - DAY if event.all_day else event.ends,
        "timezone": event.zone,
        "venue": event.venue_id,
        "visibility": event.visibility.value,
        "rsvp_policy": event.rsvp_policy.value,
        "speakers": "\n".join(f"{s.name} | {s.about}" if s.about else s.name for s in event.speakers),
        **{f"{role}s": [organization.id for organization in backers(event, role)] for role in BackingRole},
    }


class TellForm(Form):
    """Whether those who answered are written to, and what is added for them."""

    message = Paragraphs(
        "A line of your own", most=2_000, description="It is added to the letter.", render_kw={"rows": 3}
    )
    tell = wtforms.RadioField("Letters", choices={"yes": "Write to them", "no": "Tell nobody"}, default="yes")

    @property
    def wanted(self) -> bool:
        return bool(self.tell.data == "yes")

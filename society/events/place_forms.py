"""What organizers fill in about venues and categories."""

from datetime import datetime
from typing import Any, cast

import wtforms
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from society.choices import Zone
from society.db import db
from society.errors import Refused
from society.events import queries
from society.events.fields import Degrees, Moment
from society.events.forms import MOST_SEATS
from society.events.known_venues import meant
from society.events.models import Category, Colour, Venue, instants
from society.events.rooms import rooms_of
from society.fields import Line, Paragraphs, Whole, on_one_line
from society.items import Lines
from society.meanwhile import SharedForm
from society.names import alike
from society.web import Form

MOST_ROOMS = 60


class FreeForm(wtforms.Form):
    """When somebody wants a room, by the clocks there; asked in the address, so that it can be kept and sent on."""

    starts = Moment("From", required=True)
    ends = Moment("Until", required=True)

    def __init__(self, venue: Venue, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        self._zone = venue.zone

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when until when, once it is valid."""
        return cast(tuple[datetime, datetime], (self.starts.data, self.ends.data))

    def validate(self, extra_validators: Any = None) -> bool:
        if super().validate(extra_validators):
            try:
                instants(*self.span, self._zone, all_day=False)
            except Refused as refusal:
                self.ends.errors = [str(refusal)]
        return not self.errors


class RenameForm(Form):
    """What a room is called now that events to come name otherwise."""

    old = wtforms.HiddenField()
    new = wtforms.SelectField("It is called now")

    def __init__(self, venue: Venue, old: str) -> None:
        super().__init__(old=old)
        self.new.choices = [room.name for room in db.session.scalars(rooms_of(venue))]


class VenueForm(SharedForm):
    """A place, as visitors find it."""

    together = (("latitude", "longitude"),)

    name = Line("Name", required=True)
    address = Line("Address", most=500, description="On one line: street, town.")
    town = Line("Town", most=100, description="By which visitors narrow the list of events.")
    zone = Zone()
    latitude = Degrees("Latitude", most=90)
    longitude = Degrees("Longitude", most=180)
    capacity = Whole("Seats", least=1, most=MOST_SEATS)
    rooms = Lines(
        "Rooms",
        most=8_000,
        description="One a line: the name, then bars before its seats and what to know. "
        "“Great Hall | 180 | step-free by the west door”.",
        render_kw={"rows": 4},
    )
    access = Paragraphs(
        "Getting in", most=5_000, description="Steps, lifts, hearing loops, parking.", render_kw={"rows": 5}
    )

    def __init__(self, venue: Venue) -> None:
        rooms = db.session.scalars(rooms_of(venue)).all() if venue.id else []
        super().__init__(venue, rooms="\n".join(room.line for room in rooms))
        self._venue = venue

    def rooms_named(self) -> list[tuple[str, str, str]]:
        """Each line's name, seats and notes, as they were typed."""
        lines = (line.split("|", 2) for line in (self.rooms.data or "").split("\n") if line.strip())
        return [tuple(map(on_one_line, [*parts, "", ""][:3])) for parts in lines]  # type: ignore[misc]

    @property
    def room_values(self) -> list[tuple[str, int | None, str]]:
        """The rooms as their rows keep them."""
        return [(name, int(seats) if seats else None, notes) for name, seats, notes in self.rooms_named()]

    def validate_rooms(self, field: wtforms.Field) -> None:
        named = self.rooms_named()
        names = [alike(name) for name, _seats, _notes in named]
        for name, seats, notes in named:
            if not name or len(name) > 100 or len(notes) > 300:
                raise ValidationError(f"“{name[:40]}”: a name has 1 to 100 characters, what to know at most 300.")
            if seats and not (seats.isascii() and seats.isdigit() and 0 < int(seats[:9]) <= MOST_SEATS):
                raise ValidationError(f"“{name}”: please give its seats as a whole number, or leave that out.")
            if names.count(alike(name)) > 1:
                raise ValidationError(f"“{name}” is there twice.")
        if len(named) > MOST_ROOMS:
            raise ValidationError(f"At most {MOST_ROOMS} rooms, please.")

    def validate_name(self, field: wtforms.Field) -> None:
        name, address = field.data, self.address.data or ""
        if self._venue.id and (name, address) == (self._venue.name, self._venue.address):
            return
        others = db.session.scalars(select(Venue).where(Venue.id != (self._venue.id or 0)))
        if known := meant(others, name, address):
            there = ", ".join(filter(None, (known[0].name, known[0].address)))
            ask = "" if address else " If this is another one, please give its address."
            raise ValidationError(f"There is a venue of that name already: {there}.{ask}")

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        given = {self.latitude.data is None, self.longitude.data is None}
        if len(given) > 1 and not self.latitude.errors and not self.longitude.errors:
            self.longitude.errors = ["Please give both latitude and longitude, or neither."]
        return not self.errors

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it."""
        typed = {field: value for field, value in self.data.items() if field != "rooms"}
        return {field: value if value is not None else _NOTHING.get(field) for field, value in typed.items()}


_NOTHING = {"address": "", "town": "", "access": ""}


COLOURS = {"": "None", **{colour.value: colour.name.capitalize() for colour in Colour}}


class CategoryForm(SharedForm):
    """A kind of event."""

    name = Line("Name", most=100, required=True, description="In the plural, such as “Lectures”.")
    colour = wtforms.SelectField(
        "Colour",
        choices=COLOURS,
        filters=[lambda chosen: chosen or ""],
        description="A dot beside its events, on the site and in calendars.",
    )

    def __init__(self, category: Category) -> None:
        super().__init__(category)
        self._id = category.id

    def validate_name(self, field: wtforms.Field) -> None:
        others = db.session.scalars(queries.categories().where(Category.id != (self._id or 0)))
        if field.data.casefold() in {category.name.casefold() for category in others}:
            raise ValidationError("There is a category of that name already.")

    @property
    def values(self) -> dict[str, Any]:
        return {"name": self.name.data, "colour": Colour(self.colour.data) if self.colour.data else None}

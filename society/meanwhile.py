"""What two people change in one form at once: nothing of either is lost, and nothing is saved that nobody saw.

Three states meet where somebody has saved meanwhile: the fields as the form was opened, as they were typed, and as they
are stored now. A field that was left as it was shows what is stored. One that only whoever typed has changed keeps what
they typed. One that both have changed otherwise keeps that too, and is told with both values. They look it over, save.

To tell what was changed takes no values: the form carries a mark of each field as it was opened, which stays small. Of
boxes to tick, and of lists that are typed, it carries a mark of each item, so that each is told by itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

import wtforms
from flask import request

from society.items import Listed, brought_together, contradict, items_of, mark_of, written
from society.text import EXCERPT, told_apart
from society.times import now
from society.web import Form

_OPENED = "opened-at"
"""Beside the marks: when. No field is called so."""
_AHEAD = timedelta(minutes=1)
"""By which the clocks of several servers may differ."""


@dataclass(frozen=True)
class Both:
    """A field that both changed, or that goes with one that the other changed."""

    label: str
    saved: str
    typed: str
    """What stands in the form now."""

    @property
    def is_long(self) -> bool:
        """Whether the table holds but a part of what was saved."""
        return len(self.saved) > EXCERPT

    def __iter__(self) -> Iterator[str]:
        """As a row of a table."""
        return iter((self.label, *told_apart(self.saved, self.typed)))


@dataclass(frozen=True)
class Meanwhile:
    """What somebody saved while a form was open, now that it stands in it too."""

    theirs: Sequence[str]
    """The labels of fields that show it."""
    both: Sequence[Both]
    same: bool
    """Whether nothing was typed that is not stored: as where one form was sent twice."""

    def __bool__(self) -> bool:
        """Whether any field that was saved meanwhile concerns who typed."""
        return bool(self.theirs or self.both) and not self.same


class SharedForm(Form):
    """A form of what several people may change. Without its marks, as scripts send it, nobody saved meanwhile."""

    together: ClassVar[Sequence[Sequence[str]]] = ()
    """Names of fields that say one thing: where each changed another of them, both look at all."""
    unkept: ClassVar[Collection[str]] = ()
    """Names of fields that are stored nowhere, such as what an act is to reach."""

    seen = wtforms.HiddenField()

    def __init__(self, obj: object = None, **values: Any) -> None:
        super().__init__(obj, **values)
        if request.method != "POST":
            self.has_seen_all()

    @property
    def data(self) -> dict[str, Any]:
        """What was typed, by field, without the marks."""
        return {field.name: field.data for field in self if field is not self.seen}

    @property
    def opened_at(self) -> datetime:
        """When its fields were as its marks have them; never after now."""
        latest = now() - _AHEAD
        try:
            opened = datetime.fromisoformat(self._seen()[_OPENED]).replace(tzinfo=UTC) - _AHEAD
        except (KeyError, ValueError, OverflowError):
            opened = latest
        return min(opened, latest)

    def catch_up(self) -> Meanwhile:
        """Bring in what is stored by now, which is what the form was made with in this request, under the lock. From
        here on it has seen that, and is to be checked once more. Without marks, both have changed all that differs.
        """
        seen, sides, fields = self._seen(), _Sides(), self._shared()
        for field in fields:
            sides.take(field, seen.get(field.name))
        for group in map(set, self.together):
            sides.look_at_all(group)
        self.has_seen_all()
        return Meanwhile(
            theirs=[field.label.text for field in fields if field.name in sides.theirs],
            both=[_told(field) for field in fields if field.name in sides.both],
            same=not (sides.mine or sides.theirs or sides.both),
        )

    def overtaken(self) -> Meanwhile | None:
        """What was saved while it was open: in the form by now, and checked with what was typed. None where there is
        nothing to look over: nothing was saved, or nothing of what the form shows."""
        seen = self._seen()
        if all(seen.get(name, mark) == mark for name, mark in self._marks().items()):
            return None
        found = self.catch_up()
        self.validate()
        return found or None

    def _shared(self) -> Sequence[Any]:
        fields = (field for field in self if field.name not in self.unkept)
        return [field for field in fields if not isinstance(field, wtforms.HiddenField | wtforms.FileField)]

    def _marks(self) -> dict[str, str]:
        return {field.name: _mark(field, _stored(field)) for field in self._shared()}

    def _seen(self) -> Mapping[str, str]:
        parts = (part.partition(":") for part in (self.seen.data or "").split())
        return {name: mark for name, _, mark in parts}

    def has_seen_all(self) -> None:
        """Take it for opened now, as its page is about to show it."""
        marks = self._marks()
        marks[_OPENED] = f"{now():%Y-%m-%dT%H:%M:%S}"
        self.seen.data = " ".join(f"{name}:{mark}" for name, mark in marks.items())


@dataclass
class _Sides:
    """The names of fields that differ, by who has changed them."""

    mine: set[str] = dataclass_field(default_factory=set)
    theirs: set[str] = dataclass_field(default_factory=set)
    both: set[str] = dataclass_field(default_factory=set)

    def take(self, field: Any, opened: str | None) -> None:
        """Let a field show what it shall, and note whose that is; `opened`: its mark then, if that is known."""
        stored, typed = _mark(field, _stored(field)), _mark(field, field.data)
        if typed == stored:
            return
        if opened == stored:
            self.mine.add(field.name)
        elif opened == typed:
            self.theirs.add(field.name)
            _show(field, _stored(field))
        elif opened is not None and (together := _item_by_item(field, opened)) is not None:
            self.theirs.add(field.name)
            _show(field, together)
        else:
            self.both.add(field.name)

    def look_at_all(self, group: set[str]) -> None:
        """Where each has changed something of what says one thing, both have changed that."""
        if self.theirs & group and (self.mine | self.both) & group:
            self.both |= (self.theirs | self.mine) & group
            self.theirs -= group
            self.mine -= group


@contextmanager
def _left_as_it_is(field: Any) -> Iterator[None]:
    held = field.data, field.raw_data, field.process_errors
    yield
    field.data, field.raw_data, field.process_errors = held


def _stored(field: Any) -> Any:
    """What the form was made with, as the field takes it."""
    with _left_as_it_is(field):
        field.process(None, field.object_data)
        return field.data


def _items(field: Any, data: Any) -> dict[str, Any] | None:
    """What is in a list, by mark; None of what is none."""
    if isinstance(field, wtforms.SelectMultipleField):
        return {mark_of(str(one)): one for one in sorted(data or ())}
    return items_of(field, data) if isinstance(field, Listed) else None


def _item_by_item(field: Any, opened: str) -> Any:
    """What stands there now, with what was added here and without what was taken out here; None where that is not to be
    told, since the one contradicts the other."""
    typed, stored, before = _items(field, field.data), _items(field, _stored(field)), opened.split(".")
    if typed is None or stored is None:
        return None
    if not isinstance(field, Listed):
        return sorted(brought_together(before, typed, stored))
    if contradict(before, typed, stored):
        return None
    return written(field, brought_together(before, typed, stored))


def _mark(field: Any, data: Any) -> str:
    if (items := _items(field, data)) is not None:
        return ".".join(items)
    if isinstance(data, datetime):
        data = data.replace(second=0, microsecond=0)  # as browsers show it
    text = "" if data is None or data is False else str(data)
    return sha256(text.encode()).hexdigest()[:12]


def _show(field: Any, data: Any) -> None:
    """In place of what came, as if it had come so."""
    stored, field.raw_data = field.object_data, None
    field.process(None, data)
    field.object_data = stored
    if isinstance(field, wtforms.StringField | wtforms.IntegerField | wtforms.FloatField | wtforms.DateTimeField):
        field.raw_data = [field._value()]
    elif isinstance(field, wtforms.SelectField) and data is not None:
        field.raw_data = [str(data)]


def _told(field: Any) -> Both:
    return Both(field.label.text, _said(field, _stored(field)), _said(field, field.data))


def _said(field: Any, data: Any) -> str:
    """A value as whoever sees the form knows it."""
    if isinstance(field, wtforms.SelectFieldBase):
        chosen = data if isinstance(data, list) else [data]
        labels = {str(choice.value): str(choice.label) for choice in field.iter_choices()}
        return ", ".join(labels.get(str(one), str(one).replace("_", " ")) for one in chosen if one not in (None, ""))
    match data:
        case None:
            return ""
        case bool():
            return "Yes" if data else "No"
        case datetime():
            return f"{data:%-d %B %Y}, {f'{data:%-I:%M %p}'.lower()}"
        case date():
            return f"{data:%-d %B %Y}"
        case _:
            return str(data)

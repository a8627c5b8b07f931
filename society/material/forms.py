"""What organizers give of an event afterwards."""

from typing import Any

import wtforms
from flask import request
from wtforms.validators import ValidationError

from society.agenda.clashes import day_and_span
from society.agenda.queries import agenda
from society.choices import Chosen
from society.db import db
from society.events.forms import TellForm
from society.events.models import Event
from society.fields import Line, Paragraphs, WebAddress, Whole
from society.material.models import Material, MaterialKind, Seen
from society.material.reading import is_picture
from society.meanwhile import SharedForm
from society.web import number_asked

KINDS = {
    MaterialKind.SLIDES: "Slides",
    MaterialKind.RECORDING: "Recording",
    MaterialKind.PHOTOGRAPH: "Photograph",
    MaterialKind.PAPER: "Paper",
    MaterialKind.MINUTES: "Minutes",
    MaterialKind.LINK: "Link",
}
SEEN = {
    Seen.EVERYONE: "Everyone who may see the event",
    Seen.MEMBERS: "Members in good standing",
    Seen.CAME: "Those who came",
}


class MaterialForm(TellForm, SharedForm):
    """A link, or a file; of what is there already, the words. And whether those who answered are written a line."""

    unkept = ("message", "tell")

    kind = wtforms.SelectField("What it is", choices={kind.value: said for kind, said in KINDS.items()})
    title = Line("Title", required=True, description="Of a photograph: what it shows.")
    file = wtforms.FileField("File")
    url = WebAddress("Or its address", description="Of a recording, say, or of slides that are kept elsewhere.")
    seen_by = wtforms.RadioField(
        "Who may see it", choices={who.value: said for who, said in SEEN.items()}, default=Seen.EVERYONE.value
    )

    there = Line("The file", widget=wtforms.widgets.HiddenInput())
    """Which one it was opened with."""
    session = Chosen("Of which session", none="The whole event")

    def __init__(self, event: Event, known: Material | None = None) -> None:
        values: dict[str, Any] = {"tell": "no", **_begun()}
        if known is not None:
            values |= {"kind": known.kind.value, "seen_by": known.seen_by.value, "title": known.title, "url": known.url}
            values |= {"session": known.session_id, "there": f"{known.file_name} {known.size}" if known.size else ""}
        super().__init__(**values)
        if event.has_agenda:
            # A congress opens and breaks for lunch on each of its days.
            named = [(one.id, f"{one.title} ({day_and_span(one)})") for one in db.session.scalars(agenda(event))]
            self.session.offer(named)
        else:
            del self.session
        self._known = known
        if known is None:
            self.file.render_kw = {"multiple": True, "data-one-by-one": True}
        sent = request.files.getlist("file") if request.method == "POST" else []
        self.sent = [(one.filename, one.stream.read()) for one in sent if one.filename]

    @property
    def of_others_than_photographs(self) -> bool:
        """Whether any file that came is none, by its name."""
        return not all(is_picture(name) for name, _ in self.sent)

    @property
    def goes_on(self) -> dict[str, Any]:
        """What the next one has in common with this one, mostly: what it is, and who may see it."""
        return {"kind": self.kind.data, "seen_by": self.seen_by.data}

    def validate_file(self, _field: wtforms.Field) -> None:
        keeps = self._known is not None and self._known.file_name
        if not self.sent and not self.url.data and not keeps:
            raise ValidationError("Please choose a file, or give an address.")
        if self.sent and self.url.data:
            raise ValidationError("Please give a file or an address, not both.")
        if len(self.sent) > 1 and self._known is not None:
            raise ValidationError("Please choose one file: it takes the place of this one.")
        if len(self.sent) > 1 and self.of_others_than_photographs:
            raise ValidationError("Several at once can only be photographs. Please add other files one by one.")

    def values(self, number: int = 1) -> dict[str, Any]:
        """What was typed, as the row keeps it; of several photographs each has its number in the title."""
        kind, seen_by = MaterialKind(self.kind.data), Seen(self.seen_by.data)
        session_id = self.session.data if "session" in self else None
        title = self.title.data if len(self.sent) < 2 else f"{self.title.data[:180]} ({number} of {len(self.sent)})"
        stated = {"title": title, "url": self.url.data or "", "session_id": session_id}
        return {"kind": kind, "seen_by": seen_by, **stated}


def _begun() -> dict[str, Any]:
    """What an address names to begin one more with: of which session it is, or what the one before was."""
    kind, seen_by = request.args.get("kind"), request.args.get("seen_by")
    return {
        "kind": kind if kind in set(MaterialKind) else None,
        "seen_by": seen_by if seen_by in set(Seen) else Seen.EVERYONE.value,
        "session": number_asked("session"),
    }


class AfterwardsForm(SharedForm):
    """How it was."""

    report = Paragraphs("How it was", description="Shown on the event's page at once.", render_kw={"rows": 8})
    attendance = Whole("How many came", least=0, most=1_000_000, description="Left empty, those who were checked in.")
    attendance_shown = wtforms.BooleanField("Show to everyone how many came")

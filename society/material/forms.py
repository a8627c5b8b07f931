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
from society.web import Form

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


class MaterialForm(TellForm):
    """A link, or a file; of what is there already, the words. And whether those who answered are written a line."""

    kind = wtforms.SelectField("What it is", choices={kind.value: said for kind, said in KINDS.items()})
    title = Line("Title", required=True, description="Of a photograph: what it shows.")
    file = wtforms.FileField("File")
    url = WebAddress("Or its address", description="Of a recording, say, or of slides that are kept elsewhere.")
    seen_by = wtforms.RadioField(
        "Who may see it", choices={who.value: said for who, said in SEEN.items()}, default=Seen.EVERYONE.value
    )

    session = Chosen("Of which session", none="The whole event")

    def __init__(self, event: Event, known: Material | None = None) -> None:
        values: dict[str, Any] = {"tell": "no"}
        if known is not None:
            values |= {"kind": known.kind.value, "seen_by": known.seen_by.value, "title": known.title, "url": known.url}
            values["session"] = known.session_id
        super().__init__(**values)
        if event.has_agenda:
            # A congress opens and breaks for lunch on each of its days.
            named = [(one.id, f"{one.title} ({day_and_span(one)})") for one in db.session.scalars(agenda(event))]
            self.session.offer(named)
        else:
            del self.session
        self._known = known
        sent = request.files.get("file") if request.method == "POST" else None
        self.name = sent.filename or "" if sent else ""
        self.content = sent.stream.read() if sent and sent.filename else b""

    def validate_file(self, _field: wtforms.Field) -> None:
        keeps = self._known is not None and self._known.file_name
        if not self.name and not self.url.data and not keeps:
            raise ValidationError("Please choose a file, or give an address.")
        if self.name and self.url.data:
            raise ValidationError("Please give a file or an address, not both.")

    def values(self) -> dict[str, Any]:
        """What was typed, as the row keeps it."""
        kind, seen_by = MaterialKind(self.kind.data), Seen(self.seen_by.data)
        session_id = self.session.data if "session" in self else None
        stated = {"title": self.title.data, "url": self.url.data or "", "session_id": session_id}
        return {"kind": kind, "seen_by": seen_by, **stated}


class AfterwardsForm(Form):
    """How it was."""

    report = Paragraphs("How it was", description="Shown on the event's page at once.", render_kw={"rows": 8})
    attendance = Whole("How many came", least=0, most=1_000_000, description="Left empty, those who were checked in.")
    attendance_shown = wtforms.BooleanField("Show to everyone how many came")

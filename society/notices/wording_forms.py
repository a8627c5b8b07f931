"""The form of a wording, with the check that a notice begun with it can have no hole."""

import wtforms
from wtforms.validators import ValidationError

from society.choices import Chosen
from society.db import db
from society.events.models import Event
from society.mail.filling import FIELD, names
from society.mail.wording_pages import WordingForm
from society.mail.wordings import Wording, strangers
from society.notices import news_wording
from society.notices.merge import EVENTS, problems
from society.notices.queries import offered_events
from society.notices.wording import FIELDS, MATERIAL
from society.times import now

_KNOWN = dict.fromkeys(FIELDS, "some")


class AboutForm(WordingForm):
    """A wording that can be looked at for an event."""

    unkept = ("event",)

    event = Chosen("Look at it for", none="No event")

    def __init__(self, start: Wording) -> None:
        rows = db.session.scalars(offered_events(now())).all()
        coming = next((event.id for event in rows if event.ends_at > now()), None)
        super().__init__(start, event=coming)
        self.event.offer([(event.id, f"{event.title}, {event.starts:%-d %B %Y}") for event in rows])

    @property
    def about(self) -> Event | None:
        """The event to look at it for."""
        return db.session.get(Event, self.event.data) if self.event.data and not self.event.errors else None


class BeginningForm(AboutForm):
    """What new notices of a kind begin with."""

    def validate_subject(self, field: wtforms.Field) -> None:
        for listed in (MATERIAL, EVENTS):
            if listed in names(field.data or ""):
                raise ValidationError(f"{{{{ {listed} }}}} is a whole list, so it can stand in the text only.")
        _refuse(problems(field.data or "", _KNOWN))

    def validate_body(self, field: wtforms.Field) -> None:
        """Line by line, as it is read: a field that is broken over two lines would be overlooked there."""
        found: list[str] = []
        for line in (field.data or "").split("\n"):
            found += problems(line, _KNOWN)
            if MATERIAL in names(line) and (len(FIELD.findall(line)) > 1 or FIELD.sub("", line).strip()):
                found.append(f"{{{{ {MATERIAL} }}}} is a list of links, so it needs a line of its own.")
        _refuse(found)


def _refuse(found: list[str]) -> None:
    if found:
        raise ValidationError(" ".join(dict.fromkeys(found[:5])))


class NewsForm(AboutForm):
    """What news of one kind says."""

    def __init__(self, name: str, start: Wording) -> None:
        super().__init__(start)
        self._name = name

    def validate_subject(self, field: wtforms.Field) -> None:
        subject = field.data or ""
        unknown = strangers(Wording(subject, "-"), news_wording.fields(self._name))
        _refuse([*unknown, *news_wording.listed_in(subject)])

    def validate_body(self, field: wtforms.Field) -> None:
        """Line by line, as above."""
        body = field.data or ""
        for line in body.split("\n"):
            _refuse(strangers(Wording("-", line or "-"), news_wording.fields(self._name)))
        _refuse(news_wording.lacking(self._name, body))

"""What somebody sent by a form that could not be taken: shown to be copied, and sent again by a button.

It travels in their pages alone. Nothing of it is stored here, so nothing has to be guarded or cleared away.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import HTTPException

from society.uploads import brought_by
from society.web import crosses_sites

SECRET = frozenset({"password", "current", "new"})
"""The fields of passwords. No page repeats one, so a form that asks for one has to be typed again."""

MOST = 1_000
"""Fields that a page shows: as many as a form with files may have. Each takes far more room there than in the form, so
that two megabytes of them made a page of fifty."""


UNSAID = frozenset(
    {"seen", "picture", "there", "revision", "mark", "confirmed", "kept", "image_kept", "typed", "shown", "uid"}
)
"""Fields that the program fills in for itself. They go along, and nobody typed them."""

_OF_QUESTION = re.compile(r"q\d+_(?P<guest>\d+)(?P<part>_again|_other)?")
_STAYS_AWAY = re.compile(r"away_(?P<guest>\d+)")
_PARTS = {None: "Your answer to a question", "_again": "As you told us before", "_other": "Anything else"}
"""By the name of its field, what belongs to a question of an event's organizers. Its wording is not looked up: whoever
wrote such a number into a form of their own would read what is asked where they may see nothing."""


@dataclass(frozen=True)
class Typed:
    """A form as it came. Files are not sent back: their fields have to be filled anew."""

    address: str
    kind: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def to_read(self) -> list[tuple[str, str]]:
        """What was typed into it, beside what its fields are called."""
        said = (one for one in self.fields if one[1].strip() and one[0] not in UNSAID)
        return [(self.called(name), value) for name, value in said]

    @staticmethod
    def called(name: str) -> str:
        """What a field is called where a person reads it."""
        if found := _STAYS_AWAY.fullmatch(name):
            return f"Guest {found['guest']} stays away"
        if found := _OF_QUESTION.fullmatch(name):
            guest = f" (guest {found['guest']})" if found["guest"] != "0" else ""
            return f"{_PARTS[found['part']]}{guest}"
        return name.replace("_", " ").capitalize()

    def sealed(self, whose: int) -> str:
        """To go along with the form to sign in by; `whose`: the number of who was signed in, 0 where nothing tells."""
        return str(_seal().dumps([whose, asdict(self)]))


def typed() -> Typed | None:
    """What this request brought. Nothing of what another site's page made a browser send: a page of ours, with a button
    to send it again, would lend it our name."""
    if request.method != "POST" or request.url_rule is None or crosses_sites(request):
        return None  # no form of ours leads to what is no address of ours
    try:
        form, files = brought_by(request)
    except HTTPException:  # what cannot be read cannot be shown
        return None
    fields = list(form.items(multi=True))
    chosen = [name for name, file in files.items(multi=True) if file.filename]
    if not 0 < len(fields) + len(chosen) <= MOST or not SECRET.isdisjoint(form):
        return None
    return Typed(request.script_root + request.full_path.rstrip("?"), request.mimetype, fields, chosen)


def opened(seal: str | None) -> tuple[int, Typed] | None:
    """What was sealed, and whose it is."""
    try:
        whose, held = _seal().loads(seal or "")
    except BadData:
        return None
    return whose, Typed(**{**held, "fields": [(name, value) for name, value in held["fields"]]})


def _seal() -> URLSafeSerializer:
    key: Any = current_app.secret_key
    return URLSafeSerializer(key, salt="typed")

"""What somebody sent by a form that could not be taken: shown to be copied, and sent again by a button.

It travels in their pages alone. Nothing of it is stored here, so nothing has to be guarded or cleared away.
"""

from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import HTTPException

from society.uploads import brought_by
from society.web import crosses_sites

SECRET = frozenset({"password", "current", "new"})
"""The fields of passwords. No page repeats one, so a form that asks for one has to be typed again."""

OURS = frozenset({"seen", "shown", "revision", "confirmed"})
"""Fields that no one types: by them a page tells what its reader had before them."""

MOST = 1_000
"""Fields that a page shows: as many as a form with files may have. Each takes far more room there than in the form, so
that two megabytes of them made a page of fifty."""


@dataclass(frozen=True)
class Typed:
    """A form as it came. Files are not sent back: their fields have to be filled anew."""

    address: str
    kind: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def to_read(self) -> list[tuple[str, str]]:
        """What is in it, beside the names of its fields."""
        return [
            (name.replace("_", " ").capitalize(), value)
            for name, value in self.fields
            if value.strip() and name not in OURS
        ]

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

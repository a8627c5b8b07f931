"""The files that are kept of an event, for those who may have them."""

from io import BytesIO
from typing import Any

from flask import Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from society.db import db
from society.events.models import Event
from society.events.queries import visible_to
from society.material import queries
from society.material.models import Material, MaterialFile
from society.material.reading import SHOWN_IN_PLACE
from society.material.routes import bp
from society.people.access import open_to, visitor
from society.rsvps.behind import behind
from society.times import now
from society.web import find, private


@bp.get("/events/<slug>/material/<int:material_id>")
@open_to("everyone")
def file(slug: str, material_id: int) -> ResponseReturnValue:
    """A file, for those who may have it. A visitor is led to sign in, the same whether there is one or none."""
    event, person = _visible(slug), visitor()
    found = db.session.scalar(queries.seen_by(event, person, now()).where(Material.id == material_id))
    if found is None and person is None:
        return render_template("material/closed.html", event=event), 404
    return _sent(found or abort(404), MaterialFile.content)


@bp.get("/events/<slug>/material/<int:material_id>/small")
@open_to("everyone")
def small(slug: str, material_id: int) -> Response:
    """A picture as it stands among others, for those who may have it."""
    seen = queries.seen_by(_visible(slug), visitor(), now())
    return _sent(find(seen.where(Material.id == material_id)), MaterialFile.preview)


def _visible(slug: str) -> Event:
    event: Event = find(visible_to(visitor()).where(Event.slug == slug))
    return event


@bp.get("/rsvps/<token>/material/<int:material_id>")
@open_to("link")
def file_by_link(token: str, material_id: int) -> Response:
    """A file for a guest, by the link of their own answer."""
    return private(_sent(_behind(token, material_id), MaterialFile.content))


@bp.get("/rsvps/<token>/material/<int:material_id>/small")
@open_to("link")
def small_by_link(token: str, material_id: int) -> Response:
    """A picture as it stands among others there."""
    return private(_sent(_behind(token, material_id), MaterialFile.preview))


def _behind(token: str, material_id: int) -> Material:
    rsvp = behind(token) or abort(404)
    found: Material = find(queries.seen_by_guest(rsvp).where(Material.id == material_id))
    return found


def _sent(material: Material, which: InstrumentedAttribute[Any]) -> Response:
    content = db.session.scalar(select(which).where(MaterialFile.material_id == material.id)) or abort(404)
    saved = material.media_type not in SHOWN_IN_PLACE
    response = send_file(
        BytesIO(content), material.media_type, as_attachment=saved, download_name=material.file_name, etag=False
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.direct_passthrough = False
    response.add_etag()
    response.make_conditional(request.environ)
    return response

"""Serving pictures, and the pages on which organizers give them to events, venues and organizations."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, or_, select
from werkzeug.http import http_date

from society.audit.actions import record
from society.db import begin_write, db
from society.errors import Refused
from society.events.models import Event, Venue
from society.events.queries import hold, loaded, numbered, visible_to
from society.organizations.models import Organization
from society.people.access import me, open_to, visitor
from society.people.models import Person
from society.pictures.actions import keep
from society.pictures.forms import PictureForm
from society.pictures.models import TYPES, Look, Picture
from society.pictures.queries import rendition
from society.pictures.reading import made
from society.rsvps.feed import refresh
from society.times import now
from society.web import find

bp = Blueprint("pictures", __name__)

NAME = re.compile(r"(?P<key>[0-9a-f]{32})-(?P<width>[0-9]{1,5})\.(?P<form>webp|jpg|png)")
FOR_EVER = timedelta(days=365)
"""Other bytes have another address."""


@bp.get("/pictures/<name>")
@open_to("everyone")
def file(name: str) -> Response:
    """One width and format of a picture, for those who may see what it stands on: by one statement."""
    found = NAME.fullmatch(name) or abort(404)
    person = visitor()
    wanted = rendition(found["key"], int(found["width"]), found["form"]).where(_seen_by(person))
    content = db.session.scalar(wanted)
    if content is None:
        abort(404)
    response = Response(content, content_type=TYPES[found["form"]])
    shared = "public" if person is None else "private"
    response.headers["Cache-Control"] = f"{shared}, max-age={int(FOR_EVER.total_seconds())}, immutable"
    response.headers["Expires"] = http_date(now() + FOR_EVER)
    response.set_etag(name)
    response.make_conditional(request.environ)
    return response


def _seen_by(person: Person | None) -> Any:
    """What venues and organizations show is for all; an event's picture for those who may see the event."""
    if person is not None and (person.is_staff or person.organizing):  # drafts too
        return Picture.id.is_not(None)
    return or_(
        exists(select(Organization.id).where(Organization.logo_id == Picture.id)),
        exists(select(Venue.id).where(Venue.picture_id == Picture.id)),
        exists(visible_to(person).with_only_columns(Event.id).order_by(None).where(Event.picture_id == Picture.id)),
    )


@bp.route("/organize/events/<int:event_id>/picture", methods=["GET", "POST"])
@open_to("event")
def of_event(event_id: int) -> ResponseReturnValue:
    """The picture on an event's page."""
    event: Event = find(loaded(numbered(event_id)))

    def shown_otherwise(picture: Picture | None) -> None:
        hold(event)
        event.picture = picture
        if event.published_at is not None:
            event.revised_at = now()
            refresh(event, now())

    return _page(event, event.picture, Look.PHOTO, shown_otherwise, url_for("events.edit", event_id=event_id))


@bp.route("/organize/venues/<int:venue_id>/picture", methods=["GET", "POST"])
@open_to("organizer")
def of_venue(venue_id: int) -> ResponseReturnValue:
    """The picture on a venue's page."""
    venue: Venue = find(select(Venue).where(Venue.id == venue_id))

    def hang(picture: Picture | None) -> None:
        venue.picture = picture

    return _page(venue, venue.picture, Look.PHOTO, hang, url_for("events.edit_venue", venue_id=venue_id))


@bp.route("/organize/organizations/<int:organization_id>/logo", methods=["GET", "POST"])
@open_to("organizer")
def of_organization(organization_id: int) -> ResponseReturnValue:
    """An organization's logo."""
    body: Organization = find(select(Organization).where(Organization.id == organization_id))

    def put(picture: Picture | None) -> None:
        body.logo = picture

    back = url_for("organizations.edit", organization_id=organization_id)
    return _page(body, body.logo, Look.LOGO, put, back)


def _page(
    subject: Any, known: Picture | None, look: Look, put: Callable[[Picture | None], None], back: str
) -> ResponseReturnValue:
    form = PictureForm(known)
    if request.method == "POST" and form.validate():
        try:
            _change(subject, form, look, put)
            return redirect(request.path, 303)
        except Refused as refusal:
            form.file.errors = [str(refusal)]
    page = render_template("pictures/edit.html", subject=subject, form=form, known=known, look=look, back=back)
    return page, 422 if form.errors else 200


def _change(subject: Any, form: PictureForm, look: Look, put: Callable[[Picture | None], None]) -> None:
    """Pixels are worked on before the transaction that writes begins: that takes a second for a large photo."""
    removes, words, content = form.removes, form.words(), form.content
    db.session.rollback()
    new = made(content, look) if content and not removes else None
    begin_write()
    picture: Picture | None = None if removes else (subject.logo if look is Look.LOGO else subject.picture)
    if new is not None:
        picture = keep(new, look, now=now(), **words)
    elif picture is not None:
        picture.alt, picture.credit = words["alt"], words["credit"]
    put(picture)
    after = {"picture": picture.alt if picture else ""}
    record("picture taken away" if removes else "picture changed", subject, by=me(), now=now(), after=after)
    db.session.commit()
    flash("The picture is gone." if removes else "Saved.")

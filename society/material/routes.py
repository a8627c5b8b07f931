"""What stays of an event: given by organizers, and sent to those who may have it."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from society.agenda.queries import agenda
from society.db import begin_write, db
from society.errors import Refused
from society.events.models import Event
from society.events.queries import numbered, visible_to
from society.material import actions, queries
from society.material.forms import KINDS, SEEN, AfterwardsForm, MaterialForm
from society.material.models import Material, MaterialFile
from society.material.reading import SHOWN_IN_PLACE, Read, read
from society.notices.following import Followers, all_that, followers
from society.notices.queries import last_minutes
from society.people.access import me, open_to, visitor
from society.rsvps.behind import behind
from society.rsvps.counts import arrived
from society.times import now
from society.web import Form, find, private

bp = Blueprint("material", __name__)
bp.add_app_template_filter(lambda kind: KINDS[kind], "material_kind")


@bp.route("/organize/events/<int:event_id>/material", methods=["GET", "POST"])
@open_to("event")
def manage(event_id: int) -> ResponseReturnValue:
    """What is kept of an event, and a form for one more."""
    event = _event(event_id)
    form = MaterialForm(event)
    if request.method == "POST" and form.validate() and _saved(event, form, None):
        flash("Added.")
        return redirect(url_for(".manage", event_id=event_id), 303)
    return _page(event, form, AfterwardsForm(event) if request.method == "GET" else _afterwards(event))


def _afterwards(event: Event) -> AfterwardsForm:
    form = AfterwardsForm(event)
    form.process(obj=event)  # the other form of the page was sent
    return form


def _page(event: Event, form: MaterialForm, afterwards: AfterwardsForm) -> ResponseReturnValue:
    page = render_template(
        "material/manage.html",
        event=event,
        form=form,
        afterwards=afterwards,
        kept=db.session.scalars(queries.all_of(event)).all(),
        titles={one.id: one.title for one in db.session.scalars(agenda(event))} if event.has_agenda else {},
        checked_in=arrived(event),
        seen=SEEN,
        told=db.session.scalar(last_minutes(event)),
        calendars=_calendars(event),
    )
    return page, 422 if form.errors or afterwards.errors else 200


def _calendars(event: Event) -> Followers | None:
    """Those that link to what of it everyone may see; no letter tells of that, so not what was mailed."""
    found = followers(all_that(Event.id == event.id), now())
    return replace(found, invited=0) if found else None


def _saved(event: Event, form: MaterialForm, known: Material | None) -> bool:
    """Whether it was; a photograph is made smaller before the transaction that writes begins."""
    number = known.id if known else None
    db.session.rollback()
    try:
        file: Read | None = read(form.name, form.content) if form.name else None
    except Refused as refusal:
        form.file.errors = [str(refusal)]
        return False
    begin_write()
    if number is None:
        actions.add(event, form.values(), file, by=me(), now=now())
    else:
        actions.change(event, db.session.get_one(Material, number), form.values(), file, by=me(), now=now())
    db.session.commit()
    return True


@bp.post("/organize/events/<int:event_id>/afterwards")
@open_to("event")
def afterwards(event_id: int) -> ResponseReturnValue:
    """How it was, and how many came."""
    event = _event(event_id)
    form = AfterwardsForm(event)
    if form.accepted():
        values = {"report": form.report.data or "", "attendance": form.attendance.data}
        values["attendance_shown"] = bool(form.attendance_shown.data)
        actions.tell_how_it_was(event, values, by=me(), now=now())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".manage", event_id=event_id), 303)
    other = MaterialForm(event)
    other.process()
    return _page(event, other, form)


@bp.route("/organize/events/<int:event_id>/material/<int:material_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int, material_id: int) -> ResponseReturnValue:
    """Change what is said of it, or put another file in its place."""
    event = _event(event_id)
    material = _material(event, material_id)
    form = MaterialForm(event, material)
    if request.method == "POST" and form.validate() and _saved(event, form, material):
        flash("Saved.")
        return redirect(url_for(".manage", event_id=event_id), 303)
    shown = {"material": material, "form": form, "calendars": _calendars(event)}
    page = render_template("material/edit.html", event=event, **shown)
    return page, 422 if form.errors else 200


@bp.post("/organize/events/<int:event_id>/material/<int:material_id>/up")
@open_to("event")
def up(event_id: int, material_id: int) -> ResponseReturnValue:
    """Before the one that stands before it."""
    if Form().accepted():
        event = _event(event_id)
        actions.move_up(event, _material(event, material_id), now())
        db.session.commit()
    return redirect(url_for(".manage", event_id=event_id), 303)


@bp.post("/organize/events/<int:event_id>/material/<int:material_id>/remove")
@open_to("event")
def remove(event_id: int, material_id: int) -> ResponseReturnValue:
    """Keep it no more."""
    if Form().accepted():
        event = _event(event_id)
        actions.remove(event, _material(event, material_id), by=me(), now=now())
        db.session.commit()
    return redirect(url_for(".manage", event_id=event_id), 303)


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


def _event(event_id: int) -> Event:
    event: Event = find(numbered(event_id))
    return event


def _material(event: Event, material_id: int) -> Material:
    found: Material = find(queries.all_of(event).where(Material.id == material_id))
    return found

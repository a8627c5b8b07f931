"""Reading a calendar in: look first, then say the word."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import begin_write, db
from society.errors import Refused
from society.fields import on_one_line
from society.imports.actions import bring_in, forget_old_files, keep, made_ahead
from society.imports.fetching import fetch
from society.imports.forms import CalendarForm, OptionsForm
from society.imports.models import CalendarFile
from society.imports.places import Places
from society.imports.planning import Options, plan, worst_first
from society.imports.reading import Reading, read
from society.people.access import me, open_to
from society.people.models import Person
from society.settings import society
from society.times import now, today_in
from society.web import find

bp = Blueprint("imports", __name__)

SHOWN = 200
"""Events of a file that the page lists; those that need a look come first."""


@bp.route("/organize/events/import", methods=["GET", "POST"])
@open_to("organizer")
def begin() -> ResponseReturnValue:
    """Hand in a file, or say where it is; nothing is changed yet."""
    form = CalendarForm()
    if request.method == "POST" and form.validate():
        try:
            name, content = _given(form)
            _reading(content)  # what is no calendar is told here
            return redirect(url_for(".look", file_id=_kept(name, content)), 303)
        except Refused as refusal:
            form.file.errors = [str(refusal)]
    return render_template("imports/begin.html", form=form), 422 if form.errors else 200


def _given(form: CalendarForm) -> tuple[str, bytes]:
    given = request.files.get("file")
    if given and given.filename:
        return on_one_line(given.filename) or "calendar.ics", given.read()
    if not form.address.data:
        raise Refused("Please choose a file, or give an address.")
    db.session.rollback()  # nothing is held open while another server answers
    return form.address.data, fetch(form.address.data)


def _kept(name: str, content: bytes) -> int:
    by_id = me().id
    begin_write(public=False)
    forget_old_files(now())
    number = keep(name, content, by=db.session.get_one(Person, by_id), now=now()).id
    db.session.commit()
    return number


def _reading(content: bytes) -> Reading:
    return read(content, zone=society().zone, today=_today())


def _today() -> date:
    return today_in(society().zone, now())


@bp.route("/organize/events/import/<int:file_id>", methods=["GET", "POST"])
@open_to("organizer")
def look(file_id: int) -> ResponseReturnValue:
    """What the file would do, event by event; POST does it."""
    file = _file(file_id)
    reading = _reading(file.content)
    form = OptionsForm(reading.floating, reading.zone)
    if request.method == "POST" and form.validate():
        return _bring_in(file_id, reading, form.options)
    zone = form.options.zone or (society().zone if reading.floating else None)
    planned = plan(reading, Options(zone=zone, make_new=form.options.make_new), Places.known())
    fates = worst_first(planned.fates)
    page = render_template(
        "imports/look.html",
        file=file,
        form=form,
        reading=reading,
        planned=planned,
        fates=fates[:SHOWN],
        more=max(0, len(fates) - SHOWN),
    )
    return page, 422 if form.errors else 200


def _bring_in(file_id: int, reading: Reading, options: Options) -> ResponseReturnValue:
    """All of it in one transaction, by the events as they are now."""
    at = now()
    ahead = made_ahead(reading, options, by=me(), now=at)
    begin_write()
    done = bring_in(reading, options, by=me(), now=at, ahead=ahead)
    db.session.delete(_file(file_id))
    db.session.commit()
    flash(f"Done: {done.in_words}.")
    shown = "coming" if options.publish else "drafts"
    return redirect(url_for("events.manage", show=shown), 303)


@bp.post("/organize/events/import/<int:file_id>/forget")
@open_to("organizer")
def forget(file_id: int) -> ResponseReturnValue:
    """Let go of a file without reading it in."""
    begin_write(public=False)
    db.session.delete(_file(file_id))
    db.session.commit()
    flash("The file is gone; the events are as they were.")
    return redirect(url_for(".begin"), 303)


def _file(file_id: int) -> CalendarFile:
    found: CalendarFile = find(select(CalendarFile).where(CalendarFile.id == file_id))
    return found

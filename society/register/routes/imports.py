"""Reading people in from a file: look first, then say the word, and take it back if need be."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import begin_write, db
from society.errors import Refused
from society.fields import on_one_line
from society.people.access import me, open_to
from society.register import changes, importing, waiting
from society.register.dates import Order
from society.register.models import ChangeKind, ChangeSet, ImportFile
from society.register.reading import read
from society.register.routes.blueprint import bp
from society.rsvps import feed
from society.times import now
from society.web import find

ON_A_PAGE = 100


@bp.route("/organize/people/import", methods=["GET", "POST"])
@open_to("secretary")
def import_people() -> ResponseReturnValue:
    """Hand in a file; nothing is changed yet."""
    problem = ""
    if request.method == "POST":
        given = request.files.get("file")
        content = given.read() if given else b""
        try:
            if not content:
                raise Refused("Please choose a file that is not empty.")
            options = waiting.look_at(content, None, now())
            name = on_one_line(given.filename) if given else ""
            file = waiting.keep(name or "people", content, options, by=me(), now=now())
            db.session.commit()
            return redirect(url_for(".imported_file", import_id=file.id), 303)
        except Refused as refusal:
            problem = str(refusal)
    done = select(ChangeSet).where(ChangeSet.kind == ChangeKind.IMPORT).order_by(ChangeSet.id.desc()).limit(10)
    rows = db.session.scalars(done).all()
    return render_template("register/import.html", problem=problem, done=rows), 422 if problem else 200


@bp.route("/organize/people/import/<int:import_id>", methods=["GET", "POST"])
@open_to("secretary")
def imported_file(import_id: int) -> ResponseReturnValue:
    """What the file would do, line by line; answer what could not be guessed."""
    file = _file(import_id)
    problem = ""
    if request.method == "POST":
        answer = request.form.get("dates", "")
        if answer in set(Order):
            options = waiting.look_at(file.content, Order(answer), now())
            begin_write(public=False)
            file = _file(import_id)
            file.options = options
            db.session.commit()
            return redirect(url_for(".imported_file", import_id=import_id), 303)
        problem = "Please say whether day or month comes first."
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 100_000:
        abort(404)
    outcome = waiting.outcome_of(file)
    first = (page - 1) * ON_A_PAGE
    fates = list(waiting.worst_first(outcome.fates))
    shown = render_template(
        "register/import_file.html",
        file=file,
        outcome=outcome,
        fates=fates[first : first + ON_A_PAGE],
        more=len(fates) > first + ON_A_PAGE,
        page=page,
        problem=problem,
        said=importing.in_words(outcome),
    )
    return shown, 422 if problem else 200


@bp.post("/organize/people/import/<int:import_id>/confirm")
@open_to("secretary")
def confirm_import(import_id: int) -> ResponseReturnValue:
    """Read it in, by the register as it is now."""
    file = _file(import_id)
    answer = file.options.get("dates")
    reading = read(file.content, Order(answer) if answer else None)
    importing.must_be_answered(reading)
    entries, partial = list(reading), "partial" in request.form
    begin_write()
    file = _file(import_id, lock=True)
    outcome = importing.bring_in(importing.drained(entries), file.name, partial=partial, by=me(), now=now())
    if outcome.change_set:
        feed.standings_changed(changes.members_in(outcome.change_set), now())
    db.session.delete(_file(import_id))
    db.session.commit()
    flash(f"Done: {importing.in_words(outcome)}.")
    if outcome.change_set is None:
        return redirect(url_for(".import_people"), 303)
    return redirect(url_for(".change", change_set_id=outcome.change_set.id), 303)


@bp.post("/organize/people/import/<int:import_id>/forget")
@open_to("secretary")
def forget_import(import_id: int) -> ResponseReturnValue:
    """Let go of a file without reading it in."""
    _file(import_id)
    begin_write(public=False)
    db.session.delete(_file(import_id))
    db.session.commit()
    flash("The file is gone; the register is as it was.")
    return redirect(url_for(".import_people"), 303)


def _file(import_id: int, *, lock: bool = False) -> ImportFile:
    rows = select(ImportFile).where(ImportFile.id == import_id)
    found: ImportFile = find(rows.with_for_update() if lock else rows)
    return found

"""Reading people in from a file: look first, then say the word, and take it back if need be."""

from collections.abc import Callable
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import begin_write, db
from society.errors import Refused
from society.fields import on_one_line
from society.membership.queries import tiers
from society.people.access import me, open_to
from society.people.models import Person
from society.register import changes, importing, waiting
from society.register.dates import Order
from society.register.models import ChangeKind, ChangeSet, ImportFile
from society.register.planning import Tell
from society.register.reading import read
from society.register.routes import watched
from society.register.routes.blueprint import bp
from society.register.routes.watched import End, Watch
from society.rsvps import feed
from society.text import listed
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
            name = (on_one_line(given.filename) if given else "") or "people"
            if len(content) > watched.LARGE:
                look = partial(_looked_at, name, content, me().id)
                return watched.watched(f"Looking at {name}", look, "register.import_people")
            return redirect(url_for(".imported_file", import_id=_kept(name, content, me().id, waiting.nobody)), 303)
        except Refused as refusal:
            problem = str(refusal)
    done = select(ChangeSet).where(ChangeSet.kind == ChangeKind.IMPORT).order_by(ChangeSet.id.desc()).limit(10)
    rows = db.session.scalars(done).all()
    names = listed([f"“{tier.name}”" for tier in db.session.scalars(tiers())])
    shown = render_template("register/import.html", problem=problem, done=rows, tiers=names)
    return shown, 422 if problem else 200


def _looked_at(name: str, content: bytes, by_id: int, watch: Watch) -> End:
    number = _kept(name, content, by_id, watch.counting)
    return End("The file was read. Nothing has been changed yet.", "register.imported_file", {"import_id": number})


def _kept(name: str, content: bytes, by_id: int, listening: Callable[[str, int], Tell]) -> int:
    """Look at a file, and keep it with what it would do; its number."""
    options = waiting.look_at(content, None, now(), listening)
    by = db.session.get_one(Person, by_id)
    file = waiting.keep(name, content, options, by=by, now=now())
    db.session.commit()
    return file.id


@bp.route("/organize/people/import/<int:import_id>", methods=["GET", "POST"])
@open_to("secretary")
def imported_file(import_id: int) -> ResponseReturnValue:
    """What the file would do, line by line; answer what could not be guessed, or have it looked at again."""
    file = _file(import_id)
    problem = ""
    if request.method == "POST":
        answer = file.options.get("dates") if "again" in request.form else request.form.get("dates", "")
        if answer is None or answer in set(Order):
            look = partial(_looked_again, import_id, Order(answer) if answer else None)
            if len(file.content) > watched.LARGE:
                return watched.watched(f"Looking at {file.name}", look, "register.import_people")
            end = look(Watch())
            return redirect(url_for(end.endpoint, **end.values), 303)
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


def _looked_again(import_id: int, answer: Order | None, watch: Watch) -> End:
    options = waiting.look_at(_file(import_id).content, answer, now(), watch.counting)
    begin_write(public=False)
    file = _file(import_id)
    file.options = options
    db.session.commit()
    return End("The file was read. Nothing has been changed yet.", "register.imported_file", {"import_id": import_id})


@bp.post("/organize/people/import/<int:import_id>/confirm")
@open_to("secretary")
def confirm_import(import_id: int) -> ResponseReturnValue:
    """Read it in, by the register as it is now."""
    file = _file(import_id)
    read_in = partial(_read_in, import_id, "partial" in request.form, me().id)
    if len(file.content) > watched.LARGE:
        return watched.watched(f"Reading {file.name} in", read_in, "register.import_people")
    end = read_in(Watch())
    flash(f"Done: {end.sentence}")
    return redirect(url_for(end.endpoint, **end.values), 303)


def _read_in(import_id: int, leave_out: bool, by_id: int, watch: Watch) -> End:
    """All of it in one transaction, or nothing."""
    file = _file(import_id)
    answer = file.options.get("dates")
    reading = read(file.content, Order(answer) if answer else None)
    importing.must_be_answered(reading)
    entries = importing.entries_of(reading, watch.counting("lines read", reading.lines))
    begin_write()
    file, by, number = _file(import_id, lock=True), db.session.get_one(Person, by_id), len(entries)
    outcome = importing.bring_in(
        importing.drained(entries),
        file.name,
        partial=leave_out,
        by=by,
        now=now(),
        tell=watch.counting("lines looked up", number),
        wrote=watch.counting("people and periods written", 2 * number),
    )
    if outcome.change_set:
        feed.standings_changed(changes.members_in(outcome.change_set), now())
    db.session.delete(_file(import_id))
    db.session.commit()
    done = f"{importing.in_words(outcome)}."
    if outcome.change_set is None:
        return End(done, "register.import_people")
    return End(done, "register.change", {"change_set_id": outcome.change_set.id})


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

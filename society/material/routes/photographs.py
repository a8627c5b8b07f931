"""Photographs that a page's script sends one after the other, since together they are more than a request may hold."""

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from society.db import begin_write, db
from society.fields import on_one_line
from society.material import actions, queries
from society.material.forms import MaterialForm
from society.material.routes import bp
from society.material.routes.organize import again, done, event_of, read_files
from society.people.access import me, open_to
from society.text import counted, listed
from society.times import now
from society.web import number_asked, private

MOST_NAMED = 10


@bp.post("/organize/events/<int:event_id>/material/photograph")
@open_to("event")
def photograph(event_id: int) -> ResponseReturnValue:
    """One of several, answered in JSON: 201 with where to go after the last; 422 with what is wrong with the form, 409
    with why this one cannot be kept. One that was kept, and whose answer was lost, is not kept twice.

    The last comes with how many were added: then those who answered are written to, where that is wanted.
    """
    event, form = event_of(event_id), MaterialForm(event_of(event_id))
    if not form.validate():
        wrong = [f"{form[name].label.text}: {' '.join(said)}" for name, said in form.errors.items() if name]
        return private((jsonify(form=wrong), 422))
    db.session.rollback()
    files = [] if form.of_others_than_photographs else read_files(form)
    if len(files) != 1:
        said = form.file.errors or ["Only photographs can be sent several at once. Please add this file by itself."]
        return private((jsonify(file=" ".join(said)), 409))
    begin_write()
    values, added = form.values(), number_asked("added")
    if db.session.scalar(queries.same(event, values["title"], files[0])) is None:
        actions.add(event, values, files[0], by=me(), now=now())
        if added:
            done(f"Added {added} photographs.", event, form)
    elif added:
        flash(f"Added {added} photographs.")
    db.session.commit()
    return private((jsonify(next=url_for(".manage", event_id=event_id, **form.goes_on)), 201))


@bp.post("/organize/events/<int:event_id>/material/photographs")
@open_to("event")
def without_the_others(event_id: int) -> ResponseReturnValue:
    """Some of several could not be sent, and whoever sends them goes on: it is said which, and those who answered are
    written to now, where that is wanted."""
    event, form = event_of(event_id), MaterialForm(event_of(event_id))
    if not form.message.validate(form):
        return again(event, form)
    added, number = number_asked("added") or 0, number_asked("number") or 0
    left = [f"“{on_one_line(name)[:60]}”" for name in request.form.get("left", "").splitlines()]
    others = [*left[:MOST_NAMED], counted(len(left) - MOST_NAMED, "other")] if len(left) > MOST_NAMED else left
    db.session.rollback()
    begin_write()
    missing = f" Not added: {listed(others)}." if others else ""
    done(f"Added {added} of {counted(number, 'photograph')}.{missing}", event_of(event_id), form)
    if form.message.data and not form.wanted:
        flash("Your line was not sent: nobody is written to.", "info")
    return redirect(url_for(".manage", event_id=event_id, **form.goes_on), 303)

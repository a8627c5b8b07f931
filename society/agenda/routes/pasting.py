"""Many sessions at once, from lines that were pasted."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from society.agenda.forms import PasteForm
from society.agenda.routes import bp
from society.agenda.routes.organize import event_of, saved
from society.agenda.routes.planned import Planned, planned
from society.agenda.timetable import timetable
from society.db import db
from society.events.models import Event
from society.events.queries import hold
from society.notices.effects import ConfirmForm
from society.notices.new_sessions import add_sessions
from society.people.access import me, open_to
from society.text import counted
from society.times import now


@bp.route("/organize/events/<int:event_id>/agenda/paste", methods=["GET", "POST"])
@open_to("event")
def paste(event_id: int) -> ResponseReturnValue:
    """Enter many sessions at once: read, shown, and only then entered. To show them keeps nobody else from writing."""
    event = event_of(event_id)
    form, telling = PasteForm(event), ConfirmForm(tell="no")
    if request.method != "POST" or not form.validate():
        return _pasted(event, form, None, telling)
    if telling.confirmed.data and telling.accepted():
        hold(event)
    would_be = planned(event, form.reading.plans)
    if not telling.agrees_to(would_be.mark):
        return _pasted(event, form, would_be, telling)
    note = telling.message.data or ""
    made = add_sessions(event, form.reading.plans, by=me(), now=now(), note=note, tell=telling.wanted)
    db.session.commit()
    return saved(event, f"Added {counted(len(made), 'session')}.")


def _pasted(event: Event, form: PasteForm, would_be: Planned | None, telling: ConfirmForm) -> ResponseReturnValue:
    """The lines as they were typed, with what was made of them; nothing of it is saved yet."""
    db.session.rollback()
    page = render_template(
        "agenda/paste.html",
        event=event,
        form=form,
        planned=would_be,
        days=timetable(would_be.sessions) if would_be else [],
        telling=telling,
        anew=telling.anew and not form.errors,
    )
    return page, 422 if form.errors or telling.errors else 200

"""Who organizes one event without the role for all."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.errors import Refused
from society.events import organizers as acts
from society.events import queries
from society.events.life_forms import OrganizerForm
from society.events.models import Event
from society.events.routes import bp
from society.people.access import me, open_to
from society.people.models import EventOrganizer
from society.times import now
from society.web import find


@bp.route("/organize/events/<int:event_id>/organizers", methods=["GET", "POST"])
@open_to("organizer")
def organizers(event_id: int) -> ResponseReturnValue:
    """Who may do all there is to do for this event, and for no other."""
    event: Event = find(queries.numbered(event_id))
    form = OrganizerForm()
    if form.accepted(public=False):
        said = _take_away(event, form.remove.data) if form.remove.data else _add(event, form)
        if said:
            db.session.commit()
            flash(said)
            return redirect(url_for(".organizers", event_id=event_id), 303)
    rows = db.session.scalars(queries.organizers_of(event)).all()
    page = render_template("events/organizers.html", event=event, form=form, organizers=rows)
    return page, 422 if form.errors else 200


def _take_away(event: Event, number: int) -> str:
    one: EventOrganizer = find(queries.organizers_of(event).where(EventOrganizer.id == number))
    acts.take_away(one, event, by=me(), now=now())
    return f"{one.person.name} organizes this event no more, and has a letter that says so."


def _add(event: Event, form: OrganizerForm) -> str | None:
    """What to say; None if the form says why not."""
    try:
        person = acts.let_organize(event, str(form.email.data), by=me(), now=now())
    except Refused as refused:
        db.session.rollback()
        form.email.errors = [str(refused)]
        return None
    return f"{person.name} organizes this event too, and has a letter that says so."

"""The form of an event that somebody saved while it was open."""

from flask import render_template
from flask.typing import ResponseReturnValue

from society.db import db
from society.events.changes import fingerprint
from society.events.forms import EventForm
from society.events.models import Event
from society.events.rooms import known_rooms
from society.people.savers import saver


def overtaken(event: Event, form: EventForm) -> ResponseReturnValue | None:
    """The form again, with what they saved, made anew now that the event is held; None where that is all it says.

    Even where nothing was changed by both it is shown and not saved: whoever saves it has seen what they save.
    """
    anew = EventForm(event)
    anew.held, anew.image_kept.data, anew.publishing = form.held, form.image_kept.data, form.publishing
    meanwhile = anew.catch_up()
    if meanwhile.same and not form.held:
        return None
    anew.revision.data = fingerprint(event)
    anew.validate()
    shown = {"meanwhile": meanwhile, "saver": saver(event, form.opened_at), "rooms": known_rooms()}
    page = render_template("events/edit.html", form=anew, event=event, **shown)
    db.session.rollback()
    return page, 422

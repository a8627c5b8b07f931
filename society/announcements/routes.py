"""Beginning an event with the text of its announcement."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from society.announcements.filling import fill
from society.announcements.forms import AnnouncementForm
from society.events.forms import EventForm
from society.events.rooms import known_rooms
from society.people.access import open_to
from society.settings import society
from society.times import now, today_in

bp = Blueprint("announcements", __name__)


@bp.route("/organize/events/new/announcement", methods=["GET", "POST"])
@open_to("organizer")
def paste() -> ResponseReturnValue:
    """The event form, filled with what the text says; nothing is saved before the organizer saves that form."""
    form = AnnouncementForm()
    if request.method != "POST" or not form.validate():
        return render_template("announcements/paste.html", form=form), 422 if form.errors else 200
    # Here, not above: its patterns take a third of what all else takes to load, and only this page needs them.
    from society.announcements.reading import read

    zone = society().zone
    reading = read(form.text.data, today_in(zone, now()), zone, form.day.data)
    filled = EventForm(zone=zone, now=now())
    fill(filled, reading)
    page = {"event": None, "announced": reading, "pasted": form.text.data, "rooms": known_rooms()}
    return render_template("events/edit.html", form=filled, **page)

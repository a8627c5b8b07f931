"""The picture that was sent with an event's form, kept before anything else of the form is looked at."""

from flask import request

from society.db import begin_write, db
from society.errors import Refused
from society.events.forms import EventForm
from society.people.access import me
from society.pictures.actions import hold, reference, referred_to
from society.pictures.models import Look
from society.pictures.reading import made
from society.times import now


def with_picture(form: EventForm) -> EventForm:
    """The form, with the file that was sent, now or before: no page after this one has to ask for it again.

    Pixels are worked on before the transaction that writes begins: that takes a second for a large photo.
    """
    if form.sends_picture and not form.announced:
        _hold(form)
    form.held = referred_to(form.image_kept.data or "", me().id, Look.PHOTO)
    return form


def _hold(form: EventForm) -> None:
    person, sent = me().id, request.files[form.image.name].stream
    sent.seek(0)  # it was read before where the draft turned out to be deleted meanwhile
    content = sent.read()
    db.session.rollback()
    try:
        picture = made(content, Look.PHOTO)
    except Refused as refusal:
        form.unreadable = str(refusal)
        return
    begin_write(public=False)
    form.image_kept.data = reference(hold(picture, Look.PHOTO, now()), person)
    db.session.commit()

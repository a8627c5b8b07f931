"""Files that were sent as answers."""

from flask import Response
from sqlalchemy import select

from society.db import db
from society.events.models import Event
from society.events.queries import numbered
from society.people.access import open_to
from society.questions import queries
from society.questions.models import AnswerFile, QuestionAnswer
from society.questions.render import as_download
from society.questions.routes import bp
from society.rsvps.answer_files import archive
from society.times import now, to_wall
from society.web import find


@bp.get("/organize/events/<int:event_id>/answers/<int:answer_id>/file")
@open_to("event")
def file(event_id: int, answer_id: int) -> Response:
    """A file that somebody sent; never shown within the site."""
    found: AnswerFile = find(queries.file_of(event_id, answer_id))
    name = db.session.scalar(select(QuestionAnswer.text).where(QuestionAnswer.id == answer_id))
    return as_download(found, name or "file")


@bp.get("/organize/events/<int:event_id>/answers.zip")
@open_to("event")
def files(event_id: int) -> Response:
    """All files that were sent as answers."""
    event: Event = find(numbered(event_id))
    answer = Response(archive(db.engine, event.id, to_wall(now(), event.zone)), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="answers-{event.slug or event.id}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

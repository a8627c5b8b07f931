"""For organizers: what is asked at an event, and the files that were sent as answers."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.events.models import Event
from society.events.queries import numbered
from society.people.access import me, open_to
from society.questions import actions, queries
from society.questions.forms import WORDS, QuestionForm
from society.questions.models import AnswerFile, Question, QuestionAnswer
from society.times import now
from society.web import Form, find

bp = Blueprint("questions", __name__)


@bp.route("/organize/events/<int:event_id>/questions", methods=["GET", "POST"])
@open_to("event")
def index(event_id: int) -> ResponseReturnValue:
    """What is asked of those who answer, and one question more."""
    event: Event = find(numbered(event_id))
    form = QuestionForm()
    if form.accepted():
        question = actions.ask(event, form.values, by=me(), now=now())
        db.session.commit()
        flash(f"Added: {question.text}")
        return redirect(url_for(".index", event_id=event.id), 303)
    page = render_template(
        "questions/index.html",
        event=event,
        form=form,
        questions=db.session.scalars(queries.all_of(event)).all(),
        answers=queries.numbers_of_answers(event),
        words=WORDS,
    )
    return page, 422 if form.errors else 200


@bp.route("/organize/events/<int:event_id>/questions/<int:question_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int, question_id: int) -> ResponseReturnValue:
    """Word a question anew."""
    question, event = _question(event_id, question_id)
    answered = queries.is_answered(question)
    form = QuestionForm(question, answered=answered)
    if form.accepted():
        actions.reword(event, question, form.values, by=me(), now=now())
        db.session.commit()
        flash(f"Saved: {question.text}")
        return redirect(url_for(".index", event_id=event.id), 303)
    page = render_template("questions/edit.html", event=event, question=question, form=form, answered=answered)
    return page, 422 if form.errors else 200


@bp.post("/organize/events/<int:event_id>/questions/<int:question_id>/move")
@open_to("event")
def move(event_id: int, question_id: int) -> ResponseReturnValue:
    """One place up, or down."""
    question, event = _question(event_id, question_id)
    if Form().accepted():
        actions.move(event, question, -1 if request.form.get("to") == "up" else 1, by=me(), now=now())
        db.session.commit()
    return redirect(url_for(".index", event_id=event.id) + f"#question-{question_id}", 303)


@bp.post("/organize/events/<int:event_id>/questions/<int:question_id>/remove")
@open_to("event")
def remove(event_id: int, question_id: int) -> ResponseReturnValue:
    """Ask it no more."""
    question, event = _question(event_id, question_id)
    if Form().accepted():
        text = question.text
        actions.remove(event, question, by=me(), now=now())
        db.session.commit()
        flash(f"Not asked any more: {text}")
    return redirect(url_for(".index", event_id=event.id), 303)


@bp.get("/organize/events/<int:event_id>/answers/<int:answer_id>/file")
@open_to("event")
def file(event_id: int, answer_id: int) -> Response:
    """A file that somebody sent; never shown within the site."""
    found: AnswerFile = find(queries.file_of(event_id, answer_id))
    name = db.session.scalar(select(QuestionAnswer.text).where(QuestionAnswer.id == answer_id))
    answer = send_file(
        BytesIO(found.content), mimetype=found.media_type, as_attachment=True, download_name=name or "file"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _question(event_id: int, question_id: int) -> tuple[Question, Event]:
    """A question that is asked still, with its event."""
    event: Event = find(numbered(event_id))
    question: Question = find(queries.asked_at(event).where(Question.id == question_id))
    return question, event

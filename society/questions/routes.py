"""For organizers: what is asked at an event, and the files that were sent as answers."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.events.changes import Change
from society.events.models import Event
from society.events.queries import numbered
from society.languages import ENGLISH
from society.notices.effects import ConfirmForm, mark_beside, page
from society.notices.news import ask_guests
from society.people.access import me, open_to
from society.phrases import phrase
from society.questions import actions, queries
from society.questions.forms import WORDS, QuestionForm
from society.questions.models import AnswerFile, Kind, Question, QuestionAnswer
from society.questions.options import dropped, renamed
from society.questions.render import as_download, differences, values_of
from society.rsvps.answer_files import archive
from society.rsvps.asked import numbers_to_be_asked
from society.rsvps.queries import why_closed
from society.text import counted
from society.times import now, to_wall
from society.web import Form, find

bp = Blueprint("questions", __name__)


@bp.route("/organize/events/<int:event_id>/questions", methods=["GET", "POST"])
@open_to("event")
def index(event_id: int) -> ResponseReturnValue:
    """What is asked of those who answer, and one question more."""
    event: Event = find(numbered(event_id))
    form = QuestionForm()
    if "again" not in request.form and form.accepted():
        asked, changes = Question(**form.values), differences({}, form.values)
        telling = ConfirmForm(tell="yes" if asked.required else "no")
        if first := _shown_first(event, asked, changes, telling, "Ask it"):
            return first
        question = actions.ask(event, form.values, by=me(), now=now())
        told = _told(event, "", question, telling)
        db.session.commit()
        flash(f"Added: {question.text}{told}")
        return redirect(url_for(".index", event_id=event.id), 303)
    shown = render_template(
        "questions/index.html",
        event=event,
        form=form,
        questions=db.session.scalars(queries.all_of(event)).all(),
        answers=queries.numbers_of_answers(event),
        words=WORDS,
    )
    return shown, 422 if form.errors else 200


@bp.route("/organize/events/<int:event_id>/questions/<int:question_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int, question_id: int) -> ResponseReturnValue:
    """Word a question anew."""
    question, event = _question(event_id, question_id)
    answered = queries.is_answered(question)
    form = QuestionForm(question, answered=answered)
    if "again" not in request.form and form.accepted():
        was, asked = question.text, Question(id=question.id, **form.values)
        changes = differences(values_of(question), form.values)
        anew = (asked.required and not question.required) or _consents_end(question, asked)
        telling = ConfirmForm(tell="yes" if anew else "no")
        remarks = _about_chosen(question, asked) + ([CONSENTS_END] if _consents_end(question, asked) else [])
        if first := _shown_first(event, asked, changes, telling, "Change the question", remarks):
            return first
        actions.reword(event, question, form.values, by=me(), now=now())
        told = _told(event, was if was != question.text else "", question, telling)
        db.session.commit()
        flash(f"Saved: {question.text}{told}")
        return redirect(url_for(".index", event_id=event.id), 303)
    shown = render_template("questions/edit.html", event=event, question=question, form=form, answered=answered)
    return shown, 422 if form.errors else 200


@bp.post("/organize/events/<int:event_id>/questions/<int:question_id>/move")
@open_to("event")
def move(event_id: int, question_id: int) -> ResponseReturnValue:
    """One place up, or down."""
    question, event = _question(event_id, question_id)
    if Form().accepted():
        actions.move(event, question, -1 if request.form.get("to") == "up" else 1, by=me(), now=now())
        db.session.commit()
        if event.published_at:
            flash("Moved on the form. Nobody is asked again or written to.")
    return redirect(url_for(".index", event_id=event.id) + f"#question-{question_id}", 303)


@bp.post("/organize/events/<int:event_id>/questions/<int:question_id>/remove")
@open_to("event")
def remove(event_id: int, question_id: int) -> ResponseReturnValue:
    """Ask it no more; where somebody has answered it, this is said first."""
    question, event = _question(event_id, question_id)
    telling = ConfirmForm()
    if telling.accepted():
        text, changes = question.text, differences(values_of(question), {})[:1]
        mark = mark_beside(event, changes, str(question.id))
        said = queries.numbers_of_answers(event).get(question.id, 0)
        if _is_live(event) and said and not telling.agrees_to(mark):
            db.session.rollback()
            remarks = [f"{counted(said, 'answer')} to it can be read here still. It is asked of nobody any more."]
            about: dict[str, Any] = {"remarks": remarks, "label": "Ask it no more", "mark": mark, "back": _back(event)}
            return page(event, changes, [], telling, letters=False, **about)
        actions.remove(event, question, by=me(), now=now())
        db.session.commit()
        flash(f"Not asked any more: {text}")
    return redirect(url_for(".index", event_id=event.id), 303)


def _is_live(event: Event) -> bool:
    """Whether people may have answered who still look at what is asked."""
    return event.published_at is not None and event.cancelled_at is None and not event.over(now())


def _back(event: Event) -> str:
    return url_for(".index", event_id=event.id)


def _shown_first(
    event: Event,
    asked: Question,
    changes: Sequence[Change],
    telling: ConfirmForm,
    label: str,
    remarks: Sequence[str] = (),
) -> ResponseReturnValue | None:
    """The page before a question is asked or changed, where people have answered already; None once agreed to."""
    everyone, lacking = numbers_to_be_asked(event, asked) if changes and _is_live(event) else (0, 0)
    if not everyone:
        return None
    mark = mark_beside(event, changes, str(asked.id), f"lacking {lacking > 0}")
    if telling.agrees_to(mark):
        return None
    closed = why_closed(event, now()) if event.begun(now()) else None  # until then what was said can be put right
    db.session.rollback()
    about_all = _about(everyone, lacking, needed=bool(asked.required), closed=phrase(closed, ENGLISH) if closed else "")
    about: dict[str, Any] = {
        "remarks": [*remarks, *about_all],
        "label": label,
        "mark": mark,
        "back": _back(event),
        "typed_anything": True,
    }
    return page(event, changes, [], telling, **about)


CONSENTS_END = "Who agreed to the words so far has agreed to those alone: to the new ones nobody has, until they do."


def _consents_end(question: Question, asked: Question) -> bool:
    return question.kind is Kind.CONSENT and question.wording != asked.wording


def _about_chosen(question: Question, asked: Question) -> list[str]:
    """What becomes of choices that were made, where these are called otherwise or are no more."""
    names = renamed(question.options, asked.options).items()
    said = [f"Who chose “{was}” has chosen “{name}” from then on." for was, name in names]
    gone = dropped(question.options, asked.options)
    return [*said, *(f"Who chose “{option}” keeps that; nobody else can choose it." for option in gone)]


def _about(everyone: int, lacking: int, *, needed: bool, closed: str) -> list[str]:
    """How many have still to answer it, and how they come to."""
    if not lacking:
        return ["All who come have answered it. What they said stays, with the wording that it was said to."]
    number = (
        f"{lacking:,} of {counted(everyone, 'answer')} by those who come or wait {'says' if lacking == 1 else 'say'}"
    )
    sentences = [
        f"{number} nothing to this yet. Nobody loses a seat by it, and nobody is asked unless you write to them."
    ]
    if closed:
        sentences.append(f"{closed} So they cannot say it there; those at the door can be asked.")
    else:
        how = (
            "They find it on their answer: on the event’s page when signed in, or by the link in every letter to them."
        )
        sentences.append(f"{how}{' They cannot change their answer without it.' if needed else ''}")
    return sentences


def _told(event: Event, was: str, question: Question, telling: ConfirmForm) -> str:
    """Write to those who answered, where the page before asked that; what is said of it."""
    if not telling.confirmed.data or not telling.wanted:
        return ""
    letter = ask_guests(event, was, question.text, note=telling.message.data or "", by=me(), now=now())
    return ". Those who answered are written to." if letter else ""


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


def _question(event_id: int, question_id: int) -> tuple[Question, Event]:
    """A question that is asked still, with its event."""
    event: Event = find(numbered(event_id))
    question: Question = find(queries.asked_at(event).where(Question.id == question_id))
    return question, event

"""What is asked at an event, put in order, and at others of its series as well."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.events.models import Event
from society.events.queries import numbered
from society.notices.effects import ConfirmForm
from society.notices.reach import concerned, those_to_tell_of_each
from society.notices.telling import ask_guests
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.questions import actions, queries
from society.questions.forms import WORDS, QuestionForm
from society.questions.models import Kind, Question
from society.questions.options import dropped, renamed
from society.questions.render import differences, values_of
from society.questions.routes import bp
from society.questions.routes.before import Act, is_of_series, shown_first
from society.series.asking import ask, asking
from society.series.forms import scope_asked
from society.series.queries import Scope, beside, hold_with_others
from society.text import counted
from society.times import now
from society.web import Form, allow, find


@bp.route("/organize/events/<int:event_id>/questions", methods=["GET", "POST"])
@open_to("event")
def index(event_id: int) -> ResponseReturnValue:
    """What is asked of those who answer, and one question more."""
    event: Event = find(numbered(event_id))
    form = QuestionForm()
    if "again" not in request.form and form.accepted():
        scope, changes = _held(event), differences({}, form.values)
        telling = ConfirmForm(tell="yes" if form.required.data else "no")
        act = Act(event, None, form.values, scope, changes, "Ask it")
        return shown_first(act, telling) or _done(act, telling)
    questions = db.session.scalars(queries.all_of(event)).all()
    shown = render_template(
        "questions/index.html",
        event=event,
        form=form,
        questions=questions,
        answers=queries.numbers_of_answers(questions),
        words=WORDS,
        **_reach(event),
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
        scope, asked = _held(event), Question(**form.values)
        question, event = _question(event_id, question_id)  # which somebody may have removed meanwhile
        if meanwhile := saved_meanwhile(QuestionForm(question, answered=answered), event, "question changed"):
            return _worded(event, question, answered=answered, **meanwhile)
        ends = question.kind is Kind.CONSENT and question.wording != asked.wording
        telling = ConfirmForm(tell="yes" if ends or (asked.required and not question.required) else "no")
        remarks = [*_about_chosen(question, asked), *([CONSENTS_END] if ends else [])]
        changes = differences(values_of(question), form.values)
        act = Act(event, question, form.values, scope, changes, "Change the question", remarks)
        return shown_first(act, telling) or _done(act, telling)
    return _worded(event, question, form, answered=answered)


def _worded(
    event: Event, question: Question, form: QuestionForm, *, answered: bool, **meanwhile: Any
) -> ResponseReturnValue:
    shown = {"question": question, "form": form, "answered": answered, **_reach(event), **meanwhile}
    return render_template("questions/edit.html", event=event, **shown), 422 if form.errors or meanwhile else 200


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
    """Ask it no more; where somebody has answered it, or others of its series ask it too, this is said first."""
    question, event = _question(event_id, question_id)
    telling = ConfirmForm()
    if not telling.accepted():
        return redirect(url_for(".index", event_id=event.id), 303)
    scope = _held(event)
    question, event = _question(event_id, question_id)  # which somebody may have removed meanwhile
    changes = differences(values_of(question), {})[:1]
    act = Act(event, question, None, scope, changes, "Ask it no more")
    offered = is_of_series(event) and bool(asking(event, question, None, Scope.ALL, now()).reached)
    return shown_first(act, telling, offered=offered) or _done(act, telling)


def _held(event: Event) -> Scope:
    """How far it is to reach, with all of that held until the commit."""
    scope = scope_asked(request.form)
    allow(scope is Scope.THIS or is_of_series(event))
    hold_with_others(event, scope)
    return scope


def _done(act: Act, telling: ConfirmForm) -> ResponseReturnValue:
    """Do it, and write to those who answered, where the page before asked that; and say so."""
    was, text = act.was.text if act.was else "", act.wanted["text"] if act.wanted else ""
    events = ask(act.event, act.was, act.wanted, act.scope, by=me(), now=now())
    told = concerned(events, now()) if text and act.changes and telling.confirmed.data and telling.wanted else []
    reaches = those_to_tell_of_each(told, now()) if told else []
    if any(people.reached for people in reaches):
        ask_guests(told, was if was != text else "", text, note=telling.message.data or "", by=me(), now=now())
    db.session.commit()
    done = "Added" if not act.was else "Saved" if text else "Not asked any more"
    at = f" at {counted(len(events), 'event')}" if len(events) > 1 else ""
    flash(f"{done}{at}: {text or was}")
    if any(people.reached for people in reaches):
        flash("Those who answered are written to.")
    return redirect(url_for(".index", event_id=act.event.id), 303)


CONSENTS_END = "Who agreed to the words so far has agreed to those alone: to the new ones nobody has, until they do."


def _about_chosen(question: Question, asked: Question) -> list[str]:
    """What becomes of choices that were made, where these are called otherwise or are no more."""
    names = renamed(question.options, asked.options).items()
    said = [f"Who chose “{was}” has chosen “{name}” from then on." for was, name in names]
    gone = dropped(question.options, asked.options)
    return [*said, *(f"Who chose “{option}” keeps that; nobody else can choose it." for option in gone)]


def _reach(event: Event) -> dict[str, object]:
    """What the form needs to ask how far what is typed there reaches, where that is asked."""
    return {"scope": scope_asked(request.form), **beside(event, now())} if is_of_series(event) else {}


def _question(event_id: int, question_id: int) -> tuple[Question, Event]:
    """A question that is asked still, with its event."""
    event: Event = find(numbered(event_id))
    question: Question = find(queries.asked_at(event).where(Question.id == question_id))
    return question, event

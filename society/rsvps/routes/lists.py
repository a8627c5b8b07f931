"""For organizers: the answers to an event to look through and decide, as a table, summed up, and over time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.events.models import Event
from society.events.queries import numbered
from society.fields import on_one_line
from society.people.access import me, open_to
from society.people.models import Person
from society.questions import queries as questions
from society.questions.models import LISTED, Agreement, Kind, Question, QuestionAnswer
from society.rsvps import afterwards, desk, lists, render, table
from society.rsvps.coming_free import come_free, free_among
from society.rsvps.counts import turnout, with_turnout
from society.rsvps.forms import MOST_PICKED, Decision, DecisionForm
from society.rsvps.kept_out import came_off
from society.rsvps.models import Rsvp
from society.rsvps.queries import names_of_guests
from society.rsvps.routes import bp
from society.rsvps.selection import Selection, selected
from society.rsvps.waiting import offered_at
from society.settings import society
from society.text import counted, listed
from society.times import now, today_in
from society.web import find

ON_A_PAGE = 50
SPANS = (1, 3, 5)
"""Years of attendance that can be looked at."""
LATEST = 50
"""Events that are listed one by one."""


@bp.route("/organize/events/<int:event_id>/rsvps", methods=["GET", "POST"])
@open_to("event")
def manage(event_id: int) -> ResponseReturnValue:
    """The answers to an event, for organizers to look through and decide."""
    event, turnout = with_turnout(event_id) or abort(404)
    given = DecisionForm()
    left = _fill_in(event, given)
    if asked := _asked_again(event, given):
        seen = request.form.get("seen", "")
        about = {"event": event, "turnout": turnout, "rsvps": asked, "left": left, "now": now()}
        return render_template("rsvps/decide.html", form=given, seen=seen, **about)
    if given.accepted():
        decision, numbers = Decision(given.action.data), given.rsvp.data
        decided = _decide(event, decision, numbers, given.seen.data)
        db.session.commit()
        more = f" {counted(left, 'answer')} more can be decided next: please send it once more." if left else ""
        told_apart = len(decided.left) + len(decided.stayed)
        flash(render.decided(decision, decided.done, len(numbers) - told_apart, decided.waiting) + more)
        if decided.stayed:
            flash(f"No seats for {listed(decided.stayed)}: their answers stay as they are.", "error")
        if decided.left:
            flash(f"Changed since the list was shown, and left alone: {listed(decided.left)}.", "error")
        return redirect(request.full_path.rstrip("?"), 303)
    page = render_template("rsvps/manage.html", event=event, turnout=turnout, form=given, **_page_of(event))
    return page, 422 if given.errors else 200


def _fill_in(event: Event, given: DecisionForm) -> int:
    """Fill in what "all that were found" stands for; how many more there are than can be decided at once."""
    if request.method != "POST" or not given.every.data or given.action.data not in set(Decision):
        return 0
    found = selected(event, Selection.asked(request.args), today_in(society().zone, now()))
    given.rsvp.data, left = desk.first_of(found, Decision(given.action.data), MOST_PICKED)
    return left


def _asked_again(event: Event, given: DecisionForm) -> Sequence[Rsvp]:
    """Whom the decision is about, if that is shown before it is done."""
    if request.method != "POST" or not given.asks_again or not given.validate():
        return ()
    return desk.concerned(event, Decision(given.action.data), given.rsvp.data)


def _decide(event: Event, decision: Decision, numbers: list[int], seen: datetime | None) -> desk.Decided:
    if decision in (Decision.THERE, Decision.ABSENT):
        return desk.Decided(afterwards.correct(event, numbers, there=decision is Decision.THERE, by=me(), now=now()))
    return desk.decide(event, decision, numbers, by=me(), now=now(), seen=seen)


def _page_of(event: Event) -> dict[str, Any]:
    """What the list shows: one row more than fits tells whether there is a next page."""
    seen = now()
    page = min(max(request.args.get("page", 1, int), 1), 10_000)
    wanted = lists.Wanted.asked(request.args)
    today = today_in(society().zone, seen)
    rows = lists.wanted_of(event, wanted, today)
    rows = rows.add_columns(came_off()).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)
    found: Sequence[Any] = db.session.execute(rows).all()
    shown = [(rsvp, place) for rsvp, place, _ in found[:ON_A_PAGE]]
    asked, said = _asked_and_said(event, [rsvp for rsvp, _ in shown])
    agreed = _agreed([rsvp for rsvp, _ in shown]) if any(one.kind is Kind.CONSENT for one in asked) else {}
    return {
        "rows": shown,
        "free": free_among(event, today, [rsvp.id for rsvp, _ in shown]),
        "more": len(found) > ON_A_PAGE,
        "page": page,
        "wanted": wanted,
        "found": Selection(wanted).query,
        "said": said,
        "agreed": agreed,
        "asked": asked,
        "statuses": render.WORDS,
        "out": {rsvp.id: way for rsvp, _, way in found},
        "how_out": render.HOW_OUT,
        "morning": offered_at(event, seen),
        "now": seen,
        "lists": lists,
        "begun": event.begun(now()),
        "seen": int(seen.timestamp() * 1e6),
    }


def _asked_and_said(event: Event, rsvps: list[Rsvp]) -> tuple[list[Question], dict[int, list[QuestionAnswer]]]:
    """The questions in their order, and by RSVP what was said of those who come."""
    asked: dict[int, Question] = {}
    said: dict[int, list[QuestionAnswer]] = {}
    sizes = {rsvp.id: rsvp.party_size for rsvp in rsvps}
    for question, answer in db.session.execute(questions.with_answers(event, list(sizes))):
        asked[question.id] = question
        if answer and answer.guest < sizes[answer.rsvp_id]:
            said.setdefault(answer.rsvp_id, []).append(answer)
    return list(asked.values()), said


def _agreed(rsvps: list[Rsvp]) -> dict[int, dict[tuple[int, int], list[Agreement]]]:
    """By RSVP, question and guest what those who come agreed to, also what does not hold any more."""
    found: dict[int, dict[tuple[int, int], list[Agreement]]] = {}
    sizes = {rsvp.id: rsvp.party_size for rsvp in rsvps}
    for one in db.session.scalars(questions.agreements(list(sizes))):
        if one.guest < sizes[one.rsvp_id]:
            found.setdefault(one.rsvp_id, {}).setdefault((one.question_id, one.guest), []).append(one)
    return found


@bp.get("/organize/events/<int:event_id>/rsvps.csv")
@open_to("event")
def as_table(event_id: int) -> Response:
    """The answers that are looked for, for a spreadsheet, sent as they are read."""
    event = _own_event(event_id)
    asked = db.session.scalars(questions.all_of(event)).all()
    today = today_in(society().zone, now())
    rows = lists.told_of(event, lists.Wanted.asked(request.args), today)
    joins = event.hybrid or turnout(event).online > 0
    told = table.lines(db.engine, rows, asked, event.zone, come_free(event, today), joins=joins)
    response = Response(told, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rsvps-{event.slug or event.id}.csv"'
    return response


@bp.get("/organize/events/<int:event_id>/needs")
@open_to("event")
def needs(event_id: int) -> str:
    """What those with a seat chose, counted: for the kitchen, and for whoever gets the hall ready."""
    event = _own_event(event_id)
    asked = [one for one in db.session.scalars(questions.all_of(event)) if one.kind in LISTED]
    said: dict[int, list[tuple[str, str]]] = {}
    named = "names" in request.args
    for question_id, text, whose in _said_by_the_seated(event, named=named):
        said.setdefault(question_id, []).append((text, whose))
    summed = [(one, *afterwards.needs(said.get(one.id, []), one.choices)) for one in asked]
    return render_template("rsvps/needs.html", event=event, summed=summed, names=named)


def _said_by_the_seated(event: Event, *, named: bool) -> Iterator[tuple[int, str, str]]:
    """By which question what was said of whom: of a guest, by their own name where it was asked for, as it stands on
    their place at the table."""
    rows = select(QuestionAnswer.question_id, QuestionAnswer.text, Rsvp.id, QuestionAnswer.guest, Person.name)
    rows = rows.join(Question).join(Rsvp, Rsvp.id == QuestionAnswer.rsvp_id).join(Rsvp.person)
    rows = rows.where(Rsvp.event_id == event.id, Rsvp.takes_seats, Question.kind.in_(LISTED))
    rows = rows.where(QuestionAnswer.guest < Rsvp.party_size)
    names = _guests(event) if named else {}
    for question_id, text, number, guest, name in db.session.execute(rows.order_by(Person.name, QuestionAnswer.id)):
        known = names.get((number, guest))
        yield question_id, text, f"{known} (with {name})" if known else f"a guest of {name}" if guest else name


def _guests(event: Event) -> dict[tuple[int, int], str]:
    """The names of those whom others bring, by answer and guest."""
    rows = names_of_guests().where(Question.event_id == event.id)
    found: dict[tuple[int, int], str] = {}
    for one in db.session.scalars(rows):
        found.setdefault((one.rsvp_id, one.guest), on_one_line(one.text))
    return found


@bp.get("/organize/events/figures")
@open_to("organizer")
def figures() -> str:
    """How many came, over time and by category."""
    years = request.args.get("years", 1, int)
    years = years if years in SPANS else 1
    found = afterwards.attendance(now(), years)
    months = afterwards.by_month(found, now(), years)
    return render_template(
        "rsvps/figures.html",
        years=years,
        spans=SPANS,
        months=months,
        picture=afterwards.drawn(months),
        categories=afterwards.by_category(found),
        latest=found[: -LATEST - 1 : -1],
        events=len(found),
    )


def _own_event(event_id: int) -> Event:
    found: Event = find(numbered(event_id))
    return found

"""Answering several evenings of a series at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import begin_write, db
from society.errors import Refused
from society.events.models import Event
from society.mail.acts import acted
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps.at_once import answer_one
from society.rsvps.evening_forms import EveningsForm, form_for, numbers_in
from society.rsvps.evenings import MOST, at_the_usual_place, evenings, stands, those
from society.rsvps.invitation import answers_are_read
from society.rsvps.joint_letters import gather
from society.rsvps.models import Rsvp
from society.rsvps.queries import at
from society.rsvps.routes import bp
from society.times import now
from society.web import number_asked


class Outcome(NamedTuple):
    """What became of an answer to one of them; or why it could not be taken."""

    event: Event
    mine: Rsvp | None
    place: int | None = None
    why: str = ""


@bp.route("/events/<slug>/evenings", methods=["GET", "POST"])
@open_to("person")
def several(slug: str) -> ResponseReturnValue:
    """The evenings of its series that take answers, to be answered at once.

    Each is a transaction of its own, as where it is answered alone: nobody waits longer for the lock of writers, and
    one that is refused takes nothing from the others. Of what is in no series any more, its own page is all there is.
    """
    person = me()
    event, _ = at(slug, person) or abort(404)
    if event.series_id is None:
        return redirect(url_for("events.show", slug=slug), 303)
    if request.method == "GET":
        return _page(event, person, _done(event, person, _just_answered()))
    given = form_for(those(_series(event), sorted(numbers_in(request.form))[: MOST + 1], person))
    if not given.validate():
        return _page(event, person, [], given), 422
    outcomes = _answered(given, person, now())
    taken = [one.event.id for one in outcomes if not one.why]
    if len(taken) == len(outcomes):
        flash("Saved. What became of each stands below.")
        here = url_for(".several", slug=slug, done=taken, notice=number_asked("notice"))
        return redirect(here, 303)
    known = {one.event.id: one for one in _done(event, person, taken)}
    return _page(event, person, [known.get(one.event.id, one) for one in outcomes]), 409


def _answered(given: EveningsForm, person: Person, moment: datetime) -> list[Outcome]:
    """One after the other in the order of their dates, and then one letter about all."""
    outcomes = []
    for event, answer in given.said:
        begin_write()
        try:
            mine = answer_one(event, person, answer, moment)
            acted(person, number_asked("notice"), moment)
            db.session.commit()
            outcomes.append(Outcome(event, mine))
        except Refused as why:
            db.session.rollback()
            outcomes.append(Outcome(event, None, why=str(why)))
    begin_write(public=False)
    gather(person, moment, now())
    db.session.commit()
    return outcomes


def _page(event: Event, person: Person, outcomes: Sequence[Outcome], wrong: EveningsForm | None = None) -> str:
    found = evenings(_series(event), person, now())
    given = form_for([row.event for row in found.rows if not row.by_its_form])
    if wrong is not None:
        given.validate()
        given.form_errors = wrong.form_errors
    elif outcomes:
        given.keep_only([one.event for one in outcomes if one.why])
    return render_template(
        "rsvps/evenings.html",
        event=event,
        usual=at_the_usual_place([row.event for row in found.rows] or [event]),
        found=found,
        most=MOST,
        form=given,
        outcomes=outcomes,
        apart=answers_are_read() and not person.feed_only,
        now=now(),
    )


def _just_answered() -> list[int]:
    """The numbers of the evenings, as the address has them."""
    return [int(number) for number in request.args.getlist("done")[:MOST] if number.isdecimal() and len(number) < 10]


def _done(event: Event, person: Person, numbers: Sequence[int]) -> list[Outcome]:
    return [Outcome(*row) for row in stands(numbers, _series(event), person)] if numbers else []


def _series(event: Event) -> int:
    assert event.series_id is not None
    return event.series_id

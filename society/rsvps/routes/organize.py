"""For organizers: the answers to an event, as a page and a table, and the door list."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from society.db import db
from society.events.models import Event
from society.fields import on_one_line
from society.people.access import me, open_to
from society.rsvps import desk, queries, render
from society.rsvps.forms import Decision, DecisionForm, DoorAction, DoorForm
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.routes import bp
from society.times import now
from society.web import find

ON_A_PAGE = 50
AT_THE_DOOR = 100
"""How many guests the door list shows before it asks for a name: as far as a thumb scrolls."""


@bp.route("/organize/events/<int:event_id>/rsvps", methods=["GET", "POST"])
@open_to("organizer")
def manage(event_id: int) -> ResponseReturnValue:
    """The answers to an event, for organizers to look through and decide."""
    event = _own_event(event_id)
    given = DecisionForm()
    if given.accepted():
        decision, numbers = Decision(given.action.data), given.rsvp.data
        done = desk.decide(event, decision, numbers, by=me(), now=now())
        db.session.commit()
        flash(render.decided(decision, done, len(numbers)))
        return redirect(_here(), 303)
    return render_template(
        "rsvps/manage.html", event=event, form=given, **_page_of(event)
    ), 422 if given.errors else 200


def _page_of(event: Event) -> dict[str, Any]:
    """What the list shows: one row more than fits tells whether there is a next page."""
    page = min(max(request.args.get("page", 1, int), 1), 10_000)
    status = request.args.get("status", None, RsvpStatus)
    search = on_one_line(request.args.get("q"))[:100]
    rows = queries.listed(event, status=status, search=search).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)
    found = db.session.execute(rows).all()
    return {
        "rows": found[:ON_A_PAGE],
        "more": len(found) > ON_A_PAGE,
        "page": page,
        "status": status,
        "search": search,
        "turnout": queries.turnout(event),
        "statuses": render.WORDS,
    }


@bp.get("/organize/events/<int:event_id>/rsvps.csv")
@open_to("organizer")
def table(event_id: int) -> Response:
    """All answers for a spreadsheet, sent as they are read."""
    event = _own_event(event_id)
    lines = _lines(db.engine, queries.listed(event), event.zone)
    name = f"rsvps-{event.slug or event.id}.csv"
    response = Response(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(engine: Engine, answers: Select[Rsvp, int | None], zone: str) -> Iterator[str]:
    """Read by a session of its own, since the request's ends before the last line is sent."""
    with Session(engine) as session, session.execute(answers.execution_options(yield_per=500)) as rows:
        yield from render.csv_lines(((rsvp, place) for rsvp, place in rows), zone)


@bp.route("/organize/events/<int:event_id>/checkin", methods=["GET", "POST"])
@open_to("organizer")
def door(event_id: int) -> ResponseReturnValue:
    """The door list: find a name, tap, next."""
    event = _own_event(event_id)
    given = DoorForm()
    if given.accepted(public=False):
        desk.at_the_door(event, DoorAction(given.action.data), given.rsvp.data, by=me(), now=now())
        db.session.commit()
        return redirect(_here(), 303)
    search = on_one_line(request.args.get("q"))[:100]
    expected = queries.listed(event, status=RsvpStatus.CONFIRMED, search=search).limit(AT_THE_DOOR + 1)
    found = db.session.scalars(expected).all()
    page = render_template(
        "rsvps/door.html",
        event=event,
        form=given,
        guests=found[:AT_THE_DOOR],
        more=len(found) > AT_THE_DOOR,
        search=search,
        turnout=queries.turnout(event),
        arrived=queries.arrived(event),
    )
    return page, 422 if given.errors else 200


def _here() -> str:
    """The page as it is filtered."""
    return request.full_path.rstrip("?")


def _own_event(event_id: int) -> Event:
    found: Event = find(select(Event).where(Event.id == event_id))
    return found

"""What organizers do with the agenda of an event."""

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda import queries
from society.agenda.clashes import clashes, missing_room, outside
from society.agenda.forms import PasteForm, SessionForm
from society.agenda.models import Session
from society.agenda.pasting import Reading
from society.agenda.planning import LABELS, MATERIAL, UNSEEN, Plan, fingerprint, snapshot
from society.agenda.routes import bp
from society.agenda.timetable import timetable
from society.db import db
from society.events.forms import TellForm
from society.events.models import Event
from society.events.queries import numbered
from society.notices.following import Followers, session_followers
from society.people.access import me, open_to
from society.rsvps import agenda as acts
from society.rsvps import session_table
from society.rsvps.session_letters import mailed
from society.rsvps.session_seats import Room, rooms, seated_or_waiting
from society.text import counted
from society.times import now
from society.web import find

CARRIED = ("confirmed", "message", "tell", "again")
"""What the page between form and change asks itself; everything else it carries on as it was typed."""


def _event(event_id: int) -> Event:
    found: Event = find(numbered(event_id))
    return found


def _session(event_id: int, session_id: int) -> Session:
    found: Session = find(queries.session_of(_event(event_id), session_id))
    return found


@bp.get("/organize/events/<int:event_id>/agenda")
@open_to("event")
def manage(event_id: int) -> str:
    """All sessions, and what cannot well be as it is planned."""
    event = _event(event_id)
    sessions = db.session.scalars(queries.agenda(event)).all() if event.has_agenda else []
    return render_template(
        "agenda/manage.html",
        event=event,
        days=timetable(sessions),
        warnings=[*clashes(sessions), *outside(event, sessions), *missing_room(sessions)],
        rooms=rooms(event) if event.has_agenda else {},
        nobody=Room(),
    )


@bp.route("/organize/events/<int:event_id>/agenda/new", methods=["GET", "POST"])
@open_to("event")
def new(event_id: int) -> ResponseReturnValue:
    """Add a session."""
    event = _event(event_id)
    form = SessionForm(event)
    if form.accepted():
        (session,) = acts.enter(event, [form.plan()], by=me(), now=now())
        db.session.commit()
        return _saved(event, f"Added: {session.title}.", "Add another" if "another" in request.form else "")
    calendars = session_followers([event], now())
    page = render_template("agenda/edit.html", event=event, form=form, session=None, calendars=calendars)
    return page, 422 if form.errors else 200


def _saved(event: Event, sentence: str, another: str = "") -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for(".new" if another else ".manage", event_id=event.id), 303)


@bp.route("/organize/events/<int:event_id>/agenda/<int:session_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int, session_id: int) -> ResponseReturnValue:
    """Change a session; of a published event it is shown first what that will do."""
    session = _session(event_id, session_id)
    form, telling = SessionForm(session.event, session), TellForm()
    if "again" in request.form or not form.accepted():
        page = render_template("agenda/edit.html", event=session.event, form=form, session=session)
        return page, 422 if form.errors else 200
    if form.revision.data and form.revision.data != fingerprint(session):
        return _overtaken(session, form)
    if session.event.published_at and not (request.form.get("confirmed") == "yes" and telling.validate()):
        effect = _effect_of(session, form.plan())
        nothing = not effect.changes
        return _saved(session.event, "Nothing was changed.") if nothing else _what_it_will_do(session, effect, telling)
    note = telling.message.data or ""
    changed = acts.change(session, form.plan(), by=me(), now=now(), note=note, tell=telling.wanted)
    db.session.commit()
    return _saved(session.event, f"Saved: {session.title}." if changed else "Nothing was changed.")


@dataclass(frozen=True)
class Effect:
    """What a change to a session of a published event will do, before it is done."""

    changes: list[tuple[str, str, str]]
    calendars: Followers | None
    """Those that show any of it."""
    told: bool
    """Whether those with a seat ought to know."""
    room: Room
    seats_short: int
    """Seats taken above those there will be."""
    mailed: int


def _effect_of(session: Session, plan: Plan) -> Effect:
    """Tried in the transaction, and taken back."""
    room, letters = rooms(session.event).get(session.id, Room()), len(mailed(session))
    before, over = snapshot(session), session.event.over(now())
    with db.session.no_autoflush:
        plan.enter(session, session.event.zone)
        after = snapshot(session)
    db.session.rollback()
    changed = [name for name in LABELS if before[name] != after[name]]
    shown = {*changed} - UNSEEN
    return Effect(
        changes=[(LABELS[name], before[name], after[name]) for name in changed],
        calendars=session_followers([session.event], now()) if shown else None,
        told=bool(MATERIAL & {*changed}) and not over,
        room=room,
        seats_short=max(room.taken - plan.capacity, 0) if plan.capacity else 0,
        mailed=letters,
    )


def _what_it_will_do(session: Session, effect: Effect, telling: TellForm) -> ResponseReturnValue:
    """The page between the form and the change."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in CARRIED]
    sent = request.form.get("confirmed") == "yes"
    telling = telling if sent else TellForm(tell="yes")
    page = render_template(
        "agenda/change.html", event=session.event, session=session, effect=effect, telling=telling, typed=typed
    )
    return page, 422 if sent else 200


def _overtaken(session: Session, form: SessionForm) -> ResponseReturnValue:
    """The form again, since someone saved the session meanwhile: what was typed, beside what stands now."""
    form.revision.data = fingerprint(session)
    theirs = [(LABELS[name], value) for name, value in snapshot(session).items()]
    page = render_template("agenda/edit.html", event=session.event, form=form, session=session, theirs=theirs)
    db.session.rollback()
    return page, 422


@bp.route("/organize/events/<int:event_id>/agenda/<int:session_id>/remove", methods=["GET", "POST"])
@open_to("event")
def remove(event_id: int, session_id: int) -> ResponseReturnValue:
    """Take a session out, after the page has said who has a seat in it."""
    session = _session(event_id, session_id)
    telling = TellForm()
    if telling.accepted():
        event, title = session.event, session.title
        acts.remove(session, by=me(), now=now(), note=telling.message.data or "", tell=telling.wanted)
        db.session.commit()
        return _saved(event, f"Removed: {title}.")
    shown = {"room": rooms(session.event).get(session.id, Room()), "telling": telling}
    shown["calendars"] = session_followers([session.event], now())
    letters = 0 if session.event.over(now()) else len(mailed(session))
    page = render_template("agenda/remove.html", event=session.event, session=session, mailed=letters, **shown)
    return page, 422 if telling.errors else 200


@bp.get("/organize/events/<int:event_id>/agenda/seats.csv")
@open_to("event")
def seats_as_table(event_id: int) -> Response:
    """Who chose which session, for a spreadsheet, sent as it is read."""
    event = _event(event_id)
    response = Response(session_table.lines(db.engine, event), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="sessions-{event.slug or event.id}.csv"'
    return response


@bp.get("/organize/events/<int:event_id>/agenda/<int:session_id>/seats")
@open_to("event")
def seats(event_id: int, session_id: int) -> str:
    """Who has a seat in a session, and who waits for one."""
    session = _session(event_id, session_id)
    held = db.session.scalars(seated_or_waiting(session)).all()
    room = rooms(session.event).get(session.id, Room())
    return render_template("agenda/seats.html", event=session.event, session=session, held=held, room=room)


@bp.route("/organize/events/<int:event_id>/agenda/paste", methods=["GET", "POST"])
@open_to("event")
def paste(event_id: int) -> ResponseReturnValue:
    """Enter many sessions at once: read, shown, and only then entered."""
    event = _event(event_id)
    form = PasteForm(event)
    if request.method == "POST" and form.validate():
        if request.form.get("confirmed") == "yes" and form.accepted():
            made = acts.enter(event, form.reading.plans, by=me(), now=now())
            db.session.commit()
            return _saved(event, f"Added {counted(len(made), 'session')}.")
        return _pasted(event, form, form.reading)
    return _pasted(event, form, Reading())


def _pasted(event: Event, form: PasteForm, reading: Reading) -> ResponseReturnValue:
    """The lines as they were typed, with what was made of them."""
    planned = [_tried(event, plan) for plan in reading.plans]
    there = db.session.scalars(queries.agenda(event)).all() if planned else []
    told_already = set(clashes(there))
    news = [sentence for sentence in clashes([*there, *planned]) if sentence not in told_already]
    page = render_template(
        "agenda/paste.html",
        event=event,
        form=form,
        days=timetable(planned),
        number=len(planned),
        warnings=[*news, *outside(event, planned)],
        calendars=session_followers([event], now()),
    )
    return page, 422 if form.errors else 200


def _tried(event: Event, plan: Plan) -> Session:
    """A session as it would be, in no database."""
    session = Session(position=0, id=0)
    plan.enter(session, event.zone)
    return session

"""What organizers do with the agenda of an event."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda import queries
from society.agenda.clashes import clashes, missing_room, outside, repeated
from society.agenda.forms import PasteForm, SessionForm
from society.agenda.models import Session
from society.agenda.planning import LABELS, MATERIAL, UNSEEN, Plan, fingerprint, snapshot
from society.agenda.routes import bp
from society.agenda.timetable import timetable
from society.db import db
from society.events.models import Event
from society.events.queries import hold, numbered
from society.notices.effects import ASKED, ConfirmForm, mark_of
from society.notices.following import Followers, session_followers
from society.people.access import me, open_to
from society.rsvps import agenda as acts
from society.rsvps import session_table
from society.rsvps.session_letters import mailed
from society.rsvps.session_seats import Room, rooms, seated_or_waiting
from society.text import counted
from society.times import now
from society.web import find


def _event(event_id: int) -> Event:
    found: Event = find(numbered(event_id))
    return found


def _session(event_id: int, session_id: int) -> Session:
    found: Session = find(queries.session_of(_event(event_id), session_id))
    return found


def _held(event_id: int, session_id: int) -> Session:
    """Hold its event until the commit, then read it as it has become while this waited."""
    session = _session(event_id, session_id)
    hold(session.event)
    db.session.expire(session)
    return _session(event_id, session_id)


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
    form, telling = SessionForm(session.event, session), ConfirmForm()
    if "again" in request.form or not form.accepted():
        page = render_template("agenda/edit.html", event=session.event, form=form, session=session)
        return page, 422 if form.errors else 200
    session = _held(event_id, session_id)
    if form.revision.data and form.revision.data != fingerprint(session):
        return _overtaken(session, form)
    if session.event.published_at:
        effect = _effect_of(session, form.plan())
        if effect.changes and not telling.agrees_to(effect.mark):
            return _what_it_will_do(session, effect, telling)
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
    mark: str


def _effect_of(session: Session, plan: Plan) -> Effect:
    """Tried within a savepoint, so that the event stays held; told, and taken back."""
    event, before = session.event, snapshot(session)
    taken, letters = rooms(event).get(session.id, Room()), len(mailed(session))
    with db.session.begin_nested() as trial, db.session.no_autoflush:
        plan.enter(session, event.zone)
        after = snapshot(session)
        trial.rollback()
    changed = [name for name in LABELS if before[name] != after[name]]
    changes = [(LABELS[name], before[name], after[name]) for name in changed]
    told = bool(MATERIAL & {*changed}) and not event.over(now())
    short = max(taken.taken - plan.capacity, 0) if plan.capacity else 0
    return Effect(
        changes=changes,
        calendars=session_followers([event], now()) if {*changed} - UNSEEN else None,
        told=told,
        room=taken,
        seats_short=short,
        mailed=letters,
        mark=mark_of(changes, str(session.id), f"told {told and letters > 0}", f"short {short > 0}"),
    )


def _what_it_will_do(session: Session, effect: Effect, telling: ConfirmForm) -> ResponseReturnValue:
    """The page between the form and the change; nothing of it is saved yet."""
    db.session.rollback()
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ASKED]
    shown = {"effect": effect, "telling": telling, "anew": telling.anew, "typed": typed}
    page = render_template("agenda/change.html", event=session.event, session=session, **shown)
    return page, 422 if telling.errors else 200


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
    telling = ConfirmForm()
    sent = telling.accepted()
    session = _held(event_id, session_id) if sent else _session(event_id, session_id)
    event, title = session.event, session.title
    letters = 0 if event.over(now()) else len(mailed(session))
    mark = mark_of([], fingerprint(session), f"told {letters > 0}")
    if sent and telling.agrees_to(mark):
        acts.remove(session, by=me(), now=now(), note=telling.message.data or "", tell=telling.wanted)
        db.session.commit()
        return _saved(event, f"Removed: {title}.")
    db.session.rollback()
    shown = {"room": rooms(event).get(session.id, Room()), "telling": telling, "mailed": letters, "mark": mark}
    shown |= {"calendars": session_followers([event], now()), "anew": sent and not telling.errors}
    page = render_template("agenda/remove.html", event=event, session=session, **shown)
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
    form, telling = PasteForm(event), ConfirmForm()
    if not form.accepted():
        return _pasted(event, form, Pasted(), telling)
    hold(event)
    pasted = _pasted_into(event, form.reading.plans)
    if not telling.agrees_to(pasted.mark):
        return _pasted(event, form, pasted, telling)
    made = acts.enter(event, form.reading.plans, by=me(), now=now())
    db.session.commit()
    return _saved(event, f"Added {counted(len(made), 'session')}.")


@dataclass(frozen=True)
class Pasted:
    """What was made of pasted lines: sessions as they would be, and what cannot well be so."""

    sessions: Sequence[Session] = ()
    warnings: Sequence[str] = ()

    @property
    def mark(self) -> str:
        return mark_of([snapshot(session).values() for session in self.sessions], *self.warnings)


def _pasted_into(event: Event, plans: Sequence[Plan]) -> Pasted:
    planned, there = [_tried(event, plan) for plan in plans], db.session.scalars(queries.agenda(event)).all()
    told_already = set(clashes(there))
    news = [sentence for sentence in clashes([*there, *planned]) if sentence not in told_already]
    return Pasted(planned, [*repeated(there, planned), *news, *outside(event, planned)])


def _pasted(event: Event, form: PasteForm, pasted: Pasted, telling: ConfirmForm) -> ResponseReturnValue:
    """The lines as they were typed, with what was made of them; nothing of it is saved yet."""
    db.session.rollback()
    page = render_template(
        "agenda/paste.html",
        event=event,
        form=form,
        days=timetable(pasted.sessions),
        number=len(pasted.sessions),
        warnings=pasted.warnings,
        calendars=session_followers([event], now()),
        mark=pasted.mark,
        anew=telling.anew and not form.errors,
    )
    return page, 422 if form.errors else 200


def _tried(event: Event, plan: Plan) -> Session:
    """A session as it would be, in no database."""
    session = Session(position=0, id=0)
    plan.enter(session, event.zone)
    return session

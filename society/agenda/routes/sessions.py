"""Adding, changing and removing one session; of a published event it is shown first what that will do."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda.forms import SessionForm
from society.agenda.models import Session
from society.agenda.planning import LABELS, fingerprint, snapshot
from society.agenda.queries import session_of as session_numbered
from society.agenda.routes import bp
from society.agenda.routes.changed import Effect, InTheWay, Readers, effect_of, in_the_way, readers_of
from society.agenda.routes.organize import event_of, saved, session_of
from society.agenda.routes.planned import Planned, planned
from society.db import db
from society.events.models import Event
from society.events.queries import hold
from society.meanwhile import Meanwhile
from society.notices.changed_sessions import change_session, remove_session
from society.notices.effects import ASKED, ConfirmForm, mark_of
from society.notices.following import session_followers
from society.notices.new_sessions import add_sessions
from society.people.access import me, open_to
from society.people.savers import saver
from society.rsvps.session_seats import Room, rooms
from society.times import now


def _held(event_id: int, session_id: int) -> Session:
    """Hold its event until the commit, then read it as it has become while this waited."""
    session = session_of(event_id, session_id)
    hold(session.event)
    db.session.expire(session)
    return session_of(event_id, session_id)


@bp.route("/organize/events/<int:event_id>/agenda/new", methods=["GET", "POST"])
@open_to("event")
def new(event_id: int) -> ResponseReturnValue:
    """Add a session."""
    event = event_of(event_id)
    form, telling = SessionForm(event), ConfirmForm(tell="no")
    if "again" in request.form or not form.accepted():
        return _form(event, form, None)
    hold(event)
    if event.published_at:
        would_be = planned(event, [form.plan()])
        if not telling.agrees_to(would_be.mark):
            return _what_it_adds(event, would_be, telling)
    note = telling.message.data or ""
    (session,) = add_sessions(event, [form.plan()], by=me(), now=now(), note=note, tell=telling.wanted)
    db.session.commit()
    return _on_to_another(session) if "another" in request.form else saved(event, f"Added: {session.title}.")


def _on_to_another(session: Session) -> ResponseReturnValue:
    """The empty form once more; of a draft, where nothing was shown before, it tells what this one clashes with."""
    flash(f"Added: {session.title}.")
    after = None if session.event.published_at else session.id
    return redirect(url_for(".new", event_id=session.event_id, after=after), 303)


def _form(event: Event, form: SessionForm, session: Session | None) -> ResponseReturnValue:
    """The form, with what stands in the way of the session as it is, or as it was typed where that can be read."""
    if request.method == "POST":
        there, shown = session, form.plan().tried(event.zone) if form.validate() else None
    else:
        there = shown = session or _just_added(event)
    way = in_the_way(event, [shown], there) if shown else InTheWay()
    page = render_template("agenda/edit.html", event=event, form=form, session=session, way=way)
    return page, 422 if form.errors else 200


def _just_added(event: Event) -> Session | None:
    number = request.args.get("after", "")
    known = number.isascii() and number.isdigit() and len(number) < 10
    return db.session.scalar(session_numbered(event, int(number))) if known else None


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ASKED]


def _what_it_adds(event: Event, would_be: Planned, telling: ConfirmForm) -> ResponseReturnValue:
    """The page between the form and a new session of a published event; nothing of it is saved yet."""
    (session,) = would_be.sessions
    facts = [(LABELS[name], value) for name, value in snapshot(session).items() if value]
    db.session.rollback()
    shown = {"session": session, "facts": facts, "planned": would_be, "telling": telling, "anew": telling.anew}
    page = render_template("agenda/add.html", event=event, typed=_typed(), **shown)
    return page, 422 if telling.errors else 200


@bp.route("/organize/events/<int:event_id>/agenda/<int:session_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int, session_id: int) -> ResponseReturnValue:
    """Change a session; of a published event it is shown first what that will do."""
    session = session_of(event_id, session_id)
    form, telling = SessionForm(session.event, session), ConfirmForm()
    if "again" in request.form or not form.accepted():
        return _form(session.event, form, session)
    session = _held(event_id, session_id)
    if form.revision.data and form.revision.data != fingerprint(session):
        anew = SessionForm(session.event, session)
        if not (meanwhile := anew.catch_up()).same:
            return _overtaken(session, anew, meanwhile, saver(session, form.opened_at))
    if session.event.published_at:
        effect = effect_of(session, form.plan())
        if effect.changes and not telling.agrees_to(effect.mark):
            return _what_it_will_do(session, effect, telling)
    note = telling.message.data or ""
    changed = change_session(session, form.plan(), by=me(), now=now(), note=note, tell=telling.wanted)
    db.session.commit()
    return saved(session.event, f"Saved: {session.title}." if changed else "Nothing was changed.")


def _what_it_will_do(session: Session, effect: Effect, telling: ConfirmForm) -> ResponseReturnValue:
    """The page between the form and the change; nothing of it is saved yet."""
    db.session.rollback()
    shown = {"effect": effect, "telling": _proposed(effect.readers, telling), "anew": telling.anew, "typed": _typed()}
    page = render_template("agenda/change.html", event=session.event, session=session, **shown)
    return page, 422 if telling.errors else 200


def _proposed(readers: Readers, telling: ConfirmForm) -> ConfirmForm:
    """Whether to write to them, as it was chosen, else as it is proposed."""
    return telling if telling.errors else ConfirmForm(tell="yes" if readers.proposed else "no")


def _overtaken(session: Session, form: SessionForm, meanwhile: Meanwhile, by: str) -> ResponseReturnValue:
    """The form again, with what somebody saved while it was open."""
    form.revision.data = fingerprint(session)
    form.validate()
    shown = {"meanwhile": meanwhile, "saver": by, "way": InTheWay()}
    page = render_template("agenda/edit.html", event=session.event, form=form, session=session, **shown)
    db.session.rollback()
    return page, 422


@bp.route("/organize/events/<int:event_id>/agenda/<int:session_id>/remove", methods=["GET", "POST"])
@open_to("event")
def remove(event_id: int, session_id: int) -> ResponseReturnValue:
    """Take a session out, after the page has said who has a seat in it."""
    telling = ConfirmForm()
    sent = telling.accepted()
    session = _held(event_id, session_id) if sent else session_of(event_id, session_id)
    event, title = session.event, session.title
    readers = readers_of(session, None)
    mark = mark_of([], fingerprint(session), f"told {bool(readers)}")
    if sent and telling.agrees_to(mark):
        remove_session(session, by=me(), now=now(), note=telling.message.data or "", tell=telling.wanted)
        db.session.commit()
        return saved(event, f"Removed: {title}.")
    db.session.rollback()
    shown = {"room": rooms(event).get(session.id, Room()), "readers": readers, "mark": mark}
    shown |= {"calendars": session_followers([event], now()), "telling": _proposed(readers, telling)}
    shown["anew"] = sent and not telling.errors
    page = render_template("agenda/remove.html", event=event, session=session, **shown)
    return page, 422 if telling.errors else 200

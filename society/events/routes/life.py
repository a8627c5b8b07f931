"""What becomes of an event in time: put off, published later, kept as a template."""

from contextlib import suppress
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import ObjectDeletedError

from society.agenda.across import clashes_told
from society.agenda.moving import agendas_of, as_moved, begin_then, left_out, moving
from society.agenda.planning import Times
from society.backings.queries import bodies
from society.backings.telling import asked_in_vain, cut_off, reached, with_a_word
from society.db import db
from society.events import queries
from society.events.changes import changed_by
from society.events.life_forms import PostponeForm, ScheduleForm, TemplateForm
from society.events.models import Event
from society.events.queries import hold
from society.events.render import spoken_in, when
from society.events.routes import bp
from society.events.routes.organize import BEGUN, event_of, stays_as_it_is
from society.notices import actions, life
from society.notices.anyway import told_anyway
from society.notices.effects import ASKED, effect_of, mark_of, mark_of_turn, those_told, untold
from society.notices.following import followers, touched, turned
from society.people.access import me, open_to
from society.people.models import RoleName
from society.series.forms import scope_asked
from society.series.publishing import Planned, foreseen, other_drafts, plan_several
from society.series.queries import Scope, beside, hold_with_others
from society.settings import society
from society.text import counted
from society.times import now
from society.web import Form, allow


@bp.route("/organize/events/<int:event_id>/postpone", methods=["GET", "POST"])
@open_to("event")
def postpone(event_id: int) -> ResponseReturnValue:
    """Put it off: until a new date is known, or to one that is known already."""
    event = event_of(event_id)
    if request.method == "GET" and (why := event.why_it_stays(now(), "postponed")):
        return stays_as_it_is(event, why)
    form = PostponeForm(event)
    sent = "again" not in request.form and form.accepted()
    if sent:
        hold(event)
        event.must_be_to_come(now(), "postponed")
    effect = effect_of(event, [])
    mark, agreed, note = mark_of_turn(event, effect), request.form.get("confirmed"), form.message.data or ""
    if not sent or (form.starts_at.data is None and agreed != mark):
        db.session.rollback()
        shown = {"effect": effect, "calendars": followers(turned(event), now()), "mark": mark, "anew": sent}
        page = render_template("events/postpone.html", event=event, form=form, **shown)
        return page, 422 if form.errors else 200
    if form.starts_at.data is None:
        actions.postpone(event, by=me(), now=now(), note=note, tell=form.wanted)
        db.session.commit()
        flash(f"Postponed. Give it a new date when you know it.{untold(effect, form)}")
        return redirect(url_for(".edit", event_id=event.id), 303)
    does = _what_moving_does(event, form)
    if agreed != does["mark"]:
        return _shown_first(event, form, does, anew=agreed not in (None, mark))
    life.move(event, *form.span(), by=me(), now=now(), note=note, tell=form.wanted)
    db.session.commit()
    flash(f"Moved. It is on {when(event)}.{untold(does['effect'], form)}")
    return redirect(url_for(".edit", event_id=event.id), 303)


def _what_moving_does(event: Event, form: PostponeForm) -> dict[str, Any]:
    """Tried within a savepoint, told, and taken back."""
    unclear = [*form.shown_twice(), *life.worth_knowing(event, form.span()[0], now())]
    was = Times.of(event)
    with db.session.begin_nested() as trial:
        changes = changed_by(event, lambda: life.place(event, *form.span()))
        agendas = agendas_of([(event, was)])
        sessions = agendas.get(event.id, ())
        anyway = told_anyway([(event, changes)], now(), begin_then([(event, was)], agendas))
        effect, touches = effect_of(event, changes, anyway), touched(event, changes)
        clashes = clashes_told(event, me(), as_moved(event, was, sessions) or None)
        moves, outside = moving(event, was, sessions), left_out(event, was, sessions)
        trial.rollback()
    told = those_told([(event, effect.recipients)])
    mark = mark_of(changes, *effect.asked_again, told, f"{bool(effect.anyway)}", moves, *outside)
    shown = {"effect": effect, "touches": touches, "clashes": clashes, "worth_saying": unclear, "mark": mark}
    return shown | {"moves": moves, "outside": outside}


def _shown_first(event: Event, form: PostponeForm, does: dict[str, Any], *, anew: bool) -> ResponseReturnValue:
    """The page between the form and the new date; nothing of it is saved yet."""
    db.session.rollback()
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ASKED]
    calendars = followers(does.pop("touches"), now())
    shown = {"calendars": calendars, "telling": form, "typed": typed, "anew": anew}
    return render_template("events/change.html", event=event, **does, **shown)


@bp.route("/organize/events/<int:event_id>/schedule", methods=["GET", "POST"])
@open_to("event")
def schedule(event_id: int) -> ResponseReturnValue:
    """Publish a draft at a time to come, or no more; with it others of its series that are drafts."""
    event, scope = event_of(event_id), scope_asked(request.form)
    everywhere = me().has_role(RoleName.ORGANIZER)
    allow(everywhere or scope is Scope.THIS)
    if event.published_at is not None or event.template_name:
        abort(404)
    form = ScheduleForm(event)
    agreed = request.form.get("confirmed", "")
    if "again" not in request.form and form.accepted(public=False):
        hold_with_others(event, scope)
        planned = foreseen(event, form.instant(), scope, now())
        if scope is Scope.THIS or agreed == planned.mark(event, form.instant()):
            return _planned(event, form, planned)
        db.session.rollback()
        return _shown_for_several(event, form, scope, anew=bool(agreed))
    drafts = other_drafts(event, Scope.ALL, now()) if everywhere else []
    shown = {"drafts": drafts, "scope": scope, **(beside(event, now()) if drafts else {})}
    page = render_template("events/schedule.html", event=event, form=form, **shown)
    return page, 422 if form.errors else 200


def _planned(event: Event, form: ScheduleForm, planned: Planned) -> ResponseReturnValue:
    instant = form.instant()
    plan_several(event, instant, planned, by=me(), now=now())
    db.session.commit()
    by_itself = f"It is published by itself on {spoken_in(instant, event.zone)}." if instant else ""
    flash(by_itself or "It stays a draft until you publish it.")
    if planned.others:
        flash(f"The same holds for {counted(len(planned.others), 'other draft')} of the series.", "info")
    for said in form.shown_twice():
        flash(said, "info")
    return redirect(url_for(".edit", event_id=event.id), 303)


def _shown_for_several(event: Event, form: ScheduleForm, scope: Scope, *, anew: bool) -> str:
    """The page between a time and the drafts of a series that go out then; nothing of it is saved yet."""
    at = form.instant()
    planned = foreseen(event, at, scope, now())
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "confirmed"]
    shown = {"at": at, "planned": planned, "mark": planned.mark(event, at), "anew": anew, "typed": typed}
    return render_template("events/schedule_several.html", event=event, twice=form.shown_twice(), **shown)


@bp.route("/organize/events/<int:event_id>/delete", methods=["GET", "POST"])
@open_to("organizer")
def delete(event_id: int) -> ResponseReturnValue:
    """Do away with a draft, after the page has said what goes with it."""
    event = event_of(event_id)
    if event.published_at is not None or event.template_name or event.series_id:
        abort(404)
    if Form().accepted(public=False):
        with suppress(ObjectDeletedError):  # by the first of two clicks
            hold(event)
            life.delete_draft(event, by=me(), now=now())
        db.session.commit()
        flash("The draft is gone.")
        return redirect(url_for(".manage", show="drafts"), 303)
    word, waiting = with_a_word(event), asked_in_vain(event)
    told = {"backers": bodies(reached(word)), "asked": bodies(reached(waiting))}
    return render_template("events/delete.html", event=event, cut_off=bodies(cut_off([*word, *waiting])), **told)


@bp.route("/organize/events/<int:event_id>/template", methods=["GET", "POST"])
@open_to("organizer")
def keep_as_template(event_id: int) -> ResponseReturnValue:
    """Keep a copy of it to begin other events with; what is a template already is called something else."""
    event = event_of(event_id)
    form = TemplateForm(name=event.template_name or event.title[:100])
    if form.accepted(public=False):
        keep = life.rename_template if event.template_name else life.keep_as_template
        made = keep(event, str(form["name"].data), by=me(), now=now())
        db.session.commit()
        flash(f"Kept as a template: {made.template_name}.")
        return redirect(url_for(".templates"), 303)
    page = render_template("events/template.html", event=event, form=form)
    return page, 422 if form.errors else 200


@bp.get("/organize/events/templates")
@open_to("organizer")
def templates() -> str:
    """What other events can begin with."""
    return render_template("events/templates.html", templates=db.session.scalars(queries.templates()).all())


@bp.post("/organize/events/templates/<int:event_id>/use")
@open_to("organizer")
def use_template(event_id: int) -> ResponseReturnValue:
    """A new draft like the template, on a coming day of the same weekday."""
    if not Form().accepted(public=False):
        abort(400)
    made = life.from_template(_template(event_id), society().zone, by=me(), now=now())
    db.session.commit()
    flash(BEGUN)
    return redirect(url_for(".edit", event_id=made.id), 303)


@bp.post("/organize/events/templates/<int:event_id>/remove")
@open_to("organizer")
def remove_template(event_id: int) -> ResponseReturnValue:
    """Keep it no more; what began with it stays."""
    if not Form().accepted(public=False):
        abort(400)
    life.forget_template(_template(event_id), by=me(), now=now())
    db.session.commit()
    flash("The template is gone.")
    return redirect(url_for(".templates"), 303)


def _template(event_id: int) -> Event:
    event = event_of(event_id)
    if not event.template_name:
        abort(404)
    return event

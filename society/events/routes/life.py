"""What becomes of an event in time: put off, published later, kept as a template."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda.bookings import clashing
from society.db import db
from society.events import queries
from society.events.changes import Change, differences, snapshot
from society.events.life_forms import PostponeForm, ScheduleForm, TemplateForm
from society.events.models import Event
from society.events.queries import hold
from society.events.render import when
from society.events.routes import bp
from society.events.routes.changing import effect_of
from society.events.routes.organize import BEGUN, event_of
from society.notices import actions, life
from society.notices.following import followers, touched, turned
from society.people.access import me, open_to
from society.settings import society
from society.times import now
from society.web import Form


@bp.route("/organize/events/<int:event_id>/postpone", methods=["GET", "POST"])
@open_to("event")
def postpone(event_id: int) -> ResponseReturnValue:
    """Put it off: until a new date is known, or to one that is known already."""
    event = event_of(event_id)
    form = PostponeForm(event)
    if "again" in request.form or not form.accepted():
        calendars = followers(turned(event), now())
        shown = {"event": event, "form": form, "effect": effect_of(event, []), "calendars": calendars}
        page = render_template("events/postpone.html", **shown)
        return page, 422 if form.errors else 200
    hold(event)
    note = form.message.data or ""
    if form.starts_at.data is None:
        actions.postpone(event, by=me(), now=now(), note=note, tell=form.wanted)
        db.session.commit()
        flash("Postponed. Give it a new date when you know it.")
        return redirect(url_for(".edit", event_id=event.id), 303)
    if request.form.get("confirmed") != "yes":
        return _what_moving_does(event, form)
    life.move(event, *form.span(), by=me(), now=now(), note=note, tell=form.wanted)
    db.session.commit()
    flash(f"Moved. It is on {when(event)}.")
    return redirect(url_for(".edit", event_id=event.id), 303)


def _what_moving_does(event: Event, form: PostponeForm) -> ResponseReturnValue:
    """Tried in the transaction, told, and taken back."""
    unclear = [*form.shown_twice(), *life.worth_knowing(event, form.span()[0], now())]
    changes = _tried(event, form)
    effect, touches = effect_of(event, changes), touched(event, changes)
    clashes = [(other.title, when(other), other.id) for other in clashing(event)]
    db.session.rollback()
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ("tell", "message")]
    return render_template(
        "events/change.html",
        event=event,
        effect=effect,
        calendars=followers(touches, now()),
        clashes=clashes,
        twice=unclear,
        telling=form,
        typed=typed,
    )


def _tried(event: Event, form: PostponeForm) -> list[Change]:
    before = snapshot(event)
    life.place(event, *form.span())
    return differences(before, snapshot(event))


@bp.route("/organize/events/<int:event_id>/schedule", methods=["GET", "POST"])
@open_to("event")
def schedule(event_id: int) -> ResponseReturnValue:
    """Publish a draft at a time to come, or no more."""
    event = event_of(event_id)
    if event.published_at is not None:
        abort(404)
    form = ScheduleForm(event.zone, event.publish_at)
    if form.accepted(public=False):
        hold(event)
        instant = form.instant()
        life.plan_publication(event, instant, by=me(), now=now())
        db.session.commit()
        flash("It is published then." if instant else "It stays a draft until you publish it.")
        for said in form.shown_twice():
            flash(said, "info")
        return redirect(url_for(".edit", event_id=event.id), 303)
    page = render_template("events/schedule.html", event=event, form=form)
    return page, 422 if form.errors else 200


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

"""The pages of a series: how an event recurs, its occurrences, and calling several off."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.backings.entering import to_be_asked
from society.db import db
from society.events.forms import TellForm
from society.events.models import Event
from society.events.queries import hold, loaded, numbered, with_places
from society.people.access import me, open_to
from society.series import actions, queries, replanning
from society.series.forms import RuleForm, ScopeForm
from society.series.queries import Scope
from society.text import counted
from society.times import now
from society.web import Form, find

bp = Blueprint("series", __name__)


@bp.route("/organize/events/<int:event_id>/series", methods=["GET", "POST"])
@open_to("organizer")
def manage(event_id: int) -> ResponseReturnValue:
    """Its series with all occurrences; of an event by itself, the form that lets it recur."""
    event = _event(event_id)
    series = queries.series_of(event)
    if series is None:
        return _begin(event)
    events = db.session.scalars(with_places(queries.occurrences(series))).all()
    answers = queries.answers_to(events)
    return render_template("series/manage.html", event=event, series=series, events=events, answers=answers, now=now())


def _begin(event: Event) -> ResponseReturnValue:
    form = RuleForm(event)
    if request.method != "POST" or "again" in request.form or not form.validate():
        return render_template("series/begin.html", event=event, form=form), 422 if form.errors else 200
    rule = form.rule
    rule.check(form.first)
    days = actions.planned(event, rule)
    if request.form.get("confirmed") != "yes":
        typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ("confirmed", "again")]
        gaps = actions.skipped(event, days)
        asked = [backing.organization.name for backing in to_be_asked(event)]
        shown = {"days": days, "gaps": gaps, "asked": asked, "typed": typed}
        return render_template("series/preview.html", event=event, rule=rule, **shown)
    form.accepted()
    hold(event)
    series = actions.begin(event, rule, by=me(), now=now())
    db.session.commit()
    made = len(db.session.scalars(queries.occurrences(series)).all()) - 1
    flash(f"{series.spoken}: {counted(made, 'more event')} made.")
    return redirect(url_for(".manage", event_id=event.id), 303)


@bp.route("/organize/events/<int:event_id>/series/rule", methods=["GET", "POST"])
@open_to("organizer")
def change(event_id: int) -> ResponseReturnValue:
    """Another rule from this event on, after the page has said what becomes of those that follow."""
    event = _event(event_id)
    series = queries.series_of(event)
    if series is None:
        return redirect(url_for(".manage", event_id=event.id), 303)
    form = RuleForm(event, series.rule.from_day(series.first_on, event.series_on or event.starts.date()))
    if request.method != "POST" or "again" in request.form or not form.validate():
        page = render_template("series/rule.html", event=event, series=series, form=form, now=now())
        return page, 422 if form.errors else 200
    telling = TellForm()
    if request.form.get("confirmed") != "yes" or not telling.validate():
        return _what_it_does(event, form, telling)
    form.accepted()
    hold(event)
    note = telling.message.data or ""
    series, plan = replanning.change_rule(event, form.rule, by=me(), now=now(), note=note, tell=telling.wanted)
    db.session.commit()
    flash(f"{series.spoken}: {len(plan.kept)} stay, {len(plan.days)} were made, {len(plan.off)} called off.")
    return redirect(url_for(".manage", event_id=event.id), 303)


def _what_it_does(event: Event, form: RuleForm, telling: TellForm) -> ResponseReturnValue:
    carried = ("confirmed", "again", "tell", "message")
    plan = replanning.replanned(event, form.rule, now())
    page = render_template(
        "series/change.html",
        event=event,
        rule=form.rule,
        plan=plan,
        gaps=actions.skipped(event, plan.days),
        people=sum(queries.answers_to(plan.off).values()),
        telling=telling if telling.errors else TellForm(tell="yes"),
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in carried],
    )
    return page, 422 if telling.errors else 200


@bp.post("/organize/events/<int:event_id>/series/publish")
@open_to("organizer")
def publish(event_id: int) -> ResponseReturnValue:
    """Announce all of its series that are drafts still."""
    event = _event(event_id)
    if Form().accepted():
        hold(event)
        number = actions.publish_drafts(event, by=me(), now=now())
        db.session.commit()
        flash(f"{counted(number, 'event')} published, which the calendars have now.")
    return redirect(url_for(".manage", event_id=event.id), 303)


@bp.post("/organize/events/<int:event_id>/series/end")
@open_to("organizer")
def end(event_id: int) -> ResponseReturnValue:
    """Make no more; what is made stays."""
    event = _event(event_id)
    if Form().accepted(public=False):
        actions.end(event, by=me(), now=now())
        db.session.commit()
        flash("No more events of this series are made.")
    return redirect(url_for(".manage", event_id=event.id), 303)


@bp.route("/organize/events/<int:event_id>/series/cancel", methods=["GET", "POST"])
@open_to("organizer")
def cancel(event_id: int) -> ResponseReturnValue:
    """Call off this one and those that follow, or all to come, after the page has said which, and who is told."""
    event = _event(event_id)
    form, telling = ScopeForm(), TellForm()
    if telling.validate() and form.accepted():
        hold(event)
        scope = Scope(form.scope.data)
        note, tell = telling.message.data or "", telling.wanted
        number = actions.cancel_several(event, scope, by=me(), now=now(), note=note, tell=tell)
        db.session.commit()
        flash(f"{counted(number, 'event')} called off. No more are made.")
        return redirect(url_for("events.manage"), 303)
    reached = {scope: [event, *queries.others(event, scope, now())] for scope in (Scope.FOLLOWING, Scope.ALL)}
    people = {scope: sum(queries.answers_to(events).values()) for scope, events in reached.items()}
    page = render_template(
        "series/cancel.html", event=event, form=form, telling=telling, reached=reached, people=people
    )
    return page, 422 if form.errors or telling.errors else 200


def _event(event_id: int) -> Event:
    event: Event = find(loaded(numbered(event_id)))
    return event

"""The pages of a series: how an event recurs, its occurrences, and calling several off."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.backings.entering import to_be_asked
from society.backings.queries import bodies
from society.db import db
from society.events.changes import fingerprint
from society.events.models import Event
from society.events.queries import hold, loaded, numbered, with_places
from society.notices.effects import ASKED, CallOffForm, mark_of
from society.people.access import me, open_to
from society.series import actions, queries, replanning
from society.series.calling_off import CallingOff, calling_off
from society.series.foreseen import clashes_on, jumped_on
from society.series.forms import RuleForm, ScopeForm
from society.series.publishing import at_once, publish_all
from society.series.queries import Scope
from society.series.rules import Rule
from society.series.values import values_of
from society.text import counted
from society.times import now, today_in
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
    ahead = [each for each in events if not each.over(now())] or events
    recurs, left_out = queries.recurs(series, ahead), queries.left_out(series, ahead, today_in(event.zone, now()))
    shown = {"series": series, "recurs": recurs, "left_out": left_out, "events": events, "answers": answers}
    shown |= queries.beside(event, now())
    return render_template("series/manage.html", event=event, now=now(), **shown)


def _begin(event: Event) -> ResponseReturnValue:
    if why := actions.why_alone(event, now()):
        return render_template("series/begin.html", event=event, why=why), 409 if request.method == "POST" else 200
    form = RuleForm(event)
    if not (_is_sent() and form.validate() and form.allows(form.rule.ahead(form.first))):
        return render_template("series/begin.html", event=event, form=form), 422 if form.errors else 200
    rule = form.rule
    agreed = request.form.get("confirmed")
    if agreed and form.accepted():
        hold(event)
    days = actions.planned(event, rule)
    mark = mark_of([], fingerprint(event), *map(str, (rule.plain(), days, event.publish_at)))
    if agreed != mark:
        db.session.rollback()
        return _dates(event, rule, days, mark, anew=bool(agreed))
    series = actions.begin(event, rule, by=me(), now=now())
    db.session.commit()
    made = len(db.session.scalars(queries.occurrences(series)).all()) - 1
    flash(f"{series.spoken}: {counted(made, 'more event')} made.")
    return redirect(url_for(".manage", event_id=event.id), 303)


def _is_sent() -> bool:
    """Whether the form of a rule was filled in, and not asked for again."""
    return request.method == "POST" and "again" not in request.form


def _dates(event: Event, rule: Rule, days: Sequence[date], mark: str, *, anew: bool) -> str:
    """The page between a new rule and its events; nothing of it is saved yet."""
    return render_template(
        "series/preview.html",
        event=event,
        rule=rule,
        days=days,
        gaps=actions.skipped(values_of(event), days),
        clashes=clashes_on(days, event, values_of(event), me()),
        jumps=jumped_on(days, event, values_of(event)),
        asked=bodies(to_be_asked(event)),
        mark=mark,
        anew=anew,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in ("confirmed", "again")],
    )


@bp.route("/organize/events/<int:event_id>/series/rule", methods=["GET", "POST"])
@open_to("organizer")
def change(event_id: int) -> ResponseReturnValue:
    """Another rule from this event on, after the page has said what becomes of those that follow."""
    event = _event(event_id)
    series = queries.series_of(event)
    if series is None:
        return redirect(url_for(".manage", event_id=event.id), 303)
    first, day = replanning.own_day(event), event.series_on or event.starts.date()
    onward = queries.goes_on_with(event)
    rule = series.rule.from_day(series.first_on, day).moved(first - day)
    form = RuleForm(event, rule, first, onward.starts.date() if onward else None)
    plan = replanning.replanned(event, form.rule, now()) if _is_sent() and form.validate() else None
    if plan is None or not form.allows(plan.days):
        recurs = series.rule.spoken(series.first_on, first - day)
        page = render_template("series/rule.html", event=event, recurs=recurs, form=form, onward=onward)
        return page, 422 if form.errors else 200
    telling = CallOffForm()
    if telling.confirmed.data and form.accepted():
        queries.hold_with_others(event, Scope.ALL)
        plan = replanning.replanned(event, form.rule, now())
        if telling.agrees_to(_mark(form.rule, plan, calling_off(plan.off, now()))):
            note = telling.message.data or ""
            series, plan = replanning.change_rule(event, form.rule, by=me(), now=now(), note=note, tell=telling.wanted)
            db.session.commit()
            made = len(plan.days) - len(actions.skipped(plan.wanted, plan.days))
            flash(f"{series.spoken}: {_told(len(plan.kept), made, len(plan.off))}")
            return redirect(url_for(".manage", event_id=event.id), 303)
        db.session.rollback()
        plan = replanning.replanned(event, form.rule, now())
    return _what_it_does(event, form, plan, telling)


def _what_it_does(
    event: Event, form: RuleForm, plan: replanning.Replanned, telling: CallOffForm
) -> ResponseReturnValue:
    off = calling_off(plan.off, now())
    page = render_template(
        "series/change.html",
        event=event,
        rule=form.rule,
        plan=plan,
        off=off,
        gaps=actions.skipped(plan.wanted, plan.days),
        clashes=clashes_on(plan.days, plan.like, plan.wanted, me(), instead_of=plan.off),
        jumps=jumped_on(plan.days, plan.like, plan.wanted),
        dropped=form.dropped,
        telling=telling,
        anew=telling.anew,
        mark=_mark(form.rule, plan, off),
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in ASKED],
    )
    return page, 422 if telling.errors else 200


def _told(kept: int, made: int, off: int) -> str:
    """What a change of the rule has done, in numbers."""
    return f"{kept} {'stays' if kept == 1 else 'stay'}, {made} {'was' if made == 1 else 'were'} made, {off} called off."


def _mark(rule: Rule, plan: replanning.Replanned, off: CallingOff) -> str:
    kept = [(event.id, day) for event, day in plan.kept]
    return mark_of([], *map(str, (rule.plain(), kept, plan.days)), off.mark)


@bp.route("/organize/events/<int:event_id>/series/publish", methods=["GET", "POST"])
@open_to("organizer")
def publish(event_id: int) -> ResponseReturnValue:
    """Announce all of its series that are drafts still, after the page has said which, and who is told."""
    event = _event(event_id)
    if event.series_id is None:
        return redirect(url_for(".manage", event_id=event.id), 303)
    agreed = request.form.get("confirmed")
    if Form().accepted():
        queries.hold_with_others(event, Scope.ALL)
        together = at_once(event, now())
        if agreed == together.mark:
            publish_all(together, by=me(), now=now())
            db.session.commit()
            flash(f"{counted(len(together.events), 'event')} published, which the calendars have now.")
            return redirect(url_for(".manage", event_id=event.id), 303)
        db.session.rollback()
    together = at_once(event, now())
    anew = bool(agreed and together.events)  # whoever pressed twice has nothing left to confirm
    return render_template("series/publish.html", event=event, together=together, anew=anew)


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
    form, telling = ScopeForm(), CallOffForm()
    if form.accepted():
        queries.hold_with_others(event, Scope.ALL)
        if telling.agrees_to(calling_off(actions.to_call_off(event, Scope.ALL, now()), now()).mark):
            scope, note = Scope(form.scope.data), telling.message.data or ""
            number = actions.cancel_several(event, scope, by=me(), now=now(), note=note, tell=telling.wanted)
            db.session.commit()
            flash(f"{counted(number, 'event')} called off. No more are made.")
            return redirect(url_for("events.manage"), 303)
        db.session.rollback()
    scopes = {
        scope: calling_off(actions.to_call_off(event, scope, now()), now()) for scope in (Scope.FOLLOWING, Scope.ALL)
    }
    shown = {"form": form, "telling": telling, "scopes": scopes, "mark": scopes[Scope.ALL].mark}
    shown |= queries.beside(event, now())
    errors = form.errors or telling.errors
    page = render_template("series/cancel.html", event=event, **shown, anew=request.method == "POST" and not errors)
    return page, 422 if errors else 200


def _event(event_id: int) -> Event:
    event: Event = find(loaded(numbered(event_id)))
    return event

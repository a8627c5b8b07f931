"""The agenda of an event for others of its series, after it was said which get it, and whom that reaches."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda.across import clashes_of_each
from society.agenda.planning import snapshot
from society.agenda.queries import agenda
from society.agenda.routes import bp
from society.agenda.routes.organize import event_of, saved
from society.db import db
from society.events.models import Event
from society.events.render import when
from society.notices.effects import ConfirmForm, effect_of, mark_of, those_told
from society.notices.following import session_followers
from society.notices.new_sessions import as_change
from society.notices.news import once_each
from society.notices.reach import concerned, those_to_tell_of_each, together
from society.people.access import me, open_to
from society.rsvps.counts import turnouts
from society.series.agendas import hand_on, handing
from society.series.queries import Scope, beside, hold_with_others
from society.text import counted
from society.times import now


@bp.route("/organize/events/<int:event_id>/agenda/series", methods=["GET", "POST"])
@open_to("organizer")
def give(event_id: int) -> ResponseReturnValue:
    """Have others of its series that have none get the same agenda."""
    event, telling = event_of(event_id), ConfirmForm(tell="no")
    if event.series_id is None or not event.has_agenda:
        return redirect(url_for(".manage", event_id=event.id), 303)
    scope = Scope.ALL if request.values.get("scope") == Scope.ALL else Scope.FOLLOWING
    if telling.confirmed.data and telling.accepted():
        hold_with_others(event, scope)
    shown = _what_it_does(event, scope)
    if telling.agrees_to(shown["mark"]) and shown["rows"]:
        note = telling.message.data or ""
        given = hand_on(event, scope, by=me(), now=now(), note=note, tell=telling.wanted)
        db.session.commit()
        have = "has" if len(given) == 1 else "have"
        return saved(event, f"{counted(len(given), 'other event')} of the series {have} it, too.")
    db.session.rollback()
    page = render_template("agenda/give.html", event=event, telling=telling, anew=telling.anew, **shown)
    return page, 422 if telling.errors else 200


def _what_it_does(event: Event, scope: Scope) -> dict[str, Any]:
    """All that the page says of it."""
    found, moment = handing(event, scope, now()), now()
    tried = {other: [plan.tried(other.zone) for plan in plans] for other, plans in found.plans.items()}
    events, counts = concerned([*tried], moment), turnouts([*tried]) if tried else {}
    told = list(zip(events, those_to_tell_of_each(events, moment), strict=True)) if events else []
    clashes = clashes_of_each(tried, me()) if tried else {}
    sessions = [str(snapshot(session)) for session in db.session.scalars(agenda(event))]
    changes = [as_change(plans, other.zone) for other, plans in found.plans.items()][:1]
    return {
        "scope": scope,
        "rows": [(when(other), counts[other.id].in_short, clashes.get(other.id, ())) for other in tried],
        "keeping": [when(other) for other in found.keeping],
        "gaps": [when(other) for other in found.gaps],
        "effect": replace(effect_of(event, changes), recipients=together(people for _, people in told)),
        "told_in": sum(1 for _, people in told if people.everyone),
        "once_each": once_each(told, moment),
        "calendars": session_followers(events, moment) if events else None,
        "mark": mark_of([sessions], scope, str([other.id for other in tried]), those_told(told)),
        **beside(event, moment),
    }

"""What organizers do with events."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from sqlalchemy.orm.exc import ObjectDeletedError

from society.agenda.across import clashes_told
from society.backings.entering import draft
from society.db import db
from society.errors import Refused
from society.events import poster as posters
from society.events import queries
from society.events.changes import fingerprint
from society.events.forms import EventForm
from society.events.models import Event
from society.events.moments import why_not_now
from society.events.narrowing import Asked, narrowed
from society.events.rooms import known_rooms, too_small
from society.events.routes import bp
from society.events.routes.changing import TURNS, Outlook, outlook, what_it_will_do, worth_saying
from society.events.routes.overtaken import overtaken
from society.events.routes.public import LONGEST_SEARCH, ON_A_PAGE, event_page, page_asked, page_of
from society.events.routes.sent_picture import with_picture
from society.fields import on_one_line
from society.invitations.queries import other_times
from society.notices import actions
from society.notices.effects import CallOffForm, ConfirmForm, effect_of, mark_of_turn, untold
from society.notices.following import followers, turned
from society.notices.life import from_template, whole_copy
from society.people.access import me, open_to
from society.people.models import RoleName
from society.series.actions import revise_several
from society.series.forms import scope_asked
from society.series.queries import Scope, hold_with_others
from society.settings import society
from society.site.queries import Seats, seats_of
from society.times import now
from society.web import Form, allow, find

THEN = {"preview": ".preview", "later": ".schedule", "template": ".keep_as_template"}
THEN |= {turn: f".{turn}" for turn in TURNS}
"""Pages to which buttons beside the form lead, once what was typed into it is saved."""
COPIES = "copy", "begin"
"""Buttons by which another event begins with this one, once that is done."""
PAST = "By its dates it is over already, and cannot be published so. Is the year right?"
OVER = "Saved, but not published: the event is over by its dates."
COPIED = "This is a copy, not published yet. Please look over its date, and who backs it."
BEGUN = "A new draft. Please set its date, and look it over."


@bp.get("/organize/events")
@open_to("organizer")
def manage() -> str:
    """All events, by where they stand."""
    mine = "mine" in request.args
    tabs = {name: events.where(Event.created_by_id == me().id) if mine else events for name, events in _tabs().items()}
    tab = request.args.get("show", "")
    tab = tab if tab in tabs else "coming"
    words = on_one_line(request.args.get("q", ""))[:LONGEST_SEARCH]
    page = page_asked()
    rows = page_of(queries.with_places(narrowed(tabs[tab], Asked(q=words))), page)
    shown = rows[:ON_A_PAGE]
    return render_template(
        "events/manage.html",
        events=shown,
        seats=seats_of([event.id for event in shown]),
        nobody=Seats(),
        numbers={name: queries.number_of(events) for name, events in tabs.items()},
        tab=tab,
        words=words,
        mine=mine,
        page=page,
        more=len(rows) > ON_A_PAGE,
    )


def _tabs() -> dict[str, Select[Event]]:
    return {
        "coming": queries.soonest_first(queries.published(), now()),
        "drafts": queries.drafts(),
        "planned": queries.planned(),
        "postponed": queries.postponed(),
        "past": queries.latest_first(queries.published(), now()),
    }


@bp.route("/organize/events/new", methods=["GET", "POST"])
@open_to("organizer")
def new() -> ResponseReturnValue:
    """Enter an event; it is a draft until it is published."""
    form = with_picture(EventForm(zone=society().zone, now=now()))
    if form.accepted():
        event = draft(form, me(), now())
        return _saved(event, form, "Saved as a draft. Only organizers see it.")
    if request.method == "GET":
        form.begin_in(request.args)
    templates = db.session.scalars(queries.templates()).all()
    page = render_template("events/edit.html", form=form, event=None, templates=templates, rooms=known_rooms())
    return page, 422 if form.errors else 200


@bp.route("/organize/events/<int:event_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int) -> ResponseReturnValue:
    """Change an event; of a published one it is shown first what that does, of any what leaves sessions outside it."""
    event = db.session.scalar(queries.loaded(queries.numbered(event_id)))
    try:
        return _edit(event) if event else _deleted()
    except ObjectDeletedError:
        return _deleted()


def _deleted() -> ResponseReturnValue:
    """What was typed into the form of a draft that somebody has deleted meanwhile stands in that of another."""
    db.session.rollback()
    if request.method != "POST":
        abort(404)
    form = with_picture(EventForm(zone=society().zone, now=now()))
    form.revision.data = form.seen.data = ""
    return render_template("events/edit.html", form=form, event=None, deleted=True, rooms=known_rooms()), 404


def _edit(event: Event) -> ResponseReturnValue:
    form = with_picture(EventForm(event))
    form.publishing = _is_to_be_published(event)
    if "again" in request.form or not form.accepted():
        turns = bool(event.published_at) and not (event.gone(now()) or event.begun(now()))
        shown = {"clashes": clashes_told(event, me()), "small": too_small(event), "rooms": known_rooms()}
        shown["times"] = other_times(event, now()) if event.published_at else []
        then = request.form.get("then")
        shown["leads_on"] = url_for(THEN[then], event_id=event.id) if then in TURNS else ""
        page = render_template("events/edit.html", form=form, event=event, turns=turns, **shown)
        return page, 422 if form.errors else 200
    everywhere = me().has_role(RoleName.ORGANIZER)
    allow(everywhere or (scope_asked(request.form) is Scope.THIS and request.form.get("then") not in COPIES))
    scope, telling = scope_asked(request.form), ConfirmForm()
    hold_with_others(event, scope)
    is_stale = form.revision.data and form.revision.data != fingerprint(event)
    if is_stale and (looked_over := overtaken(event, form)):
        return looked_over
    alone = event.published_at is None and event.series_id is None
    seen = None if alone and not event.has_agenda else outlook(event, form, scope)
    if seen and (seen.outside if alone else _is_shown_first(event, seen)) and not telling.agrees_to(seen.mark):
        return what_it_will_do(event, form, scope, seen, telling)
    note = telling.message.data or ""
    changes, _ = revise_several(event, form, scope, by=me(), now=now(), note=note, tell=telling.wanted)
    publishing = _is_to_be_published(event)
    if publishing and not event.over(now()):
        published = _published(event)
        _say(event, form)
        return published
    saved = f"Saved.{untold(seen.effect, telling) if seen and event.published_at else ''}"
    sentence = saved if changes or form.held else "" if _goes_on() else "Nothing was changed."
    return _saved(event, form, OVER if publishing else sentence)


def _is_shown_first(event: Event, seen: Outlook) -> bool:
    """Whether a page is to tell what it does before it is done; a button for something else may change nothing."""
    return bool(seen.effect.changes) or not (_is_to_be_published(event) or _goes_on())


def _is_to_be_published(event: Event) -> bool:
    """Whether the form of a draft was sent by its button "Publish": what was typed into it is saved first."""
    return event.published_at is None and request.form.get("then") == "publish"


def _goes_on() -> bool:
    """Whether the form was sent by a button for something else that begins with the event as it was typed."""
    return request.form.get("then") in (*THEN, *COPIES)


def _saved(event: Event, form: EventForm, sentence: str) -> ResponseReturnValue:
    """Commit, and go on to what the button that was pressed is for."""
    then = request.form.get("then", "")
    made, about = _copy_of(event) if then in COPIES else (event, "")
    db.session.commit()
    if sentence:
        flash(sentence)
    _say(event, form)
    if about:
        flash(about)
    return redirect(url_for(THEN.get(then, ".edit"), event_id=made.id), 303)


def _say(event: Event, form: EventForm) -> None:
    for said in worth_saying(form):
        flash(said, "info")
    if event.published_at is None and not event.template_name and event.over(now()) and not _is_to_be_published(event):
        flash(PAST, "info")


def event_of(event_id: int) -> Event:
    event: Event = find(queries.loaded(queries.numbered(event_id)))
    return event


@bp.get("/organize/events/<int:event_id>/preview")
@open_to("event")
def preview(event_id: int) -> str:
    """A draft as everyone would see it."""
    return event_page(event_of(event_id), me())


@bp.get("/organize/events/<int:event_id>/poster.pdf")
@open_to("event")
def poster(event_id: int) -> ResponseReturnValue:
    """A page to print and pin up."""
    event = event_of(event_id)
    if event.published_at is None or event.cancelled_at is not None:
        flash("A poster is of an event that is announced and takes place.", "error")
        return redirect(url_for(".edit", event_id=event.id), 303)
    shown, size = posters.poster(event), "us-letter" if request.args.get("paper") == "us-letter" else "a4"
    db.session.rollback()  # nothing is held open while the PDF is made
    response = Response(posters.pdf(shown, size), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="poster.pdf"'
    return response


@bp.post("/organize/events/<int:event_id>/publish")
@open_to("event")
def publish(event_id: int) -> ResponseReturnValue:
    """Announce it."""
    event = event_of(event_id)
    if Form().accepted():
        queries.hold(event)
        return _published(event)
    return redirect(url_for(".edit", event_id=event_id), 303)


def _published(event: Event) -> ResponseReturnValue:
    if why := why_not_now(event, now()):
        raise Refused(f"{why} Please correct that first.")
    actions.publish(event, by=me(), now=now())
    db.session.commit()
    flash("Published. It stands in the calendars now.")
    return redirect(url_for(".show", slug=event.slug), 303)


@bp.route("/organize/events/<int:event_id>/cancel", methods=["GET", "POST"])
@open_to("event")
def cancel(event_id: int) -> ResponseReturnValue:
    """Call it off, after the page has said who will be told."""
    event, telling = event_of(event_id), CallOffForm()
    if request.method == "GET" and (why := event.why_it_stays(now(), "cancelled")):
        return stays_as_it_is(event, why)
    if sent := telling.accepted():
        queries.hold(event)
        event.must_be_to_come(now(), "cancelled")  # before a page that would ask once more
    effect = effect_of(event, [])
    mark = mark_of_turn(event, effect)
    if sent and telling.agrees_to(mark):
        actions.cancel(event, by=me(), now=now(), note=telling.message.data or "", tell=telling.wanted)
        db.session.commit()
        flash(f"Cancelled.{untold(effect, telling)}")
        return redirect(url_for(".edit", event_id=event.id), 303)
    db.session.rollback()
    calendars = followers(turned(event), now())
    shown = {"effect": effect, "calendars": calendars, "mark": mark, "anew": sent}
    page = render_template("events/cancel.html", event=event, telling=telling, **shown)
    return page, 422 if telling.errors else 200


def stays_as_it_is(event: Event, why: str) -> ResponseReturnValue:
    """Said before anything is typed that would be lost."""
    flash(why, "error")
    return redirect(url_for(".edit", event_id=event.id), 303)


@bp.post("/organize/events/<int:event_id>/duplicate")
@open_to("organizer")
def copy(event_id: int) -> ResponseReturnValue:
    """A draft like it."""
    event = event_of(event_id)
    if Form().accepted():
        event, about = _copy_of(event)
        db.session.commit()
        flash(about)
    return redirect(url_for(".edit", event_id=event.id), 303)


def _copy_of(event: Event) -> tuple[Event, str]:
    """A draft like it, or, of a template, one that begins with it; and what is to be done about that."""
    if event.template_name:
        return from_template(event, society().zone, by=me(), now=now()), BEGUN
    return whole_copy(event, by=me(), now=now()), COPIED

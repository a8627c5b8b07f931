"""What organizers do with events."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from society.agenda.bookings import clashing
from society.agenda.planning import Times
from society.agenda.queries import agenda
from society.agenda.render import moving
from society.backings.actions import to_ask_again, with_a_word
from society.db import begin_write, db
from society.errors import Refused
from society.events import poster as posters
from society.events import queries
from society.events.actions import apply, draft
from society.events.changes import Change, differences, fingerprint, snapshot
from society.events.forms import EventForm, TellForm
from society.events.models import Event
from society.events.moments import uncounted
from society.events.render import when
from society.events.rooms import known_rooms, too_small
from society.events.routes import bp
from society.events.routes.public import LONGEST_SEARCH, ON_A_PAGE, event_page, page_asked, page_of
from society.fields import on_one_line
from society.invitations.queries import other_times
from society.notices import actions
from society.notices.life import whole_copy
from society.notices.reach import Reach
from society.people.access import me, open_to
from society.people.models import RoleName
from society.rsvps.queries import Turnout, turnout
from society.series.actions import Reached, revise_several, try_several
from society.series.forms import scope_asked
from society.series.queries import Scope, answers_to, others
from society.settings import society
from society.site.queries import Seats, seats_of
from society.times import now, shown_from
from society.web import Form, allow, find

CARRIED = ("confirmed", "message", "tell", "again", "scope", "look")
"""What the page between form and change asks itself; everything else it carries on as it was typed."""


OVER = "Saved, but not published: the event is over by its dates."


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
    rows = page_of(queries.with_places(queries.narrowed(tabs[tab], queries.Asked(q=words))), page)
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
    form = EventForm(zone=society().zone, now=now())
    if form.accepted():
        event = draft(form, me(), now())
        db.session.commit()
        return _saved(event, form, "Saved as a draft. Only organizers see it.")
    if request.method == "GET":
        form.begin_in(request.args)
    templates = db.session.scalars(queries.templates()).all()
    page = render_template("events/edit.html", form=form, event=None, templates=templates, rooms=known_rooms())
    return page, 422 if form.errors else 200


@bp.route("/organize/events/<int:event_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int) -> ResponseReturnValue:
    """Change an event; of a published one it is shown first what that will do."""
    event = event_of(event_id)
    form = EventForm(event)
    form.publishing = _is_to_be_published(event)
    if "again" in request.form or not form.accepted():
        clashes, small = clashing(event), too_small(event)
        times = other_times(event, now()) if event.published_at else []
        page = render_template(
            "events/edit.html", form=form, event=event, clashes=clashes, small=small, rooms=known_rooms(), times=times
        )
        return page, 422 if form.errors else 200
    allow(scope_asked(request.form) is Scope.THIS or me().has_role(RoleName.ORGANIZER))
    queries.hold(event)
    if form.revision.data and form.revision.data != fingerprint(event):
        return _overtaken(event, form)
    if _is_asked_first(event, form):
        return _what_it_will_do(event, form)
    telling = TellForm()
    if not telling.validate():
        return _what_it_will_do(event, form, telling)
    scope, note = scope_asked(request.form), telling.message.data or ""
    changes, _ = revise_several(event, form, scope, by=me(), now=now(), note=note, tell=telling.wanted)
    publishing = _is_to_be_published(event)
    if publishing and not event.over(now()):
        return _published(event)
    db.session.commit()
    sentence = "Saved." if changes or form.picture else "Nothing was changed."
    return _saved(event, form, OVER if publishing else sentence)


def _is_asked_first(event: Event, form: EventForm) -> bool:
    """Whether a page is to tell what it does before it is done; what only publishes one of a series changes nothing."""
    if not (event.published_at or event.series_id) or request.form.get("confirmed") == "yes":
        return False
    return not _is_to_be_published(event) or bool(_tried(event, form))


def _is_to_be_published(event: Event) -> bool:
    """Whether the form of a draft was sent by its button "Publish": what was typed into it is saved first."""
    return event.published_at is None and request.form.get("then") == "publish"


def _saved(event: Event, form: EventForm, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    for said in (*form.went_along(), *form.shown_twice()):
        flash(said, "info")
    page = ".preview" if request.form.get("then") == "preview" else ".edit"
    return redirect(url_for(page, event_id=event.id), 303)


def event_of(event_id: int) -> Event:
    event: Event = find(queries.loaded(queries.numbered(event_id)))
    return event


def _tried(event: Event, form: EventForm) -> list[Change]:
    """What the form would change."""
    before = snapshot(event)
    apply(event, form, me(), now())
    return differences(before, snapshot(event))


def _overtaken(event: Event, form: EventForm) -> ResponseReturnValue:
    """The form again, since someone saved the event meanwhile, with their values beside the typed ones."""
    mark = fingerprint(event)
    theirs = _tried(event, form)
    db.session.rollback()
    form.revision.data = mark
    return render_template("events/edit.html", form=form, event=event, theirs=theirs, rooms=known_rooms()), 422


@dataclass(frozen=True)
class Effect:
    """What a change to a published event will do, before it is done."""

    changes: list[Change]
    turnout: Turnout
    recipients: Reach
    seats_short: int
    """Seats taken above the new capacity."""
    asked_again: list[str]
    """Organizations that are told, since they gave their word for something else than this."""
    backers: list[str]
    """Organizations that gave their word."""


def effect_of(event: Event, changes: list[Change]) -> Effect:
    taken = turnout(event)
    short = max(taken.seats - event.capacity, 0) if event.capacity else 0
    told, word = (to_ask_again(event, now()), with_a_word(event)) if event.published_at else ([], [])
    asked_again, backers = ([backing.organization.name for backing in some] for some in (told, word))
    return Effect(changes, taken, actions.those_to_tell(event, now()), short, asked_again, backers)


def _what_it_will_do(event: Event, form: EventForm, telling: TellForm | None = None) -> ResponseReturnValue:
    """The page between the form and the change: tried in the transaction, told, and taken back."""
    was, sessions = Times.of(event), queries.number_of(agenda(event)) if event.has_agenda else 0
    effect = effect_of(event, _tried(event, form))
    moves = moving(event, was, sessions)
    tell = any(change.material and change.told for change in effect.changes) and not event.over(now())
    clashes, small = (
        [(other.title, when(other), other.id) for other in clashing(event)],
        too_small(event),
    )
    db.session.rollback()
    scope = scope_asked(request.form)
    reached = _reached(event, form, scope) if event.series_id else []
    page = render_template(
        "events/change.html",
        scope=scope,
        reached=reached,
        clashes=clashes,
        small=small,
        answers=answers_to([each.event for each in reached]),
        event=event,
        effect=effect,
        moves=moves,
        twice=[*form.went_along(), *form.shown_twice()],
        telling=telling or TellForm(tell="yes" if tell else "no"),
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in CARRIED],
    )
    return page, 422 if telling else 200


def _reached(event: Event, form: EventForm, scope: Scope) -> list[Reached]:
    """What the change would do to others of its series: tried, told, and taken back."""
    begin_write(public=False)
    reached = try_several(event, form, scope, by=me(), now=now())
    db.session.rollback()
    others(event, scope, now())  # read together what the page shows of each
    return reached


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
    if event.minimum_by and shown_from(event.minimum_by, event.zone) <= now() < event.starts_at:
        raise Refused(f"{uncounted(event.minimum_by)} Please correct that first.")
    actions.publish(event, by=me(), now=now())
    db.session.commit()
    flash("Published. It stands in the calendars now.")
    return redirect(url_for(".show", slug=event.slug), 303)


@bp.route("/organize/events/<int:event_id>/cancel", methods=["GET", "POST"])
@open_to("event")
def cancel(event_id: int) -> ResponseReturnValue:
    """Call it off, after the page has said who will be told."""
    return _turn(event_id, "events/cancel.html", actions.cancel, "Cancelled.")


def _turn(event_id: int, template: str, act: Callable[..., None], sentence: str) -> ResponseReturnValue:
    event = event_of(event_id)
    telling = TellForm()
    if telling.accepted():
        queries.hold(event)
        act(event, by=me(), now=now(), note=telling.message.data or "", tell=telling.wanted)
        db.session.commit()
        flash(sentence)
        return redirect(url_for(".edit", event_id=event.id), 303)
    page = render_template(template, event=event, telling=telling, effect=effect_of(event, []))
    return page, 422 if telling.errors else 200


@bp.post("/organize/events/<int:event_id>/duplicate")
@open_to("organizer")
def copy(event_id: int) -> ResponseReturnValue:
    """A draft like it."""
    event = event_of(event_id)
    if Form().accepted():
        made = whole_copy(event, by=me(), now=now())
        db.session.commit()
        flash("This is a copy, not published yet. Please look over its date, and who backs it.")
        event = made
    return redirect(url_for(".edit", event_id=event.id), 303)

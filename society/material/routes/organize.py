"""What organizers keep of an event; of a published one its forms say, before they are sent, whom that reaches."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.agenda.queries import agenda
from society.db import begin_write, db
from society.errors import Refused
from society.events.changes import Change
from society.events.forms import TellForm
from society.events.models import Event
from society.events.queries import hold, numbered
from society.material import actions, queries
from society.material.forms import SEEN, AfterwardsForm, MaterialForm
from society.material.models import Material, Seen
from society.material.reading import Read, read
from society.material.routes import bp
from society.notices.effects import ConfirmForm, effect_of, mark_beside, page
from society.notices.following import all_that, followers
from society.notices.news import send_a_line
from society.notices.queries import last_minutes
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.rsvps.counts import arrived
from society.times import now
from society.web import Form, find, held


@bp.route("/organize/events/<int:event_id>/material", methods=["GET", "POST"])
@open_to("event")
def manage(event_id: int) -> ResponseReturnValue:
    """What is kept of an event, and a form for one more."""
    event = event_of(event_id)
    form = MaterialForm(event)
    if request.method == "POST" and form.validate() and _added(event, form):
        return redirect(url_for(".manage", event_id=event_id, **form.goes_on), 303)
    return _page(event, form, AfterwardsForm(event)) if request.method == "GET" else again(event, form)


def again(event: Event, form: MaterialForm) -> ResponseReturnValue:
    """The page with what was typed and what is wrong with it."""
    return _page(event, form, _afterwards(event))


def _afterwards(event: Event) -> AfterwardsForm:
    form = AfterwardsForm(event)
    form.process(obj=event)  # the other form of the page was sent
    form.has_seen_all()
    return form


def _page(event: Event, form: MaterialForm, afterwards: AfterwardsForm, **meanwhile: Any) -> ResponseReturnValue:
    shown = render_template(
        "material/manage.html",
        event=event,
        form=form,
        afterwards=afterwards,
        kept=db.session.scalars(queries.all_of(event)).all(),
        titles={one.id: one.title for one in db.session.scalars(agenda(event))} if event.has_agenda else {},
        checked_in=arrived(event),
        seen=SEEN,
        told=db.session.scalar(last_minutes(event)),
        **_reach(event),
        **meanwhile,
    )
    return shown, 422 if form.errors or afterwards.errors or meanwhile else 200


def _reach(event: Event) -> dict[str, Any]:
    """What the forms say of a published event before anything is saved: whom it reaches, and which calendars."""
    if event.published_at is None:
        return {}
    over, calendars = event.gone(now()), followers(all_that(Event.id == event.id), now())
    if over and calendars:
        calendars = replace(calendars, invited=0)  # they follow by a letter, and there is none
    return {"effect": effect_of(event, [_gone("")]), "calendars": calendars, "over": over}


def _gone(title: str) -> Change:
    """That something is kept no more. As any change of what is kept, no letter tells of it without a line beside it."""
    return Change("material", "Material", title, "")


def _added(event: Event, form: MaterialForm) -> bool:
    """Whether it was; photographs are made smaller before the transaction that writes begins."""
    db.session.rollback()
    files = read_files(form)
    if form.errors:
        return False
    begin_write()
    for place, file in enumerate(files or [None], 1):
        actions.add(event, form.values(place), file, by=me(), now=now())
    done(f"Added {len(files)} photographs." if len(files) > 1 else "Added.", event, form)
    return True


def read_files(form: MaterialForm) -> list[Read]:
    """The files as they will be kept; where one cannot be, which and why stands beside the field, and none is."""
    found, refused = [], []
    for name, content in form.sent:
        try:
            found.append(read(name, content))
        except Refused as refusal:
            refused.append(f"{name}: {refusal}" if len(form.sent) > 1 else str(refusal))
    form.file.errors = refused
    return found


def done(said: str, event: Event, telling: TellForm) -> None:
    """Save it, and write to those who answered, where there is a line for them."""
    line = telling.message.data or ""
    letter = send_a_line(event, line, by=me(), now=now()) if telling.wanted else None
    db.session.commit()
    flash(f"{said} Those who answered are written to." if letter else said)
    if telling.wanted and not line and not event.gone(now()):
        flash("Nobody is written to: no line for them was typed.", "info")


@bp.post("/organize/events/<int:event_id>/afterwards")
@open_to("event")
def afterwards(event_id: int) -> ResponseReturnValue:
    """How it was, and how many came."""
    event = event_of(event_id)
    form = AfterwardsForm(event)
    if form.accepted():
        hold(event)
        if shown := saved_meanwhile(AfterwardsForm(event), event, "report changed"):
            return _page(event, _another(event), shown.pop("form"), **shown)
        values = {"report": form.report.data or "", "attendance": form.attendance.data}
        values["attendance_shown"] = bool(form.attendance_shown.data)
        actions.tell_how_it_was(event, values, by=me(), now=now())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".manage", event_id=event_id), 303)
    return _page(event, _another(event), form)


def _another(event: Event) -> MaterialForm:
    form = MaterialForm(event)
    form.process(tell="no")  # the other form of the page was sent
    return form


@bp.route("/organize/events/<int:event_id>/material/<int:material_id>", methods=["GET", "POST"])
@open_to("event")
def edit(event_id: int, material_id: int) -> ResponseReturnValue:
    """Change what is said of it, or put another file in its place."""
    event = event_of(event_id)
    material = _material(event, material_id)
    form = MaterialForm(event, material)
    if request.method != "POST" or not form.validate():
        return _edited(event, material, form)
    db.session.rollback()
    files = read_files(form)
    if form.errors:
        return _edited(event, material, form)
    begin_write()
    anew = MaterialForm(event, held(material))
    if shown := saved_meanwhile(anew, event, "material changed"):
        if files:
            anew.file.errors = ["Please choose the file again."]
        return _edited(event, material, **shown)
    actions.change(event, material, form.values(), next(iter(files), None), by=me(), now=now())
    done("Saved.", event, form)
    return redirect(url_for(".manage", event_id=event_id), 303)


def _edited(event: Event, material: Material, form: MaterialForm, **meanwhile: Any) -> ResponseReturnValue:
    shown = {"form": form, **_reach(event), **meanwhile}
    page = render_template("material/edit.html", event=event, material=material, **shown)
    return page, 422 if form.errors or meanwhile else 200


@bp.post("/organize/events/<int:event_id>/material/<int:material_id>/up")
@open_to("event")
def up(event_id: int, material_id: int) -> ResponseReturnValue:
    """Before the one that stands before it."""
    if Form().accepted():
        event = event_of(event_id)
        actions.move_up(event, _material(event, material_id), now())
        db.session.commit()
        if event.published_at:
            flash("Moved up. Calendars that link to it show that order too; nobody is written to.")
    return redirect(url_for(".manage", event_id=event_id), 303)


@bp.post("/organize/events/<int:event_id>/material/<int:material_id>/remove")
@open_to("event")
def remove(event_id: int, material_id: int) -> ResponseReturnValue:
    """Keep it no more; of a published event it is said first whom that reaches."""
    telling = ConfirmForm(tell="no")
    if telling.accepted():
        event = event_of(event_id)
        material = _material(event, material_id)
        mark = mark_beside(event, [_gone(material.title)], str(material.id))
        if event.published_at and not telling.agrees_to(mark):
            return _what_it_takes_away(event, material, telling, mark)
        actions.remove(event, material, by=me(), now=now())
        done("Removed.", event, telling)
    return redirect(url_for(".manage", event_id=event_id), 303)


def _what_it_takes_away(event: Event, material: Material, telling: ConfirmForm, mark: str) -> ResponseReturnValue:
    """The page before something is kept no more; nothing of it is done yet."""
    public, gone = material.seen_by is Seen.EVERYONE, _gone(material.title)
    remarks = [f"It goes from the event’s page{' and from calendars' if public else ''}. This cannot be undone."]
    back = url_for(".manage", event_id=event.id)
    about: dict[str, Any] = {"label": "Remove it", "mark": mark, "back": back, "remarks": remarks}
    touches, letters = all_that(Event.id == event.id) if public else [], not event.gone(now())
    db.session.rollback()
    return page(event, [gone], touches, telling, letters=letters, **about)


def event_of(event_id: int) -> Event:
    event: Event = find(numbered(event_id))
    return event


def _material(event: Event, material_id: int) -> Material:
    found: Material = find(queries.all_of(event).where(Material.id == material_id))
    return found

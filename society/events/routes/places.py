"""Venues and categories: their public pages, and the lists that organizers keep."""

from collections.abc import Collection
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.agenda.bookings import booked, chances, in_unknown_rooms
from society.db import db
from society.events import queries
from society.events.models import Category, Colour, Event, Venue
from society.events.months import Month
from society.events.place_forms import CategoryForm, FreeForm, RenameForm, VenueForm
from society.events.render import map_address
from society.events.rooms import rooms_of, set_rooms
from society.events.routes import bp
from society.events.routes.public import ON_A_PAGE, by_month
from society.kept import fresh_until, kept_for_visitors
from society.notices import actions, rooms
from society.notices.concerns import Concern, page_of_several
from society.notices.effects import ConfirmForm
from society.notices.following import all_that
from society.notices.venues import SHOWN, concerned, correct, moves
from society.people.access import me, open_to, visitor
from society.people.savers import saved_meanwhile
from society.settings import society
from society.text import counted
from society.times import now, today_in
from society.web import find, held


@bp.get("/venues/<slug>")
@kept_for_visitors()
@open_to("everyone")
def venue(slug: str) -> str:
    """A place, how one gets there and in, and what comes there; for those who may see anything that is or was there."""
    found: Venue = find(select(Venue).where(Venue.slug == slug, queries.known_to(visitor(), Venue)))
    there = queries.upcoming(visitor(), now()).where(Event.venue_id == found.id)
    events = db.session.scalars(queries.with_places(there).limit(ON_A_PAGE)).all()
    undated = queries.without_date(queries.visible_to(visitor()).where(Event.venue_id == found.id), now())
    fresh_until(*(moment for event in events for moment in (event.starts_at, event.ends_at)))
    return render_template(
        "events/venue.html",
        venue=found,
        undated=db.session.scalars(undated).all(),
        rooms=db.session.scalars(rooms_of(found)).all(),
        months=by_month(events),
        map_address=map_address(found),
    )


@bp.get("/organize/venues")
@open_to("organizer")
def venues() -> str:
    """All venues."""
    return render_template("events/venues.html", venues=db.session.scalars(queries.venues()).all())


@bp.route("/organize/venues/new", methods=["GET", "POST"])
@open_to("organizer")
def new_venue() -> ResponseReturnValue:
    """Enter a venue."""
    return _venue_page(Venue(zone=society().zone))


@bp.route("/organize/venues/<int:venue_id>", methods=["GET", "POST"])
@open_to("organizer")
def edit_venue(venue_id: int) -> ResponseReturnValue:
    """Correct a venue; the calendars of its events follow."""
    return _venue_page(find(select(Venue).where(Venue.id == venue_id)))


def _venue_page(venue: Venue) -> ResponseReturnValue:
    form = VenueForm(venue)
    if "again" not in request.form and form.accepted():
        if venue.id and (shown := saved_meanwhile(VenueForm(held(venue)), venue)):
            return _venue_form(venue, **shown)
        concern, changes = concerned(venue, form.values, now()), _differences(venue, form, SHOWN)
        telling = ConfirmForm(tell="yes" if moves(venue, form.values) else "no")
        if concern and not telling.agrees_to(concern.mark(changes)):
            back = url_for(".edit_venue", venue_id=venue.id)
            return page_of_several(venue.name, changes, concern, telling, label="Change the venue", back=back)
        tell, note = bool(concern) and telling.wanted, telling.message.data or ""
        correct(venue, form.values, by=me(), now=now(), note=note, tell=tell)
        db.session.flush()
        set_rooms(venue, form.room_values, by=me(), now=now())
        db.session.commit()
        flash(f"Saved: {venue.name}.")
        lost = in_unknown_rooms(venue, now())
        return redirect(url_for(".edit_venue", venue_id=venue.id) if lost else url_for(".venues"), 303)
    return _venue_form(venue, form)


def _venue_form(venue: Venue, form: VenueForm, **shown: Any) -> ResponseReturnValue:
    lost = in_unknown_rooms(venue, now()) if venue.id else {}
    renaming = [(RenameForm(venue, room), events) for room, events in lost.items()]
    page = render_template("events/edit_venue.html", form=form, venue=venue, renaming=renaming, **shown)
    return page, 422 if form.errors or shown else 200


def _differences(
    row: Venue | Category, form: VenueForm | CategoryForm, fields: Collection[str]
) -> list[tuple[str, str, str]]:
    """What was typed otherwise than it is, of these fields in the form's order."""
    found = [(form[name], getattr(row, name), value) for name, value in form.values.items() if name in fields]
    return [(field.label.text, _said(old), _said(new)) for field, old, new in found if old != new]


def _said(value: Any) -> str:
    return "" if value is None else value.name.capitalize() if isinstance(value, Colour) else str(value)


@bp.post("/organize/venues/<int:venue_id>/rooms")
@open_to("organizer")
def rename_room(venue_id: int) -> ResponseReturnValue:
    """Call a room otherwise in all events to come that name it."""
    venue: Venue = find(select(Venue).where(Venue.id == venue_id))
    form, back = RenameForm(venue, request.form.get("old", "")), url_for(".edit_venue", venue_id=venue_id)
    if not form.accepted():
        flash("Please choose what the room is called now.", "error")
        return redirect(back, 303)
    telling, old, new = ConfirmForm(), str(form.old.data), str(form.new.data)
    concern, changes = rooms.concerned(venue, old, new, now()), [("Room", old, new)]
    if concern and not telling.agrees_to(concern.mark(changes)):
        return page_of_several(venue.name, changes, concern, telling, label="Rename the room", back=back, form=False)
    note = telling.message.data or ""
    events = rooms.call_room(venue, old, new, by=me(), now=now(), note=note, tell=telling.wanted)
    db.session.commit()
    flash(f"{old} is called {new} in {counted(len(events), 'event')}.")
    return redirect(back, 303)


@bp.get("/organize/venues/<int:venue_id>/calendar")
@open_to("organizer")
def bookings(venue_id: int) -> str:
    """What is booked at a venue in a month, drafts included, what is booked twice, and what is free when."""
    found: Venue = find(select(Venue).where(Venue.id == venue_id))
    form = FreeForm(found, request.args)
    span = form.span if "starts" in request.args and form.validate() else None
    month = Month.asked(
        request.args.get("month", ""), span[0].date() if span else today_in(found.zone, now())
    ) or abort(404)
    return render_template(
        "events/bookings.html",
        venue=found,
        month=month,
        days=booked(found, month),
        form=form,
        chances=chances(found, *span) if span else [],
    )


@bp.get("/organize/categories")
@open_to("organizer")
def categories() -> str:
    """All categories."""
    return render_template("events/categories.html", categories=db.session.scalars(queries.categories()).all())


@bp.route("/organize/categories/new", methods=["GET", "POST"])
@open_to("organizer")
def new_category() -> ResponseReturnValue:
    """Add a category."""
    return _category_page(Category())


@bp.route("/organize/categories/<int:category_id>", methods=["GET", "POST"])
@open_to("organizer")
def edit_category(category_id: int) -> ResponseReturnValue:
    """Rename a category."""
    return _category_page(find(select(Category).where(Category.id == category_id)))


def _category_page(category: Category) -> ResponseReturnValue:
    form, telling = CategoryForm(category), ConfirmForm()
    if "again" not in request.form and form.accepted():
        if category.id and (shown := saved_meanwhile(CategoryForm(held(category)), category)):
            return render_template("events/edit_category.html", category=category, **shown), 422
        concern = Concern(touches=all_that(Event.category_id == category.id)) if category.id else Concern()
        changes = _differences(category, form, form.values)
        if concern and changes and not telling.agrees_to(concern.mark(changes)):
            back = url_for(".edit_category", category_id=category.id)
            return page_of_several(category.name, changes, concern, telling, label="Change the category", back=back)
        actions.describe_category(category, form.values, me(), now())
        db.session.commit()
        flash(f"Saved: {category.name}.")
        return redirect(url_for(".categories"), 303)
    return render_template("events/edit_category.html", form=form, category=category), 422 if form.errors else 200

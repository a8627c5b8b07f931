"""The door: checking guests in, by organizers and by helpers with a key; the keys; the tickets."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.door import actions, badges, queries, tickets
from society.door.forms import DoorAction, DoorForm, KeyForm, ScanForm, WalkInForm
from society.door.models import AFTER_THE_END, DoorKey
from society.events.models import Event
from society.fields import on_one_line
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps.behind import behind
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.queries import arrived, turnout
from society.settings import absolute
from society.times import now
from society.web import find, number_asked, private

bp = Blueprint("door", __name__)

Given = DoorForm | ScanForm | WalkInForm
"""What may be sent from the page."""
AT_THE_DOOR = 100
"""How many guests the door list shows before it asks for a name: as far as a thumb scrolls."""


@bp.route("/organize/events/<int:event_id>/checkin", methods=["GET", "POST"])
@open_to("organizer")
def checkin(event_id: int) -> Response:
    """The door: scan, or find a name and tap; next."""
    return _door(_own_event(event_id), me())


@bp.route("/door/<token>", methods=["GET", "POST"])
@open_to("link")
def by_key(token: str) -> Response:
    """The same for a helper with a key: names and the sizes of parties, at this event alone."""
    key = queries.key_behind(token, now()) or abort(404)
    return _door(key.event, key)


def _door(event: Event, by: Person | DoorKey) -> Response:
    given = _given()
    if given.accepted(public=isinstance(given, WalkInForm)):  # one who walks in takes a seat that others see
        done = _done(event, given, by)
        if done:
            db.session.commit()
            return _private(redirect(done, 303))
        db.session.rollback()
    page = render_template("door/checkin.html", given=given, **_shown(event, given, by))
    return _private(make_response(page, 422 if given.errors else 200))


def _given() -> Given:
    if "party_size" in request.form:
        return WalkInForm()
    return ScanForm() if "code" in request.form else DoorForm()


def _done(event: Event, given: Given, by: Person | DoorKey) -> str | None:
    match given:
        case ScanForm():
            return _scan(event, given, by)
        case WalkInForm():
            words = str(given["name"].data), str(given.email.data or ""), given.party_size.data or 1
            came = actions.walk_in(event, *words, by=by, now=now())
            return f"{request.script_root}{request.path}?guest={came.id}"
        case _:
            return _tap(event, given, by)


def _tap(event: Event, given: DoorForm, by: Person | DoorKey) -> str:
    """The page to go on with: as it was filtered."""
    act, came = DoorAction(given.action.data), given.came.data
    actions.at_the_door(event, act, given.rsvp.data, came=came, by=by, now=now())
    return request.full_path.rstrip("?")


def _scan(event: Event, given: ScanForm, by: Person | DoorKey) -> str | None:
    """The page that says who came in; None if nobody did, and the form says why."""
    came = actions.scan(event, given.word, by=by, now=now())
    if came.rsvp is None:
        given.code.errors = [came.refused]
        return None
    return f"{request.script_root}{request.path}?guest={came.rsvp.id}{'&again=1' if came.again else ''}"


def _shown(event: Event, given: Given, by: Person | DoorKey) -> dict[str, Any]:
    search = on_one_line(request.args.get("q"))[:100]
    found = db.session.scalars(queries.expected(event, search).limit(AT_THE_DOOR + 1)).all()
    return {
        "event": event,
        "scan": given if isinstance(given, ScanForm) else _empty(ScanForm),
        "walk_in": given if isinstance(given, WalkInForm) else _empty(WalkInForm),
        "helping": isinstance(by, DoorKey),
        "here": request.script_root + request.path,
        "guest": queries.guest(event, number_asked("guest")),
        "again": "again" in request.args,
        "guests": found[:AT_THE_DOOR],
        "more": len(found) > AT_THE_DOOR,
        "search": search,
        "turnout": turnout(event),
        "arrived": arrived(event),
    }


def _empty(form: type[ScanForm | WalkInForm]) -> ScanForm | WalkInForm:
    """A form of the page that was not sent."""
    made = form()
    made.process()
    return made


@bp.route("/organize/events/<int:event_id>/checkin/keys", methods=["GET", "POST"])
@open_to("organizer")
def keys(event_id: int) -> ResponseReturnValue:
    """The keys for helpers. A new one's link is on the page that answers, and on no other."""
    event, form, link = _own_event(event_id), KeyForm(), ""
    if form.accepted(public=False):
        if form.revoke.data:
            actions.revoke_key(find(queries.keys_of(event).where(DoorKey.id == form.revoke.data)), by=me(), now=now())
            db.session.commit()
            flash("That key opens nothing any more.")
            return redirect(url_for(".keys", event_id=event_id), 303)
        link = absolute(url_for(".by_key", token=actions.make_key(event, by=me(), now=now())))
        db.session.commit()
    shown = {"event": event, "form": form, "link": link, "until": event.ends_at + AFTER_THE_END}
    shown |= {"parts": -(-turnout(event).going // tickets.MOST_ON_SHEETS), "sheets": list(badges.Sheet)}
    page = render_template("door/keys.html", keys=db.session.scalars(queries.keys_of(event)).all(), now=now(), **shown)
    return page, 422 if form.errors else 200


@bp.get("/organize/events/<int:event_id>/checkin/tickets.pdf")
@open_to("organizer")
def all_tickets(event_id: int) -> ResponseReturnValue:
    """The tickets of all who have a seat, by name, to print and cut out; so many at once, the others as `part` 2 on."""
    event = _own_event(event_id)
    going = _part(event)
    if not going:
        flash("Nobody has a seat yet, so there are no tickets.")
        return redirect(url_for(".checkin", event_id=event_id), 303)
    shown = [tickets.ticket(rsvp, event) for rsvp in going]
    return _pdf(lambda: tickets.pdf(shown, sheet=True), "tickets")


@bp.get("/organize/events/<int:event_id>/checkin/badges.pdf")
@open_to("organizer")
def all_badges(event_id: int) -> ResponseReturnValue:
    """Name badges for all who have a seat and whom they bring, by name."""
    event = _own_event(event_id)
    asked = request.args.get("sheet", "")
    sheet = badges.Sheet(asked) if asked in list(badges.Sheet) else badges.Sheet.A4
    going = _part(event)
    if not going:
        flash("Nobody has a seat yet, so there are no badges.")
        return redirect(url_for(".checkin", event_id=event_id), 303)
    shown = list(badges.badges(event, going))
    return _pdf(lambda: badges.pdf(shown, sheet), "badges")


def _part(event: Event) -> Sequence[Rsvp]:
    """Those of the asked part, by name."""
    part = min(max(number_asked("part") or 1, 1), 10_000)
    rows = queries.expected(event).offset((part - 1) * tickets.MOST_ON_SHEETS).limit(tickets.MOST_ON_SHEETS)
    return db.session.scalars(rows).all()


@bp.get("/rsvps/<token>/ticket")
@open_to("link")
def ticket(token: str) -> Response:
    """The ticket, to be shown on a phone."""
    rsvp = behind(token) or abort(404)
    if not _has_seat(rsvp):
        return _private(redirect(url_for("rsvps.by_link", token=token), 303))
    shown = tickets.ticket(rsvp, rsvp.event)
    return _private(make_response(render_template("door/ticket.html", rsvp=rsvp, ticket=shown)))


@bp.get("/rsvps/<token>/ticket.pdf")
@open_to("link")
def ticket_pdf(token: str) -> Response:
    """The same, to print."""
    rsvp = behind(token) or abort(404)
    if not _has_seat(rsvp):
        return _private(redirect(url_for("rsvps.by_link", token=token), 303))
    shown = [tickets.ticket(rsvp, rsvp.event)]
    return _pdf(lambda: tickets.pdf(shown, sheet=False), "ticket")


def _has_seat(rsvp: Rsvp) -> bool:
    return rsvp.status is RsvpStatus.CONFIRMED


def _pdf(make: Callable[[], bytes], name: str) -> Response:
    db.session.rollback()  # nothing is held open while the PDF is made
    response = make_response(make())
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return _private(response)


def _private(response: ResponseReturnValue) -> Response:
    """Kept by no cache and no search engine. These pages alone may ask for the camera."""
    kept = private(response)
    if request.endpoint in (f"{bp.name}.checkin", f"{bp.name}.by_key"):
        kept.headers["Permissions-Policy"] = "camera=(self)"
    return kept


def _own_event(event_id: int) -> Event:
    found: Event = find(select(Event).where(Event.id == event_id))
    return found

"""Checking guests in, by organizers and by helpers with a key; the keys."""

from typing import Any, TypeGuard, TypeVar

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.door import actions, badges, queries, roll, tickets, walk_ins
from society.door.first import first_by
from society.door.forms import DoorForm, KeyForm, ScanForm, WalkInForm
from society.door.hours import came_back, is_ahead, lasts_days, opens_at, too_early
from society.door.models import AFTER_THE_END, DoorAction, DoorKey
from society.door.routes import bp
from society.errors import Refused
from society.events.models import Event
from society.events.queries import numbered
from society.events.render import spoken_in
from society.fields import on_one_line
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps.coming_free import asked_of, day_of_paying, free_among
from society.settings import absolute
from society.text import listed
from society.times import now
from society.web import find, number_asked, private

Given = DoorForm | ScanForm | WalkInForm
"""What may be sent from the page."""
Sent = TypeVar("Sent", ScanForm, WalkInForm, KeyForm)
NO_DOOR = (
    "This link opens no door: it is not whole, it was taken back, or the event is long over. "
    "Please ask whoever gave it to you."
)
AT_THE_DOOR = 100
"""How many guests the door list shows before it asks for a name: as far as a thumb scrolls."""


@bp.route("/organize/events/<int:event_id>/checkin", methods=["GET", "POST"])
@open_to("event")
def checkin(event_id: int) -> Response:
    """The door: scan, or find a name and tap; next."""
    return _door(find(numbered(event_id)), me())


@bp.route("/door/<token>", methods=["GET", "POST"])
@open_to("link")
def by_key(token: str) -> Response:
    """The same for a helper with a key: names and the sizes of parties, at this event alone."""
    key = queries.key_behind(token, now()) or abort(404, NO_DOOR)
    return _door(key.event, key)


def _door(event: Event, by: Person | DoorKey) -> Response:
    """What is refused comes back with the reason, as it was typed."""
    given, refused = _given(), ""
    if given.accepted(public=_moves_seats(given)):
        try:
            if done := _done(event, given, by):
                db.session.commit()
                return _at_the_door(redirect(done, 303))
        except Refused as why:
            refused = str(why)
        db.session.rollback()
    if refused:
        given.form_errors = [refused]
    page = render_template("door/checkin.html", given=given, **_shown(event, given, by))
    return _at_the_door(make_response(page, 409 if refused else 422 if given.errors else 200))


def _moves_seats(given: Given) -> bool:
    """Who walks in takes a seat, which others see; and gives it back where that is undone."""
    return isinstance(given, WalkInForm) or (isinstance(given, DoorForm) and given.action.data == DoorAction.UNDO)


def _given() -> Given:
    if "party_size" in request.form:
        return WalkInForm()
    return ScanForm() if "code" in request.form else DoorForm()


def _done(event: Event, given: Given, by: Person | DoorKey) -> str | None:
    match given:
        case ScanForm():
            return _scan(event, given, by)
        case WalkInForm():
            _must_be_open(event, by)
            words = str(given["name"].data), str(given.email.data or ""), given.party_size.data or 1
            came = walk_ins.walk_in(event, *words, by=by, now=now(), uid=given.uid.data or None)
            return f"{request.script_root}{request.path}?guest={came.id}"
        case _:
            return _tap(event, given, by)


def _must_be_open(event: Event, by: Person | DoorKey) -> None:
    if why := queries.why_shut(event, now()) or too_early(event, now(), by):
        raise Refused(why)


def _tap(event: Event, given: DoorForm, by: Person | DoorKey) -> str:
    """The page to go on with: as it was filtered."""
    act, came = DoorAction(given.action.data), given.came.data
    if act is DoorAction.CHECK_IN:
        _must_be_open(event, by)
    for rsvp in actions.at_the_door(event, act, given.rsvp.data, came=came, by=by, now=now()):
        again = "joins online" if rsvp.joins_online and not rsvp.is_left_out else "is off the list"
        flash(f"{rsvp.person.name} had no seat before being let in, and {again} again.")
    return request.full_path.rstrip("?")


def _scan(event: Event, given: ScanForm, by: Person | DoorKey) -> str | None:
    """The page that says who came in; None if nobody did, and the form says why."""
    came = actions.scan(event, given.word, by=by, now=now())
    if came.rsvp is None:
        given.code.errors = [came.refused]
        return None
    told = next((name for name in ("again", "back", "trial") if getattr(came, name)), "")
    return f"{request.script_root}{request.path}?guest={came.rsvp.id}{told and f'&{told}=1'}"


def _shown(event: Event, given: Given, by: Person | DoorKey) -> dict[str, Any]:
    search, again = on_one_line(request.args.get("q"))[:100], "again" in request.args
    found = db.session.scalars(queries.expected(event, search).limit(AT_THE_DOOR + 1)).all()
    shown = found[:AT_THE_DOOR]
    told = queries.guest(event, number_asked("guest"))
    guest = told if told and told.has_seat else None  # whose name is on no list, no number tells
    named = [*shown, *([guest] if guest else [])]
    seen, count = queries.last_seen(event, named), queries.head_count(event, now())
    free = free_among(event, day_of_paying(event, now()), [rsvp.id for rsvp in named])
    return {
        "event": event,
        "scan": given if isinstance(given, ScanForm) else _empty(ScanForm),
        "walk_in": given if isinstance(given, WalkInForm) else _empty(WalkInForm),
        "key": by if isinstance(by, DoorKey) else None,
        "here": request.script_root + request.path,
        "guest": guest,
        "again": again,
        "first": first_by(event, [guest] if guest and again else []).get(guest.id) if guest else None,
        "seen": {rsvp.id: seen[rsvp.id].at if rsvp.id in seen else rsvp.checked_in_at for rsvp in named},
        "came": {rsvp.id: seen[rsvp.id].came if rsvp.id in seen else rsvp.came for rsvp in named},
        "before": {number for number, one in seen.items() if came_back(event, one.at, now())},
        "back": "back" in request.args,
        "trial": "trial" in request.args,
        "days": lasts_days(event),
        "guests": shown,
        "free": free,
        "asked": {rsvp.id: asked_of(event, rsvp.party_size, free=rsvp.id in free) for rsvp in named},
        "beside": {
            number: listed(queries.sought(names, search))
            for number, names in queries.brought(event, [rsvp.id for rsvp in shown]).items()
        },
        "more": len(found) > AT_THE_DOOR,
        "search": search,
        "typed": dict.fromkeys(given.rsvp.data or [], given.came.raw_data[0]) if _is_wrong_number(given) else {},
        "shut": queries.why_shut(event, now()),
        "early": too_early(event, now(), by),
        "ahead": spoken_in(opens_at(event), event.zone) if is_ahead(event, now()) else "",
        "count": count,
        "parts": _parts(count),
        "list_sheets": list(roll.Sheet),
    }


def _parts(count: queries.HeadCount) -> int:
    """In how many files all are who have a seat, on paper."""
    return -(-count.answers // tickets.MOST_ON_SHEETS)


def _is_wrong_number(given: Given) -> TypeGuard[DoorForm]:
    """Whether how many are here was typed, and cannot be."""
    return isinstance(given, DoorForm) and bool(given.came.errors and given.came.raw_data)


def _empty(form: type[Sent], **values: str) -> Sent:
    """A form of the page that was not sent."""
    made = form()
    made.process(**values)
    return made


@bp.route("/organize/events/<int:event_id>/checkin/keys", methods=["GET", "POST"])
@open_to("event")
def keys(event_id: int) -> ResponseReturnValue:
    """The keys for helpers. A new one's link is on the page that answers, and on no other."""
    event: Event = find(numbered(event_id))
    form, link = KeyForm(), ""
    if form.accepted(public=False):
        if number := form.revoke.data or form.rename.data:
            _change_key(find(queries.keys_of(event).where(DoorKey.id == number)), form)
            db.session.commit()
            return redirect(url_for(".keys", event_id=event_id), 303)
        link = absolute(url_for(".by_key", token=actions.make_key(event, str(form["name"].data), by=me(), now=now())))
        db.session.commit()
        form.process()  # what was typed names the key that is made, and not the next
    shown = {"event": event, "form": form, "link": link, "until": event.ends_at + AFTER_THE_END}
    shown |= {
        "parts": _parts(queries.head_count(event, now())),
        "sheets": list(badges.Sheet),
        "ticket_sheets": list(tickets.Sheet),
        "list_sheets": list(roll.Sheet),
        "each_day": bool(roll.days_of(event)),
    }
    made = db.session.scalars(queries.keys_of(event)).all()
    shown |= {"keys": made, "names": {key.id: _naming(key, form) for key in made}}
    shown["new"] = _empty(KeyForm) if form.rename.data else form
    page = render_template("door/keys.html", now=now(), **shown)
    return page, 422 if form.errors else 200


def _naming(key: DoorKey, given: KeyForm) -> KeyForm:
    """The form by which a key is called otherwise; as it was typed, if it is what was sent."""
    form = given if given.rename.data == key.id else _empty(KeyForm, name=key.name)
    form["name"].id = f"name-{key.id}"
    return form


def _change_key(key: DoorKey, form: KeyForm) -> None:
    if form.revoke.data:
        actions.revoke_key(key, by=me(), now=now())
        flash("That key opens nothing any more.")
    else:
        actions.rename_key(key, str(form["name"].data), by=me(), now=now())
        flash(f"That key is “{key.called}” now.")


def _at_the_door(response: ResponseReturnValue) -> Response:
    """Kept by no cache and no search engine. These pages alone may ask for the camera."""
    kept = private(response)
    kept.headers["Permissions-Policy"] = "camera=(self)"
    return kept

"""What a phone keeps for a time without network: the list, the page, the worker; and what it tells later."""

from dataclasses import asdict
from typing import Any

from flask import Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from society.db import begin_write, db
from society.door import late_walk_ins, queries, syncing, walk_ins
from society.door.forms import ScanForm, WalkInForm
from society.door.hours import lasts_days, opening, opens_at
from society.door.models import AFTER_THE_END, DoorAction, DoorKey
from society.door.routes import bp
from society.events.models import Event
from society.events.queries import numbered
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps import seats
from society.rsvps.coming_free import day_of_paying
from society.text import LETTERS
from society.times import now
from society.web import find, number_asked, private


@bp.get("/door-worker.js")
@open_to("everyone")
def worker() -> Response:
    """The service worker. A page may have it answer for its own address, wherever that is."""
    response = make_response(render_template("door/worker.js"))
    response.content_type = "text/javascript; charset=utf-8"
    response.headers["Service-Worker-Allowed"] = request.script_root + "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/organize/events/<int:event_id>/checkin/guests.json")
@open_to("event")
def guests(event_id: int) -> Response:
    """The list of an event, for a phone to keep."""
    return _guests(find(numbered(event_id)), me())


@bp.get("/door/<token>/guests.json")
@open_to("link")
def guests_by_key(token: str) -> Response:
    """The same for a helper."""
    key = _behind(token)
    return _guests(key.event, key)


@bp.get("/organize/events/<int:event_id>/checkin/count.json")
@open_to("event")
def count(event_id: int) -> Response:
    """How many have arrived by now, whoever let them in."""
    return _count(find(numbered(event_id)))


@bp.get("/door/<token>/count.json")
@open_to("link")
def count_by_key(token: str) -> Response:
    """The same for a helper."""
    return _count(_behind(token).event)


@bp.get("/organize/events/<int:event_id>/checkin/offline")
@open_to("event")
def offline(event_id: int) -> Response:
    """The door's page for a time without network. It holds no guest: it shows those that the phone keeps."""
    return _page(find(numbered(event_id)))


@bp.get("/door/<token>/offline")
@open_to("link")
def offline_by_key(token: str) -> Response:
    """The same for a helper."""
    key = _behind(token)
    return _page(key.event, key)


@bp.post("/organize/events/<int:event_id>/checkin/sync")
@open_to("event")
def sync(event_id: int) -> ResponseReturnValue:
    """Take over what was done without network."""
    return _sync(find(numbered(event_id)), me())


@bp.post("/door/<token>/sync")
@open_to("link")
def sync_by_key(token: str) -> ResponseReturnValue:
    """The same from a helper's phone."""
    key = _behind(token)
    return _sync(key.event, key)


def _behind(token: str) -> DoorKey:
    return queries.key_behind(token, now()) or abort(404)


def _beside(last: str) -> str:
    """The address of the door's own page."""
    return request.script_root + request.path.removesuffix(f"/{last}")


def _page(event: Event, key: DoorKey | None = None) -> Response:
    shown = {
        "event": event,
        "key": key,
        "opening": opening(event),
        "days": lasts_days(event),
        "door_page": _beside("offline"),
        "scan": ScanForm(),
        "walk_in": WalkInForm(),
    }
    return private(make_response(render_template("door/offline.html", **shown)))


def _guests(event: Event, by: Person | DoorKey) -> Response:
    """Names, parties and who is in; neither addresses nor notes. Instants are seconds since 1970; `now` is ours, as a
    phone's clock may be wrong. `letters` are what else a search typed there has to put as the names' words were (see
    `society.text.folded`).

    A phone that has the list names the latest act that it knows as `since`, and is told of the answers that were acted
    on after it, and which of these are `gone`. By the count it sees whether that was all that has changed.
    """
    since = number_asked("since")
    latest, among = queries.done_after(event, since)
    lines = list(queries.listed(event, day_of_paying(event, now()), None if since is None else sorted(among)))
    opens = {"at": opens_at(event).timestamp(), "words": opening(event)} if isinstance(by, DoorKey) else None
    shown = {
        "title": event.title,
        "zone": event.zone,
        "now": now().timestamp(),
        "until": (event.ends_at + AFTER_THE_END).timestamp(),
        "days": lasts_days(event),
        "opens": opens,
        "acts": latest,
        "guests": [_line(one) for one in lines],
        "gone": sorted(among - {one.id for one in lines}),
        "count": asdict(queries.head_count(event, now())),
        "letters": LETTERS,
        "walk_ins": {"barred": walk_ins.barred(event, by, now()), "free": walk_ins.free(event)},
    }
    return private(jsonify(shown))


def _line(one: queries.Listed) -> dict[str, Any]:
    seconds = {name: at.timestamp() if at else None for name, at in (("since", one.since), ("seen", one.seen))}
    return vars(one) | seconds | {"words": one.words}  # `asdict` copies all that is in it, and takes thrice the time


def _count(event: Event) -> Response:
    return private(jsonify(asdict(queries.head_count(event, now())) | {"now": now().timestamp()}))


def _sync(event: Event, by: Person | DoorKey) -> ResponseReturnValue:
    received, message = now(), request.get_json(silent=True)
    acts, came = syncing.acts_in(message, received), late_walk_ins.walk_ins_in(message, received)
    if acts is None or came is None:
        return private((jsonify(error="That is not a list of what was done at the door."), 422))
    moves = bool(came) or any(act.act is DoorAction.UNDO for act in acts)
    begin_write(public=moves)  # one who walks in takes a seat that others see, and gives it back where that is undone
    if moves:
        seats.lock(event)
    outcomes = syncing.take_over(event, acts, by=by, now=received)
    outcomes += late_walk_ins.let_in(event, came, by=by, now=received)
    db.session.commit()
    return private(jsonify([outcome.told() for outcome in outcomes]))

"""Tickets and badges: what guests show, and what is printed for the door."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.door import badges, queries, roll, tickets
from society.door.routes import bp
from society.events.models import Event
from society.events.queries import numbered
from society.limits import PRINT, limiter, link_followed
from society.people.access import open_to
from society.rsvps.behind import behind
from society.rsvps.coming_free import as_members
from society.rsvps.models import Rsvp
from society.times import now
from society.web import find, number_asked, private

Kind = TypeVar("Kind", bound=StrEnum)
Shown = TypeVar("Shown")


@bp.get("/organize/events/<int:event_id>/checkin/tickets.pdf")
@open_to("event")
def all_tickets(event_id: int) -> ResponseReturnValue:
    """The tickets of all who have a seat, by name, to print and cut out."""
    event: Event = find(numbered(event_id))
    return _of_all(event, "tickets", tickets.Sheet, lambda going: _tickets(event, going), tickets.pdf)


@bp.get("/organize/events/<int:event_id>/checkin/badges.pdf")
@open_to("event")
def all_badges(event_id: int) -> ResponseReturnValue:
    """Name badges for all who have a seat and whom they bring, by name."""
    event: Event = find(numbered(event_id))
    return _of_all(event, "badges", badges.Sheet, lambda going: list(badges.badges(event, going)), badges.pdf)


@bp.get("/organize/events/<int:event_id>/checkin/list.pdf")
@open_to("event")
def on_paper(event_id: int) -> ResponseReturnValue:
    """Those who have a seat, by name, with boxes to tick with a pen."""
    return _list(find(numbered(event_id)))


@bp.get("/door/<token>/list.pdf")
@limiter.limit(PRINT, key_func=link_followed)
@open_to("link")
def on_paper_by_key(token: str) -> ResponseReturnValue:
    """The same for a helper, whose phone may give out: it holds what their page shows."""
    key = queries.key_behind(token, now()) or abort(404)
    return _list(key.event)


def _list(event: Event) -> ResponseReturnValue:
    return _of_all(event, "list", roll.Sheet, lambda going: roll.roll(event, going, now()), roll.pdf)


def _of_all(
    event: Event,
    name: str,
    kinds: type[Kind],
    shown: Callable[[Sequence[Rsvp]], Shown],
    pdf: Callable[[Shown, Kind], bytes],
) -> ResponseReturnValue:
    """What is printed of all who have a seat: so many at once, the others as `part` 2 on."""
    going = _part(event)
    if not going:
        flash("Nobody has a seat yet, so there is nothing to print.")
        return private(redirect(request.script_root + request.path.rpartition("/")[0], 303))
    sheet, content = _sheet(kinds), shown(going)
    return _pdf(lambda: pdf(content, sheet), name)


def _sheet(kinds: type[Kind]) -> Kind:
    """That which was asked for, else the first."""
    asked, known = request.args.get("sheet", ""), list(kinds)
    return kinds(asked) if asked in known else known[0]


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
    if not _lets_in(rsvp):
        return private(redirect(url_for("rsvps.by_link", token=token), 303))
    (shown,) = _tickets(rsvp.event, [rsvp])
    return private(make_response(render_template("door/ticket.html", ticket=shown)))


@bp.get("/rsvps/<token>/ticket.pdf")
@limiter.limit(PRINT, key_func=link_followed)
@open_to("link")
def ticket_pdf(token: str) -> Response:
    """The same, to print."""
    rsvp = behind(token) or abort(404)
    if not _lets_in(rsvp):
        return private(redirect(url_for("rsvps.by_link", token=token), 303))
    shown = _tickets(rsvp.event, [rsvp])
    return _pdf(lambda: tickets.pdf(shown, None), "ticket")


def _tickets(event: Event, rsvps: Sequence[Rsvp]) -> list[tickets.Ticket]:
    pays = as_members(event, [rsvp.id for rsvp in rsvps], now())
    return [tickets.ticket(rsvp, event, pays.get(rsvp.id)) for rsvp in rsvps]


def _lets_in(rsvp: Rsvp) -> bool:
    """Whether there is a seat, and a door that opens to it."""
    return rsvp.has_seat and not queries.why_shut(rsvp.event, now())


def _pdf(make: Callable[[], bytes], name: str) -> Response:
    db.session.rollback()  # nothing is held open while the PDF is made
    response = make_response(make())
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return private(response)

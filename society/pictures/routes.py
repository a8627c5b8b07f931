"""Serving pictures, and the pages on which organizers give them to events, venues and organizations."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, or_, select
from werkzeug.http import http_date

from society.audit.actions import record
from society.db import begin_write, db
from society.errors import Refused
from society.events.changes import Change
from society.events.models import Event, Venue
from society.events.queries import loaded, numbered, visible_to
from society.events.render import spoken_day
from society.notices.effects import ConfirmForm, mark_beside, page
from society.notices.following import touched
from society.organizations.models import Organization
from society.people.access import me, open_to, visitor
from society.people.models import Person, RoleName
from society.people.savers import saved_meanwhile
from society.pictures.actions import hold as keep_back
from society.pictures.actions import reference, referred_to
from society.pictures.forms import PictureForm
from society.pictures.models import TYPES, Look, Picture, Shown
from society.pictures.queries import rendition
from society.pictures.reading import made
from society.series.forms import scope_asked
from society.series.picturing import Picturing, in_calendars, picturing, show
from society.series.queries import Scope, beside, goes_on, hold_with_others
from society.text import counted
from society.times import now
from society.web import allow, find, held

bp = Blueprint("pictures", __name__)

NAME = re.compile(r"(?P<key>[0-9a-f]{32})-(?P<width>[0-9]{1,5})\.(?P<form>webp|jpg|png)")
FOR_EVER = timedelta(days=365)
"""Other bytes have another address."""


@bp.get("/pictures/<name>")
@open_to("everyone")
def file(name: str) -> Response:
    """One width and format of a picture, for those who may see what it stands on: by one statement."""
    found = NAME.fullmatch(name) or abort(404)
    person = visitor()
    wanted = rendition(found["key"], int(found["width"]), found["form"]).where(_seen_by(person))
    content = db.session.scalar(wanted)
    if content is None:
        abort(404)
    response = Response(content, content_type=TYPES[found["form"]])
    shared = "public" if person is None else "private"
    response.headers["Cache-Control"] = f"{shared}, max-age={int(FOR_EVER.total_seconds())}, immutable"
    response.headers["Expires"] = http_date(now() + FOR_EVER)
    response.set_etag(name)
    response.make_conditional(request.environ)
    return response


def _seen_by(person: Person | None) -> Any:
    """What venues and organizations show is for all; an event's picture for those who may see the event."""
    if person is not None and (person.is_staff or person.organizing):  # drafts too
        return Picture.id.is_not(None)
    return or_(
        exists(select(Organization.id).where(Organization.logo_id == Picture.id)),
        exists(select(Venue.id).where(Venue.picture_id == Picture.id)),
        exists(visible_to(person).with_only_columns(Event.id).order_by(None).where(Event.picture_id == Picture.id)),
    )


@bp.route("/organize/events/<int:event_id>/picture", methods=["GET", "POST"])
@open_to("event")
def of_event(event_id: int) -> ResponseReturnValue:
    """The picture on an event's page, and on those of others of its series; where calendars show another by it, or
    several events, this is said first."""
    event: Event = find(loaded(numbered(event_id)))
    back, scope = url_for("events.edit", event_id=event_id), scope_asked(request.form)
    everywhere = me().has_role(RoleName.ORGANIZER)
    allow(everywhere or scope is Scope.THIS)

    def shown_otherwise(new: Shown | None) -> None:
        show(event, new, scope, by=me(), now=now())

    def shown_first(form: PictureForm) -> ResponseReturnValue | None:
        another = _file(form.wanted) is not event.picture and in_calendars(event)
        return _shown_first(event, form.wanted, scope, form) if another or scope is not Scope.THIS else None

    def hold_all() -> None:
        hold_with_others(event, scope)

    return _page(event, Look.PHOTO, shown_otherwise, back, shown_first, scope if everywhere else None, hold=hold_all)


def _file(shown: Shown | None) -> Picture | None:
    return shown.picture if shown else None


def _shown_first(event: Event, new: Shown | None, scope: Scope, form: PictureForm) -> ResponseReturnValue | None:
    """The page before another picture is shown, or none, or with several events; None once agreed to."""
    was, reach = event.shown, picturing(event, new, scope, now())
    changes = [Change("picture", "Picture", was.alt if was else "", new.alt if new else "")]
    credited = was.credit if was else "", new.credit if new else ""
    if credited[0] != credited[1]:
        changes.append(Change("credit", "Who made it", *credited))
    keys = was.picture.key if was else "", new.picture.key if new else ""
    mark = mark_beside(event, changes, *keys, scope, *(f"{each.id}" for each in reach.others))
    telling = ConfirmForm()
    if telling.agrees_to(mark):
        return None
    shown_by = [each for each in (event, *reach.others) if in_calendars(each) and each.picture is not _file(new)]
    touches = [touch for each in shown_by for touch in touched(each, changes)]
    remarks = _of_the_others(reach, new, further=scope is not Scope.THIS and goes_on(event))
    db.session.rollback()
    about: dict[str, Any] = {
        "pictures": [("Until now", was), ("From now on", new)],
        "back": request.path,
        "typed_anything": True,
        "remarks": remarks if scope is not Scope.THIS else [],
    }
    about |= {"label": "Take the picture away" if new is None else "Show this picture", "mark": mark}
    about["kept"] = form.kept.data
    return page(event, changes if new != was else [], touches, telling, letters=False, **about)


def _of_the_others(reach: Picturing, new: Shown | None, *, further: bool) -> list[str]:
    """What becomes of the pictures of its series, in sentences."""
    found, many = ["No other event of the series changes."], len(reach.others) > 1
    if reach.others:
        so = f"{'show' if many else 'shows'} {'it, too' if new else 'none any more, either'}"
        found = [f"{counted(len(reach.others), 'other event')} of the series {so}: {_days(reach.others)}."]
    if further:
        found.append("So it is with those that are made later.")
    if reach.keeping:
        found.append(f"With a picture of their own, which they keep: {_days(reach.keeping)}.")
    return found


def _days(events: Sequence[Event]) -> str:
    return "; ".join(spoken_day(each.starts) for each in events)


@bp.route("/organize/venues/<int:venue_id>/picture", methods=["GET", "POST"])
@open_to("organizer")
def of_venue(venue_id: int) -> ResponseReturnValue:
    """The picture on a venue's page."""
    venue: Venue = find(select(Venue).where(Venue.id == venue_id))
    return _page(venue, Look.PHOTO, venue.show, url_for("events.edit_venue", venue_id=venue_id))


@bp.route("/organize/organizations/<int:organization_id>/logo", methods=["GET", "POST"])
@open_to("organizer")
def of_organization(organization_id: int) -> ResponseReturnValue:
    """An organization's logo."""
    body: Organization = find(select(Organization).where(Organization.id == organization_id))
    back = url_for("organizations.edit", organization_id=organization_id)
    return _page(body, Look.LOGO, body.show, back)


def _page(
    subject: Event | Venue | Organization,
    look: Look,
    put: Callable[[Shown | None], None],
    back: str,
    shown_first: Callable[[PictureForm], ResponseReturnValue | None] = lambda _form: None,
    scope: Scope | None = None,
    hold: Callable[[], object] | None = None,
) -> ResponseReturnValue:
    form, meanwhile = PictureForm(subject.shown), {}
    if request.method == "POST":
        _hold(form, look)
        if form.validate() and "again" not in request.form:
            begin_write()
            sent = referred_to(form.kept.data or "", me().id, look)
            if hold:
                hold()
            else:
                held(subject)
            form = PictureForm(subject.shown).with_file_of(form, sent)
            meanwhile = saved_meanwhile(form, subject, "picture changed", "picture taken away")
            if not meanwhile:
                if first := shown_first(form):
                    return first
                _change(subject, form, put)
                return redirect(request.path, 303)
    about: dict[str, Any] = {"known": form.known, "sent": _sent(form), "look": look, "scope": scope}
    about |= beside(subject, now()) if isinstance(subject, Event) and scope else {}
    shown = render_template("pictures/edit.html", subject=subject, back=back, **about, **{"form": form, **meanwhile})
    return shown, 422 if form.errors or meanwhile else 200


def _sent(form: PictureForm) -> Shown | None:
    """What was sent and is shown nowhere yet."""
    return Shown(form.held, form.alt.data or "") if form.held and form.held is not _file(form.known) else None


def _hold(form: PictureForm, look: Look) -> None:
    """Keep a file that was sent, so that no page after this one has to ask for it again.

    Pixels are worked on before the transaction that writes begins: that takes a second for a large photo.
    """
    if form.content and not form.removes:
        person = me().id
        db.session.rollback()
        try:
            new = made(form.content, look)
        except Refused as refusal:
            form.unreadable = str(refusal)
            return
        begin_write(public=False)
        form.kept.data = reference(keep_back(new, look, now()), person)
        db.session.commit()
    form.held = referred_to(form.kept.data or "", me().id, look)


def _change(subject: Event | Venue | Organization, form: PictureForm, put: Callable[[Shown | None], None]) -> None:
    """Show what was sent, or the same with other words, or nothing."""
    new, same = form.wanted, _file(form.wanted) is _file(subject.shown)
    put(new)
    after = {"picture": new.alt if new else ""}
    record("picture taken away" if form.removes else "picture changed", subject, by=me(), now=now(), after=after)
    db.session.commit()
    flash(_WORDS if same else "The picture is gone." if form.removes else "Saved.")


_WORDS = "Saved. Pages show the words; no calendar changes, and nobody is written to."

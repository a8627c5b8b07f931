"""For organizers: who fetches our calendars, whom a change has reached, and what is wrong with a calendar."""

import gzip

from flask import render_template, request
from flask.typing import ResponseReturnValue

from society.calendars.apps import App
from society.calendars.check import MOST, Verdict, check
from society.calendars.check.reading import Answered
from society.calendars.forms import CheckForm
from society.calendars.render import address
from society.calendars.routes import bp
from society.calendars.routes.feeds import as_fetched
from society.calendars.subscribers import MOST as MOST_LINES
from society.calendars.subscribers import SILENT, ago, by_app, feeds_asked_for, fetches_of, public_fetches
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.events.queries import numbered
from society.imports.fetching import ask
from society.people.access import open_to
from society.rsvps.reach import reach
from society.settings import absolute
from society.times import now
from society.web import find

APPS = {app.value: app.label for app in App if app not in (App.BROWSER, App.OTHER)}


@bp.get("/organize/calendars")
@open_to("organizer")
def doctor() -> str:
    """Who fetches what, and when they last did."""
    at, public = now(), public_fetches()
    return render_template(
        "calendars/doctor.html",
        own=by_app(at),
        public=public,
        more=len(public) == MOST_LINES,
        silent=lambda fetch: fetch.silent(at),
        ago=lambda instant: ago(instant, at),
    )


@bp.get("/organize/events/<int:event_id>/calendars")
@open_to("event")
def reached(event_id: int) -> str:
    """In how many calendars an event stands as it is now."""
    event: Event = find(numbered(event_id))
    at = now()
    return render_template(
        "calendars/reached.html",
        event=event,
        reach=reach(event),
        public=fetches_of(event),
        silent_since=at - SILENT,
        ago=lambda instant: ago(instant, at),
    )


@bp.route("/organize/calendars/check", methods=["GET", "POST"])
@open_to("organizer")
def check_one() -> ResponseReturnValue:
    """Say in plain words what calendar apps would dislike about a feed of ours, or about a file."""
    form = CheckForm()
    offered = feeds_asked_for()
    key = request.args.get("feed", "")
    verdict, code, silent = None, 200, ""
    if request.method == "POST":
        verdict = _handed_in(form)
        code = 200 if verdict else 422
    elif key in offered:
        verdict, silent = _over_the_web(key) if "web" in request.args else (_ours(key), "")
    app = request.values.get("app", "")
    page = render_template(
        "calendars/check.html",
        form=form,
        offered=offered,
        key=key if key in offered else "",
        address=absolute(address(key)) if key in offered else "",
        apps=APPS,
        app=App(app) if app in APPS else None,
        verdict=verdict,
        silent=silent,
    )
    return page, code


def _handed_in(form: CheckForm) -> Verdict | None:
    upload = request.files.get("file")
    octets = form.given(upload.read(MOST + 1) if upload and upload.filename else None)
    return check(octets) if octets else None


def _ours(key: str) -> Verdict:
    answer = as_fetched(key)
    body = answer.get_data()
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return check(gzip.decompress(body) if packed else body, Answered(dict(answer.headers)))


def _over_the_web(key: str) -> tuple[Verdict | None, str]:
    """The same as it comes through whatever stands before this program; or why it does not come."""
    db.session.rollback()  # nothing is held open meanwhile
    try:
        given = ask(absolute(address(key)))
    except Refused as refusal:
        return None, str(refusal)
    return check(given.body, Answered(given.headers, given.moved)), ""

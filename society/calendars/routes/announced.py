"""What was announced, for feed readers."""

import json
from dataclasses import asdict

from flask import Response, render_template

from society.calendars.readers import Announcement, announcement, feed_id
from society.calendars.routes import bp
from society.db import db
from society.events.models import Event
from society.events.queries import loaded, visible_to
from society.kept import kept_for_visitors
from society.people.access import open_to
from society.settings import absolute, society


@bp.get("/events.atom")
@kept_for_visitors()
@open_to("everyone")
def atom() -> Response:
    """What was announced, newest first (RFC 4287)."""
    told = {"items": _announced(), "feed_id": feed_id().urn, "absolute": absolute}
    page = render_template("calendars/events.atom", **told)
    return Response(page, content_type="application/atom+xml; charset=utf-8")


@bp.get("/events.json")
@kept_for_visitors()
@open_to("everyone")
def json_feed() -> Response:
    """What was announced, newest first (JSON Feed 1.1)."""
    page = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{society().name}: events",
        "home_page_url": absolute("/events"),
        "feed_url": absolute("/events.json"),
        "items": [asdict(item) for item in _announced()],
    }
    return Response(json.dumps(page, ensure_ascii=False), content_type="application/feed+json; charset=utf-8")


def _announced() -> list[Announcement]:
    newest = visible_to(None).order_by(None).order_by(Event.published_at.desc(), Event.id.desc()).limit(30)
    return [announcement(event) for event in db.session.scalars(loaded(newest))]

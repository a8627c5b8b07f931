"""All entries rendered anew, when what every one of them depends on has changed: see `rendering`.

Of 100,000 events that takes minutes, so it is done in steps, between which others write and feeds are fetched. How far
it has come stands in the society's row: what breaks off goes on from there, and several who are at it share the work.
Each process sees to it once, and again when the site's address changes; so two servers with different releases of the
zone data do not for ever undo what the other has done.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Thread
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from society.calendars.actions import render_anew
from society.calendars.render import rendering
from society.calendars.versions import raise_all
from society.db import begin_write, db, reach_visitors
from society.events.models import Event
from society.settings import Society
from society.times import now as this_instant

STEP = 200
"""Events that are rendered while others wait to write: a fifth of a second."""

log = logging.getLogger("society.calendars")
_SEEN_TO = "entries rendered for"


def keep_up(_now: datetime) -> None:
    """Catch up, unless this process has done so for what holds now; which costs no query."""
    if current_app.extensions.get(_SEEN_TO) != (current := rendering()):
        catch_up()
        current_app.extensions[_SEEN_TO] = current


def catch_up() -> None:
    """Render anew what has not been yet for what holds now; commits each step."""
    while _step(this_instant()):
        pass


def _step(now: datetime) -> bool:
    """The next events; whether there may be more."""
    row = db.session.get(Society, 1)
    if row is None or (row.rendered_for == rendering() and row.rendered_to is None):
        db.session.rollback()
        return False
    begin_write(public=False)  # the pages of visitors are made anew once, after the last step
    row = db.session.get_one(Society, 1, with_for_update=True, populate_existing=True)
    if row.rendered_for != (current := rendering()):
        row.rendered_for, row.rendered_to = current, 0
    more = row.rendered_to is not None and _render_next(row, row.rendered_to, now)
    db.session.commit()
    return more


def _render_next(row: Society, rendered_to: int, now: datetime) -> bool:
    """Every feed rises by each step that changes any entry; by the last in any case, for what stands around them."""
    events = _after(rendered_to)
    if len(events) == STEP:
        row.rendered_to = events[-1]
        render_anew(events, now)
        return True
    row.rendered_to = None
    reach_visitors()
    if not render_anew(events, now):
        raise_all(now)
    return False


def _after(number: int) -> Sequence[int]:
    published = select(Event.id).where(Event.published_at.is_not(None), Event.id > number)
    return db.session.scalars(published.order_by(Event.id).limit(STEP)).all()


def keep_up_from_first_request(app: Flask) -> None:
    """For a web server of whoever runs this: it loads the application, and nothing else of ours is run before its first
    request, which does not wait for this."""
    served = app.wsgi_app

    def begin(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        app.wsgi_app = served  # type: ignore[method-assign]
        Thread(target=_keep_up_beside, args=(app,), name="calendars", daemon=True).start()
        return served(environ, start_response)

    app.wsgi_app = begin  # type: ignore[method-assign]


def _keep_up_beside(app: Flask) -> None:
    try:
        with app.app_context():
            keep_up(this_instant())
    except Exception:
        log.exception("calendars could not be brought up to date; the next start tries again")

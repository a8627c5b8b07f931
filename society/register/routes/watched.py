"""Long work, watched without any script: the page grows by a line now and then, and ends with what came of it.

The work is done in a thread and by transactions of its own. So it is done wholly or not at all, and whether or not the
browser stays; a server that is stopped meanwhile leaves everything as it was.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from typing import Any, cast

from flask import Flask, Response, current_app, render_template, stream_with_context, url_for
from markupsafe import escape

from society.db import db
from society.errors import Refused

LARGE = 500_000
"""Bytes of a file above which reading it takes seconds, so that its progress is shown."""
_OFTEN = 5_000
_MOST_LINES = 20
"""For one stage of the work."""
_MARK = "what-happens-here"
_FAULT = "Something went wrong on our side, and nothing was saved. Please try again."

log = logging.getLogger("society")


@dataclass(frozen=True)
class End:
    """What came of it, and where to go on."""

    sentence: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    is_refusal: bool = False


class Watch:
    """Hears how far the work is."""

    def __init__(self) -> None:
        self.heard: SimpleQueue[str | End] = SimpleQueue()

    def counting(self, words: str, total: int) -> Callable[[int], None]:
        """To be told how many more of a stage are done: "5,000 lines looked up, of 100,000"."""
        step, done = max(_OFTEN, total // _MOST_LINES), 0

        def tell(number: int) -> None:
            nonlocal done
            before, done = done, done + number
            if before // step < done // step:
                self.heard.put(f"{done:,} {words}, of {total:,}")

        return tell


Work = Callable[[Watch], End]


def watched(title: str, work: Work, back: str) -> Response:
    """A page that shows how the work gets on; `back` is the endpoint to which a refusal leads."""
    watch, app = Watch(), cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    top, bottom = render_template("register/watched.html", title=title, mark=_MARK).split(_MARK)
    db.session.rollback()  # no transaction of this request stays open while the other one writes
    Thread(target=_do, args=(app, work, watch, back), name="watched work").start()
    page = Response(stream_with_context(_growing(top, watch, bottom)), content_type="text/html; charset=utf-8")
    page.headers["X-Accel-Buffering"] = "no"  # or a proxy in front would keep the page until it is whole
    return page


def _do(app: Flask, work: Work, watch: Watch, back: str) -> None:
    with app.app_context():
        end = _end(work, watch, back)
    watch.heard.put(end)  # when its connection is given back too


def _end(work: Work, watch: Watch, back: str) -> End:
    try:
        return work(watch)
    except Refused as refusal:
        return End(str(refusal), back, is_refusal=True)
    except Exception:
        log.exception("watched work failed")
        return End(_FAULT, back, is_refusal=True)


def _growing(top: str, watch: Watch, bottom: str) -> Iterator[str]:
    yield top
    while isinstance(heard := watch.heard.get(), str):
        yield f"<li>{escape(heard)}</li>\n"
    href = url_for(heard.endpoint, **heard.values)
    yield "</ol>" + render_template("register/_watched_end.html", end=heard, href=href) + bottom

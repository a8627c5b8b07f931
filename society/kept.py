"""Answers that do not depend on who asks: made once per version, kept in a small cache in each process.

A kept answer is good while the version it was made from stands and the instant it names as its end has not come.
The version is one indexed row, so a hit costs one query and no rendering.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, make_response, request
from sqlalchemy import bindparam, select
from werkzeug.http import http_date

from society.db import PUBLIC, Version
from society.rows import Peek
from society.times import now

View = TypeVar("View", bound=Callable[..., Any])


@dataclass
class Kept:
    """One answer's bytes, as they are and packed."""

    version: int
    body: bytes
    kind: str
    until: datetime | None = None
    etag: str = field(default="")

    def __post_init__(self) -> None:
        self.etag = self.etag or hashlib.sha256(self.body).hexdigest()[:20]
        self._packed: bytes | None = None

    @property
    def packed(self) -> bytes:
        """gzip, made when first asked for; level 5 gives most of the gain at a third of the time."""
        if self._packed is None:
            self._packed = gzip.compress(self.body, 5, mtime=0)
        return self._packed

    @property
    def size(self) -> int:
        return len(self.body) + len(self._packed or b"")

    def etag_sent(self) -> str:
        """The strong validator of the bytes that this request gets: those of the packed form are others."""
        return f"{self.etag}-gz" if takes_gzip() else self.etag

    def good_for(self, version: int, at: datetime) -> bool:
        return self.version == version and (self.until is None or at < self.until)


def takes_gzip() -> bool:
    """Whether the one who asks can unpack gzip."""
    return "gzip" in request.headers.get("Accept-Encoding", "")


class Keep:
    """The kept answers of one process: at most `most` bytes, least recently used out first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, key: Hashable, version: int, at: datetime) -> Kept | None:
        with self._lock:
            kept = self._answers.get(key)
            if kept is None or not kept.good_for(version, at):
                return None
            self._answers.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: Kept) -> None:
        with self._lock:
            self._answers[key] = kept
            self._answers.move_to_end(key)
            held = sum(answer.size for answer in self._answers.values())
            while held > self._most and len(self._answers) > 1:
                held -= self._answers.popitem(last=False)[1].size

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()


def keep() -> Keep:
    """This process's kept answers."""
    return cast(Keep, current_app.extensions["keep"])


def fresh_until(*instants: datetime | None) -> None:
    """Say when the page being made stops being true by the passing of time: the soonest of these still to come."""
    to_come = [i for i in (*instants, g.get("fresh_until")) if i is not None and i > now()]
    g.fresh_until = min(to_come, default=None)


_public_version = Peek(select(Version.number).where(Version.key == bindparam("key")))


def public_version() -> int:
    """The committed version of all that visitors can see."""
    row = _public_version(key=PUBLIC)
    return row[0] if row else 0


def kept_for_visitors(view: View) -> View:
    """Answer visitors (who send no session cookie) with the page as it was made for this version.

    A view so marked must not look at who asks other than by the session, and names by `fresh_until` when time alone
    changes it.
    """

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        if current_app.config["SESSION_COOKIE_NAME"] in request.cookies or request.method not in ("GET", "HEAD"):
            return view(*args, **kwargs)
        version = public_version()
        found = keep().get(request.url, version, now())
        if found is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200 or "Set-Cookie" in response.headers:
                return response
            found = Kept(version, response.get_data(), response.content_type or "", g.get("fresh_until"))
            keep().put(request.url, found)
        return send(found, vary="Accept-Encoding, Cookie", control="no-cache")

    return cast(View, answered)


def send(kept: Kept, *, vary: str, control: str, modified: datetime | None = None) -> Response:
    """The whole answer, or 304 if the one who asks has it (RFC 9110, 13.2.2: `If-None-Match` outranks)."""
    packed, etag = takes_gzip(), kept.etag_sent()
    headers = [("ETag", f'"{etag}"'), ("Vary", vary), ("Cache-Control", control)]
    if modified is not None:
        headers.append(("Last-Modified", http_date(modified)))
    if holds(etag, modified):
        return Response(status=304, headers=headers, content_type=kept.kind)
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    return Response(kept.packed if packed else kept.body, headers=headers, content_type=kept.kind)


def holds(etag: str, modified: datetime | None) -> bool:
    """Whether the one who asks says that they have this answer already."""
    stated = request.headers.get("If-None-Match")
    if stated:
        return stated == f'"{etag}"' or request.if_none_match.contains_weak(etag)
    since = request.if_modified_since
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since

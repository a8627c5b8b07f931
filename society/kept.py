"""Answers that do not depend on who asks: made once per version, kept in a small cache in each process.

A kept answer is good while the version it was made from stands and the instant it names as its end has not come.
The version is one indexed row, so a hit costs one query and no rendering.
"""

import gzip
import hashlib
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Generic, TypeVar, cast

from flask import Response, current_app, g, make_response, request
from sqlalchemy import bindparam, select
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.http import http_date

from society.db import PUBLIC, Version
from society.packing import LEVEL
from society.rows import Peek
from society.times import now

View = TypeVar("View", bound=Callable[..., Any])
One = TypeVar("One", bound="Answer")


class Answer(ABC):
    """What can be kept: bytes of one kind that are good for one version, under a strong validator."""

    version: int
    kind: str
    until: datetime | None
    etag: str

    @abstractmethod
    def content(self, *, packed: bool) -> bytes | list[bytes]:
        """The bytes, as they are or as gzip; what is put together of parts, in these."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Bytes held."""

    def good_for(self, version: int, at: datetime) -> bool:
        return self.version == version and (self.until is None or at < self.until)


@dataclass
class Kept(Answer):
    """An answer in one piece."""

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
        """gzip, made when first asked for."""
        if self._packed is None:
            self._packed = gzip.compress(self.body, LEVEL, mtime=0)
        return self._packed

    def content(self, *, packed: bool) -> bytes:
        return self.packed if packed else self.body

    @property
    def size(self) -> int:
        return len(self.body) + len(self._packed or b"")


def takes_gzip() -> bool:
    """Whether the one who asks can unpack gzip."""
    stated = request.headers.get("Accept-Encoding", "")
    # A weight, which may be 0 (RFC 9110, 12.4.2), is rarely stated, and the header seldom worth being read for it.
    return "gzip" in stated and (";" not in stated or request.accept_encodings["gzip"] > 0)


class Keep(Generic[One]):
    """The kept answers of one process: at most `most` bytes, least recently used out first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, One] = OrderedDict()

    def get(self, key: Hashable, version: int, at: datetime) -> One | None:
        kept = self.last(key)
        return kept if kept is not None and kept.good_for(version, at) else None

    def last(self, key: Hashable) -> One | None:
        """What was kept last under the key, of whatever version."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: One) -> None:
        with self._lock:
            self._answers[key] = kept
            self._answers.move_to_end(key)
            held = sum(answer.size for answer in self._answers.values())
            while held > self._most and len(self._answers) > 1:
                held -= self._answers.popitem(last=False)[1].size

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()


def keep() -> Keep[Kept]:
    """This process's kept answers."""
    return cast(Keep[Kept], current_app.extensions["keep"])


def fresh_until(*instants: datetime | None) -> None:
    """Say when the page being made stops being true by the passing of time: the soonest of these still to come."""
    to_come = [i for i in (*instants, g.get("fresh_until")) if i is not None and i > now()]
    g.fresh_until = min(to_come, default=None)


_public_version = Peek(select(Version.number).where(Version.key == bindparam("key")))


def public_version() -> int:
    """The committed version of all that visitors can see."""
    row = _public_version(key=PUBLIC)
    return row[0] if row else 0


def kept_for_visitors(*known: str) -> Callable[[View], View]:
    """Answer visitors (who send no session cookie) with the page as it was made for this version.

    A view so marked must not look at who asks other than by the session, and names by `fresh_until` when time alone
    changes it. Of the address's query it is given the parameters it is `known` to read and no others: what anybody
    puts there beside them, such as a mark of where a link was followed, makes no further page to be kept.
    """

    def kept(view: View) -> View:
        @wraps(view)
        def answered(*args: Any, **kwargs: Any) -> Any:
            if current_app.config["SESSION_COOKIE_NAME"] in request.cookies or request.method not in ("GET", "HEAD"):
                return view(*args, **kwargs)
            request.args = ImmutableMultiDict((name, request.args[name]) for name in known if name in request.args)
            key, version = (request.root_url, request.path, *request.args.items()), public_version()
            found = keep().get(key, version, now())
            if found is None:
                response = make_response(view(*args, **kwargs))
                if response.status_code != 200 or "Set-Cookie" in response.headers:
                    return response
                found = Kept(version, response.get_data(), response.content_type or "", g.get("fresh_until"))
                keep().put(key, found)
            return send(found, vary="Accept-Encoding, Cookie", control="no-cache")

        return cast(View, answered)

    return kept


def send(kept: Answer, *, vary: str, control: str, modified: datetime | None = None) -> Response:
    """The whole answer, or 304 if the one who asks has it."""
    unchanged = not_modified(kept.etag, kept.kind, vary=vary, control=control, modified=modified)
    if unchanged is not None:
        return unchanged
    packed = takes_gzip()
    headers = _validators(_sent(kept.etag), vary, control, modified)
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    return Response(kept.content(packed=packed), headers=headers, content_type=kept.kind)


def not_modified(etag: str, kind: str, *, vary: str, control: str, modified: datetime | None = None) -> Response | None:
    """304 if the one who asks has the answer with this strong validator, for which it need not be there."""
    sent = _sent(etag)
    if not _holds(sent, modified):
        return None
    return Response(status=304, headers=_validators(sent, vary, control, modified), content_type=kind)


def _sent(etag: str) -> str:
    """The validator of the bytes that this request gets: those of the packed form are others."""
    return f"{etag}-gz" if takes_gzip() else etag


def _validators(etag: str, vary: str, control: str, modified: datetime | None) -> list[tuple[str, str]]:
    headers = [("ETag", f'"{etag}"'), ("Vary", vary), ("Cache-Control", control)]
    if modified is not None:
        headers.append(("Last-Modified", http_date(modified)))
    return headers


def _holds(etag: str, modified: datetime | None) -> bool:
    """Whether the one who asks says that they have this answer (RFC 9110, 13.2.2: `If-None-Match` outranks).

    A date counts if it is the one that was told, as with nginx: one of the asker's own making may be between the
    instant of a change and its commit.
    """
    stated = request.headers.get("If-None-Match")
    if stated:
        return stated == f'"{etag}"' or request.if_none_match.contains_weak(etag)
    since = request.if_modified_since
    return since is not None and modified is not None and modified.replace(microsecond=0) == since

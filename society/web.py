"""What every page shares: the form base, the gate in front of rows, and the check for cross-site requests."""

import re
from typing import Any, TypeVar

import wtforms
from flask import Request, Response, abort, make_response, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from sqlalchemy.exc import InvalidRequestError
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from society.db import begin_write, db

Row = TypeVar("Row")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: what no column of numbers can hold leads to no page."""

    regex = "[0-9]+"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


class Word(UnicodeConverter):
    """`<…>` in an address. PostgreSQL takes NUL in no text, so it leads to no page either."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = r"[^/\0]+"


class Form(wtforms.Form):
    """A form of this request: filled from what was posted, else from `obj`."""

    def __init__(self, obj: object = None, **values: Any) -> None:
        posted: MultiDict[str, str] | None = request.form if request.method == "POST" else None
        super().__init__(posted, obj=obj, **values)

    def accepted(self, *, public: bool = True, keep: bool = False) -> bool:
        """Whether it was posted and holds; if so, the transaction that writes has begun (see `begin_write`)."""
        if request.method != "POST" or not self.validate():
            return False
        begin_write(public=public, keep=keep)
        return True


def find(rows: Select[Any]) -> Any:
    """The one row, or a 404: what one may not see does not exist."""
    row = db.session.scalars(rows.limit(1)).first()
    if row is None:
        abort(404)
    return row


def held(row: Row) -> Row:
    """The row as it is by now, held until the commit; a 404 where somebody has removed it."""
    try:
        db.session.refresh(row, with_for_update={"of": type(row)})
    except InvalidRequestError:
        abort(404)
    return row


def number_asked(name: str) -> int | None:
    """A number in the address's query or in a form, if it is one that a column can hold."""
    text = request.values.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def allow(permitted: bool) -> None:
    """403 unless permitted: the person may see it, but not change it."""
    if not permitted:
        abort(403)


def wrote_to(email: str) -> None:
    """The next page tells which address was typed: whoever misspelt it sees that before they wait for a letter."""
    session["wrote_to"] = email


def address_typed() -> str:
    """The same, told once; empty where the page is loaded again."""
    return str(session.pop("wrote_to", ""))


def private(response: ResponseReturnValue) -> Response:
    """Kept by no cache and no search engine: whoever has the address has what it shows."""
    kept = make_response(response)
    kept.headers["Cache-Control"] = "no-store"
    kept.headers["X-Robots-Tag"] = "noindex"
    return kept


def crosses_sites(req: Request) -> bool:
    """Whether another site's page made a browser send this.

    By `Sec-Fetch-Site`, which every current browser sends; else by `Origin`. A request with neither comes from no
    browser and carries no one's cookies against their will.
    """
    if req.method in SAFE_METHODS:
        return False
    site = req.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = req.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != req.host

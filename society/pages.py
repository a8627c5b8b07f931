"""What surrounds every page: headers, request ids, error pages, what templates can use."""

import gzip
import logging
import secrets
from typing import Any

from flask import Flask, Request, Response, abort, current_app, g, render_template, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from itsdangerous import Serializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import BadHost, HTTPException, RequestEntityTooLarge

from society.db import db
from society.errors import Refused
from society.kept import takes_gzip
from society.people.access import visitor
from society.settings import society
from society.times import now, today_in
from society.typed import typed
from society.typeset import ALL_THE_SAME, NoFont
from society.uploads import BESIDE
from society.web import crosses_sites

log = logging.getLogger("society")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)

SENTENCES = {
    403: ("Not open to you", "You are signed in, but this is for others. Ask an admin of the society if you need it."),
    404: ("Nothing here", "There is no such page, or it is not for you to see."),
    405: (
        "Nothing to see here",
        "This address only takes what a form sends. Nothing was changed. Please use the form.",
    ),
    429: ("A little slower, please", "There were too many attempts from your side. Wait a little, then try again."),
    500: ("That is our fault", "Something went wrong, and nothing was saved. Please go back and try again."),
}

DEAD_LINK = (
    "This link opens nothing",
    "It may have been replaced by a newer one or taken back, or only a part of it was copied. "
    "Please try the newest link that you were given, or ask whoever gave it to you.",
)
"""Of addresses that hold a secret; the same for one that never was."""

GONE = (
    "Not there any more",
    "What this was sent to is gone, or not for you to see: somebody may have removed it meanwhile. "
    "Nothing was saved. What you typed stands below, to be copied.",
)
"""Of a form that was filled in and leads to nothing."""

OF_ONE_SUBJECT = 2
"""Parts of an address, with nothing before its first slash, that are still of one area: "/organize", "/me"."""

PACKED_FROM = 500
"""Bytes of a session."""


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies; who sends no cookie has none, and costs nothing to find that out."""

    def __init__(self, app: Flask) -> None:
        self._signing = _with_derived_keys(super().get_signing_serializer(app))

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once; Flask would make two for each request."""
        return self._signing

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """A cookie that was given over https is never sent without it."""
        return request.is_secure or super().get_cookie_secure(app)


class _Signing(URLSafeTimedSerializer):
    """Packs what is long alone: most sessions are not, and to try takes as long as all the rest of signing them."""

    def dump_payload(self, obj: Any) -> bytes:
        payload = Serializer.dump_payload(self, obj)
        return base64_encode(payload) if len(payload) < PACKED_FROM else super().dump_payload(obj)


def _with_derived_keys(signing: URLSafeTimedSerializer | None) -> URLSafeTimedSerializer | None:
    """The same, its keys derived now instead of for each signature."""
    if signing is None:
        return None
    signer = signing.make_signer(signing.salt)
    return _Signing(
        [signer.derive_key(key) for key in signing.secret_keys],
        salt=signing.salt,
        serializer=signing.serializer,
        signer_kwargs={**signing.signer_kwargs, "key_derivation": "none"},
    )


def init_pages(app: Flask) -> None:
    """Register it all."""
    app.session_interface = Sessions(app)
    app.before_request(_refuse_cross_site)
    app.after_request(_finish)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NoFont, _without_a_font)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(ObjectDeletedError, _deleted)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _fault)
    app.context_processor(lambda: {"society": society(), "me": visitor()})
    app.jinja_env.globals["most_of_a_file"] = lambda: max(app.config["MAX_UPLOAD"] - BESIDE, 0)
    app.jinja_env.globals["this_year"] = lambda: today_in(society().zone, now()).year


def request_id() -> str:
    """This request's name in the log and on error pages."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def _refuse_cross_site() -> None:
    if request.method == "POST" and crosses_sites(request) and request.endpoint != "mail.unsubscribe":
        abort(403, "That came from another site's page. Please use the form on this site.")


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    kind = response.content_type or ""
    if kind.startswith("text/html"):
        headers["Content-Security-Policy"] = POLICY
        headers["Referrer-Policy"] = "same-origin"
        headers.setdefault("Permissions-Policy", "camera=()")
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if visitor() else "private, no-cache"
        _pack(response)
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if "json" in kind:
        _pack(response)
    return response


def _pack(response: Response) -> None:
    """Send a page that is not kept as gzip; a light level, since it is made for one answer."""
    if response.is_streamed or "Content-Encoding" in response.headers or not takes_gzip():
        return
    body = response.get_data()
    if len(body) > 1_000:
        response.set_data(gzip.compress(body, 4, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")


def error_page(code: int, heading: str, sentence: str, way: tuple[str, str] | None = None) -> tuple[str, int]:
    """A page in the design that says what is wrong, with a way on: to one's end first, if there is one."""
    db.session.rollback()
    way_on = [*([way] if way else ()), ("Coming events", url_for("events.index")), ("Home", url_for("site.home"))]
    page = render_template(
        "errors/error.html",
        code=code,
        heading=heading,
        sentence=sentence,
        request_id=request_id(),
        way_on=way_on,
        typed=typed(),
    )
    return page, code


def _refused(error: Refused) -> ResponseReturnValue:
    return error_page(409, "That cannot be done", str(error), _way_back())


def _way_back() -> tuple[str, str] | None:
    """To where a form was sent to, if that is a page, else to the nearest one above it: as it is by now, it says more
    than a refusal alone."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    if request.method == "POST" and "GET" in adapter.allowed_methods():
        return "Back to the page", request.script_root + request.full_path.rstrip("?")
    parts = request.path.split("/")
    above = ("/".join(parts[:end]) for end in range(len(parts) - 1, OF_ONE_SUBJECT, -1))
    found = next((path for path in above if "GET" in adapter.allowed_methods(path)), None)
    return ("Back to the page", request.script_root + found) if found else None


def _without_a_font(error: NoFont) -> ResponseReturnValue:
    """Before a PDF is had with boxes in it."""
    asked = "&".join(filter(None, [request.query_string.decode("ascii", "ignore"), f"{ALL_THE_SAME}=yes"]))
    return error_page(409, "Not every letter can be printed here", str(error), ("Take it all the same", f"?{asked}"))


def _overtaken(error: IntegrityError) -> ResponseReturnValue:
    log.warning("constraint violated", extra={"request_id": request_id(), "error": str(error.orig)})
    return error_page(
        409,
        "Somebody was quicker",
        "Someone changed this at the same moment. Look again, then try again.",
        _way_back(),
    )


def _deleted(_error: ObjectDeletedError) -> ResponseReturnValue:
    return error_page(409, "Somebody was quicker", "Someone deleted this at the same moment, so nothing was saved.")


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400 or isinstance(error, BadHost):
        return error  # without a host, no page of ours can be built
    heading, sentence = SENTENCES.get(error.code, (error.name, error.description or ""))
    if error.code == 404 and getattr(current_app.view_functions.get(request.endpoint or ""), "open_to", "") == "link":
        heading, sentence = DEAD_LINK
    elif error.code == 404 and (sent := typed()) and sent.to_read:
        heading, sentence = GONE
    stated = error.description if error.description != type(error).description else None
    way = _way_back() if error.code == 405 else None
    page, code = error_page(error.code, heading, stated or sentence, way)
    return page, code, [h for h in error.get_headers() if h[0] in ("Retry-After", "Allow")]


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    most, text = (current_app.config[name] / 2**20 for name in ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE"))
    limit = (
        f"At most {most:.4g} MB can be sent at once, {text:.4g} MB of it as text. This is more, so nothing was saved."
    )
    sent = typed()
    way = "What you typed stands below" if sent else "Your browser’s Back button leads to the form"
    choose = "fewer files at a time" if sent and len(sent.files) > 1 else "a smaller file, or none,"
    return error_page(413, "Too large", f"{limit} {way}: please choose {choose} and send it again.")


def _fault(error: Exception) -> ResponseReturnValue:
    # The rule in the place of the address, which may hold somebody's secret; the numbers of rows are none.
    rows = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    where = {"rule": str(request.url_rule or ""), "rows": rows}
    log.exception("unexpected", extra={"request_id": request_id(), **where}, exc_info=error)
    return error_page(500, *SENTENCES[500])

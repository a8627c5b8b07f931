"""How often one may try what costs something: sign-in, joining, mailed links, answers of guests.

Without Redis each web process counts for itself, so that with two of them somebody gets at most twice as many tries.
Limits are checked by the views that carry them; all other pages pay nothing.
"""

import math
import time
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

from email_validator import EmailNotValidError
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from werkzeug.exceptions import HTTPException, TooManyRequests

from society.fields import email_key, on_one_line
from society.text import counted

SIGN_IN = "10/minute"
"""Passwords from one place."""
SIGN_IN_AS = "5/minute;30/hour"
"""Passwords for one email address from one place."""
ASK_FOR_LINK = "5/minute;20/hour"
"""Letters that somebody can have us send to an address they only claim."""
USE_LINK = "20/minute"
"""Mailed links, tried from one place."""
TEST_MAIL = "3/minute;20/hour"
"""Letters that try the mail server while somebody waits for the page."""
TRY_LINKS = "6/minute;60/hour"
"""Looks at what a notice leads to on other servers."""
JOIN = "10/minute;60/hour"
ASK_BACKERS = "30/minute;200/hour"
"""Letters to contacts whose addresses an organizer types: a congress's sponsors in one go, and no mailing."""
GUEST_RSVP = "20/minute;200/hour"
"""Wide enough for a hall that answers over one shared connection."""
PRINT = "60/minute"
"""PDFs by one link, which are typeset for each: all the helpers at a door have the same one."""


def client_address() -> str:
    """Where a request comes from. A household has 2^64 addresses of IPv6, so its network counts as one."""
    stated = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(stated)
    except ValueError:  # a socket file
        return stated
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return stated


def client_and_email() -> str:
    """The same, for one email address: however it is typed into the form, if it leads to the same person."""
    typed = on_one_line(_form().get("email"))
    try:
        address = email_key(typed)
    except EmailNotValidError:
        address = typed.lower()
    return f"{client_address()} {address[:254]}"


def _form() -> Mapping[str, str]:
    """Empty if it cannot be read, of which the view tells: what is raised here is taken for a Redis that does not
    answer, and everybody's tries would be counted from none again."""
    try:
        return request.form
    except HTTPException:
        return {}


def link_followed() -> str:
    """The link itself, from wherever it is followed: a hall that shares a connection has one for each of its guests."""
    return str((request.view_args or {})["token"])[:254]


limiter = Limiter(client_address, headers_enabled=False, in_memory_fallback_enabled=True)


def init_limits(app: Flask) -> None:
    """Count in Redis if there is one (and in memory while it does not answer), else in this process's memory."""
    # Already listed, it hooks into no request; left to itself it doubles what Flask costs on every page.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, _too_many)


def _too_many(_error: RateLimitExceeded) -> ResponseReturnValue:
    """The page for 429, which says when to come back."""
    breached = limiter.current_limit
    wait = max(1, math.ceil(breached.reset_at - time.time())) if breached else 60
    spoken = counted(wait, "second") if wait < 90 else counted(round(wait / 60), "minute")
    sentence = f"There were too many attempts from your side. Please try again in {spoken}."
    return current_app.handle_http_exception(TooManyRequests(sentence, retry_after=wait))

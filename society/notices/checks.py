"""What of a notice its readers cannot open: pages of ours that are not there, or not for all whom it is for."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from society.db import db
from society.events.models import Event, Visibility
from society.notices.models import Notice
from society.notices.queries import outsiders_in
from society.notices.remarks import addresses, can_be_opened
from society.notices.versions import others
from society.settings import site_address
from society.text import counted

FOR_ALL = ("everyone", "link", "person")
"""Who a page is open to, where each reader may open it for themselves; all others are for staff."""
MOST = 50
"""Addresses looked at: a text that holds more is no letter."""


@dataclass(frozen=True)
class Page:
    """What answers at an address: whom it is open to, and the slug of the event that it is about."""

    open_to: str
    event: str = ""


NOWHERE = Page(open_to="nobody")


def unopenable(notice: Notice, now: datetime) -> list[str]:
    """A sentence for each link to a page of ours that some of its readers cannot open, in two queries at most."""
    pages = {address: _page(address) for address in addresses(_all_it_says(notice))[:MOST] if _is_ours(address)}
    slugs = {address: page.event for address, page in pages.items() if page.event}
    shown = _shown(set(slugs.values()))
    found = [sentence for address, page in pages.items() if (sentence := _closed(address, page))]
    found += [f"There is no event at {address}." for address, slug in slugs.items() if slug not in shown]
    hidden = [address for address, slug in slugs.items() if shown.get(slug) is Visibility.MEMBERS]
    outsiders = outsiders_in(notice, now) if hidden else 0
    return found + ([_hidden(address, outsiders) for address in hidden] if outsiders else [])


def elsewhere(notice: Notice) -> list[str]:
    """The addresses of others in it that can be tried, each once; one with a field in it is each reader's own."""
    found = addresses(_all_it_says(notice))
    return [each for each in found if not _is_ours(each) and "{{" not in each and can_be_opened(each)]


def _all_it_says(notice: Notice) -> str:
    return "\n\n".join([notice.body, *(said.body for said in others(notice))])


def _hidden(address: str, outsiders: int) -> str:
    return f"{counted(outsiders, 'reader')} cannot open {address}, which is for members only."


def _is_ours(address: str) -> bool:
    try:
        ours, theirs = urlsplit(site_address()), urlsplit(address)
    except ValueError:  # as of brackets that hold no address
        return False
    return theirs.netloc.lower() == ours.netloc.lower() and theirs.path.startswith(ours.path)


def _page(address: str) -> Page:
    path = unquote(urlsplit(address).path.removeprefix(urlsplit(site_address()).path))
    try:
        rule, args = current_app.url_map.bind("").match(path or "/", method="GET", return_rule=True)
    except RequestRedirect:
        return Page(open_to="everyone")
    except HTTPException:
        return NOWHERE
    open_to = getattr(current_app.view_functions[str(rule.endpoint)], "open_to", "everyone")
    return Page(open_to, str(args["slug"]) if rule.rule.startswith("/events/<slug>") else "")


def _closed(address: str, page: Page) -> str:
    if page is NOWHERE:
        return f"There is no page at {address}."
    return "" if page.open_to in FOR_ALL else f"Only those who work here can open {address}."


def _shown(slugs: set[str]) -> dict[str, Visibility]:
    """The published events among them, and whom each is for."""
    if not slugs:
        return {}
    rows = select(Event.slug, Event.visibility).where(Event.slug.in_(slugs), Event.published_at.is_not(None))
    return {slug: visibility for slug, visibility in db.session.execute(rows) if slug}

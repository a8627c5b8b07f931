"""Every route, asked for what is not there, cannot be, or is not for those who ask."""

from collections.abc import Iterator

import pytest
from flask import Flask, request, request_finished
from flask.globals import request_ctx
from werkzeug.routing import Rule

from society.db import db
from tests.visits import browser_of, view_of
from tests.world import World, built, rules

NUMBERS = ("987654321", "2147483648", "9" * 40, "-1", "0")
WORDS = ("nothing-here", "%00", "a%00b", "%FF", "%ED%A0%80")
"""What stands in an address for a thing that is not there, or cannot be; each database may take it in its own way."""
NUMBERS_ONCE = ("1.5", "%D9%A3")
WORDS_ONCE = ("1-", "1-%C3%A9", "-1-x", "9" * 40, "a%0D%0Ab", "x" * 3_000)
"""What never gets as far as a database, or is one more word to it: tried on SQLite alone."""


def foreign(app: Flask, world: World, method: str) -> Iterator[tuple[Rule, str]]:
    """Every route with addresses of things that are not there, cannot be, or are not for those who ask."""
    everything = db.engine.dialect.name == "sqlite"
    numbers, words = (NUMBERS + NUMBERS_ONCE, WORDS + WORDS_ONCE) if everything else (NUMBERS, WORDS)
    for rule in rules(app, method):
        for name in rule.arguments - {"kind"}:
            stand_in, values = ("987654321", numbers) if name.endswith("_id") else ("@@", words)
            known = {**world.values(rule), "kind": "category"}
            address = built(app, rule, {**known, name: int(stand_in) if stand_in.isdigit() else stand_in})
            for value in values:
                yield rule, address.replace(stand_in, value)


TELLS_NOBODY = "calendars.personal_page"
"""The same page whatever its address holds, so that nobody learns which calendars there are."""


@pytest.mark.parametrize("method", ["GET", pytest.param("POST", marks=pytest.mark.once)])
def test_what_is_not_there_is_not_found(app, world, method):
    visitor, admin = browser_of(app, world, "visitor"), browser_of(app, world, "admin")
    wrong = []
    for rule, address in foreign(app, world, method):
        if rule.endpoint == TELLS_NOBODY:
            continue
        browser = visitor if view_of(app, rule) in ("everyone", "link") else admin
        answer = browser.open(address, method=method)
        used_up = view_of(app, rule) == "link" and rule.endpoint.startswith(("people.", "records."))
        if answer.status_code not in ({404, 410} if used_up else {404}):
            wrong.append((rule.endpoint, address[:80], answer.status_code))

    assert wrong == []


NAMES = ("page", "before", "event", "person", "q", "kind", "state", "status", "category")
ODD = ("9" * 40, "\0")
ODD_ONCE = ("-1", "0", "1e9", "x", "%D9%A3", "9" * 5_000)
"""The same for what stands in the query where a number is asked for; of the latter, each page gets some."""


@pytest.fixture
def read_the_query(app: Flask) -> Iterator[set[str]]:
    """The endpoints that have looked at the query of their address so far."""
    found: set[str] = set()

    def note(_app: Flask, **_answer: object) -> None:
        if "args" in vars(request_ctx.request):  # which a request makes of its query once it is asked
            found.add(str(request.endpoint))

    with request_finished.connected_to(note, app):
        yield found


def test_numbers_in_the_query_may_be_anything(app, world, read_the_query):
    browser, wrong = browser_of(app, world, "admin"), []
    once = ODD_ONCE if db.engine.dialect.name == "sqlite" else ()
    for place, rule in enumerate(rules(app, "GET")):
        for number in (*ODD, *once[place % 3 :: 3]):
            status = browser.get(world.address(app, rule), query_string=dict.fromkeys(NAMES, number)).status_code
            wrong += [(rule.endpoint, number[:20], status)] if status >= 500 else []
            if rule.endpoint not in read_the_query:
                break

    assert {"events.index", "register.people", "audit.index"} <= read_the_query
    assert wrong == []


def test_what_one_may_not_see_is_not_found(app, world, client):
    slug, number = world.events["secret"].slug, world.events["secret"].id
    hidden = [f"/events/{slug}", f"/events/{slug}.ics", f"/events/{slug}/rsvp", f"/events/{slug}/rsvp/sent"]
    form = {"answer": "yes", "name": "Gus", "email": "gus@example.org"}

    assert [client.get(address).status_code for address in hidden] == [404] * 4
    assert client.post(f"/events/{slug}/rsvp", data=form).status_code == 404
    assert client.get(f"/organize/events/{number}/preview").status_code == 303


def test_what_is_for_members_shows_nowhere_to_visitors(app, world, client):
    title, slug = world.events["secret"].title, world.events["secret"].slug
    addresses = [world.address(app, r) for r in rules(app, "GET") if view_of(app, r) == "everyone"]
    addresses += ["/events?q=hidden", "/events/past?q=hidden", "/calendar.ics?past=all", "/events?page=2"]
    leaks = [a for a in addresses if title.encode() in (said := client.get(a).data) or str(slug).encode() in said]

    assert leaks == []

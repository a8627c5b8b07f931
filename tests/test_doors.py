"""Every route of the application, as everyone who may come: who is let in, and what a request can do at all."""

from collections.abc import Iterator
from typing import get_args

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from society.db import Base, db
from society.events.models import Visibility
from society.people.access import Audience
from society.people.models import EventOrganizer
from tests.builders import NOW, a_person, an_event
from tests.conftest import Browser
from tests.world import ROLES, World, a_world, built, rules

MAY = {
    "everyone": ROLES,
    "link": ROLES,
    "person": ROLES[1:],
    "staff": ROLES[2:],
    "event": ("organizer", "admin"),
    "organizer": ("organizer", "admin"),
    "secretary": ("secretary", "admin"),
    "admin": ("admin",),
}
NOT_NOW = {
    "site.setup": {404},
    "site.accent": {404},
    "membership.remove": {303, 404},
    "register.forget_import": {303, 404},
}
"""Doors of another day: the society is set up already, and has no colour of its own; only the payer has somebody to
remove; the file that waited has been read in by the form before."""
OPENS_A_FEED = {"calendars.open_events", "calendars.feed", "calendars.narrowed", "calendars.personal"}
"""What may write on GET: the version of a feed that is asked for the first time, or that time has changed."""
EXPORTS = {"register.people_csv", "register.people_xlsx", "register.people_vcf"}
"""What is noted in the audit log when it is taken away."""
MAILED = {
    "backings.by_link",
    "door.by_key",
    "door.count_by_key",
    "door.guests_by_key",
    "door.offline_by_key",
    "door.sync_by_key",
    "door.ticket",
    "door.ticket_pdf",
    "dues.invoice_page",
    "dues.invoice_pdf",
    "dues.receipt_page",
    "dues.receipt_pdf",
    "dues.renew",
    "invitations.suggest",
    "mail.unsubscribe",
    "membership.application",
    "membership.vouch",
    "people.change_email",
    "people.reset",
    "people.use_link",
    "people.verify",
    "records.erase_own",
    "rsvps.by_link",
    "rsvps.sessions",
    "site.setup",
}
CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://elsewhere.example.org"},
    {"Origin": "http://localhost.example.org"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://["},
]


@pytest.fixture
def world(app: Flask, quick_judge: None) -> World:
    return a_world()


def view_of(app: Flask, rule: Rule) -> str:
    return str(getattr(app.view_functions[rule.endpoint], "open_to", None))


def browser_of(app: Flask, world: World, role: str) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    person = world.people[role]
    return browser.sign_in(person) if person else browser


def content() -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    tables = Base.metadata.sorted_tables
    found = {t.name: [tuple(row) for row in db.session.execute(select(t).order_by(*t.primary_key))] for t in tables}
    db.session.rollback()
    return found


def keeps_its_word(rule: Rule, audience: str, role: str, answer: TestResponse) -> bool:
    """Whether the answer is what the route's statement promises to that reader."""
    if answer.status_code >= 500:
        return False
    if role in MAY[audience]:
        allowed = NOT_NOW.get(rule.endpoint, {200, 303})
        posted = {409, 410, 422} if answer.request.method == "POST" else set()
        to_login = answer.location and answer.location.startswith("/login") and rule.endpoint != "people.logout"
        return answer.status_code in allowed | posted and (not to_login or answer.request.method == "POST")
    if role == "visitor":
        return answer.status_code == 303 and answer.location.startswith("/login")
    return answer.status_code == 403


def test_every_view_says_to_whom_it_is_open(app):
    assert {view_of(app, rule) for rule in app.url_map.iter_rules()} <= set(get_args(Audience))
    assert set(MAY) == set(get_args(Audience))


def test_the_mailed_links_are_those_stated(app):
    stated = {r.endpoint for r in app.url_map.iter_rules() if view_of(app, r) == "link"}

    assert stated - {"calendars.personal"} == MAILED


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_to_those_it_names_and_to_no_one_else(app, world, role):
    browser = browser_of(app, world, role)
    wrong = []
    for rule in rules(app, "GET"):
        answer = browser.get(world.address(app, rule))
        if not keeps_its_word(rule, view_of(app, rule), role, answer):
            wrong.append((rule.endpoint, answer.status_code, answer.location))

    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_every_form_is_taken_from_those_it_names_and_from_no_one_else(app, world, role):
    wrong = []
    for rule in rules(app, "POST"):
        before = content() if role not in MAY[view_of(app, rule)] else None
        answer = browser_of(app, world, role).post(world.address(app, rule))
        if not keeps_its_word(rule, view_of(app, rule), role, answer):
            wrong.append((rule.endpoint, answer.status_code, answer.location))
        if before and content() != before:
            wrong.append((rule.endpoint, "wrote"))

    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize("role", ["visitor", "member", "admin"])
def test_looking_changes_nothing(app, world, role):
    browser = browser_of(app, world, role)
    before, wrote = content(), set()
    for rule in rules(app, "GET"):
        for method in ("GET", "HEAD", "OPTIONS"):
            browser.open(world.address(app, rule), method=method)
        if (after := content()) != before:
            wrote.add(rule.endpoint)
            before = after

    assert wrote <= OPENS_A_FEED | EXPORTS


def test_a_feed_writes_its_version_and_who_fetched_it_once_and_nothing_else(app, world, client):
    before = content()
    for rule in rules(app, "GET"):
        if rule.endpoint in OPENS_A_FEED:
            client.get(world.address(app, rule))
    opened = content()
    for rule in rules(app, "GET"):
        if rule.endpoint in OPENS_A_FEED:
            client.get(world.address(app, rule))

    assert content() == opened
    assert {name for name in opened if opened[name] != before[name]} <= {"feed", "feed_fetch", "subscription"}


def test_mailed_links_are_used_by_post_alone(app, world, client):
    for rule in rules(app, "GET"):
        if rule.endpoint in MAILED - {"site.setup"}:
            address = world.address(app, rule)
            assert [client.get(address).status_code for _ in range(2)] == [200, 200], rule
            assert client.head(address).status_code == 200


A_DATABASES_OWN = 5
"""Of what is no number or word that is known, those that come first each database may take in its own way."""


def foreign(app: Flask, world: World, method: str) -> Iterator[tuple[Rule, str]]:
    """Every route with addresses of things that are not there, cannot be, or are not for those who ask."""
    for rule in rules(app, method):
        for name in rule.arguments - {"kind"}:
            known = {**world.values(rule), "kind": "category"}
            address = built(app, rule, {**known, name: 987654321 if name.endswith("_id") else "@@"})
            numbers = ("987654321", "2147483648", "9" * 40, "-1", "0", "1.5", "%D9%A3")
            words = ("nothing-here", "%00", "a%00b", "%FF", "%ED%A0%80", "1-", "1-%C3%A9", "-1-x", "9" * 40, "a%0D%0Ab")
            stand_in = "987654321" if name.endswith("_id") else "@@"
            values = numbers if name.endswith("_id") else (*words, "x" * 3_000)
            for value in values if db.engine.dialect.name == "sqlite" else values[:A_DATABASES_OWN]:
                yield rule, address.replace(stand_in, value)


@pytest.mark.parametrize("method", ["GET", pytest.param("POST", marks=pytest.mark.once)])
def test_what_is_not_there_is_not_found(app, world, method):
    visitor, admin = browser_of(app, world, "visitor"), browser_of(app, world, "admin")
    wrong = []
    for rule, address in foreign(app, world, method):
        browser = visitor if view_of(app, rule) in ("everyone", "link") else admin
        answer = browser.open(address, method=method)
        expected = {410} if rule.endpoint in MAILED and rule.endpoint.startswith(("people.", "records.")) else {404}
        if answer.status_code not in expected | {404}:
            wrong.append((rule.endpoint, address[:80], answer.status_code))

    assert wrong == []


NO_NUMBERS = [pytest.param(text, marks=pytest.mark.once) for text in ("-1", "0", "1e9", "x", "%D9%A3", "9" * 5_000)]


@pytest.mark.parametrize("number", ["9" * 40, "\0", *NO_NUMBERS])
def test_numbers_in_the_query_may_be_anything(app, world, number):
    browser, wrong = browser_of(app, world, "admin"), []
    for rule in rules(app, "GET"):
        query = dict.fromkeys(("page", "before", "event", "person", "q", "kind", "state", "status", "category"), number)
        status = browser.get(world.address(app, rule), query_string=query).status_code
        wrong += [(rule.endpoint, status)] if status >= 500 else []

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


def test_a_notice_to_everyone_stays_here_once_its_event_is_for_members(app, world):
    world.events["open"].visibility = Visibility.MEMBERS
    db.session.commit()
    address = f"/organize/notices/{world.by_name['notice_id']}/send"

    assert browser_of(app, world, "organizer").post(address).status_code == 409


@pytest.mark.once
@pytest.mark.parametrize("headers", CROSS_SITE, ids=lambda headers: "=".join(*headers.items()))
def test_no_other_site_can_post_here(app, world, headers):
    browser = browser_of(app, world, "admin")
    before, taken = content(), []
    for rule in rules(app, "POST"):
        if rule.endpoint != "mail.unsubscribe":
            answer = browser.post(world.address(app, rule), headers=headers)
            taken += [(rule.endpoint, answer.status_code)] if answer.status_code != 403 else []

    assert taken == []
    assert content() == before


def test_mail_programs_unsubscribe_from_anywhere(app, world, client):
    rule = next(r for r in rules(app, "POST") if r.endpoint == "mail.unsubscribe")
    form = {"List-Unsubscribe": "One-Click"}

    for headers in CROSS_SITE:
        assert client.post(world.address(app, rule), data=form, headers=headers).status_code == 200


@pytest.mark.once
def test_visitors_get_no_cookie(app, world):
    setting = []
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            answer = browser_of(app, world, "visitor").open(world.address(app, rule), method=method)
            given = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in cookie]
            if given and rule.endpoint not in SIGNS_IN:
                setting.append((method, rule.endpoint))

    assert setting == []


SIGNS_IN = {"people.verify", "people.use_link", "people.change_email"}
"""What a visitor's press on a mailed link ends in: a session, or a sentence for the next page."""


@pytest.mark.once
@pytest.mark.parametrize("role", ["visitor", "admin"])
def test_every_page_carries_its_headers(app, world, role):
    browser, bare = browser_of(app, world, role), []
    for rule in rules(app, "GET"):
        answer = browser.get(world.address(app, rule))
        headers, html = answer.headers, answer.content_type.startswith("text/html")
        policy = headers.get("Content-Security-Policy", "")
        good = headers.get("X-Content-Type-Options") == "nosniff" and "Cache-Control" in headers
        if html and answer.status_code != 303:
            good = good and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
            good = good and "unsafe" not in policy and headers.get("Referrer-Policy") == "same-origin"
        if role != "visitor" and html and answer.status_code == 200:
            good = good and headers["Cache-Control"] == "no-store"
        if not good:
            bare.append((rule.endpoint, answer.status_code, headers.get("Cache-Control")))

    assert bare == []
    assert "Strict-Transport-Security" in browser.get("/", base_url="https://localhost").headers


HOSTS = ["evil.example.org", "[", "a b", "a@b", "a:b", "evil.example.org:99999999", "x" * 3_000, "\xe4", "a/b?c"]


@pytest.mark.once
@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host[:30])
def test_a_false_host_is_in_no_page(app, world, client, host):
    """The site's address is stated, so what somebody claims it to be is written nowhere and kept for no one."""
    for rule in rules(app, "GET"):
        if view_of(app, rule) == "everyone":
            answer = client.get(world.address(app, rule), headers={"Host": host})
            assert answer.status_code < 500, rule
            if len(host) > 10:
                assert host.encode() not in answer.data, rule


EVIL = "evil.example.org"
PLACES = [f"//{EVIL}", f"https://{EVIL}", f"/\\{EVIL}", f"/\t/{EVIL}", f"\\\\{EVIL}", "javascript:alert(1)"]


@pytest.mark.once
@pytest.mark.parametrize("place", PLACES)
def test_signing_in_leads_nowhere_else(app, world, place):
    rule = next(r for r in rules(app, "POST") if r.endpoint == "people.use_link")
    by_link = browser_of(app, world, "visitor").post(world.address(app, rule), query_string={"next": place})
    signed_in = browser_of(app, world, "member").get("/login", query_string={"next": place})

    assert (by_link.location, signed_in.location) == ("/me", "/me")


def test_who_organizes_one_event_comes_to_its_pages_and_to_no_others(app, world):
    mine, friend = world.events["open"], a_person("Fay Friend")
    elsewhere = an_event("Another evening")
    db.session.add(EventOrganizer(event_id=mine.id, person=friend, given_at=NOW))
    db.session.commit()
    browser, wrong = app.test_client().sign_in(friend), []
    for rule in rules(app, "GET"):
        audience = view_of(app, rule)
        if audience not in ("event", "staff", "organizer", "secretary", "admin"):
            continue
        values = world.values(rule)
        answer = browser.get(built(app, rule, values))
        own = audience == "event" and values["event_id"] == mine.id
        refused = answer.status_code == 403
        if own is refused:
            wrong.append((rule.endpoint, answer.status_code))
        if own and browser.get(built(app, rule, values | {"event_id": elsewhere.id})).status_code != 403:
            wrong.append((rule.endpoint, "of another event"))
    assert wrong == []

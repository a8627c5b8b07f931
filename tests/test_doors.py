"""Every route of the application, as everyone who may come: who is let in, and what looking and pressing can do."""

from typing import get_args

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from society.db import db
from society.events.models import Event, Visibility
from society.people.access import Audience
from society.people.models import EventOrganizer
from society.rsvps.actions import reply
from society.rsvps.counts import seats_taken
from society.rsvps.feed import refresh
from society.rsvps.models import Answer
from society.times import now
from tests.builders import NOW, a_person, an_event
from tests.visits import browser_of, content, view_of, watched
from tests.world import ROLES, built, rules

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
    "calendars.personal_page",
    "door.by_key",
    "door.count_by_key",
    "door.guests_by_key",
    "door.offline_by_key",
    "door.on_paper_by_key",
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
    "material.file_by_link",
    "material.small_by_link",
    "membership.application",
    "membership.vouch",
    "people.change_email",
    "people.reset",
    "people.use_link",
    "people.verify",
    "records.erase_own",
    "rsvps.by_link",
    "rsvps.online",
    "rsvps.sent_file",
    "rsvps.sessions",
    "site.setup",
}


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
    with watched() as wrote:
        for rule in rules(app, "POST"):
            answer = browser_of(app, world, role).post(world.address(app, rule))
            if not keeps_its_word(rule, view_of(app, rule), role, answer):
                wrong.append((rule.endpoint, answer.status_code, answer.location))
            if wrote() and role not in MAY[view_of(app, rule)]:
                wrong.append((rule.endpoint, "wrote"))

    assert wrong == []


TELLS = {"rsvps.by_link", "rsvps.online", "calendars.personal"}
"""What opens by the link of somebody who comes, and is theirs alone."""


@pytest.mark.once
def test_what_only_those_who_come_are_told_stands_where_they_are_and_nowhere_else(app, world):
    event, undecided, waiting = world.events["open"], a_person(), a_person()
    reply(event, undecided, Answer.MAYBE, at=NOW)
    event.capacity = seats_taken(event)
    reply(event, waiting, Answer.YES, at=NOW)
    for one in db.session.scalars(select(Event)):
        one.instructions = "Ring at SESAME"
        if one.published_at:
            refresh(one, now())
    db.session.commit()
    readers = {who: app.test_client().sign_in(who) for who in (undecided, waiting, world.people["member"])}
    readable = [rule for rule in rules(app, "GET") if "pdf" not in rule.rule]
    public = [rule for rule in readable if view_of(app, rule) in ("everyone", "link", "person")]

    pages = {rule.endpoint: readers[undecided].get(world.address(app, rule)) for rule in public}
    page = f"/events/{event.slug}"
    theirs = [b"SESAME" in reader.get(page).data for reader in (app.test_client(), *readers.values())]

    assert {name for name, page in pages.items() if b"SESAME" in page.data.replace(b"\r\n ", b"")} == TELLS
    assert theirs == [False, False, False, True]


@pytest.mark.once
@pytest.mark.parametrize("role", ["visitor", "member", "admin"])
def test_looking_changes_nothing(app, world, role):
    browser, writing = browser_of(app, world, role), set()
    with watched() as wrote:
        for rule in rules(app, "GET"):
            for method in ("GET", "HEAD", "OPTIONS"):
                browser.open(world.address(app, rule), method=method)
            writing |= {rule.endpoint} if wrote() else set()

    assert OPENS_A_FEED <= writing <= OPENS_A_FEED | EXPORTS


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


def test_a_notice_to_everyone_stays_here_once_its_event_is_for_members(app, world):
    world.events["open"].visibility = Visibility.MEMBERS
    db.session.commit()
    address = f"/organize/notices/{world.by_name['notice_id']}/send"

    assert browser_of(app, world, "organizer").post(address).status_code == 409

"""Every form of every page, with what nobody in their right mind would type into each of its fields."""

import email
import email.policy
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET
from zlib import crc32

import pytest
from argon2 import PasswordHasher
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from society.db import db
from society.fields import clean
from society.mail.message import in_bytes, message
from society.mail.models import Letter
from society.people import passwords
from society.people.models import Person
from tests.conftest import Browser
from tests.world import World, rules

EVIL = '"><script>alert(1)</script><i class=evil>'
HOSTILE: dict[str, Any] = {
    "empty": "",
    "blank": " \t\u00a0 ",
    "long": "x" * 10_000,
    "long words": "wörter " * 1_430,
    "emoji": "👩‍🚀🇪🇺 ✨",
    "right to left": "شعر والمزيد",
    "overrides": "a\u202eb\u2066c\u2069\u200b\ufeff",
    "controls": "a\x01\x1b[31m\x7f\x85b\u2028c\ufffed\uffff",
    "NUL": "a\x00b",
    "script": EVIL,
    "markup": "</textarea></title>" + EVIL + "<!-- ]]> {{ 7 * 7 }} {% raw %}",
    "header": "a@example.org\r\nBcc: everyone@example.org\r\n\r\nhello",
    "calendar": 'a\r\nEND:VEVENT\r\nBEGIN:VALARM;X="1":,\\',
    "SQL": "'; DROP TABLE person; --%_",
    "Markdown": "[a](javascript:alert(1)) ![](https://evil.example.org) <https://evil.example.org> `*_~# > - 1.",
    "merge field": "{{ rsvp_link }} {{ person.password_hash }} }}",
    "year 1": "0001-01-01T00:00",
    "year 9999": "9999-12-31T23:59",
    "30 February": "2027-02-30T20:00",
    "spring gap": "2027-03-14T02:30",
    "autumn twice": "2027-11-07T01:30",
    "minus": "-1",
    "huge": "9" * 30,
    "not a number": "NaN",
    "infinite": "1e999",
    "no zone": "Mars/Olympus_Mons",
    "path": "../../etc/passwd",
    "foreign id": "987654321",
    "address": "javascript:alert(1)//https://example.org",
    "bracket": "http://[::1",
    "mail": f"{'a' * 64}@{'b' * 200}.example.org",
    "other script's mail": "пример@пример.example",
    "surrogate": b"a\xed\xa0\x80b",
    "invalid UTF-8": b"a\xff\xfe\xc3b",
    "overlong": b"a\xc0\xafb",
}
PLAUSIBLE = {
    "name": "Somebody",
    "title": "Some evening",
    "email": "somebody@example.org",
    "password": "a good long one",
    "current": "a good long one",
    "new": "a good long one",
    "note": "Because.",
    "subject": "News",
    "body": "Dear {{ first_name }}",
    "sender": "office@example.org",
}
"""What the other fields hold, where a form comes up empty."""
SHOWN = {"text", "email", "url", "search", "number", "datetime-local", "date", "textarea"}
"""The kinds of fields that show again what was typed."""
TEXT = {"text", "textarea", "email", "url", "search"}
FOR_MOMENTS = {"year 1", "year 9999", "30 February", "spring gap", "autumn twice"}
FOR_ALL = {"empty", "blank", "long", "NUL", "script", "minus", "huge", "not a number", "no zone", "foreign id"}
FOR_ALL |= {"surrogate", "invalid UTF-8"}
ALWAYS = {"empty", "NUL", "script", "surrogate", "huge", "foreign id"}
"""What each database may take in its own way; of all else each of the two runs of the suite tries a quarter, so that
each is tried in many fields of a kind, if not in all."""
BRIEFLY = ("NUL", "script", "foreign id")
"""What is enough for the same form on another page, as for something new and something known."""
OWN = {
    "visitor": ("everyone", "link"),
    "member": ("everyone", "person"),
    "organizer": ("staff", "organizer"),
    "secretary": ("secretary",),
    "admin": ("admin",),
}
"""Whose forms each of the readers tries: what is open to several is the same view."""


PARTS = 3
"""Organizers' are most of the forms, so several tests share them."""
HERE = {
    "sqlite": [("organizer", 0), ("organizer", 2), ("member", 0)],
    "postgresql": [("organizer", 1), ("secretary", 0), ("admin", 0), ("visitor", 0)],
}
"""Who tries their forms on which database: it takes minutes, and the two runs of the suite share it."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "part" in metafunc.fixturenames:
        metafunc.parametrize(("role", "part"), HERE[metafunc.config.getoption("--database")])


@dataclass
class Input:
    """A field as the page has it: its kind, and what it would send."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Page(HTMLParser):
    """The forms of a page: where each is posted, and its fields by name."""

    address: str
    forms: list[tuple[str, dict[str, Input]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._fields: dict[str, Input] | None = None
        self._area: Input | None = None
        self._select: Input | None = None
        self._kept_for_scripts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "template" or self._kept_for_scripts:
            self._kept_for_scripts = True
        elif tag == "form" and at.get("method") == "post":
            self._fields = {}
            self.forms.append((urljoin(self.address, at.get("action") or self.address), self._fields))
        elif self._fields is None:
            return
        elif tag == "option" and self._select is not None and "selected" in at:
            self._select.values.append(at.get("value") or "")
        elif tag in ("input", "select", "textarea", "button") and at.get("name"):
            self._enter(tag, at)

    def _enter(self, tag: str, at: dict[str, str | None]) -> None:
        assert self._fields is not None
        kind = (at.get("type") or "text") if tag == "input" else tag
        entry = self._fields.setdefault(at["name"] or "", Input(kind))
        if tag == "textarea":
            self._area = entry
            entry.values.append("")
        elif tag == "select":
            self._select = entry
        elif (kind not in ("checkbox", "radio") or "checked" in at) and (kind != "button" or not entry.values):
            entry.values.append(at.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._kept_for_scripts = self._kept_for_scripts and tag != "template"
        self._area = None if tag == "textarea" else self._area
        self._select = None if tag == "select" else self._select
        self._fields = None if tag == "form" else self._fields


def as_typed(name: str, found: Input) -> list[str]:
    empty = not any(found.values)
    return [PLAUSIBLE[name]] if empty and name in PLAUSIBLE else found.values


def tries_for(kind: str) -> set[str]:
    """What is worth trying in a field of that kind."""
    if kind in TEXT:
        return set(HOSTILE) - FOR_MOMENTS
    return ALWAYS if kind in ("select", "radio", "checkbox", "button") else FOR_ALL | FOR_MOMENTS


def forms_of(address: str, answer: TestResponse) -> list[tuple[str, dict[str, Input]]]:
    page = Page(address)
    if answer.mimetype == "text/html":
        page.feed(answer.get_data(as_text=True))
    return page.forms


class Prober:
    """One reader's browser, which notes what goes wrong."""

    def __init__(self, app: Flask, world: World, role: str) -> None:
        self.app, self.world, self.role = app, world, role
        self.number = world.people[role].id if world.people[role] else None
        self.wrong: list[Any] = []
        self.kept = 0
        self.tried: set[frozenset[str]] = set()
        self.answers: Counter[int] = Counter()
        self.come_in()

    def come_in(self) -> None:
        """Sign in (again, where a form has just ended the session)."""
        browser = self.app.test_client()
        assert isinstance(browser, Browser)
        person = db.session.get(Person, self.number, populate_existing=True) if self.number else None
        self.browser = browser.sign_in(person) if person else browser

    def own_forms(self) -> Iterator[tuple[str, dict[str, Input]]]:
        """Each form of this reader's own kind of pages once, on whatever number of them it stands."""
        seen = set()
        for rule in rules(self.app, "GET"):
            if self.app.view_functions[rule.endpoint].open_to not in OWN[self.role]:
                continue
            address = self.world.address(self.app, rule)
            for action, fields in forms_of(address, self.browser.get(address)):
                if (action, *fields) not in seen:
                    seen.add((action, *fields))
                    yield action, fields

    def try_form(self, action: str, fields: dict[str, Input]) -> None:
        typed = {name: as_typed(name, found) for name, found in fields.items()}
        if "opened-at:" in "".join(typed.get("seen", [])):
            typed["seen"] = [""]  # else what an earlier try has saved stands where a later one types nothing
        again = frozenset(fields) in self.tried
        self.tried.add(frozenset(fields))
        for name, found in fields.items():
            for what in BRIEFLY if again else self.turn(action, name, tries_for(found.kind)):
                value = HOSTILE[what]
                answer = self.post(action, {**typed, name: [value]}, (name, what))
                if answer.status_code == 422 and found.kind in SHOWN and isinstance(value, str):
                    self.must_show(action, answer, name, value, what)
            first = [*typed[name], "1"][0]
            self.post(action, {**typed, name: [EVIL, *typed[name], *[first] * 50]}, (name, "repeated and mixed"))
            self.post(action, {key: value for key, value in typed.items() if key != name}, (name, "missing"))
            others = {key: value for key, value in typed.items() if key != name}
            self.post(action, {**others, name: [(io.BytesIO(b"\x00\xffevil"), EVIL)]}, (name, "a file"))
        self.come_in()

    def turn(self, action: str, name: str, tries: set[str]) -> list[str]:
        """What is tried in that field on this database."""
        quarter = db.engine.dialect.name == "postgresql"
        return [
            what for what in sorted(tries) if what in ALWAYS or crc32(f"{action} {name} {what}".encode()) % 4 == quarter
        ]

    def post(self, action: str, data: dict[str, Any], what: object) -> TestResponse:
        answer = self.browser.post(action, data=data)
        self.answers[answer.status_code] += 1
        if answer.status_code == 200 and (asked := [f for a, f in forms_of(action, answer) if "confirmed" in f]):
            return self.post(action, {name: found.values for name, found in asked[0].items()}, (what, "confirmed"))
        if answer.status_code not in {200, 303, 403, 404, 409, 410, 422}:
            self.wrong.append((action, what, answer.status_code))
        if self.number and (answer.location or "").startswith("/login?"):
            self.wrong.append((action, what, "signed out"))
        if evil_in(answer):
            self.wrong.append((action, what, "unescaped"))
        if any("evil" in name.lower() or name == "Bcc" for name, _ in answer.headers):
            self.wrong.append((action, what, "header"))
        return answer

    def must_show(self, action: str, answer: TestResponse, name: str, value: str, what: str) -> None:
        again = [fields[name].values for _, fields in forms_of(action, answer) if name in fields]
        same = [" ".join(clean(shown).split()) for values in again for shown in values]
        self.kept += 1
        if " ".join(clean(value).split()).casefold() not in map(str.casefold, same):
            self.wrong.append((action, name, what, "lost", str(again)[:100]))


def evil_in(answer: TestResponse) -> bool:
    """Whether something that was typed has become a part of the page."""
    html = answer.content_type.startswith("text/html")
    text = answer.get_data(as_text=True) if html else ""
    return any(sign in text for sign in ("<script>alert", "<i class=evil", 'href="javascript:', "49 {% raw"))


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small society, in which passwords cost little to try."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys_hash.cache_clear()
    return world


def broken_pages(app: Flask, world: World, role: str) -> list[Any]:
    """What cannot be shown, or read by the programs that it is for."""
    prober = Prober(app, world, role)
    wrong: list[Any] = []
    extra = ["/events?page=2", "/calendar.ics?past=all", "/calendar/venue/{venue}.ics"]
    addresses = [world.address(app, rule) for rule in rules(app, "GET")]
    addresses += [a.format(venue=world.by_endpoint["events.venue"]["slug"]) for a in extra]
    for address in addresses:
        answer = prober.browser.get(address)
        try:
            assert answer.status_code in {200, 303, 403, 404, 410}
            assert not evil_in(answer)
            if answer.status_code == 200:
                READ.get(answer.mimetype, lambda _body: None)(answer.get_data())
        except Exception as fault:
            wrong.append((urlsplit(address).path, answer.status_code, repr(fault)[:300]))
    return wrong


def as_calendar(body: bytes) -> None:
    found = Calendar.from_ical(body)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert {part.name for part in found.walk()} <= {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    assert not [part.errors for part in found.walk() if part.errors]


def as_mail(body: bytes) -> None:
    read = email.message_from_bytes(body, policy=email.policy.SMTP)
    parts = list(read.walk())
    assert not [part.defects for part in parts if part.defects]
    assert read["Subject"] is not None
    assert "everyone@example.org" not in f"{read['To']} {read['Bcc']} {read['Cc']} {read['From']} {read['Reply-To']}"
    for part in parts:
        if not part.is_multipart():
            part.get_content()


READ = {
    "text/calendar": as_calendar,
    "message/rfc822": as_mail,
    "application/atom+xml": ET.fromstring,
    "application/xml": ET.fromstring,
    "application/feed+json": json.loads,
    "application/json": json.loads,
}
"""By kind of file, the program that reads it."""


@pytest.mark.long
@pytest.mark.no_cover  # what it walks over is covered by the tests of each slice, and tracing would double its time
def test_no_form_can_be_made_to_fail(app, world, role, part):
    prober = Prober(app, world, role)
    forms = sorted(prober.own_forms(), key=lambda form: form[0].endswith("/take"))  # it takes the admin's own role
    for action, fields in forms[part::PARTS] if role == "organizer" else forms:
        prober.try_form(action, fields)

    assert prober.wrong == []
    assert role == "secretary" or prober.kept > 20
    readers = ("visitor", "member", "admin") if role == "member" else ("visitor", "admin")  # an admin sees staff's too
    for reader in readers:
        assert broken_pages(app, world, reader) == []
    for letter in db.session.scalars(select(Letter)):
        as_mail(in_bytes(message(letter)))

"""Forms that two people have open at once: what each of them changed is there in the end, and nothing unseen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.exceptions import NotFound

from society.agenda.models import Session
from society.audit.actions import record
from society.db import db
from society.events.models import Category, Speaker, Venue
from society.mail.models import OwnWording
from society.material.actions import add
from society.material.models import MaterialKind, Seen
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.offices.models import Office
from society.people.models import Person
from society.pictures.actions import hold
from society.pictures.models import Look, Shown
from society.pictures.reading import made
from society.register.models import SavedView
from society.settings import Society
from society.sisters.models import SisterCalendar
from society.times import now
from society.web import held
from tests.as_opened import fields_of, typed
from tests.builders import NOW, a_person, a_photo, a_tier, a_venue, an_event, an_organization
from tests.conftest import Browser

Made = tuple[Any, str]


def _a_category() -> Made:
    category = Category(name="Lectures", slug="lectures")
    db.session.add(category)
    return category, "/organize/categories/{}"


def _a_draft() -> Notice:
    notice = Notice(
        kind=NoticeKind.ANNOUNCEMENT, audience=Audience.MEMBERS, subject="News", body="Hello.", created_at=NOW
    )
    db.session.add(notice)
    return notice


def _a_version() -> Made:
    notice = _a_draft()
    notice.versions.append(version := NoticeVersion(language="de", subject="Neues", body="Hallo."))
    db.session.flush()
    return version, f"/organize/notices/{notice.id}/languages/de"


def _a_session() -> Made:
    event = an_event(published_at=None)
    event.schedule(event.starts, event.starts + timedelta(hours=3), event.zone, all_day=False)
    session = Session(event=event, title="A session", revised_at=NOW)
    session.schedule(event.starts, event.starts + timedelta(hours=1), event.zone)
    db.session.add(session)
    return session, f"/organize/events/{event.id}/agenda/{{}}"


def _a_wording() -> Made:
    wording = OwnWording(of="minutes", subject="What we said", body="Dear all,")
    db.session.add(wording)
    return wording, "/organize/notices/wordings/minutes"


def _a_speaker() -> Made:
    an_event().speakers = [Speaker(position=0, name="Ada"), Speaker(position=1, name="Adah")]
    return a_person(email="ada@example.org"), "/organize/speakers/ada"


def _an_office() -> Made:
    office = Office(title="Treasurer", committee="", about="", position=0)
    db.session.add(office)
    return office, "/organize/offices/{}"


def _a_sister() -> Made:
    address = "https://league.example.org/all.ics"
    calendar = SisterCalendar(name="the League", address=address, read_at=NOW, answered_at=NOW, next_at=NOW)
    calendar.created_at = NOW
    db.session.add(calendar)
    return calendar, "/organize/calendars/sisters/{}"


def _a_link() -> Made:
    event = an_event()
    values = {"kind": MaterialKind.LINK, "seen_by": Seen.EVERYONE, "url": "https://example.org"}
    return add(event, {"title": "A film", **values}, None, by=a_person(), now=NOW), (
        f"/organize/events/{event.id}/material/{{}}"
    )


def _a_picture() -> Made:
    venue = a_venue()
    venue.show(Shown(hold(made(a_photo(), Look.PHOTO), Look.PHOTO, NOW), "A hall"))
    return venue, "/organize/venues/{}/picture"


SHARED: dict[str, tuple[Callable[[], Made], dict[str, Any], dict[str, Any]]] = {
    "venue": (
        lambda: (a_venue("Scott Hall"), "/organize/venues/{}"),
        {"access": "A ramp.", "rooms": "Attic | 20"},
        {"town": "York"},
    ),
    "organization": (
        lambda: (an_organization("B Union"), "/organize/organizations/{}"),
        {"url": "https://b.example.org"},
        {"about": "Debates."},
    ),
    "category": (_a_category, {"colour": "royalblue"}, {"name": "Talks"}),
    "notice": (lambda: (_a_draft(), "/organize/notices/{}"), {"subject": "Good news"}, {"body": "Hello, all."}),
    "version": (_a_version, {"subject": "Gutes"}, {"body": "Hallo!"}),
    "session": (_a_session, {"speakers": "Ada | poet", "room": "Attic"}, {"abstract": "All of it."}),
    "wording": (_a_wording, {"subject": "Said and done"}, {"body": "Dear friends,"}),
    "wording that is built in": (
        lambda: (a_person(), "/organize/renewals/wordings/renewal"),
        {"subject": "Time to renew"},
        {"body": "Please renew: {{ renew_link }}"},
    ),
    "speaker": (_a_speaker, {"person": "ada@example.org", "same_as": "Adah"}, {"about": "A poet."}),
    "office": (_an_office, {"about": "Keeps the money."}, {"committee": "Board"}),
    "sister": (_a_sister, {"colour": "royalblue"}, {"name": "the B League"}),
    "person": (
        lambda: (a_person("Cem", city="York"), "/organize/people/{}/edit"),
        {"phone": "0555", "tags": "choir"},
        {"notes": "Met in May."},
    ),
    "link": (_a_link, {"seen_by": "members"}, {"title": "The film"}),
    "picture": (_a_picture, {"credit": "Ada"}, {"alt": "A hall at night"}),
    "tier": (lambda: (a_tier("Full"), "/organize/settings/tiers/{}"), {"about": "All of it."}, {"grace_days": "30"}),
    "terms": (
        lambda: (db.session.get_one(Society, 1), "/organize/settings/membership"),
        {"bic": "GENODEM1GLS"},
        {"payment_terms": "In cash."},
    ),
    "settings": (
        lambda: (db.session.get_one(Society, 1), "/organize/settings"),
        {"tagline": "Since 1931"},
        {"welcome": "Hello."},
    ),
}


@pytest.fixture
def mine(client: Browser) -> Browser:
    return client.sign_in(a_person("Ann Admin", "admin", "organizer"))


@pytest.fixture
def theirs(app: Flask) -> Browser:
    browser: Any = app.test_client()
    return browser.sign_in(a_person("Bea Board", "admin", "organizer"))


@pytest.mark.parametrize("which", SHARED)
def test_what_each_of_two_changed_in_one_form_is_saved(mine: Browser, theirs: Browser, which: str) -> None:
    make, their, my = SHARED[which]
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    assert theirs.post(address, data=typed(opened, **their)).status_code == 303

    answer = mine.post(address, data=typed(opened, **my))

    assert answer.status_code == 422
    assert "Bea Board saved th" in answer.text
    assert "You both changed" not in answer.text
    shown = fields_of(answer.text)
    assert {name: shown[name] for name in {**their, **my}} == {**their, **my}
    assert mine.post(address, data=shown).status_code == 303
    after = fields_of(mine.get(address).text)
    assert {name: after[name] for name in {**their, **my}} == {**their, **my}


@pytest.mark.parametrize("which", SHARED)
def test_what_both_changed_is_shown_with_both_values(mine: Browser, theirs: Browser, which: str) -> None:
    make, _, my = SHARED[which]
    (name, value), *_ = my.items()
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    other = {"30": "31", "York": "Ely"}.get(value, f"{value} Or so")
    assert theirs.post(address, data=typed(opened, **{name: other})).status_code == 303

    answer = mine.post(address, data=typed(opened, **my))

    assert answer.status_code == 422
    assert f'"Saved meanwhile">{other}</td>' in answer.text
    assert f'"In the form">{value}</td>' in answer.text
    shown = fields_of(answer.text)
    assert shown[name] == value
    assert mine.post(address, data=shown).status_code == 303, "who has seen it decides"
    assert fields_of(mine.get(address).text)[name] == value


@pytest.mark.parametrize("which", SHARED)
def test_one_form_sent_twice_and_one_without_marks_are_saved_as_ever(mine: Browser, which: str) -> None:
    make, their, my = SHARED[which]
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    for _ in range(2):
        assert mine.post(address, data=typed(opened, **my)).status_code == 303

    bare = typed(opened, **their)
    for name in ("seen", "revision"):
        bare.poplist(name)
    assert mine.post(address, data=bare).status_code == 303
    after = fields_of(mine.get(address).text)
    assert {name: after[name] for name in my} == {name: opened[name] for name in my}


def test_of_a_list_each_item_is_told_by_itself(mine: Browser, theirs: Browser) -> None:
    session, address = _a_session()
    db.session.commit()
    address = address.format(session.id)
    start = fields_of(mine.get(address).text)
    assert mine.post(address, data=typed(start, speakers="Ada | poet\r\nBen")).status_code == 303
    opened = fields_of(mine.get(address).text)
    assert theirs.post(address, data=typed(opened, speakers="Ada | poet\r\nBen\r\nCem")).status_code == 303

    answer = mine.post(address, data=typed(opened, speakers="Ada | historian\r\nBen"))

    assert answer.status_code == 422
    assert "You both changed" not in answer.text
    shown = fields_of(answer.text)
    assert shown["speakers"] == "Ada | historian\r\nBen\r\nCem"
    assert mine.post(address, data=shown).status_code == 303
    db.session.refresh(session)
    assert [speaker.name for speaker in session.speakers] == ["Ada", "Ben", "Cem"]


@pytest.mark.parametrize("which", ["version", "session", "sister", "link", "organization", "notice"])
def test_what_was_typed_of_something_that_is_gone_can_be_copied(mine: Browser, which: str) -> None:
    make, _, my = SHARED[which]
    row, address = make()
    db.session.commit()
    address = address.format(row.id)
    opened = fields_of(mine.get(address).text)
    db.session.delete(row)
    db.session.commit()

    answer = mine.post(address, data=typed(opened, **my))

    assert answer.status_code == 404
    assert "somebody may have removed it meanwhile" in answer.text
    assert '<details class="disclosure" open>' in answer.text
    for value in my.values():
        assert f'<dd class="as-typed">{value}</dd>' in answer.text
    assert "Nothing here" in mine.get(address).text


def test_what_goes_while_a_form_is_being_saved_is_not_found_either(app: Flask) -> None:
    venue = a_venue("Scott Hall")
    db.session.commit()
    db.session.execute(delete(Venue).where(Venue.id == venue.id), execution_options={"synchronize_session": False})

    with pytest.raises(NotFound):
        held(venue)


def test_what_cannot_be_so_together_is_said_beside_its_field(mine: Browser, theirs: Browser) -> None:
    tier = a_tier("Students")
    db.session.commit()
    address = f"/organize/settings/tiers/{tier.id}"
    opened = fields_of(mine.get(address).text)
    theirs.post(address, data=typed(opened, youngest=50))

    answer = mine.post(address, data=typed(opened, oldest=40))

    assert answer.status_code == 422
    assert "The oldest cannot be younger than the youngest." in answer.text


def test_who_changed_it_before_the_form_was_opened_is_not_who_saved_it_meanwhile(mine: Browser) -> None:
    organization = an_organization("B Union")
    record("organization changed", organization, by=a_person("Ed Earlier"), now=now() - timedelta(hours=1))
    db.session.commit()
    address = f"/organize/organizations/{organization.id}"
    opened = fields_of(mine.get(address).text)
    organization.about = "What no log tells of."

    answer = mine.post(address, data=typed(opened, url="https://b.example.org"))

    assert "Someone saved this organization" in answer.text


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "then"])
def test_a_form_that_says_it_was_opened_when_nothing_can_have_been_is_shown_all_the_same(
    mine: Browser, theirs: Browser, when: str
) -> None:
    venue = a_venue("Scott Hall")
    db.session.commit()
    address = f"/organize/venues/{venue.id}"
    opened = fields_of(mine.get(address).text)
    theirs.post(address, data=typed(opened, town="Ely"))

    answer = mine.post(address, data=typed(opened, access="A ramp.", seen=f"{opened['seen']} opened-at:{when}"))

    assert answer.status_code == 422
    assert fields_of(answer.text)["town"] == "Ely"


def test_a_language_that_was_changed_meanwhile_is_not_asked_for(mine: Browser, theirs: Browser) -> None:
    _, address = _a_version()
    db.session.commit()
    opened = fields_of(mine.get(address).text)
    assert theirs.post(address, data=typed(opened, language="fr")).status_code == 303

    answer = mine.post(address.replace("/de", "/fr"), data=typed(opened, body="Hallo!"))

    assert answer.status_code == 422
    assert fields_of(answer.text)["language"] == "fr"
    assert "Please choose a language." not in answer.text


def test_a_draft_goes_to_nobody_but_those_whom_somebody_chose_meanwhile(mine: Browser) -> None:
    notice = _a_draft()
    for person in db.session.scalars(select(Person)):
        db.session.add(SavedView(person_id=person.id, name="Bens", query="q=ben"))
    notice.audience, notice.found = Audience.REGISTER, "q=ben"
    db.session.commit()
    address = f"/organize/notices/{notice.id}"
    opened = fields_of(mine.get(address).text)
    notice.found = "q=ann"

    answer = mine.post(address, data=typed(opened, body="Hello, all."))

    assert answer.status_code == 422
    assert mine.post(address, data=fields_of(answer.text)).status_code == 303
    db.session.refresh(notice)
    assert (notice.audience, notice.found, notice.body) == (Audience.REGISTER, "q=ann", "Hello, all.")


@pytest.mark.parametrize(("audience", "found"), [(Audience.REGISTER, "q=ann"), (Audience.MEMBERS, "")])
@pytest.mark.parametrize("act", [{}, {"preview": "yes"}, {"city": "York"}])
def test_who_may_not_choose_from_the_register_is_shown_whom_a_secretary_chose_meanwhile(
    app: Flask, audience: Audience, found: str, act: dict[str, str]
) -> None:
    a_person("Cem", city="York")
    notice = _a_draft()
    notice.audience, notice.found = Audience.REGISTER, "q=ben"
    db.session.commit()
    browser: Any = app.test_client()
    browser.sign_in(a_person("Olive Organizer", "organizer"))
    address = f"/organize/notices/{notice.id}"
    opened = fields_of(browser.get(address).text)
    notice.audience, notice.found = audience, found
    db.session.commit()

    answer = browser.post(address, data=typed(opened, body="Hello, all.", **act))

    assert answer.status_code == 422
    shown = fields_of(answer.text)
    assert (shown["audience"], shown["view"], shown["body"]) == (audience.value, found, "Hello, all.")
    assert browser.post(address, data=shown).status_code == 303
    db.session.refresh(notice)
    assert (notice.audience, notice.found, notice.body) == (audience, found, "Hello, all.")
    asked = typed(fields_of(browser.get(address).text), audience="register", view="q=cem")
    assert browser.post(address, data=asked).status_code == 403
    assert "for secretaries to choose" in browser.post(address, data=asked).text


def test_a_draft_shows_those_on_a_list_of_answers_to_a_past_event_whom_somebody_chose_meanwhile(mine: Browser) -> None:
    notice, past = _a_draft(), an_event("Long ago", starts=NOW.replace(tzinfo=None) - timedelta(days=90))
    db.session.commit()
    address = f"/organize/notices/{notice.id}"
    opened = fields_of(mine.get(address).text)
    notice.event, notice.audience, notice.found = past, Audience.FOUND, "status=confirmed"

    answer = mine.post(address, data=typed(opened, body="Hello, all."))

    shown = fields_of(answer.text)
    assert (shown["event"], shown["audience"], shown["found"]) == (str(past.id), "found", "status=confirmed")
    assert mine.post(address, data=shown).status_code == 303


def test_a_session_that_somebody_let_end_a_day_later_does_so_still(mine: Browser, theirs: Browser) -> None:
    session, address = _a_session()
    event = session.event
    event.schedule(event.starts, event.starts + timedelta(days=3), event.zone, all_day=False)
    db.session.commit()
    address = address.format(session.id)
    opened = fields_of(mine.get(address).text)
    later = f"{session.ends + timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert theirs.post(address, data=typed(opened, ends_at=later)).status_code == 303

    answer = mine.post(address, data=typed(opened, abstract="All of it."))

    assert answer.status_code == 422
    assert fields_of(answer.text)["ends_at"] == later

"""Where this site is, in letters and calendars: as whoever runs it says, and never as a request does."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from society.calendars.render import event_file
from society.db import db
from society.mail.message import in_bytes, message
from society.mail.models import Letter
from society.mail.wire import in_full
from society.mail.worker import deliver_due
from society.rsvps.feed import Wanted, refresh, subscribe
from society.settings import UNKNOWN, Society, renew, site_address
from society.site.actions import keep_served_at
from society.times import now
from tests.builders import NOW, a_person, an_event
from tests.mail.postbox import a_postbox
from tests.site.test_organize import SETTINGS

EVIL = "evil.example"


@pytest.fixture(autouse=True)
def nothing_said(app, monkeypatch):
    """Neither by a setting nor at set-up, as where the first admin was made by a command."""
    monkeypatch.setitem(app.config, "BASE_URL", "")
    assert db.session.get(Society, 1).address == ""


def test_nothing_that_is_kept_or_mailed_names_the_host_of_a_request(client):
    """The first who asks would else decide what everybody's calendars and letters name."""
    refresh(an_event("Evening", slug="evening"), NOW)
    ann = a_person()
    own = subscribe(ann, Wanted(everything=True), now=NOW)
    db.session.commit()
    paths = ["/", "/events", "/events/evening", "/calendar", "/calendar.ics", "/events/evening.ics", "/events.atom"]
    paths += ["/events.json", "/sitemap.xml", "/robots.txt", f"/calendar/personal/{own}.ics"]

    answers = {path: client.get(path, base_url=f"http://{EVIL}") for path in paths}
    told = {path: answer.text for path, answer in answers.items()}
    client.post("/password/forgot", data={"email": ann.email}, base_url=f"http://{EVIL}")

    assert {answer.status_code for answer in answers.values()} == {200}
    assert [path for path, text in told.items() if EVIL in text] == []
    assert f"SOURCE;VALUE=URI:{UNKNOWN}/calendar.ics" in told["/calendar.ics"]
    [letter] = db.session.scalars(select(Letter))
    assert UNKNOWN in letter.body
    assert EVIL not in in_bytes(message(letter)).decode()


def test_letters_wait_until_somebody_says_where_the_site_is_and_then_lead_there(app, client, monkeypatch, caplog):
    ann, ada = a_person(), a_person("Ada", "admin")
    db.session.commit()
    client.post("/password/forgot", data={"email": ann.email}, base_url=f"http://{EVIL}")
    client.sign_in(ada)
    with a_postbox() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", postbox.url)
        assert [deliver_due(now() + timedelta(hours=1)) for _ in range(2)] == [0, 0]
        assert [record.message for record in caplog.records].count(caplog.records[0].message) == 1
        assert "SOCIETY_BASE_URL" in caplog.records[0].message
        page = client.get("/organize").text
        assert "Nobody has said where people reach this site" in page
        assert "Letters wait for it" in client.get("/organize/settings").text

        keep_served_at("127.0.0.1", 8136)
        db.session.commit()

        assert deliver_due(now() + timedelta(hours=1)) == 1
        text = postbox.messages[-1].get_body(("plain",)).get_content()
    assert "http://localhost:8136/" in text
    assert UNKNOWN not in text
    assert "Nobody has said" not in client.get("/organize").text
    page = client.get("/organize/settings").text
    assert "links lead to http://localhost:8136" in page
    assert 'value="http://localhost:8136"' in page
    client.post("/organize/settings", data={**SETTINGS, "address": "http://localhost:8136"})
    db.session.expire_all()
    assert (db.session.get(Society, 1).name, db.session.get(Society, 1).address) == (SETTINGS["name"], "")


def test_so_does_the_file_that_one_brings_and_stays_the_same_event(client):
    client.post("/password/forgot", data={"email": a_person().email})
    letter = db.session.scalars(select(Letter)).one()
    event = an_event("An evening of questions", slug="an-evening-of-questions", uid=f"1@{UNKNOWN}")
    letter.calendar = event_file(event)
    keep_served_at("127.0.0.1", 8136)
    sent = message(letter)
    (file,) = (part.get_payload(decode=True) for part in sent.iter_attachments())
    before, after = (Calendar.from_ical(one).events[0] for one in (letter.calendar, file))
    assert {name for name in before if before[name] != after[name]} == {"URL", "DESCRIPTION", "X-ALT-DESC"}
    assert after["URL"] == "http://localhost:8136/events/an-evening-of-questions"
    assert UNKNOWN not in after["DESCRIPTION"] + after["X-ALT-DESC"]
    assert max(map(len, file.split(b"\r\n"))) <= 75
    assert in_full(letter) == in_bytes(sent)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://localhost:8136"),  # noqa: S104, to be read
        ("::", "http://localhost:8136"),
        ("192.168.1.5", "http://192.168.1.5:8136"),
        ("fd00::5", "http://[fd00::5]:8136"),
    ],
)
def test_while_nobody_says_it_the_site_is_where_the_program_listens(host, address):
    keep_served_at(host, 8000)
    keep_served_at(host, 8136)
    assert site_address() == address

    db.session.get(Society, 1).address = "https://lamp.example.org"
    db.session.flush()
    renew()
    assert site_address() == "https://lamp.example.org"

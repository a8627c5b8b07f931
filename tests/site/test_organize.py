"""The staff's overview and the settings."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from society.audit.models import AuditEntry
from society.db import db
from society.mail.models import Letter, LetterState
from society.membership.actions import apply
from society.notices.models import Audience, Notice, NoticeKind
from society.rsvps.actions import reply
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.settings import Society
from society.site.colour import contrast
from society.times import to_wall
from tests.builders import NOW, a_person, a_tier, an_event

SETTINGS = {
    "name": "The Lamp Society",
    "tagline": "By lamplight",
    "welcome": "Come in.",
    "zone": "Europe/Vienna",
    "sender": "office@example.org",
    "address": "https://lamp.example.org/",
    "accent": "",
}


def an_answer(event, status, party_size=1):
    person = a_person()
    db.session.add(
        Rsvp(event=event, person=person, answer=Answer.YES, party_size=party_size, status=status, answered_at=NOW)
    )


def a_notice(event):
    kind, audience = NoticeKind.ANNOUNCEMENT, Audience.EVERYONE
    db.session.add(
        Notice(kind=kind, audience=audience, event=event, subject=f"About {event.title}", body="", created_at=NOW)
    )


def an_evening():
    """An event with everything that the overview tells of one."""
    event = an_event(capacity=3)
    an_answer(event, RsvpStatus.CONFIRMED, party_size=2)
    an_answer(event, RsvpStatus.CONFIRMED)
    an_answer(event, RsvpStatus.WAITLISTED)
    a_notice(event)
    an_event("A draft", published_at=None)
    apply(a_person(), a_tier(), NOW)
    db.session.flush()
    return event


def test_the_overview_is_for_staff(client):
    assert "/login" in client.get("/organize").location
    assert client.sign_in(a_person()).get("/organize").status_code == 403


def test_an_organizer_sees_events_seats_and_notices(client):
    event = an_evening()
    page = client.sign_in(a_person("", "organizer")).get("/organize").text

    assert event.title in page
    assert "3 of 3 coming, 1 waiting" in page
    assert f"About {event.title}" in page
    assert "A draft" in page
    assert "waits for a decision" not in page
    assert "What to do next" not in page


def test_a_secretary_sees_applications_and_no_drafts(client):
    an_evening()
    page = client.sign_in(a_person("", "secretary")).get("/organize").text

    assert "1 application waits for a decision" in page
    assert "A draft" not in page


def test_an_admin_sees_the_first_steps_until_they_are_done(app, client):
    admin = a_person("", "admin")
    assert "What to do next" in client.sign_in(admin).get("/organize").text

    an_event()
    a_person("", "organizer")
    db.session.get(Society, 1).welcome = "Come in."
    assert "What to do next" not in client.get("/organize").text


def test_staff_are_told_where_letters_lie_without_a_mail_server(app, client, monkeypatch):
    client.sign_in(a_person("", "organizer"))
    assert "outbox" in client.get("/organize").text

    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example.org")
    assert "No mail server" not in client.get("/organize").text


def test_refused_and_waiting_letters_are_counted(client):
    for number, state in enumerate([LetterState.REFUSED, LetterState.QUEUED, LetterState.SENDING, LetterState.SENT]):
        db.session.add(
            Letter(
                to_name="",
                to_address="a@example.org",
                reason=f"test:{number}",
                message_id=f"<{number}@example.org>",
                subject="",
                body="",
                state=state,
                written_at=NOW,
                due_at=NOW,
            )
        )
    page = client.sign_in(a_person("", "organizer")).get("/organize").text

    assert "1 letter was refused" in page
    assert "2 letters are on the way" in page


def test_the_overview_asks_as_much_for_three_of_each_as_for_one(client, counted):
    client.sign_in(a_person("", "admin"))
    an_evening()
    client.get("/organize")
    with counted() as one:
        client.get("/organize")
    an_evening()
    an_evening()
    with counted() as three:
        client.get("/organize")

    assert len(one) == len(three)


def test_settings_are_for_admins(client):
    assert "/login" in client.get("/organize/settings").location
    assert client.sign_in(a_person("", "secretary")).get("/organize/settings").status_code == 403
    assert client.sign_in(a_person("", "secretary")).post("/organize/settings", data=SETTINGS).status_code == 403


def test_an_admin_changes_the_settings_and_the_log_says_what(client):
    an_event()
    client.sign_in(a_person("", "admin"))

    assert client.post("/organize/settings", data=SETTINGS).status_code == 303
    society = db.session.get(Society, 1)
    assert (society.name, society.zone, society.address) == (
        "The Lamp Society",
        "Europe/Vienna",
        "https://lamp.example.org",
    )
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.before["name"], entry.after["name"]) == ("The Test Society", "The Lamp Society")
    assert "sender" not in entry.after


def test_the_colour_comes_as_a_style_sheet_of_its_own(client):
    assert client.get("/accent.css").status_code == 404
    client.sign_in(a_person("", "admin"))
    client.post("/organize/settings", data={**SETTINGS, "accent": "#7A1F1F"})

    assert 'href="/accent.css?v=7a1f1f"' in client.get("/").text
    assert client.get("/accent.css?v=7a1f1f").text == ":root { --accent: #7a1f1f; }\n"
    assert "immutable" in client.get("/accent.css?v=7a1f1f").headers["Cache-Control"]
    assert "immutable" not in client.get("/accent.css?v=000000").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 10_000),
        ("tagline", "x" * 10_000),
        ("welcome", "x" * 20_001),
        ("zone", "Nowhere/Else"),
        ("sender", "office@"),
        ("address", "javascript:alert(1)"),
        ("address", "lamp.example.org"),
        ("address", "https://lamp.example.org/site"),
        ("address", "https://lamp.example.org:port"),
        ("address", "https://[::1"),
        ("accent", "#ffffff"),
        ("accent", "red"),
        ("accent", "}*{"),
    ],
)
def test_a_bad_setting_is_answered_beside_its_field(client, field, value):
    client.sign_in(a_person("", "admin"))
    answer = client.post("/organize/settings", data={**SETTINGS, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_contrast_is_what_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_an_admin_made_by_a_command_may_settle_things_before_any_set_up(client):
    client.sign_in(a_person("Ada", "admin"))
    db.session.execute(delete(Society))

    assert client.post("/organize/settings", data=SETTINGS).status_code == 303
    assert db.session.get_one(Society, 1).name == SETTINGS["name"]


def test_the_address_is_offered_as_it_is_seen_and_cannot_be_left_out(client):
    client.sign_in(a_person("Ada", "admin"))

    assert 'value="https://society.example.org"' in client.get("/organize/settings").get_data(as_text=True)
    assert client.post("/organize/settings", data={**SETTINGS, "address": ""}).status_code == 422


def test_what_goes_on_leads_an_organizer_to_its_door(client):
    here = to_wall(NOW, "America/New_York")
    event = an_event("Open house", starts=here - timedelta(hours=1), ends=here + timedelta(hours=1))
    page = client.sign_in(a_person("Olga", "organizer")).get("/organize").text
    assert "Open house" in page.partition('id="begun"')[2].partition("</section>")[0]
    assert f"/organize/events/{event.id}/checkin" in page
    assert "Open house" not in client.sign_in(a_person("Sec", "secretary")).get("/organize").text


def test_what_admins_set_and_see_stands_side_by_side(client):
    client.sign_in(a_person("", "admin"))
    for path in ("settings", "settings/tiers", "settings/membership", "roles", "audit"):
        page = client.get(f"/organize/{path}").text
        assert page.count("aria-current=") == 3, path  # Organize, its part, the page
        assert f'<li><a href="/organize/{path}" aria-current="page">' in page


@pytest.mark.parametrize(
    ("path", "part"),
    [("outbox", ""), ("categories", "/events"), ("categories/new", "/events"), ("people/merge", "/people")],
)
def test_pages_that_stand_elsewhere_are_of_the_part_from_which_one_comes_to_them(client, path, part):
    page = client.sign_in(a_person("Ada", "admin")).get(f"/organize/{path}").text

    assert f'<li><a href="/organize{part}" aria-current="true">' in page


def test_the_list_of_events_says_how_many_come_to_each(client):
    reply(an_event("A talk", capacity=5), a_person(), Answer.YES, at=NOW)

    page = client.sign_in(a_person("Olive", "organizer")).get("/organize/events").text

    assert "1 of 5 coming" in page


@pytest.mark.parametrize("where", ["/events/{}", "/organize/events/{}"])
def test_the_tab_of_a_page_for_editing_says_so(client, where):
    event = an_event("A talk")
    client.sign_in(a_person("Olive", "organizer"))

    page = client.get(where.format(event.id if "organize" in where else event.slug)).text

    assert ("<title>Edit: A talk" in page) is ("organize" in where)

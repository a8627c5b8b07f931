"""The pages of notices: who may, what a form takes, sending, and the files parsed back as mail programs would."""

import mailbox
import re
from contextlib import closing
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from society.agenda.actions import add as add_sessions
from society.agenda.planning import Plan
from society.db import db
from society.events.models import Visibility
from society.mail.models import Letter
from society.notices.copies import mailed
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.spoken import spoken
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, a_tier, an_event

HOSTILE = [
    "",
    "x" * 30_000,
    "😀\u202e\x00\x07",
    "<script>alert(1)</script>",
    "a\r\nBcc: x@example.org",
    "'; DROP TABLE notice; --",
    "{{ config }}",
    "{% for x in y %}",
    "-1",
    "99999999999999999999",
]


@pytest.fixture
def olga(app, client):
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


def filled_in(**values):
    given = {"kind": "announcement", "event": "", "audience": "everyone", "subject": "News", "body": "Dear {{ name }},"}
    return given | values


def a_notice(olga, **values):
    given = {"kind": NoticeKind.ANNOUNCEMENT, "audience": Audience.EVERYONE, "subject": "For {{ first_name }}"}
    notice = Notice(
        **{**given, "body": "Dear {{ name }},\n\nFrom here\nFrom there", "author": olga, "created_at": NOW, **values}
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def addresses(notice):
    here = f"/organize/notices/{notice.id}"
    files = ("message.eml", "messages.mbox", "draft.eml", "text", "html")
    return ["/organize/notices", "/organize/notices/new", here, f"{here}/send", *(f"{here}/{name}" for name in files)]


def test_pages_are_for_organizers(app, client):
    notice = a_notice(a_person("Author", "organizer"))
    other = a_person("Other", "secretary")
    for address in addresses(notice):
        assert client.get(address).status_code == 303
    client.sign_in(other)
    for address in addresses(notice):
        assert client.get(address).status_code == 403
    client.sign_in(a_person("Olga", "organizer"))
    for address in addresses(notice):
        assert client.get(address, buffered=True).status_code == 200


def test_a_notice_begins_with_the_wording_for_its_event(olga, client):
    event = an_event("Ides of March")

    page = client.get(f"/organize/notices/new?event={event.id}&kind=invitation").text

    assert "You are invited: {{ event_title }}" in page
    assert f'<input type="hidden" name="event" value="{event.id}">' in page, "what it is was chosen on the way"
    assert "Invitation: “Ides of March”" in page
    for odd in ["?event=999999", "?event=x&kind=y", "?kind=%00"]:
        assert client.get(f"/organize/notices/new{odd}").status_code == 200


def test_first_it_is_asked_what_a_notice_is_and_about_which_event(olga, client):
    event = an_event("Ides of March")
    page = client.get(f"/organize/notices/new?event={event.id}&audience=found&found=status%3Dconfirmed").text
    assert f'<option selected value="{event.id}">' in page
    assert '<input type="hidden" name="found" value="status=confirmed">' in page
    assert 'name="subject"' not in page
    about_none = client.get("/organize/notices/new?kind=announcement").text
    assert (about_none.count('value="everyone"'), about_none.count('value="going"')) == (1, 0)
    without = client.get("/organize/notices/new?kind=reminder").text
    assert "about an event; please choose it" in without
    assert '<option selected value="reminder">' in without


def test_a_draft_is_kept_seen_changed_and_sent(olga, client):
    ann = a_person("Ann")
    kept = client.post("/organize/notices/new", data=filled_in())
    assert kept.status_code == 303
    here = kept.location
    assert "Dear members and friends," in client.get(here).text
    assert "Dear Ann," in client.get(f"{here}?person={ann.id}").text
    assert client.get(f"{here}?person=99999").status_code == 404

    assert client.post(here, data=filled_in(subject="Other news")).status_code == 303
    page = client.get(f"{here}/send").text
    assert "2 people." in page
    assert db.session.query(Letter).count() == 0

    assert client.post(f"{here}/send").status_code == 303
    assert {letter.subject for letter in db.session.query(Letter)} == {"Other news"}
    assert "to 2 people by mail" in client.get(here).text
    assert client.post(f"{here}/send").status_code == 409
    assert client.post(here, data=filled_in(subject="Too late")).status_code == 409
    assert client.get(f"{here}/send").status_code == 303
    assert db.session.query(Letter).count() == 2


@pytest.mark.parametrize("field", ["kind", "event", "audience", "subject", "body"])
def test_whatever_is_typed_the_answer_is_the_form_or_the_draft(olga, client, field):
    for value in HOSTILE:
        answer = client.post("/organize/notices/new", data=filled_in(**{field: value}))
        assert answer.status_code in (303, 422)
        if answer.status_code == 422:
            assert 'role="alert"' in answer.text
            assert "<script>alert" not in answer.text
        else:
            for address in ("", "/message.eml", "/draft.eml", "/messages.mbox", "/text", "/html", "/send"):
                assert client.get(answer.location + address, buffered=True).status_code == 200
    assert client.post("/organize/notices/new", data={}).status_code == 422


def test_holes_are_said_beside_the_field_and_what_was_typed_stays(olga, client):
    answer = client.post("/organize/notices/new", data=filled_in(body="Dear {{ frist_name }}, at {{ event_place }}"))

    assert answer.status_code == 422
    assert "There is no field {{ frist_name }}." in answer.text
    assert "{{ event_place }} needs an event" in answer.text
    assert "Dear {{ frist_name }}, at" in answer.text


def test_a_members_event_is_not_announced_to_everyone(olga, client):
    event = an_event("Secret supper", visibility=Visibility.MEMBERS)

    assert client.post("/organize/notices/new", data=filled_in(event=event.id)).status_code == 422
    assert client.post("/organize/notices/new", data=filled_in(event=event.id, audience="members")).status_code == 303


def test_any_published_event_can_be_chosen_also_one_for_which_the_menu_has_no_room(olga, client):
    long_ago, draft = an_event("Ides of March", starts=datetime(2019, 3, 15, 20)), an_event(published_at=None)
    assert "Ides of March" not in client.get("/organize/notices/new").text

    kept = client.post("/organize/notices/new", data=filled_in(kind="minutes", event=long_ago.id, audience="members"))
    refused = client.post("/organize/notices/new", data=filled_in(event=draft.id))

    assert kept.status_code == 303
    assert refused.status_code == 422
    assert "Please choose one from the list." in refused.text


@pytest.mark.parametrize(("field", "value"), [("audience", "going"), ("kind", "reminder")])
def test_what_is_about_an_event_needs_one(olga, client, field, value):
    assert client.post("/organize/notices/new", data=filled_in(**{field: value})).status_code == 422


def parsed(data):
    return message_from_bytes(data, policy=policy.default)


def test_one_message_opens_ready_to_be_sent(olga, client):
    event, ann = an_event("Ides of March"), a_person("Ann", email="ann@example.org")
    notice = a_notice(olga, event=event)

    answer = client.get(f"/organize/notices/{notice.id}/message.eml?person={ann.id}")
    made = parsed(answer.data)

    assert answer.headers["Content-Disposition"].endswith("ides-of-march.eml")
    assert (made["X-Unsent"], made["Subject"], made["To"]) == ("1", "For Ann", "Ann <ann@example.org>")
    assert made["Reply-To"] == olga.email
    assert made.get_body(("plain",)).get_content().startswith("Dear Ann,")
    assert "Dear Ann," in made.get_body(("html",)).get_content()
    assert next(made.iter_attachments()).get_content_type() == "text/calendar"

    to_nobody = parsed(client.get(f"/organize/notices/{notice.id}/message.eml").data)
    assert (to_nobody["To"], to_nobody["Subject"]) == (None, "For all")


def test_a_draft_to_all_shows_nobody_to_anybody(olga, client):
    people = [a_person() for _ in range(99)]
    notice = a_notice(olga)
    here = f"/organize/notices/{notice.id}"

    def in_bcc(address):
        return [mailbox.addr_spec for mailbox in parsed(client.get(address).data)["Bcc"].addresses]

    made = parsed(client.get(f"{here}/draft.eml").data)

    assert set(in_bcc(f"{here}/draft.eml")) == {person.email for person in [olga, *people]}
    assert "part 1" not in client.get(here).text, "a hundred go at once"
    one_more = a_person(email="more@example.org")
    for _ in range(2):
        page = client.get(here).text
        assert "That draft holds 101 addresses. Many mail programs and providers allow about 100" in page
        parts = [in_bcc(unescape(link)) for link in re.findall(r'href="([^"]*draft.eml[?]part=[^"]*)"', page)]
        assert [len(part) for part in parts] == [100, 1]
        assert {*parts[0], *parts[1]} == {person.email for person in [olga, one_more, *people]}
        assert client.get(f"{here}/draft.eml?part=3").status_code == 404
        client.post(f"{here}/send")
    assert [mailbox.addr_spec for mailbox in made["To"].addresses] == ["office@example.org"]
    assert made["List-Unsubscribe"] is None
    assert "Dear members and friends," in made.get_body(("plain",)).get_content()


def mail_link(page):
    found = re.search(r'href="mailto:\?([^"]+)"', page.text)
    return found and parse_qs(unescape(found[1]), strict_parsing=True)


def test_a_link_begins_the_message_to_all_in_a_mail_program(olga, client):
    a_person(email="a+b&c@example.org")
    notice = a_notice(olga, subject="News & more, of {{ society }}")
    for _ in range(2):
        fields = mail_link(client.get(f"/organize/notices/{notice.id}"))
        assert sorted(fields["bcc"][0].split(",")) == sorted(["a+b&c@example.org", olga.email])
        assert fields["subject"] == ["News & more, of The Test Society"]
        assert fields["body"][0].startswith("Dear members and friends,\r\n\r\nFrom here\r\nFrom there")
        client.post(f"/organize/notices/{notice.id}/send")


def test_a_link_too_long_is_without_addresses_or_not_offered_and_the_page_says_why(olga, client):
    for _ in range(120):
        a_person()
    notice = a_notice(olga)
    for _ in range(2):
        page = client.get(f"/organize/notices/{notice.id}")
        assert set(mail_link(page)) == {"subject", "body"}
        assert "the addresses are too many for a link" in page.text
        client.post(f"/organize/notices/{notice.id}/send")

    page = client.get(f"/organize/notices/{a_notice(olga, body='word ' * 400).id}")
    assert mail_link(page) is None
    assert "longer than a link may be (2,000 characters)" in page.text


def test_a_mailbox_holds_everyones_message_before_and_after_sending(olga, client, tmp_path):
    a_person("Ann")
    notice = a_notice(olga)
    here = f"/organize/notices/{notice.id}"
    for _ in range(2):
        (tmp_path / "box").write_bytes(client.get(f"{here}/messages.mbox", buffered=True).data)
        with closing(mailbox.mbox(tmp_path / "box")) as box:
            found = [parsed(made.as_bytes()) for made in box]
        assert sorted(made["Subject"] for made in found) == ["For Ann", "For Olga"]
        for made in found:
            assert "rom there" in made.get_body(("plain",)).get_content()
            assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        client.post(f"{here}/send")


def test_the_list_asks_as_much_for_many_notices_as_for_one(olga, client, counted):
    counts = []
    for _ in range(3):
        a_notice(olga)
        with counted() as count:
            assert client.get("/organize/notices").status_code == 200
        counts.append(len(count))
    assert counts[0] == counts[2]


def test_the_command_writes_each_form(app, olga, tmp_path):
    notice = a_notice(olga)
    db.session.commit()
    run = app.test_cli_runner().invoke
    for form, expected in {
        "eml": b"X-Unsent",
        "mbox": b"From MAILER",
        "draft": b"Bcc",
        "text": b"Dear",
        "html": b"<!DOCTYPE html>",
    }.items():
        path = tmp_path / form
        assert run(args=["notices", "export", str(notice.id), "--format", form, "-o", str(path)]).exit_code == 0
        assert expected in path.read_bytes()
    assert "no notice 999" in str(run(args=["notices", "export", "999", "--format", "eml"]).exception)


def test_a_notice_goes_to_those_ticked_or_else_to_those_found_on_the_list_of_answers(client):
    event = an_event("Rivers", max_party_size=3)
    ann, ben, cem = (
        reply(event, a_person(name, email=f"{name.lower()}@example.org"), answer, party_size=size, at=NOW)
        for name, answer, size in (("Ann", Answer.YES, 2), ("Ben", Answer.YES, 1), ("Cem", Answer.MAYBE, 1))
    )
    client.sign_in(a_person("Ora", "organizer"))
    page = client.get(f"/organize/events/{event.id}/rsvps?status=confirmed").text
    assert 'name="found" value="status=confirmed"' in page

    def readers_of(query, **more):
        begun = f"/organize/notices/new?kind=announcement&event={event.id}"
        start = client.get(f"{begun}&audience=found&{query}").text
        found = re.search(r'name="found"[^>]*value="([^"]*)"', start)[1].replace("&amp;", "&")
        typed = {"kind": "announcement", "event": event.id, "audience": "found", "found": found}
        answer = client.post("/organize/notices/new", data=typed | {"subject": "S", "body": "B"})
        assert answer.status_code == 303, answer.text
        notice = db.session.get_one(Notice, int(answer.location.rsplit("/", 1)[1]))
        sentence = spoken(notice)
        assert sentence in unescape(client.get(answer.location).text)
        return sentence, [person.name for person in list(mailed(notice, NOW))]

    assert readers_of("found=status%3Dconfirmed%26parties%3D1") == (
        "those who answered and are noted as “Coming” and bring somebody",
        ["Ann"],
    )
    chosen = "2 people chosen by hand from those who answered"
    assert readers_of(f"found=status%3Dconfirmed&rsvp={ben.id}&rsvp={cem.id}") == (chosen, ["Ben", "Cem"])
    assert readers_of(f"found=q%3Dann&rsvp={ben.id}&every=1")[1] == ["Ann"]
    assert readers_of("found=")[1] == ["Ann", "Ben", "Cem"]
    other = an_event("Lakes")
    notice = Notice(audience=Audience.FOUND, event=other, found=f"rsvp={ann.id}", kind=NoticeKind.ANNOUNCEMENT)
    assert list(mailed(notice, NOW)) == []


def test_a_general_meeting_is_called_with_its_agenda_in_time_and_to_those_who_left_the_lists_too(olga, client):
    soon = an_event("The yearly meeting", starts=NEXT_MONTH - timedelta(days=25))
    add_sessions(soon, [Plan(f"Item {n}", soon.starts + timedelta(minutes=n), soon.ends) for n in range(2)], NOW)
    later = an_event("The other meeting", starts=NEXT_MONTH)
    db.session.commit()
    start = client.get(f"/organize/notices/new?kind=meeting&event={soon.id}").text
    assert "you are called to a general meeting" in start
    assert "{{ event_agenda }}" in start
    for event, late in ((soon, True), (later, False)):
        body = "Dear {{ name }},\n\n{{ event_agenda }}" if event is soon else "Dear {{ name }},"
        given = filled_in(kind="meeting", event=str(event.id), audience="everyone", body=body)
        page = client.post("/organize/notices/new", data=given, follow_redirects=True).text
        assert ("The rules ask for 14 days of notice" in page) is late
        assert ("Its event has no agenda" in page) is not late
        if late:
            assert re.search(r"1. Item 0<br>\s*2. Item 1", page)
    notice = db.session.scalars(select(Notice).where(Notice.event_id == later.id)).one()
    notice.planned_at = later.starts_at - timedelta(days=3)
    add_sessions(later, [Plan("Item", later.starts, later.ends)], NOW)
    db.session.commit()
    page = client.get(f"/organize/notices/{notice.id}").text
    assert "until this meeting it is 3 days" in page
    assert "The text does not name {{ event_agenda }}" in page
    assert NoticeKind.MEETING.mailing_list is None
    assert client.get("/organize/notices/new?kind=memoriam").status_code == 200


def test_a_notice_goes_to_those_whom_the_register_finds(client):
    student, other = a_tier("Student"), a_tier("Full")
    ann, ben, cem = a_person("Ann", city="Exampleton"), a_person("Ben", city="Elsewhere"), a_person("Cem")
    for person, tier in ((ann, student), (ben, student), (cem, other)):
        a_membership(person, tier)
    both, organizer = a_person("Sec", "secretary", "organizer"), a_person("Olga", "organizer")
    db.session.commit()

    client.sign_in(both)
    listed = client.get(f"/organize/people?tier={student.id}").text
    link = unescape(re.search(r'href="(/organize/notices/new[^"]*)"', listed)[1])
    assert '<input type="hidden" name="audience" value="register">' in client.get(link).text, "it keeps the readers"
    assert "Members of the tier Student" in client.get(f"{link}&kind=announcement").text
    query = parse_qs(urlsplit(link).query)["found"][0]
    said = {
        "kind": "announcement",
        "audience": "register",
        "view": query,
        "subject": "Hello",
        "body": "Dear students,",
    }
    draft = client.post("/organize/notices/new", data=said).location

    notice = db.session.scalars(select(Notice)).one()
    assert [person.name for person in mailed(notice, NOW)] == ["Ann", "Ben"]
    assert "2 people" in client.get(draft).text
    client.sign_in(organizer)
    assert client.get(link).status_code == 403
    assert client.post("/organize/notices/new", data=said).status_code == 403
    changed = said | {"subject": "Good day"}
    assert client.post(draft, data=changed).status_code == 303
    assert client.post(draft, data=changed | {"view": "city=Exampleton"}).status_code == 403
    assert "register" not in client.get("/organize/notices/new?kind=announcement").text.partition("<form")[2]


def test_what_is_typed_is_looked_at_as_any_reader_and_not_kept(olga, client):
    ann, ben = a_person("Ann"), a_person("Ben")
    typed = filled_in(subject="For {{ first_name }}", body="Dear {{ name }}, **hello**.", preview="yes")
    assert "<b>For all</b>" in client.post("/organize/notices/new", data=typed).text
    page = client.post("/organize/notices/new", data=typed | {"reader": str(ann.id)})
    assert page.status_code == 200
    assert "<b>For Ann</b>" in page.text
    assert "Dear Ann, <strong>hello</strong>." in page.text
    assert f'<option value="{ben.id}">Ben</option>' in page.text
    assert db.session.query(Notice).count() == 0

    notice = a_notice(olga)
    here = f"/organize/notices/{notice.id}"
    assert "<b>For Ben</b>" in client.post(here, data=typed | {"reader": str(ben.id)}).text
    assert "<b>For all</b>" in client.post(here, data=typed | {"reader": "x'\x00"}).text
    db.session.expire_all()
    assert notice.body.startswith("Dear {{ name }},\n\nFrom here")


def test_a_field_that_cannot_be_filled_is_said_where_the_letter_would_stand(olga, client):
    page = client.post("/organize/notices/new", data=filled_in(subject="{{ frist_name }}", preview="yes"))
    assert page.status_code == 422
    assert "It cannot be filled yet" in page.text
    assert "There is no field {{ frist_name }}." in page.text.split('id="typed-letter"')[1]


def test_a_sent_notice_is_not_typed_at(olga, client):
    a_person("Ann")
    notice = a_notice(olga)
    assert client.post(f"/organize/notices/{notice.id}/send").status_code == 303
    assert client.post(f"/organize/notices/{notice.id}", data=filled_in(preview="yes")).status_code == 409

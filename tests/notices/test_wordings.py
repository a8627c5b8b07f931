"""What notices begin with: built in or the society's own, without what an event lacks."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from society.audit.models import AuditEntry
from society.db import db
from society.events.models import RsvpPolicy
from society.mail.filling import begun
from society.mail.models import Letter, OwnWording
from society.notices import news_wording
from society.notices.merge import Reader, problems, values
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.wording import LABELS, THANKS, built_in, in_other_languages, suggested
from society.reminders.actions import plan, send_planned
from society.reminders.models import DAY, Occasion
from society.rsvps.actions import reply, withdraw
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.settings import Society, renew
from tests.builders import NOW, a_person, a_venue, an_event

MEET = "https://meet.example.org/x"

OWN = """Dear {{ first_name }},

come to {{ event_title }}!

- With {{ event_speakers }}
- At {{ event_place }}
- On {{ event_when }}

## In short

{{ event_summary }}

## Thanks to

{{ backing }}
and to you."""


@pytest.fixture
def olga(app, client):
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


def own(of, subject="Ours: {{ event_title }}", body=OWN, language=""):
    db.session.add(OwnWording(of=of, subject=subject, body=body, language=language))
    db.session.flush()


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("a {{ x }}", ""),
        ("a {{ x }} {{ y }}\nb", ""),
        ("a {{ x }}\nb {{ y }}\nc", "b {{ y }}\nc"),
        ("## H\n\n{{ x }}\n\nz", "z"),
        ("## H {{ y }}\n\n{{ x }}\n\nz", "## H {{ y }}\n\nz"),
        ("no field\n\n{{ m }}", "no field\n\n- one"),
        ("plain\n\n\n\n{{ y }}", "plain\n\n{{ y }}"),
    ],
)
def test_lines_with_an_empty_field_go_and_paragraphs_and_headings_that_have_nothing_else(body, left):
    assert begun(body, {"x"}, {"m": "- one"}) == left


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_begins_with_the_societys_own_wording_and_has_no_hole(app, kind):
    own(kind.value)
    bare, full = an_event(summary="", venue=None), an_event(summary="A talk.", room="Room 221")
    for event in (bare, full, None):
        subject, body = suggested(kind, event)
        notice = Notice(kind=kind, audience=Audience.EVERYONE, event=event)
        assert problems(subject, values(notice, Reader())) == problems(body, values(notice, Reader())) == []
        assert ("Ours" in subject) == (event is not None)
        assert ("## In short" in body) == (event is full)
        assert "Thanks to" not in body


def test_what_goes_out_by_itself_says_it_too(app):
    own("reminder", "Do not forget {{ event_title }}", "It is at {{ event_place }}.\n\nSee you, {{ first_name }}.")
    event, ann = an_event("Talk", venue=None), a_person("Ann")
    reply(event, ann, Answer.YES, at=NOW)
    plan(event, Occasion.REMINDER, DAY, by=a_person("Olga", "organizer"), now=NOW)
    db.session.commit()

    send_planned(event.starts_at - timedelta(hours=20))

    letter = db.session.query(Letter).filter_by(subject="Do not forget Talk").one()
    assert letter.to_address == ann.email
    assert letter.body.strip() == "See you, Ann."


@pytest.mark.parametrize("language", ["en", "de"])
def test_where_nobody_can_come_by_an_answer_a_reminder_leads_to_how_to_get_in_only_as_far_as_it_is_told(app, language):
    event = an_event(instructions="Ring at Sample")
    ann = a_person()
    reply(event, ann, Answer.YES, at=NOW)
    event.rsvp_policy = RsvpPolicy.CLOSED

    def leads() -> bool:
        wordings = in_other_languages("reminder", event, Audience.GOING, [language]) if language != "en" else {}
        body = (wordings.get(language) or suggested(NoticeKind.REMINDER, event)).body
        assert ("{{ joining_link }}" in body) == bool(re.search("How to get in|hinein", body))
        return "{{ joining_link }}" in body

    assert leads(), "to who answered before"
    withdraw(rsvp_of(event, ann), NOW)
    assert not leads()
    event.online_url = "https://meet.example.org/x"
    assert leads(), "to the event's page, where all find the link in time"


SEATS = {
    "en": ("take a seat", "leave your seat", "join us online? Tell us here", "cannot join us after all, please say so"),
    "de": ("einen Platz", "Ihren Platz", "Sind Sie online dabei", "nicht dabei sein können"),
    "fr": ("prenez une place", "votre place", "Participerez-vous en ligne", "ne pouvez pas participer"),
    "es": ("reserve una plaza", "su plaza", "¿Participará en línea?", "no puede participar"),
}


@pytest.mark.parametrize("language", SEATS)
def test_of_what_is_online_alone_no_notice_begins_with_words_of_a_seat(app, language):
    db.session.execute(update(Society).values(language=language))
    renew()
    hall, online, both = (
        an_event(online_url=url, venue=venue) for url, venue in [("", a_venue()), (MEET, None), (MEET, a_venue())]
    )
    assert (online.only_online, both.only_online) == (True, False)
    take, leave, join, stay = SEATS[language]
    for kind, seated, instead in [(NoticeKind.ANNOUNCEMENT, take, join), (NoticeKind.REMINDER, leave, stay)]:
        for event in (hall, both):
            body = suggested(kind, event).body
            assert (seated in body, instead in body) == (True, False)
        body = suggested(kind, online).body
        assert (seated in body, instead in body) == (False, True)
        others = in_other_languages(kind.value, online, Audience.EVERYONE, SEATS)
        for other, said in others.items():
            assert SEATS[other][0 if kind is NoticeKind.ANNOUNCEMENT else 1] not in said.body
            assert SEATS[other][2 if kind is NoticeKind.ANNOUNCEMENT else 3] in said.body


def test_so_it_is_in_a_wording_of_the_societys_own_that_kept_the_sentence_and_where_it_is_looked_at(olga, client):
    body = built_in("reminder").body.replace("a reminder, since it is soon:", "it is time!")
    own("reminder", body=body)
    event = an_event(online_url=MEET, venue=None)
    begun_with = suggested(NoticeKind.REMINDER, event).body
    assert "it is time!" in begun_with
    assert "please say so here" in begun_with

    seen = client.post(
        "/organize/notices/wordings/reminder",
        data={"subject": "Soon", "body": built_in("reminder").body, "event": event.id, "preview": "yes"},
    ).text
    assert "please say so here" in seen[seen.index('id="preview"') :]


def test_a_wording_is_looked_at_saved_and_reset(olga, client):
    an_event("Ides of March", summary="")
    here = "/organize/notices/wordings/invitation"
    typed = {"subject": "Come: {{ event_title }}", "body": OWN, "event": ""}
    asked = client.get(here).text
    assert "You are invited: Ides of March" in asked

    event = asked.split('<option selected value="')[1].split('"')[0]
    looked = client.post(here, data=typed | {"event": event, "preview": "yes"})
    assert looked.status_code == 200
    assert "Come: Ides of March" in looked.text
    assert db.session.query(OwnWording).count() == 0

    assert client.post(here, data=typed).status_code == 303
    assert "Our own" in client.get("/organize/notices/wordings").text
    assert "Come: {{ event_title }}" in client.get(f"/organize/notices/new?kind=invitation&event={event}").text
    assert client.post(f"{here}/reset").status_code == 303
    assert db.session.query(OwnWording).count() == 0
    log = db.session.query(AuditEntry).order_by(AuditEntry.id)
    acts = [entry.act for entry in log if entry.subject_kind == "own_wording"]
    assert acts == ["wording changed", "wording reset"]


def test_the_built_in_wording_saved_as_it_is_stays_built_in(olga, client):
    subject, body = built_in(THANKS)
    assert client.post("/organize/notices/wordings/thanks", data={"subject": subject, "body": body}).status_code == 303
    assert db.session.query(OwnWording).count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("subject", "Hi {{ frist_name }}", "There is no field {{ frist_name }}."),
        ("subject", "{{ event_material }}", "in the text only"),
        ("subject", "", "Please"),
        ("body", "a {{ event_material }}", "a line of its own"),
        ("body", "{{\nname }}", "stands alone"),
        ("body", "{{ ''.__class__ }}", "There is no field"),
        ("body", "{% for x in y %} {{ config }}", "There is no field {{ config }}."),
    ],
)
def test_what_could_become_a_hole_is_said_and_nothing_typed_is_lost(olga, client, field, typed, said):
    page = client.post(
        "/organize/notices/wordings/reminder", data={"subject": "S", "body": "My words"} | {field: typed}
    )

    assert page.status_code == 422
    assert said in page.text.replace("&#39;", "'")
    assert "My words" in page.text or field == "body"
    assert db.session.query(OwnWording).count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("subject", "{{ changes }}", "in the text only"),
        ("subject", "{{ events }}", "There is no field {{ events }}."),
        ("body", "{{ changes }}", "{{ note }} is missing"),
        ("body", "{{ note }}", "{{ changes }} is missing"),
        ("body", "{{ changes }}\n\nHe says: {{ note }}", "a line of their own"),
        ("body", "{{ changes }}\n\n{{ note }}\n\n{{\nname }}", "stands alone"),
    ],
)
def test_news_says_what_has_changed_and_what_the_organizer_writes(olga, client, field, typed, said):
    typed = {"subject": "S", "body": "{{ changes }}\n\n{{ note }}"} | {field: typed}
    page = client.post("/organize/notices/wordings/changed", data=typed)
    assert page.status_code == 422
    assert said in page.text


def test_news_is_looked_at_for_an_event(olga, client):
    event = an_event("Ides of March", room="1")
    typed = {"subject": "{{ event_title }}!", "body": "{{ changes }}\n\n{{ note }}", "event": str(event.id)}
    page = client.post("/organize/notices/wordings/changed", data=typed | {"preview": "yes"}).text
    assert "Ides of March!" in page
    assert "from now on: 2" in page
    assert client.post("/organize/notices/wordings/changed", data=typed).status_code == 303
    db.session.execute(update(OwnWording).values(body="{{ gone }}"))
    db.session.commit()
    assert "Not in use:" in client.get("/organize/notices/wordings/changed").text


def test_every_wording_is_shown_and_no_other_has_a_page(olga, client):
    for name in LABELS | news_wording.LABELS:
        assert client.get(f"/organize/notices/wordings/{name}").status_code == 200
    assert client.get("/organize/notices/wordings/other").status_code == 404
    assert client.post("/organize/notices/wordings/other/reset").status_code == 404


def test_the_list_costs_the_same_however_many_are_our_own(olga, client, counted):
    own("reminder")
    client.get("/organize/notices/wordings")
    with counted() as one:
        client.get("/organize/notices/wordings")
    own("minutes")
    own("thanks")
    db.session.commit()
    with counted() as three:
        client.get("/organize/notices/wordings")
    assert len(one) == len(three)


@pytest.mark.once
def test_what_goes_out_by_itself_says_it_in_the_language_of_each_reader(app):
    own("reminder", "Soon {{ event_title }}", "Hello {{ first_name }}.")
    own("reminder", "Bald {{ event_title }}", "Hallo {{ first_name }}.\n\nOrt: {{ event_place }}", language="de")
    own("reminder", "{{ event_summary }}", "Bonjour {{ first_name }}.", language="fr")
    event = an_event("Talk", venue=None, summary="")
    readers = {language: a_person("Ann", language=language) for language in ("", "de-AT", "fr", "es", "pl")}
    for reader in readers.values():
        reply(event, reader, Answer.YES, at=NOW)
    plan(event, Occasion.REMINDER, DAY, by=a_person("Olga", "organizer"), now=NOW)
    db.session.commit()

    send_planned(event.starts_at - timedelta(hours=20))

    said = {letter.person_id: letter.subject for letter in db.session.query(Letter).filter(Letter.bulk)}
    expected = ["Soon Talk", "Bald Talk", "Bientôt\u202f: Talk", "Muy pronto: Talk", "Soon Talk"]
    assert [said[one.id] for one in readers.values()] == expected, "our own, else built in, else the main one"
    german = db.session.query(Letter).filter_by(subject="Bald Talk").one()
    assert german.body.strip() == "Hallo Ann."


@pytest.mark.once
def test_a_wording_has_versions_in_further_languages_which_notices_can_begin_with(olga, client):
    event = an_event("Ides of March", summary="", starts=datetime(2032, 3, 4, 20))
    here = "/organize/notices/wordings/invitation"
    typed = {"subject": "Einladung: {{ event_title }}", "body": "Am {{ event_when }}", "event": str(event.id)}
    for wrong in ("en", "zz", "x" * 60):
        assert client.get(f"{here}?language={wrong}").status_code == 303

    looked = client.post(f"{here}?language=DE", data=typed | {"preview": "yes"}).text
    assert "Am Donnerstag, 4. März 2032" in looked
    assert client.post(f"{here}?language=DE", data=typed).status_code == 303

    assert [(row.of, row.language) for row in db.session.query(OwnWording)] == [("invitation", "de")]
    assert suggested(NoticeKind.INVITATION, event).subject == "You are invited: {{ event_title }}"
    assert "German" in client.get("/organize/notices/wordings").text
    a_person(language="de-AT")
    offered = client.get(here).text.partition('label="Suggested"')[2].partition("</optgroup>")[0]
    assert re.findall(r'value="([^"]+)"', offered) == ["de-AT"], "what people read is first, but for what is there"
    assert "Einladung" in client.get(f"{here}?language=de").text
    notice = Notice(kind=NoticeKind.INVITATION, audience=Audience.MEMBERS, event=event, created_at=NOW)
    notice.subject, notice.body = "Come", "Dear all"
    db.session.add(notice)
    db.session.commit()
    start = client.get(f"/organize/notices/{notice.id}/languages?language=de").text
    assert "Einladung: {{ event_title }}" in start
    assert client.post(f"{here}/reset?language=de").status_code == 303
    assert db.session.query(OwnWording).count() == 0


@pytest.mark.once
def test_what_is_built_in_stands_in_other_languages_too_and_a_version_can_begin_with_it(olga, client):
    event = an_event("Ides of March", summary="", venue=None)
    here = "/organize/notices/wordings/invitation"
    assert f"{here}?language=de" in client.get("/organize/notices/wordings").text
    assert "Sie sind eingeladen: {{ event_title }}" in client.get(f"{here}?language=de").text
    assert "You are invited: {{ event_title }}" in client.get(f"{here}?language=pl").text
    notice = Notice(kind=NoticeKind.INVITATION, audience=Audience.MEMBERS, event=event, created_at=NOW)
    notice.subject, notice.body = "Come", "Dear all"
    db.session.add(notice)
    db.session.commit()

    start = client.get(f"/organize/notices/{notice.id}/languages?language=de").text

    assert "Sie sind eingeladen: {{ event_title }}" in start
    assert "{{ event_place }}" not in start.partition("<textarea")[2].partition("</textarea")[0]
    assert "lädt Sie herzlich ein:" in start


@pytest.mark.once
def test_a_german_society_begins_in_german(app):
    db.session.execute(update(Society).values(language="de-AT"))
    renew()
    event = an_event("Talk")

    assert suggested(NoticeKind.CHANGE, event).subject == "Geändert: {{ event_title }}"
    assert suggested(NoticeKind.NEWSLETTER, None).subject == "{{ society }}: Neues"
    found = in_other_languages("invitation", event, Audience.MEMBERS, ["de", "en"])
    assert {one: wording.subject for one, wording in found.items()} == {"en": "You are invited: {{ event_title }}"}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.ANNOUNCEMENT])
def test_of_what_is_online_alone_a_notice_speaks_of_no_seat(app, kind, language):
    def said(**values) -> str:
        event = an_event(venue=None, **values)
        wordings = in_other_languages(kind.value, event, Audience.GOING, [language]) if language != "en" else {}
        return (wordings.get(language) or suggested(kind, event)).body

    online = said(online_url="https://meet.example.org/x")
    assert not re.search("seat|Platz", online)
    assert "{{ rsvp_link }}" in online
    assert re.search("seat|Platz", said(online_url="https://meet.example.org/x", room="Room 1"))

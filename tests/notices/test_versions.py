"""A notice in several languages: each reader gets the one they read."""

import json
import re
from datetime import datetime

import pytest
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.events.models import Speaker
from society.languages import best
from society.mail.models import Letter
from society.notices.copies import copies, copy_for
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.paper import Format, letters_given
from society.notices.sending import send
from society.notices.versions import spoken_languages
from tests.builders import NOW, a_person, a_venue, an_event

pytestmark = pytest.mark.once

GERMAN = "Liebe(r) {{ first_name }},\n\n{{ event_when }}: {{ event_title }}, mit {{ event_speakers }}."


@pytest.fixture
def olga(app, client):
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


def a_draft(olga, *languages, body=GERMAN, **values):
    given = {"kind": NoticeKind.ANNOUNCEMENT, "audience": Audience.EVERYONE, "event": an_event("Talk")}
    given |= {"subject": "Come: {{ event_title }}", "body": "Dear {{ first_name }},\n\n{{ event_when }}"}
    notice = Notice(**{**given, **values}, author=olga, created_at=NOW)
    for language in languages:
        notice.versions.append(
            NoticeVersion(language=language, subject=f"{language}: {{{{ event_title }}}}", body=body)
        )
    db.session.add(notice)
    db.session.commit()
    return notice


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("de", "de"), ("de-CH", "de"), ("DE-AT", "de-AT"), ("de-AT-1996", "de-AT"), ("d", None), ("fr", None), ("", None)],
)
def test_somebody_reads_their_language_or_what_it_is_a_variant_of(wanted, found):
    assert best(wanted, ["de", "de-AT", "pl"]) == found


def test_each_reader_gets_their_language_and_everyone_else_the_main_text(olga):
    readers = [a_person("Dora", language="de-CH"), a_person("Frida", language="fr"), a_person("Ed", language="en")]
    notice = a_draft(olga, "de", body="Hallo {{ first_name }}")
    assert spoken_languages(notice, NOW) == "Of those whom it reaches, 3 read it in English and 1 in German."
    before = {letter.to_name: letter.subject for letter in copies(notice, NOW)}

    send(notice, NOW)
    db.session.commit()

    found = {letter.to_name: letter.subject for letter in db.session.scalars(select(Letter))}
    assert found == before == dict.fromkeys(("Olga", "Frida", "Ed"), "Come: Talk") | {"Dora": "de: Talk"}
    assert copy_for(notice, readers[0], NOW).body == "Hallo Dora"
    assert copy_for(notice, None, NOW).subject == "Come: Talk"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Donnerstag, 4. März 2032, 20:00 – 21:30 (New York, Ortszeit): Talk, mit A, B und C."),
        ("fr", "jeudi 4 mars 2032, 20:00 – 21:30 (heure : New York): Talk, mit A, B et C."),
    ],
)
def test_days_and_times_are_written_as_the_language_does(olga, language, told):
    event = an_event("Talk", starts=datetime(2032, 3, 4, 20))
    event.speakers = [Speaker(name=name, position=place) for place, name in enumerate("ABC")]
    reader = a_person("Dora", language=language)

    body = copy_for(a_draft(olga, language, event=event), reader, NOW).body.replace("\\", "")

    assert told in body
    reader.zone = "Asia/Tokyo"
    body = copy_for(a_draft(olga, language, event=event), reader, NOW).body.replace("\\", "")
    assert told.partition("):")[0] + ") = " in body
    assert "10:00" in body


def test_on_paper_the_date_is_in_the_language_of_the_letter(olga):
    dora = a_person("Dora", language="de", address="Weg 1", by_letter=True)
    given = letters_given(a_draft(olga, "de"), [dora], Format.A4, datetime.fromisoformat("2032-03-04T12:00+00:00"))
    (letter,) = json.loads(given)["letters"]
    assert (letter["date"], letter["page"], letter["language"]) == ("Donnerstag, 4. März 2032", "Seite", "de")


def test_a_hole_in_any_language_keeps_it_from_being_sent(olga, client):
    event = an_event("Talk", venue=a_venue("Scott Hall"))
    notice = a_draft(olga, "de", event=event, body="In {{ event_place }}")
    event.venue = None
    db.session.commit()

    assert "In German: {{ event_place }} is empty" in client.get(f"/organize/notices/{notice.id}").text
    with pytest.raises(Refused, match=r"In German: .* is empty"):
        send(notice, NOW)


def test_a_version_is_written_looked_at_changed_and_removed(olga, client):
    notice = a_draft(olga)
    here = f"/organize/notices/{notice.id}"
    typed = {
        "language": "de",
        "subject": "Kommt: {{ event_title }}",
        "body": "Hallo {{ first_name }}, {{ event_when }}",
    }
    assert "Come: {{ event_title }}" in client.get(f"{here}/languages").text

    looked = client.post(f"{here}/languages", data=typed | {"preview": "yes"})
    assert (looked.status_code, "Kommt: Talk" in looked.text, ", Ortszeit)" in looked.text) == (200, True, True)
    assert db.session.query(NoticeVersion).count() == 0
    assert client.post(f"{here}/languages", data=typed).status_code == 303

    for wrong in (
        {"language": "DE"},
        {"language": "en"},
        {"language": "zz"},
        {"body": "{{ nothing }}", "language": "fr"},
    ):
        assert client.post(f"{here}/languages", data=typed | wrong).status_code == 422
    assert "German" in client.get(here).text
    assert client.post(f"{here}/languages/de", data=typed | {"subject": "Neu"}).status_code == 303
    assert client.get(f"{here}/languages/fr").status_code == 404
    dora = a_person("Dora", language="de")
    db.session.commit()
    page = client.get(f"{here}?person={dora.id}").text
    assert ("Neu" in page, "Hallo Dora" in page, "in English for all" in page) == (True, True, True)
    assert "1 in German" in client.get(f"{here}/send").text

    assert client.post(f"{here}/languages/de/remove").status_code == 303
    assert db.session.query(NoticeVersion).count() == 0


def test_what_is_sent_is_not_translated_any_more_and_only_organizers_do_that(olga, client):
    notice = a_draft(olga, "de", body="Hallo")
    send(notice, NOW)
    db.session.commit()
    here = f"/organize/notices/{notice.id}/languages"
    for path in (here, f"{here}/de"):
        assert client.post(path, data={"language": "fr", "subject": "x", "body": "x"}).status_code == 409
    assert client.post(f"{here}/de/remove").status_code == 409
    client.sign_in(a_person("Sec", "secretary"))
    assert client.get(f"{here}/de").status_code == 403


def test_languages_that_its_readers_chose_are_offered_first(olga, client):
    notice = a_draft(olga, "de")
    for language in ("cy", "fr", "fr", "de"):
        a_person(language=language)
    db.session.commit()

    page = client.get(f"/organize/notices/{notice.id}/languages").text

    suggested = page.partition('label="Suggested"')[2].partition("</optgroup>")[0]
    assert re.findall(r'value="([^"]+)"', suggested) == ["fr", "cy"]

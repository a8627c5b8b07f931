"""No form of a notice is handed out with a hole, whatever it is sent, downloaded or printed as."""

import re

import pytest
from sqlalchemy import update

from society.db import db
from society.errors import Refused
from society.mail.actions import bury, leave
from society.mail.models import Letter, LetterState, MailingList
from society.notices.actions import alter
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.notices.sending import holes, send
from society.records.erasing import blank
from society.rsvps.actions import reply, withdraw
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from tests.builders import NOW, a_person, a_venue, an_event

ANEW = ("message.eml", "message.eml?person={reader}", "draft.eml", "text", "html", "letters.pdf?all=1")
ALL_FORMS = (*ANEW, "messages.mbox")
STANDING = "cannot be handed out as it stands"


@pytest.fixture
def olga(app, client):
    client.sign_in(person := a_person("Olga", "organizer", address="1 Road\nTown"))
    return person


def a_notice(olga, body="We meet at {{ event_place }}.", **values):
    given = {"event": an_event("Talk", venue=a_venue()), "subject": "News", **values}
    given = {"kind": NoticeKind.ANNOUNCEMENT, "audience": Audience.EVERYONE} | given
    notice = Notice(body=body, author=olga, created_at=NOW, **given)
    db.session.add(notice)
    db.session.flush()
    return notice


def without_its_venue(notice, olga):
    alter(notice.event, lambda: setattr(notice.event, "venue", None), by=olga, now=NOW, tell=False)
    db.session.commit()


def addresses(notice, reader, forms=ALL_FORMS):
    return [f"/organize/notices/{notice.id}/{form.format(reader=reader.id)}" for form in forms]


def test_a_draft_with_a_hole_is_offered_in_no_form_and_not_to_be_sent(olga, client):
    notice = a_notice(olga)
    without_its_venue(notice, olga)
    where = "{{ event_place }} is empty for this event"

    for address in addresses(notice, olga):
        answer = client.get(address)
        assert (answer.status_code, STANDING in answer.text, where in answer.text) == (409, True, True), address
        assert not answer.headers.get("Content-Disposition")

    page, asked = (client.get(f"/organize/notices/{notice.id}{path}").text for path in ("", "/send"))
    assert page.count(where) == asked.count(where) == 1
    assert "draft.eml" not in page
    assert "mailto:?" not in page
    assert "letters.pdf" not in page
    assert "labels.pdf" in page
    assert "<form method" not in asked.partition("<main")[2].partition("</main")[0]


def test_a_hole_in_another_language_keeps_it_too(olga, client):
    notice = a_notice(olga, "Come.")
    notice.versions.append(NoticeVersion(language="de", subject="Neues", body="Wir sind {{ event_speakers }}."))
    db.session.commit()

    assert all("In German: {{ event_speakers }}" in client.get(each).text for each in addresses(notice, olga))


def test_what_was_sent_is_handed_out_as_it_was_and_nothing_is_made_of_it_anew(olga, client):
    notice = a_notice(olga)
    send(notice, NOW)
    db.session.commit()
    without_its_venue(notice, olga)
    for letter in db.session.query(Letter):
        assert "Hall" in letter.body

    answers = {form: client.get(each) for form, each in zip(ALL_FORMS, addresses(notice, olga), strict=True)}
    whole = [form for form, answer in answers.items() if answer.status_code == 200]
    assert whole == ["message.eml?person={reader}", "messages.mbox"]
    assert all(STANDING in answer.text for form, answer in answers.items() if form not in whole)
    page = client.get(f"/organize/notices/{notice.id}").text
    assert "nothing any more for {{ event_place }}" in page
    assert "messages.mbox" in page
    assert "draft.eml" not in page


def test_a_line_that_has_nothing_to_say_any_more_is_no_hole_in_what_was_sent(olga, client):
    notice = a_notice(olga, "Come.\n\n- **When:** {{ event_when }}\n- **Where:** {{ event_place }}")
    send(notice, NOW)
    db.session.commit()
    without_its_venue(notice, olga)

    for address in addresses(notice, olga):
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()


def test_readers_whose_name_is_blank_are_named_where_it_would_stand(olga, client):
    for number in range(5):
        a_person(email=f"nameless{number}@example.org").name = " "
    db.session.flush()

    assert holes(a_notice(olga, "Come."), NOW) == []
    assert holes(a_notice(olga, "Dear {{ first_name }},"), NOW) == [
        "{{ first_name }} would be empty for nameless0@example.org, nameless1@example.org and nameless2@example.org "
        "and 2 more: their names are not known. Enter them, or take it out."
    ]


def test_the_one_text_for_all_says_what_stands_there_for_each_ones_own(olga, client):
    notice = a_notice(olga, "Dear {{ first_name }},\n\nanswer: {{ rsvp_link }}")
    db.session.commit()

    page = client.get(f"/organize/notices/{notice.id}").text
    assert '<code>{{ first_name }}</code> reads “<span class="address">all</span>”' in page
    assert f"/events/{notice.event.slug}</span>”." in page
    assert "{{" not in client.get(f"/organize/notices/{notice.id}/draft.eml").text
    plain = a_notice(olga, "Come.")
    assert "one text for all" not in client.get(f"/organize/notices/{plain.id}").text


@pytest.mark.parametrize("form", ["eml", "mbox", "draft", "text", "html"])
def test_the_command_hands_out_no_hole_either(app, olga, form):
    notice = a_notice(olga)
    without_its_venue(notice, olga)

    result = app.test_cli_runner().invoke(args=["notices", "export", str(notice.id), "--format", form])

    assert isinstance(result.exception, Refused)
    assert STANDING in str(result.exception)
    assert not result.output


def test_a_test_of_a_draft_with_a_hole_says_so(olga, client):
    draft = a_notice(olga, "Dear {{ first_nme }}")

    page = client.post(f"/organize/notices/{draft.id}/trial").text

    assert "It could not be sent as it stands" in page
    assert "first_nme" in page


def in_what_was_sent(notice, client):
    """To whom the copies of it are that can be mailed by hand, told by what stands before the @."""
    db.session.commit()
    files = [client.get(f"/organize/notices/{notice.id}/{form}").text for form in ("draft.eml", "messages.mbox")]
    bcc, mailbox = [set(re.findall(r"\b([a-z]+)@readers\.example\.org", file)) for file in files]
    assert bcc == mailbox
    assert files[1].count("\nTo: ") == len(mailbox)
    return mailbox


def readers(*names):
    return [a_person(name, email=f"{name.lower()}@readers.example.org") for name in names]


def test_copies_of_what_was_sent_are_for_nobody_who_left_was_erased_or_cannot_be_mailed_since(olga, client):
    olga.email = None
    _ann, leaver, erased, gone = readers("Ann", "Lea", "Eli", "Dan")
    notice = a_notice(olga, "Dear {{ first_name }}")
    send(notice, NOW)
    assert in_what_was_sent(notice, client) == {"ann", "lea", "eli", "dan"}

    leave(leaver, MailingList.ANNOUNCEMENTS, NOW)
    blank([erased], "", NOW)
    bury(gone.email, "550 5.1.1 no such user", NOW)

    assert in_what_was_sent(notice, client) == {"ann"}


def test_copies_of_what_was_sent_to_guests_are_for_nobody_who_withdrew_since(olga, client):
    event, (ann, ben) = an_event("Talk", venue=a_venue()), readers("Ann", "Ben")
    for guest in (ann, ben):
        reply(event, guest, Answer.YES, at=NOW)
    notice = a_notice(olga, "Dear {{ first_name }}", event=event, audience=Audience.GOING)
    send(notice, NOW)
    assert in_what_was_sent(notice, client) == {"ann", "ben"}

    withdraw(rsvp_of(event, ben), NOW)

    assert in_what_was_sent(notice, client) == {"ann"}


def test_copies_of_a_change_are_for_nobody_who_has_later_news(olga, client):
    event, (ann, ben) = an_event("Talk", venue=a_venue()), readers("Ann", "Ben")
    for guest in (ann, ben):
        reply(event, guest, Answer.YES, at=NOW)
    first, later = (
        a_notice(olga, "Dear {{ first_name }}", event=event, audience=Audience.GOING, kind=NoticeKind.CHANGE)
        for _ in range(2)
    )
    send(first, NOW)
    withdraw(rsvp_of(event, ben), NOW)
    assert in_what_was_sent(first, client) == {"ann", "ben"}

    send(later, NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT))

    assert in_what_was_sent(first, client) == {"ben"}
    assert in_what_was_sent(later, client) == {"ann"}

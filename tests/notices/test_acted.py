"""Who has done something by a link in a notice: noted with the act, once, and never by looking."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from society.db import db
from society.mail.links import unsubscribe_token
from society.mail.message import message
from society.mail.models import Letter, MailingList
from society.notices.copies import copy_for
from society.notices.going import Which, progress
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.paper import Format, letters_given
from society.notices.sending import send
from society.rsvps.actions import reply
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.agenda.test_seats import a_workshop
from tests.builders import NOW, a_person, an_event

SITE = "https://society.example.org"


@pytest.fixture
def event(app):
    return an_event()


def a_sent_notice(event, kind=NoticeKind.INVITATION, audience=Audience.EVERYONE):
    notice = Notice(kind=kind, audience=audience, event=event, subject="Evening", created_at=NOW)
    notice.body = "More: {{ event_link }}\n\nAnswer: {{ rsvp_link }}\n\nLeave: {{ unsubscribe }}"
    db.session.add(notice)
    db.session.flush()
    send(notice, NOW)
    db.session.commit()
    return notice


def acted(notice):
    return [at is not None for at in db.session.scalars(letters_of(notice).with_only_columns(Letter.acted_at))]


def letters_of(notice):
    return select(Letter).where(Letter.reason == f"notice:{notice.id}").order_by(Letter.id)


def links_in(letter):
    return re.findall(r"<([^>]+)>", letter.body)


def test_an_answer_by_the_link_in_a_reminder_counts_when_it_is_given(event, client):
    ann, ben = a_person("Ann"), a_person("Ben")
    for person in (ann, ben):
        reply(event, person, Answer.YES, at=NOW)
    notice = a_sent_notice(event, NoticeKind.REMINDER, Audience.GOING)
    page = f"{link(rsvp_of(event, ann))}?notice={notice.id}"
    assert SITE + page in links_in(db.session.scalars(letters_of(notice)).first())

    shown = client.get(page)
    assert 'action="/rsvps/' not in shown.text, "its forms post to the page's own address, which names the notice"
    client.post(page, data={"action": "nothing"})
    client.post(f"{link(rsvp_of(event, ben))}", data={"action": "withdraw"})
    client.post(f"{link(rsvp_of(event, ben))}?notice={notice.id + 1}", data={"action": "change", "answer": "yes"})
    assert acted(notice) == [False, False]

    client.post(page, data={"action": "withdraw"})

    assert acted(notice) == [True, False]
    assert (progress(notice, NOW).numbers[Which.ACTED], progress(notice, NOW).numbers[Which.WAITING]) == (1, 2)
    db.session.scalars(letters_of(notice)).first().succeed(NOW)
    client.sign_in(a_person("Olga", "organizer"))
    assert "<b>1</b> acted by a link in it" in client.get(f"/organize/notices/{notice.id}").text
    listed = client.get(f"/organize/notices/{notice.id}/recipients?which=acted").text
    assert (ann.email in listed, ben.email in listed) == (True, False)


def test_an_invitation_leads_to_a_form_that_knows_of_it_for_who_signs_in_and_for_guests(event, client):
    ann, ben = a_person("Ann"), a_person("Ben")
    notice = a_sent_notice(event)
    by_letter = f"/events/{event.slug}?notice={notice.id}"
    assert links_in(db.session.scalars(letters_of(notice)).first())[:2] == [SITE + by_letter] * 2
    form = unescape(re.search(r'action="([^"]+/rsvp[^"]*)"', client.get(by_letter).text)[1])

    guest = {"name": "Ben", "email": ben.email, "party_size": "1", "answer": "yes"}
    assert client.post(form, data=guest).status_code == 303
    assert acted(notice) == [False, False], "anybody can type an address"
    asked = db.session.scalars(select(Letter).where(Letter.reason.startswith("rsvp:"))).one()
    confirming = next(one for one in links_in(asked) if "/rsvps/" in one).removeprefix(SITE)
    client.post(confirming, data={"action": "confirm"})
    assert rsvp_of(event, ben).status is RsvpStatus.CONFIRMED
    assert acted(notice) == [False, True]

    client.sign_in(ann)
    assert client.post(form, data={"party_size": "1", "answer": "no"}).status_code == 303
    assert acted(notice) == [True, True]


def test_leaving_its_list_counts_too_by_one_click_and_by_choosing(event, client):
    a_person("Ann")
    ben = a_person("Ben")
    notice = a_sent_notice(event)
    first = db.session.scalars(letters_of(notice)).first()
    one_click = re.search("<([^>]+)>", message(first)["List-Unsubscribe"])[1].removeprefix(SITE)
    assert SITE + one_click in links_in(first)

    client.get(one_click)
    assert acted(notice) == [False, False]
    client.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert acted(notice) == [True, False]
    token = unsubscribe_token(ben, MailingList.INVITATIONS)
    client.post(f"/unsubscribe/{token}?notice={notice.id}", data={"action": "choose", "rhythm": "at-once"})
    assert acted(notice) == [True, True]
    assert progress(notice, NOW).numbers[Which.LEFT] == 2


def test_what_is_for_all_at_once_or_on_paper_has_plain_links(event):
    ann = a_person("Ann", address="1 Elm Street")
    notice = a_sent_notice(event)
    assert "?notice=" in db.session.scalars(letters_of(notice)).one().body
    assert "?notice=" not in copy_for(notice, None, NOW).body

    assert "?notice=" not in letters_given(notice, [ann], Format.A4, NOW)


def test_the_link_leads_on_to_seats_in_sessions(client):
    event, ann = an_event(capacity=10), a_person("Ann")
    workshop = a_workshop(event)
    reply(event, ann, Answer.YES, at=NOW)
    notice = a_sent_notice(event, NoticeKind.REMINDER, Audience.GOING)
    page = client.get(f"{link(rsvp_of(event, ann))}?notice={notice.id}").text
    sessions = unescape(re.search(r'href="(/rsvps/[^"]+/sessions[^"]*)"', page)[1])
    assert 'action="' not in client.get(sessions).text.partition("<main")[2], "it posts to the page's own address"

    client.post(sessions, data={"session": workshop.id, "action": "take"})

    assert acted(notice) == [True]

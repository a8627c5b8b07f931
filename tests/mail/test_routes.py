"""Leaving lists, choosing them, and the outbox."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.mail.actions import bury, leave, write_markdown
from society.mail.links import unsubscribe_token
from society.mail.models import DeadAddress, Letter, LetterState, MailingList
from society.mail.queries import left_lists
from society.people.models import Rhythm
from society.times import now
from tests.builders import NOW, a_person


@pytest.fixture
def ann(app):
    return a_person("Ann")


def link_of(person, mailing_list=MailingList.ANNOUNCEMENTS):
    return f"/unsubscribe/{unsubscribe_token(person, mailing_list)}"


def test_following_the_link_leaves_nothing(ann, client):
    page = client.get(link_of(ann))

    assert page.status_code == 200
    assert "Leave the list" in page.text
    assert not left_lists(ann)


def test_the_button_leaves_that_list_alone_and_another_comes_back(ann, client):
    assert client.post(link_of(ann), data={"action": "leave"}).status_code == 303
    assert left_lists(ann) == {MailingList.ANNOUNCEMENTS}
    assert "You have left this list" in client.get(link_of(ann)).text

    client.post(link_of(ann), data={"action": "come-back"})
    assert not left_lists(ann)


def test_one_click_works_from_anywhere_without_a_cookie_and_twice(ann, client):
    for _ in range(2):
        answer = client.post(
            link_of(ann), data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 200
    assert left_lists(ann) == {MailingList.ANNOUNCEMENTS}


def test_by_the_link_all_lists_are_chosen_without_a_sign_in(ann, client):
    leave(ann, MailingList.REMINDERS, NOW)
    ann.address = "1 Example Street"
    db.session.commit()
    page = client.get(link_of(ann)).text
    assert page.count(" checked") == 3 + 1  # and how often
    assert "1 Example Street" not in page

    chosen = {"action": "choose", "lists": ["reminders"], "by_letter": "y", "rhythm": "weekly", "language": "pt-br"}
    assert client.post(link_of(ann), data=chosen).status_code == 303
    assert left_lists(ann) == set(MailingList) - {MailingList.REMINDERS}
    db.session.refresh(ann)
    assert ann.wants_paper
    assert (ann.rhythm, ann.language, ann.revision) == (Rhythm.WEEKLY, "pt-BR", 2)
    assert '<option selected value="pt-BR">' in client.get(link_of(ann)).text
    assert client.post(link_of(ann), data=chosen | {"rhythm": "hourly"}).status_code == 422
    assert client.post(link_of(ann), data=chosen | {"lists": ["everything"]}).status_code == 422
    assert client.post(link_of(ann), data=chosen | {"language": "<b>"}).status_code == 422
    client.post(link_of(ann), data={"action": "choose", "language": ""})
    assert left_lists(ann) == set(MailingList)
    db.session.refresh(ann)
    assert not ann.wants_paper
    assert ann.language == ""


def test_letters_are_offered_only_where_there_is_an_address_for_them(ann, client):
    client.sign_in(ann)
    assert "by_letter" not in client.get("/me/notices").text
    client.post("/me/notices", data={"lists": ["newsletter"], "by_letter": "y"})
    db.session.refresh(ann)
    assert not ann.by_letter

    ann.address = "1 Example Street"
    db.session.commit()
    assert "by_letter" in client.get("/me/notices").text
    client.post("/me/notices", data={"lists": ["newsletter"], "by_letter": "y"})
    db.session.refresh(ann)
    assert ann.wants_paper


def test_a_link_that_is_not_ours_opens_nothing(ann, client):
    good = unsubscribe_token(ann, MailingList.REMINDERS)
    seal = good.partition(".")[2]
    for token in ["x", "reminders.", "reminders.1", f"newsletter.{seal}", f"{good}x", "reminders.99999-abc", "é.é"]:
        assert client.get(f"/unsubscribe/{token}").status_code == 404
        assert client.post(f"/unsubscribe/{token}").status_code == 404
    ann.link_key = "revoked"
    assert client.get(f"/unsubscribe/{good}").status_code == 404


def test_someone_signed_in_chooses_their_lists(ann, client):
    leave(ann, MailingList.REMINDERS, NOW)
    client.sign_in(ann)

    assert "Your notices" in client.get("/me/notices").text
    assert client.post("/me/notices", data={"lists": ["reminders", "newsletter"]}).status_code == 303
    assert left_lists(ann) == {MailingList.ANNOUNCEMENTS, MailingList.INVITATIONS}
    assert client.post("/me/notices", data={"lists": ["everything", "<script>"]}).status_code == 422
    assert left_lists(ann) == {MailingList.ANNOUNCEMENTS, MailingList.INVITATIONS}


@pytest.mark.parametrize("address", ["/me/notices", "/organize/outbox"])
def test_a_visitor_is_asked_to_sign_in(client, address):
    assert client.get(address).status_code == 303


def test_the_outbox_is_for_staff(ann, client):
    client.sign_in(ann)
    assert client.get("/organize/outbox").status_code == 403
    assert client.post("/organize/outbox/retry").status_code == 403
    assert client.post("/organize/outbox/dead/1/lift").status_code == 403


def test_staff_see_what_was_refused_and_why_and_put_it_right(ann, client):
    letter = write_markdown(ann, "<b>Subject</b>", "Body", "r", now=NOW)
    letter.refuse("550 5.1.1 <i>no such user</i>")
    bury(ann.email, "550 5.1.1 no such user", NOW)
    client.sign_in(a_person("Olga", "organizer"))

    page = client.get("/organize/outbox?state=refused").text
    assert "&lt;b&gt;Subject&lt;/b&gt;" in page
    assert "&lt;i&gt;no such user&lt;/i&gt;" in page
    assert "No mail server is set" in page

    client.post("/organize/outbox/retry")
    assert db.session.scalars(select(Letter.state)).one() is LetterState.REFUSED
    dead = db.session.query(DeadAddress).one()
    assert client.post(f"/organize/outbox/dead/{dead.id}/lift").status_code == 303
    assert client.post(f"/organize/outbox/dead/{dead.id}/lift").status_code == 404
    client.post("/organize/outbox/retry")
    assert db.session.scalars(select(Letter.state)).one() is LetterState.QUEUED


def test_what_is_tried_again_is_in_the_audit_log_and_holds_no_one_time_link(ann, client):
    olga = a_person("Olga", "organizer")
    client.sign_in(olga)
    for number in range(3):
        letter = write_markdown(ann, "Subject", "Body", f"r{number}", now=NOW, secret=number == 0)
        letter.refuse("554 5.7.1 not now")
    db.session.commit()

    for _ in range(2):
        client.post("/organize/outbox/retry")

    states = db.session.scalars(select(Letter.state).order_by(Letter.id)).all()
    assert states == [LetterState.REFUSED, LetterState.QUEUED, LetterState.QUEUED]
    entries = db.session.query(AuditEntry).where(AuditEntry.act == "refused letters queued again").all()
    assert [(entry.actor_id, entry.after) for entry in entries] == [(olga.id, {"letters": 2})]


def test_what_says_nothing_to_anybody_by_now_is_tried_again_only_if_that_is_wanted(ann, client):
    client.sign_in(a_person("Olga", "organizer"))
    today, month = now(), timedelta(days=31)
    last_year = b"BEGIN:VEVENT\r\nDTEND;TZID=Europe/Berlin:20200101T200000\r\nEND:VEVENT\r\n"
    for number, (due_at, calendar) in enumerate(((today, None), (today - month, None), (today, last_year))):
        write_markdown(ann, "S", "B", f"r{number}", now=due_at, calendar=calendar).refuse("552 5.2.2 full")
    db.session.commit()

    client.post("/organize/outbox/retry")
    page = client.get("/organize/outbox").text
    assert "1 letter queued again." in page
    old, over = "1 letter that should have left more than 30 days ago", "1 letter about something that is over"
    assert f"Left alone: {old} and {over}." in page

    client.post("/organize/outbox/retry?old=1")
    states = db.session.scalars(select(Letter.state).order_by(Letter.id)).all()
    assert states == [LetterState.QUEUED, LetterState.QUEUED, LetterState.REFUSED]


def test_the_outbox_asks_as_much_for_many_letters_as_for_one(ann, client, counted):
    client.sign_in(a_person("Olga", "organizer"))
    counts = []
    for number in range(4):
        write_markdown(ann, "S", "B", f"r{number}", now=NOW)
        with counted() as count:
            assert client.get("/organize/outbox?before=999999").status_code == 200
        counts.append(len(count))
    assert counts[0] == counts[3]

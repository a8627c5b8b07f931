"""Asking: the organizers' page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Event, RsvpPolicy
from society.notices.models import Notice
from society.questions.models import Question, QuestionAnswer
from society.questions.queries import asked_at
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.times import now
from tests.builders import NOW, a_person, an_event


@pytest.fixture
def browser(client):
    return client.sign_in(a_person("Otto Organizer", "organizer"))


def add(browser, event, text, kind="line", **values):
    data = {"text": text, "kind": kind, **values}
    return browser.post(f"/organize/events/{event.id}/questions", data=data)


def texts(event):
    return [question.text for question in db.session.scalars(asked_at(event).execution_options(populate_existing=True))]


def test_questions_are_added_ordered_changed_and_removed(browser):
    event = an_event("The dinner")
    for text in ("One?", "Two?", "Three?"):
        assert add(browser, event, text).status_code == 303
    one, two, three = db.session.scalars(asked_at(event)).all()
    assert db.session.get_one(Event, event.id, populate_existing=True).asks

    browser.post(f"/organize/events/{event.id}/questions/{three.id}/move", data={"to": "up"})
    browser.post(f"/organize/events/{event.id}/questions/{one.id}/move", data={"to": "up"})
    assert texts(event) == ["One?", "Three?", "Two?"]
    browser.post(f"/organize/events/{event.id}/questions/{two.id}", data={"text": "Zwei?", "kind": "number"})
    assert texts(event) == ["One?", "Three?", "Zwei?"]
    for question in (one, two, three):
        browser.post(f"/organize/events/{event.id}/questions/{question.id}/remove")
    assert texts(event) == []
    assert not db.session.get_one(Event, event.id, populate_existing=True).asks
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["question added"] * 3 + ["question moved", "question changed"] + ["question removed"] * 3


def test_one_that_has_answers_is_kept_for_them_and_keeps_its_kind(browser):
    event, ann = an_event("The dinner"), a_person("Ann")
    add(browser, event, "Which boat?")
    question = db.session.scalars(select(Question)).one()
    rsvp = reply(event, ann, Answer.YES, at=NOW)
    db.session.flush()
    db.session.add(QuestionAnswer(question_id=question.id, rsvp_id=rsvp.id, asked=question.text, text="The blue one"))

    page = browser.post(
        f"/organize/events/{event.id}/questions/{question.id}", data={"text": "Which boat?", "kind": "number"}
    )
    assert page.status_code == 422
    assert "There are answers to it." in page.text
    page = browser.post(f"/organize/events/{event.id}/questions/{question.id}/remove")
    assert "1 answer to it can be read here still" in page.text
    assert texts(event) == ["Which boat?"]
    browser.agree(page)
    assert texts(event) == []
    listed = browser.get(f"/organize/events/{event.id}/questions").text
    assert "Not asked any more" in listed
    assert "1 answer." in listed
    assert browser.get(f"/organize/events/{event.id}/questions/{question.id}").status_code == 404


def test_choices_are_asked_for_and_the_usual_ones_are_known(browser):
    event = an_event("The dinner")
    page = add(browser, event, "Which?", "choice", options="Fish\n\n fish  \n".strip(), hint="As you like")
    assert page.status_code == 303
    page = add(browser, event, "Which one?", "several", options="Only\nOnly", hint="As you like")
    assert page.status_code == 422
    assert "at least two choices" in page.text
    assert 'value="Which one?"' in page.text
    add(browser, event, "What do you eat?", "dietary")
    assert "Vegetarian" in db.session.scalars(select(Question.options).where(Question.kind == "dietary")).one()


def test_a_copy_of_the_event_asks_the_same(browser):
    event = an_event("The dinner")
    add(browser, event, "Which?", "choice", options="Fish\nSoup", required="y")
    browser.post(f"/organize/events/{event.id}/duplicate")

    copy = db.session.scalars(select(Event).where(Event.id != event.id)).one()
    (question,) = db.session.scalars(asked_at(copy))
    assert (question.text, question.choices, question.required) == ("Which?", ["Fish", "Soup"], True)
    assert copy.asks


def test_the_page_costs_the_same_for_one_question_and_for_three(browser, counted):
    one, three = an_event("One"), an_event("Three")
    add(browser, one, "One?")
    for text in ("One?", "Two?", "Three?"):
        add(browser, three, text)
    with counted() as few:
        browser.get(f"/organize/events/{one.id}/questions")
    with counted() as many:
        browser.get(f"/organize/events/{three.id}/questions")
    assert len(few) == len(many)


def some_who_come(event):
    """Two who come, one of them with a guest, and one who does not."""
    event.max_party_size = 4
    ann, ben, cem = (a_person(name, email=f"{name.lower()}@example.org") for name in ("Ann", "Ben", "Cem"))
    two = [reply(event, ann, Answer.YES, at=NOW), reply(event, ben, Answer.YES, party_size=2, at=NOW)]
    reply(event, cem, Answer.NO, at=NOW)
    db.session.flush()
    return two


def test_a_question_to_those_who_have_answered_is_shown_with_whom_it_asks_before_it_is_asked(browser):
    event = an_event("The dinner")
    some_who_come(event)
    page = add(browser, event, "What do you “eat”?", hint="Really", required="y")

    assert (page.status_code, texts(event)) == (200, [])
    for said in (
        "<b>2</b> going",
        "2 of 2 answers",
        "say nothing to this yet",
        "by the link in every letter",
        "cannot change their answer without it",
        "No calendar changes",
        "Write to them",
    ):
        assert said in page.text
    back = browser.post(
        page.request.path, data={"text": "What do you “eat”?", "kind": "line", "hint": "Really", "again": "yes"}
    )
    assert (back.status_code, 'value="Really"' in back.text, texts(event)) == (200, True, [])

    assert browser.agree(page, tell="yes", message="By Friday, please").status_code == 303
    assert texts(event) == ["What do you “eat”?"]
    notice = db.session.scalars(select(Notice)).one()
    for said in (
        "What we ask of those who come",
        "What do you “eat”?",
        "By Friday, please",
        "Please say that by this link",
    ):
        assert said in notice.body


def test_the_letter_about_a_question_is_the_organizers_choice(browser):
    event = an_event("The dinner")
    some_who_come(event)
    browser.agree(add(browser, event, "Why?"), tell="no")
    assert texts(event) == ["Why?"]
    assert not db.session.scalars(select(Notice)).all()


def test_a_question_made_needed_tells_how_many_have_not_said_it(browser):
    event = an_event("The dinner")
    ann, ben = some_who_come(event)
    browser.agree(add(browser, event, "Which boat?"), tell="no")
    question = db.session.scalars(select(Question)).one()
    for rsvp in (ann, ben):
        db.session.add(QuestionAnswer(question_id=question.id, rsvp_id=rsvp.id, asked="", text="The blue one"))
    there = f"/organize/events/{event.id}/questions/{question.id}"
    data = {"text": "Which boat?", "kind": "line"}

    page = browser.post(there, data={**data, "required": "y"})
    assert "All who come have answered it." in page.text
    assert "<ins>Nobody can come without answering it</ins>" in page.text
    reply(event, a_person("Cem"), Answer.YES, at=NOW)
    db.session.commit()
    page = browser.agree(page)  # while Cem has come and not said it
    assert "Nothing is done yet" in page.text
    assert "1 of 3 answers" in page.text
    page = browser.post(there, data={**data, "required": "y", "of_each": "y"})
    assert "2 of 3 answers by those who come or wait say nothing to this yet" in page.text
    browser.agree(page, tell="no")
    db.session.expire_all()
    assert (question.required, question.of_each) == (True, True)


def test_what_nobody_notices_who_has_answered_is_saved_at_once(browser):
    event = an_event("The dinner")
    assert add(browser, event, "Early?").status_code == 303
    question = db.session.scalars(select(Question)).one()
    some_who_come(event)
    there = f"/organize/events/{event.id}/questions/{question.id}"
    assert browser.post(there, data={"text": "Early?", "kind": "line", "hint": "Before six"}).status_code == 303
    assert browser.post(f"{there}/move", data={"to": "up"}).status_code == 303
    assert browser.post(f"{there}/remove").status_code == 303


def test_after_answers_have_closed_they_can_say_it_until_the_event_begins(browser):
    event = an_event("The dinner")
    some_who_come(event)
    event.rsvp_policy = RsvpPolicy.CLOSED
    page = add(browser, event, "Why?", required="y")
    assert "They find it on their answer" in page.text
    event.starts_at, event.ends_at = now() - timedelta(hours=1), now() + timedelta(hours=1)
    db.session.commit()
    page = add(browser, event, "Why?", required="y")
    assert "This event has begun. So they cannot say it there" in page.text

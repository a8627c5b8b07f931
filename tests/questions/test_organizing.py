"""Asking: the organizers' page."""

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Event
from society.questions.models import Question, QuestionAnswer
from society.questions.queries import asked_at
from society.rsvps.actions import reply
from society.rsvps.models import Answer
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
    browser.post(f"/organize/events/{event.id}/questions/{question.id}/remove")
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

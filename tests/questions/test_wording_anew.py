"""What a question is worded anew does to what was said to it; and two who word it at once."""

import pytest
from sqlalchemy import select

from society.db import db
from society.questions.models import Kind, Question
from society.questions.options import dropped, renamed
from tests.as_opened import fields_of, typed
from tests.builders import a_person
from tests.questions.test_answering import answer, asked, name_of, said

DAYS = "Friday\nSaturday\nSunday"


@pytest.fixture
def browser(app, organizer):
    return app.test_client().sign_in(organizer)


def there(event, question):
    return f"/organize/events/{event.id}/questions/{question.id}"


@pytest.mark.parametrize(
    ("after", "names", "gone"),
    [
        ("Fri\nSaturday\nSunday", {"Friday": "Fri"}, []),
        ("Saturday\nFriday\nSunday", {}, []),
        ("Thursday\nFriday\nSaturday\nSunday", {}, []),
        ("Saturday\nSunday", {}, ["Friday"]),
        ("Thursday\nFri\nSaturday\nSunday", {}, ["Friday"]),
        ("Fr\nSa\nSo", {"Friday": "Fr", "Saturday": "Sa", "Sunday": "So"}, []),
    ],
)
def test_a_choice_that_stands_in_the_place_of_another_is_that_by_a_new_name(after, names, gone):
    assert renamed(DAYS, after) == names
    assert dropped(DAYS, after) == gone


@pytest.mark.parametrize("kind", [Kind.SEVERAL, Kind.CHOICE])
def test_what_was_chosen_follows_its_new_name_and_the_page_before_says_so(client, browser, dinner, kind):
    client.sign_in(ann := a_person("Ann"))
    days = asked(dinner, kind, "Which days?", options=DAYS)
    answer(client, dinner, **{name_of(days): "Friday"})
    page = browser.post(
        there(dinner, days), data={"kind": kind, "text": "Which days?", "options": DAYS.replace("Friday", "Fri")}
    )
    assert "Who chose “Friday” has chosen “Fri” from then on." in page.text
    browser.agree(page, tell="no")
    db.session.expire_all()
    assert said(dinner, ann) == {("Which days?", 0): "Fri"}
    assert answer(client, dinner, party_size="2", shown="2", **{name_of(days): "Fri"}).status_code == 303


@pytest.mark.parametrize("kind", [Kind.SEVERAL, Kind.CHOICE])
def test_what_cannot_be_chosen_any_more_stays_with_who_chose_it(client, browser, dinner, kind):
    client.sign_in(ann := a_person("Ann"))
    days = asked(dinner, kind, "Which days?", options=DAYS)
    answer(client, dinner, **{name_of(days): "Friday"})
    page = browser.post(there(dinner, days), data={"kind": kind, "text": "Which days?", "options": "Saturday\nSunday"})
    assert "Who chose “Friday” keeps that; nobody else can choose it." in page.text
    browser.agree(page, tell="no")

    assert 'value="Friday"' in client.get(f"/events/{dinner.slug}/rsvp").text
    assert answer(client, dinner, party_size="2", shown="2", **{name_of(days): "Friday"}).status_code == 303
    assert said(dinner, ann) == {("Which days?", 0): "Friday"}
    client.sign_in(a_person("Ben"))
    assert answer(client, dinner, **{name_of(days): "Friday"}).status_code == 422


def test_of_two_who_word_a_question_at_once_the_second_is_told_and_then_heard(browser, dinner):
    boat = asked(dinner)
    opened = fields_of(browser.get(there(dinner, boat)).text)
    assert browser.post(there(dinner, boat), data=typed(opened, text="Ship?")).status_code == 303
    page = browser.post(there(dinner, boat), data=typed(opened, text="Which boat, please?"))
    assert (page.status_code, '"Saved meanwhile">Ship?</td>' in page.text) == (422, True)
    assert 'value="Which boat, please?"' in page.text
    boat = db.session.scalars(select(Question).execution_options(populate_existing=True)).one()
    assert boat.text == "Ship?"

    assert browser.post(there(dinner, boat), data=fields_of(page.text)).status_code == 303
    assert db.session.scalars(select(Question.text)).one() == "Which boat, please?"

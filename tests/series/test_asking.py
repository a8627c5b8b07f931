"""A question for several events of a series, and for those that are made later."""

import pytest
from sqlalchemy import select

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.db import db
from society.events.models import Event
from society.mail.message import as_text
from society.people.models import EventOrganizer
from society.questions.actions import ask as ask_one
from society.questions.models import Kind, Question, QuestionAnswer
from society.questions.queries import asked_at
from society.rsvps.actions import reply
from society.rsvps.agenda import enter
from society.rsvps.models import Answer
from society.series import actions, queries
from society.series.asking import ask
from society.series.queries import Scope
from society.series.replanning import change_rule
from society.series.rules import Every, Rule
from tests.builders import NOW, a_person, an_event, letters_to
from tests.series.test_actions import START, evenings, halves, organizer, the_next
from tests.series.test_one_letter import news_to, words

__all__ = ["evenings", "organizer"]


def a_question(text: str, **values):
    return Question(**{"kind": Kind.LINE, "text": text, "hint": "", "options": "", "required": False} | values)


def wanted(text: str, **values):
    return a_question(text, **{"of_each": False, "on_badge": False} | values).as_asked


def texts(event: Event) -> list[str]:
    return [question.text for question in db.session.scalars(asked_at(event))]


def of(event: Event, text: str) -> Question:
    return db.session.scalars(asked_at(event).where(Question.text == text)).one()


@pytest.fixture
def browser(client, organizer):
    db.session.commit()
    return client.sign_in(organizer)


def test_one_more_is_asked_as_far_as_it_reaches_and_not_where_it_is_asked_already(evenings, organizer):
    ask_one(evenings[3], wanted("Which boat?", required=True), by=organizer, now=NOW)
    where = ask(evenings[2], None, wanted("Which boat?"), Scope.FOLLOWING, by=organizer, now=NOW)
    assert where == [evenings[2], *evenings[4:]]
    assert [texts(event) for event in evenings] == [[]] * 2 + [["Which boat?"]] * 4
    assert of(evenings[3], "Which boat?").required
    assert [event.asks for event in evenings] == [False] * 2 + [True] * 4


def test_other_words_and_an_end_reach_those_that_ask_the_very_same(evenings, organizer):
    ask(evenings[0], None, wanted("Which boat?"), Scope.ALL, by=organizer, now=NOW)
    ask(evenings[3], of(evenings[3], "Which boat?"), wanted("Which dinghy?"), Scope.THIS, by=organizer, now=NOW)
    first = of(evenings[0], "Which boat?")
    assert len(ask(evenings[0], first, wanted("Which ship?"), Scope.ALL, by=organizer, now=NOW)) == 5
    assert [texts(event) for event in evenings] == [["Which ship?"]] * 3 + [["Which dinghy?"]] + [["Which ship?"]] * 2
    ask(evenings[4], of(evenings[4], "Which ship?"), None, Scope.FOLLOWING, by=organizer, now=NOW)
    assert [texts(event) for event in evenings[2:]] == [["Which ship?"], ["Which dinghy?"], [], []]


def test_what_was_answered_keeps_its_kind(evenings, organizer):
    ask(evenings[0], None, wanted("How far?"), Scope.ALL, by=organizer, now=NOW)
    rsvp = reply(evenings[1], a_person("Ann"), Answer.YES, at=NOW)
    db.session.flush()
    db.session.add(QuestionAnswer(question_id=of(evenings[1], "How far?").id, rsvp_id=rsvp.id, asked="", text="Far"))
    number = wanted("How far?", kind=Kind.NUMBER)
    assert len(ask(evenings[0], of(evenings[0], "How far?"), number, Scope.ALL, by=organizer, now=NOW)) == 5
    assert of(evenings[1], "How far?").kind is Kind.LINE


@pytest.mark.parametrize("scope", [Scope.THIS, Scope.FOLLOWING])
def test_those_made_later_ask_what_was_set_for_all_that_follow_and_not_what_one_asks_alone(organizer, scope):
    events = halves(organizer)
    ask(events[0], None, wanted("Which boat?"), Scope.ALL, by=organizer, now=NOW)
    ask(events[-1], None, wanted("Who sings?", required=True), scope, by=organizer, now=NOW)
    db.session.commit()
    made = the_next(events)
    assert texts(made) == ["Which boat?", *(["Who sings?"] if scope is Scope.FOLLOWING else [])]
    boat = of(events[1], "Which boat?")
    ask(events[1], boat, None, Scope.FOLLOWING, by=organizer, now=NOW)
    assert "Which boat?" not in texts(made)


def test_sessions_of_one_evening_alone_are_no_others(organizer):
    events = halves(organizer)
    last = events[-1]
    enter(last, [Plan("All the poems", last.starts, last.ends)], by=organizer, now=NOW)
    db.session.commit()
    assert not the_next(events).has_agenda


def test_where_each_evening_has_sessions_of_its_own_one_changed_by_hand_is_still_no_pattern(organizer):
    events = halves(organizer)
    for event in events:
        enter(event, [Plan(f"Talk {event.id}", event.starts, event.ends)], by=organizer, now=NOW)
    events[-1].title = "Summer party"
    db.session.commit()
    assert the_next(events).title == "Reading"


def test_another_rule_makes_no_further_ones_like_the_evening_that_it_begins_with_alone(evenings, organizer):
    second = evenings[1]
    ask(second, None, wanted("Who sings?"), Scope.THIS, by=organizer, now=NOW)
    enter(second, [Plan("All the poems", second.starts, second.ends)], by=organizer, now=NOW)
    series, plan = change_rule(second, Rule(Every.WEEK, count=7), by=organizer, now=NOW)
    made = db.session.scalars(queries.occurrences(series)).all()[-2:]
    assert [event.series_on for event in made] == plan.days
    assert [(texts(event), event.has_agenda) for event in made] == [([], False)] * 2
    assert len(db.session.scalars(select(Session)).all()) == 1


def test_the_page_before_says_for_each_evening_who_has_still_to_answer_and_one_letter_tells_all(
    browser, evenings, organizer
):
    ann, ben = a_person("Ann"), a_person("Ben", language="de")
    for event in evenings:
        reply(event, ann, Answer.YES, at=NOW)
    reply(evenings[-1], ben, Answer.YES, at=NOW)
    db.session.commit()
    address = f"/organize/events/{evenings[1].id}/questions"
    assert "How far it reaches" in browser.get(address).text
    data = {"text": "Which boat?", "kind": "line", "required": "y"}

    alone = browser.post(address, data=data)
    assert "1 of 1 answer by those who come or wait says nothing to this yet" in words(alone.text)
    page = browser.post(address, data={**data, "scope": "following"})
    assert "6 of 6 answers by those who come or wait say nothing to this yet" in words(page.text)
    assert page.text.count('data-label="Have still to answer it" class="numeric">1<') == 3
    assert page.text.count('data-label="Have still to answer it" class="numeric">2<') == 1
    assert "6 answers to 5 of these events, given by 2 people. Each of them gets one letter, 2 letters" in words(
        page.text
    )
    assert "made later" not in page.text
    again = browser.agree(page, scope="all", tell="yes")
    assert (again.status_code, "Nothing is done yet" in again.text) == (200, True)
    assert [texts(event) for event in evenings] == [[]] * 6
    done = browser.agree(page, scope="following", tell="yes", message="Soon, please.")
    assert done.status_code == 303
    assert "Added at 5 events: Which boat? Those who answered are written to." in words(browser.get(address).text)

    db.session.expire_all()  # what the requests did
    assert [texts(event) for event in evenings] == [[], *[["Which boat?"]] * 5]
    (to_ann,), (to_ben,) = map(news_to, (ann, ben))
    said = words(as_text(to_ann))
    assert said.count("Which boat?") == said.count("> Soon, please.") == 1
    assert "Please open each that you come to and say that there." in said
    assert as_text(to_ann).count("/rsvps/") == 5
    assert "öffnen Sie jede Veranstaltung" in as_text(to_ben)


def test_before_a_question_is_removed_it_is_asked_at_which_evenings(browser, evenings, organizer):
    ask(evenings[0], None, wanted("Which boat?"), Scope.ALL, by=organizer, now=NOW)
    ask(evenings[2], of(evenings[2], "Which boat?"), wanted("Which ship?"), Scope.THIS, by=organizer, now=NOW)
    db.session.commit()
    address = f"/organize/events/{evenings[1].id}/questions"
    remove = f"{address}/{of(evenings[1], 'Which boat?').id}/remove"
    page = browser.post(remove)
    assert "Which boat?" in texts(evenings[1])
    page = browser.post(remove, data={"scope": "all", "look": "yes"})
    assert page.text.count('data-label="Answers to it"') == 4
    assert "This one keeps what is asked there" in words(page.text)
    assert browser.agree(page, scope="all").status_code == 303
    db.session.expire_all()  # what the requests did
    assert [texts(event) for event in evenings] == [[], [], ["Which ship?"], [], [], []]
    answer = browser.post(f"/organize/events/{evenings[2].id}/questions/{of(evenings[2], 'Which ship?').id}/remove")
    assert answer.status_code == 303, "no other asks it"
    assert letters_to(organizer) == []


def test_other_words_that_nobody_notices_reach_several_after_that_was_said(browser, evenings, organizer):
    ask(evenings[0], None, wanted("Which boat?"), Scope.ALL, by=organizer, now=NOW)
    db.session.commit()
    address = f"/organize/events/{evenings[0].id}/questions/{of(evenings[0], 'Which boat?').id}"
    data = {"text": "Which boat?", "kind": "line", "hint": "Blue or green"}
    page = browser.post(address, data={**data, "scope": "all"})
    assert (page.status_code, "Nobody is written to" in page.text, "still to answer" in page.text) == (200, True, False)
    back = browser.agree(page, scope="all", again="yes")
    assert 'value="Blue or green"' in back.text
    assert '<input type="radio" name="scope" value="all" checked>' in back.text
    assert browser.agree(page, scope="all").status_code == 303
    db.session.expire_all()  # what the requests did
    assert {of(event, "Which boat?").hint for event in evenings} == {"Blue or green"}


def test_who_organizes_one_evening_asks_there_alone(client, evenings, organizer):
    helper = a_person("Hal")
    db.session.add(EventOrganizer(event_id=evenings[0].id, person_id=helper.id, given_at=NOW))
    db.session.commit()
    client.sign_in(helper)
    address = f"/organize/events/{evenings[0].id}/questions"
    page = client.get(address).text
    assert ("How far it reaches" in page, "the others of its series keep theirs" in page) == (False, True)
    data = {"text": "Why?", "kind": "line"}
    assert client.post(address, data={**data, "scope": "all"}).status_code == 403
    assert client.post(address, data=data).status_code == 303
    assert [texts(event) for event in evenings] == [["Why?"], *[[]] * 5]


@pytest.mark.parametrize("count", [3, 12])
def test_the_page_before_asks_as_often_however_many_there_are(client, app, counted, count):
    organizer, first = a_person("Ora", "organizer"), an_event("Reading", starts=START)
    series = actions.begin(first, Rule(Every.WEEK, count=count), by=organizer, now=NOW)
    for event in db.session.scalars(queries.occurrences(series)):
        reply(event, organizer, Answer.YES, at=NOW)
    ask(first, None, wanted("Which boat?"), Scope.ALL, by=organizer, now=NOW)
    db.session.commit()
    client.sign_in(organizer)
    address = f"/organize/events/{first.id}/questions"
    question = of(first, "Which boat?").id
    for path, data in (
        ("", {"text": "Why?", "kind": "line"}),
        (f"/{question}", {"text": "Which ship?", "kind": "number"}),
        (f"/{question}/remove", {}),
    ):
        with counted() as statements:
            page = client.post(address + path, data={**data, "scope": "all"})
        assert page.text.count('<td data-label="Answers">') == count - 1
        assert len(statements) <= 34

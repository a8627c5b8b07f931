"""Answering what an event asks: on the form, by the mailed link, for each of a party, again and elsewhere."""

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.db import db
from society.people.models import Person
from society.questions import fields
from society.questions.actions import ask, reword
from society.questions.models import AnswerFile, Kind, QuestionAnswer
from society.records.answers import merge
from society.records.erasing import blank
from society.rsvps.actions import ask_guest, reply
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import NOW, a_person, an_event

MEALS = "Fish\nSoup\nBread"


def asked(event, kind=Kind.LINE, text="Which boat?", **values):
    values = {"hint": "", "options": "", "required": False, "of_each": kind is Kind.NAMES, **values}
    return ask(event, {"kind": kind, "text": text, **values}, by=db.session.get_one(Person, 1), now=NOW)


def name_of(question, guest=0):
    return f"q{question.id}_{guest}"


def said(event, person):
    rsvp = rsvp_of(event, person)
    rows = select(QuestionAnswer).where(QuestionAnswer.rsvp_id == rsvp.id) if rsvp else None
    return {(row.asked, row.guest): row.text for row in db.session.scalars(rows)} if rsvp else {}


def answer(client, event, **values):
    return client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes", **values})


def test_every_kind_of_answer_is_kept_and_comes_back_filled_in(client, dinner):
    ann = a_person("Ann")
    kinds = (Kind.LINE, Kind.TEXT, Kind.CHOICE, Kind.SEVERAL, Kind.NUMBER, Kind.CONSENT, Kind.DIETARY)
    of = {kind: asked(dinner, kind, str(kind), options=MEALS) for kind in kinds}
    typed = {Kind.LINE: "a line", Kind.TEXT: "more\nlines", Kind.CHOICE: "Fish", Kind.SEVERAL: ["Fish", "Soup"]}
    typed |= {Kind.NUMBER: "7", Kind.CONSENT: "y", Kind.DIETARY: ["Soup"]}
    values = {name_of(of[kind]): value for kind, value in typed.items()}
    client.sign_in(ann)

    assert answer(client, dinner, **values, **{f"{name_of(of[Kind.DIETARY])}_other": "no figs"}).status_code == 303

    want = {"line": "a line", "text": "more\nlines", "choice": "Fish", "several": "Fish\nSoup", "number": "7"}
    want |= {"consent": "yes", "dietary": "Soup\nno figs"}
    assert said(dinner, ann) == {(asked, 0): text for asked, text in want.items()}
    again = client.get(f"/events/{dinner.slug}/rsvp").text
    assert 'value="a line"' in again
    assert 'value="no figs"' in again
    assert again.count(" checked") == 5
    page = client.get(link(rsvp_of(dinner, ann))).text
    assert "no figs" in page


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        (Kind.LINE, "", "Please answer this."),
        (Kind.LINE, " \u00a0 ", "Please answer this."),
        (Kind.LINE, "x" * 10_000, "At most 300 characters"),
        (Kind.TEXT, "x" * 10_000, "At most 5,000 characters"),
        (Kind.CHOICE, "Meat", "Please choose one from the list."),
        (Kind.SEVERAL, "987654321", "Please choose from the list."),
        (Kind.NUMBER, "1e3", "Please give a whole number."),
        (Kind.CONSENT, "", "Without this you cannot come."),
        (Kind.FILE, "", "Please choose a file."),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field_and_nothing_typed_is_lost(client, dinner, kind, wrong, sentence):
    ann = a_person("Ann")
    question, other = asked(dinner, kind, required=True, options=MEALS), asked(dinner, text="Which day?")
    client.sign_in(ann)

    page = answer(client, dinner, **{name_of(question): wrong, name_of(other): "<b>Monday", "note": "Hello there"})

    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="&lt;b&gt;Monday"' in page.text
    assert "Hello there" in page.text
    assert db.session.scalar(select(func.count()).select_from(Rsvp)) == 0


def test_a_no_needs_no_answers_and_a_maybe_can_leave_them_out(client, dinner):
    ann = a_person("Ann")
    question = asked(dinner, required=True)
    client.sign_in(ann)

    assert answer(client, dinner, answer="no", **{name_of(question): "x" * 10_000}).status_code == 303
    assert said(dinner, ann) == {}
    assert answer(client, dinner, answer="maybe").status_code == 303


def test_each_guest_of_a_party_is_asked_about_on_as_many_pages_as_it_takes(client, dinner):
    ann = a_person("Ann")
    names, meal = asked(dinner, Kind.NAMES, "Name", required=True), asked(dinner, text="Meal", of_each=True)
    client.sign_in(ann)

    first = answer(client, dinner, party_size="3", **{name_of(meal): "Fish"})
    assert first.status_code == 422
    assert name_of(names, 2) in first.text
    assert 'value="Fish"' in first.text

    given = {name_of(names, 1): "Bo", name_of(names, 2): "Cy", name_of(meal, 2): "Soup", name_of(meal): "Fish"}
    assert answer(client, dinner, party_size="3", shown="3", **given).status_code == 303
    assert said(dinner, ann) == {("Name", 1): "Bo", ("Name", 2): "Cy", ("Meal", 0): "Fish", ("Meal", 2): "Soup"}


def test_a_guests_answers_wait_with_theirs_for_the_mailed_link_and_nobody_else_changes_them(client, dinner):
    question = asked(dinner)
    guest = {"name": "Gale Guest", "email": "gale@example.org"}
    assert answer(client, dinner, **guest, **{name_of(question): "The blue one"}).status_code == 303
    gale = db.session.scalars(select(Person).where(Person.email == "gale@example.org")).one()
    assert said(dinner, gale) == {("Which boat?", 0): "The blue one"}

    path = link(rsvp_of(dinner, gale))
    assert "The blue one" in client.get(path).text
    assert client.post(path, data={"action": "confirm"}).status_code == 303
    answer(client, dinner, **guest, **{name_of(question): "Somebody else's"})
    assert said(dinner, gale) == {("Which boat?", 0): "The blue one"}

    changed = {"action": "change", "answer": "yes", name_of(question): "The red one"}
    assert client.post(path, data=changed).status_code == 303
    assert said(dinner, gale) == {("Which boat?", 0): "The red one"}


def test_what_is_asked_after_a_guest_answered_is_asked_before_the_mailed_link_makes_it_count(client, dinner):
    boat = asked(dinner)
    guest = {"name": "Gale Guest", "email": "gale@example.org", name_of(boat): "The blue one", "party_size": "2"}
    answer(client, dinner, **guest)
    gale = db.session.scalars(select(Person).where(Person.email == "gale@example.org")).one()
    photos = asked(dinner, Kind.CONSENT, "May we show you?", required=True)
    path = link(rsvp_of(dinner, gale))
    db.session.commit()

    for page in (client.get(path), client.post(path, data={"action": "confirm"})):
        assert "The organizers have asked something since" in page.text
        assert "Confirm my answer" in page.text
        assert 'value="confirm"' not in page.text
        assert 'value="The blue one"' in page.text
    assert page.status_code == 422
    changed = {"action": "change", "answer": "yes", "party_size": "2", name_of(boat): "The blue one"}
    assert client.post(path, data=changed).status_code == 422
    assert rsvp_of(dinner, gale).status == "unconfirmed"
    assert client.post(path, data={**changed, name_of(photos): "y"}).status_code == 303
    db.session.expire_all()
    assert (rsvp_of(dinner, gale).status, rsvp_of(dinner, gale).party_size) == ("confirmed", 2)
    assert said(dinner, gale)["May we show you?", 0] == "yes"


def test_a_seat_on_offer_is_taken_with_what_has_been_asked_since_also_when_answers_are_closed(client, dinner):
    gale = reply(dinner, a_person(), Answer.YES, at=NOW)
    gale.become(RsvpStatus.OFFERED, at=NOW, actor=None, reason="")
    gale.offered_until = dinner.starts_at
    photos = asked(dinner, Kind.CONSENT, "May we show you?", required=True)
    dinner.rsvp_closes_at = NOW - timedelta(days=1)
    path, said_so = link(gale), {"action": "change", "answer": "yes", name_of(photos): "y"}
    db.session.commit()

    for page in (client.get(path), client.post(path, data={"action": "confirm"})):
        assert page.text.count("The organizers have asked something since") == (2 if page.status_code == 422 else 1)
        assert 'value="confirm"' not in page.text
        assert name_of(photos) in page.text
    assert client.post(path, data=said_so | {name_of(photos): ""}).status_code == 422
    assert gale.status == "offered"
    assert client.post(path, data=said_so).status_code == 303
    db.session.expire_all()
    assert gale.status == "confirmed"


def test_who_else_sees_what_is_said_stands_beside_the_question(client, dinner):
    asked(dinner, text="Plain?")
    asked(dinner, Kind.NAMES, "Their name")
    asked(dinner, text="From where?", on_badge=True)
    page = client.sign_in(a_person()).get(f"/events/{dinner.slug}/rsvp?party_size=2").text
    assert page.count("Printed on the name badge.") == 1
    assert page.count("Seen by those at the door too, and printed on the name badge.") == 1


def test_a_maybe_is_confirmed_without_what_is_asked_of_those_who_come(client, dinner):
    ask_guest(dinner, "Gale", "gale@example.org", Answer.MAYBE, 1, "", NOW)
    gale = db.session.scalars(select(Person).where(Person.email == "gale@example.org")).one()
    asked(dinner, required=True)
    db.session.commit()
    assert client.post(link(rsvp_of(dinner, gale)), data={"action": "confirm"}).status_code == 303
    db.session.expire_all()
    assert rsvp_of(dinner, gale).status == "maybe"


def test_an_answer_keeps_the_wording_that_it_was_given_to(client, dinner, organizer):
    ann, question = a_person("Ann"), asked(dinner)
    client.sign_in(ann)
    answer(client, dinner, **{name_of(question): "The blue one"})
    values = {"text": "Which ship?"}
    reword(dinner, question, values, by=organizer, now=NOW)

    answer(client, dinner, **{name_of(question): "The blue one"})
    assert said(dinner, ann) == {("Which boat?", 0): "The blue one"}
    answer(client, dinner, **{name_of(question): "The red one"})
    assert said(dinner, ann) == {("Which ship?", 0): "The red one"}


def test_questions_fold_on_the_page_of_an_answer_until_something_is_wrong_with_them(client, dinner):
    ann, question = a_person("Ann"), asked(dinner, required=True)
    client.sign_in(ann)
    answer(client, dinner, **{name_of(question): "The blue one"})
    own = link(rsvp_of(dinner, ann))
    assert '<details class="disclosure" id="change"><summary>Change your answer' in client.get(own).text
    again = client.post(own, data={"action": "change", "answer": "yes", "shown": "1", name_of(question): ""})
    assert (again.status_code, 'id="change" open>' in again.text) == (422, True)


def test_what_they_eat_is_offered_from_an_earlier_event_and_not_sent_unless_ticked(client, dinner):
    ann, lunch = a_person("Ann"), an_event("The lunch")
    then = asked(lunch, Kind.DIETARY, "What do you eat?", options=MEALS)
    now_ = asked(dinner, Kind.DIETARY, "Your meal?", options=MEALS)
    client.sign_in(ann)
    answer(client, lunch, **{name_of(then): ["Soup"], f"{name_of(then)}_other": "no figs"})

    page = client.get(f"/events/{dinner.slug}/rsvp").text
    assert page.index(">Your meal?<") < page.index("As you told us before: Soup, no figs")
    assert page.index("As you told us before") < page.index("Anything else: Your meal?")
    answer(client, dinner)
    assert said(dinner, ann) == {}
    answer(client, dinner, **{f"{name_of(now_)}_again": "y"})
    assert said(dinner, ann) == {("Your meal?", 0): "Soup\nno figs"}
    assert "As you told us" not in client.get(f"/events/{dinner.slug}/rsvp").text
    assert "As you told us" not in client.get(link(rsvp_of(dinner, ann))).text


def test_a_file_goes_to_organizers_alone_and_never_opens_within_the_site(client, app, dinner, organizer, monkeypatch):
    monkeypatch.setattr(fields, "LARGEST", 1_000)
    ann, question = a_person("Ann"), asked(dinner, Kind.FILE, "Your poster", required=True)
    client.sign_in(ann)
    field = name_of(question)
    for content, name in ((b"<script>alert(1)</script>", "a.pdf"), (b"%PDF-" + b"x" * 2_000, "big.pdf")):
        assert answer(client, dinner, **{field: (io.BytesIO(content), name)}).status_code == 422
    again = answer(client, dinner, party_size="0", **{field: (io.BytesIO(b"%PDF-1.7"), "mine.pdf")})
    assert "Please choose mine.pdf again" in again.text
    sent = answer(client, dinner, **{field: (io.BytesIO(b"%PDF-1.7"), "../..\\x y.html")})
    assert sent.status_code == 303
    number = db.session.scalars(select(AnswerFile.answer_id)).one()

    assert client.get(f"/organize/events/{dinner.id}/answers/{number}/file").status_code == 403
    got = app.test_client().sign_in(organizer).get(f"/organize/events/{dinner.id}/answers/{number}/file")
    assert (got.data, got.mimetype) == (b"%PDF-1.7", "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"

    assert answer(client, dinner).status_code == 303, "the file that was sent is there still"
    assert answer(client, dinner, **{field: (io.BytesIO(b"\x89PNG\r\n\x1a\n."), "b.png")}).status_code == 303
    assert db.session.scalars(select(AnswerFile.media_type)).all() == ["image/png"]


def test_all_files_come_in_one_archive_by_question_and_name(client, app, dinner, organizer):
    poster, plan = (asked(dinner, Kind.FILE, text) for text in ("Your poster: A/B?", "Your plan"))
    sent = ((poster, b"%PDF-1", "a..pdf"), (plan, b"%PDF-2", "b.pdf")), ((poster, b"%PDF-3", "A.pdf"),)
    for of_one in sent:
        client.sign_in(a_person("Ann"))
        answer(client, dinner, **{name_of(question): (io.BytesIO(data), name) for question, data, name in of_one})
    browser = app.test_client().sign_in(organizer)
    here = f"/organize/events/{dinner.id}"
    assert f"{here}/answers.zip" in browser.get(f"{here}/questions").text
    with zipfile.ZipFile(io.BytesIO(browser.get(f"{here}/answers.zip").data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "Your poster_ A_B_/Ann – a.pdf": b"%PDF-1",
            "Your poster_ A_B_/Ann – A (2).pdf": b"%PDF-3",
            "Your plan/Ann – b.pdf": b"%PDF-2",
        }


def test_answers_go_with_the_person_when_merged_or_erased(client, dinner):
    ann, double = a_person("Ann"), a_person("Ann again")
    one, two = asked(dinner), asked(dinner, text="Which day?")
    for person, values in ((ann, {name_of(one): "Hers"}), (double, {name_of(one): "Double", name_of(two): "Monday"})):
        client.sign_in(person)
        answer(client, dinner, **values)

    merge(ann, double, NOW)
    assert said(dinner, ann) == {("Which boat?", 0): "Hers", ("Which day?", 0): "Monday"}
    client.sign_in(ann)
    assert "Monday" in client.get("/me/data.json").text

    blank([ann], "Erased person", NOW)
    assert db.session.scalar(select(func.count()).select_from(QuestionAnswer)) == 0


def test_the_page_of_an_event_that_asks_costs_no_query_more(client, dinner, counted):
    plain = an_event("A plain evening")
    reply(plain, a_person(), Answer.YES, at=NOW)
    for text in ("One?", "Two?", "Three?"):
        asked(dinner, text=text)
    client.get("/events")

    with counted() as simple:
        client.get(f"/events/{plain.slug}")
    with counted() as asking:
        client.get(f"/events/{dinner.slug}")
    assert len(asking) == len(simple)
    with counted() as form:
        client.get(f"/events/{dinner.slug}/rsvp")
    assert len(form) <= len(simple) + 1


@pytest.mark.parametrize("by_link", [True, False])
def test_who_is_refused_gets_all_they_typed_in_as_many_statements_however_much_is_asked(client, counted, by_link):
    client.sign_in(ann := a_person("Ann"))
    statements = []
    for number in (1, 12):
        event = an_event(capacity=2, max_party_size=2)
        typed = {name_of(asked(event, text=f"Question {n}")): "by boat" for n in range(number)}
        mine = reply(event, ann, Answer.YES, at=NOW)
        reply(event, a_person(), Answer.YES, at=NOW)
        db.session.commit()
        address = link(mine) if by_link else f"/events/{event.slug}/rsvp"
        with counted() as count:
            page = client.post(address, data={"action": "change", "answer": "yes", "party_size": "2", **typed})
        assert (page.status_code, page.text.count('value="by boat"')) == (409, number)
        statements.append(len(count))
    assert statements[0] == statements[1]


def test_who_can_no_longer_confirm_finds_the_form_with_what_they_said(client):
    a_person()
    event = an_event(capacity=2, max_party_size=2)
    boat = asked(event)
    mine = reply(event, a_person("Ben"), Answer.YES, party_size=2, at=NOW)
    answer_to = QuestionAnswer(rsvp_id=mine.id, question_id=boat.id, asked=boat.text, guest=0, text="The ferry")
    mine.status, event.capacity = RsvpStatus.UNCONFIRMED, 1
    db.session.add(answer_to)
    db.session.commit()

    page = client.post(link(mine), data={"action": "confirm"})

    assert page.status_code == 409
    assert "There are seats for 1 person in all." in page.text
    assert 'value="The ferry"' in page.text

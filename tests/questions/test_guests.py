"""What is said of the guests of a party: who of them stays away, and of whom it is told."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from society.db import db
from society.door.badges import badges
from society.door.queries import brought
from society.door.walk_ins import walk_in
from society.questions.actions import remove
from society.questions.models import AnswerFile, Kind, QuestionAnswer
from society.records.answers import merge
from society.rsvps.actions import reply, withdraw
from society.rsvps.asked import lacks_answers
from society.rsvps.models import Answer, Rsvp
from society.rsvps.queries import rsvp_of
from society.times import now
from tests.builders import NOW, a_person
from tests.questions.test_answering import answer, asked, name_of, said
from tests.questions.test_consents import csv_of


@pytest.fixture
def party(client, dinner, ann):
    """Ann brings Bo, Cy and Di; the questions."""
    names, meal = asked(dinner, Kind.NAMES, "Name", required=True), asked(dinner, Kind.DIETARY, "Meal", of_each=True)
    meal.options = "Vegan\nHalal"
    db.session.commit()
    answer(client, dinner, party_size="4", shown="4", **of(names, meal, ("Bo", "Vegan"), ("Cy", "Halal"), ("Di", "")))
    return names, meal


def of(names, meal, *guests):
    typed: dict[str, Any] = {}
    for guest, (name, eats) in enumerate(guests, 1):
        typed |= {name_of(names, guest): name, name_of(meal, guest): [eats] if eats else []}
    return typed


ALL = ("Bo", "Vegan"), ("Cy", "Halal"), ("Di", "")


def test_whoever_is_left_blank_stays_away_and_the_others_move_up(client, dinner, ann, party):
    left = of(*party, ("", ""), ("Cy", "Halal"), ("Di", ""))
    assert answer(client, dinner, party_size="3", shown="4", **left).status_code == 303
    assert said(dinner, ann) == {("Name", 1): "Cy", ("Meal", 1): "Halal", ("Name", 2): "Di"}


def test_a_smaller_number_alone_loses_nobody_unasked(client, dinner, ann, party):
    page = answer(client, dinner, party_size="2", shown="4", **of(*party, *ALL))
    assert page.status_code == 422
    assert "You bring 1 guest, and below 3 come. Please tick there who stays away." in page.text
    for name in ("Bo", "Cy", "Di"):
        assert f'value="{name}"' in page.text
    assert page.text.count('name="away_') == 3
    assert len(said(dinner, ann)) == 5

    ticked = {"away_1": "y", "away_3": "y"}
    assert answer(client, dinner, party_size="2", shown="4", **of(*party, *ALL), **ticked).status_code == 303
    assert said(dinner, ann) == {("Name", 1): "Cy", ("Meal", 1): "Halal"}
    assert rsvp_of(dinner, ann).party_size == 2


def test_more_ticks_than_stay_away_are_told_of(client, dinner, party):
    ticked = {"away_1": "y", "away_2": "y", "away_3": "y"}
    page = answer(client, dinner, party_size="2", shown="4", **of(*party, *ALL), **ticked)
    assert (page.status_code, "You bring 1 guest, and below 0 come." in page.text) == (422, True)


def test_what_is_wrong_about_one_who_stays_away_is_not_looked_at(client, dinner, ann, party):
    typed = of(*party, ("Bo", "Vegan"), ("x" * 400, ""), ("Di", ""))
    assert answer(client, dinner, party_size="3", shown="4", **typed, away_2="y").status_code == 303
    assert said(dinner, ann)["Name", 2] == "Di"


def test_who_comes_alone_brings_nobody_and_is_not_asked(client, dinner, ann, party):
    assert answer(client, dinner, party_size="1", shown="4", **of(*party, *ALL)).status_code == 303
    assert said(dinner, ann) == {}


def test_the_file_of_a_guest_moves_up_with_them(client, dinner, ann):
    names, plan = asked(dinner, Kind.NAMES, "Name"), asked(dinner, Kind.FILE, "Plan", of_each=True)
    sent = {name_of(plan, 2): (io.BytesIO(b"%PDF-1.7"), "cy.pdf")}
    answer(client, dinner, party_size="3", shown="3", **{name_of(names, 1): "Bo", name_of(names, 2): "Cy"}, **sent)
    typed = {name_of(names, 1): "Bo", name_of(names, 2): "Cy"}
    assert answer(client, dinner, party_size="2", shown="3", **typed, away_1="y").status_code == 303
    assert said(dinner, ann) == {("Name", 1): "Cy", ("Plan", 1): "cy.pdf"}
    assert db.session.scalars(select(AnswerFile.content)).all() == [b"%PDF-1.7"]


def test_of_guests_who_do_not_come_nothing_is_told(client, app, dinner, organizer, ann, party):
    withdraw(rsvp_of(dinner, ann), NOW)
    walk_in(dinner, "Ann", ann.email, 1, by=organizer, now=dinner.starts_at)
    db.session.commit()
    browser = app.test_client().sign_in(organizer)

    assert brought(dinner) == {}
    assert "Ann" not in browser.get(f"/organize/events/{dinner.id}/needs?names=1").text
    (row,) = csv_of(app, organizer, dinner)
    assert (row["party_size"], row["Name"], row["Meal"]) == ("1", "", "")
    assert "Halal" not in browser.get(f"/organize/events/{dinner.id}/rsvps").text
    assert "Nobody found" in browser.get(f"/organize/events/{dinner.id}/rsvps?q=Cy").text


@pytest.fixture
def left_out(client, dinner, organizer, ann):
    """Ann has sent a file with Bo, whom she has not with her as she is let in."""
    names, plan = asked(dinner, Kind.NAMES, "Name", required=True), asked(dinner, Kind.FILE, "Plan", of_each=True)
    sent = {name_of(plan, 1): (io.BytesIO(b"%PDF-1.7"), "bo.pdf")}
    answer(client, dinner, party_size="2", shown="2", **{name_of(names, 1): "Bo"}, **sent)
    withdraw(rsvp_of(dinner, ann), now())
    walk_in(dinner, "Ann", ann.email, 1, by=organizer, now=now())
    db.session.commit()
    return names


def test_who_joins_after_the_door_is_none_of_those_left_out_there(dinner, ann, left_out):
    assert lacks_answers(dinner, rsvp_of(dinner, ann), 2)
    reply(dinner, ann, Answer.YES, party_size=2, at=now())
    assert said(dinner, ann) == {}


def test_the_form_asks_about_who_joins_after_the_door_anew(client, dinner, ann, left_out):
    page = client.get(f"/events/{dinner.slug}/rsvp?party_size=2").text
    assert ('value="Bo"' in page, "bo.pdf" in page, name_of(left_out, 1) in page) == (False, False, True)
    assert answer(client, dinner, party_size="2", shown="2", **{name_of(left_out, 1): "Cy"}).status_code == 303
    assert said(dinner, ann) == {("Name", 1): "Cy"}


def test_two_who_become_one_bring_the_guests_of_one_of_them_as_they_are(client, dinner, ann):
    names, meal = asked(dinner, Kind.NAMES, "Name"), asked(dinner, Kind.DIETARY, "Meal", of_each=True)
    meal.options = "Vegan\nHalal"
    db.session.commit()
    answer(client, dinner, party_size="2", shown="2", **of(names, meal, ("Anna", "")))
    client.sign_in(double := a_person("Ann again"))
    three = of(names, meal, ("Bert", "Vegan"), ("Anna", ""), ("Cara", "Halal"))
    answer(client, dinner, party_size="4", shown="4", **three)

    merge(ann, double, NOW)
    assert rsvp_of(dinner, ann).party_size == 4
    assert said(dinner, ann) == {
        ("Name", 1): "Bert",
        ("Meal", 1): "Vegan",
        ("Name", 2): "Anna",
        ("Name", 3): "Cara",
        ("Meal", 3): "Halal",
    }


def test_the_smaller_party_of_two_who_become_one_leaves_nothing_with_the_guests_of_the_other(client, dinner, ann):
    names, meal = asked(dinner, Kind.NAMES, "Name"), asked(dinner, Kind.DIETARY, "Meal", of_each=True)
    meal.options = "Vegan\nHalal"
    db.session.commit()
    answer(client, dinner, party_size="3", shown="3", **of(names, meal, ("Bert", ""), ("Cara", "")))
    client.sign_in(double := a_person("Ann again"))
    answer(client, dinner, party_size="2", shown="2", **of(names, meal, ("Anna", "Vegan")))

    merge(ann, double, NOW)
    assert said(dinner, ann) == {("Name", 1): "Bert", ("Name", 2): "Cara"}


def test_a_name_that_was_asked_twice_is_that_which_is_asked_still(client, dinner, organizer, ann):
    before = asked(dinner, Kind.NAMES, "Name")
    answer(client, dinner, party_size="2", shown="2", **{name_of(before, 1): "Bo Wrong"})
    remove(dinner, db.session.merge(before), by=organizer, now=NOW)
    rsvp = db.session.scalars(select(Rsvp)).one()
    after = asked(dinner, Kind.NAMES, "Whole name")
    db.session.add(QuestionAnswer(rsvp_id=rsvp.id, question_id=after.id, guest=1, asked="Whole name", text="Bo Right"))
    db.session.flush()

    assert brought(dinner) == {rsvp.id: ["Bo Right"]}
    assert [badge.name for badge in badges(dinner, [rsvp])] == ["Ann", "Bo Right"]


def test_a_party_does_not_grow_by_calendar_where_the_new_guests_must_be_named(dinner, ann):
    asked(dinner, Kind.NAMES, "Name", required=True)
    rsvp = reply(dinner, ann, Answer.YES, at=NOW)
    assert not lacks_answers(dinner, rsvp)
    assert lacks_answers(dinner, rsvp, 3)

"""A consent is to the words that stood there: when it was given and taken back is kept, and it can be at any time."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.door.walk_ins import walk_in
from society.events.models import RsvpPolicy
from society.people.models import Person
from society.questions.actions import remove, reword
from society.questions.agreements import take_back
from society.questions.models import Agreement, Kind, QuestionAnswer
from society.records.answers import merge
from society.records.erasing import blank
from society.rsvps.actions import reply, withdraw
from society.rsvps.asked import numbers_to_be_asked
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from society.times import now
from tests.builders import NOW, a_person
from tests.questions.test_answering import answer, asked, name_of, said

PHOTO, SALE = "You may take my photo for our archive", "You may publish my photo and sell it"


def agreed():
    rows = db.session.scalars(select(Agreement).order_by(Agreement.id).execution_options(populate_existing=True))
    return [(row.wording, row.given_at is not None, row.withdrawn_at is not None) for row in rows]


def form_of(client, event):
    return client.get(f"/events/{event.slug}/rsvp").text


def csv_of(app, organizer, event):
    text = app.test_client().sign_in(organizer).get(f"/organize/events/{event.id}/rsvps.csv").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_no_one_has_agreed_to_words_that_became_others(client, app, dinner, organizer, ann):
    photos = asked(dinner, Kind.CONSENT, PHOTO)
    answer(client, dinner, **{name_of(photos): "y"})
    assert " checked" in form_of(client, dinner)
    reword(dinner, photos, {"text": SALE}, by=organizer, now=NOW)
    db.session.commit()

    page = form_of(client, dinner)
    assert " checked" not in page
    assert f"What you agreed to before reads: “{PHOTO}”" in page
    (row,) = csv_of(app, organizer, dinner)
    assert row[SALE].startswith("yes, given 20")
    assert row[SALE].endswith(f"to: “{PHOTO}”")

    answer(client, dinner)
    assert said(dinner, ann) == {}
    assert agreed() == [(PHOTO, True, True)]
    answer(client, dinner, **{name_of(photos): "y"})
    answer(client, dinner, **{name_of(photos): "y"})
    assert agreed() == [(PHOTO, True, True), (SALE, True, False)]
    assert said(dinner, ann) == {(SALE, 0): "yes"}


def test_the_hint_belongs_to_the_words_and_a_change_of_it_is_shown_first(client, app, dinner, organizer, ann):
    photos = asked(dinner, Kind.CONSENT, PHOTO, hint="For us alone.", required=True)
    answer(client, dinner, **{name_of(photos): "y"})
    browser = app.test_client().sign_in(organizer)
    there = f"/organize/events/{dinner.id}/questions/{photos.id}"
    page = browser.post(there, data={"kind": "consent", "text": PHOTO, "hint": "For everybody.", "required": "y"})
    assert "has agreed to those alone" in page.text
    assert "1 of 1 answer by those who come or wait says nothing to this yet" in page.text
    browser.agree(page, tell="no")

    assert " checked" not in form_of(client, dinner)
    again = answer(client, dinner)
    assert (again.status_code, "Without this you cannot come." in again.text) == (422, True)


def test_a_consent_is_taken_back_at_any_time_and_that_it_was_given_stays(client, app, dinner, organizer, ann):
    photos, other = asked(dinner, Kind.CONSENT, PHOTO, required=True), asked(dinner, Kind.CONSENT, "And my name")
    answer(client, dinner, **{name_of(photos): "y", name_of(other): "y"})
    dinner.rsvp_policy = RsvpPolicy.CLOSED
    remove(dinner, other, by=organizer, now=NOW)
    db.session.commit()
    own = link(rsvp_of(dinner, ann))
    assert client.get(own).text.count("Take it back") == 2

    for number in db.session.scalars(select(Agreement.id)).all():
        taken = client.post(own, data={"action": "take-back", "agreement": str(number)})
        assert taken.status_code == 303
        client.post(own, data={"action": "take-back", "agreement": str(number)})

    assert rsvp_of(dinner, ann).status == "confirmed"
    assert agreed() == [(PHOTO, True, True), ("And my name", True, True)]
    assert said(dinner, ann) == {}
    page = client.get(own).text
    assert ("Take it back" in page, page.count(", until ")) == (False, 2)
    (row,) = csv_of(app, organizer, dinner)
    assert row[PHOTO].startswith("taken back 20")
    assert "Taken back on" in app.test_client().sign_in(organizer).get(f"/organize/events/{dinner.id}/rsvps").text
    kept = client.get("/me/data.json").json["rsvps"][0]["agreed"]
    assert [(one["wording"], bool(one["given_at"]), bool(one["withdrawn_at"])) for one in kept] == [
        (PHOTO, True, True),
        ("And my name", True, True),
    ]


def test_nobody_takes_back_what_another_agreed_to(client, dinner, ann):
    photos = asked(dinner, Kind.CONSENT, PHOTO)
    answer(client, dinner, **{name_of(photos): "y"})
    number = db.session.scalars(select(Agreement.id)).one()
    client.sign_in(ben := a_person("Ben"))
    answer(client, dinner)
    client.post(link(rsvp_of(dinner, ben)), data={"action": "take-back", "agreement": str(number)})
    assert agreed() == [(PHOTO, True, False)]


@pytest.mark.parametrize("closed", ["closed", "deadline"])
def test_what_they_need_is_corrected_after_answers_have_closed_and_no_seat_moves(client, dinner, ann, closed):
    meal, names = asked(dinner, text="Allergies"), asked(dinner, Kind.NAMES, "Name")
    answer(client, dinner, party_size="2", shown="2", **{name_of(meal): "none", name_of(names, 1): "Bo"})
    if closed == "closed":
        dinner.rsvp_policy = RsvpPolicy.CLOSED
    else:
        dinner.rsvp_closes_at = now() - timedelta(hours=1)
    db.session.commit()
    own = link(rsvp_of(dinner, ann))
    assert "Correct what you told the organizers" in client.get(f"/events/{dinner.slug}").text
    page = client.get(own).text
    assert "Correct what you said" in page
    assert 'name="party_size"' not in page

    sent = {"action": "say", "shown": "2", name_of(meal): "nuts", name_of(names, 1): "Bob"}
    assert client.post(own, data=sent).status_code == 303
    assert said(dinner, ann) == {("Allergies", 0): "nuts", ("Name", 1): "Bob"}
    db.session.expire_all()
    assert (rsvp_of(dinner, ann).party_size, rsvp_of(dinner, ann).status) == (2, "confirmed")

    dinner.starts_at, dinner.ends_at = now() - timedelta(hours=1), now() + timedelta(hours=1)
    db.session.commit()
    assert "Correct what you said" not in client.get(own).text
    assert client.post(own, data=sent | {name_of(meal): "figs"}).status_code == 409


def test_what_was_agreed_to_goes_with_the_person_when_merged_or_erased(client, dinner, ann):
    photos, other = asked(dinner, Kind.CONSENT, PHOTO), asked(dinner, Kind.CONSENT, "And my name")
    answer(client, dinner, **{name_of(photos): "y"})
    answer(client, dinner)
    client.sign_in(double := a_person("Ann again"))
    answer(client, dinner, **{name_of(photos): "y", name_of(other): "y"})

    merge(ann, double, NOW)
    theirs = [(PHOTO, True, True), (PHOTO, True, True), ("And my name", True, False)]
    assert agreed() == theirs, "what was taken back stays taken back"
    assert {row.rsvp_id for row in db.session.scalars(select(Agreement))} == {rsvp_of(dinner, ann).id}
    assert said(dinner, ann) == {("And my name", 0): "yes"}

    blank([ann], "Erased person", NOW)
    assert agreed() == []


@pytest.mark.parametrize("kept", [0, 1])
def test_of_two_who_become_one_the_consent_to_the_present_words_stays(client, dinner, organizer, ann, kept):
    photos = asked(dinner, Kind.CONSENT, PHOTO)
    answer(client, dinner, **{name_of(photos): "y"})
    reword(dinner, db.session.merge(photos), {"text": SALE}, by=organizer, now=NOW)
    db.session.commit()
    client.sign_in(double := a_person("Ann again"))
    answer(client, dinner, **{name_of(photos): "y"})
    both = (ann, double)
    earlier = rsvp_of(dinner, both[kept])
    earlier.answered_at -= timedelta(hours=1)  # the earlier of two that hold alike stays

    merge(both[kept], both[1 - kept], NOW)

    assert agreed() == [(PHOTO, True, True), (SALE, True, False)]
    assert said(dinner, both[kept]) == {(SALE, 0): "yes"}


def test_a_question_whose_consents_were_taken_back_stays_for_them(client, dinner, organizer, ann):
    photos = asked(dinner, Kind.CONSENT, PHOTO)
    answer(client, dinner, **{name_of(photos): "y"})
    answer(client, dinner)
    remove(dinner, db.session.merge(photos), by=db.session.get_one(Person, organizer.id), now=NOW)
    db.session.commit()
    assert agreed() == [(PHOTO, True, True)]
    assert db.session.scalars(select(QuestionAnswer)).all() == []


def test_a_guest_who_moves_up_takes_along_what_they_agreed_to(client, app, dinner, organizer, ann):
    names, photos = asked(dinner, Kind.NAMES, "Name"), asked(dinner, Kind.CONSENT, PHOTO, of_each=True)
    typed = {name_of(names, 1): "Bo", name_of(names, 2): "Cy", name_of(photos, 2): "y"}
    answer(client, dinner, party_size="3", shown="3", **typed)
    answer(client, dinner, party_size="3", shown="3", **typed, **{name_of(photos, 1): "y"})

    answer(client, dinner, party_size="2", shown="3", **typed, **{name_of(photos, 1): "y"}, away_1="y")

    assert said(dinner, ann) == {("Name", 1): "Cy", (PHOTO, 1): "yes"}
    rows = db.session.scalars(select(Agreement).order_by(Agreement.id).execution_options(populate_existing=True))
    assert [(row.guest, row.withdrawn_at is None) for row in rows] == [(1, True), (1, False)]
    (row,) = csv_of(app, organizer, dinner)
    assert row[PHOTO].startswith("Guest 1: yes, given 20")


@pytest.fixture
def three(client, dinner, ann):
    """Ann and two guests, each of whom agrees; the question."""
    photos = asked(dinner, Kind.CONSENT, PHOTO, of_each=True)
    answer(client, dinner, party_size="3", shown="3", **{name_of(photos, guest): "y" for guest in range(3)})
    return photos


def standing():
    return sorted(db.session.scalars(select(Agreement.guest).where(Agreement.withdrawn_at.is_(None))))


def test_guests_of_a_smaller_party_agree_to_nothing_that_is_asked_no_more(client, dinner, organizer, ann, three):
    remove(dinner, three, by=organizer, now=NOW)
    db.session.commit()

    answer(client, dinner, party_size="1")
    answer(client, dinner, party_size="3")

    assert standing() == [0]


def test_guests_who_were_left_out_by_a_no_do_not_agree_when_a_calendar_says_yes(client, dinner, ann, three):
    client.post(f"/events/{dinner.slug}/rsvp", data={"answer": "no", "party_size": "1"})
    reply(dinner, ann, Answer.YES, at=now())
    assert (standing(), said(dinner, ann)) == ([0], {(PHOTO, 0): "yes"})


def test_a_calendar_that_names_fewer_guests_leaves_the_last_at_home(dinner, ann, three):
    reply(dinner, ann, Answer.YES, party_size=2, at=now())
    assert standing() == [0, 1]


def test_guests_left_out_at_the_door_do_not_agree_when_a_calendar_names_more(dinner, organizer, ann, three):
    withdraw(rsvp_of(dinner, ann), now())
    walk_in(dinner, "Ann", ann.email, 1, by=organizer, now=now())
    reply(dinner, ann, Answer.YES, party_size=3, at=now())
    assert (standing(), said(dinner, ann)) == ([0], {(PHOTO, 0): "yes"})


def test_what_a_guest_who_stays_away_agreed_to_is_told_nowhere_and_does_not_count(
    client, app, dinner, organizer, ann, three
):
    dinner.online_url, dinner.room = "https://meet.example.org/hall", "Hall"
    reply(dinner, ann, Answer.YES, party_size=3, online=True, at=now())
    walk_in(dinner, "Ann", ann.email, 1, by=organizer, now=dinner.starts_at)
    db.session.commit()

    listed = app.test_client().sign_in(organizer).get(f"/organize/events/{dinner.id}/rsvps").text
    assert (f"<dt>{PHOTO}</dt>" in listed, "(guest 1)" in listed) == (True, False)
    own = client.get(link(rsvp_of(dinner, ann))).text
    assert (own.count("Take back: "), "(guest 1)" in own) == (1, False)
    (row,) = csv_of(app, organizer, dinner)
    assert (row["party_size"], row[PHOTO].startswith("yes"), "Guest" in row[PHOTO]) == ("1", True, False)


@pytest.mark.parametrize(("came", "told"), [(2, True), (3, False), (None, False)])
def test_beside_a_consent_it_stands_that_a_part_of_the_party_came(
    client, app, dinner, organizer, ann, three, came, told
):
    if came:
        rsvp_of(dinner, ann).check_in(NOW, came)
        db.session.commit()
    (row,) = csv_of(app, organizer, dinner)
    assert [line.split(",")[0] for line in row[PHOTO].splitlines()][:3] == ["yes", "Guest 1: yes", "Guest 2: yes"]
    assert row[PHOTO].splitlines()[3:] == (["(2 of 3 came; who of them is not noted)"] if told else [])
    listed = app.test_client().sign_in(organizer).get(f"/organize/events/{dinner.id}/rsvps").text
    assert ("2 of 3 were there. The door does not note who of them" in listed) == told


def test_consents_of_guests_who_stay_away_do_not_stand_for_those_that_lack(client, dinner, organizer, ann, three):
    take_back(db.session.scalars(select(Agreement).where(Agreement.guest == 0)).one(), NOW)
    rsvp_of(dinner, ann).resize(1)  # as at the door
    db.session.flush()
    assert numbers_to_be_asked(three, {dinner.id: three.id}) == {dinner.id: (1, 1)}

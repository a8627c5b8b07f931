"""What one act does to several evenings of a series, told to each who answered in one letter."""

import re
from datetime import timedelta

import pytest
from babel.dates import format_datetime
from sqlalchemy import select

from society.db import db
from society.events.models import Visibility
from society.events.render import on_its_day
from society.mail.message import as_text
from society.mail.models import Letter
from society.notices.copies import copy_for
from society.notices.going import take_back
from society.notices.leaving import out_of_date
from society.notices.letters import letters
from society.notices.models import Notice
from society.notices.sending import send_by_itself
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.series import actions
from society.series.queries import Scope
from society.times import to_utc, to_wall
from tests.builders import NOW, a_person, letters_to
from tests.events.test_organizing import form_of
from tests.series.test_actions import START, evenings, organizer
from tests.series.test_pages import typed

__all__ = ["evenings", "organizer"]


@pytest.fixture
def readers(evenings) -> tuple[Person, Person]:
    """Ann comes to all, and Ben, who reads German and lives elsewhere, to the last."""
    ann, ben = a_person("Ann"), a_person("Ben", language="de", zone="Asia/Tokyo")
    for event in evenings:
        reply(event, ann, Answer.YES, at=NOW)
    reply(evenings[-1], ben, Answer.YES, at=NOW)
    db.session.commit()
    return ann, ben


def later(client, evenings, **values: str):
    """The page before all of them begin an hour later, or change otherwise."""
    address = f"/organize/events/{evenings[0].id}"
    clocks = {"starts_at": f"{START:%Y-%m-%dT21:00}", "ends_at": f"{START:%Y-%m-%dT22:30}"}
    data = typed(client.get(address).text, evenings[0], **(values or {"room": "Blue Room", **clocks}))
    return client.post(address, data={**data, "scope": "all", "look": "yes"})


def news_to(person: Person) -> list[Letter]:
    rows = select(Letter).where(Letter.person_id == person.id, Letter.reason.startswith("notice:"))
    return list(db.session.scalars(rows.order_by(Letter.id)))


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def call_off_all(evenings, organizer) -> None:
    actions.cancel_several(evenings[0], Scope.ALL, by=organizer, now=NOW, note="Sorry.")


def test_who_answered_several_evenings_that_change_gets_one_letter(client, evenings, organizer, readers):
    client.sign_in(organizer)
    page = later(client, evenings)
    counted = "7 answers to 6 of these events, given by 2 people. Each of them gets one letter, 2 letters in all"
    assert counted in words(page.text)
    assert client.agree(page, scope="all", tell="yes", message="Sorry.").status_code == 303

    (to_ann,), (to_ben,) = map(news_to, readers)
    assert (to_ann.subject, to_ben.subject) == ("Changed: Reading", "Geändert: Reading")
    said = words(as_text(to_ann))
    assert said.count("until now: Green Room from now on: Blue Room") == said.count("> Sorry.") == 1
    for event in evenings:
        day = f"{event.starts:%A, %-d %B %Y}"
        assert f"{day}, 9:00 pm to 10:30 pm (New York time): Reading" in said
        assert f"until now: {day}, 8:00 pm to 9:30 pm (New York time)" in said
    last = START + timedelta(weeks=5)
    in_tokyo = to_wall(to_utc(last, "America/New_York"), "Asia/Tokyo")
    there = format_datetime(in_tokyo, "EEEE, d. MMMM y, HH:mm", locale="de")
    weekday = format_datetime(last, "EEEE", locale="de")
    assert as_text(to_ben).count("/rsvps/") == as_text(to_ben).count(f"bisher: {weekday}") == 1
    assert f"20:00 – 21:30 (New York, Ortszeit) = {there}" in words(as_text(to_ben))
    assert [letter.calendar.count(b"BEGIN:VEVENT") for letter in (to_ann, to_ben)] == [6, 1]
    assert {to_ann.thread, to_ben.thread} == {f"series-{evenings[0].series_id}"}


def test_who_answered_several_evenings_that_are_called_off_gets_one_letter(client, evenings, organizer, readers):
    client.sign_in(organizer)
    for event in evenings:
        event.title = "*Reading* {{ name }}"
    db.session.commit()
    page = client.get(f"/organize/events/{evenings[-1].id}/series/cancel")
    assert "This and all that follow: 2 people answered: 2 letters All to come: 7 answers to 6" in words(page.text)
    assert client.agree(page, scope="all", tell="yes", message="Sorry.").status_code == 303

    (to_ann,), (to_ben,) = map(news_to, readers)
    assert (to_ann.subject, to_ben.subject) == ("Cancelled: *Reading* name", "Abgesagt: *Reading* name")
    assert [as_text(letter).count("/rsvps/") for letter in (to_ann, to_ben)] == [6, 1]
    assert [letter.calendar.count(b"STATUS:CANCELLED") for letter in (to_ann, to_ben)] == [6, 1]
    assert all("> Sorry." in as_text(letter) for letter in (to_ann, to_ben))
    db.session.expire_all()
    assert {event.reason for event in evenings} == {"Sorry."}


def test_where_calendars_answer_each_evening_has_a_letter_that_updates_it_there(
    app, client, evenings, organizer, readers, monkeypatch
):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")
    client.sign_in(organizer)
    page = later(client, evenings)
    assert "They get a letter for each event, 7 letters in all," in words(page.text)
    client.agree(page, scope="all", tell="yes")
    assert letters_to(readers[0])[-6:] == [on_its_day("Changed: Reading", event) for event in evenings]
    call_off_all(evenings, organizer)
    assert letters_to(readers[0])[-6:] == [on_its_day("Cancelled: Reading", event) for event in evenings]


def test_evenings_for_members_are_named_to_those_alone_who_answered_them(evenings, organizer, readers):
    for event in evenings[:-1]:
        event.visibility, event.title = Visibility.MEMBERS, "Secret"
    call_off_all(evenings, organizer)
    (to_ann,), (to_ben,) = map(news_to, readers)
    assert to_ann.subject == "Cancelled: several of our events"
    assert (to_ann.body.count("Secret"), to_ben.body.count("Secret"), to_ben.body.count("Reading")) == (5, 0, 1)
    (notice,) = db.session.scalars(select(Notice))
    everybody, stranger = copy_for(notice, None, NOW), next(letters(notice, [a_person()], NOW))
    assert "Secret" not in everybody.body + stranger.body + notice.said_body
    assert "Reading" in everybody.body
    evenings[-1].visibility = Visibility.MEMBERS
    assert "those of them that you have answered" in copy_for(notice, None, NOW).body


def test_a_letter_about_several_is_taken_back_and_sent_again_as_it_was(client, evenings, organizer, readers):
    client.sign_in(organizer)
    client.agree(later(client, evenings), scope="all", tell="yes")
    before = [letter.body for one in readers for letter in news_to(one)]
    db.session.expire_all()  # what the request did
    (notice,) = db.session.scalars(select(Notice))
    take_back(notice, by=organizer, now=NOW)
    assert [news_to(one) for one in readers] == [[], []]
    send_by_itself(notice, NOW)
    assert [letter.body for one in readers for letter in news_to(one)] == before


def test_later_news_stands_for_earlier_only_where_it_tells_of_all_that_the_reader_answered(
    client, evenings, organizer, readers
):
    client.sign_in(organizer)
    client.agree(later(client, evenings), scope="all", tell="yes")
    earlier = [letter for one in readers for letter in news_to(one)]
    for letter in earlier:
        letter.due_at = NOW + timedelta(days=3)  # as if it were paused meanwhile
    actions.cancel_several(evenings[-2], Scope.FOLLOWING, by=organizer, now=NOW)
    assert out_of_date(earlier, NOW) == {earlier[1].id}, "of four of hers Ann has no other news"
    actions.cancel_several(evenings[0], Scope.ALL, by=organizer, now=NOW)
    assert out_of_date(earlier, NOW) == {letter.id for letter in earlier}


@pytest.mark.parametrize("note", ["", "Sorry."])
def test_of_an_evening_without_a_date_no_date_is_told(client, evenings, organizer, readers, note):
    evenings[2].postpone(NOW)
    db.session.commit()
    client.sign_in(organizer)
    page = later(client, evenings)
    assert client.agree(page, scope="all", tell="yes", message=note).status_code == 303
    (to_ann,), _ = map(news_to, readers)
    said = words(as_text(to_ann))
    assert said.count("8:00 pm to 9:30 pm") == len(evenings) - 1
    assert f"{evenings[2].starts:%A, %-d %B}" not in said


def test_whom_a_letter_reaches_is_counted_without_evenings_of_which_it_tells_nothing(
    client, evenings, organizer, readers
):
    """The last keeps a room of its own, so that nothing changes there but its seats: of these no letter tells."""
    evenings[-1].room = "Attic"
    db.session.commit()
    client.sign_in(organizer)

    def asked(**values: str):
        until = f"{evenings[0].rsvp_deadline:%Y-%m-%dT%H:%M}"
        data = {**form_of(evenings[0], rsvp_deadline=until, **values), "scope": "all", "look": "yes"}
        return client.post(f"/organize/events/{evenings[0].id}", data=data)

    page = asked(room="Blue Room", capacity="40")
    assert "5 answers to 5 of these events, given by 1 person. Each of them gets one letter" in words(page.text)
    silent = "2 answers to 1 other that it reaches: of what changes there no letter tells by itself"
    assert silent in words(page.text)
    client.agree(page, scope="all", tell="yes")
    assert [len(news_to(one)) for one in readers] == [1, 0]
    db.session.expire_all()  # what the request did
    page = asked(room="Green Room", capacity="50")
    client.agree(page, scope="all", tell="yes", message="Sorry.")
    assert [len(news_to(one)) for one in readers] == [2, 1]

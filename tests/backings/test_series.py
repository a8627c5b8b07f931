"""Backing a series: a contact's word is for what they read, and one letter and one answer can be about all of it."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from sqlalchemy import select

from society.backings import actions
from society.backings.entering import set_backers
from society.backings.evenings import of_its_series
from society.backings.models import Word
from society.backings.render import link
from society.backings.versions import mark, same_but_for_time
from society.db import db
from society.events.changes import Change
from society.events.models import Backing, BackingRole, BackingState, Event
from society.events.render import backing_sentence, on_its_day, when
from society.mail.models import Letter
from society.notices.actions import alter
from society.people.models import EventOrganizer
from society.series.actions import begin, cancel_several, hand_on, make_more
from society.series.calling_off import calling_off
from society.series.queries import Scope, hold_with_others, occurrences, others
from society.series.rules import Every, Rule
from society.series.values import values_of
from tests.backings.test_actions import CONTACT, LATER, letters_at, words
from tests.builders import NOW, a_backing, a_person, an_event, an_organization, letters_to

START = datetime.combine(NOW.date() + timedelta(days=10), datetime.min.time()).replace(hour=20)


@pytest.fixture
def organizer(app):
    return a_person("Ora Organizer", "organizer")


def series_of(first: Event, organizer, rule: Rule | None = None) -> list[Event]:
    made = begin(first, rule or Rule(Every.WEEK, count=3), by=organizer, now=NOW)
    return list(db.session.scalars(occurrences(made)))


@pytest.fixture
def first(organizer):
    """It has one sponsor by an organizer's word, and an endorser by its own."""
    made = an_event("Rivers", starts=START, description="All about rivers.", created_by_id=organizer.id)
    a_backing(made, "B Union", "sponsor")
    trust = actions.ask(
        made, an_organization("Heron Trust"), BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=NOW
    )
    actions.confirm(made, trust, "Cora", "Chair", NOW)
    db.session.refresh(made)
    return made


def of_trust(event: Event) -> Backing:
    return next(backing for backing in event.backings if backing.role is BackingRole.ENDORSER)


NAMES_BOTH = "Sponsored by the B Union, and endorsed by the Heron Trust."


def test_a_contacts_yes_to_one_evening_names_nobody_on_the_others_but_an_organizers_word_goes_along(first, organizer):
    evenings = series_of(first, organizer)
    assert [backing_sentence(event) for event in evenings] == [NAMES_BOTH, *["Sponsored by the B Union."] * 2]
    assert {of_trust(event).state for event in evenings[1:]} == {BackingState.PROPOSED}
    assert [words(event.backings[0]) for event in evenings[1:]] == [[Word.TAKEN_ALONG]] * 2
    assert [words(of_trust(event)) for event in evenings[1:]] == [[]] * 2


def test_the_page_before_a_series_says_who_is_still_to_be_asked(first, organizer, client):
    page = client.sign_in(organizer).post(
        f"/organize/events/{first.id}/series", data={"every": "week", "interval": "1", "count": "3"}
    )
    assert "Heron Trust: it is named of these only once its contact says yes to them." in page.text
    assert "B Union: " not in page.text


def test_the_ones_made_later_name_nobody_by_a_word_for_another(first, organizer):
    evenings = series_of(first, organizer, Rule(Every.MONTH_WEEKDAY))
    db.session.commit()
    make_more(NOW + timedelta(days=70))
    newest = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert newest not in evenings
    assert backing_sentence(newest) == "Sponsored by the B Union."
    assert words(newest.backings[0]) == [Word.TAKEN_ALONG]


def test_one_letter_asks_about_all_that_follow_and_one_answer_holds_for_them(first, organizer, client):
    evenings = series_of(first, organizer)
    client.sign_in(organizer)
    at = f"/organize/events/{evenings[1].id}/backings"
    assert "Another evening of the series waits for the same answer" in client.get(at).text
    client.post(f"{at}/{of_trust(evenings[1]).id}", data={"act": "remind"})
    db.session.expire_all()
    assert len(letters_at("cora@example.org")) == 2
    letter = db.session.scalars(select(Letter.body).order_by(Letter.id.desc()).limit(1)).one().replace("\\", "")
    assert f"- {when(evenings[2])}" in letter
    assert [words(of_trust(event)) for event in evenings[1:]] == [[Word.ASKED]] * 2

    client.post("/logout")
    page = client.get(link(of_trust(evenings[1])))
    assert (when(evenings[2]) in page.text, when(evenings[0]) in page.text) == (True, False)
    answer = {
        "decision": "confirm",
        "name": "Cora",
        "title": "Chair",
        "seen": re.search(r'name="seen" value="(\w+)"', page.text)[1],
    }
    evenings[2].room = "Room 9"
    db.session.commit()
    assert "changed while you read" in client.post(link(of_trust(evenings[1])), data={**answer, "reach": "all"}).text
    evenings[2].room = ""
    db.session.commit()
    assert client.post(link(of_trust(evenings[1])), data={**answer, "reach": "all"}).status_code == 303
    db.session.expire_all()
    assert [backing_sentence(event) for event in evenings] == [NAMES_BOTH] * 3
    assert [of_trust(event).agreed["when"] for event in evenings] == [when(event) for event in evenings]
    assert letters_to(organizer)[1:] == ["Heron Trust has confirmed: Rivers"]

    client.post(link(of_trust(evenings[1])), data={"decision": "withdraw", "name": "Cora", "reach": "this"})
    db.session.expire_all()
    assert [of_trust(event).state for event in evenings] == ["confirmed", "withdrawn", "confirmed"]
    client.post(link(of_trust(evenings[2])), data={"decision": "withdraw", "name": "Cora", "reach": "all"})
    db.session.expire_all()
    assert {of_trust(event).state for event in evenings} == {"withdrawn"}


def test_who_is_asked_about_the_series_is_not_asked_about_what_they_back_already(first, organizer):
    evenings = series_of(first, organizer)
    trust = of_trust(first).organization
    actions.ask(evenings[1], trust, BackingRole.ENDORSER, contact=CONTACT, others=evenings, by=organizer, now=LATER)
    assert [of_trust(event).state for event in evenings] == ["confirmed", "proposed", "proposed"]


def test_a_yes_that_does_not_say_what_was_read_waits_only_for_the_evenings_that_it_is_for(first, organizer, client):
    evenings = series_of(first, organizer)
    reached = of_its_series(evenings[1], NOW)
    actions.remind(evenings[1], of_trust(evenings[1]), others=reached, by=organizer, now=NOW)
    for event in evenings[1:]:
        event.title = "Lakes"
    db.session.flush()
    of_trust(evenings[1]).shown = mark((evenings[1], of_trust(evenings[1])))
    db.session.commit()
    yes = {"decision": "confirm", "name": "Cora", "title": "Chair"}
    at = link(of_trust(evenings[1]))
    assert client.post(at, data={**yes, "reach": "all", "seen": ""}).status_code == 422
    of_trust(evenings[2]).shown = ""
    db.session.commit()
    assert client.post(at, data={**yes, "reach": "this"}).status_code == 303
    db.session.expire_all()
    assert [of_trust(event).state for event in evenings] == ["confirmed", "confirmed", "proposed"]


def test_two_who_answer_for_a_series_by_different_evenings_wait_for_each_other(first, organizer, app, monkeypatch):
    evenings = series_of(first, organizer)
    addresses = []
    for name, event in (("Otter Club", evenings[1]), ("Gull Society", evenings[2])):
        contact = ("", f"{name.split()[0].lower()}@example.org")
        reached = others(event, Scope.ALL, NOW)
        actions.ask(
            event, an_organization(name), BackingRole.SPONSOR, contact=contact, others=reached, by=organizer, now=NOW
        )
        for each in evenings:
            db.session.refresh(each)
        addresses.append(link(next(b for b in event.backings if b.organization.name == name)))
    db.session.commit()
    met, held, statuses = Barrier(2), hold_with_others, []

    def hold(event: Event, scope: Scope) -> None:
        held(event, scope)
        with suppress(BrokenBarrierError):
            met.wait(0.5)  # while one has to wait for the other, they do not meet

    monkeypatch.setattr("society.backings.routes.hold_with_others", hold)

    def answer(address: str) -> None:
        data = {"decision": "decline", "name": "Olga", "reach": "all"}
        statuses.append(app.test_client().post(address, data=data).status_code)

    threads = [Thread(target=answer, args=[address]) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303, 303]


@pytest.mark.parametrize("other", [{"title": "Lakes"}, {"room": "Room 9"}, {"description": "All about lakes."}])
def test_who_has_read_of_one_evening_has_not_read_of_one_that_is_another_but_for_its_time(first, organizer, other):
    evenings = series_of(first, organizer)
    assert same_but_for_time(evenings[1], evenings[2])
    for name, value in other.items():
        setattr(evenings[2], name, value)
    assert not same_but_for_time(evenings[1], evenings[2])


def test_an_answer_for_one_evening_leaves_the_others_open_and_another_title_is_asked_about_by_itself(
    first, organizer, client
):
    evenings = series_of(first, organizer, Rule(Every.WEEK, count=4))
    evenings[3].title = "Lakes"
    reached = others(first, Scope.ALL, NOW)
    body = an_organization("Otter Club")
    asked = actions.ask(
        evenings[0], body, BackingRole.HOST, contact=("", "otter@example.org"), others=reached, by=organizer, now=NOW
    )
    assert len(letters_at("otter@example.org")) == 3  # the first names Heron Trust too, which was not asked of others
    actions.confirm(evenings[0], asked, "Olga", "", NOW)
    assert backing_sentence(evenings[0]).startswith("Hosted by the Otter Club")
    assert "Otter" not in "".join(backing_sentence(event) for event in evenings[1:])
    page = client.get(link(next(b for b in evenings[1].backings if b.organization is body))).text
    assert "Another evening of this series differs in more than the time" in page
    assert ">Lakes, " in page


def test_what_is_put_off_is_answered_with_the_others_that_the_letter_names_it_with(first, organizer, client):
    evenings = series_of(first, organizer)
    long_ago = START - timedelta(days=30)
    evenings[2].schedule(long_ago, long_ago + timedelta(hours=1), evenings[2].zone, all_day=False)
    evenings[2].postponed_at = NOW
    reached = others(evenings[1], Scope.FOLLOWING, NOW)
    body, contact = an_organization("Otter Club"), ("", "otter@example.org")
    asked = actions.ask(evenings[1], body, BackingRole.HOST, contact=contact, others=reached, by=organizer, now=NOW)
    db.session.commit()
    assert len(letters_at("otter@example.org")) == 1
    letter = db.session.scalars(select(Letter.body).order_by(Letter.id.desc()).limit(1)).one().replace("\\", "")
    assert f"- {when(evenings[2])} – postponed; the new date is not known yet" in letter
    page = client.get(link(asked)).text
    assert "You are asked about another evening of this series, too." in page
    assert f"{when(evenings[2])}</time> (postponed)" in page
    client.post(link(asked), data={"decision": "confirm", "name": "Olga", "title": "Chair", "reach": "all"})
    db.session.expire_all()
    assert [backing_sentence(event).startswith("Hosted by") for event in evenings] == [False, True, True]


def change(event: Event, organizer, act) -> None:
    was, reached = values_of(event), others(event, Scope.ALL, NOW)
    alter(event, act, by=organizer, now=LATER)
    hand_on(event, was, reached, partial(alter, by=organizer, now=LATER), by=organizer, now=LATER)


def test_one_letter_tells_of_a_change_to_all_that_they_back(first, organizer):
    evenings = series_of(first, organizer)
    actions.remind(evenings[1], of_trust(evenings[1]), others=of_its_series(evenings[1], NOW), by=organizer, now=NOW)
    actions.confirm(evenings[1], of_trust(evenings[1]), "Cora", "", NOW, [(evenings[2], of_trust(evenings[2]))])
    before = len(letters_at("cora@example.org"))
    change(evenings[0], organizer, lambda: setattr(evenings[0], "room", "Attic"))
    assert letters_at("cora@example.org")[before:] == [on_its_day("An event that you back has changed: Rivers", first)]
    assert [words(of_trust(event))[-1] for event in evenings] == [Word.ASKED_AGAIN] * 3


@pytest.mark.parametrize("drafts", [0, 2, 3])
def test_one_letter_tells_that_several_are_called_off_or_deleted_as_drafts(first, organizer, drafts):
    evenings = series_of(first, organizer)
    actions.remind(evenings[1], of_trust(evenings[1]), others=of_its_series(evenings[1], NOW), by=organizer, now=NOW)
    actions.confirm(evenings[1], of_trust(evenings[1]), "Cora", "", NOW, [(evenings[2], of_trust(evenings[2]))])
    for event in evenings[3 - drafts :]:
        event.published_at = None
    before, whens = len(letters_at("cora@example.org")), [when(event) for event in evenings]
    assert calling_off(evenings, LATER).backers == ["Heron Trust"]
    cancel_several(first, Scope.ALL, by=organizer, now=LATER)
    assert letters_at("cora@example.org")[before:] == ["Cancelled: Rivers"]
    letter = db.session.scalars(
        select(Letter.body).where(Letter.to_address == "cora@example.org").order_by(Letter.id.desc()).limit(1)
    ).one()
    assert [told in letter.replace("\\", "") for told in whens] == [True] * 3
    assert len(db.session.scalars(select(Event)).all()) == 3 - drafts


def test_who_was_asked_about_drafts_that_are_called_off_is_told_once_of_these_alone(first, organizer):
    evenings = series_of(first, organizer)
    body, contact = an_organization("Otter Club"), ("", "otter@example.org")
    actions.ask(first, body, BackingRole.HOST, contact=contact, others=evenings[1:], by=organizer, now=NOW)
    for event in evenings[1:]:
        event.published_at = None
    db.session.flush()
    before, whens = len(letters_at("otter@example.org")), [when(event) for event in evenings]
    assert calling_off(evenings, LATER).asked == ["Otter Club"]
    cancel_several(first, Scope.ALL, by=organizer, now=LATER)
    assert letters_at("otter@example.org")[before:] == ["Cancelled: Rivers"]
    letter = db.session.scalars(select(Letter.body).order_by(Letter.id.desc()).limit(1)).one().replace("\\", "")
    assert "you were asked whether the Otter Club would back an event." in letter
    assert [told in letter for told in whens] == [False, True, True]


def test_another_sponsor_goes_to_all_and_leaves_who_was_asked_to_answer(first, organizer):
    evenings = series_of(first, organizer)
    trust, gull = of_trust(first).organization_id, an_organization("Gull Society").id
    change(first, organizer, lambda: set_backers(first, BackingRole.ENDORSER, [trust, gull], organizer, LATER))
    assert [backing_sentence(event) for event in evenings] == [
        "Sponsored by the B Union, and endorsed by the Heron Trust and the Gull Society.",
        *["Sponsored by the B Union, and endorsed by the Gull Society."] * 2,
    ]
    actions.decline(evenings[1], of_trust(evenings[1]), "Cora", "", LATER)
    change(first, organizer, lambda: set_backers(first, BackingRole.ENDORSER, [], organizer, LATER))
    assert [backing_sentence(event) for event in evenings][::2] == ["Sponsored by the B Union."] * 2


def test_who_said_no_to_an_evening_is_not_named_by_a_change_to_all(first, organizer):
    evenings = series_of(first, organizer)
    body = an_organization("Otter Club")
    asked = actions.ask(evenings[1], body, BackingRole.HOST, contact=CONTACT, by=organizer, now=NOW)
    actions.decline(evenings[1], asked, "Cora", "", NOW)
    was, reached = values_of(first), others(first, Scope.ALL, NOW)

    def do(event: Event, act: Callable[[], None]) -> list[Change]:
        return alter(event, act, by=organizer, now=LATER)

    set_backers(first, BackingRole.HOST, [body.id], organizer, LATER)
    told = hand_on(first, was, reached, do, by=organizer, now=LATER)
    assert [each.keeps for each in told] == [["Hosts"], []]
    assert ["Otter" in backing_sentence(event) for event in evenings] == [True, False, True]


def test_the_form_that_asks_offers_the_series_to_who_organizes_all_of_it(first, organizer, client):
    evenings = series_of(first, organizer)
    client.sign_in(organizer)
    at = f"/organize/events/{evenings[1].id}/backings"
    data = {"role": "host", "new_organization": "Otter Club", "contact_email": "otter@example.org"}
    assert client.post(at, data={**data, "reach": "following"}).status_code == 303
    assert len(letters_at("otter@example.org")) == 1
    asked = db.session.scalars(
        select(Backing.event_id).join(Backing.organization).where(Backing.contact_email == "otter@example.org")
    )
    assert sorted(asked) == [event.id for event in evenings[1:]]


def test_the_pages_cost_the_same_however_many_evenings(first, organizer, client, counted):
    costs = set()
    evenings = series_of(first, organizer, Rule(Every.WEEK, count=6))
    client.sign_in(organizer).get(link(of_trust(evenings[1])))
    for _ in range(2):
        with counted() as by_link:
            client.get(link(of_trust(evenings[1])))
        with counted() as manage:
            client.get(f"/organize/events/{evenings[1].id}/backings")
        costs.add((len(by_link), len(manage)))
        for event in evenings[3:]:
            event.series_id = None
        db.session.commit()
    assert len(costs) == 1, costs


def test_that_another_draft_is_deleted_is_told_too_where_it_has_the_number_of_one_before(organizer):
    for days in range(2):
        draft = an_event("Rivers", starts=START, published_at=None, created_by_id=organizer.id)
        body = an_organization(f"Heron Trust {days}")
        trust = actions.ask(draft, body, BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=NOW)
        actions.confirm(draft, trust, "Cora", "Chair", NOW)
        cancel_several(draft, Scope.ALL, by=organizer, now=LATER + timedelta(days=days))
        db.session.commit()
    assert letters_at("cora@example.org").count("Cancelled: Rivers") == 2


def test_another_contact_answers_for_all_evenings_that_the_one_before_gave_the_word_for(first, organizer, client):
    evenings = series_of(first, organizer, Rule(Every.WEEK, count=4))
    for event in evenings[1:3]:
        actions.confirm(event, of_trust(event), "Cora", "Chair", NOW)
    evenings[2].postponed_at = NOW
    db.session.commit()
    old = [link(of_trust(event)) for event in evenings]
    client.sign_in(organizer)
    at = f"/organize/events/{evenings[1].id}/backings/{of_trust(evenings[1]).id}/contact"
    ned = {"contact_name": "Ned", "contact_email": "ned@example.org"}
    assert client.post(at, data={**ned, "reach": "far"}).status_code == 422
    assert client.post(at, data={**ned, "reach": "following"}).status_code == 303
    db.session.expire_all()
    contacts = [of_trust(event).contact_name for event in evenings]
    assert contacts == ["Cora Contact", "Ned", "Ned", "Cora Contact"], "the last waits for an answer of who was asked"
    assert [link(of_trust(event)) == was for event, was in zip(evenings, old, strict=True)] == [
        True,
        False,
        False,
        True,
    ]
    assert [backing_sentence(event) for event in evenings[:3]] == [NAMES_BOTH] * 3
    (letter,) = db.session.scalars(select(Letter.body).where(Letter.to_address == "ned@example.org"))
    assert [when(event) in letter.replace("\\", "") for event in evenings] == [False, True, True, False]
    assert f"{when(evenings[2])} – postponed; the new date is not known yet" in letter.replace("\\", "")

    page = client.get(at).text
    assert 'name="reach"' in page
    alone = f"/organize/events/{first.id}/backings/{of_trust(first).id}/contact"
    assert 'name="reach"' not in client.get(alone).text, "no other evening is by that contact’s word"


def test_who_organizes_one_evening_alone_gives_another_contact_to_that_one(first, organizer, client):
    evenings, helper = series_of(first, organizer), a_person("Hal")
    for event in evenings[1:]:
        actions.confirm(event, of_trust(event), "Cora", "Chair", NOW)
    db.session.add(EventOrganizer(event_id=first.id, person=helper, given_at=NOW))
    db.session.commit()
    client.sign_in(helper)
    at = f"/organize/events/{first.id}/backings/{of_trust(first).id}/contact"
    assert 'name="reach"' not in client.get(at).text
    client.post(at, data={"contact_name": "Ned", "contact_email": "ned@example.org", "reach": "all"})
    db.session.expire_all()
    assert [of_trust(event).contact_name for event in evenings] == ["Ned", *["Cora Contact"] * 2]
    elsewhere = f"/organize/events/{evenings[1].id}/backings/{of_trust(evenings[1]).id}/contact"
    assert client.get(elsewhere).status_code in (403, 404)


def test_a_no_to_all_evenings_is_not_taken_for_one_where_the_others_stand_otherwise_by_now(first, organizer, client):
    evenings = series_of(first, organizer)
    at = link(of_trust(evenings[1]))
    assert client.post(at, data={"decision": "decline", "name": "Cora", "reach": "this"}).status_code == 303

    page = client.post(at, data={"decision": "decline", "name": "Cora", "reach": "all"})

    assert page.status_code == 422
    assert "The other evenings stand otherwise than this one by now" in page.text
    assert of_trust(evenings[2]).state is BackingState.PROPOSED

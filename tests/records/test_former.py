"""What was mailed to somebody who was merged into another: it goes on to open, until that one is erased."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from society.db import db
from society.door import codes
from society.door.models import DoorAction
from society.door.queries import bearer, listed
from society.door.syncing import Act, Fate, take_over
from society.dues.models import Due, DueKind
from society.dues.render import invoice_link
from society.dues.renewals import link as renewal_link
from society.invitations.actions import take
from society.invitations.proposals import path
from society.invitations.reading import Unsorted
from society.mail.links import opened, unsubscribe_token
from society.mail.models import MailingList
from society.membership import card
from society.people.models import FormerPerson, Person
from society.records.actions import erase
from society.records.mentions import Particulars, mentions
from society.records.merging import merge
from society.records.personal_data import kept_on
from society.rsvps.actions import reply
from society.rsvps.feed import refresh
from society.rsvps.models import Answer, FormerRsvp, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import NOW, TODAY, a_person, an_event
from tests.invitations.shapes import an_answer
from tests.invitations.test_sending import last_letter

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def answers_read(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


@pytest.fixture
def two(app):
    return a_person("Ann Ash", email="ann@example.org"), a_person("Ann Asch", email="asch@example.org")


def made_one(keep, gone, **chosen):
    by = a_person("Sec Retary", "secretary")
    merge(keep, gone, chosen, (keep.revision, gone.revision), by=by, now=NOW)
    db.session.commit()
    return db.session.get_one(Person, keep.id)


def invited(*people):
    """An event that they all come to."""
    event = an_event("Evening")
    refresh(event, NOW)
    for person in people:
        reply(event, person, Answer.YES, at=NOW)
    return event


@pytest.mark.parametrize(("whose", "stays"), [(1, "keep"), (1, "gone"), (0, "keep"), (0, "gone")])
def test_a_calendar_s_answer_to_either_reaches_the_one_who_stayed(two, whose, stays):
    event = invited(*two)
    letter = last_letter(two[whose])
    raw = an_answer(letter, "DECLINED", LATER)

    ann = made_one(*two, email=stays)

    assert take(raw, LATER).startswith("Taken: no")
    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED


def test_tickets_to_either_answer_are_those_of_the_one_that_stayed(two):
    event = invited(*two)
    tickets = {word: rsvp_of(event, person).id for person in two for word in [codes.code(rsvp_of(event, person))]}
    elsewhere = an_event("Another")

    ann = made_one(*two)

    rsvp = rsvp_of(event, ann)
    assert {bearer(event, word).id for word in tickets} == {rsvp.id}
    assert not any(bearer(elsewhere, word) for word in tickets)
    (line,) = listed(event, TODAY)
    marks = {(number, codes.mark(word)) for word, number in tickets.items()}
    assert {(line.id, line.mark), *line.also} == marks, "a phone without network knows both tickets"
    (gone,) = set(tickets.values()) - {rsvp.id}
    act = Act(str(uuid4()), event.starts_at, DoorAction.CHECK_IN, gone, None)
    assert [told.fate for told in take_over(event, [act], by=ann, now=event.starts_at)] == [Fate.DONE]
    assert rsvp.checked_in_at


def test_cards_of_either_vouch_for_the_one_who_stayed_until_there_is_a_new_one(two):
    third = a_person("Anne Ash")
    paths = [card.link(person).rpartition("/")[2] for person in (*two, third)]

    ann = made_one(db.session.get_one(Person, made_one(*two).id), third)

    assert {card.holder(token) for token in paths} == {ann}
    card.renew_card(ann)
    db.session.flush()
    assert {card.holder(token) for token in paths} == {None}


def test_a_token_leads_on_through_merge_after_merge(two):
    event = invited(*two)
    raw = an_answer(last_letter(two[1]), "DECLINED", LATER)
    links = [link(rsvp_of(event, person)) for person in two]
    ann = made_one(*two)
    last = a_person("Anna Ash", email="anna@example.org")
    reply(event, last, Answer.YES, at=NOW)

    anna = made_one(last, ann)

    assert take(raw, LATER).startswith("Taken: no")
    assert rsvp_of(event, anna).status is RsvpStatus.DECLINED
    assert len(set(links)) == 2


def test_links_to_either_s_answer_open_the_one_that_stayed(client, two):
    event = invited(*two)
    links = [link(rsvp_of(event, person)) for person in two]

    ann = made_one(*two)

    assert [client.get(one).status_code for one in links] == [200, 200]
    assert client.post(links[1], data={"action": "withdraw"}).status_code == 303
    db.session.expire_all()
    assert rsvp_of(event, ann).status is RsvpStatus.CANCELLED
    assert client.get(links[1][:-1] + ("a" if links[1][-1] != "a" else "b")).status_code == 404


def test_links_to_leave_a_list_to_renew_to_propose_and_to_pay_go_on_to_open(client, two):
    event, gone = invited(two[1]), two[1]
    token = unsubscribe_token(gone, MailingList.REMINDERS)
    due = Due(number=1, person_id=gone.id, kind=DueKind.DUES, amount=5000, currency="EUR", issued_on=TODAY)
    due.due_on, due.recorded_at, due.about = TODAY, NOW, "Dues"
    db.session.add(due)
    db.session.flush()
    links = [renewal_link(gone), path(event, gone), invoice_link(due)]

    ann = made_one(*two)

    found = opened(token)
    assert found
    assert found[0].id == ann.id
    assert [client.get(one).status_code for one in links] == [200, 200, 200]


def test_a_number_that_is_given_again_opens_nothing_of_the_new_one_s(two):
    event = invited(two[1])
    raw, number = an_answer(last_letter(two[1]), "DECLINED", LATER), two[1].id
    ann = made_one(*two)
    new = Person(id=number, name="Newcomer", email="new@example.org", created_at=NOW)
    db.session.add(new)
    reply(event, new, Answer.YES, at=NOW)

    assert take(raw, LATER).startswith("Taken: no")

    assert rsvp_of(event, ann).status is RsvpStatus.DECLINED
    assert rsvp_of(event, new).status is RsvpStatus.CONFIRMED


def test_they_are_told_of_it_and_all_of_it_ends_with_their_erasure(client, two):
    event = invited(*two)
    raw, old = an_answer(last_letter(two[1]), "DECLINED", LATER), link(rsvp_of(event, two[1]))
    ann = made_one(*two)
    assert [one["address"] for one in kept_on(ann)["merged_from"]] == ["asch@example.org"]

    particulars = Particulars.of(ann)
    erase(ann, mentions(particulars), particulars, now=NOW, by=a_person("Ada", "admin"))
    db.session.commit()

    assert db.session.scalars(select(FormerPerson)).all() == []
    assert db.session.scalars(select(FormerRsvp)).all() == []
    assert client.get(old).status_code == 404
    with pytest.raises(Unsorted):
        take(raw, LATER)

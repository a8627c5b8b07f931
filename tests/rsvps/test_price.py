"""What an event costs, told wherever somebody needs to know it, and who comes free as a member."""

import csv
import io
from datetime import timedelta

from sqlalchemy import select

from society.db import db
from society.mail.message import as_text
from society.mail.models import Letter
from society.questions.actions import ask
from society.questions.models import Kind
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.render import link
from tests.builders import NOW, SOON, TODAY, a_membership, a_person, an_event

COSTS = "EUR 12.50, paid at the door; free for members"


def dinner():
    return an_event("Dinner", starts=SOON, price=1250, currency="EUR", members_free=True)


def test_it_stands_beside_the_questions_on_ones_own_page_on_the_ticket_and_in_the_letter(client):
    event, ann = dinner(), a_person("Ann", language="de")
    values = {"kind": Kind.LINE, "text": "Which boat?", "required": False, "of_each": False}
    ask(event, values, by=ann, now=NOW)
    rsvp = reply(event, ann, Answer.YES, at=NOW)
    for page in (f"/events/{event.slug}/rsvp", link(rsvp), f"{link(rsvp)}/ticket"):
        assert COSTS in client.get(page).text, page
    letter = db.session.scalars(select(Letter).where(Letter.person_id == ann.id)).one()
    assert "Preis: 12,50" in as_text(letter)
    assert f"{link(rsvp)}/ticket>" in letter.body


def test_a_member_is_told_that_they_come_free_and_nobody_else_is(client):
    event, ann, ben = dinner(), a_person("Ann"), a_person("Ben")
    a_membership(ann)
    here, free = f"/events/{event.slug}", "come free, as a member"
    assert free not in client.get(here).text
    client.sign_in(ben)
    assert free not in client.get(here).text
    client.sign_in(ann)
    for page in (here, f"{here}/rsvp"):
        assert f"You {free}." in client.get(page).text, page
    mine, other = (reply(event, person, Answer.YES, at=NOW) for person in (ann, ben))
    assert f"You {free}." in client.get(link(mine)).text
    assert free not in client.get(link(other)).text


def test_with_a_party_it_is_oneself_who_comes_free(client):
    event, ann = an_event(price=500, currency="EUR", members_free=True, max_party_size=3), a_person("Ann")
    a_membership(ann)
    mine = reply(event, ann, Answer.YES, party_size=2, at=NOW)
    client.sign_in(ann)
    for page in (f"/events/{event.slug}", link(mine)):
        assert "You yourself come free, as a member." in client.get(page).text, page


def test_whose_membership_ends_before_the_day_is_told_in_time_to_renew_it(client):
    event, ann = an_event(price=500, currency="EUR", members_free=True), a_person("Ann")
    a_membership(ann, ends_on=TODAY + timedelta(days=3))
    client.sign_in(ann)
    page = client.get(f"/events/{event.slug}").text
    assert "come free, as a member" not in page
    assert '<a href="/me/membership">your membership</a> ends before that day' in page


def test_whoever_stands_at_the_door_sees_who_comes_free(client):
    event, ann, ben = dinner(), a_person("Ann"), a_person("Ben")
    a_membership(ann)
    mine, _ = (reply(event, person, Answer.YES, at=NOW) for person in (ann, ben))
    client.sign_in(a_person("Ola", "organizer"))
    here, member = f"/organize/events/{event.id}", ">Member</span>"
    door = client.get(f"{here}/checkin").text
    assert COSTS in door
    assert COSTS in client.get(f"{here}/checkin/offline").text
    for page in (door, client.get(f"{here}/rsvps").text):
        assert page.count(member) == 1
    assert client.get(f"{here}/checkin?q=nobody&guest={mine.id}").text.count(member) == 0, "not in yet"
    client.post(f"{here}/checkin", data={"action": "in", "rsvp": mine.id})
    assert client.get(f"{here}/checkin?q=nobody&guest={mine.id}").text.count(member) == 1
    assert {one["name"]: one["free"] for one in client.get(f"{here}/checkin/guests.json").json["guests"]} == {
        "Ann": True,
        "Ben": False,
    }
    rows = list(csv.DictReader(io.StringIO(client.get(f"{here}/rsvps.csv").data.decode("utf-8-sig"))))
    assert {row["name"]: row["member"] for row in rows} == {"Ann": "yes", "Ben": "no"}


def test_where_members_pay_as_all_do_nobody_is_told_who_is_one(client):
    event = an_event(price=500, currency="EUR")
    a_membership(ann := a_person("Ann"))
    reply(event, ann, Answer.YES, at=NOW)
    client.sign_in(a_person("Ola", "organizer"))
    here = f"/organize/events/{event.id}"
    assert ">Member<" not in client.get(f"{here}/checkin").text + client.get(f"{here}/rsvps").text
    assert "member" not in client.get(f"{here}/rsvps.csv").text

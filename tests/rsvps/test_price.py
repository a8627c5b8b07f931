"""What an event costs, told wherever somebody needs to know it, and who comes free as a member."""

import csv
import io
import shutil
import subprocess
from datetime import timedelta

import pytest
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


FOR_ALL = "pay EUR 5 each unless members"
RENEW = "free for members, so for you if you renew your membership before that day"


def printed(pdf: bytes) -> str:
    """The words of a PDF, in a row."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is missing"
    made = subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(made.stdout.decode().split())


def test_it_stands_beside_the_questions_on_ones_own_page_on_the_ticket_and_in_the_letter(client):
    event, ann = dinner(), a_person("Ann", language="de")
    values = {"kind": Kind.LINE, "text": "Which boat?", "required": False, "of_each": False}
    ask(event, values, by=ann, now=NOW)
    rsvp = reply(event, ann, Answer.YES, at=NOW)
    for page in (f"/events/{event.slug}/rsvp", link(rsvp)):
        assert COSTS in client.get(page).text, page
    assert "To pay at the door: EUR 12.50; free for members" in client.get(f"{link(rsvp)}/ticket").text
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


@pytest.mark.parametrize(
    ("until", "size", "said"),
    [
        (None, 1, "You come free, as a member"),
        (None, 2, "You yourself come free, as a member; at the door the other pays EUR 12.50 unless a member"),
        (None, 3, "You yourself come free, as a member; at the door the 2 others pay EUR 12.50 each unless members"),
        (3, 1, f"To pay at the door: EUR 12.50; {RENEW}"),
        (3, 3, f"To pay at the door: EUR 12.50 each; {RENEW}"),
        (-1, 1, "To pay at the door: EUR 12.50; free for members"),
        (-1, 3, "To pay at the door: EUR 12.50 each; free for members"),
    ],
)
def test_a_ticket_says_what_its_party_pays(client, until, size, said):
    event, ann = an_event(price=1250, currency="EUR", members_free=True, max_party_size=3), a_person("Ann")
    a_membership(ann, ends_on=TODAY + timedelta(days=until) if until else None)
    rsvp = reply(event, ann, Answer.YES, party_size=size, at=NOW)
    assert f"{said}</p>" in client.get(f"{link(rsvp)}/ticket").text
    assert said in printed(client.get(f"{link(rsvp)}/ticket.pdf").data)
    client.sign_in(a_person("Ola", "organizer"))
    assert said in printed(client.get(f"/organize/events/{event.id}/checkin/tickets.pdf").data)


def test_where_all_pay_or_nobody_does_a_ticket_says_that(client):
    for values, said in (
        ({"price": 500, "currency": "EUR"}, "To pay at the door: EUR 5</p>"),
        ({"price": 0}, "Free</p>"),
    ):
        rsvp = reply(an_event(**values), a_person(), Answer.YES, at=NOW)
        assert said in client.get(f"{link(rsvp)}/ticket").text


def test_all_tickets_cost_as_many_statements_as_one(client, counted):
    event = dinner()
    client.sign_in(a_person("Ola", "organizer"))
    numbers: list[int] = []
    for _ in range(2):
        for _ in range(len(numbers) * 2 + 1):
            a_membership(guest := a_person())
            reply(event, guest, Answer.YES, at=NOW)
        with counted() as asked:
            client.get(f"/organize/events/{event.id}/checkin/tickets.pdf")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


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


def test_whoever_stands_at_the_door_reads_what_each_party_pays(client):
    event, ann, ben = (
        an_event(price=500, currency="EUR", members_free=True, max_party_size=3, starts=SOON),
        a_person("Ann"),
        a_person("Ben"),
    )
    a_membership(ann)
    mine, other = (reply(event, person, Answer.YES, party_size=3, at=NOW) for person in (ann, ben))
    client.sign_in(a_person("Ola", "organizer"))
    here = f"/organize/events/{event.id}/checkin"
    page = client.get(here).text
    assert f"comes free; the 2 others {FOR_ALL}</span>" in page
    assert f'class="small">{FOR_ALL}</span>' in page
    assert 'data-price="EUR 5" data-members-free' in client.get(f"{here}/offline").text
    for rsvp, asked in ((mine, f"comes free; the 2 others {FOR_ALL}"), (other, FOR_ALL)):
        client.post(here, data={"action": "in", "rsvp": rsvp.id})
        assert f"<br>{asked}</span>" in client.get(f"{here}?q=nobody&guest={rsvp.id}").text
        for been in ("again", "back"):
            assert "EUR 5 each" not in client.get(f"{here}?q=nobody&guest={rsvp.id}&{been}=1").text, "they have paid"
    listed = printed(client.get(f"{here}/list.pdf").data)
    assert f"member, comes free; the 2 others {FOR_ALL}" in listed
    assert listed.count(FOR_ALL) == 2


def test_the_door_tells_ahead_of_the_day_what_each_pays_on_it(client):
    """As their tickets do, and what is printed or kept on a phone then."""
    event, ann, ben = an_event(price=500, currency="EUR", members_free=True), a_person("Ann"), a_person("Ben")
    a_membership(ann, ends_on=TODAY + timedelta(days=3))
    a_membership(ben)
    for person in (ann, ben):
        reply(event, person, Answer.YES, at=NOW)
    client.sign_in(a_person("Ola", "organizer"))
    here = f"/organize/events/{event.id}/checkin"
    listed = printed(client.get(f"{here}/list.pdf").data)
    assert (listed.count("pays EUR 5"), listed.count("member, comes free")) == (1, 1)
    assert [guest["free"] for guest in client.get(f"{here}/guests.json").json["guests"]] == [False, True]
    page = client.get(here).text
    assert page.index("pays EUR 5</span>") < page.index("comes free</span>")


def test_where_members_pay_as_all_do_nobody_is_told_who_is_one(client):
    event = an_event(price=500, currency="EUR")
    a_membership(ann := a_person("Ann"))
    reply(event, ann, Answer.YES, at=NOW)
    client.sign_in(a_person("Ola", "organizer"))
    here = f"/organize/events/{event.id}"
    assert ">Member<" not in client.get(f"{here}/checkin").text + client.get(f"{here}/rsvps").text
    assert "member" not in client.get(f"{here}/rsvps.csv").text

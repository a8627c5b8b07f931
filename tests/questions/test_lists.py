"""The organizers' lists of answers: filters, the table, what people need, and who came."""

import csv
import io
import re
from datetime import timedelta
from weakref import WeakSet

import pytest
from sqlalchemy import event as orm_event
from sqlalchemy import insert, select

from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Category
from society.people.models import Person
from society.questions.actions import ask, keep, remove
from society.questions.asking import Filled
from society.questions.models import Kind, QuestionAnswer
from society.rsvps import table
from society.rsvps.actions import reply, withdraw
from society.rsvps.afterwards import attendance
from society.rsvps.lists import Wanted, told_of, wanted_of
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from society.times import now
from tests.builders import NEXT_MONTH, NOW, TODAY, a_membership, a_person, an_event

LONG_AGO = NEXT_MONTH - timedelta(days=60)


@pytest.fixture
def browser(client, organizer):
    return client.sign_in(organizer)


def asked(event, organizer, kind=Kind.DIETARY, text="Your meal?", **values):
    values = {"hint": "", "options": "Fish\nSoup", "required": False, "of_each": kind is Kind.NAMES, **values}
    return ask(event, {"kind": kind, "text": text, **values}, by=organizer, now=NOW)


def comes(event, name, question=None, *said, party=1, status=None, **values):
    """Somebody whose answer says this of themselves, then of each guest."""
    person = a_person(name)
    rsvp = Rsvp(event=event, person=person, answer=Answer.YES, party_size=party, answered_at=NOW, link_key="k")
    rsvp.status = status or RsvpStatus.CONFIRMED
    for key, value in values.items():
        setattr(rsvp, key, value)
    db.session.add(rsvp)
    db.session.flush()
    if question:
        keep(rsvp.id, party, [Filled(question, guest, text) for guest, text in enumerate(said)], NOW)
    return rsvp


def found(event, **wanted):
    rows = db.session.execute(wanted_of(event, Wanted.asked(wanted), TODAY))
    return [rsvp.person.name for rsvp, _ in rows]


def test_the_list_is_narrowed_and_ordered(organizer):
    event = an_event("The dinner", capacity=20, max_party_size=4)
    meal = asked(event, organizer)
    ann = comes(event, "Ann", meal, "Fish", party=2)
    a_membership(ann.person)
    comes(event, "Bo", meal, "Soup\n100% figs", checked_in_at=NOW)
    comes(event, "Cy", status=RsvpStatus.WAITLISTED, queued_at=NOW)
    comes(event, "Di", status=RsvpStatus.WAITLISTED, queued_at=NOW - timedelta(hours=1), party=3)

    assert found(event) == ["Di", "Cy", "Ann", "Bo"]
    assert found(event, order="name") == ["Ann", "Bo", "Cy", "Di"]
    assert found(event, order="party") == ["Di", "Ann", "Bo", "Cy"]
    assert found(event, status="waitlisted") == ["Di", "Cy"]
    assert found(event, came="yes") == ["Bo"]
    assert found(event, came="no") == ["Ann"]
    assert found(event, who="members") == ["Ann"]
    assert found(event, who="others") == ["Di", "Cy", "Bo"]
    assert found(event, parties="1", status="confirmed") == ["Ann"]
    assert found(event, question=str(meal.id)) == ["Ann", "Bo"]
    assert found(event, question=str(meal.id), said="fish") == ["Ann"]
    assert found(event, said="100%") == ["Bo"]
    assert found(event, question="987654321") == []
    assert found(event, status="x" * 10_000, question="1e3", order="'; --") == ["Di", "Cy", "Ann", "Bo"]


@pytest.mark.parametrize("value", ["x" * 10_000, "a\x00b", "\u202e%_", "<script>alert(1)</script>", "-1", "9" * 30])
def test_no_filter_can_be_made_to_fail(browser, organizer, value):
    event = an_event("The dinner")
    asked(event, organizer)
    names = ("q", "status", "came", "who", "parties", "question", "said", "order", "page")
    for page in ("rsvps", "rsvps.csv"):
        answer = browser.get(f"/organize/events/{event.id}/{page}", query_string=dict.fromkeys(names, value))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_the_list_shows_what_was_said_in_as_many_queries_however_many_there_are(browser, organizer, counted):
    one, many = an_event("One"), an_event("Many")
    for event, names in ((one, ["Ann"]), (many, ["Bo", "Cy", "Di"])):
        question = asked(event, organizer, Kind.LINE, "Which boat?")
        for name in names:
            comes(event, name, question, f"The boat of {name}")
    browser.get(f"/organize/events/{one.id}/rsvps")
    with counted() as few:
        browser.get(f"/organize/events/{one.id}/rsvps")
    with counted() as more:
        page = browser.get(f"/organize/events/{many.id}/rsvps")
    assert "The boat of Cy" in page.text
    assert len(few) == len(more) <= 6, more.statements


def csv_of(browser, event):
    text = browser.get(f"/organize/events/{event.id}/rsvps.csv").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_table_has_answers_and_guests_and_its_cells_are_harmless(browser, organizer):
    event = an_event("The dinner", max_party_size=3)
    names, meal = asked(event, organizer, Kind.NAMES, "=Name"), asked(event, organizer)
    rsvp = comes(event, "Ann", meal, "Fish\nno figs", party=3)
    keep(rsvp.id, 3, [Filled(names, 1, "Bo"), Filled(names, 2, "=cmd()"), Filled(meal, 0, "=1+1\nFish")], NOW)

    (row,) = csv_of(browser, event)
    assert (row["party_size"], row["came"]) == ("3", "0")
    rsvp.check_in(NOW, 1)
    db.session.commit()
    assert csv_of(browser, event)[0]["came"] == "1"
    assert row["'=Name"] == "Guest 1: Bo\nGuest 2: =cmd()"
    assert row["Your meal?"] == "'=1+1; Fish"


def test_no_two_columns_are_called_alike_and_who_withdrew_said_no_yes(browser, organizer):
    event = an_event("The dinner")
    before = asked(event, organizer, Kind.LINE, "Boat?")
    rsvp = comes(event, "Ann", before, "The blue one")
    remove(event, before, by=organizer, now=NOW)
    asked(event, organizer, Kind.LINE, "Boat?")
    asked(event, organizer, Kind.LINE, "Boat?")
    withdraw(rsvp, NOW)
    db.session.commit()

    (row,) = csv_of(browser, event)
    asked_of_all = [name for name in row if "Boat?" in name]
    assert asked_of_all[:2] == ["Boat?", "Boat? (2)"]
    assert asked_of_all[2].startswith("Boat? (until 20")
    assert row[asked_of_all[2]] == "The blue one"
    assert (row["answer"], row["status"]) == ("", "cancelled")
    assert "You had answered" in browser.get(link(rsvp)).text


def test_the_table_of_ten_thousand_never_has_more_than_a_part_of_them_in_memory(organizer):
    event = an_event("The congress")
    meal = asked(event, organizer, Kind.LINE)
    numbers = range(1_000, 11_000)
    rsvp = {"event_id": event.id, "answer": "yes", "status": "confirmed", "party_size": 1, "answered_at": NOW}
    rsvp |= {"link_key": "k", "note": ""}
    said = {"question_id": meal.id, "guest": 0, "asked": "Your meal?", "text": "Fish"}
    person = {"created_at": NOW, "name": "Guest"}
    db.session.execute(insert(Person), [person | {"id": n} for n in numbers])
    db.session.execute(insert(Rsvp.__table__), [rsvp | {"id": n, "person_id": n} for n in numbers])
    db.session.execute(insert(QuestionAnswer.__table__), [said | {"rsvp_id": n} for n in numbers])
    db.session.commit()
    alive: WeakSet[QuestionAnswer] = WeakSet()
    most = sent = 0

    def note(row, _context):
        nonlocal most
        alive.add(row)
        most = max(most, len(alive))

    orm_event.listen(QuestionAnswer, "load", note)
    try:
        for part in table.lines(db.engine, told_of(event, Wanted(), TODAY), [meal], event.zone):
            sent += part.count("Fish")
    finally:
        orm_event.remove(QuestionAnswer, "load", note)

    assert sent == 10_000
    assert most <= 1_500


def test_the_kitchen_reads_numbers_and_names_on_demand(browser, organizer, counted):
    event = an_event("The dinner", max_party_size=3)
    meal = asked(event, organizer)
    comes(event, "Ann", meal, "Fish\nno figs", "Fish", party=2)
    comes(event, "Bo", meal, "Soup", status=RsvpStatus.WAITLISTED)
    address = f"/organize/events/{event.id}/needs"

    with counted() as few:
        page = browser.get(address).text
    assert '<td data-label="How many" class="numeric">2</td>' in page
    assert "no figs" in page
    assert "Ann" not in page
    assert "Ann, a guest of Ann" in browser.get(f"{address}?names=1").text
    names = asked(event, organizer, Kind.NAMES, "Who comes with you?")
    comes(event, "Eve", meal, "Fish", "Fish", party=2)
    ann = rsvp_of(event, db.session.scalars(select(Person).where(Person.name == "Ann")).one())
    keep(ann.id, 2, [Filled(names, 1, "Dee")], NOW)
    assert "Ann, Dee (with Ann), Eve, a guest of Eve" in browser.get(f"{address}?names=1").text
    comes(event, "Cy", meal, "Soup")
    with counted() as more:
        browser.get(address)
    assert len(few) == len(more)


def test_who_came_is_put_right_afterwards_and_noted(browser, organizer):
    event = an_event("Long over", starts=LONG_AGO)
    ann, bo = comes(event, "Ann"), comes(event, "Bo", checked_in_at=NOW)
    waits = comes(event, "Cy", status=RsvpStatus.WAITLISTED, queued_at=NOW)
    address = f"/organize/events/{event.id}/rsvps"

    browser.post(address, data={"action": "there", "rsvp": [ann.id, waits.id, 987654321]})
    browser.post(address, data={"action": "absent", "rsvp": [bo.id]})

    assert found(event, came="yes") == ["Ann"]
    assert found(event, came="no") == ["Bo"]
    acts = select(AuditEntry.act).where(AuditEntry.act.startswith("guest")).order_by(AuditEntry.id)
    assert db.session.scalars(acts).all() == ["guest noted as there", "guest noted as absent"]


def test_nobody_was_there_before_it_began(browser):
    event, ann = an_event("To come"), a_person("Ann")
    rsvp = reply(event, ann, Answer.YES, at=NOW)
    refused = browser.post(f"/organize/events/{event.id}/rsvps", data={"action": "there", "rsvp": [rsvp.id]})
    assert refused.status_code == 409
    assert rsvp_of(event, ann).checked_in_at is None


def test_attendance_is_drawn_and_told_by_month_category_and_event(browser, counted):
    lectures = Category(name="Lectures", slug="lectures")
    db.session.add(lectures)
    event = an_event("Long over", starts=LONG_AGO, category=lectures)
    comes(event, "Ann", party=3, checked_in_at=NOW)
    comes(event, "Bo")
    comes(an_event("No list", starts=LONG_AGO), "Cy")
    comes(an_event("Called off", starts=LONG_AGO, cancelled_at=NOW), "Di", checked_in_at=NOW)

    with counted() as few:
        page = browser.get("/organize/events/figures").text
    assert "3 of 4 in all" in page
    assert '<td data-label="Of 100" class="numeric">75</td>' in page
    assert "No list" not in page
    assert "Called off" not in page
    drawing = page[page.index("<svg") : page.index("</svg>")]
    assert all(f"<{tag}>" in re.sub(' id="[^"]*"', "", drawing) for tag in ("title", "desc"))
    full, pale = re.findall(r'<rect [^>]*height="([\d.]+)"', drawing)
    assert float(full) / float(pale) == pytest.approx(3 / 4, rel=0.01)
    comes(an_event("Another", starts=LONG_AGO), "Ed", checked_in_at=NOW)
    with counted() as more:
        page = browser.get("/organize/events/figures?years=5").text
    assert "No category" in page
    assert len(few) == len(more)


def test_how_many_came_is_what_the_organizers_counted_where_they_did(browser):
    scanned = an_event("Scanned", starts=LONG_AGO, attendance=5)
    comes(scanned, "Ann", checked_in_at=NOW)
    an_event("Nobody answered", starts=LONG_AGO, attendance=40)
    comes(an_event("No list", starts=LONG_AGO), "Cy")

    assert [(one.title, one.seats, one.came) for one in attendance(now(), 5)] == [
        ("Scanned", 1, 5),
        ("Nobody answered", 0, 40),
    ]
    assert browser.get("/organize/events/figures?years=5").status_code == 200

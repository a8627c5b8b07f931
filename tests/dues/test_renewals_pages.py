"""The secretary's page of what is going to happen."""

from datetime import timedelta

import pytest

from society.audit.models import AuditEntry
from society.db import db
from society.dues.models import Due
from society.dues.renewals import lapse, remind
from society.dues.routes.renewals import ON_A_PAGE
from society.mail.models import Letter
from society.membership.models import Membership, Period
from society.settings import society
from society.times import now, today_in
from tests.builders import a_membership, a_person, a_tier


def today():
    return today_in(society().zone, now())


def ending_in(days, person=None, grace=0, **values):
    """A year that ends in so many days."""
    last = today() + timedelta(days=days)
    good_until = last + timedelta(days=grace)
    starts_on = last - timedelta(days=364)
    return a_membership(person or a_person(), starts_on=starts_on, ends_on=last, good_until=good_until, **values)


@pytest.fixture
def secretary(client):
    return client.sign_in(a_person("Sue", "secretary"))


def text(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_tells_what_happens_on_which_day_to_how_many(secretary):
    for person in (a_person(), a_person(), a_person(email=None)):
        ending_in(40, person)

    page = " ".join(text(secretary.get("/organize/renewals")).split())

    assert "Reminder, 30 days before the end" in page
    assert "Reminder, 7 days after the end" in page
    assert "Memberships lapse" in page
    assert '<td data-label="People" class="numeric">3</td>' in page
    assert '<td data-label="By mail" class="numeric">2</td>' in page
    assert '<td data-label="By post" class="numeric">1</td>' in page


def test_an_empty_page_says_so(secretary):
    assert "Nothing happens until" in text(secretary.get("/organize/renewals"))


def test_what_is_due_stands_apart_until_the_post_office_has_done_it(secretary):
    ending_in(7)
    assert "Due now" in text(secretary.get("/organize/renewals"))

    remind(now())
    lapse(now())

    assert "Due now" not in text(secretary.get("/organize/renewals"))


def test_the_names_of_a_day_show_who_is_told_how_and_what_is_written(secretary):
    tier = a_tier("Member", dues=3000, period=Period.MONTHS)
    mia = ending_in(40, a_person("Mia"), tier=tier)
    ending_in(40, a_person("Paul Paper", email=None, address="1 Example Street\nSpringfield"), tier=tier)
    day = mia.ends_on - timedelta(days=30)

    page = text(secretary.get(f"/organize/renewals?on={day}&what=30"))

    assert page.index("Mia") < page.index("Paul Paper")
    assert "Write by post" in page
    assert "1 Example Street" in page
    assert "As Mia would read it." in page
    assert "Your membership of The Test Society ends on" in page
    assert "EUR 30, to be paid by" in page
    assert "/renew/…" in page
    assert db.session.query(Due).count() == 0
    assert db.session.query(Letter).count() == 0


def test_the_letter_that_was_shown_is_the_one_that_is_written(secretary):
    ending_in(7, a_person("Mia"), tier=a_tier("Member", dues=3000, period=Period.MONTHS))
    page = text(secretary.get(f"/organize/renewals?on={today()}&what=7"))

    remind(now())

    letter = db.session.query(Letter).one()
    assert letter.subject in page
    lines = [line.replace("\\", "") for line in letter.body.split("\n") if "to be paid by" in line]
    assert lines[0].split(" (invoice")[0] in page


def test_names_come_in_pages(secretary, counted):
    tier = a_tier()
    for number in range(ON_A_PAGE + 1):
        period = ending_in(40, a_person(f"Member {number:03}"), tier=tier)
    address = f"/organize/renewals?on={period.good_until + timedelta(days=1)}&what=lapse"

    with counted() as count:
        first = text(secretary.get(address))
    second = text(secretary.get(f"{address}&page=2"))

    assert "Member 049" in first
    assert "Member 050" not in first
    assert "Member 050" in second
    assert "Your membership of The Test Society has lapsed" in first
    assert len(count) < 12


@pytest.mark.parametrize(
    "query",
    ["on=&what=30", "on=tomorrow&what=30", "on=2027-01-01", "on=2027-01-01&what=x", "on=2027-01-01&what=30+7",
     "on=0001-01-01&what=30", "on=9999-12-31&what=-30", "on=2027-01-01&what=30&page=0"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_no_fault(secretary, query):
    assert secretary.get(f"/organize/renewals?{query}").status_code in (200, 404)


def test_looking_changes_nothing(secretary):
    period = ending_in(-3)
    secretary.get("/organize/renewals")

    assert db.session.query(Membership).all() == [period]


def test_one_reminder_is_stopped_and_let_go_on_and_the_others_are_written(secretary):
    tier = a_tier("Member", dues=3000, period=Period.MONTHS)
    mia, ben = (ending_in(30, a_person(name), tier=tier) for name in ("Mia", "Ben"))
    names = f"/organize/renewals?on={today()}&what=30"
    assert f"/organize/renewals/{mia.id}/30/stop" in text(secretary.get(names))

    for _ in range(2):
        secretary.post(f"/organize/renewals/{mia.id}/30/stop")
    remind(now())

    assert [letter.to_name for letter in db.session.query(Letter)] == ["Ben"]
    assert [due.person.name for due in db.session.query(Due)] == ["Ben"]
    assert f"/organize/renewals/{mia.id}/30/stop" not in text(secretary.get(names))
    page = text(secretary.get("/organize/renewals"))
    assert f"/organize/renewals/{mia.id}/30/resume" in page
    assert ">2</td>" in page.split("Reminder, 7 days before the end")[1]
    assert secretary.post(f"/organize/renewals/{ben.id}/30/stop").status_code == 409

    for _ in range(2):
        secretary.post(f"/organize/renewals/{mia.id}/30/resume")
    remind(now())

    assert [letter.to_name for letter in db.session.query(Letter).order_by(Letter.id)] == ["Ben", "Mia"]
    acts = db.session.query(AuditEntry.act, AuditEntry.subject_name).filter(AuditEntry.act.contains("reminder"))
    assert acts.order_by(AuditEntry.id).all() == [
        ("reminder to renew stopped", "Mia"),
        ("reminder to renew resumed", "Mia"),
    ]
    lasting = a_membership(a_person(), ends_on=None, good_until=None)
    for nothing in (f"{lasting.id}/30", f"{lasting.id}/lapse", f"{mia.id}/x", "999999/30"):
        assert secretary.post(f"/organize/renewals/{nothing}/stop").status_code == 404


@pytest.mark.parametrize("reminders", ["30 7 -7", ""])
def test_the_letter_on_a_lapse_is_stopped_and_let_go_on_and_the_membership_lapses_all_the_same(secretary, reminders):
    society().reminder_days = reminders
    mia, ben, pia = (ending_in(-1, a_person(name)) for name in ("Mia", "Ben", "Pia"))
    names = f"/organize/renewals?on={today()}&what=lapse"
    assert f"/organize/renewals/{mia.id}/lapse/stop" in text(secretary.get(names))

    for person in (mia, mia, pia):
        secretary.post(f"/organize/renewals/{person.id}/lapse/stop")
    page = text(secretary.get(names))
    assert page.count(">Stopped<") == 2
    assert f"/organize/renewals/{mia.id}/lapse/stop" not in page
    assert f"/organize/renewals/{mia.id}/lapse/resume" in page
    listed = text(secretary.get("/organize/renewals"))
    assert "Letter on the lapse" in listed
    assert '<td data-label="People" class="numeric">3</td>' in listed
    assert '<td data-label="By mail" class="numeric">1</td>' in listed
    secretary.post(f"/organize/renewals/{pia.id}/lapse/resume")

    lapse(now())

    assert [letter.to_name for letter in db.session.query(Letter).order_by(Letter.to_name)] == ["Ben", "Pia"]
    assert db.session.query(Membership).filter_by(status="lapsed").count() == 3
    assert "Letter on the lapse" not in text(secretary.get("/organize/renewals"))
    assert secretary.post(f"/organize/renewals/{ben.id}/lapse/stop").status_code == 409


def test_a_lapse_of_which_nobody_is_told_has_no_letter_to_stop(secretary):
    payer = ending_in(-1, a_person("Payer"))
    covered = ending_in(-1, a_person("Covered"), covered_by_id=payer.id)

    page = text(secretary.get(f"/organize/renewals?on={today()}&what=lapse"))

    assert f"{payer.id}/lapse/stop" in page
    assert f"{covered.id}/lapse/stop" not in page
    assert secretary.post(f"/organize/renewals/{covered.id}/lapse/stop").status_code == 409


def test_only_secretaries_look(client):
    assert client.get("/organize/renewals").status_code == 303
    client.sign_in(a_person("Olga", "organizer"))
    assert client.get("/organize/renewals").status_code == 403

"""The membership card, and what its code tells whom."""

from datetime import date, timedelta

import pytest

from society.db import db
from society.membership import card as cards
from society.membership.actions.steps import end_period
from society.membership.models import Status
from society.people.models import Person
from society.settings import society
from society.times import now, today_in
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier


def today():
    return today_in(society().zone, now())


@pytest.fixture
def mia(app):
    """A member of many years."""
    person = a_person("Mia <Member> & Co #let x = 1", external_id="M-0042")
    a_membership(person, starts_on=date(2019, 5, 1), ends_on=date(2020, 4, 30))
    a_membership(person, a_tier("Friend"))
    return person


def test_a_card_says_who_since_when_and_until_when(app, mia):
    card = cards.card_of(mia, today())

    assert (card.society, card.name, card.tier) == ("The Test Society", mia.name, "Friend")
    assert (card.since, card.number) == ("2019", "M-0042")
    assert card.until.split()[-1] == str((TODAY + timedelta(days=365)).year)
    assert card.code.startswith("<svg")
    assert " style=" not in card.code


def test_who_is_no_member_has_no_card(client):
    person = a_person()

    assert cards.card_of(person, today()) is None
    client.sign_in(person)
    assert "There is no card at present" in client.get("/me/membership/card").get_data(as_text=True)
    assert client.get("/me/membership/card.pdf").location == "/me/membership/card"


def test_a_member_for_life_has_a_card_without_an_end(app):
    period = a_membership(a_person(), ends_on=None)

    assert cards.card_of(period.person, today()).until == "for life"


def test_the_card_is_a_page_and_a_pdf_of_its_size(client, mia):
    client.sign_in(mia)

    page = client.get("/me/membership/card").get_data(as_text=True)
    pdf = client.get("/me/membership/card.pdf")

    assert "Mia &lt;Member&gt; &amp; Co" in page
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert b"/MediaBox[0 0 242.6" in pdf.data
    assert pdf.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["A", "Wolfeschlegelsteinhausenbergerdorff " * 5, '"]#panic()', "Ærøskøbing Ωμέγα Привет"]
)
def test_any_name_fits_on_the_pdf(app, name):
    person = a_person(name[:200])
    a_membership(person, a_tier("T" * 100))

    made = cards.pdf(cards.card_of(person, today()))

    assert made.startswith(b"%PDF")
    assert made.count(b"/MediaBox") == 1
    assert made == cards.pdf(cards.card_of(person, today()))


def test_the_code_vouches_for_its_holder_and_tells_nothing_else(client, mia):
    db.session.commit()

    answer = client.get(cards.link(mia))
    page = answer.get_data(as_text=True)

    assert "<h1>In good standing</h1>" in page
    for secret in ("Mia", "M-0042", "Friend", mia.email, "2019"):
        assert secret not in page
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert 'name="robots" content="noindex"' in page


def test_the_same_code_tells_when_standing_is_over(client):
    period = a_membership(a_person())
    end_period(period, Status.RESIGNED, today(), now=NOW, by=None)

    page = client.get(cards.link(period.person)).get_data(as_text=True)

    assert "<h1>Not in good standing</h1>" in page


def test_a_new_card_makes_the_old_code_worthless_and_leaves_other_links_alone(client, mia):
    old, key = cards.link(mia), mia.link_key
    client.sign_in(mia)

    assert client.post("/me/membership/card/new").status_code == 303

    db.session.expire_all()
    new = cards.link(db.session.get(Person, mia.id))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert mia.link_key == key


def test_codes_that_nobody_made_lead_nowhere(client, mia):
    other = a_person()
    swapped = cards.link(other).replace(f"/{other.id}-", f"/{mia.id}-")

    for address in ("/vouch/x", "/vouch/1-", f"/vouch/{mia.id}-AAAA", "/vouch/999999999-AAAA", swapped):
        assert client.get(address).status_code == 404


def test_an_erased_persons_code_leads_nowhere(client, mia):
    mia.erased_at = NOW

    assert client.get(cards.link(mia)).status_code == 404

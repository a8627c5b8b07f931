"""The pages of membership, by whoever may open them."""

from itertools import product

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.membership.actions import apply, set_tier
from society.membership.models import Membership, Period, Status, Tier
from society.people.queries import person_by_email
from tests.builders import NOW, a_membership, a_person, a_tier

BAD_TEXTS = ["", "x" * 10_000, "\x00\x1b", "\u202e"]
HOSTILE = ["🎷🎷", "שלום", "<script>alert(1)</script>", "a\r\nBcc: b@example.org", "'; DROP TABLE person; --"]


def typed(tier, /, **changes):
    values = {"name": "Ann", "email": "ann@example.org", "password": "a good long one", "tier": tier.id}
    return {**values, **changes}


def test_joining_answers_the_same_whether_the_address_is_known_or_not(client):
    tier, known = a_tier(), a_person()
    for email in ("new@example.org", known.email):
        answer = client.post("/join", data=typed(tier, email=email))
        assert (answer.status_code, answer.location) == (303, "/join/sent")
        page = client.get("/join/sent").text
        assert "Look in your mail" in page
        assert f'We have written to <b class="address">{email}</b>.' in page


@pytest.mark.parametrize("name", [*BAD_TEXTS, "Prize at www.example.org", "Ann ftp://x.example"])
def test_a_bad_name_is_answered_beside_the_field_and_all_is_kept(client, name):
    answer = client.post("/join", data=typed(a_tier(), name=name))

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert "ann@example.org" in answer.text
    assert "a good long one" not in answer.text


@pytest.mark.parametrize("name", HOSTILE)
def test_any_other_name_is_just_a_name(client, name):
    assert client.post("/join", data=typed(a_tier(), name=name)).status_code == 303
    assert person_by_email("ann@example.org").name == " ".join(name.split())


@pytest.mark.parametrize(
    ("field", "value"),
    [*product(("email", "password", "tier"), [*BAD_TEXTS, "-1"]), ("tier", "99999999999999999999")],
)
def test_other_bad_fields_are_answered_beside_them(client, field, value):
    answer = client.post("/join", data=typed(a_tier(), **{field: value}))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_tier_that_is_not_offered_cannot_be_chosen(client):
    a_tier()
    assert client.post("/join", data=typed(a_tier(offered=False))).status_code == 422


def test_without_tiers_the_page_says_so(client):
    assert "does not take applications" in client.get("/join").text
    assert client.post("/join", data={"name": "Ann"}).status_code == 422


def test_tiers_are_shown_with_dues_and_what_they_give(client):
    a_tier("Friend", dues=3050, currency="EUR", about="Comes to everything")
    page = client.get("/join").text

    assert "EUR 30.50 a calendar year" in page
    assert "Comes to everything" in page


def test_somebody_signed_in_applies_by_choosing_a_tier(client):
    person, tier = a_person(), a_tier(needs_approval=False, period=Period.LIFE)
    client.sign_in(person)

    assert "signed in as" in client.get("/join").text
    assert client.post("/join", data={"tier": "404"}).status_code == 422
    assert client.post("/join", data={"tier": tier.id}).location == "/me/membership"
    assert "member in good standing" in client.get("/me/membership").text
    assert client.get("/join").location == "/me/membership"


def test_my_membership_tells_standing_history_and_what_is_next(client):
    person = a_person()
    client.sign_in(person)
    assert "not a member at present" in client.get("/me/membership").text

    apply(person, a_tier(), NOW)
    a_membership(person, status=Status.LAPSED)
    page = client.get("/me/membership").text
    assert "You have applied" in page
    assert "lapsed" in page


def test_my_membership_is_for_the_signed_in(client):
    assert "/login" in client.get("/me/membership").location


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("/organize/applications", "secretary"),
        ("/organize/applications/1/reject", "secretary"),
        ("/organize/settings/tiers", "admin"),
        ("/organize/settings/tiers/new", "admin"),
        ("/organize/settings/tiers/1", "admin"),
    ],
)
def test_staff_pages_are_for_their_role(client, address, role):
    apply(a_person(), a_tier(), NOW)
    assert "/login" in client.get(address).location
    assert client.sign_in(a_person()).get(address).status_code == 403
    assert client.sign_in(a_person("", "organizer")).get(address).status_code == 403
    assert client.sign_in(a_person("", role)).get(address).status_code == 200


def test_the_secretary_approves_once(client):
    application = apply(a_person("Ann Ash"), a_tier(), NOW)
    client.sign_in(a_person("", "secretary"))
    assert "Ann Ash" in client.get("/organize/applications").text

    address = f"/organize/applications/{application.id}/approve"
    assert client.post(address).status_code == 303
    assert "Ann Ash is a member now" in client.get("/organize/applications").text
    assert client.post(address).status_code == 409


def test_the_secretary_rejects_with_a_reason(client):
    application = apply(a_person(), a_tier(), NOW)
    client.sign_in(a_person("", "secretary"))
    address = f"/organize/applications/{application.id}/reject"

    assert client.post(address, data={"note": " "}).status_code == 422
    assert client.post(address, data={"note": "Not this year."}).status_code == 303
    assert db.session.scalars(select(Membership.status).order_by(Membership.id)).all() == ["applied", "rejected"]
    assert "Nobody is waiting" in client.get("/organize/applications").text


def test_an_application_that_is_not_there_is_not_found(client):
    unverified = apply(a_person(verified_at=None), a_tier(), NOW)
    client.sign_in(a_person("", "secretary"))

    assert client.post("/organize/applications/999/approve").status_code == 404
    assert client.post(f"/organize/applications/{unverified.id}/approve").status_code == 404


def test_the_queue_asks_as_much_for_three_as_for_one(client, counted):
    tier = a_tier()
    client.sign_in(a_person("", "secretary"))
    apply(a_person(), tier, NOW)
    with counted() as one:
        client.get("/organize/applications")
    for _ in range(2):
        apply(a_person(), tier, NOW)
    with counted() as three:
        client.get("/organize/applications")

    assert len(one) == len(three)


TIER = {"name": "Patron", "about": "", "dues": "120.50", "currency": "usd", "period": "months", "months": "6"}


def test_an_admin_adds_changes_and_hides_a_tier(client):
    client.sign_in(a_person("", "admin"))
    assert client.post("/organize/settings/tiers/new", data={**TIER, "offered": "y"}).status_code == 303
    tier = db.session.scalars(select(Tier)).one()
    assert (tier.dues, tier.currency, tier.months, tier.needs_approval) == (12050, "USD", 6, False)
    assert 'value="120.50"' in client.get(f"/organize/settings/tiers/{tier.id}").text

    assert client.post(f"/organize/settings/tiers/{tier.id}", data=TIER).status_code == 303
    assert "Not offered" in client.get("/organize/settings/tiers").text
    assert "Patron" not in client.get("/join").text


def test_a_change_of_dues_is_logged_with_its_currency(app):
    tier = a_tier(dues=3000, currency="EUR")

    set_tier(tier, {"name": tier.name, "dues": 3550, "currency": "EUR"}, NOW, a_person("Ada", "admin"))

    assert db.session.scalars(select(AuditEntry.after)).one() == {"dues": 3550, "currency": "EUR"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("name", bad) for bad in BAD_TEXTS],
        ("name", "taken"),
        ("dues", "-1"),
        ("dues", "1.005"),
        ("dues", "999999999"),
        ("dues", "much"),
        ("currency", "€"),
        ("currency", "EURO"),
        ("period", "century"),
        ("months", "0"),
        ("months", ""),
        ("months", "99999999999999"),
    ],
)
def test_a_bad_tier_is_answered_beside_the_field(client, field, value):
    a_tier("Taken")
    client.sign_in(a_person("", "admin"))
    answer = client.post("/organize/settings/tiers/new", data={**TIER, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_yen_have_no_smaller_unit(client):
    client.sign_in(a_person("", "admin"))
    data = {**TIER, "currency": "JPY", "dues": "3000", "offered": "y"}
    client.post("/organize/settings/tiers/new", data=data)

    assert "JPY 3,000 for 6 months" in client.get("/join").text
    assert client.post("/organize/settings/tiers/new", data={**data, "name": "B", "dues": "1.5"}).status_code == 422

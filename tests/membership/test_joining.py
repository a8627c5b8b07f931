"""What applicants are asked, invitations, and what is asked back before a decision."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.mail.message import as_text
from society.mail.models import Letter
from society.membership import actions
from society.membership.applying_forms import Said, questions
from society.membership.models import (
    ApplicationMessage,
    Choice,
    Covers,
    Invitation,
    Membership,
    Status,
    Tier,
    age_on,
)
from society.membership.queries import open_application, standing
from society.membership.render import ages, application_path
from society.people.models import Consent
from society.people.queries import person_by_email
from society.settings import Society, society
from society.times import months_later, today_in
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, letters_to


def typed(tier, /, **changes):
    values = {"name": "Ann", "email": "ann@example.org", "password": "a good long one", "tier": tier.id}
    return {**values, **changes}


def the_society(**values):
    row = db.session.get(Society, 1)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def born(years):
    return months_later(today_in(society().zone, NOW), -12 * years).isoformat()


def applied():
    return db.session.scalars(select(Membership)).one()


def test_questions_are_one_a_line_and_a_star_must_be_answered():
    assert questions("Why us?*\n\n  What do you know? \n*") == [("Why us?", True), ("What do you know?", False)]


def test_answers_and_consent_are_kept_in_the_words_of_that_day(client):
    the_society(join_questions="Why us?*\nAnything else?", consent="We keep *your* name.")
    tier = a_tier()
    page = client.get("/join").text
    assert "Why us?" in page
    assert "<em>your</em>" in page

    missing = client.post("/join", data=typed(tier, answer_1="No <b>"))
    assert missing.status_code == 422
    assert 'id="answer_0-error"' in missing.text
    assert 'id="consent-error"' in missing.text
    summary = missing.text[missing.text.index("Please look at this again") :]
    assert summary.index('href="#answer_0"') < summary.index('href="#consent"')
    assert "No &lt;b&gt;" in missing.text
    assert client.post("/join", data=typed(tier, answer_0="Books", consent="y")).status_code == 303

    assert applied().answers == [{"question": "Why us?", "answer": "Books"}]
    consent = db.session.scalars(select(Consent)).one()
    assert (consent.person_id, consent.wording) == (applied().person_id, "We keep *your* name.")


def test_what_is_asked_for_one_membership_counts_only_for_that_one(client):
    plain = a_tier("Member")
    student = a_tier("Student", proof="Your student card", oldest=30)
    family = a_tier("Family", covers=Covers.HOUSEHOLD, places=4)

    assert client.post("/join", data=typed(plain, born_on="nonsense", name="Zoe")).status_code == 303
    answer = client.post("/join", data=typed(student, born_on="nonsense"))
    assert answer.status_code == 422
    assert "<title>Error: Join" in answer.text
    assert f'id="proof_{student.id}-error"' in answer.text
    assert 'id="born_on-error"' in answer.text
    assert 'id="covers_name-error"' not in answer.text
    assert answer.text.count(f'data-only="{student.id}"') == 2
    assert answer.text.count(f'data-only="{family.id}"') == 1
    assert "nonsense" in answer.text
    assert 'id="covers_name-error"' in client.post("/join", data=typed(family)).text
    assert client.post("/join", data=typed(family, covers_name="The Ashes")).status_code == 303
    assert open_application(person_by_email("ann@example.org")).covers_name == "The Ashes"


@pytest.mark.parametrize(("years", "status"), [(13, 422), (14, 303), (30, 303), (31, 422), (-1, 422)])
def test_age_counts_on_the_day_of_applying(client, years, status):
    tier = a_tier("Youth", youngest=14, oldest=30)

    assert client.post("/join", data=typed(tier, born_on=born(years))).status_code == status


def test_a_birthday_on_a_leap_day_is_on_1_march_in_other_years():
    assert [age_on(date(2008, 2, 29), day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]
    tier = Tier(youngest=18, oldest=None)
    assert [tier.is_open_to(date(2008, 2, 29), day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [False, True]


def test_ages_are_said_in_words():
    said = [ages(Tier(youngest=low, oldest=high)) for low, high in [(14, 30), (65, None), (None, 30), (None, None)]]

    assert said == ["people from 14 to 30", "people of 65 or more", "people up to 30", ""]


def test_who_has_outgrown_a_membership_is_not_admitted_to_it_unseen(app):
    secretary, person = a_person("", "secretary"), a_person(born_on=date(1950, 1, 1))
    tier = a_tier("Youth", oldest=30, needs_approval=False)
    application = actions.apply(person, tier, NOW, Said())

    assert actions.begin(person, NOW) is None
    assert len(letters_to(secretary)) == 1
    with pytest.raises(Refused, match="people up to 30"):
        actions.approve(application, NOW, by=secretary)


def test_a_stranger_changes_no_date_of_birth_that_the_register_holds(client):
    known = a_person(verified_at=None, born_on=date(1990, 1, 1), email="ann@example.org")
    tier = a_tier("Youth", youngest=14)
    assert client.post("/join", data=typed(tier, born_on="1980-05-05")).status_code == 303

    assert db.session.get(type(known), known.id, populate_existing=True).born_on == date(1990, 1, 1)


def test_the_name_of_a_household_goes_on_to_the_period(app):
    secretary, person = a_person("", "secretary"), a_person()
    tier = a_tier(covers=Covers.HOUSEHOLD, places=2)
    application = actions.apply(person, tier, NOW, Said(covers_name="The Ashes"))

    assert actions.approve(application, NOW, by=secretary).covers_name == "The Ashes"


# Invitations ---------------------------------------------------------------------------------------------------


def an_invitation(tier, email="ann@example.org", at=NOW):
    """Its secret, out of the letter."""
    actions.invite(tier, email, at, by=a_person("Sue", "secretary"))
    return secret_in(email)


def secret_in(address):
    letter = db.session.scalars(select(Letter).where(Letter.to_address == address).order_by(Letter.id.desc())).first()
    return as_text(letter).replace("%3D", "=").replace("%3F", "?").split("invitation=")[1].split()[0].rstrip(">")


@pytest.fixture
def honorary(app):
    return a_tier("Honorary", choice=Choice.INVITATION)


def test_a_membership_by_invitation_is_there_for_the_invited_only(client, honorary):
    a_tier("Member")
    secret = an_invitation(honorary)

    assert "Honorary" not in client.get("/join").text
    assert "Honorary" not in client.get("/join?invitation=guessed").text
    assert client.post("/join", data=typed(honorary)).status_code == 422
    page = client.get(f"/join?invitation={secret}")
    assert "invited to join as Honorary" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_an_invitation_is_good_once(client, honorary):
    secret = an_invitation(honorary)
    address = f"/join?invitation={secret}"

    assert client.post(address, data=typed(honorary)).status_code == 303
    assert applied().tier_id == honorary.id
    assert "has been used" in client.get(address).text
    assert client.post(address, data=typed(honorary, email="ben@example.org")).status_code == 422
    assert person_by_email("ben@example.org") is None


def test_the_invited_may_choose_another_membership_and_keep_the_invitation(client, honorary):
    other = a_tier("Member")
    secret = an_invitation(honorary)

    assert client.post(f"/join?invitation={secret}", data=typed(other)).status_code == 303
    assert "invited to join as" in client.get(f"/join?invitation={secret}").text


def test_an_invitation_ends_after_30_days_and_when_it_is_withdrawn(client, honorary):
    old = an_invitation(honorary, at=NOW - timedelta(days=31))
    secret = an_invitation(honorary)
    invitation = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    client.sign_in(a_person("", "secretary"))
    assert "ann@example.org" in client.get("/organize/applications/invite").text

    revoke = f"/organize/applications/invitations/{invitation.id}/revoke"
    assert client.post(revoke).status_code == 303
    assert client.post(revoke).status_code == 404
    visitor = client.application.test_client()
    for gone in (old, secret):
        assert "has been used, was withdrawn or is too old" in visitor.get(f"/join?invitation={gone}").text


def test_an_invitation_of_somebody_known_goes_on_in_the_letter_to_them(client, honorary):
    known = a_person(email="ann@example.org")
    secret = an_invitation(honorary)
    assert client.post(f"/join?invitation={secret}", data=typed(honorary)).location == "/join/sent"
    assert "has been used" in client.get(f"/join?invitation={secret}").text

    passed_on = secret_in(known.email)
    client.sign_in(known)
    assert client.post(f"/join?invitation={passed_on}", data={"tier": honorary.id}).location == "/me/membership"
    assert open_application(known).tier is honorary


def test_the_secretary_invites_by_a_form(client, honorary):
    client.sign_in(a_person("", "secretary"))
    plain = a_tier()
    address = "/organize/applications/invite"

    assert client.post(address, data={"tier": plain.id, "email": "a@example.org"}).status_code == 422
    assert client.post(address, data={"tier": honorary.id, "email": "no"}).status_code == 422
    assert client.post(address, data={"tier": honorary.id, "email": "a@example.org"}).status_code == 303
    subject = select(Letter.subject).where(Letter.to_address == "a@example.org")
    assert db.session.scalars(subject).one() == "You are invited to join The Test Society"
    assert len(db.session.scalars(select(Invitation.secret_hash)).one()) == 64


# Asking back ---------------------------------------------------------------------------------------------------


def test_asking_back_and_answering(client):
    secretary, person = a_person("Sue", "secretary"), a_person("Ann Ash")
    application = actions.apply(person, a_tier("Member"), NOW)
    actions.begin(person, NOW)
    link = application_path(application)
    client.sign_in(secretary)
    ask = f"/organize/applications/{application.id}/ask"
    assert client.post(ask, data={"text": " "}).status_code == 422
    assert client.post(ask, data={"text": "Which talk did you like?"}).status_code == 303
    assert "Asked back" in client.get("/organize/applications").text

    applicant = client.application.test_client()
    page = applicant.get(link)
    assert "Which talk did you like?" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert applicant.post(link, data={"text": ""}).status_code == 422
    assert applicant.post(link, data={"text": "The one on beavers."}).status_code == 303
    queue = client.get("/organize/applications").text
    assert "The one on beavers." in queue
    assert "Has answered" in queue
    assert letters_to(secretary)[-1] == "Ann Ash has answered"
    assert letters_to(person) == [
        "Your application to The Test Society",
        "A question about your application to The Test Society",
    ]


def test_the_link_tells_what_was_decided_and_takes_no_more_answers(client):
    secretary = a_person("", "secretary")
    accepted, turned_down = (actions.apply(a_person(), a_tier(), NOW) for _ in range(2))
    actions.approve(accepted, NOW, by=secretary)
    actions.reject(turned_down, "We are full.", NOW, by=secretary)

    assert "Accepted" in client.get(application_path(accepted)).text
    assert "We are full." in client.get(application_path(turned_down)).text
    assert client.post(application_path(accepted), data={"text": "More"}).status_code == 409
    assert db.session.scalars(select(ApplicationMessage)).all() == []
    with pytest.raises(Refused):
        actions.ask_back(accepted, "Why?", NOW, by=secretary)


@pytest.mark.parametrize("token", ["1-x", "x", "0-", "999999999999-x", "1"])
def test_no_other_link_opens_an_application(client, token):
    actions.apply(a_person(), a_tier(), NOW)

    assert client.get(f"/applications/{token}").status_code == 404


def test_a_link_opens_no_period(client):
    assert client.get(application_path(a_membership(a_person()))).status_code == 404


# The queue -----------------------------------------------------------------------------------------------------


def queue_of(client):
    return client.sign_in(a_person("", "secretary")).get("/organize/applications").text


def test_the_queue_shows_what_was_said(client):
    person = a_person("Ann Ash", born_on=date(2010, 1, 1))
    tier = a_tier("Youth", youngest=14, proof="Your school")
    said = Said(answers=[{"question": "Why us?", "answer": "Books"}], proof="Hill School")
    actions.apply(person, tier, NOW, said)

    page = queue_of(client)

    for words in ("Why us?", "Books", "Your school", "Hill School", str(age_on(date(2010, 1, 1), TODAY))):
        assert words in page


@pytest.mark.parametrize(
    ("name", "values", "why"),
    [
        ("ÁSH, ann", {}, "Similar name"),
        ("Ash Ann", {}, "Same name"),
        ("Ann Ashe", {}, "Similar name"),
        ("Somebody Else", {"phone": "+1 212 555 0100"}, "Same phone"),
        ("Somebody Else", {"address": "1 Example Street"}, "Same address"),
        ("Ann Baker", {}, None),
        ("Ben Ash", {}, None),
    ],
)
def test_likely_doubles_are_shown_beside_the_applicant(client, name, values, why):
    double = a_person(name, **values)
    actions.apply(a_person("Ann Ash", phone="+1 212 555 0100", address="1 Example Street"), a_tier(), NOW)

    page = queue_of(client)

    assert ("May be in the register already" in page) == bool(why)
    assert (f"/organize/people/merge?keep={double.id}" in page) == bool(why)
    assert why is None or why in page


@pytest.mark.parametrize("name", ["", "李", '"', "a OR b", "NEAR(x)", "'; --", "x" * 200])
def test_any_name_can_be_compared(client, name):
    actions.apply(a_person(name, phone='"'), a_tier(), NOW)

    assert "Approve" in queue_of(client)


def test_the_queue_asks_no_more_for_many_that_were_asked_back_and_have_doubles(client, counted):
    tier, secretary = a_tier(), a_person("", "secretary")
    client.sign_in(secretary)

    def add():
        a_person("Ann Ash")
        actions.ask_back(actions.apply(a_person("Ann Ash"), tier, NOW), "Why?", NOW, by=secretary)

    add()
    with counted() as one:
        client.get("/organize/applications")
    add()
    add()
    with counted() as three:
        client.get("/organize/applications")

    assert len(one) == len(three)


# Settings ------------------------------------------------------------------------------------------------------

TIER = {"name": "Patron", "dues": "120", "currency": "EUR", "period": "calendar_year", "months": "12"}
ALL = {"pro_rata": "months", "joining_fee": "10.50", "grace_days": "30", "choice": "invitation", "youngest": "18"}
ALL |= {"oldest": "99", "proof": "A letter", "covers": "household", "places": "4", "offered": "y"}


@pytest.fixture
def admin(client):
    return client.sign_in(a_person("", "admin"))


def test_all_terms_of_a_membership_can_be_set(admin):
    assert admin.post("/organize/settings/tiers/new", data={**TIER, **ALL}).status_code == 303

    tier = db.session.scalars(select(Tier)).one()
    assert (tier.joining_fee, tier.pro_rata, tier.grace_days, tier.choice) == (1050, "months", 30, "invitation")
    assert (tier.youngest, tier.oldest, tier.proof, tier.covers, tier.places) == (18, 99, "A letter", "household", 4)
    page = admin.get(f"/organize/settings/tiers/{tier.id}").text
    assert 'value="10.50"' in page
    assert page.count("<details open>") == 3
    assert admin.get("/organize/settings/tiers/new").text.count("<details>") == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("oldest", "17"),
        ("youngest", "-1"),
        ("pro_rata", "weeks"),
        ("choice", "x"),
        ("covers", "x"),
        ("joining_fee", "1.005"),
        ("grace_days", "-1"),
        ("places", "0"),
    ],
)
def test_terms_that_cannot_be_are_answered_beside_the_field(admin, field, value):
    answer = admin.post("/organize/settings/tiers/new", data={**TIER, **ALL, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_share_of_a_year_and_a_household_of_one_make_no_sense(admin):
    new = "/organize/settings/tiers/new"

    assert 'id="pro_rata-error"' in admin.post(new, data={**TIER, **ALL, "period": "months"}).text
    assert 'id="covers-error"' in admin.post(new, data={**TIER, **ALL, "places": "1"}).text


def test_joining_and_paying_are_set_on_a_page_of_their_own(admin):
    data = {
        "join_questions": "Why?*",
        "consent": "Yes.",
        "reminder_days": "7, 30 -7 7",
        "iban": "de89 3704 0044 0532 0130 00",
    }
    data |= {"bic": "cobadeff", "account_holder": "B", "payment_terms": "Cash", "guests_kept_months": "24"}
    assert "/organize/settings/membership" in admin.get("/organize/settings").text
    assert admin.post("/organize/settings/membership", data=data).status_code == 303

    row = db.session.get(Society, 1, populate_existing=True)
    assert (row.reminder_days, row.iban, row.bic) == ("30 7 -7", "DE89370400440532013000", "COBADEFF")
    assert (row.join_questions, row.consent, row.guests_kept_months) == ("Why?*", "Yes.", 24)
    empty = admin.post("/organize/settings/membership", data=dict.fromkeys(data, ""))
    assert empty.status_code == 303
    assert db.session.get(Society, 1, populate_existing=True).guests_kept_months is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reminder_days", "soon"),
        ("reminder_days", "366"),
        ("reminder_days", "1.5"),
        ("iban", "DE00370400440532013000"),
        ("iban", "x"),
        ("bic", "COBA"),
        ("guests_kept_months", "0"),
    ],
)
def test_settings_that_do_not_hold_are_answered_beside_the_field(admin, field, value):
    answer = admin.post("/organize/settings/membership", data={field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert value in answer.text


def test_a_membership_that_the_secretary_gives_is_on_no_page_for_joining(client):
    given = a_tier("Founder", choice=Choice.SECRETARY)

    assert "Founder" not in client.get("/join").text
    assert client.post("/join", data=typed(given)).status_code == 422
    with pytest.raises(Refused):
        actions.invite(given, "a@example.org", NOW, by=a_person())


def test_dues_are_asked_of_whoever_is_admitted(client):
    person = a_person()
    application = actions.apply(person, a_tier("Member", dues=3000), NOW)
    client.sign_in(a_person("", "secretary"))
    client.post(f"/organize/applications/{application.id}/approve")

    assert standing(person, TODAY).status is Status.ACTIVE
    assert len(letters_to(person)) == 2

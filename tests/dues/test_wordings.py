"""What letters about renewing say: built in, or in the society's own words."""

from datetime import date

import pytest
from sqlalchemy import select

from society.db import db
from society.dues.wording import LABELS
from society.mail.models import Letter, OwnWording
from tests.builders import a_person, a_tier
from tests.dues.test_renewals import a_period, on

pytestmark = pytest.mark.once

OWN = """Hello {{ first_name }},

{{ dues }}

Good until {{ good_until }}
by {{ reference }}

{{ renew_link }}"""


def own(of, subject="{{ tier }} until {{ ends_on }}", body=OWN, language=""):
    db.session.add(OwnWording(of=of, subject=subject, body=body, language=language))
    db.session.commit()


def letter():
    return db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()


def test_our_own_wording_goes_out_without_what_is_not_so(app):
    own("renewal")
    a_period(tier=a_tier("Full", dues=3050))

    on(date(2027, 3, 1))

    said = letter().body.replace("\\", "")
    assert letter().subject == "Full until 31 March 2027"
    assert "EUR 30.50, to be paid by" in said
    assert "by RF" in said
    assert "Good until" not in said
    assert "/renew/" in said


def test_free_of_dues_the_letter_asks_for_no_money(app):
    a_period(tier=a_tier("Full"))
    on(date(2027, 3, 1))
    said = letter().body
    assert ("bank transfer" in said, "paid already" in said, "/renew/" in said) == (False, False, True)


def test_after_the_end_and_when_it_has_lapsed_others_go_out(app):
    own("renewal-over", "Over")
    own("lapsed", "Gone: {{ tier }}")
    a_period(tier=a_tier("Full"), good_until=date(2027, 4, 30))

    on(date(2027, 4, 7))
    assert letter().subject == "Over"
    assert "Good until" in letter().body
    on(date(2027, 5, 1))
    assert letter().subject == "Gone: Full"


def test_who_reads_another_language_gets_it_in_that(app):
    own("renewal", "Ihre Mitgliedschaft endet am {{ ends_on }}", language="de")
    a_period(a_person("Dora", language="de-AT"), tier=a_tier("Voll", dues=3050))

    on(date(2027, 3, 1))

    assert letter().subject == "Ihre Mitgliedschaft endet am 31. März 2027"
    assert "to be paid" not in letter().body


@pytest.mark.once
def test_where_we_have_none_of_our_own_in_their_language_they_get_what_is_built_in(app):
    own("renewal", "Ours")
    tier = a_tier("Voll", dues=3050)
    a_period(a_person("Dora", language="de"), tier=tier)
    on(date(2027, 3, 1))
    german = letter()
    a_period(a_person("Piet", language="pl"), tier=tier)
    on(date(2027, 3, 1))

    assert (german.language, german.subject) == (
        "de",
        "Ihre Mitgliedschaft bei The Test Society endet am 31. März 2027",
    )
    owed = german.body.replace("\\", "").split("\n")[4]
    assert owed.startswith("Voll, 1. April 2027 – 31. Dezember 2027: 30,50\xa0€, zu zahlen bis zum 1. April 2027 (Rec")
    assert letter().subject == "Ours"


def test_a_wording_is_looked_at_saved_and_reset_by_secretaries_alone(client):
    client.sign_in(a_person("Sec", "secretary"))
    a_period(a_person("Ann Ash"), tier=a_tier("Full"))
    db.session.commit()
    here = "/organize/renewals/wordings/renewal"
    typed = {"subject": "Hi {{ name }}", "body": OWN}

    looked = client.post(here, data=typed | {"preview": "yes"})
    assert ("Hi Ann Ash" in looked.text, db.session.query(OwnWording).count()) == (True, 0)
    assert client.post(here, data=typed).status_code == 303
    assert client.post(f"{here}?language=DE", data=typed).status_code == 303
    assert sorted(row.language for row in db.session.query(OwnWording)) == ["", "de"]
    assert client.get(f"{here}?language=zz").status_code == 303
    page = client.get("/organize/renewals/wordings").text
    assert ("Our own" in page, "German" in page) == (True, True)
    for path in (f"{here}/reset", f"{here}/reset?language=de"):
        assert client.post(path).status_code == 303
    assert db.session.query(OwnWording).count() == 0
    assert all(client.get(f"/organize/renewals/wordings/{name}").status_code == 200 for name in LABELS)
    assert client.get("/organize/renewals/wordings/other").status_code == 404

    client.sign_in(a_person("Olga", "organizer"))
    assert client.get(here).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("body", "Hello", "{{ renew_link }} is missing"),
        ("body", "{{ event_title }} {{ renew_link }}", "There is no field {{ event_title }}."),
        ("subject", "{{ dues }}", "in the text only"),
        ("subject", "{{ name", "stands alone"),
    ],
)
def test_what_could_become_a_hole_is_said(client, field, typed, said):
    client.sign_in(a_person("Sec", "secretary"))
    page = client.post("/organize/renewals/wordings/renewal", data={"subject": "S", "body": OWN} | {field: typed})
    assert (page.status_code, said in page.text) == (422, True)

"""The list that a society has when it moves in: its own headings, its own memberships, a hand that never did this."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from society.db import db
from society.register.reading import read
from society.register.told import about
from society.settings import Society
from tests.builders import NOW, a_person, a_tier
from tests.register.test_import_pages import names, upload

LIST = "Mitgliedsnr.;Nachname;Vorname;Beitragsgruppe;Eintritt;E-Mail;Wohnort\n"
ROWS = (
    "1;Müller;Käthe;Einzel;30.03.1999;kaethe@verein.example;Würzburg\n"
    "2;Weiß;Otto;Familie;2001-05-17;otto@verein.example;Würzburg\n"
    "3;Öztürk;Zoë;einzel;17.05.2001;zoe@verein.example;Würzburg\n"
)


@pytest.fixture
def admin(client):
    a_tier("Member")
    return client.sign_in(a_person("Ada", "admin", email="ada@example.org"))


def text_of(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


def test_memberships_that_are_not_on_offer_are_told_once_and_the_same_file_is_looked_at_again(admin):
    looked = upload(admin, (LIST + ROWS).encode("cp1252"), "Liste.csv").location
    page = text_of(admin.get(looked))
    assert "3 lines refused" in page
    assert "The file names “Einzel” (2 lines) and “Familie” (1 line). Make them under Memberships on offer" in page

    for name in ("Einzel", "Familie"):
        a_tier(name)
    assert admin.post(looked, data={"again": "yes"}).location == looked
    page = text_of(admin.get(looked))
    assert "3 people added" in page
    assert "not on offer" not in page
    admin.post(f"{looked}/confirm")
    assert {"Käthe Müller", "Otto Weiß", "Zoë Öztürk"} <= names()


def test_a_second_look_keeps_what_was_answered_about_dates(admin):
    looked = upload(admin, "name,tier,starts_on\nAnn,Fellow,03/04/2024\n").location
    admin.post(looked, data={"dates": "day-first"})
    a_tier("Fellow")
    admin.post(looked, data={"again": "yes"})
    assert "Fellow from 3 April 2024" in text_of(admin.get(looked))


def test_who_cannot_make_memberships_is_told_whom_to_ask(client):
    a_tier("Member")
    secretary = client.sign_in(a_person("Sec Retary", "secretary"))
    page = secretary.get(upload(secretary, "name,tier\nAnn,Fellow\n").location)
    assert "Ask an admin to make them" in text_of(page)
    assert "/organize/settings/tiers" not in page.text


def test_a_list_without_memberships_says_that_it_makes_nobody_a_member(admin):
    said = "nobody becomes a member by this file"
    assert said in text_of(admin.get(upload(admin, "name\nAnn\n").location))
    assert said not in text_of(admin.get(upload(admin, "name,tier\nAnn,Member\n").location))


def test_each_column_is_told_by_its_own_heading():
    told = list(about(read((LIST + ROWS).encode())))
    assert told[1] == (
        "Columns read: “Mitgliedsnr.” as external_id, “Nachname” as family_name, “Vorname” as given_name, "
        "“Beitragsgruppe” as tier, “Eintritt” as joined_on, “E-Mail” as email and “Wohnort” as city."
    )
    assert "Columns read: name and tier." in list(about(read(b"Name,tier\nAnn,Member\n")))


@pytest.mark.parametrize("heading", ["Nr.", "No", "Hausnr."])
def test_a_number_behind_the_street_is_that_of_the_house_and_nobodys_own(heading):
    reading = read(f"Mitgliedsnr.;Name;Straße;{heading};Ort\n77;Ann;Am Weg;5a;Wien\n78;Ben;;6;Wien\n".encode())
    ann, ben = reading
    assert (ann.external_id, ann.particulars[1]) == ("77", "Am Weg 5a\nWien")
    assert (ben.external_id, ben.particulars[1]) == ("78", "6\nWien")
    assert f"“{heading}” as house_number" in list(about(reading))[1]
    assert reading.unknown == []
    (whole,) = read(f"Name;Adresse;{heading}\nAnn;Am Weg;5\n".encode())
    assert whole.particulars[1] == "Am Weg 5"
    (alone,) = read(f"Name;Straße;{heading}\nAnn;Am Weg;5\n".encode())
    assert alone.external_id == ""


def test_a_number_elsewhere_is_the_society_s_own():
    (ann,) = read("Nr.;Name;Straße\n5;Ann;Am Weg\n".encode())
    assert (ann.external_id, ann.particulars[1]) == ("5", "Am Weg")


def test_a_date_that_is_none_is_told_by_the_heading_of_its_column():
    (entry,) = read(b"Name,Member since\nAnn,31.02.2001\n")
    assert entry.refused.startswith("Member since: there is no day")


def test_a_new_society_is_shown_the_way_to_bring_in_its_members(admin):
    page = admin.get("/organize")
    assert 'href="/organize/people/import">Bring in your members' in page.text


@pytest.mark.parametrize(
    ("days", "ends_in", "warned"), [("30 7 -7", 20, True), ("30 7 -7", 200, False), ("", 20, False), ("30", -90, False)]
)
def test_that_reminders_go_out_by_themselves_is_told_before_a_file_is_read_in(admin, days, ends_in, warned):
    db.session.scalars(select(Society)).one().reminder_days = days
    db.session.commit()
    today = NOW.date()
    ends = today + timedelta(days=ends_in)
    text = f"name,email,tier,starts_on,ends_on\nAnn,ann@example.org,Member,{ends - timedelta(days=300)},{ends}\n"
    page = text_of(admin.get(upload(admin, text).location))
    assert ("1 membership of this file ends soon, or ended lately" in page) is warned

"""A list that says since when somebody is a member, and no more: they are one today."""

from datetime import date

from sqlalchemy import select

from society.db import db
from society.membership.models import Membership
from society.membership.queries import standing
from society.register.planning import Will
from tests.builders import NOW
from tests.register.test_import import fates, imported, person
from tests.register.test_import import tiers as tiers  # the fixture


def test_whoever_joined_once_and_is_on_the_list_is_a_member_today(tiers):
    text = (
        "name,email,tier,joined_on,left_on\n"
        "Ann,ann@example.org,Member,1998-05-01,\n"
        "Ben,ben@example.org,Fellow,1998-05-01,\n"
        "Cem,cem@example.org,Student,2020-02-15,\n"
        "Dee,dee@example.org,Member,1998-05-01,2015-03-01\n"
    )
    imported(text)
    today = NOW.date()
    members = [name for name in ("Ann", "Ben", "Cem", "Dee") if standing(person(name), today)]
    assert members == ["Ann", "Ben", "Cem"]
    ann, cem = standing(person("Ann"), today), standing(person("Cem"), today)
    assert (ann.starts_on, ann.ends_on) == (date(1998, 5, 1), date(today.year, 12, 31))
    assert (cem.starts_on, cem.ends_on.month, cem.ends_on.day) == (date(2020, 2, 15), 2, 14)
    assert (cem.ends_on - today).days < 366
    assert standing(person("Dee"), date(2015, 2, 28))
    assert not standing(person("Dee"), date(2015, 3, 1))

    db.session.commit()
    assert {will for _, will in fates(text)} == {Will.UNCHANGED}, "the same list again adds nothing"


def test_the_day_of_joining_gives_nobody_a_second_membership_beside_the_one_they_have(tiers):
    year = NOW.year
    imported(f"name,email,tier,starts_on\nAnn,ann@example.org,Member,{year}-01-01\n")
    db.session.commit()
    imported("name,email,tier,joined_on\nAnn,ann@example.org,Member,1998-05-01\n")
    rows = db.session.scalars(select(Membership).order_by(Membership.starts_on)).all()
    assert [(row.starts_on.year, row.ends_on.year) for row in rows] == [(1998, 1998), (year, year)]

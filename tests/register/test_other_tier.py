"""A list that is read again and names another tier: they have changed to it, and do not hold two."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.membership.models import Membership
from society.membership.queries import standing
from society.register.changes import undo
from society.register.importing import preview
from society.register.planning import Will
from society.register.reading import read
from tests.builders import NOW, a_membership, a_person
from tests.register.test_import import exported, imported, person
from tests.register.test_import import tiers as tiers  # the fixture

TODAY = NOW.date()
BEGAN, ENDS = TODAY - timedelta(days=100), TODAY + timedelta(days=100)
HELD = f"email,name,tier,starts_on,ends_on\nann@example.org,Ann,Member,{BEGAN},{ENDS}\n"
PLACE = "It takes the place of Member; dues are not reckoned anew"
JOINED = "That they joined on 1 May 1998 is not entered."


def held() -> list[tuple[str, date, date | None, date | None]]:
    """All their periods: tier, first day, last day, and the first day of what each took the place of."""
    rows = db.session.scalars(select(Membership).order_by(Membership.starts_on, Membership.id)).all()
    first = {row.id: row.starts_on for row in rows}
    return [(row.tier.name, row.starts_on, row.ends_on, first.get(row.replaces_id)) for row in rows]


@pytest.mark.parametrize(
    ("header", "cells", "starts_on", "ends_on", "told"),
    [
        ("tier", "Student", TODAY, ENDS, f"{PLACE}."),
        ("tier", "Fellow", TODAY, None, f"{PLACE}."),
        ("tier,joined_on", f"Student,{BEGAN}", TODAY, ENDS, f"{PLACE}."),
        (
            "tier,joined_on",
            "Fellow,1998-05-01",
            TODAY,
            None,
            f"{PLACE}. That they joined on 1 May 1998 is not entered.",
        ),
        ("tier,starts_on,ends_on", f"Student,{BEGAN},{ENDS}", BEGAN, ENDS, f"{PLACE}."),
        ("tier,starts_on,ends_on", f"Student,{TODAY},{ENDS}", TODAY, ENDS, f"{PLACE}."),
    ],
)
def test_another_tier_takes_the_place_of_the_one_they_hold(tiers, header, cells, starts_on, ends_on, told):
    imported(HELD)
    before = exported()
    text = f"email,{header}\nann@example.org,{cells}\n"
    (fate,) = preview(read(text.encode()), NOW).fates
    assert (fate.will, fate.warning) == (Will.PERIOD, told)

    changed = imported(text)
    assert held() == [("Member", BEGAN, ENDS, None), (cells.split(",")[0], starts_on, ends_on, BEGAN)]
    assert standing(person("Ann"), TODAY).tier.name == cells.split(",")[0]
    db.session.commit()
    assert imported(text) is None, "the same list again changes nothing"
    undo(changed, by=None, now=NOW)
    assert exported() == before


@pytest.mark.parametrize(
    ("rows", "second"),
    [
        (["Member,,", "Student,,"], ("Student", TODAY, ENDS, None)),
        (["Student,,", "Member,,"], ("Student", TODAY, ENDS, None)),
        ([f"Student,{ENDS + timedelta(days=1)},2199-01-01"],
         ("Student", ENDS + timedelta(days=1), date(2199, 1, 1), None)),
        (["Student,2001-01-01,2001-12-31"], ("Student", date(2001, 1, 1), date(2001, 12, 31), None)),
    ],
)  # fmt: skip
def test_a_tier_that_is_named_too_and_another_time_stand_beside_it(tiers, rows, second):
    imported(HELD)
    db.session.commit()
    imported("email,tier,starts_on,ends_on\n" + "".join(f"ann@example.org,{row}\n" for row in rows))
    assert set(held()) == {("Member", BEGAN, ENDS, None), second}


def test_what_is_held_together_with_others_is_changed_on_its_page(tiers):
    ann, ben = a_person("Ann", email="ann@example.org"), a_person("Ben", email="ben@example.org")
    a_membership(ben, tiers[0], covered_by_id=a_membership(ann, tiers[0]).id)
    db.session.commit()
    fates = preview(read(b"email,tier\nann@example.org,Student\nben@example.org,Student\n"), NOW).fates
    stays = "Member is held together with others, and stays: change it on its page."
    assert [(fate.will, fate.warning) for fate in fates] == [(Will.UNCHANGED, stays)] * 2

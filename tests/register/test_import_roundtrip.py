"""Three thousand people with five years of periods: out, in, in again, and out are one register."""

import csv
import io
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import delete

from society.db import db
from society.membership.models import Membership, Period
from society.people.models import Person
from society.register.exporting import as_csv, everyone
from society.register.importing import bring_in
from society.register.reading import read
from tests.builders import NOW, a_tier

PEOPLE = 3_000
GRACE = 30
DAY = timedelta(days=1)
HEAD = "email,name,tier,starts_on,ends_on,status,left_on,phone,city,born_on,tags,notes,external_id"


Told = tuple[str, date, date | None, str, date | None]


def a_history(chance: Random) -> list[Told]:
    """Up to five years of one person: tier, first day, last day, status, and when it was left."""
    joined = 2020 + chance.randrange(3)
    if chance.random() < 0.05:
        return [("Fellow", date(joined, 1, 1), None, "active", None)]
    told: list[Told] = []
    for year in range(joined, 2025):
        first, last = date(year, 1, 1), date(year, 12, 31)
        fate = chance.random()
        if fate < 0.06:
            left = first + timedelta(days=chance.randrange(1, 300))
            return [*told, ("Member", first, left - DAY, "resigned", left)]
        if fate < 0.12:
            return [*told, ("Member", first, last, "lapsed", last + timedelta(days=GRACE + 1))]
        if fate < 0.18:
            moved = date(year, chance.randrange(2, 12), 15)
            told += [("Member", first, last, "active", moved), ("Student", moved, last, "active", None)]
        else:
            told.append(("Member", first, last, "active", None))
    return told


def a_register() -> tuple[str, dict[str, list[Told]]]:
    """A spreadsheet of them all, and by address what stands in it."""
    chance, out, known = Random(7), io.StringIO(), {}
    writer = csv.writer(out)
    writer.writerow(HEAD.split(","))
    for number in range(PEOPLE):
        email, own = f"p{number}@example.org", a_history(chance)
        known[email] = own
        person = [f"+44 {number}", f"City {number % 90}", date(1940 + number % 60, 1 + number % 12, 1 + number % 28)]
        for tier, first, last, status, left in own:
            cells = [email, f"Persón {number}", tier, first, last or "", status, left or ""]
            writer.writerow(
                [*cells, *person, "choir" if number % 3 else "", "=no sum" if number % 7 == 0 else "", f"N{number}"]
            )
    return out.getvalue(), known


def counts(period: tuple[str, date, date | None, str, date | None], on: date) -> bool:
    """Good standing, the slow way."""
    tier, first, last, _status, left = period
    until = last + timedelta(days=GRACE if tier == "Member" else 0) if last else date.max
    return first <= on <= until and not (left and left <= on)


def exported(as_of: date | None = None) -> str:
    db.session.commit()
    return "".join(as_csv(db.engine, everyone(), as_of))


def imported(text: str) -> object:
    done = bring_in(list(read(text.encode())), "all.csv", partial=False, by=None, now=NOW).change_set
    db.session.commit()
    return done


@pytest.fixture
def tiers(app):
    a_tier("Member", grace_days=GRACE)
    a_tier("Student")
    a_tier("Fellow", period=Period.LIFE)
    db.session.commit()


@pytest.mark.once
@pytest.mark.no_cover  # thousands of turns over lines that other tests cover
def test_out_and_in_again_is_the_same_register_and_its_rolls_are_right(tiers):
    text, known = a_register()
    imported(text)
    first = exported()
    told = list(csv.DictReader(io.StringIO(first.removeprefix("\ufeff"))))
    assert len(told) == sum(len(own) for own in known.values())

    assert imported(text) is None
    assert imported(first) is None
    assert exported() == first

    rolls = {day: exported(day) for day in (date(2021, 4, 30), date(2023, 1, 20), date(2024, 11, 2))}
    for day, roll in rolls.items():
        rows = csv.DictReader(io.StringIO(roll.removeprefix("\ufeff")))
        standing = {row["email"] for row in rows if row["in_good_standing"] == "yes"}
        assert standing == {email for email, own in known.items() if any(counts(period, day) for period in own)}

    for table in (Membership, Person):
        db.session.execute(delete(table))
    imported(first)
    assert exported() == first
    assert {day: exported(day) for day in rolls} == rolls

"""Files of people, read into the register: every line's fate, and what the register holds then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.membership.models import Membership, Period, Status
from society.membership.queries import open_application, standing
from society.people.models import ErasedAddress, Person
from society.people.privacy import digest
from society.register.changes import undo
from society.register.dates import Order
from society.register.exporting import as_csv, everyone
from society.register.importing import bring_in, preview
from society.register.models import ChangedRow, ChangeSet
from society.register.planning import Will
from society.register.reading import read
from tests.builders import NOW, a_person, a_tier


def fates(text: str, answer: Order | None = None) -> list[tuple[int, Will]]:
    return [(fate.line, fate.will) for fate in preview(read(text.encode(), answer), NOW).fates]


def imported(text: str | bytes, *, partial: bool = False) -> ChangeSet | None:
    content = text.encode() if isinstance(text, str) else text
    db.session.flush()
    return bring_in(list(read(content)), "people.csv", partial=partial, by=None, now=NOW).change_set


def exported(as_of: date | None = None) -> str:
    db.session.commit()
    return "".join(as_csv(db.engine, everyone(), as_of))


def why(text: str) -> str:
    db.session.commit()
    with pytest.raises(Refused) as refusal:
        imported(text)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 0
    return str(refusal.value)


def person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


@pytest.fixture
def tiers(app):
    return [
        a_tier("Member", grace_days=30),
        a_tier("Fellow", period=Period.LIFE),
        a_tier("Student", period=Period.MONTHS, months=12),
    ]


def test_a_newcomer_is_added_with_a_period_and_all_that_is_said(tiers):
    imported(
        "email,name,tier,starts_on,ends_on,phone,address,city,language,Time zone,born_on,tags,notes,external_id\n"
        'Ann@Example.org,Ann Berg,member,2024-01-01,2024-12-31,+44 20 1234,"1 High St\nFlat 2",London,en,Europe/London,'
        '1950-02-28,"choir, board",Plays the viola.,A-7\n'
    )
    ann = person("Ann Berg")

    assert (ann.email, ann.phone, ann.address, ann.city) == (
        "ann@example.org",
        "+44 20 1234",
        "1 High St\nFlat 2",
        "London",
    )
    assert (ann.language, ann.zone, ann.born_on, ann.notes, ann.external_id) == (
        "en",
        "Europe/London",
        date(1950, 2, 28),
        "Plays the viola.",
        "A-7",
    )
    assert [tag.name for tag in ann.tags] == ["board", "choir"]
    assert "london" in ann.folded
    period = standing(ann, date(2025, 1, 30))  # a day of grace
    assert (period.ends_on, period.good_until) == (date(2024, 12, 31), date(2025, 1, 30))


def test_every_line_has_its_fate(tiers):
    known = a_person("Ann Berg", email="ann@example.org", phone="1")
    text = (
        "email;name;tier;starts_on;phone\n"
        "ann@example.org;Ann Berg;;;2\n"
        "ann@example.org;Ann Berg;Member;2024-01-01;\n"
        "ben@example.org;Ben;Member;2024-01-01;\n"
        "ben@example.org;Ben;Member;2024-01-01;\n"
        "cem@example;Cem;;;\n"
    )

    assert fates(text) == [
        (2, Will.CHANGE),
        (3, Will.PERIOD),
        (4, Will.ADD),
        (5, Will.UNCHANGED),
        (6, Will.REFUSE),
    ]
    assert known.phone == "1"
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 0


def test_all_or_nothing_unless_it_is_said_that_part_will_do(tiers):
    text = "email,name,tier\nann@example.org,Ann,Member\nben@example.org,Ben,Patron\ncem,Cem,\n"

    assert why(text) == (
        "Line 3: There is no tier “Patron”; there are “Member”, “Fellow” and “Student”. 1 other line is refused too. "
        "The register is as it was."
    )
    imported(text, partial=True)

    assert list(db.session.scalars(select(Person.name))) == ["Ann"]


def test_reading_the_same_file_again_changes_nothing(tiers):
    text = (
        "email,name,tier,starts_on,ends_on,status,external_id\n"
        "ann@example.org,Ann,Member,2023-01-01,2023-12-31,,\n"
        "ann@example.org,Ann,Member,2024-01-01,2024-12-31,,\n"
        "ben@example.org,Ben,Student,2024-03-15,,resigned,\n"
        ",Cem,Fellow,2024-03-15,,,17\n"
        ",Dee,,,,,\n"
        "eve@example.org,Eve,Member,,,,\n"
    )
    imported(text)
    before = exported()

    assert imported(text) is None
    assert exported() == before


def test_empty_cells_wipe_nothing_and_others_are_put_in_place_of_what_was(tiers):
    ann = a_person("Ann", email="ann@example.org", phone="1", city="London")
    imported("email,name,phone,city\nann@example.org,,2,\n")

    assert (ann.name, ann.phone, ann.city, ann.revision) == ("Ann", "2", "London", 2)


def test_whoever_changed_their_address_is_found_by_number(tiers):
    ann = a_person("Ann", email="old@example.org", external_id="7", verified_at=None)
    imported("email,name,external_id\nnew@example.org,Ann,7\n")

    assert ann.email == "new@example.org"


def test_the_address_somebody_signs_in_with_is_not_changed_by_a_file(tiers):
    a_person("Ann", email="old@example.org", external_id="7")

    assert "Ann signs in with another address" in why("email,name,external_id\nnew@example.org,Ann,7\n")


def test_two_people_at_once_are_refused(tiers):
    a_person("Ann", email="ann@example.org")
    a_person("Ben", external_id="7")

    sentence = "Line 2: Ann@example.org is Ann’s address, but external_id 7 is Ben’s."
    assert why("email,name,external_id\nann@example.org,Ann,7\n").startswith(sentence)
    assert why("email,name\ncem@example.org,Cem\ncem@example.org,Dee\n").startswith(
        "Line 3: Cem@example.org stands on line 2 already, with the name Cem."
    )


@pytest.mark.parametrize(
    ("row", "steps"),
    [
        ("Member,2023-01-01,2023-06-30,resigned,", [("active", "2023-01-01"), ("resigned", "2023-07-01")]),
        ("Member,2023-01-01,2023-12-31,lapsed,", [("active", "2023-01-01"), ("lapsed", "2024-01-31")]),
        ("Member,2023-01-01,2023-12-31,lapsed,2024-01-10", [("active", "2023-01-01"), ("lapsed", "2024-01-10")]),
        ("Member,2023-01-01,,applied,", [("applied", "2023-01-01")]),
        ("Member,2023-01-01,,rejected,2023-01-20", [("applied", "2023-01-01"), ("rejected", "2023-01-20")]),
        ("Fellow,2023-01-01,,active,", [("active", "2023-01-01")]),
        ("Member,2023-01-01,life,active,", [("active", "2023-01-01")]),
        ("Member,2023-01-01,,resigned,", [("resigned", "2023-01-01")]),
        ("Fellow,2023-01-01,,resigned,2023-02-01", [("active", "2023-01-01"), ("resigned", "2023-02-01")]),
    ],
)
def test_statuses_become_steps_and_are_told_as_they_came(tiers, row, steps):
    imported(f"email,name,tier,starts_on,ends_on,status,left_on\nann@example.org,Ann,{row}\n")
    rows = db.session.scalars(select(Membership).order_by(Membership.id)).all()

    assert [(step.status.value, str(step.starts_on)) for step in rows] == steps
    assert [step.replaces_id for step in rows] == [None, *[one.id for one in rows[:-1]]]
    told = exported().splitlines()[1].split(",")
    assert told[2:6] == row.split(",")[:4]
    before = exported()
    assert imported(before) is None


def test_who_is_refused_for_what_they_say_of_a_membership(tiers):
    head = "email,name,tier,starts_on,ends_on,status,left_on\nann@example.org,Ann,"

    assert "ends on 2023-01-01, before it starts" in why(f"{head}Member,2024-01-01,2023-01-01,,")
    assert "“gone” is no status; there are applied, active" in why(f"{head}Member,2024-01-01,,gone,")
    assert "tier of this membership is missing" in why(f"{head},2024-01-01,,,")
    assert "Starts_on is missing for somebody resigned" in why(f"{head}Member,,2024-01-01,resigned,")
    assert "There is no day “2023-02-29”" in why(f"{head}Member,2023-02-29,,,").replace("Starts_on: there", "There")


def test_a_resignation_is_added_to_the_period_it_ends(tiers):
    imported("email,name,tier,starts_on,ends_on\nann@example.org,Ann,Member,2024-01-01,2024-12-31\n")
    later = (
        "email,name,tier,starts_on,ends_on,status,left_on\n"
        "ann@example.org,Ann,Member,2024-01-01,2024-12-31,resigned,2024-05-01\n"
    )

    assert fates(later) == [(2, Will.PERIOD)]
    imported(later)
    ann = person("Ann")

    assert [bool(standing(ann, day)) for day in (date(2024, 4, 30), date(2024, 5, 1))] == [True, False]
    assert imported(later) is None


def test_an_older_file_does_not_take_back_a_resignation(tiers):
    head = "email,name,tier,starts_on,ends_on,status\nann@example.org,Ann,Member,2024-01-01,2024-06-30,"
    imported(head + "resigned")
    (fate,) = preview(read((head + "active").encode()), NOW).fates

    assert (fate.will, fate.warning) == (Will.UNCHANGED, "The register says resigned since 1 July 2024, which stays.")


def test_a_change_of_tier_an_admission_and_a_return_are_linked(tiers):
    imported(
        "email,name,tier,starts_on,ends_on,status,left_on\n"
        "ann@example.org,Ann,Fellow,2024-07-01,,active,\n"
        "ann@example.org,Ann,Member,2024-02-01,2024-12-31,active,2024-07-01\n"
        "ann@example.org,Ann,Member,2024-01-15,,applied,2024-02-01\n"
        "ben@example.org,Ben,Member,2023-01-01,2023-12-31,lapsed,\n"
        "ben@example.org,Ben,Member,2024-05-01,2024-12-31,active,\n"
    )
    rows = db.session.scalars(select(Membership).order_by(Membership.starts_on)).all()
    by_start = {str(row.starts_on): row for row in rows}

    assert by_start["2024-02-01"].replaces_id == by_start["2024-01-15"].id
    assert by_start["2024-07-01"].replaces_id == by_start["2024-02-01"].id
    assert by_start["2024-05-01"].replaces_id == by_start["2024-01-31"].id
    assert open_application(person("Ann")) is None


def test_an_address_that_was_erased_does_not_come_back_by_a_file(tiers):
    db.session.add(ErasedAddress(digest=digest("ann@example.org"), erased_at=NOW))
    text = "email,name\nANN@example.org,Ann\nben@example.org,Ben\n"
    first, second = preview(read(text.encode()), NOW).fates

    assert (first.will, second.will) == (Will.LEAVE_OUT, Will.ADD)
    assert "erased on request" in first.told
    imported(text)
    assert list(db.session.scalars(select(Person.name))) == ["Ben"]


def test_an_import_is_undone_to_the_last_row(tiers):
    a_person("Ann", email="ann@example.org", phone="1")
    before = exported()
    changes = imported(
        "email,name,tier,starts_on,phone,tags\n"
        "ann@example.org,Ann,Member,2024-01-01,2,choir\n"
        "ben@example.org,Ben,Fellow,2024-01-01,,choir\n"
    )
    assert exported() != before

    undo(changes, by=None, now=NOW + timedelta(hours=1))

    assert exported() == before
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 0


def test_an_import_is_in_the_audit_log_with_its_counts(tiers):
    changes = imported("email,name\nann@example.org,Ann\n")
    entry = db.session.scalars(select(AuditEntry)).one()

    assert (entry.act, entry.subject_id, entry.after) == ("people imported", changes.id, {"add": 1})
    assert entry.subject_name == "Imported people.csv"
    assert db.session.scalars(select(ChangedRow.kind)).all() == ["person"]


def test_who_joined_when_counts_where_no_start_is_given(tiers):
    imported("email,name,tier,joined_on,ends_on\nann@example.org,Ann,Member,1998-05-01,2026-12-31\n")
    row = db.session.scalars(select(Membership)).one()

    assert (row.starts_on, row.ends_on, row.status) == (date(1998, 5, 1), date(2026, 12, 31), Status.ACTIVE)


def test_the_queries_do_not_grow_with_the_lines(tiers, counted):
    def cost(number: int) -> int:
        rows = "".join(f"p{n}@example.org,Person {n},Member,2024-01-01,{n},choir\n" for n in range(number))
        entries = list(read(f"email,name,tier,starts_on,phone,tags\n{rows}".encode()))
        with counted() as count:
            preview(entries, NOW)
        return len(count)

    imported("email,name,tags\np0@example.org,Person 0,choir\n")
    cost(1)  # what is read once for all
    assert cost(2) == cost(200)

"""Changes of many rows at once, and taking them back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.membership.models import Membership
from society.people.models import Person, Tag, person_tag
from society.register.changes import note, note_all, open_change_set, undo
from society.register.models import ChangedRow, ChangeKind, ChangeSet
from tests.builders import NOW, a_membership, a_person, a_tier

LATER = NOW + timedelta(hours=1)


def a_change_set() -> ChangeSet:
    return open_change_set(ChangeKind.BULK, "Changed some people", by=a_person("Sec Retary", "secretary"), now=NOW)


def rename(changes: ChangeSet, person: Person, name: str) -> None:
    before = {"name": person.name, "revision": person.revision}
    person.name, person.revision = name, person.revision + 1
    note(changes, "person", person.id, before, {"name": person.name, "revision": person.revision})


def test_what_was_changed_is_put_back_and_found_again_by_its_old_name(app):
    ann, changes = a_person("Ann Ångström", city="Uppsala"), a_change_set()
    rename(changes, ann, "Anna Berg")

    undo(changes, by=None, now=LATER)

    assert (ann.name, ann.folded.split()[:2], ann.city) == ("Ann Ångström", ["ann", "angstrom"], "Uppsala")
    assert ann.revision == 3  # a form that showed the second must not pass for one that shows this
    assert changes.undone_at == LATER


def test_what_was_added_is_taken_away_with_its_periods_and_tags(app):
    changes, tier = a_change_set(), a_tier()
    ann, ben, tag = a_person("Ann"), a_person("Ben"), Tag(name="choir")
    period = a_membership(ann, tier)
    resigned = a_membership(ann, tier, replaces_id=period.id, ends_on=None)
    db.session.add(tag)
    db.session.flush()
    db.session.execute(insert(person_tag), [{"person_id": p.id, "tag_id": tag.id} for p in (ann, ben)])
    note(changes, "person", ann.id, None, {"name": "Ann"})
    note(changes, "tag", tag.id, None, {"name": "choir"})
    for row in (period, resigned):
        note(changes, "membership", row.id, None, {"starts_on": row.starts_on, "ends_on": row.ends_on})
    note_all(changes, [("person_tag", p.id, None, {"tag_id": tag.id}) for p in (ann, ben)])

    undo(changes, by=None, now=LATER)

    left = [db.session.scalar(select(func.count()).select_from(table)) for table in (Membership, Tag, person_tag)]
    assert left == [0, 0, 0]
    assert set(db.session.scalars(select(Person.name))) == {"Ben", "Sec Retary"}


def test_a_word_for_tags_stays_with_those_who_got_it_since(app):
    changes, tag, ann = a_change_set(), Tag(name="choir"), a_person("Ann")
    db.session.add(tag)
    db.session.flush()
    note(changes, "tag", tag.id, None, {"name": "choir"})
    ann.tags.append(tag)

    undo(changes, by=None, now=LATER)

    assert [tag.name for tag in ann.tags] == ["choir"]


def test_tags_that_were_taken_off_are_put_on_again(app):
    tag = Tag(name="choir")
    ann, changes = a_person("Ann", tags=[tag]), a_change_set()
    db.session.execute(delete(person_tag))
    note(changes, "person_tag", ann.id, {"tag_id": tag.id}, {})

    undo(changes, by=None, now=LATER)

    assert [tag.name for tag in ann.tags] == ["choir"]


def test_nothing_is_undone_once_a_row_was_touched(app):
    people, changes = [a_person(name) for name in ("Ann", "Ben", "Cem")], a_change_set()
    for person in people:
        rename(changes, person, f"{person.name} the Second")
    people[1].name, people[2].name = "Benjamin", "Cemal"
    db.session.commit()

    with pytest.raises(Refused, match="Nothing was undone: Benjamin and 1 other row changed in the meantime"):
        undo(changes, by=None, now=LATER)

    assert [person.name for person in people] == ["Ann the Second", "Benjamin", "Cemal"]
    assert changes.undone_at is None


def test_whoever_is_gone_or_has_lost_a_tag_since_counts_as_touched(app):
    tag = Tag(name="choir")
    ann, ben, changes = a_person("Ann"), a_person("Ben"), a_change_set()
    db.session.add(tag)
    db.session.flush()
    note(changes, "person_tag", ann.id, None, {"tag_id": tag.id})

    with pytest.raises(Refused, match="Ann changed in the meantime"):
        undo(changes, by=None, now=LATER)

    other = a_change_set()
    rename(other, ben, "Benjamin")
    db.session.flush()
    db.session.delete(ben)

    with pytest.raises(Refused, match="somebody who is gone changed"):
        undo(other, by=None, now=LATER)


def test_an_added_person_with_something_new_to_their_name_stays(app):
    ann, changes = a_person("Ann"), a_change_set()
    note(changes, "person", ann.id, None, {"name": "Ann"})
    a_membership(ann)

    with pytest.raises(Refused, match=r"1 newer entry \(membership\) would lose what this added.*with Ann"):
        undo(changes, by=None, now=LATER)


def test_a_change_set_is_undone_once(app):
    ann, changes = a_person("Ann"), a_change_set()
    rename(changes, ann, "Anna")
    undo(changes, by=None, now=LATER)

    with pytest.raises(Refused, match="undone already"):
        undo(changes, by=None, now=LATER)


def test_the_audit_log_tells_of_it(app):
    ann, changes = a_person("Ann"), a_change_set()
    rename(changes, ann, "Anna")
    undo(changes, by=changes.by, now=LATER)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "changes undone")).one()
    assert (entry.subject_id, entry.before) == (changes.id, {"what": "Changed some people"})


def test_dates_instants_and_nothing_come_back_as_they_were(app):
    ann, changes = a_person("Ann", born_on=date(1950, 2, 28), external_id=None), a_change_set()
    period = a_membership(ann)
    ends_on, recorded_at = period.ends_on, period.recorded_at
    note(changes, "person", ann.id, {"born_on": ann.born_on, "external_id": None}, {"born_on": None})
    note(
        changes,
        "membership",
        period.id,
        {"ends_on": ends_on, "recorded_at": recorded_at, "status": period.status},
        {"ends_on": None, "recorded_at": LATER, "status": "lapsed"},
    )
    ann.born_on, ann.external_id = None, "7"
    db.session.flush()
    values = {"ends_on": None, "recorded_at": LATER, "status": "lapsed"}
    db.session.execute(update(Membership).where(Membership.id == period.id).values(values))

    undo(changes, by=None, now=LATER)

    assert str(ann.born_on) == "1950-02-28"
    assert ann.external_id is None
    assert (period.ends_on, period.recorded_at, period.status) == (ends_on, recorded_at, "active")


def test_thousands_of_rows_are_put_back_in_few_statements(app, counted):
    changes = a_change_set()
    people = [{"name": f"Person {n}", "email": f"p{n}@example.org", "created_at": NOW} for n in range(5_000)]
    db.session.execute(insert(Person), people)
    added = db.session.scalars(select(Person.id).where(Person.name.startswith("Person "))).all()
    note_all(changes, (("person", number, None, {"revision": 1}) for number in added))
    assert db.session.scalar(select(func.count()).select_from(ChangedRow)) == 5_000

    with counted() as count:
        undo(changes, by=None, now=LATER)

    assert len(count) < 150
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1

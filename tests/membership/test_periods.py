"""Renewing, changing, giving up, taking up again, and covering others."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.errors import Refused
from society.membership import actions
from society.membership.models import Covers, Membership, Period, Status
from society.membership.queries import as_of, covered_by, standing
from society.settings import society
from society.times import today_in
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, letters_to

DAY = date(2027, 3, 1)


def begun(tier, person=None, on=DAY, **values):
    return actions.begin_period(person or a_person(), tier, on, now=NOW, by=None, **values)


def a_household(**values):
    values = {"covers": Covers.HOUSEHOLD, "places": 3, "period": Period.MONTHS, **values}
    return begun(a_tier("Family", **values), covers_name="The Ashes")


def test_a_renewal_follows_the_day_after(app):
    row = begun(a_tier(period=Period.MONTHS, grace_days=10))

    following = actions.renew(row, now=NOW, by=None)

    assert (following.starts_on, following.ends_on) == (date(2028, 3, 1), date(2029, 2, 28))
    assert following.good_until == date(2029, 3, 10)
    assert following.replaces_id is None


def test_what_cannot_be_renewed(app):
    row, for_life = begun(a_tier()), begun(a_tier(period=Period.LIFE))
    actions.renew(row, now=NOW, by=None)
    ended = begun(a_tier())
    actions.resign(ended, DAY, now=NOW, by=None)

    for period, why in [(row, "already"), (for_life, "for life"), (ended, "ended or replaced")]:
        with pytest.raises(Refused, match=why):
            actions.renew(period, now=NOW, by=None)


def test_another_tier_takes_the_rest_of_the_period(app):
    old, new = a_tier(), a_tier(period=Period.MONTHS, grace_days=5)
    row = begun(old)

    changed = actions.change_tier(row, new, date(2027, 6, 1), now=NOW, by=None)

    assert (changed.starts_on, changed.ends_on, changed.good_until) == (
        date(2027, 6, 1),
        date(2027, 12, 31),
        date(2028, 1, 5),
    )
    assert standing(row.person, date(2027, 5, 31)) is row
    assert standing(row.person, date(2027, 6, 1)) is changed
    with pytest.raises(Refused):
        actions.change_tier(row, old, DAY, now=NOW, by=None)


def test_a_change_to_a_life_membership_has_no_end(app):
    row = begun(a_tier())

    assert actions.change_tier(row, a_tier(period=Period.LIFE), DAY, now=NOW, by=None).ends_on is None


def test_a_tier_without_room_for_those_covered_is_refused(app):
    row = a_household()
    actions.cover(row, a_person(), DAY, now=NOW, by=None)

    with pytest.raises(Refused, match="for 1 person"):
        actions.change_tier(row, a_tier(), DAY, now=NOW, by=None)
    with pytest.raises(Refused, match="for 1 person"):
        actions.renew(row, now=NOW, by=None, tier=a_tier())


def test_who_resigns_is_no_member_from_that_day_nor_by_a_period_paid_ahead(app):
    secretary = a_person("", "secretary")
    row = begun(a_tier())
    following = actions.renew(row, now=NOW, by=None)

    actions.resign(row, date(2027, 12, 31), now=NOW, by=row.person, reason="I move away.")

    assert standing(row.person, date(2027, 12, 30)) is row
    assert standing(row.person, date(2027, 12, 31)) is None
    assert standing(row.person, following.starts_on) is None
    assert letters_to(row.person) == ["You have left The Test Society"]
    assert letters_to(secretary) == [f"{row.person.name} has given up their membership"]


def test_nobody_resigns_from_what_is_over(app):
    row = begun(a_tier())

    with pytest.raises(Refused, match="over by then"):
        actions.resign(row, date(2028, 1, 1), now=NOW, by=None)


def test_what_is_restored_ends_when_it_would_have(app):
    row = begun(a_tier())
    ended = actions.resign(row, date(2027, 6, 1), now=NOW, by=None)

    restored = actions.restore(ended, date(2027, 7, 1), now=NOW, by=None)

    assert standing(row.person, date(2027, 6, 30)) is None
    assert standing(row.person, date(2027, 7, 1)) is restored
    assert restored.ends_on == row.ends_on
    with pytest.raises(Refused, match="restored already"):
        actions.restore(ended, DAY, now=NOW, by=None)
    with pytest.raises(Refused, match="nothing here"):
        actions.restore(restored, DAY, now=NOW, by=None)


def test_what_lapsed_begins_anew_when_it_is_restored_later(app):
    row = begun(a_tier())
    ended = actions.end_period(row, Status.LAPSED, date(2028, 1, 1), now=NOW, by=None)

    assert actions.restore(ended, date(2028, 5, 1), now=NOW, by=None).ends_on == date(2028, 12, 31)


def test_those_covered_are_members_and_told(app):
    row, ben = a_household(), a_person("Ben")

    covered = actions.cover(row, ben, DAY + timedelta(days=9), now=NOW, by=None)

    assert (covered.starts_on, covered.ends_on) == (DAY + timedelta(days=9), row.ends_on)
    assert standing(ben, DAY) is None
    assert standing(ben, DAY + timedelta(days=9)) is covered
    assert letters_to(ben) == ["You are a member of The Test Society"]


def test_places_are_bounded_with_the_payer_among_them(app):
    row, ben = a_household(), a_person()
    actions.cover(row, ben, DAY, now=NOW, by=None)
    for person in (ben, row.person):
        with pytest.raises(Refused, match="theirs already"):
            actions.cover(row, person, DAY, now=NOW, by=None)
    actions.cover(row, a_person(), DAY, now=NOW, by=None)

    with pytest.raises(Refused, match="all places are taken"):
        actions.cover(row, a_person(), DAY, now=NOW, by=None)
    with pytest.raises(Refused, match="for one person"):
        actions.cover(begun(a_tier()), a_person(), DAY, now=NOW, by=None)


def test_those_covered_go_come_back_and_go_on_with_the_payer(app):
    row, ben = a_household(), a_person()
    actions.cover(row, ben, DAY, now=NOW, by=None)
    ended = actions.resign(row, date(2027, 6, 1), now=NOW, by=None)
    assert standing(ben, date(2027, 6, 1)) is None

    restored = actions.restore(ended, date(2027, 7, 1), now=NOW, by=None)
    assert standing(ben, date(2027, 7, 1)).covered_by_id == restored.id

    following = actions.renew(restored, now=NOW, by=None)
    assert standing(ben, following.starts_on).covered_by_id == following.id

    changed = actions.change_tier(
        following, a_tier(covers=Covers.ORGANIZATION, places=2), following.starts_on, now=NOW, by=None
    )
    assert standing(ben, following.starts_on).covered_by_id == changed.id


def test_whoever_is_covered_cannot_renew_or_change_and_may_leave_by_themselves(app):
    row, ben = a_household(), a_person()
    covered = actions.cover(row, ben, DAY, now=NOW, by=None)
    with pytest.raises(Refused, match="with the one that covers it"):
        actions.renew(covered, now=NOW, by=None)
    with pytest.raises(Refused, match="with the one that covers it"):
        actions.change_tier(covered, a_tier(), DAY, now=NOW, by=None)

    actions.resign(covered, DAY + timedelta(days=1), now=NOW, by=ben)

    assert standing(row.person, DAY + timedelta(days=1)) is row
    assert db.session.scalars(covered_by(row, DAY + timedelta(days=1))).all() == []


def test_who_is_named_after_a_renewal_is_covered_then_too_and_no_more_in_either_when_removed(app):
    row, ben = a_household(), a_person()
    following = actions.renew(row, now=NOW, by=None)

    first, second = actions.cover_from(row.person, ben, DAY, now=NOW, by=None)
    assert (first.covered_by_id, second.covered_by_id) == (row.id, following.id)
    assert len(letters_to(ben)) == 1

    actions.uncover(first, DAY, now=NOW, by=row.person)
    assert standing(ben, DAY) is None
    assert standing(ben, following.starts_on) is None


def test_the_roll_names_everyone_once_with_what_lasts_longest(app):
    ann, ben = a_person("Ann"), a_person("Ben")
    begun(a_tier(), ann)
    longer = begun(a_tier(period=Period.MONTHS), ann)
    actions.end_period(begun(a_tier(), ben), Status.LAPSED, DAY, now=NOW, by=None)

    assert db.session.execute(as_of(DAY)).all() == [(ann, longer)]


def test_acts_of_the_staff_are_in_the_audit_log_and_those_of_members_are_not(app):
    secretary = a_person("", "secretary")
    row = actions.add_period(a_person(), a_tier(), DAY, now=NOW, by=secretary)
    actions.resign(row, DAY, now=NOW, by=row.person)

    assert db.session.scalars(select(AuditEntry.act)).all() == ["membership added"]


def test_each_step_raises_the_revision_of_the_page(app):
    person = a_person()
    before = person.revision
    begun(a_tier(), person)

    assert person.revision == before + 1


@pytest.fixture
def secretary(client):
    return client.sign_in(a_person("", "secretary"))


def test_the_secretary_adds_a_period_of_long_ago(secretary):
    person, tier = a_person(), a_tier("Member", dues=3000)
    address = f"/organize/people/{person.id}/membership"
    data = {"tier": tier.id, "starts_on": "1998-02-01", "ends_on": "", "covers_name": ""}

    assert secretary.post(address, data={**data, "ends_on": "1998-01-01"}).status_code == 422
    assert secretary.post(address, data={**data, "starts_on": "soon"}).status_code == 422
    assert secretary.post(address, data=data).status_code == 303

    row = db.session.scalars(select(Membership)).one()
    assert (row.starts_on, row.ends_on) == (date(1998, 2, 1), date(1998, 12, 31))
    assert "From 1 February 1998 until 31 December 1998" in secretary.get(address).text


def test_a_period_that_is_added_is_owed_for(secretary):
    person, tier = a_person(), a_tier("Member", dues=3000)
    data = {"tier": tier.id, "starts_on": "2027-02-01", "raises_dues": "y"}
    secretary.post(f"/organize/people/{person.id}/membership", data=data)

    assert len(letters_to(person)) == 1


def test_the_secretary_renews_changes_notes_a_resignation_and_restores(secretary):
    row, other = a_membership(a_person()), a_tier("Friend")
    step = f"/organize/memberships/{row.id}"
    today = today_in(society().zone, NOW).isoformat()

    assert secretary.post(f"{step}/renew").status_code == 303
    assert secretary.post(f"{step}/renew").status_code == 409
    assert secretary.post(f"{step}/tier", data={"tier": other.id, "on": "x"}).status_code == 422
    assert secretary.post(f"{step}/tier", data={"tier": other.id, "on": today}).status_code == 303
    changed = db.session.scalars(select(Membership).where(Membership.replaces_id == row.id)).one()
    assert secretary.post(f"/organize/memberships/{changed.id}/resign", data={"on": today}).status_code == 303
    assert "Not a member" in secretary.get(f"/organize/people/{row.person_id}/membership").text
    ended = db.session.scalars(select(Membership).where(Membership.replaces_id == changed.id)).one()
    assert secretary.post(f"/organize/memberships/{ended.id}/restore", data={"on": today}).status_code == 303
    assert "In good standing" in secretary.get(f"/organize/people/{row.person_id}/membership").text
    assert secretary.get("/organize/memberships/99999/resign").status_code == 404


def test_the_secretary_names_people_covered_and_removes_them(secretary):
    tier = a_tier("Family", covers=Covers.HOUSEHOLD, places=2)
    row = a_membership(a_person(), tier)
    address = f"/organize/memberships/{row.id}/people"

    assert secretary.post(address, data={"name": "Ben", "email": "no"}).status_code == 422
    assert secretary.post(address, data={"name": "Ben", "email": "ben@example.org"}).status_code == 303
    assert "2 of 2 places" in secretary.get(address).text
    assert secretary.post(address, data={"name": "Cem", "email": "cem@example.org"}).status_code == 409
    covered = db.session.scalars(select(Membership).where(Membership.covered_by_id == row.id)).one()
    assert secretary.post(f"/organize/memberships/{covered.id}/uncover").status_code == 303
    assert "1 of 2 places" in secretary.get(address).text
    assert secretary.get(f"/organize/memberships/{a_membership(a_person()).id}/people").status_code == 404


def test_a_member_gives_the_membership_up(client):
    row = a_membership(a_person())
    client.sign_in(row.person)
    day = (TODAY + timedelta(days=3)).isoformat()

    assert "What this does" in client.get("/me/membership/resign").text
    assert client.post("/me/membership/resign", data={"on": "2001-01-01"}).status_code == 422
    assert client.post("/me/membership/resign", data={"on": day, "note": "Thank you"}).status_code == 303
    assert "no longer a member from" in client.get("/me/membership").text


def test_a_stranger_has_nothing_to_give_up_and_nobody_to_cover(client):
    client.sign_in(a_person())

    assert client.get("/me/membership/resign").location == "/me/membership"
    assert client.get("/me/membership/people").location == "/me/membership"
    assert client.post("/me/membership/people", data={"name": "Ben", "email": "b@example.org"}).status_code == 303


def test_the_payer_names_people_and_reads_only_what_was_typed(client):
    payer, known = a_person("Ann"), a_person("The Registered Name")
    row = a_membership(payer, a_tier("Family", covers=Covers.HOUSEHOLD, places=3))
    client.sign_in(payer)

    for email in (known.email, "new@example.org"):
        data = {"name": f"Typed for {email}", "email": email}
        assert client.post("/me/membership/people", data=data).status_code == 303
    page = client.get("/me/membership/people").text

    assert f"Typed for {known.email}" in page
    assert "The Registered Name" not in page
    assert "All places are taken" in page
    covered = db.session.scalars(select(Membership).where(Membership.covered_by_id == row.id)).first()
    assert client.post(f"/me/membership/people/{covered.id}/remove").status_code == 303
    assert client.post("/me/membership/people/99999/remove").status_code == 404


def test_nobody_removes_the_people_of_another_payer(client):
    payer = a_person()
    row = a_membership(payer, a_tier(covers=Covers.HOUSEHOLD, places=3))
    covered = actions.cover(row, a_person(), TODAY, now=NOW, by=payer)
    client.sign_in(a_person())

    assert client.post(f"/me/membership/people/{covered.id}/remove").status_code == 404
    assert standing(covered.person, TODAY) is not None


def test_old_periods_are_history_and_offer_nothing_to_do(client):
    client.sign_in(a_person("", "secretary"))
    ann, member = a_person("Ann"), a_tier("Member")
    this_year = TODAY.year
    old, present = (
        a_membership(ann, member, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
        for year in (this_year - 1, this_year)
    )

    page = client.get(f"/organize/people/{ann.id}/membership").text

    assert f'"/organize/memberships/{present.id}/renew"' in page
    assert f"/{old.id}/" not in page

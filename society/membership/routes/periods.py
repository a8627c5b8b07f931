"""The secretary's pages of one person's periods: add, renew, change, end, restore, and whom they cover."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues.actions import charge_change, reckon
from society.membership import actions, queries
from society.membership.models import Covers, Membership, Tier
from society.membership.period_forms import ChangeForm, CoverForm, DayForm, PeriodForm, ResignForm
from society.membership.render import spoken, until
from society.membership.routes.begun import begun, changed
from society.membership.routes.blueprint import bp, today
from society.people.access import me, open_to
from society.people.actions import person_for
from society.people.models import Person
from society.times import now
from society.web import Form, find

STEPS_SHOWN = 200
"""More steps than anybody's membership takes in a lifetime."""


@bp.route("/organize/people/<int:person_id>/membership", methods=["GET", "POST"])
@open_to("secretary")
def register(person_id: int) -> ResponseReturnValue:
    """One person's steps, and what can be done about each; a form to add a period, also one of long ago."""
    form = PeriodForm(db.session.scalars(queries.tiers()).all(), starts_on=today(), raises_dues=True)
    accepted = form.accepted(public=False)
    person: Person = find(select(Person).where(Person.id == person_id, Person.erased_at.is_(None)))
    if accepted:
        tier = db.session.get_one(Tier, form.tier.data)
        period = actions.add_period(
            person,
            tier,
            form.starts_on.data,
            now=now(),
            by=me(),
            ends_on=form.ends_on.data,
            covers_name=form.covers_name.data,
        )
        begun(period) if form.raises_dues.data else changed(period)
        db.session.commit()
        flash(f"Added: {tier.name}, from {spoken(period.starts_on)} {until(period)}.")
        return redirect(url_for(".register", person_id=person.id), 303)
    steps = db.session.scalars(queries.steps_of(person).limit(STEPS_SHOWN)).all()
    return render_template(
        "membership/register.html",
        form=form,
        person=person,
        standing=queries.standing(person, today()),
        steps=steps,
        open_steps=queries.open_steps(steps, today()),
    ), 422 if form.errors else 200


@bp.post("/organize/memberships/<int:membership_id>/renew")
@open_to("secretary")
def renew(membership_id: int) -> ResponseReturnValue:
    """Add the period that follows."""
    if Form().accepted(public=False):
        following = actions.renew(_step(membership_id), now=now(), by=me())
        begun(following)
        db.session.commit()
        flash(f"Renewed, from {spoken(following.starts_on)} {until(following)}.")
        return _back(following)
    return _back(_step(membership_id))


@bp.route("/organize/memberships/<int:membership_id>/tier", methods=["GET", "POST"])
@open_to("secretary")
def change_tier(membership_id: int) -> ResponseReturnValue:
    """Another tier from a day on; where that costs something, what it comes to is shown first."""
    form = ChangeForm(db.session.scalars(queries.tiers()).all(), on=today())
    accepted = form.accepted(public=False)
    period = _step(membership_id)
    if accepted:
        tier = db.session.get_one(Tier, form.tier.data)
        row = actions.change_tier(period, tier, form.on.data, now=now(), by=me())
        reckoned = reckon(period, tier, row.starts_on)
        if request.form.get("agreed") == reckoned.key or not (reckoned.asked or reckoned.old):
            charge_change(period, row, now=now(), by=me())
            changed(row)
            db.session.commit()
            flash(f"{row.tier.name} from {spoken(row.starts_on)}, {until(row)}.")
            return _back(row)
        db.session.rollback()  # it was tried, to see whether it can be
        return render_template("membership/change.html", form=form, period=period, tier=tier, reckoned=reckoned)
    return render_template("membership/change.html", form=form, period=period), 422 if form.errors else 200


@bp.route("/organize/memberships/<int:membership_id>/resign", methods=["GET", "POST"])
@open_to("secretary")
def end(membership_id: int) -> ResponseReturnValue:
    """Note that somebody leaves the society."""
    form = ResignForm(_step(membership_id), today())
    accepted = form.accepted(public=False)
    period = _step(membership_id)
    if accepted:
        ended = actions.resign(period, form.on.data, now=now(), by=me(), reason=form.note.data)
        changed(ended)
        db.session.commit()
        flash(f"{period.person.name} is no longer a member from {spoken(ended.starts_on)}, and has been told.")
        return _back(ended)
    return render_template("membership/end.html", form=form, period=period), 422 if form.errors else 200


@bp.route("/organize/memberships/<int:membership_id>/restore", methods=["GET", "POST"])
@open_to("secretary")
def restore(membership_id: int) -> ResponseReturnValue:
    """Take a membership up again that was given up or has lapsed."""
    form = DayForm(on=today())
    accepted = form.accepted(public=False)
    ended = _step(membership_id)
    if accepted:
        former = db.session.get(Membership, ended.replaces_id) if ended.replaces_id else None
        row = actions.restore(ended, form.on.data, now=now(), by=me())
        is_paid = former is not None and former.ends_on == row.ends_on
        changed(row) if is_paid else begun(row)
        db.session.commit()
        flash(f"Restored, from {spoken(row.starts_on)} {until(row)}.")
        return _back(row)
    return render_template("membership/restore.html", form=form, ended=ended), 422 if form.errors else 200


@bp.route("/organize/memberships/<int:membership_id>/people", methods=["GET", "POST"])
@open_to("secretary")
def covered(membership_id: int) -> ResponseReturnValue:
    """Whom a household's or organization's membership is for."""
    form = CoverForm()
    accepted = form.accepted(public=False)
    period: Membership = find(_one(membership_id).where(Membership.tier.has(Tier.covers != Covers.PERSON)))
    if accepted:
        person = person_for(form.email.data, form.name.data, now())
        row = actions.cover_from(period.person, person, today(), now=now(), by=me(), called=form.name.data)[0]
        changed(row)
        db.session.commit()
        flash(f"{person.name} is covered from {spoken(row.starts_on)} {until(row)}, and has been told.")
        return redirect(url_for(".covered", membership_id=period.id), 303)
    rows = db.session.scalars(queries.covered_by(period, today()).options(joinedload(Membership.person))).all()
    return render_template("membership/covered.html", form=form, period=period, rows=rows), 422 if form.errors else 200


@bp.post("/organize/memberships/<int:membership_id>/uncover")
@open_to("secretary")
def uncover(membership_id: int) -> ResponseReturnValue:
    """Somebody is no longer covered by another's membership."""
    if Form().accepted(public=False):
        row = _step(membership_id)
        changed(actions.uncover(row, today(), now=now(), by=me()))
        db.session.commit()
        flash(f"{row.person.name} is no longer covered, and has been told.")
    return redirect(url_for(".covered", membership_id=_step(membership_id).covered_by_id), 303)


def _one(membership_id: int) -> Select[Membership]:
    return select(Membership).where(Membership.id == membership_id, Membership.person.has(Person.erased_at.is_(None)))


def _step(membership_id: int) -> Membership:
    found: Membership = find(_one(membership_id))
    return found


def _back(step: Membership) -> ResponseReturnValue:
    return redirect(url_for(".register", person_id=step.person_id), 303)

"""One's own membership: how it stands, giving it up, and the people whom it covers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues.own import of
from society.limits import ASK_FOR_LINK, limiter
from society.membership import actions, queries
from society.membership.models import Membership
from society.membership.period_forms import CoverForm, ResignForm
from society.membership.render import spoken
from society.membership.routes.begun import changed
from society.membership.routes.blueprint import bp, today
from society.people.access import me, open_to
from society.people.actions import person_for
from society.times import now
from society.web import Form, find


@bp.get("/me/membership")
@open_to("person")
def mine() -> str:
    """One's own standing, and how it came about."""
    person = me()
    return render_template(
        "membership/mine.html",
        membership=of(person, today()),
        periods=db.session.scalars(queries.steps_of(person)).all(),
    )


@bp.route("/me/membership/resign", methods=["GET", "POST"])
@open_to("person")
def resign() -> ResponseReturnValue:
    """Give one's membership up, from a day on."""
    period = queries.standing(me(), today())
    if period is None:
        return redirect(url_for(".mine"), 303)
    form = ResignForm(period, today(), earliest=today())
    if form.accepted(public=False):
        ended = actions.resign(period, form.on.data, now=now(), by=me(), reason=form.note.data)
        changed(ended)
        db.session.commit()
        flash(f"You are no longer a member from {spoken(ended.starts_on)}. A letter confirms it.")
        return redirect(url_for(".mine"), 303)
    covered = db.session.scalars(queries.covered_by(period, today())).all()
    return render_template(
        "membership/resign.html", form=form, period=period, covered=covered
    ), 422 if form.errors else 200


@bp.route("/me/membership/people", methods=["GET", "POST"])
@limiter.limit(ASK_FOR_LINK, methods=["POST"])
@open_to("person")
def people() -> ResponseReturnValue:
    """Name the people whom one's household's or organization's membership is for.

    What the register holds on them is not shown to whoever names them: the name is the one that was typed here.
    """
    form = CoverForm()
    accepted = form.accepted(public=False)
    period = db.session.scalars(queries.covering(me(), today())).first()
    if period is None:
        return redirect(url_for(".mine"), 303)
    if accepted:
        person = person_for(form.email.data, form.name.data, now())
        changed(actions.cover_from(me(), person, today(), now=now(), by=me(), called=form.name.data)[0])
        db.session.commit()
        flash(f"{form.name.data} is a member now, and has been told.")
        return redirect(url_for(".people"), 303)
    rows = queries.covered_by(period, today()).options(joinedload(Membership.person))
    return render_template(
        "membership/people.html", form=form, period=period, rows=db.session.scalars(rows).all()
    ), 422 if form.errors else 200


@bp.post("/me/membership/people/<int:membership_id>/remove")
@open_to("person")
def remove(membership_id: int) -> ResponseReturnValue:
    """Somebody is no longer covered by one's own membership."""
    if Form().accepted(public=False):
        row = find(queries.covered_by_payer(me()).where(Membership.id == membership_id))
        changed(actions.uncover(row, today(), now=now(), by=me()))
        db.session.commit()
        flash(f"{row.covers_name or row.person.email} is no longer covered, and has been told.")
    return redirect(url_for(".people"), 303)

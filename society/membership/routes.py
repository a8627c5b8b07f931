"""Joining, one's own membership, and the secretary's queue."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from society.db import begin_write, db
from society.limits import JOIN, limiter
from society.mail.queries import outbox_only
from society.membership import actions, queries, render
from society.membership.forms import ApplicationForm, JoinForm, RejectionForm, TierForm
from society.membership.models import Membership, Tier
from society.people.access import me, open_to, visitor
from society.people.models import Person
from society.people.passwords import hash_password
from society.rsvps import feed as own_feed
from society.settings import society
from society.times import now, today_in
from society.web import Form, find

bp = Blueprint("membership", __name__, cli_group="membership")
bp.add_app_template_filter(render.dues, "dues")
bp.add_app_template_filter(render.told, "told")
bp.add_app_template_filter(render.until, "until")

SHOWN = 100
"""Applications on one page; the rest follow as these are decided."""


@bp.route("/join", methods=["GET", "POST"])
@limiter.limit(JOIN, methods=["POST"])
@open_to("everyone")
def join() -> ResponseReturnValue:
    """Become a member: as a newcomer, or with the sign-in one has."""
    person = visitor()
    return _join() if person is None else _apply(person)


def _join() -> ResponseReturnValue:
    """The answer, and the work for it, are the same whether the address is known or not."""
    form = JoinForm(db.session.scalars(queries.offered_tiers()).all())
    if request.method == "POST" and form.validate():
        password_hash = hash_password(form.password.data)  # slow, so before the transaction that writes
        begin_write(public=False)
        tier = form.offered[form.tier.data]
        actions.join(form.name.data, form.email.data, password_hash, tier, now())
        db.session.commit()
        return redirect(url_for(".sent"), 303)
    return render_template("membership/join.html", form=form), 422 if form.errors else 200


def _apply(person: Person) -> ResponseReturnValue:
    if queries.standing(person, _today()) or queries.open_application(person):
        return redirect(url_for(".mine"), 303)
    form = ApplicationForm(db.session.scalars(queries.offered_tiers()).all())
    if form.accepted(public=False):
        actions.apply(person, form.offered[form.tier.data], now())
        actions.begin(person, now())
        own_feed.answered(person, now())
        db.session.commit()
        return redirect(url_for(".mine"), 303)
    return render_template("membership/apply.html", form=form), 422 if form.errors else 200


@bp.get("/join/sent")
@open_to("everyone")
def sent() -> str:
    """What to do after joining."""
    return render_template("membership/sent.html")


@bp.get("/me/membership")
@open_to("person")
def mine() -> str:
    """One's own standing, and how it came about."""
    person = me()
    return render_template(
        "membership/mine.html",
        standing=queries.standing(person, _today()),
        application=queries.open_application(person),
        periods=db.session.scalars(queries.periods_of(person)).all(),
    )


@bp.get("/organize/applications")
@open_to("secretary")
def applications() -> str:
    """The queue."""
    waiting = queries.waiting_applications().options(joinedload(Membership.person))
    total = db.session.scalar(select(func.count()).select_from(queries.waiting_applications().subquery())) or 0
    shown = db.session.scalars(waiting.limit(SHOWN)).all()
    return render_template("membership/applications.html", applications=shown, total=total, outbox_only=outbox_only())


@bp.post("/organize/applications/<int:application_id>/approve")
@open_to("secretary")
def approve(application_id: int) -> ResponseReturnValue:
    """Admit the applicant."""
    if Form().accepted(public=False):
        application = _decidable(application_id)
        actions.approve(application, now(), by=me())
        own_feed.answered(application.person, now())
        db.session.commit()
        flash(f"{application.person.name} is a member now; a letter of welcome is on its way.")
    return redirect(url_for(".applications"), 303)


@bp.route("/organize/applications/<int:application_id>/reject", methods=["GET", "POST"])
@open_to("secretary")
def reject(application_id: int) -> ResponseReturnValue:
    """Turn the applicant down, with a reason."""
    form = RejectionForm()
    accepted = form.accepted(public=False)
    application = _decidable(application_id)
    if accepted:
        actions.reject(application, form.note.data, now(), by=me())
        db.session.commit()
        flash(f"{application.person.name} has been told that the application was not accepted.")
        return redirect(url_for(".applications"), 303)
    return render_template("membership/reject.html", form=form, application=application), 422 if form.errors else 200


def _decidable(application_id: int) -> Membership:
    """An application, decided or not: deciding one twice is refused by the row itself."""
    applied = Membership.id == application_id, Membership.applied_at.is_not(None)
    verified = Membership.person.has(Person.verified_at.is_not(None))
    found: Membership = find(select(Membership).where(*applied, verified).with_for_update(of=Membership))
    return found


@bp.get("/organize/settings/tiers")
@open_to("admin")
def tiers() -> str:
    """The kinds of membership."""
    return render_template("membership/tiers.html", tiers=db.session.scalars(queries.tiers()).all())


@bp.route("/organize/settings/tiers/new", methods=["GET", "POST"])
@open_to("admin")
def new_tier() -> ResponseReturnValue:
    """Add a kind of membership."""
    return _tier_page(actions.blank_tier())


@bp.route("/organize/settings/tiers/<int:tier_id>", methods=["GET", "POST"])
@open_to("admin")
def edit_tier(tier_id: int) -> ResponseReturnValue:
    """Change a kind of membership, or stop offering it; periods that have begun stay as they are."""
    return _tier_page(find(select(Tier).where(Tier.id == tier_id)))


def _tier_page(tier: Tier) -> ResponseReturnValue:
    form = TierForm(tier, taken=queries.names_of_tiers(besides=tier))
    if form.accepted():
        actions.set_tier(tier, form.values, now(), by=me())
        db.session.commit()
        flash(f"Saved: {tier.name}.")
        return redirect(url_for(".tiers"), 303)
    return render_template("membership/tier.html", form=form, tier=tier), 422 if form.errors else 200


def _today() -> date:
    return today_in(society().zone, now())

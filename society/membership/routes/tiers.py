"""The kinds of membership, and what else the admin decides about joining and paying."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.membership import actions, queries
from society.membership.forms import MembershipSettingsForm, TierForm
from society.membership.models import Tier
from society.membership.routes.blueprint import bp
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.settings import Society, society
from society.times import now
from society.web import find, held


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
        if tier.id:
            anew = TierForm(held(tier), taken=queries.names_of_tiers(besides=tier))
            if shown := saved_meanwhile(anew, tier):
                return render_template("membership/tier.html", tier=tier, **shown), 422
        actions.set_tier(tier, form.values, now(), by=me())
        db.session.commit()
        flash(f"Saved: {tier.name}.")
        return redirect(url_for(".tiers"), 303)
    return render_template("membership/tier.html", form=form, tier=tier), 422 if form.errors else 200


@bp.route("/organize/settings/membership", methods=["GET", "POST"])
@open_to("admin")
def settings() -> ResponseReturnValue:
    """What applicants are asked, when members are reminded, and how dues are paid."""
    form = MembershipSettingsForm(society())
    if form.accepted():
        row = db.session.get_one(Society, 1, with_for_update=True, populate_existing=True)
        if shown := saved_meanwhile(MembershipSettingsForm(row), row):
            return render_template("membership/settings.html", **shown), 422
        actions.set_terms(form.data, now(), by=me())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".settings"), 303)
    return render_template("membership/settings.html", form=form), 422 if form.errors else 200

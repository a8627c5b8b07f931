"""Joining."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import begin_write, db
from society.limits import JOIN, limiter
from society.membership import actions, queries
from society.membership.forms import ApplicationForm, JoinForm
from society.membership.routes.blueprint import bp, today
from society.people.access import open_to, visitor
from society.people.models import Person
from society.people.passwords import hash_password
from society.rsvps import feed as own_feed
from society.times import now


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
    if queries.standing(person, today()) or queries.open_application(person):
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

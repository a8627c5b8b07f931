"""Joining: the form for newcomers and for those who have a sign-in, and the page by which applicants look on."""

from collections.abc import Sequence

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import begin_write, db
from society.limits import ASK_FOR_LINK, JOIN, limiter
from society.membership import actions, queries
from society.membership.applying_forms import ApplicationForm, JoinForm, MessageForm, asking
from society.membership.models import Choice, Invitation, Membership, Tier
from society.membership.render import PURPOSE
from society.membership.routes.begun import begun
from society.membership.routes.blueprint import bp, today
from society.people.access import open_to, visitor
from society.people.models import Person
from society.people.passwords import hash_password
from society.people.queries import link_keys
from society.times import now
from society.tokens import number_in, opens
from society.web import address_typed, private, wrote_to


@bp.route("/join", methods=["GET", "POST"])
@limiter.limit(JOIN, methods=["POST"])
@open_to("everyone")
def join() -> ResponseReturnValue:
    """Become a member: as a newcomer, or with the sign-in one has; `?invitation=` opens one tier more."""
    person = visitor()
    invitation = queries.open_invitation(_secret(), now()) if _secret() else None
    return _join(invitation) if person is None else _apply(person, invitation)


def _secret() -> str:
    return request.args.get("invitation", "")[:100]


def _offered(invitation: Invitation | None) -> Sequence[Tier]:
    """Whoever is invited sees that membership first."""
    open_to_all = db.session.scalars(queries.offered_tiers()).all()
    return [invitation.tier, *open_to_all] if invitation else open_to_all


def _join(invitation: Invitation | None) -> ResponseReturnValue:
    """The answer, and the work for it, are the same whether the address is known or not."""
    form = asking(JoinForm, _offered(invitation), today(), email=invitation.email if invitation else None)
    if request.method == "POST" and form.validate():
        password_hash = hash_password(form.password.data)  # slow, so before the transaction that writes
        begin_write(public=False)
        tier = db.session.get_one(Tier, form.tier.data)
        said = form.said
        actions.join(form.name.data, form.email.data, password_hash, tier, now(), said, _secret())
        db.session.commit()
        wrote_to(form.email.data)
        return redirect(url_for(".sent"), 303)
    page = render_template("membership/join.html", form=form, invitation=invitation, came_invited=bool(_secret()))
    return _unshared(page, form)


def _apply(person: Person, invitation: Invitation | None) -> ResponseReturnValue:
    if queries.standing(person, today()) or queries.open_application(person):
        return redirect(url_for(".mine"), 303)
    form = asking(ApplicationForm, _offered(invitation), today(), born_on=person.born_on)
    if form.accepted(public=False):
        tier = db.session.get_one(Tier, form.tier.data)
        if tier.choice is Choice.INVITATION:
            actions.use_invitation(_secret(), tier, now())
        actions.apply(person, tier, now(), form.said)
        period = actions.begin(person, now())
        if period is not None:
            begun(period)
        db.session.commit()
        return redirect(url_for(".mine"), 303)
    page = render_template("membership/apply.html", form=form, invitation=invitation, came_invited=bool(_secret()))
    return _unshared(page, form)


def _unshared(page: str, form: ApplicationForm) -> ResponseReturnValue:
    """A page with a secret in its address is kept nowhere."""
    response = make_response(page, 422 if form.errors else 200)
    if _secret():
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/join/sent")
@open_to("everyone")
def sent() -> str:
    """What to do after joining."""
    return render_template("membership/sent.html", address=address_typed())


@bp.route("/applications/<token>", methods=["GET", "POST"])
@limiter.limit(ASK_FOR_LINK, methods=["POST"])
@open_to("link")
def application(token: str) -> Response:
    """How an application stands, by the link in the applicant's mail; what was asked back is answered here."""
    found = _opened(token)
    form = MessageForm()
    if form.accepted(public=False):
        actions.answer(found, form.text.data, now())
        db.session.commit()
        flash("Thank you: those who decide have been told.")
        return private(redirect(url_for(".application", token=token), 303))
    page = render_template(
        "membership/application.html",
        form=form,
        application=found,
        decision=queries.decision_on(found),
        messages=queries.messages_of(found),
    )
    return private(make_response(page, 422 if form.errors else 200))


def _opened(token: str) -> Membership:
    number = number_in(token)
    rows = select(Membership).where(Membership.id == number, Membership.applied_at.is_not(None))
    found = db.session.scalar(rows.options(joinedload(Membership.person))) if number else None
    if found is None or not any(opens(token, PURPOSE, found.id, key) for key in link_keys(found.person)):
        abort(404)
    return found

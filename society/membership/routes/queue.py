"""The secretary's queue of applications."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.mail.queries import outbox_only
from society.membership import actions, queries
from society.membership.applying_forms import InvitationForm, MessageForm, RejectionForm
from society.membership.likeness import likely_the_same
from society.membership.models import Invitation, Membership, Tier
from society.membership.routes.begun import begun
from society.membership.routes.blueprint import bp, today
from society.people.access import me, open_to
from society.people.models import Person
from society.times import now
from society.web import Form, find

SHOWN = 25
"""Applications on one page; the rest follow as these are decided."""


@bp.get("/organize/applications")
@open_to("secretary")
def applications() -> str:
    """The queue: what each said, and who in the register may be the same person."""
    waiting = queries.waiting_applications().options(joinedload(Membership.person))
    total = db.session.scalar(select(func.count()).select_from(queries.waiting_applications().subquery())) or 0
    shown = db.session.scalars(waiting.limit(SHOWN)).all()
    return render_template(
        "membership/applications.html",
        applications=shown,
        total=total,
        messages=queries.messages_among(shown),
        alike=likely_the_same([application.person for application in shown]),
        today=today(),
        outbox_only=outbox_only(),
    )


@bp.post("/organize/applications/<int:application_id>/approve")
@open_to("secretary")
def approve(application_id: int) -> ResponseReturnValue:
    """Admit the applicant."""
    if Form().accepted(public=False):
        application = _decidable(application_id)
        begun(actions.approve(application, now(), by=me()))
        db.session.commit()
        flash(f"{application.person.name} is a member now; a letter of welcome is on its way.")
    return redirect(url_for(".applications"), 303)


@bp.route("/organize/applications/<int:application_id>/ask", methods=["GET", "POST"])
@open_to("secretary")
def ask(application_id: int) -> ResponseReturnValue:
    """Ask the applicant something before deciding."""
    form = MessageForm()
    accepted = form.accepted(public=False)
    application = _decidable(application_id)
    if accepted:
        actions.ask_back(application, form.text.data, now(), by=me())
        db.session.commit()
        flash(f"{application.person.name} has been asked; the answer will show here.")
        return redirect(url_for(".applications"), 303)
    said = queries.messages_of(application)
    return render_template(
        "membership/ask.html", form=form, application=application, messages=said
    ), 422 if form.errors else 200


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


@bp.route("/organize/applications/invite", methods=["GET", "POST"])
@open_to("secretary")
def invite() -> ResponseReturnValue:
    """Invite somebody to a membership that nobody can choose without, and see which invitations are open."""
    invitable = db.session.scalars(queries.invitable_tiers()).all()
    form = InvitationForm(invitable)
    if form.accepted(public=False):
        actions.invite(db.session.get_one(Tier, form.tier.data), form.email.data, now(), by=me())
        db.session.commit()
        flash(f"An invitation to {form.email.data} is on its way.")
        return redirect(url_for(".invite"), 303)
    page = request.args.get("page", 1, int)
    start = (min(max(page, 1), 10_000) - 1) * SHOWN
    rows = queries.open_invitations(now()).options(joinedload(Invitation.tier)).offset(start).limit(SHOWN + 1)
    found = db.session.scalars(rows).all()
    return render_template(
        "membership/invite.html",
        form=form,
        invitable=invitable,
        invitations=found[:SHOWN],
        page=start // SHOWN + 1,
        more=len(found) > SHOWN,
    ), 422 if form.errors else 200


@bp.post("/organize/applications/invitations/<int:invitation_id>/revoke")
@open_to("secretary")
def revoke(invitation_id: int) -> ResponseReturnValue:
    """Withdraw an invitation."""
    if Form().accepted(public=False):
        invitation = find(queries.open_invitations(now()).where(Invitation.id == invitation_id))
        actions.revoke(invitation, now(), by=me())
        db.session.commit()
        flash("The invitation is withdrawn.")
    return redirect(url_for(".invite"), 303)

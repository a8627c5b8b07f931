"""The secretary's queue of applications."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from society.db import db
from society.mail.queries import outbox_only
from society.membership import actions, queries
from society.membership.forms import RejectionForm
from society.membership.models import Membership
from society.membership.routes.blueprint import bp
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps import feed as own_feed
from society.times import now
from society.web import Form, find

SHOWN = 100
"""Applications on one page; the rest follow as these are decided."""


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

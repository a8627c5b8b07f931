"""Pages of organizations."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.backings.queries import roles_of
from society.db import db
from society.events import queries
from society.kept import fresh_until, kept_for_visitors
from society.notices.actions import describe_organization, names
from society.notices.effects import Concern, ConfirmForm, page_of_several
from society.notices.following import all_that
from society.organizations.forms import OrganizationForm
from society.organizations.models import Organization
from society.people.access import me, open_to, visitor
from society.times import now
from society.web import find

bp = Blueprint("organizations", __name__, cli_group="organizations")

SHOWN = 30
"""Events of each kind on an organization's page; the calendar has the others."""


@bp.get("/organizations/<slug>")
@kept_for_visitors
@open_to("everyone")
def show(slug: str) -> str:
    """A body, and what it backs or backed, as far as the reader may see it."""
    organization: Organization = find(select(Organization).where(Organization.slug == slug))
    every = queries.backed_by(organization, visitor())
    backed = queries.with_places(every).limit(SHOWN)
    coming = db.session.scalars(queries.soonest_first(backed, now())).all()
    fresh_until(*(moment for event in coming for moment in (event.starts_at, event.ends_at)))
    past = db.session.scalars(queries.latest_first(backed, now())).all()
    return render_template(
        "organizations/show.html",
        organization=organization,
        coming=coming,
        undated=db.session.scalars(queries.without_date(every, now())).all(),
        past=[(year, list(events)) for year, events in groupby(past, key=lambda event: event.starts.year)],
        roles=roles_of(organization, [*coming, *past]),
    )


@bp.get("/organize/organizations")
@open_to("organizer")
def manage() -> str:
    """All organizations."""
    organizations = db.session.scalars(queries.organizations()).all()
    return render_template("organizations/manage.html", organizations=organizations)


@bp.route("/organize/organizations/new", methods=["GET", "POST"])
@open_to("organizer")
def new() -> ResponseReturnValue:
    """Enter an organization."""
    return _page(Organization(article="the"))


@bp.route("/organize/organizations/<int:organization_id>", methods=["GET", "POST"])
@open_to("organizer")
def edit(organization_id: int) -> ResponseReturnValue:
    """Correct an organization; what it backs follows."""
    return _page(find(select(Organization).where(Organization.id == organization_id)))


def _page(organization: Organization) -> ResponseReturnValue:
    form, telling = OrganizationForm(organization), ConfirmForm()
    if "again" not in request.form and form.accepted():
        changes = form.renamed(organization)
        concern = Concern(touches=all_that(names(organization)) if changes else ())
        if concern and not telling.agrees_to(concern.mark(changes)):
            back = url_for(".edit", organization_id=organization.id)
            label = "Change the organization"
            return page_of_several(organization.name, changes, concern, telling, label=label, back=back)
        describe_organization(organization, form.values, me(), now())
        db.session.commit()
        flash(f"Saved: {organization.name}.")
        return redirect(url_for(".manage"), 303)
    return render_template("organizations/edit.html", form=form, organization=organization), 422 if form.errors else 200

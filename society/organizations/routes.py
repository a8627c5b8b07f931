"""Pages of organizations."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from society.backings.queries import roles_of
from society.db import db
from society.events import queries
from society.events.models import Event
from society.kept import fresh_until, kept_for_visitors
from society.notices.actions import describe_organization
from society.notices.concerns import page_of_several
from society.notices.effects import ConfirmForm
from society.notices.organizations import concerned
from society.organizations.forms import OrganizationForm
from society.organizations.models import Organization
from society.people.access import me, open_to, visitor
from society.people.savers import saved_meanwhile
from society.times import now
from society.web import find, held, number_asked

bp = Blueprint("organizations", __name__, cli_group="organizations")

ON_A_PAGE = 30
LAST_PAGE = 5_000


@bp.get("/organizations/<slug>")
@kept_for_visitors("coming", "past")
@open_to("everyone")
def show(slug: str) -> str:
    """A body, and what it backs and backed, as far as the reader may see it; further pages have one of these."""
    known = Organization.slug == slug, queries.known_to(visitor(), Organization)
    organization: Organization = find(select(Organization).where(*known))
    every = queries.backed_by(organization, visitor())
    backed = queries.with_places(every)
    coming, past = _page_asked("coming"), _page_asked("past")
    to_come = _page_of(queries.soonest_first(backed, now()), coming) if past == 1 else []
    over = _page_of(queries.latest_first(backed, now()), past) if coming == 1 else []
    shown, was = to_come[:ON_A_PAGE], over[:ON_A_PAGE]
    fresh_until(*(moment for event in shown for moment in (event.starts_at, event.ends_at)))
    return render_template(
        "organizations/show.html",
        organization=organization,
        page=max(coming, past),
        coming=shown,
        undated=db.session.scalars(queries.without_date(every, now())).all() if coming == past == 1 else [],
        past=[(year, list(events)) for year, events in groupby(was, key=lambda event: event.starts.year)],
        roles=roles_of(organization, [*shown, *was]),
        around_coming=_around(slug, "coming", coming, len(to_come) > ON_A_PAGE),
        around_past=_around(slug, "past", past, len(over) > ON_A_PAGE),
    )


def _page_asked(name: str) -> int:
    return min(max(number_asked(name) or 1, 1), LAST_PAGE)


def _page_of(events: Select[Event], page: int) -> Sequence[Event]:
    """The rows of one page, and one more if there is a next page."""
    return db.session.scalars(events.limit(ON_A_PAGE + 1).offset((page - 1) * ON_A_PAGE)).all()


def _around(slug: str, name: str, page: int, more: bool) -> tuple[str | None, str | None]:
    """The addresses of the pages before and after this one; the first is the organization's own."""

    def address(page: int) -> str:
        asked: dict[str, Any] = {name: page} if page > 1 else {}
        return url_for(".show", slug=slug, **asked)

    return address(page - 1) if page > 1 else None, address(page + 1) if more else None


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
        if organization.id and (shown := saved_meanwhile(OrganizationForm(held(organization)), organization)):
            return render_template("organizations/edit.html", organization=organization, **shown), 422
        concern, changes = concerned(organization, form.values, now()), form.renamed(organization)
        if concern and not telling.agrees_to(concern.mark(changes)):
            back = url_for(".edit", organization_id=organization.id)
            label = "Change the organization"
            return page_of_several(organization.name, changes, concern, telling, label=label, back=back)
        describe_organization(organization, form.values, me(), now())
        db.session.commit()
        flash(f"Saved: {organization.name}.")
        return redirect(url_for(".manage"), 303)
    return render_template("organizations/edit.html", form=form, organization=organization), 422 if form.errors else 200

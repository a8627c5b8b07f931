"""Who holds which office: the public page, and the secretary's."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.kept import fresh_until, kept_for_visitors
from society.offices import actions, queries
from society.offices.forms import EndForm, OfficeForm, TermForm
from society.offices.models import Office, Term
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.settings import society
from society.times import midnight, now, today_in
from society.web import find, held

bp = Blueprint("offices", __name__, cli_group="offices")

ON_A_PAGE = 50


@bp.get("/officers")
@kept_for_visitors()
@open_to("everyone")
def index() -> str:
    """The officers of today, by committee."""
    today = today_in(society().zone, now())
    fresh_until(midnight(today + timedelta(days=1), society().zone))
    held = db.session.scalars(queries.holders(today)).all()
    return render_template("offices/index.html", groups=queries.by_committee(held), today=today)


@bp.get("/officers/past")
@kept_for_visitors("page")
@open_to("everyone")
def past() -> str:
    """Who held which office before, latest first."""
    today = today_in(society().zone, now())
    fresh_until(midnight(today + timedelta(days=1), society().zone))
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    rows = queries.former(today).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE + 1)
    terms = db.session.scalars(rows).all()
    more = len(terms) > ON_A_PAGE
    return render_template("offices/past.html", terms=terms[:ON_A_PAGE], page=page, more=more)


@bp.get("/organize/offices")
@open_to("secretary")
def manage() -> str:
    """All offices, with who holds them now or is to."""
    today = today_in(society().zone, now())
    terms: dict[int, list[Term]] = {}
    for term in db.session.scalars(queries.from_then_on(today)):
        terms.setdefault(term.office_id, []).append(term)
    return render_template(
        "offices/manage.html",
        offices=db.session.scalars(queries.offices()).all(),
        terms=terms,
        today=today,
        no_admin_after=actions.warning(now()),
    )


@bp.route("/organize/offices/new", methods=["GET", "POST"])
@open_to("secretary")
def new() -> ResponseReturnValue:
    """Add an office."""
    office = Office(title="", committee="", about="", position=0)
    form = OfficeForm(office, me())
    if form.accepted():
        actions.set_office(office, form.values, now(), by=me())
        db.session.commit()
        flash(f"Added: {office.title}.")
        return redirect(url_for(".edit", office_id=office.id), 303)
    return render_template("offices/edit.html", form=form, office=office), 422 if form.errors else 200


@bp.route("/organize/offices/<int:office_id>", methods=["GET", "POST"])
@open_to("secretary")
def edit(office_id: int) -> ResponseReturnValue:
    """Change an office; appoint to it."""
    office: Office = find(select(Office).where(Office.id == office_id))
    form = OfficeForm(office, me())
    if form.accepted():
        if shown := saved_meanwhile(OfficeForm(held(office), me()), office):
            return _page(office, appointing=None, **shown)
        actions.set_office(office, form.values, now(), by=me())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".edit", office_id=office.id), 303)
    return _page(office, form, TermForm() if request.method == "GET" else None)


@bp.post("/organize/offices/<int:office_id>/appoint")
@open_to("secretary")
def appoint(office_id: int) -> ResponseReturnValue:
    """Give the office to somebody."""
    office: Office = find(select(Office).where(Office.id == office_id))
    form = TermForm()
    if form.accepted():
        actions.appoint(office, form.person, form.starts_on.data, form.ends_on.data, now=now(), by=me())
        db.session.commit()
        flash(f"{form.person.name}: {office.title}.")
        return redirect(url_for(".edit", office_id=office.id), 303)
    return _page(office, None, form)


@bp.route("/organize/terms/<int:term_id>/end", methods=["GET", "POST"])
@open_to("secretary")
def end(term_id: int) -> ResponseReturnValue:
    """Let a term end, or take one back that has not begun."""
    term: Term = find(select(Term).where(Term.id == term_id))
    form = EndForm()
    if form.accepted():
        office_id = term.office_id
        actions.end_term(term, form.ends_on.data, now=now(), by=me())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".edit", office_id=office_id), 303)
    return render_template("offices/end.html", term=term, form=form), 422 if form.errors else 200


def _page(
    office: Office, form: OfficeForm | None, appointing: TermForm | None, **meanwhile: Any
) -> ResponseReturnValue:
    bad = (form is not None and form.errors) or (appointing is not None and appointing.errors) or meanwhile
    page = render_template(
        "offices/edit.html",
        office=office,
        form=form,
        appointing=appointing,
        terms=db.session.scalars(queries.terms_of(office).limit(ON_A_PAGE)).all(),
        today=today_in(society().zone, now()),
        **meanwhile,
    )
    return page, 422 if bad else 200

"""The register as the secretary reads it, and who may do what."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from society.db import db
from society.fields import on_one_line
from society.mail.models import Letter
from society.membership.queries import in_good_standing, periods_of, standing
from society.people import access, actions, queries
from society.people.access import open_to
from society.people.forms import RoleForm, TakeRoleForm
from society.people.models import Person, Role, RoleName
from society.people.routes.blueprint import bp
from society.rsvps.queries import coming, gone
from society.settings import society
from society.times import now, today_in
from society.web import find

ON_A_PAGE = 50


@bp.get("/organize/people")
@open_to("secretary")
def register() -> str:
    """Everyone, by name; with a search."""
    search = on_one_line(request.args.get("q"))[:100]
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    found = queries.known_as(search)
    member = in_good_standing(today_in(society().zone, now()))
    rows = found.add_columns(member).offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)
    return render_template(
        "people/register.html",
        rows=db.session.execute(rows).all(),
        total=db.session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0,
        search=search,
        page=page,
        on_a_page=ON_A_PAGE,
    )


@bp.get("/organize/people/<int:person_id>")
@open_to("secretary")
def person(person_id: int) -> str:
    """What the society knows of one person."""
    found: Person = find(select(Person).where(Person.id == person_id))
    letters = select(Letter).where(Letter.person_id == found.id).order_by(Letter.id.desc())
    return render_template(
        "people/person.html",
        person=found,
        standing=standing(found, today_in(society().zone, now())),
        periods=db.session.scalars(periods_of(found)).all(),
        coming=db.session.execute(coming(found, now()).limit(ON_A_PAGE)).all(),
        gone=db.session.execute(gone(found, now()).limit(ON_A_PAGE)).all(),
        letters=db.session.scalars(letters.limit(ON_A_PAGE)).all(),
    )


@bp.route("/organize/roles", methods=["GET", "POST"])
@open_to("admin")
def roles() -> ResponseReturnValue:
    """Who may do what; give a role."""
    form = RoleForm()
    if form.accepted(public=False):
        actions.give_role(form.person, RoleName(form.role.data), now(), by=access.me())
        db.session.commit()
        flash(f"{form.person.name} is now {_as_said(form.role.data)}.")
        return redirect(url_for(".roles"), 303)
    staff = db.session.scalars(queries.staff()).all()
    return render_template("people/roles.html", form=form, staff=staff), 422 if form.errors else 200


@bp.post("/organize/roles/take")
@open_to("admin")
def take_role() -> ResponseReturnValue:
    """Take a role back."""
    form = TakeRoleForm()
    if form.accepted(public=False):
        role: Role = find(select(Role).where(Role.id == form.role_id.data))
        holder = db.session.get_one(Person, role.person_id)
        actions.take_role(role, holder, now(), by=access.me())
        db.session.commit()
        flash(f"{holder.name} is no longer {_as_said(role.name)}.")
    return redirect(url_for(".roles"), 303)


def _as_said(name: str) -> str:
    return f"{'an' if name[0] in 'ao' else 'a'} {name}"

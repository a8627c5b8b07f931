"""Who may do what."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.people import access, actions, queries
from society.people.access import open_to
from society.people.forms import RoleForm, TakeRoleForm
from society.people.models import Person, Role, RoleName
from society.people.routes.blueprint import bp
from society.times import now
from society.web import find


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

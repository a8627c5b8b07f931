"""A person's own things: what matters now, name, address, password."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import begin_write, db
from society.events.queries import organized_by
from society.limits import ASK_FOR_LINK, SIGN_IN, USE_LINK, limiter
from society.mail.actions import revive
from society.mail.queries import is_dead
from society.mail.sign_in import mail_to_new_address, tell_former_address, tell_of_new_password
from society.membership.queries import open_application, standing
from society.people import access, actions, queries
from society.people.access import open_to, visitor
from society.people.forms import ChangeEmailForm, ChangePasswordForm, ProfileForm
from society.people.models import Purpose
from society.people.passwords import hash_password
from society.people.routes.blueprint import bp
from society.people.savers import saved_meanwhile
from society.rsvps.queries import coming
from society.settings import society
from society.times import now, today_in
from society.web import Form, held

SHOWN = 5
"""Coming events on a person's page; the rest are behind a link."""


@bp.get("/me", endpoint="me")
@open_to("person")
def overview() -> str:
    """What matters to a person now."""
    person, moment = access.me(), now()
    return render_template(
        "people/me.html",
        answers=db.session.execute(coming(person, moment).limit(SHOWN)).all(),
        now=moment,
        standing=standing(person, today_in(society().zone, moment)),
        application=open_application(person),
        refuses_mail=is_dead(person.email or ""),
        organizing=db.session.scalars(organized_by(person)).all() if person.organizing else [],
    )


@bp.route("/me/profile", methods=["GET", "POST"])
@open_to("person")
def profile() -> ResponseReturnValue:
    """Change how one is called and reached, and choose what members see of it."""
    person = access.me()
    form = ProfileForm(person)
    if form.accepted():
        if shown := saved_meanwhile(ProfileForm(held(person)), person, "person changed"):
            return render_template("people/profile.html", **shown), 422
        actions.describe_oneself(person, form.values, now())
        db.session.commit()
        flash("Saved.")
        return redirect(url_for(".profile"), 303)
    return render_template("people/profile.html", form=form), 422 if form.errors else 200


@bp.route("/me/profile/email", methods=["GET", "POST"])
@limiter.limit(ASK_FOR_LINK, methods=["POST"])
@open_to("person")
def new_email() -> ResponseReturnValue:
    """Ask to use another address; the answer does not tell whether somebody else has it."""
    person = access.me()
    form = ChangeEmailForm(person)
    if form.accepted(public=False):
        mail_to_new_address(person, form.email.data, now())
        db.session.commit()
        flash(f"We have written to {form.email.data}. Open the link in that letter within three days.")
        return redirect(url_for(".profile"), 303)
    return render_template("people/new_email.html", form=form), 422 if form.errors else 200


@bp.route("/me/profile/email/<token>", methods=["GET", "POST"])
@limiter.limit(USE_LINK)
@open_to("link")
def change_email(token: str) -> ResponseReturnValue:
    """Show that the new address is one's own; from then on it is the one in use."""
    link = queries.open_link(token, Purpose.NEW_EMAIL, now())
    if link is None:
        return render_template("people/link_over.html", way_on=url_for(".new_email")), 410
    if Form().accepted():
        person, former = actions.change_email(token, now())
        revive(person.email)
        if former:
            tell_former_address(person, former, now())
        db.session.commit()
        flash(f"From now on, {person.email} is your address here.")
        return redirect(url_for(".profile" if visitor() is person else ".login"), 303)
    return render_template("people/change_email.html", link=link)


@bp.route("/me/security", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
@open_to("person")
def security() -> ResponseReturnValue:
    """Change one's password; every other browser is signed out."""
    person = access.me()
    form = ChangePasswordForm(person)
    if request.method == "POST" and form.validate():
        password_hash = hash_password(form.new.data)  # slow, so before the transaction that writes
        begin_write(public=False)
        actions.set_password(person, password_hash)
        tell_of_new_password(person, now())
        db.session.commit()
        actions.sign_in(person)
        flash("Your new password is set. Other browsers are signed out.")
        return redirect(url_for(".security"), 303)
    return render_template("people/security.html", form=form), 422 if form.errors else 200


@bp.post("/me/security/sign-out")
@open_to("person")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session, this one too, and every link by which one could begin."""
    person = access.me()
    if Form().accepted(public=False):
        person.sign_out_everywhere()
        actions.end_links(person)
        db.session.commit()
        actions.sign_out()
        flash("You are signed out everywhere.")
    return redirect(url_for(".login"), 303)

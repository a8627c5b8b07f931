"""Signing in and out: by password, by mailed link, and by what the letters of joining and forgetting lead to."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from society.db import begin_write, db
from society.dues.actions import raise_for
from society.limits import ASK_FOR_LINK, SIGN_IN, SIGN_IN_AS, USE_LINK, client_and_email, limiter
from society.mail.actions import revive
from society.mail.queries import is_dead
from society.mail.sign_in import ask_to_verify, mail_link, tell_of_new_password
from society.membership.actions import begin
from society.people import actions, queries
from society.people.access import open_to, visitor
from society.people.forms import LinkForm, ResetForm, SignInForm, path_here
from society.people.models import Person, Purpose
from society.people.passwords import hash_password, outdated
from society.people.routes.blueprint import bp
from society.rsvps import feed as own_feed
from society.times import now
from society.web import Form, address_typed, wrote_to


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
@limiter.limit(SIGN_IN_AS, key_func=client_and_email, methods=["POST"])
@open_to("everyone")
def login() -> ResponseReturnValue:
    """Sign in by password; who has done so by a link meanwhile gets what is carried along without."""
    form = SignInForm()
    if (person := visitor()) and not form.email.data and (sent := form.sent_by(person)):
        return render_template("people/typed.html", typed=sent)
    if request.method == "POST" and form.validate():
        return _enter(form.person, form) if form.person.can_sign_in else _verify_first(form.person)
    if person:
        return redirect(form.next.data or url_for(".me"), 303)
    return render_template("people/login.html", form=form), 422 if form.errors else 200


def _enter(person: Person, form: SignInForm) -> ResponseReturnValue:
    if outdated(person.password_hash or ""):
        password_hash = hash_password(form.password.data)
        begin_write(public=False)
        person.password_hash = password_hash
        db.session.commit()
    actions.sign_in(person)
    there = form.next.data or url_for(".me")
    if there != url_for(".me") and is_dead(person.email or ""):  # their own page tells it by itself
        flash(_given_up(person), "warning")
    if sent := form.sent_by(person):
        return render_template("people/typed.html", typed=sent)
    return redirect(there, 303)


def _given_up(person: Person) -> Markup:
    told = Markup('Mail to {} comes back, so nothing more is sent there. <a href="{}">What you can do</a>')
    return told.format(person.email, url_for(".me"))


def _verify_first(person: Person) -> ResponseReturnValue:
    begin_write(public=False)
    ask_to_verify(person, now())
    db.session.commit()
    return redirect(url_for(".verify_first"), 303)


@bp.get("/login/verify")
@open_to("everyone")
def verify_first() -> str:
    """What somebody reads whose password is right but whose address has not been shown to be theirs."""
    return render_template("people/verify_first.html")


@bp.post("/logout")
@open_to("everyone")
def logout() -> ResponseReturnValue:
    """Sign out, in this browser; what it keeps of guests for the door goes too (what waits there to be sent is sent
    before, by `sign-out.js`)."""
    actions.sign_out()
    response = redirect(url_for("site.home"), 303)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@bp.route("/login/link", methods=["GET", "POST"])
@limiter.limit(ASK_FOR_LINK, methods=["POST"])
@open_to("everyone")
def login_link() -> ResponseReturnValue:
    """Ask for a link to sign in by."""
    return _mail_link(Purpose.SIGN_IN, "people/login_link.html")


@bp.route("/password/forgot", methods=["GET", "POST"])
@limiter.limit(ASK_FOR_LINK, methods=["POST"])
@open_to("everyone")
def forgot() -> ResponseReturnValue:
    """Ask for a link to choose a new password by."""
    return _mail_link(Purpose.RESET, "people/forgot.html")


def _mail_link(purpose: Purpose, template: str) -> ResponseReturnValue:
    """The answer, and the work for it, are the same whether the address is known or not."""
    form = LinkForm()
    if form.accepted(public=False):
        mail_link(form.email.data, purpose, now(), onward=form.next.data)
        db.session.commit()
        wrote_to(form.email.data)
        return redirect(url_for(".link_sent"), 303)
    return render_template(template, form=form), 422 if form.errors else 200


@bp.get("/login/sent")
@open_to("everyone")
def link_sent() -> str:
    """What to do after asking for a link."""
    return render_template("people/link_sent.html", address=address_typed())


@bp.route("/login/link/<token>", methods=["GET", "POST"])
@limiter.limit(USE_LINK)
@open_to("link")
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by a mailed link."""
    if queries.open_link(token, Purpose.SIGN_IN, now()) is None:
        return _over(url_for(".login_link"))
    if Form().accepted(public=False):
        person = actions.use_link(token, Purpose.SIGN_IN, now())
        _believe(person, Purpose.SIGN_IN)
        db.session.commit()
        actions.sign_in(person)
        return redirect(path_here(request.args.get("next")) or url_for(".me"), 303)
    return render_template("people/use_link.html")


@bp.route("/verify/<token>", methods=["GET", "POST"])
@limiter.limit(USE_LINK)
@open_to("link")
def verify(token: str) -> ResponseReturnValue:
    """Show that an address is one's own; what one joined for begins."""
    link = queries.open_link(token, Purpose.VERIFY, now())
    if link is None:
        return _over(url_for(".login_link"))
    if Form().accepted():
        person = actions.use_link(token, Purpose.VERIFY, now())
        _believe(person, Purpose.VERIFY)
        db.session.commit()
        actions.sign_in(person)
        flash("Thank you: your address is verified, and you are signed in.")
        return redirect(url_for(".me"), 303)
    return render_template("people/verify.html", person=link.person)


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@limiter.limit(USE_LINK)
@open_to("link")
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password by a mailed link."""
    if queries.open_link(token, Purpose.RESET, now()) is None:
        return _over(url_for(".forgot"))
    form = ResetForm()
    if request.method == "POST" and form.validate():
        password_hash = hash_password(form.password.data)  # slow, so before the transaction that writes
        begin_write(public=False)
        person = actions.use_link(token, Purpose.RESET, now())
        _believe(person, Purpose.RESET)
        actions.set_password(person, password_hash)
        tell_of_new_password(person, now())
        db.session.commit()
        actions.sign_in(person)
        flash("Your new password is set, and you are signed in.")
        return redirect(url_for(".me"), 303)
    return render_template("people/reset.html", form=form), 422 if form.errors else 200


def _believe(person: Person, purpose: Purpose) -> None:
    """The address is theirs and takes mail; if the former is news, what they applied for begins."""
    revive(person.email)
    if actions.verify(person, now(), by=purpose):
        period = begin(person, now())
        if period is not None:
            raise_for(period, now=now(), by=None)
        own_feed.standing_changed(person, now())


def _over(way_on: str) -> ResponseReturnValue:
    return render_template("people/link_over.html", way_on=way_on), 410

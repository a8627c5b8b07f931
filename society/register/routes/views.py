"""Views of the list that somebody keeps under a name."""

from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from society.db import db
from society.people.access import me, open_to
from society.register import actions
from society.register.forms import NameForm
from society.register.routes.blueprint import bp
from society.register.wanted import Wanted, wanted


def asked(query: str | None) -> Wanted:
    """What a part of an address after the question mark asks for."""
    return wanted(MultiDict(parse_qsl((query or "")[:5000])))


@bp.route("/organize/people/views", methods=["GET", "POST"])
@open_to("secretary")
def views() -> ResponseReturnValue:
    """Keep the present filters and columns under a name, or under a former name the new ones."""
    form = NameForm()
    if form.accepted(public=False):
        shown = asked(form.query.data)
        actions.keep_view(me(), form.name.data, urlencode(shown.args, doseq=True))
        db.session.commit()
        flash(f"Kept as “{form.name.data}”.")
        return redirect(url_for(".people", **shown.args), 303)
    return render_template("register/view.html", form=form), 422 if form.errors else 200


@bp.post("/organize/people/views/drop")
@open_to("secretary")
def drop_view() -> ResponseReturnValue:
    """Let go of one."""
    form = NameForm()
    if form.accepted(public=False):
        actions.drop_view(me(), form.name.data)
        db.session.commit()
        flash("The view is gone; nobody in it was changed.")
    return redirect(url_for(".people"), 303)

"""All that is kept on a person, to be read by them and taken along; and what they agreed to."""

import json

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.people.access import me, open_to
from society.people.models import Consent
from society.records.forms import WithdrawForm
from society.records.personal_data import kept_on
from society.records.routes.blueprint import bp
from society.times import now
from society.web import find


@bp.get("/me/data")
@open_to("person")
def data() -> str:
    """All that is kept on a person, to be read."""
    return render_template("records/data.html", kept=kept_on(me()))


@bp.get("/me/data.json")
@open_to("person")
def data_file() -> Response:
    """The same, to be taken along."""
    text = json.dumps(kept_on(me()), ensure_ascii=False, indent=2) + "\n"
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@bp.get("/me/consent")
@open_to("person")
def consent() -> str:
    """What they agreed to, when, in which words."""
    given = select(Consent).where(Consent.person_id == me().id).order_by(Consent.id.desc())
    return render_template("records/consent.html", given=db.session.scalars(given).all())


@bp.post("/me/consent")
@open_to("person")
def withdraw_consent() -> ResponseReturnValue:
    """Take back what they agreed to; that they had stays on record."""
    form = WithdrawForm()
    if form.accepted(public=False):
        which = Consent.id == form.consent_id.data, Consent.person_id == me().id, Consent.withdrawn_at.is_(None)
        own: Consent = find(select(Consent).where(*which))
        own.withdrawn_at = now()
        me().revision += 1
        db.session.commit()
        flash("Your consent is withdrawn.")
    return redirect(url_for(".consent"), 303)

"""What letters about renewing say: built in, or in the society's own words."""

from datetime import timedelta
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues.renewal_forms import WordingForm
from society.dues.renewals import HIDDEN, would_owe
from society.dues.routes.blueprint import bp
from society.dues.wording import BEFORE, FIELDS, LABELS, LAPSED, built_in, filled_in, values
from society.fields import on_one_line
from society.languages import name_of, tidy, why_not_beside
from society.mail.queries import own_wordings
from society.mail.wordings import Wording, elsewhere, ours, put, reset, said_in
from society.membership.models import Membership, Status
from society.people.access import me, open_to
from society.phrases import is_translated
from society.settings import society
from society.text import markdown
from society.times import now
from society.web import Form


@bp.get("/organize/renewals/wordings")
@open_to("secretary")
def wordings() -> str:
    """All of them, and which are the society's own."""
    found = own_wordings()
    own = {row.of: row for row in found if not row.language}
    rows = [(name, label, own.get(name) or built_in(name, ours())) for name, label in LABELS.items()]
    return render_template(
        "dues/wordings.html", rows=rows, own=own, elsewhere={name: elsewhere(name, found) for name in LABELS}
    )


@bp.route("/organize/renewals/wordings/<wording>", methods=["GET", "POST"])
@open_to("secretary")
def wording(wording: str) -> ResponseReturnValue:
    """One, in the main language or in `?language=de`: to read, to look at for a member, and to change."""
    name, language = _asked(wording)
    if wrong := language and why_not_beside(society().language, language):
        flash(wrong, "error")
        return redirect(url_for(".wording", wording=name), 303)
    rows = {row.language: row for row in own_wordings(name)}
    own, built = rows.get(language), built_in(name, ours())
    form = WordingForm(said_in(language, rows, partial(built_in, name))[0])
    if "preview" not in request.form and form.accepted(public=False):
        put(name, form.wording, built, by=me(), now=now(), language=language)
        db.session.commit()
        flash("Saved. Letters say it from now on.")
        return redirect(url_for(".wording", wording=name, language=language or None), 303)
    seen = _as_read(name, form.wording, language) if request.method == "GET" or form.validate() else None
    page = render_template(
        "dues/wording.html",
        name=name,
        label=LABELS[name],
        language=language,
        elsewhere=elsewhere(name, rows.values()),
        own=own,
        built_in=built,
        has_built_in=not language or is_translated(language),
        form=form,
        fields=FIELDS,
        seen=seen,
    )
    return page, 422 if form.errors else 200


def _as_read(name: str, wording: Wording, language: str) -> tuple[str, Markup] | None:
    """As whoever's membership ends last would read it; None where nobody's ends."""
    ending = Membership.status == Status.ACTIVE, Membership.ends_on.is_not(None)
    rows = select(Membership).where(*ending).options(joinedload(Membership.person), joinedload(Membership.tier))
    period = db.session.scalars(rows.order_by(Membership.ends_on.desc(), Membership.id.desc()).limit(1)).first()
    if period is None or period.ends_on is None:
        return None
    day = period.ends_on + timedelta(days=-30 if name == BEFORE else 1)
    owed = [] if name == LAPSED else would_owe(period, day)
    said = language or society().language
    letter = filled_in(name, wording, values(period, owed, day, HIDDEN, said), said)
    return letter.subject, markdown(letter.body)


@bp.post("/organize/renewals/wordings/<wording>/reset")
@open_to("secretary")
def reset_wording(wording: str) -> ResponseReturnValue:
    """Go back to the built-in one; or do without it in `?language=de`."""
    name, language = _asked(wording)
    if Form().accepted(public=False):
        reset(name, by=me(), now=now(), language=language)
        db.session.commit()
        flash("The built-in wording is back." if not language else f"{name_of(language)} is gone.")
    return redirect(url_for(".wording", wording=name), 303)


def _asked(name: str) -> tuple[str, str]:
    """Which, and in what further language."""
    return name if name in LABELS else abort(404), tidy(on_one_line(request.args.get("language")))

"""Making one person of two."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.db import db
from society.fields import on_one_line
from society.people.access import me, open_to
from society.people.models import Person
from society.records.answers import given_up
from society.records.forms import MergeForm
from society.records.merging import belongings, check, merge
from society.records.routes.blueprint import bp
from society.times import now


@bp.route("/organize/people/merge", methods=["GET", "POST"], endpoint="merge")
@open_to("secretary")
def merge_two() -> ResponseReturnValue:
    """Two people side by side: choose what stays of each, then make one of them."""
    keep, gone = _asked("keep"), _asked("gone")
    if keep is None or gone is None:
        missing = [name for name, found in (("keep", keep), ("gone", gone)) if found is None and request.args.get(name)]
        return render_template("records/choose.html", missing=missing), 422 if request.method == "POST" else 200
    check(keep, gone, me())
    form = MergeForm.about(keep, gone)
    if form.accepted():
        merge(keep, gone, form.chosen, form.revisions, by=me(), now=now())
        db.session.commit()
        flash("The two are one person now.")
        return redirect(url_for("register.person", person_id=keep.id), 303)
    both = [(person, belongings(person)) for person in (keep, gone)]
    lost = given_up(keep, gone, now())
    page = render_template("records/merge.html", form=form, keep=keep, gone=gone, both=both, lost=lost)
    return page, 422 if form.errors else 200


def _asked(name: str) -> Person | None:
    """Whom the address names, by number or by email."""
    text = on_one_line(request.args.get(name))[:254]
    if text.isascii() and text.isdigit():
        return db.session.get(Person, int(text)) if len(text) < 10 else None
    return db.session.scalars(select(Person).where(Person.email == text.lower())).one_or_none() if text else None

"""Making one person of two."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select

from society.db import db
from society.fields import on_one_line
from society.membership.queries import standing
from society.people.access import me, open_to
from society.people.models import Person
from society.records.answers import given_up
from society.records.forms import MergeForm
from society.records.merging import belongings, check, merge
from society.records.routes.blueprint import bp
from society.register.queries import found
from society.register.wanted import Wanted
from society.settings import society
from society.times import now, today_in

MOST = 20
"""Of one name, to choose from."""


@bp.route("/organize/people/merge", methods=["GET", "POST"], endpoint="merge")
@open_to("secretary")
def merge_two() -> ResponseReturnValue:
    """Two people side by side: choose what stays of each, then make one of them."""
    meant = _meant()
    if any(len(people) != 1 for people in meant.values()):
        page = render_template("records/choose.html", meant=meant, most=MOST)
        return page, 422 if request.method == "POST" else 200
    keep, gone = (people[0] for people in meant.values())
    check(keep, gone, me())
    form = MergeForm.about(keep, gone)
    if form.accepted():
        merge(keep, gone, form.chosen, form.revisions, by=me(), now=now())
        db.session.commit()
        flash("The two are one person now.")
        return redirect(url_for("register.person", person_id=keep.id), 303)
    both = [(person, belongings(person)) for person in (keep, gone)]
    members = [standing(person, _today()) for person in (keep, gone)]
    shown = {"both": both, "members": members, "lost": given_up(keep, gone, now())}
    page = render_template("records/merge.html", form=form, keep=keep, gone=gone, **shown)
    return page, 422 if form.errors else 200


def _meant() -> dict[str, Sequence[Person]]:
    """Whom each of the two names; who is one of them already is not offered as the other, too."""
    keep, gone = _asked("keep"), _asked("gone")
    return {"keep": _without(gone, keep), "gone": _without(keep, gone)}


def _without(other: Sequence[Person], people: Sequence[Person]) -> Sequence[Person]:
    return [one for one in people if one not in other] if len(other) == 1 < len(people) else people


def _asked(name: str) -> Sequence[Person]:
    """Whom the address names: by number, by mail address, or by what the register's search finds."""
    text = on_one_line(request.args.get(name))[:254]
    if text.isascii() and text.isdigit():
        return _people(Person.id == int(text)) if len(text) < 10 else []
    by_words = found(Wanted(q=text), _today())
    return (_people(Person.email == text.lower()) or _people(Person.id.in_(by_words))) if text else []


def _today() -> date:
    return today_in(society().zone, now())


def _people(condition: ColumnElement[bool]) -> Sequence[Person]:
    return db.session.scalars(select(Person).where(condition).order_by(Person.folded_name, Person.id).limit(MOST)).all()

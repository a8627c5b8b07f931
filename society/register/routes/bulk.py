"""One act on many people: a look at what it comes to, the act itself, and the way back."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from werkzeug.datastructures import MultiDict

from society.db import begin_write, db
from society.fields import Whole, on_one_line
from society.people.access import me, open_to
from society.people.models import Person
from society.register import bulk, changes, invoicing, queries
from society.register.bulk import Act, Plan
from society.register.models import ChangeSet
from society.register.routes.blueprint import bp, today
from society.register.wanted import wanted
from society.rsvps import feed
from society.text import counted
from society.times import now
from society.web import Form, find

SHOWN = 50
"""Names on the page that tells what an act comes to, and change sets on their list."""
BATCH = 2_000


class BulkForm(Form):
    """The word to go on, for as many as the page has told."""

    expected = Whole("How many", least=0, most=10**9)


@bp.route("/organize/people/bulk", methods=["GET", "POST"])
@open_to("secretary")
def bulk_act() -> ResponseReturnValue:
    """What an act on those ticked, or on everyone found, comes to; posting the same does it."""
    act, tag, people = _asked(request.args)
    if act is None or people is None or (not tag and act in (Act.TAG, Act.UNTAG)):
        flash(_problem(act, people), "warning")
        return redirect(url_for(".people", **wanted(request.args).args), 303)
    form = BulkForm()
    if form.accepted(public=False):
        told = bulk.plan(people, act, tag, today())
        if form.expected.data == len(told.doing):
            return _done(told)
        db.session.rollback()  # the register has changed since the page was shown: show it again
        flash("The register has changed meanwhile. Please look at this again.", "warning")
    told = bulk.plan(people, act, tag, today())
    back = url_for(".people", **wanted(request.args).args)
    page = render_template("register/bulk.html", plan=told, form=form, shown=SHOWN, back=back)
    return page, 409 if request.method == "POST" else 200


def _asked(args: MultiDict[str, str]) -> tuple[Act | None, str, Select[int] | None]:
    """The act, the tag it is about, and whom: those ticked, or all that the list's filters find."""
    word = args.get("act", "")
    act = Act(word) if word in set(Act) else None
    return act, on_one_line(args.get("name"))[:60], _whom(args)


def _whom(args: MultiDict[str, str]) -> Select[int] | None:
    if args.get("all"):
        asked = wanted(args)
        return queries.found(asked, asked.on or today())
    ticked = [int(number) for number in args.getlist("person")[:BATCH] if re.fullmatch("[0-9]{1,9}", number)]
    return select(Person.id).where(Person.id.in_(ticked)) if ticked else None


def _problem(act: Act | None, people: Select[int] | None) -> str:
    if act is None:
        return "Please choose what to do."
    return "Please tick somebody, or choose everyone who is found." if people is None else "Please name the tag."


def _done(told: Plan) -> ResponseReturnValue:
    change_set = bulk.carry_out(told, now=now(), by=me())
    feed.standings_changed(changes.members_in(change_set), now())
    db.session.commit()
    flash(f"Done: {change_set.what}.")
    return redirect(url_for(".change", change_set_id=change_set.id), 303)


@bp.get("/organize/people/changes")
@open_to("secretary")
def change_sets() -> str:
    """What was imported, and done to many at once, latest first."""
    rows = select(ChangeSet).order_by(ChangeSet.id.desc()).limit(SHOWN)
    return render_template("register/changes.html", change_sets=db.session.scalars(rows).all())


@bp.get("/organize/people/changes/<int:change_set_id>")
@open_to("secretary")
def change(change_set_id: int) -> str:
    """What one act did, and a way back."""
    change_set = _change_set(change_set_id)
    periods = [] if change_set.undone_at else invoicing.not_invoiced(change_set, today())
    return render_template("register/change.html", change_set=change_set, periods=periods)


@bp.route("/organize/people/changes/<int:change_set_id>/invoices", methods=["GET", "POST"])
@open_to("secretary")
def write_invoices(change_set_id: int) -> ResponseReturnValue:
    """What asking for the dues of the periods that were added comes to; posting the same does it."""
    form = BulkForm()
    accepted = form.accepted(public=False)
    change_set = _change_set(change_set_id)
    periods = invoicing.not_invoiced(change_set, today())
    if accepted and form.expected.data == len(periods):
        number = invoicing.write_invoices(change_set, periods, now=now(), by=me())
        db.session.commit()
        flash(f"{counted(number, 'invoice')} written and sent.")
        return redirect(url_for(".change", change_set_id=change_set_id), 303)
    page = render_template(
        "register/invoices.html",
        change_set=change_set,
        periods=periods,
        sums=invoicing.sums(periods),
        shown=SHOWN,
        at_once=invoicing.MOST_AT_ONCE,
    )
    return page, 409 if accepted else 200


@bp.post("/organize/people/changes/<int:change_set_id>/undo")
@open_to("secretary")
def undo_change(change_set_id: int) -> ResponseReturnValue:
    """Put the register back as it was, while nothing else has touched what the act did."""
    _change_set(change_set_id)
    begin_write()
    change_set = _change_set(change_set_id)
    members = db.session.scalars(changes.members_in(change_set)).all()
    changes.undo(change_set, by=me(), now=now())
    for first in range(0, len(members), BATCH):
        feed.standings_changed(select(Person.id).where(Person.id.in_(members[first : first + BATCH])), now())
    db.session.commit()
    flash("Undone: the register is as it was before.")
    return redirect(url_for(".change", change_set_id=change_set_id), 303)


def _change_set(change_set_id: int) -> ChangeSet:
    found: ChangeSet = find(select(ChangeSet).where(ChangeSet.id == change_set_id))
    return found

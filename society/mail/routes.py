"""Pages of mail: leaving lists, choosing them, and the outbox."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.limits import TEST_MAIL, limiter
from society.mail import actions, queries
from society.mail.acts import acted
from society.mail.conversation import try_out
from society.mail.forms import Button, DomainForm, ListsForm, TrialForm
from society.mail.links import opened
from society.mail.lookups import Lookups
from society.mail.models import DeadAddress, Letter, LetterState, MailingList
from society.mail.published import judged
from society.people.access import me, open_to
from society.people.models import Person, Rhythm
from society.people.queries import person_by_email
from society.text import counted, listed
from society.times import now
from society.web import find, number_asked

bp = Blueprint("mail", __name__, cli_group="mail")

PAGE = 50
NOTHING_TO_RETRY = "There is nothing that could be tried again."


@bp.route("/unsubscribe/<token>", methods=["GET", "POST"])
@open_to("link")
def unsubscribe(token: str) -> ResponseReturnValue:
    """Leave a list by its link, or choose among all of them. Nothing is done by looking (mail scanners do).

    A mail program's one-click POST (RFC 8058) gets no redirect: few would follow it.
    """
    person, mailing_list = opened(token) or abort(404, "This link opens nothing here, or no longer does.")
    if request.form.get("action") == "choose":
        return _choosing(person, mailing_list, token)
    if Button().accepted(public=False):
        if request.form.get("action") == "come-back":
            actions.come_back(person, mailing_list)
        else:
            actions.leave(person, mailing_list, now())
        acted(person, number_asked("notice"), now())
        db.session.commit()
        if "List-Unsubscribe" in request.form:
            return Response(f"You have left the list for {mailing_list.about}.\n", content_type="text/plain")
        return redirect(url_for(".unsubscribe", token=token), 303)
    return _by_link(person, mailing_list, ListsForm(person, queries.left_lists(person)))


def _choosing(person: Person, mailing_list: MailingList, token: str) -> ResponseReturnValue:
    form = ListsForm(person, queries.left_lists(person))
    if _chosen(person, form):
        return redirect(url_for(".unsubscribe", token=token), 303)
    return _by_link(person, mailing_list, form), 422


def _by_link(person: Person, mailing_list: MailingList, form: ListsForm) -> str:
    left = not queries.wants(person, mailing_list)
    return render_template("mail/unsubscribe.html", person=person, mailing_list=mailing_list, left=left, form=form)


def _chosen(person: Person, form: ListsForm) -> bool:
    """Whether something was posted that holds, and is saved."""
    if not form.accepted(public=False):
        return False
    actions.choose(person, form.wanted(), now())
    actions.choose_paper(person, form.on_paper)
    actions.choose_language(person, form.language.data or "")
    actions.choose_rhythm(person, Rhythm(form.rhythm.data), now())
    acted(person, number_asked("notice"), now())
    db.session.commit()
    flash("Saved.")
    return True


@bp.route("/me/notices", methods=["GET", "POST"])
@open_to("person")
def preferences() -> ResponseReturnValue:
    """Choose which lists to be on, how often they come and in which language, and whether by mail or by letter."""
    form = ListsForm(me(), queries.left_lists(me()))
    if _chosen(me(), form):
        return redirect(url_for(".preferences"), 303)
    dead = me().email is not None and queries.is_dead(str(me().email))
    return render_template("mail/preferences.html", form=form, dead=dead), 422 if form.errors else 200


@bp.get("/organize/outbox")
@open_to("staff")
def outbox() -> str:
    """What is queued, sent and refused; where it goes; which addresses are dead."""
    asked = request.args.get("state", "")
    state = LetterState(asked) if asked in list(LetterState) else None
    before = number_asked("before")
    rows = queries.letters((state,) if state else ())
    rows = rows.where(Letter.id < before) if before else rows
    found = db.session.scalars(rows.limit(PAGE + 1)).all()
    return render_template(
        "mail/outbox.html",
        letters=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        state=state,
        states=queries.standing(),
        unknown=db.session.scalar(select(Letter.id).where(Letter.may_have_arrived).limit(1)),
        dead=db.session.scalars(queries.dead_addresses()).all(),
        folder=queries.outbox_folder(),
        sender=queries.sender(),
    )


@bp.get("/organize/outbox/test")
@open_to("staff")
def trial() -> ResponseReturnValue:
    """Whether our mail arrives: what is published about our domain, and for an admin a letter to try it with."""
    return _trial_page(_unsent(TrialForm(email=me().email)), _unsent(DomainForm()))


@bp.post("/organize/outbox/test")
@limiter.limit(TEST_MAIL)
@open_to("admin")
def try_it() -> ResponseReturnValue:
    """Send a test letter at once, and show what we and the mail server said to each other."""
    form = TrialForm(email=me().email)
    held = try_out(form.email.data) if form.accepted(public=False) else None
    return _trial_page(form, _unsent(DomainForm()), held=held)


@bp.post("/organize/outbox/domain")
@limiter.limit(TEST_MAIL)
@open_to("staff")
def domain() -> ResponseReturnValue:
    """Look up what is published about the domain that our letters come from: public already, so for all who write."""
    form = DomainForm()
    if not form.validate():
        return _trial_page(_unsent(TrialForm(email=me().email)), form)
    setting = queries.published_as(form.selector.data or "")
    email = me().email
    db.session.rollback()  # nothing is held open while the DNS is asked
    verdicts = judged(setting, Lookups()) if setting else None
    return _trial_page(_unsent(TrialForm(email=email)), form, verdicts=verdicts, asked=True)


def _unsent(form: Any) -> Any:
    """The other form of the page, as it is before anything is typed."""
    form.process(email=me().email)
    return form


def _trial_page(form: TrialForm, about: DomainForm, **found: Any) -> ResponseReturnValue:
    answer = 422 if form.errors or about.errors else 200
    given = {"held": None, "verdicts": None, "asked": False} | found
    folder, sender = queries.outbox_folder(), queries.sender()
    return render_template("mail/trial.html", form=form, about=about, folder=folder, sender=sender, **given), answer


@bp.post("/organize/outbox/retry")
@open_to("staff")
def retry() -> ResponseReturnValue:
    """Offer the refused letters to the mail server again, or one of them, whatever is known of it."""
    if Button().accepted(public=False):
        one = number_asked("letter")
        old, may_have_arrived = (bool(one) or name in request.args for name in ("old", "open"))
        retried = actions.retry_refused(now(), by=me(), old_too=old, open_too=may_have_arrived, only=one)
        db.session.commit()
        flash(_retried(retried))
    return redirect(url_for(".outbox"), 303)


def _retried(retried: actions.Retried) -> str:
    left = (
        (retried.old, f"that should have left more than {actions.OLD.days} days ago"),
        (retried.over, "about something that is over"),
        (retried.open, "that went out twice without a word from the mail server and may have arrived"),
    )
    named = listed([f"{counted(number, 'letter')} {which}" for number, which in left if number])
    done = f"{counted(retried.again, 'letter')} queued again." if retried.again else ""
    return " ".join(filter(None, [done, named and f"Left alone: {named}."])) or NOTHING_TO_RETRY


@bp.post("/organize/outbox/dead/<int:dead_id>/lift")
@open_to("staff")
def lift(dead_id: int) -> ResponseReturnValue:
    """Write to an address again that was refused for good."""
    if Button().accepted(public=False):
        dead = find(select(DeadAddress).where(DeadAddress.id == dead_id))
        told = {"address": dead.address, "answer": dead.answer}
        record("dead address lifted", person_by_email(dead.address) or dead, by=me(), now=now(), before=told)
        actions.lift(dead)
        db.session.commit()
        flash(f"{dead.address} is written to again.")
    person_id = number_asked("person")
    return redirect(url_for("register.person", person_id=person_id) if person_id else url_for(".outbox"), 303)

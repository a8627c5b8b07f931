"""Asking organizations to back an event, and the page behind the mailed link."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from society.backings import actions, queries, render
from society.backings.evenings import Evening, along, as_far, by_the_same_word, of_its_series
from society.backings.forms import CHANGED, Act, ActForm, AskForm, ContactForm, Decision, DecisionForm
from society.backings.versions import mark, moved_on, outdated, version, wording_with
from society.db import begin_write, db
from society.errors import Refused
from society.events.models import Backing, BackingRole, BackingState, Event
from society.events.queries import loaded, numbered
from society.limits import ASK_BACKERS, GUEST_RSVP, limiter
from society.mail.queries import dead_among
from society.notices.actions import alter
from society.notices.effects import ConfirmForm, mark_beside, page, tried
from society.organizations.actions import named, taken_as
from society.organizations.models import Organization
from society.people.access import me, open_to
from society.people.models import RoleName
from society.series.queries import Scope, beside, hold_with_others
from society.series.queries import others as series_others
from society.sqlite import Busy
from society.times import now
from society.tokens import number_in, opens
from society.web import find, private

bp = Blueprint("backings", __name__)
bp.add_app_template_filter(render.verb, "backing_verb")


@bp.route("/organize/events/<int:event_id>/backings", methods=["GET", "POST"])
@open_to("event")
@limiter.limit(ASK_BACKERS, methods=["POST"])
def manage(event_id: int) -> ResponseReturnValue:
    """Who backs an event, who was asked, and the form that asks another."""
    event = _event(event_id)
    everywhere = me().has_role(RoleName.ORGANIZER)
    form = AskForm(in_series=event.series_id is not None and everywhere, everywhere=everywhere)
    if form.accepted():
        scope = Scope(form.reach.data) if form.reach else Scope.THIS
        hold_with_others(event, scope)
        organization = _organization(form)
        contact = (form.contact_name.data or "", form.contact_email.data)
        role = BackingRole(form.role.data)
        said = {"level": form.level.data or "", "message": form.message.data or ""}
        others = series_others(event, scope, now())
        actions.ask(event, organization, role, contact=contact, others=others, by=me(), now=now(), **said)
        db.session.commit()
        flash(f"Asked: {organization.name}. It is shown once they have said yes.")
        for sentence in taken_as(filter(None, [form.new_organization.data])):
            flash(sentence, "info")
        return redirect(url_for(".manage", event_id=event.id), 303)
    return _page(event, form)


def _page(event: Event, form: AskForm) -> ResponseReturnValue:
    current, others = {backing.id for backing in outdated(event)}, _others(event)
    shown = render_template(
        "backings/manage.html",
        event=event,
        form=form,
        along={backing.id: len(along(event, backing, others)) for backing in event.backings},
        steps=queries.history(event.backings),
        outdated=current,
        dead=dead_among([backing.contact_email for backing in event.backings if backing.contact_email]),
        states=render.STATES,
        tones=render.TONES,
        words=render.WORDS,
        gone=event.gone(now()),
        **(beside(event, now()) if form.reach else {}),
    )
    return shown, 422 if form.errors else 200


def _organization(form: AskForm) -> Organization:
    if form.new_organization.data:
        return named(form.new_organization.data, now())
    return db.session.get_one(Organization, form.organization.data)


@bp.post("/organize/events/<int:event_id>/backings/<int:backing_id>")
@open_to("event")
def act(event_id: int, backing_id: int) -> ResponseReturnValue:
    """Remind, vouch, take back, set in order, say how large a sponsor.

    Where that changes who is named of an announced event, or in which order, it is shown first what it will do.
    """
    event = _event(event_id)
    backing = _backing_of(event, backing_id)
    form = ActForm()
    if not form.accepted():
        raise Refused("Please use one of the buttons.")
    wanted, back = Act(form.act.data), url_for(".manage", event_id=event.id)
    hold_with_others(event, Scope.ALL if wanted is Act.REMIND else Scope.THIS)
    done = partial(_act, event, backing, wanted, form.level.data or "")
    changes, touches = tried(event, done) if wanted is not Act.REMIND else ([], [])
    telling, mark = ConfirmForm(tell="no"), mark_beside(event, changes, wanted, str(backing.id))
    if changes and event.published_at and not telling.agrees_to(mark):
        db.session.rollback()
        about: dict[str, Any] = {
            "remarks": _about(backing, wanted),
            "label": LABELS[wanted],
            "mark": mark,
            "back": back,
        }
        return page(event, changes, touches, telling, **about)
    if changes:
        alter(event, done, by=me(), now=now(), note=telling.message.data or "", tell=telling.wanted)
    else:
        done()
    db.session.commit()
    flash(_said(event, wanted, bool(changes)))
    return redirect(back, 303)


@bp.route("/organize/events/<int:event_id>/backings/<int:backing_id>/contact", methods=["GET", "POST"])
@open_to("event")
@limiter.limit(ASK_BACKERS, methods=["POST"])
def contact(event_id: int, backing_id: int) -> ResponseReturnValue:
    """Who answers from now on for a word that was given, where its contact has left or has another address."""
    event = _event(event_id)
    backing = _backing_of(event, backing_id)
    if request.method != "POST" and (event.gone(now()) or not backing.given):
        return redirect(url_for(".manage", event_id=event.id), 303)
    with_it = by_the_same_word(backing, _others(event))
    form = ContactForm(backing, in_series=bool(with_it))
    if form.accepted():
        scope = Scope(form.reach.data) if form.reach else Scope.THIS
        hold_with_others(event, scope)
        others = series_others(event, scope, now())
        actions.hand_over(event, backing, form.contact, others=others, by=me(), now=now())
        db.session.commit()
        name, address = form.contact
        flash(f"Written to {f'{name} ({address})' if name else address}. The link of the contact before opens no more.")
        return redirect(url_for(".manage", event_id=event.id), 303)
    more: dict[str, Any] = {**beside(event, now())} if form.reach else {}
    more["outdated"] = backing in outdated(event)
    shown = render_template("backings/contact.html", event=event, backing=backing, form=form, **more)
    return shown, 422 if form.errors else 200


def _backing_of(event: Event, number: int) -> Backing:
    backing = next((b for b in event.backings if b.id == number), None)
    return backing or abort(404)


LABELS = {
    Act.VOUCH: "Name them",
    Act.TAKE_BACK: "Name them no more",
    Act.UP: "Name them earlier",
    Act.DOWN: "Name them later",
}
"""What of an announced event is shown first, and the button that does it."""


def _about(backing: Backing, wanted: Act) -> list[str]:
    if wanted is not Act.TAKE_BACK or not backing.contact_email:
        return []
    name = backing.contact_name or backing.contact_email
    return [f"{name} ({backing.organization.name}) is not written to by this. The link to their answer opens no more."]


def _said(event: Event, wanted: Act, named: bool) -> str:
    """What became of it, where no page has told before."""
    if wanted is Act.REMIND:
        return "Written to them again."
    if named or event.published_at is None:
        return "Saved."
    if wanted is Act.LEVEL:
        return "Saved. The event’s page alone shows the level: no calendar changes, and nobody is written to."
    return "Saved. Who is named, and in which order, stays as it was: no calendar changes, and nobody is written to."


def _act(event: Event, backing: Backing, wanted: Act, level: str) -> None:
    match wanted:
        case Act.REMIND:
            actions.remind(event, backing, others=_others(event), by=me(), now=now())
        case Act.VOUCH:
            actions.vouch(event, backing, by=me(), now=now())
        case Act.TAKE_BACK:
            actions.take_back(event, backing, by=me(), now=now())
        case Act.UP | Act.DOWN:
            actions.move(event, backing, down=wanted is Act.DOWN, now=now())
        case Act.LEVEL:
            actions.set_level(event, backing, level, by=me(), now=now())


@bp.route("/backings/<token>", methods=["GET", "POST"])
@open_to("link")
@limiter.limit(GUEST_RSVP, methods=["POST"])
def by_link(token: str) -> ResponseReturnValue:
    """An organization's contact reads the event and the wording, and gives or takes back its word.

    Looking answers nothing, since mail scanners look too.
    """
    backing = _opened(token)
    event = _event(backing.event_id)
    every = as_far(backing, of_its_series(event, now()))
    others = along(event, backing, [other for other, _ in every])
    form, refused = DecisionForm((event, backing), others), False
    if form.accepted():
        try:
            _answer(token, event, form)
            return private(redirect(url_for(".by_link", token=token), 303))
        except Refused as why:  # the page as it is by now says more than that alone
            db.session.rollback()
            form.form_errors, refused = [str(why)], True
            every = as_far(backing, of_its_series(event, now()))
            others = along(event, backing, [other for other, _ in every])
    shown = render_template(
        "backings/by_link.html",
        backing=backing,
        event=event,
        form=form,
        seen=mark((event, backing), *others),
        others=[(other, render.link(theirs)) for other, theirs in others],
        apart=[(other, render.link(theirs)) for other, theirs in every if (other, theirs) not in others],
        wording=wording_with(event, backing),
        changes=moved_on(backing.agreed, version(event, backing)) if backing.agreed else [],
        over=event.over(now()),
        last_yes=queries.last_yes(backing) if backing.given else None,
        asked=backing.state in (BackingState.PROPOSED, BackingState.DECLINED, BackingState.WITHDRAWN),
    )
    _keep_what_was_shown([(event, backing), *others])
    return private((shown, 409 if refused else 422 if form.errors else 200))


def _answer(token: str, event: Event, form: DecisionForm) -> None:
    """Take it, if it is given to what still stands so."""
    hold_with_others(event, Scope.ALL if form.for_all else Scope.THIS)
    backing = _opened(token)  # whoever held it until now may have let the link die
    others = along(event, backing, of_its_series(event, now()))
    if form.is_for_another((event, backing), others):
        raise Refused(CHANGED)
    _decide(event, backing, form, others if form.for_all else [])
    db.session.commit()


def _keep_what_was_shown(evenings: Sequence[Evening]) -> None:
    """For the answer of a script, which does not say what it has read; mostly that is what the letter told. Where
    others write for long, the page is shown all the same."""
    marks = {backing.id: mark((event, backing)) for event, backing in evenings}
    news = [
        {"id": backing.id, "shown": marks[backing.id]} for _, backing in evenings if backing.shown != marks[backing.id]
    ]
    if news and request.method != "HEAD":
        try:
            begin_write(public=False, wait=False)
            db.session.execute(update(Backing), news)
            db.session.commit()
        except (Busy, SQLAlchemyError):
            db.session.rollback()


def _decide(event: Event, backing: Backing, form: DecisionForm, with_it: Sequence[Evening]) -> None:
    name = form["name"].data or backing.contact_name or backing.contact_email
    title = form.title.data or ""
    match Decision(form.decision.data):
        case Decision.CONFIRM:
            actions.confirm(event, backing, name, title, now(), with_it)
        case Decision.DECLINE:
            actions.decline(event, backing, name, title, now(), with_it)
        case Decision.WITHDRAW:
            actions.withdraw(event, backing, name, title, now(), with_it)


def _opened(token: str) -> Backing:
    number = number_in(token)
    backing = db.session.get(Backing, number) if number else None
    if backing is None or not backing.contact_email or not opens(token, render.PURPOSE, backing.id, backing.link_key):
        abort(404)
    return backing


def _others(event: Event) -> Sequence[Event]:
    """The evenings of its series about which the same letter may ask: whoever organizes this one alone asks of it."""
    return of_its_series(event, now()) if me().has_role(RoleName.ORGANIZER) else []


def _event(event_id: int) -> Event:
    event: Event = find(loaded(numbered(event_id)))
    return event

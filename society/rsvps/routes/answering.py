"""Answering an event, the page behind the mailed link, and a person's own answers."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from society.agenda.queries import giving_seats
from society.db import db, let_go_at_commit
from society.errors import Refused
from society.events.models import Event
from society.limits import GUEST_RSVP, limiter
from society.mail.acts import acted
from society.material.models import Material
from society.material.queries import seen_by_guest
from society.people.access import me, open_to, said_to_be, visitor
from society.people.models import Person
from society.questions import queries as questions
from society.questions.models import AnswerFile, QuestionAnswer
from society.questions.render import as_download
from society.rsvps import actions, queries, render
from society.rsvps.asked import (
    can_correct,
    can_take_back,
    correct,
    keep_said,
    keep_said_by_guest,
    sent_with,
    take_back,
    tells_guests,
)
from society.rsvps.behind import behind
from society.rsvps.coming_free import as_member
from society.rsvps.forms import AnswerForm, LinkAction, LinkForm, form_for, link_form
from society.rsvps.kept_out import way_out
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.routes import bp
from society.rsvps.session_seats import held_by
from society.rsvps.waiting import offered_at, place_in_queue
from society.times import now
from society.web import find, number_asked, private

PAST_SHOWN = 30
LAST_PAGE = 1_000

_turns = [threading.Lock() for _ in range(64)]
"""A process works on one answer to an event at a time: all wait for its row, and whoever has that would otherwise share
the interpreter with those who cannot have it yet. On PostgreSQL 2,000 at once take three quarters of the time."""


@bp.get("/events/<slug>/rsvp")
@open_to("everyone")
def form(slug: str) -> str:
    """The form by itself, as it stands after an answer that did not hold and its page was loaded again."""
    person = visitor()
    card = queries.card(_event(slug, person)[0], person, now())
    return render_template("rsvps/answer.html", card=card, form=form_for(card.event, person, card.mine))


@bp.post("/events/<slug>/rsvp")
@open_to("everyone")
def answer(slug: str) -> ResponseReturnValue:
    """Answer an event: at once when signed in, else by the link in the letter that follows."""
    request.get_data(parse_form_data=True)  # a slow client keeps nobody else waiting
    with ExitStack() as turn:
        turn.enter_context(_turns[hash(slug) % len(_turns)])
        let_go_at_commit(turn.close)
        queries.at_ahead(slug, said_to_be())
        person = visitor()
        event, mine = _event(slug, person)
        given = form_for(event, person, mine)
        try:
            return _answered(event, person, mine, given) if person else _asked(event, given)
        except Refused as why:
            _taken_back(given, why)
            return _again(event, person, given)[0], 409


def _answered(event: Event, person: Person, mine: Rsvp | None, given: AnswerForm) -> ResponseReturnValue:
    before = (mine.status, mine.party_size, mine.online) if mine else None
    if not given.accepted(keep=True):  # `reply` reads the event and the answer under the lock
        return _again(event, person, given)
    note = given.note.data if given.note.raw_data else None
    size, online = given.party_size.data, given.joins.online
    told = tells_guests(given.said, given)
    rsvp = actions.reply(
        event, person, given.said, party_size=size, online=online, note=note, at=now(), guests_told=told
    )
    keep_said(rsvp, given.said, given, now())
    acted(person, number_asked("notice"), now())
    sentence = render.said(rsvp, told=before != (rsvp.status, rsvp.party_size, rsvp.online))
    db.session.commit()
    flash(sentence)
    return redirect(url_for("events.show", slug=event.slug) + "#rsvp", 303)


@limiter.limit(GUEST_RSVP)
def _asked(event: Event, given: AnswerForm) -> ResponseReturnValue:
    if not given.accepted():
        return _again(event, None, given)
    name, email = given["name"].data, given["email"].data
    size, named = given.party_size.data or 1, number_asked("notice")
    online = bool(given.joins.online)
    actions.ask_guest(event, name, email, given.said, size, given.note.data, now(), named, online=online)
    keep_said_by_guest(event, email, given.said, given, now())
    db.session.commit()
    return redirect(url_for(".sent", slug=event.slug), 303)


def _again(event: Event, person: Person | None, given: AnswerForm) -> tuple[str, int]:
    """As it was typed, as long as it can be answered."""
    card = queries.card(event, person, now())
    return render_template("rsvps/answer.html", card=card, form=given), 422


def _taken_back(given: AnswerForm | LinkForm, why: Refused) -> None:
    """Say why beside what was typed. What it asks is read together anew: the rollback has let go of each question."""
    db.session.rollback()
    if given.asked:
        db.session.scalars(questions.all_of(given.event)).all()
    given.form_errors = [str(why)]


@bp.get("/events/<slug>/rsvp/sent")
@open_to("everyone")
def sent(slug: str) -> str:
    """Where a guest reads on: the same for every address."""
    return render_template("rsvps/sent.html", event=_event(slug, visitor())[0])


@bp.route("/rsvps/<token>", methods=["GET", "POST"])
@open_to("link")
def by_link(token: str) -> Response:
    """One answer by its mailed link. Looking changes nothing, since mail scanners look too."""
    rsvp = opened(token)
    given, refused = link_form(rsvp), False
    if given.accepted():
        try:
            _act(rsvp, given)
            acted(rsvp.person, number_asked("notice"), now())
            db.session.commit()
            return private(redirect(url_for(".by_link", token=token), 303))
        except Refused as why:
            refused, given = True, _shown_again(rsvp, given, why)
    closed = queries.why_closed(rsvp.event, now())
    page = render_template(
        "rsvps/by_link.html",
        rsvp=rsvp,
        token=token,
        form=given,
        place=place_in_queue(rsvp),
        out=way_out(rsvp),
        closed=closed,
        too_many=_too_many(rsvp),
        barred=None if closed else queries.why_barred(rsvp.event, rsvp.person, rsvp, now()),
        morning=offered_at(rsvp.event, now()),
        begun=rsvp.event.begun(now()),
        now=now(),
        materials=_left_for(rsvp),
        **_sessions_of(rsvp),
        pays=as_member(rsvp.event, rsvp.person, now()),
        corrects=can_correct(rsvp, now()),
        can_take_back=can_take_back,
        **_told(rsvp),
        steps=db.session.scalars(queries.history(rsvp)).all(),
    )
    return private(make_response(page, 409 if refused else 422 if given.errors else 200))


def _shown_again(rsvp: Rsvp, given: LinkForm, why: Refused) -> LinkForm:
    """The form with what was typed; after a button that sends nothing of it, with what they said before."""
    if not given.party_size:
        db.session.rollback()
        given = link_form(rsvp)
        given.process(None, rsvp)
    _taken_back(given, why)
    return given


def _told(rsvp: Rsvp) -> dict[str, Any]:
    """What they said of themselves and of whom they bring, apart from it what they agreed to."""
    every = db.session.scalars(questions.agreements([rsvp.id])).all()
    agreed = [one for one in every if one.guest < rsvp.party_size or one.withdrawn_at]
    consents = {(one.question_id, one.guest) for one in agreed}
    rows = db.session.scalars(questions.said([rsvp.id]).options(contains_eager(QuestionAnswer.question)))
    said = [row for row in rows if row.guest < rsvp.party_size and (row.question_id, row.guest) not in consents]
    return {"said": said, "agreed": agreed}


def _sessions_of(rsvp: Rsvp) -> dict[str, Any]:
    """Whether sessions give out seats of their own, and those that the party has or waits for."""
    limited = db.session.scalars(giving_seats(rsvp.event)).all() if rsvp.event.has_agenda else []
    return {"limited": limited, "chosen": held_by(rsvp) if limited else []}


@bp.get("/rsvps/<token>/files/<int:answer_id>")
@open_to("link")
def sent_file(token: str, answer_id: int) -> Response:
    """A file that was sent as an answer, for whoever has the link to that."""
    answer: QuestionAnswer = find(sent_with(opened(token).id).where(QuestionAnswer.id == answer_id))
    file: AnswerFile = find(select(AnswerFile).where(AnswerFile.answer_id == answer.id))
    return private(as_download(file, answer.text))


def _left_for(rsvp: Rsvp) -> Sequence[Material]:
    """What stays of the event for who came, and may have no account."""
    came = rsvp.event.has_material and rsvp.checked_in_at
    return db.session.scalars(seen_by_guest(rsvp)).all() if came else []


def _too_many(rsvp: Rsvp) -> str | None:
    """Why what waits to be confirmed cannot be any more, though it could when it was asked for."""
    open_yes = rsvp.status is RsvpStatus.UNCONFIRMED and rsvp.answer is not Answer.NO
    return queries.too_many(rsvp.event, rsvp.party_size, rsvp, online=rsvp.online) if open_yes else None


def _act(rsvp: Rsvp, given: LinkForm) -> None:
    match LinkAction(given.action.data):
        case LinkAction.CONFIRM:
            actions.confirm(rsvp, now())
        case LinkAction.WITHDRAW:
            actions.withdraw(rsvp, now())
        case LinkAction.CHANGE:
            actions.prove_address(rsvp)
            size, online = given.party_size.data, given.joins.online
            told = tells_guests(given.said, given)
            actions.reply(
                rsvp.event, rsvp.person, given.said, party_size=size, online=online, at=now(), guests_told=told
            )
            keep_said(rsvp, given.said, given, now())
        case LinkAction.SAY:
            correct(rsvp, given, now())
            flash("Saved. Your answer itself is as it was.")
        case LinkAction.TAKE_BACK:
            take_back(rsvp, number_asked("agreement"), number_asked("file"), now())
            flash("Taken back.")


def opened(token: str) -> Rsvp:
    return behind(token) or abort(404)


def _event(slug: str, person: Person | None) -> tuple[Event, Rsvp | None]:
    return queries.at(slug, person) or abort(404)


@bp.get("/me/rsvps")
@open_to("person")
def mine() -> str:
    """A person's own answers: those to what is to come, and page by page those to what is over."""
    person, moment = me(), now()
    page = min(max(request.args.get("page", 1, int), 1), LAST_PAGE)
    past = queries.gone(person, moment).limit(PAST_SHOWN + 1).offset((page - 1) * PAST_SHOWN)
    gone = db.session.execute(past).all()
    return render_template(
        "rsvps/mine.html",
        coming=db.session.execute(queries.coming(person, moment)).all() if page == 1 else [],
        gone=gone[:PAST_SHOWN],
        page=page,
        more=len(gone) > PAST_SHOWN,
        now=moment,
    )

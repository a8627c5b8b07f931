"""Answering an event, and a person's own answers."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, Select

from society.db import db, let_go_at_commit
from society.errors import Refused
from society.events.models import Event
from society.limits import GUEST_RSVP, limiter
from society.mail.acts import acted
from society.people.access import me, open_to, said_to_be, visitor
from society.people.models import Person
from society.questions import queries as questions
from society.rsvps import actions, queries, render
from society.rsvps.asked import (
    keep_said,
    keep_said_by_guest,
    tells_guests,
)
from society.rsvps.evenings import several_of
from society.rsvps.forms import AnswerForm, LinkForm, form_for
from society.rsvps.models import Rsvp
from society.rsvps.routes import bp
from society.times import now
from society.web import address_typed, number_asked, wrote_to

COMING_SHOWN, PAST_SHOWN = 20, 30
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
            taken_back(given, why)
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
    wrote_to(email)
    return redirect(url_for(".sent", slug=event.slug), 303)


def _again(event: Event, person: Person | None, given: AnswerForm) -> tuple[str, int]:
    """As it was typed, as long as it can be answered."""
    card = queries.card(event, person, now())
    return render_template("rsvps/answer.html", card=card, form=given), 422


def taken_back(given: AnswerForm | LinkForm, why: Refused) -> None:
    """Say why beside what was typed. What it asks is read together anew: the rollback has let go of each question."""
    db.session.rollback()
    if given.asked:
        db.session.scalars(questions.all_of(given.event)).all()
    given.form_errors = [str(why)]


@bp.get("/events/<slug>/rsvp/sent")
@open_to("everyone")
def sent(slug: str) -> str:
    """Where a guest reads on: the same for every address, but that it stands there as they typed it."""
    return render_template("rsvps/sent.html", event=_event(slug, visitor())[0], address=address_typed())


def _event(slug: str, person: Person | None) -> tuple[Event, Rsvp | None]:
    return queries.at(slug, person) or abort(404)


@bp.get("/me/rsvps")
@open_to("person")
def mine() -> str:
    """A person's own answers, each part page by page: those to what is to come and, folded below, to what is over."""
    person, moment = me(), now()
    ahead, page = _page("coming"), _page("page")
    coming = _shown(queries.coming(person, moment), ahead, COMING_SHOWN) if page == 1 else []
    gone = _shown(queries.gone(person, moment), page, PAST_SHOWN) if ahead == 1 else []
    return render_template(
        "rsvps/mine.html",
        coming=coming[:COMING_SHOWN],
        ahead=ahead,
        more_ahead=len(coming) > COMING_SHOWN,
        gone=gone[:PAST_SHOWN],
        several=several_of({rsvp.event.series_id for rsvp, _ in coming} - {None}, person, moment),
        past=queries.number_gone(person, moment) if coming and gone else 0,
        page=page,
        more=len(gone) > PAST_SHOWN,
        now=moment,
    )


def _page(name: str) -> int:
    return min(max(request.args.get(name, 1, int), 1), LAST_PAGE)


def _shown(answers: Select[Rsvp, int | None], page: int, most: int) -> Sequence[Row[Rsvp, int | None]]:
    """Those of one page, and one more if there is a next one."""
    return db.session.execute(answers.limit(most + 1).offset((page - 1) * most)).all()

"""The page behind the mailed link: what one answered, and all that can be done about it without an account."""

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from society.agenda.queries import giving_seats, titles
from society.db import db
from society.errors import Refused
from society.mail.acts import acted
from society.material.queries import seen_by_guest
from society.people.access import open_to
from society.questions import queries as questions
from society.questions.models import AnswerFile, QuestionAnswer
from society.questions.render import as_download
from society.rsvps import actions, queries
from society.rsvps.asked import (
    can_correct,
    can_take_back,
    correct,
    keep_said,
    sent_with,
    take_back,
    tells_guests,
)
from society.rsvps.behind import behind
from society.rsvps.coming_free import as_member
from society.rsvps.forms import LinkAction, LinkForm, link_form
from society.rsvps.kept_out import way_out
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.routes import bp
from society.rsvps.routes.answering import taken_back
from society.rsvps.seats import seats_free
from society.rsvps.session_seats import held_by
from society.rsvps.waiting import offered_at, place_in_queue
from society.times import now
from society.web import find, number_asked, private

DEAD = (
    "Maybe only a part of it was copied, or the answer was deleted since. If you answered an event with your address, "
    "answer once more on the event’s page with the same address: we mail you your link again, and your answer stays as "
    "it was."
)


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
        room=_room(rsvp),
        barred=None if closed else queries.why_barred(rsvp.event, rsvp.person, rsvp, now()),
        morning=offered_at(rsvp.event, now()),
        begun=rsvp.event.begun(now()),
        now=now(),
        **_left_for(rsvp),
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
    taken_back(given, why)
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


def _left_for(rsvp: Rsvp) -> dict[str, Any]:
    """What stays of the event for who came, and may have no account, and of which sessions that is."""
    came = rsvp.event.has_material and rsvp.checked_in_at
    materials = db.session.scalars(seen_by_guest(rsvp)).all() if came else []
    return {"materials": materials, "titles": titles(rsvp.event, [one.session_id for one in materials])}


def _too_many(rsvp: Rsvp) -> str | None:
    """Why what waits to be confirmed cannot be any more, though it could when it was asked for."""
    open_yes = rsvp.status is RsvpStatus.UNCONFIRMED and rsvp.answer is not Answer.NO
    return queries.too_many(rsvp.event, rsvp.party_size, rsvp, online=rsvp.online) if open_yes else None


def _room(rsvp: Rsvp) -> int:
    """Seats that are free, but too few for all of a party that waits."""
    free = seats_free(rsvp.event) if rsvp.status is RsvpStatus.WAITLISTED else 0
    return free if 0 < free < rsvp.party_size else 0


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
    return behind(token) or abort(404, DEAD)

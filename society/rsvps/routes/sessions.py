"""Choosing sessions of an event, for those who are going: by the link of their answer, with or without an account."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from flask import Response, flash, make_response, redirect, render_template, url_for
from sqlalchemy import select

from society.agenda.models import Session
from society.agenda.queries import giving_seats
from society.db import db
from society.errors import Refused
from society.fields import Whole
from society.mail.acts import acted
from society.people.access import open_to
from society.rsvps import agenda as acts
from society.rsvps import session_seats
from society.rsvps.forms import OneOf
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.routes import bp
from society.rsvps.routes.linked import opened
from society.text import listed
from society.times import now
from society.web import Form, find, number_asked, private


class Choice(StrEnum):
    """What the bearer of the link may do about a session."""

    TAKE = "take"
    LEAVE = "leave"


class ChoiceForm(Form):
    """One session, taken or left."""

    action = OneOf("What to do", Choice, "Please use one of the buttons.")
    session = Whole("Session", least=1, most=2**31 - 1, required=True)
    seats = Whole("For how many of you", least=1, most=2**31 - 1)


@bp.route("/rsvps/<token>/sessions", methods=["GET", "POST"])
@open_to("link")
def sessions(token: str) -> Response:
    """The sessions that give out seats, with what this answer's party holds of them. Looking changes nothing."""
    rsvp = opened(token)
    form, refused = ChoiceForm(), False
    if form.accepted():
        session: Session = find(
            select(Session).where(Session.id == form.session.data, Session.event_id == rsvp.event_id)
        )
        try:
            sentence = _act(rsvp, session, Choice(form.action.data), form.seats.data)
            acted(rsvp.person, number_asked("notice"), now())
            db.session.commit()
            flash(sentence)
            return private(redirect(url_for(".sessions", token=token) + f"#session-{form.session.data}", 303))
        except Refused as why:
            db.session.rollback()
            refused, form.form_errors = True, [str(why)]
    return private(make_response(_page(rsvp, form), 409 if refused else 422 if form.errors else 200))


def _page(rsvp: Rsvp, form: ChoiceForm) -> str:
    limited = db.session.scalars(giving_seats(rsvp.event)).all()
    held = {seat.session_id: seat for seat in session_seats.held_by(rsvp)}
    return render_template(
        "rsvps/sessions.html",
        rsvp=rsvp,
        form=form,
        sessions=limited,
        beside=_beside(limited, held),
        rooms=session_seats.rooms(rsvp.event),
        nobody=session_seats.Room(),
        held=held,
        places=session_seats.places(rsvp),
        going=rsvp.has_seat and rsvp.event.on,
        now=now(),
    )


def _beside(sessions: Sequence[Session], held: Collection[int]) -> dict[int, str]:
    """By session, those that were chosen and run at the same time: forbidden to nobody."""
    chosen = [one for one in sessions if one.id in held]
    return {
        session.id: listed([f"“{one.title}”" for one in chosen if one is not session and one.runs_beside(session)])
        for session in sessions
    }


def _act(rsvp: Rsvp, session: Session, choice: Choice, seats: int | None) -> str:
    if choice is Choice.LEAVE:
        acts.leave(rsvp, session, now())
        return f"You have given up “{session.title}”."
    seat = acts.choose(rsvp, session, now(), seats)
    if seat.status is RsvpStatus.CONFIRMED:
        return f"You have {'a seat' if seat.seats == 1 else f'{seat.seats} seats'} in “{session.title}”."
    return f"All seats in “{session.title}” are taken for now. You are on its waiting list."

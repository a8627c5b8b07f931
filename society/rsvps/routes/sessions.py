"""Choosing sessions of an event, for those who are going: by the link of their answer, with or without an account."""

from enum import StrEnum

from flask import Response, flash, make_response, redirect, render_template, url_for
from sqlalchemy import select

from society.agenda.models import Session
from society.agenda.queries import agenda
from society.db import db
from society.fields import Whole
from society.mail.acts import acted
from society.people.access import open_to
from society.rsvps import agenda as acts
from society.rsvps import session_seats
from society.rsvps.forms import OneOf
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.routes import bp
from society.rsvps.routes.answering import opened
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


@bp.route("/rsvps/<token>/sessions", methods=["GET", "POST"])
@open_to("link")
def sessions(token: str) -> Response:
    """The sessions that give out seats, with what this answer's party holds of them. Looking changes nothing."""
    rsvp = opened(token)
    form = ChoiceForm()
    if form.accepted():
        session: Session = find(
            select(Session).where(Session.id == form.session.data, Session.event_id == rsvp.event_id)
        )
        sentence = _act(rsvp, session, Choice(form.action.data))
        acted(rsvp.person, number_asked("notice"), now())
        db.session.commit()
        flash(sentence)
        return private(redirect(url_for(".sessions", token=token) + f"#session-{form.session.data}", 303))
    limited = agenda(rsvp.event).where(Session.capacity.is_not(None))
    page = render_template(
        "rsvps/sessions.html",
        rsvp=rsvp,
        form=form,
        sessions=db.session.scalars(limited).all(),
        rooms=session_seats.rooms(rsvp.event),
        nobody=session_seats.Room(),
        held={seat.session_id: seat for seat in session_seats.held_by(rsvp)},
        places=session_seats.places(rsvp),
        going=rsvp.has_seat and rsvp.event.on,
        now=now(),
    )
    return private(make_response(page, 422 if form.errors else 200))


def _act(rsvp: Rsvp, session: Session, choice: Choice) -> str:
    if choice is Choice.LEAVE:
        acts.leave(rsvp, session, now())
        return f"You have given up “{session.title}”."
    seat = acts.choose(rsvp, session, now())
    if seat.status is RsvpStatus.CONFIRMED:
        return f"You have {'a seat' if seat.seats == 1 else f'{seat.seats} seats'} in “{session.title}”."
    return f"All seats in “{session.title}” are taken for now. You are on its waiting list."

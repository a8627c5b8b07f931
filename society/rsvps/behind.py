"""The answer behind the link that was mailed to whoever gave it."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.rsvps.models import Rsvp
from society.rsvps.render import PURPOSE
from society.tokens import number_in, opens


def behind(token: str) -> Rsvp | None:
    """The answer that a link opens, with its event, venue and person; None if it opens none, or none any more."""
    whole = joinedload(Rsvp.event).joinedload(Event.venue), joinedload(Rsvp.person)
    number = number_in(token)
    rsvp = db.session.scalar(select(Rsvp).where(Rsvp.id == number).options(*whole)) if number else None
    return rsvp if rsvp and opens(token, PURPOSE, rsvp.id, rsvp.link_key) else None

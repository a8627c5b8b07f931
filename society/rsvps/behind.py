"""The answer behind the link that was mailed to whoever gave it."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.events.models import Event
from society.rsvps.models import FormerRsvp, Rsvp
from society.rsvps.render import JOINING, PURPOSE
from society.tokens import number_in, opens


def behind(token: str) -> Rsvp | None:
    """The answer that a link opens, with its event, venue and person; None if it opens none, or none any more."""
    return sealed_for(number_in(token), lambda number, key: opens(token, PURPOSE, number, key))


def joined_by(token: str) -> Rsvp | None:
    """The answer that a link for joining online is of (see `joining_link`)."""
    return sealed_for(number_in(token), lambda number, key: opens(token, JOINING, number, key))


def sealed_for(number: int | None, fits: Callable[[int, str], bool]) -> Rsvp | None:
    """The same, with `fits` to tell by number and key; of two that a merge made one, the one that stayed."""
    rsvp = _whole(number) if number else None
    if rsvp and fits(rsvp.id, rsvp.link_key):
        return rsvp
    former = db.session.scalars(select(FormerRsvp).where(FormerRsvp.number == number)).all() if number else ()
    true = next((one for one in former if fits(one.number, one.link_key)), None)
    return _whole(true.rsvp_id) if true else None


def _whole(number: int) -> Rsvp | None:
    whole = joinedload(Rsvp.event).joinedload(Event.venue), joinedload(Rsvp.person)
    return db.session.scalar(select(Rsvp).where(Rsvp.id == number).options(*whole))

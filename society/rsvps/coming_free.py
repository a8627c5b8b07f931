"""Who comes free to an event that its members do not pay for: asked of the database only where it is one."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select

from society.db import db
from society.events.models import Event
from society.membership.queries import in_good_standing
from society.rsvps.models import Rsvp


def come_free(event: Event, today: date) -> Select[int] | None:
    """The numbers of the answers of members in good standing; None where they pay as everyone does, or nobody pays."""
    if not (event.price and event.members_free):
        return None
    return select(Rsvp.id).join(Rsvp.person).where(Rsvp.event_id == event.id, in_good_standing(today))


def free_among(event: Event, today: date, rsvp_ids: Sequence[int] | None = None) -> set[int]:
    """Which of these answers are theirs, or of all."""
    rows = come_free(event, today)
    if rows is None:
        return set()
    return set(db.session.scalars(rows if rsvp_ids is None else rows.where(Rsvp.id.in_(rsvp_ids))))

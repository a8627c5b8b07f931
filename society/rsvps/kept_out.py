"""Those whom the organizers declined or took off the list: what they answer again does not undo that."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from society.db import db
from society.rsvps.models import REMOVED, Answer, Rsvp, RsvpStatus, Transition


class Out(StrEnum):
    """How it came that an answer is off the list."""

    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Seats were offered on the last day, and not confirmed in time."""
    UNDONE = "undone"
    """They had not answered, and were let in at the door by mistake."""


_led_somewhere = or_(Transition.before.is_(None), Transition.before != Transition.after, Transition.reason == REMOVED)
"""Not where two records became one, say, and the answer stayed as it was; but that it stays removed then, is said."""
_last_step = select(Transition).where(_led_somewhere).order_by(Transition.id.desc()).limit(1)
_last_reason = _last_step.with_only_columns(Transition.reason)


def kept_out(rsvp: Rsvp) -> bool:
    """Whether the organizers declined or removed it, and have not let it in since."""
    if rsvp.status is not RsvpStatus.CANCELLED:
        return rsvp.decided_against
    return db.session.scalar(_last_reason.where(Transition.rsvp_id == rsvp.id)) == REMOVED


def way_out(rsvp: Rsvp) -> Out | None:
    """How an answer came off the list; None for one on it, for their own no, and where no log tells."""
    if rsvp.status is not RsvpStatus.CANCELLED:
        return Out.DECLINED if rsvp.decided_against else None
    last = db.session.scalars(_last_step.where(Transition.rsvp_id == rsvp.id)).first()
    if last is None:
        return None
    if last.reason == REMOVED:
        return Out.REMOVED
    if last.actor_id == rsvp.person_id:
        return Out.WITHDRAWN
    return Out.LAPSED if last.before is RsvpStatus.OFFERED else Out.UNDONE


def is_kept_out() -> ColumnElement[bool]:
    """The same, in a query of RSVPs."""
    last = _last_reason.where(Transition.rsvp_id == Rsvp.id).correlate(Rsvp).scalar_subquery()
    removed = and_(Rsvp.status == RsvpStatus.CANCELLED, last == REMOVED)
    return or_(and_(Rsvp.status == RsvpStatus.DECLINED, Rsvp.answer != Answer.NO), removed)

"""Those whom the organizers declined or took off the list: what they answer again does not undo that."""

from sqlalchemy import ColumnElement, and_, or_, select

from society.db import db
from society.rsvps.models import REMOVED, Answer, Rsvp, RsvpStatus, Transition

_led_somewhere = or_(Transition.before.is_(None), Transition.before != Transition.after, Transition.reason == REMOVED)
"""Not where two records became one, say, and the answer stayed as it was; but that it stays removed then, is said."""
_last_reason = select(Transition.reason).where(_led_somewhere).order_by(Transition.id.desc()).limit(1)


def kept_out(rsvp: Rsvp) -> bool:
    """Whether the organizers declined or removed it, and have not let it in since."""
    if rsvp.status is not RsvpStatus.CANCELLED:
        return rsvp.decided_against
    return db.session.scalar(_last_reason.where(Transition.rsvp_id == rsvp.id)) == REMOVED


def is_kept_out() -> ColumnElement[bool]:
    """The same, in a query of RSVPs."""
    last = _last_reason.where(Transition.rsvp_id == Rsvp.id).correlate(Rsvp).scalar_subquery()
    removed = and_(Rsvp.status == RsvpStatus.CANCELLED, last == REMOVED)
    return or_(and_(Rsvp.status == RsvpStatus.DECLINED, Rsvp.answer != Answer.NO), removed)

"""Those whom the organizers declined or took off the list: what they answer again does not undo that."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, or_, select

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
_last_way = _last_step.with_only_columns(
    case(
        (Transition.reason == REMOVED, Out.REMOVED.value),
        (Transition.actor_id == Rsvp.person_id, Out.WITHDRAWN.value),
        (Transition.before == RsvpStatus.OFFERED, Out.LAPSED.value),
        else_=Out.UNDONE.value,
    )
)


def kept_out(rsvp: Rsvp) -> bool:
    """Whether the organizers declined or removed it, and have not let it in since."""
    if rsvp.status is not RsvpStatus.CANCELLED:
        return rsvp.decided_against
    return db.session.scalar(_last_reason.where(Transition.rsvp_id == rsvp.id)) == REMOVED


def way_out(rsvp: Rsvp) -> Out | None:
    """How an answer came off the list; None for one on it, for their own no, and where no log tells."""
    if rsvp.status is not RsvpStatus.CANCELLED:
        return Out.DECLINED if rsvp.decided_against else None
    way: str | None = db.session.scalar(_last_way.where(Transition.rsvp_id == Rsvp.id, Rsvp.id == rsvp.id))
    return Out(way) if way else None


def came_off() -> ColumnElement[str | None]:
    """The same, in a query of RSVPs, of those that were withdrawn or taken off."""
    last = _last_way.where(Transition.rsvp_id == Rsvp.id).correlate(Rsvp).scalar_subquery()
    return case((Rsvp.status == RsvpStatus.CANCELLED, last))


def is_kept_out() -> ColumnElement[bool]:
    """The same, in a query of RSVPs."""
    last = _last_reason.where(Transition.rsvp_id == Rsvp.id).correlate(Rsvp).scalar_subquery()
    removed = and_(Rsvp.status == RsvpStatus.CANCELLED, last == REMOVED)
    return or_(and_(Rsvp.status == RsvpStatus.DECLINED, Rsvp.answer != Answer.NO), removed)

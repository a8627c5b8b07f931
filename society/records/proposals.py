"""Other times that two people who become one proposed for the same event."""

from sqlalchemy import func, select

from society.db import db
from society.invitations.models import TimeProposal
from society.people.models import Person


def merge(keep: Person, gone: Person) -> dict[str, str]:
    """Of two for one event the later counts, as if one person had made both; what the other said is for the record."""
    own = TimeProposal.person_id.in_([keep.id, gone.id])
    doubled = select(TimeProposal.event_id).where(own).group_by(TimeProposal.event_id).having(func.count() > 1)
    both = select(TimeProposal).where(own, TimeProposal.event_id.in_(doubled)).with_for_update()
    later: dict[int, TimeProposal] = {}
    dropped: dict[str, str] = {}
    for proposal in db.session.scalars(both.order_by(TimeProposal.proposed_at, TimeProposal.id)).all():
        if earlier := later.get(proposal.event_id):
            dropped[f"gone time_proposal of event {earlier.event_id}"] = _told(earlier)
            db.session.delete(earlier)
        later[proposal.event_id] = proposal
    db.session.flush()
    return dropped


def _told(proposal: TimeProposal) -> str:
    """Whose, when, and with which words."""
    span = f"{proposal.starts:%Y-%m-%d %H:%M} to {proposal.ends:%Y-%m-%d %H:%M} {proposal.zone}"
    return ", ".join(filter(None, [proposal.person.name, span, proposal.answer, proposal.word]))

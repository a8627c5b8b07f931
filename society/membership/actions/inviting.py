"""Invitations to a membership that nobody can choose without one."""

from datetime import datetime, timedelta

from sqlalchemy import update

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.mail.actions import write_to_address
from society.membership.models import Choice, Invitation, Tier
from society.people.models import Person
from society.tokens import fresh, hashed

LASTS = timedelta(days=30)


def invite(tier: Tier, email: str, now: datetime, by: Person) -> Invitation:
    """Mail a link by which one person can apply for the tier."""
    if tier.choice is not Choice.INVITATION or not tier.offered:
        raise Refused("This membership is not given by invitation.")
    secret, invitation = _made(tier, email, now, now + LASTS, by.id)
    path = f"/join?invitation={secret}"
    reason = f"invitation:{invitation.secret_hash[:16]}"
    write_to_address(email, "invitation", reason, now=now, secret=True, tier=tier, path=path, by=by)
    record("invitation sent", invitation, by=by, now=now, after={"tier": tier.name, "email": email})
    return invitation


def revoke(invitation: Invitation, now: datetime, by: Person) -> None:
    """The link leads nowhere any more."""
    kept = {"tier": invitation.tier.name, "email": invitation.email}
    record("invitation withdrawn", invitation, by=by, now=now, before=kept)
    db.session.delete(invitation)


def use_invitation(secret: str, tier: Tier, now: datetime) -> Invitation:
    """The invitation with that secret, used up: of two who come with it at once, one wins."""
    good = (
        Invitation.secret_hash == hashed(secret),
        Invitation.tier_id == tier.id,
        Invitation.used_at.is_(None),
        Invitation.expires_at > now,
    )
    used = update(Invitation).where(*good).values(used_at=now).returning(Invitation)
    invitation = db.session.scalars(used, execution_options={"populate_existing": True}).one_or_none()
    if invitation is None:
        raise Refused("This invitation has been used, or is no longer good. Please ask the society for another.")
    return invitation


def passed_on(invitation: Invitation, email: str, now: datetime) -> str:
    """The secret of a new invitation in the place of one just used, good for as long as that was."""
    return _made(invitation.tier, email, now, invitation.expires_at, invitation.by_id)[0]


def _made(tier: Tier, email: str, now: datetime, until: datetime, by_id: int | None) -> tuple[str, Invitation]:
    secret = fresh()
    invitation = Invitation(
        tier=tier, email=email, secret_hash=hashed(secret), sent_at=now, by_id=by_id, expires_at=until
    )
    db.session.add(invitation)
    db.session.flush()
    return secret, invitation

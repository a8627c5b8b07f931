"""All that a member's own page tells of how their membership stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import joinedload

from society.db import db
from society.dues.models import Due
from society.dues.queries import open_dues
from society.dues.renewing import Renewal, renewal_of
from society.membership.models import ApplicationMessage, Covers, Membership
from society.membership.queries import covered_by, messages_of, open_application, standing
from society.people.models import Person


@dataclass(frozen=True)
class OwnMembership:
    """How somebody's membership stands on a day."""

    standing: Membership | None
    """The period that makes them a member in good standing."""
    payer: Person | None
    """Whose membership it is that covers them."""
    covered: Sequence[Membership]
    """The periods of those whom theirs covers."""
    covers: bool
    """Whether theirs is for more people than themselves."""
    renewal: Renewal
    application: Membership | None
    messages: Sequence[ApplicationMessage]
    """What the secretary asked and they answered."""
    owed: Sequence[tuple[Due, int]]
    on: date

    @property
    def graceful(self) -> bool:
        """Whether only the days of grace keep them in good standing."""
        return bool(self.standing and self.standing.ends_on and self.standing.ends_on < self.on)


def of(person: Person, on: date) -> OwnMembership:
    """How their membership stands on that day."""
    period, application = standing(person, on), open_application(person)
    payer = db.session.get(Membership, period.covered_by_id) if period and period.covered_by_id else None
    covered = covered_by(period, on).options(joinedload(Membership.person)) if period else None
    return OwnMembership(
        standing=period,
        payer=payer.person if payer else None,
        covered=db.session.scalars(covered).all() if covered is not None else (),
        covers=bool(period and period.tier.covers is not Covers.PERSON and not payer),
        renewal=renewal_of(person, on),
        application=application,
        messages=messages_of(application) if application else (),
        owed=[(due, amount) for due, amount in db.session.execute(open_dues().where(Due.person_id == person.id))],
        on=on,
    )

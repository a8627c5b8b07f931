"""A member's part of renewing: what there is to renew, in which tier, and doing it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from society.db import db
from society.dues import forecast
from society.dues.actions import credit, raise_for
from society.dues.actions.owing import dues_from
from society.dues.models import Due
from society.dues.queries import open_of
from society.dues.renewals import renewal_dues
from society.errors import Refused
from society.membership.actions import renew, restore
from society.membership.actions.steps import hold
from society.membership.models import Choice, Membership, Status, Tier
from society.membership.queries import covered_by, periods_of, replacement_of, tiers
from society.people.models import Person
from society.settings import society
from society.times import today_in

OPENS = timedelta(days=90)
"""How long before the end of a period it can be renewed; longer if the society reminds earlier."""
COME_BACK = timedelta(days=90)
"""For how long after it has lapsed a membership can be taken up again where it was; later, one joins anew."""


class State(StrEnum):
    """What there is to renew."""

    NONE = "none"
    """Nothing: they join."""
    LIFE = "life"
    COVERED = "covered"
    """Another's membership is theirs too, and is renewed with it."""
    EARLY = "early"
    """Not yet."""
    OPEN = "open"
    LAPSED = "lapsed"
    """It is over, but they can come back."""


@dataclass(frozen=True)
class Renewal:
    """How somebody's membership can go on."""

    state: State
    period: Membership | None = None
    """What is to be followed."""
    ended: Membership | None = None
    """The row that says that it has lapsed."""

    @property
    def is_open(self) -> bool:
        return self.state in (State.OPEN, State.LAPSED)

    @property
    def starts_on(self) -> date | None:
        """The first day of the period that is to follow."""
        return self.period.ends_on + timedelta(days=1) if self.period and self.period.ends_on else None

    @property
    def opens_on(self) -> date | None:
        """From which day on it can be renewed."""
        return self.period.ends_on - _opens() if self.period and self.period.ends_on else None


def renewal_of(person: Person, today: date) -> Renewal:
    """What there is to renew of the period of theirs that lasts longest."""
    period, ended = _latest(person)
    if period is None or (ended is not None and ended.status is not Status.LAPSED):
        return Renewal(State.NONE)
    if period.ends_on is None:
        return Renewal(State.LIFE, period)
    over_since = ended.starts_on if ended else period.good_until or period.ends_on
    if today - over_since > COME_BACK:
        return Renewal(State.NONE)
    if period.covered_by_id is not None:
        return Renewal(State.COVERED, period)
    if ended is not None:
        return Renewal(State.LAPSED, period, ended)
    return Renewal(State.EARLY if today < period.ends_on - _opens() else State.OPEN, period)


def _latest(person: Person) -> tuple[Membership | None, Membership | None]:
    """Their longest period that no other one took the place of, and what ended it."""
    longest = Membership.ends_on.is_(None).desc(), Membership.ends_on.desc(), Membership.id.desc()
    active = periods_of(person).where(Membership.status == Status.ACTIVE).order_by(None).order_by(*longest)
    for period in db.session.scalars(active):
        after = replacement_of(period)
        over = after is not None and after.status is not Status.ACTIVE and replacement_of(after) is None
        if after is None or (over and period.covered_by_id is None):
            return period, after
    return None, None


def _opens() -> timedelta:
    return max([OPENS, *(timedelta(days=days) for days in forecast.reminders(society().reminder_days))])


def tiers_for(renewal: Renewal, today: date) -> list[Tier]:
    """In which tiers somebody may go on: the one they have, then those that anyone may take without being asked for
    approval, age or proof. Who comes back does so in the one they had."""
    period = renewal.period
    if period is None or not renewal.is_open:
        return []
    offered = tiers().where(Tier.offered)
    own = list(db.session.scalars(offered.where(Tier.id == period.tier_id)))
    if renewal.state is State.LAPSED:
        return own
    unasked = Tier.choice == Choice.ANYONE, ~Tier.needs_approval, Tier.proof == ""
    ageless = Tier.youngest.is_(None), Tier.oldest.is_(None)
    others = offered.where(Tier.id != period.tier_id, *unasked, *ageless)
    covered = len(db.session.scalars(covered_by(period, today)).all())
    fits = others.where(Tier.places > covered) if covered else others
    return own + list(db.session.scalars(fits))


def go_on(person: Person, tier: Tier, now: datetime) -> list[Due]:
    """Renew in that tier: at once if nothing is to be paid, else by an invoice, which renews when it is paid.

    Asking twice raises nothing twice; an invoice for another tier, of which nothing is paid, is taken back.
    """
    hold(person)
    today = today_in(society().zone, now)
    found = renewal_of(person, today)
    if found.period is None or found.starts_on is None or tier not in tiers_for(found, today):
        raise Refused("This membership cannot be renewed now. Please look again at how it stands.")
    for due in renewal_dues(found.period):
        if due.tier_id != tier.id:
            _take_back(due, person, now)
    if dues_from(tier, found.starts_on):
        return raise_for(found.period, now=now, by=person, renews=True, tier=tier)
    if found.ended is not None:
        restore(found.ended, today, now=now, by=person)
    else:
        renew(found.period, now=now, by=person, tier=tier)
    return []


def _take_back(due: Due, person: Person, now: datetime) -> None:
    if open_of(due) != due.amount:
        raise Refused(f"A part of invoice {due.number} is paid already. Please write to the society to change it.")
    credit(due, now=now, by=person, note=f"Takes back invoice {due.number}: another membership was chosen")

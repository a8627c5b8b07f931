"""Ten years of people: who came when, who joined, who left again."""

from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from society.audit.models import AuditEntry
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.names import a_name
from society.demo.setting import TIERS, ZONE
from society.membership.models import Membership, Status, Tier
from society.people.models import Person, Role, RoleName
from society.text import slug
from society.times import to_wall

YEARS = 10

SIGN_INS = ("admin@example.org", "organizer@example.org", "member@example.org")
ADMIN, ORGANIZER, MEMBER, SECRETARY = 1, 2, 3, 4
"""The numbers of the first people."""

FATES = {"stays": 66.0, "lapsed": 10.0, "resigned": 4.0, "rejected": 1.0, "guest": 19.0}
"""What becomes of a hundred people."""


class Register:
    """Everyone there is, in the order in which the society came to know them."""

    def __init__(self, count: int, now: datetime, password_hash: str, chance: Chance, bulk: Bulk) -> None:
        self._count, self._now, self._today = count, now, to_wall(now, ZONE).date()
        self._password_hash, self._chance, self._bulk = password_hash, chance, bulk
        self._addresses: set[str] = set()
        self.since: list[datetime] = []
        self.names: list[str] = []
        self.emails: list[str | None] = []
        self._member_from: list[date | None] = []
        self._member_until: list[date | None] = []
        self.tiers = [_tier(position) for position in range(len(TIERS))]

    def enrol(self) -> Iterator[None]:
        """Add them all, one a step, after the tiers that they belong to."""
        for tier in self.tiers:
            self._bulk.add(tier)
        for number, since in enumerate(self._arrivals(), 1):
            self._enrol(number, since)
            self._bulk.flush_if_many()
            yield

    def known_at(self, moment: datetime) -> int:
        """How many people were known then: those numbered from 1 up to that."""
        return bisect(self.since, moment)

    def is_member(self, number: int, on: date) -> bool:
        """Whether they were in good standing on that day."""
        first, last = self._member_from[number - 1], self._member_until[number - 1]
        return first is not None and first <= on and (last is None or on <= last)

    def is_guest(self, number: int) -> bool:
        return self._member_from[number - 1] is None

    def _arrivals(self) -> list[datetime]:
        """A quarter was there when the register began; some wait for an answer to their application now."""
        first = self._now - timedelta(days=365 * YEARS)
        founders = max(self._count // 4, len(SIGN_INS) + 1)
        spans = [(first - timedelta(days=200), first)] * founders
        spans += [(first, self._now - timedelta(days=21))] * (self._count - founders - self._applicants)
        spans += [(self._now - timedelta(days=20), self._now - timedelta(days=1))] * self._applicants
        return sorted(self._chance.moment(*span) for span in spans[: self._count])

    @property
    def _applicants(self) -> int:
        return min(self._count // 50, 40)

    def _enrol(self, number: int, since: datetime) -> None:
        fate = "stays" if number <= SECRETARY else self._chance.weighed(FATES)
        if number > self._count - self._applicants:
            fate = "applied"
        person = self._person(number, since, fate)
        self._bulk.add(person)
        for role in _roles(number):
            self._bulk.add(Role(person_id=person.id, name=role, given_at=since))
        periods = [] if fate == "guest" else self._periods(person, fate)
        self._note(person, periods)

    def _person(self, number: int, since: datetime, fate: str) -> Person:
        chance = self._chance
        name = a_name(chance)
        by_post = number > SECRETARY and fate == "stays" and chance.is_so(0.02)
        email = SIGN_INS[number - 1] if number <= len(SIGN_INS) else self._address(name)
        verified = number <= SECRETARY or (chance.is_so(0.3 if fate == "guest" else 0.95) and not by_post)
        return Person(
            name=name,
            email=None if by_post else email,
            password_hash=self._password_hash if number <= len(SIGN_INS) else None,
            verified_at=since + timedelta(minutes=chance.randint(2, 900)) if verified or fate == "applied" else None,
            created_at=since,
            session_key=chance.token(),
            link_key=chance.token(),
        )

    def _address(self, name: str) -> str:
        local = slug(name, taken=self._addresses.__contains__)
        self._addresses.add(local)
        return f"{local.replace('-', '.')}@example.org"

    def _periods(self, person: Person, fate: str) -> list[Membership]:
        applied_at = person.created_at + timedelta(hours=1)
        shares = {position: float(TIERS[position].share) for position in range(len(TIERS))}
        tier = self.tiers[0] if person.id <= SECRETARY else self.tiers[self._chance.weighed(shares)]
        if fate in ("applied", "rejected"):
            return [self._application(person, fate, applied_at)]
        admitted_at = min(applied_at + timedelta(days=self._chance.randint(0, 9), hours=3), self._now)
        periods = list(self._renewals(tier, to_wall(admitted_at, ZONE).date(), fate))
        first = periods[0]
        first.applied_at, first.decided_at = applied_at, admitted_at
        first.decided_by_id = SECRETARY if tier.needs_approval and person.id > SECRETARY else None
        for period in periods:
            period.person_id = person.id
            self._bulk.add(period)
        if first.decided_by_id:
            self._bulk.add(_approval(first, person, tier))
        return periods

    def _application(self, person: Person, fate: str, at: datetime) -> Membership:
        period = Membership(
            person_id=person.id, tier_id=self.tiers[0].id, starts_on=to_wall(at, ZONE).date(), applied_at=at
        )
        period.status = Status(fate)
        if fate == "rejected":
            period.decided_at, period.decided_by_id = at + timedelta(days=5), SECRETARY
            period.decision_note = "You asked for another society of a similar name, and we passed your letter on."
        self._bulk.add(period)
        return period

    def _renewals(self, tier: Tier, first_day: date, fate: str) -> Iterator[Membership]:
        """Period after period until today, or until they left."""
        leaves_on = self._today
        if fate != "stays" and (stay := (self._today - first_day).days - 400) > 0:
            leaves_on = first_day + timedelta(days=self._chance.randint(1, stay))
        left, starts_on = leaves_on < self._today, first_day
        while True:
            ends_on = tier.last_day(starts_on)
            is_last = ends_on is None or ends_on >= leaves_on
            period = Membership(tier_id=tier.id, starts_on=starts_on, ends_on=ends_on, status=Status.ACTIVE)
            if is_last and left and ends_on is not None:
                period.status = Status(fate)
                period.ends_on = leaves_on if fate == "resigned" else ends_on
            yield period
            if is_last or ends_on is None:
                return
            starts_on = ends_on + timedelta(days=1)

    def _note(self, person: Person, periods: list[Membership]) -> None:
        """Keep what events need to know of them."""
        held = [p for p in periods if p.status is Status.ACTIVE]
        self.since.append(person.created_at)
        self.names.append(person.name)
        self.emails.append(person.email)
        self._member_from.append(held[0].starts_on if held else None)
        self._member_until.append(held[-1].ends_on if held else None)


def _tier(position: int) -> Tier:
    offer = TIERS[position]
    return Tier(
        name=offer.name,
        about=offer.about,
        dues=offer.dues,
        currency="GBP",
        period=offer.period,
        needs_approval=offer.needs_approval,
        offered=offer.offered,
        position=position,
        months=12,
    )


def _roles(number: int) -> list[RoleName]:
    given = {ADMIN: RoleName.ADMIN, ORGANIZER: RoleName.ORGANIZER, SECRETARY: RoleName.SECRETARY}
    return [given[number]] if number in given else []


def _approval(period: Membership, person: Person, tier: Tier) -> AuditEntry:
    assert period.decided_at
    return AuditEntry(
        at=period.decided_at,
        actor_id=SECRETARY,
        act="application approved",
        subject_kind="membership",
        subject_id=period.id,
        subject_name=f"{person.name}, {tier.name}",
        before={},
        after={"person": person.name, "tier": tier.name, "status": "active", "starts_on": str(period.starts_on)},
    )

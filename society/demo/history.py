"""The steps of people's memberships, as the secretary and the program would have entered them over the years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from society.audit.models import AuditEntry
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.ledger import Ledger
from society.demo.remarks import QUESTIONS, REJECTED, RESIGNED, ROADS, WISHES
from society.demo.setting import SOCIETY, ZONE
from society.demo.tiers import MEMBERS, PATRONS, STUDENTS
from society.membership.models import ApplicationMessage, Membership, Status, Tier
from society.people.models import Person
from society.times import to_utc, to_wall

_A_DAY = timedelta(days=1)
_BECOMES_PATRON, _IS_ASKED_BACK = 0.01, 0.25
_STUDENT_YEARS = 3

Span = tuple[date, date | None]
"""First and last day of good standing; None is for life."""


@dataclass(frozen=True)
class Plan:
    """What is to become of a membership: "stays", "lapsed", "returned" or "resigned", and from about when."""

    fate: str
    leaves_on: date

    def ends(self, period: Membership) -> bool:
        """Whether it is not renewed after this period."""
        return self.fate != "stays" and (period.ends_on is None or self.leaves_on <= period.ends_on)


STAYS = Plan("stays", date.max)


class History:
    """Adds the rows of the register, oldest first, with what is owed and paid for them."""

    def __init__(self, now: datetime, tiers: list[Tier], secretary: int, ledger: Ledger, chance: Chance, bulk: Bulk):
        self._now, self._today = now, to_wall(now, ZONE).date()
        self._tiers, self._secretary, self._ledger = tiers, secretary, ledger
        self._chance, self._bulk = chance, bulk

    def application(self, person: Person, tier: Tier, at: datetime) -> Membership:
        """What they said when they asked to join."""
        said = (self._chance.choice(WISHES), self._chance.choice(ROADS))
        asked = (question.removesuffix(" *") for question in SOCIETY["join_questions"].split("\n"))
        row = self._row(person.id, tier, Status.APPLIED, to_wall(at, ZONE).date(), at)
        row.applied_at = at
        row.answers = [{"question": question, "answer": answer} for question, answer in zip(asked, said, strict=True)]
        if tier.proof:
            row.proof = f"Northmarsh University, {self._chance.randint(10_000, 99_999)}"
        self._bulk.add(row)
        return row

    def ask_back(self, application: Membership) -> None:
        """Some applicants are asked something before they are admitted; most have answered."""
        if not self._chance.is_so(_IS_ASKED_BACK):
            return
        question, answer = self._chance.choice(QUESTIONS)
        at = application.recorded_at + timedelta(hours=self._chance.randint(2, 12))
        for text, by in ((question, self._secretary), (answer, application.person_id)):
            message = ApplicationMessage(membership_id=application.id, at=at, by_id=by, text=text)
            message.from_applicant = by == application.person_id
            self._bulk.add(message)
            at += timedelta(hours=self._chance.randint(1, 11))

    def reject(self, application: Membership, tier: Tier) -> None:
        at = application.recorded_at + timedelta(days=5)
        row = self._row(application.person_id, tier, Status.REJECTED, to_wall(at, ZONE).date(), at)
        row.replaces_id, row.applied_at, row.decided_at = application.id, application.applied_at, at
        row.decided_by_id = row.recorded_by_id = self._secretary
        row.decision_note = REJECTED
        self._bulk.add(row)

    def admit(self, person: Person, application: Membership, tier: Tier, fate: str) -> list[Membership]:
        """All that followed the application, until today or until they left."""
        days = self._chance.randint(0, 9) if tier.needs_approval else 0
        at = min(application.recorded_at + timedelta(days=days, hours=3), self._now)
        first_day = to_wall(at, ZONE).date()
        by = self._secretary if tier.needs_approval and person.id > self._secretary else None
        row = self._period(person.id, tier, first_day, at, replaces=application, by=by)
        row.applied_at, row.decided_at, row.decided_by_id = application.applied_at, at, by
        if by:
            self._bulk.add(_approval(row, person, tier))
        self._ledger.joined(row, tier)
        return [row, *self._onward(row, tier, self._plan(fate, first_day))]

    def _plan(self, fate: str, first_day: date) -> Plan:
        """Who is new stays, whatever becomes of them later."""
        longest = (self._today - first_day).days - 400
        if fate == "stays" or longest <= 0:
            return STAYS
        return Plan(fate, first_day + timedelta(days=self._chance.randint(1, longest)))

    def _onward(self, row: Membership, tier: Tier, plan: Plan) -> Iterator[Membership]:
        """Period after period."""
        years = 1
        while True:
            if plan.ends(row):
                yield from self._leave(row, tier, plan)
                return
            if tier is self._tiers[MEMBERS] and self._chance.is_so(_BECOMES_PATRON) and row.ends_on:
                on = row.starts_on + timedelta(days=self._chance.randint(0, (row.ends_on - row.starts_on).days))
                if row.starts_on < on < self._today:
                    row, tier = self._change_tier(row, on), self._tiers[PATRONS]
                    yield row
            former = tier
            if tier is self._tiers[STUDENTS] and years >= _STUDENT_YEARS:
                tier = self._tiers[MEMBERS]
            following = self._renew(row, former, tier)
            if following is None:
                return
            row, years = following, years + 1
            yield row

    def _renew(self, row: Membership, former: Tier, tier: Tier) -> Membership | None:
        """The next period, once it is paid for."""
        if row.ends_on is None or self._ledger.is_early_to_renew(row):
            return None
        paid_on = self._ledger.renewed(row, former, tier)
        if paid_on is None:
            return None
        return self._period(row.person_id, tier, row.ends_on + _A_DAY, _noon(paid_on))

    def _change_tier(self, row: Membership, on: date) -> Membership:
        patrons = self._tiers[PATRONS]
        changed = self._period(row.person_id, patrons, on, _noon(on), replaces=row, ends_on=row.ends_on)
        self._ledger.raised(changed, patrons)
        return changed

    def _leave(self, row: Membership, tier: Tier, plan: Plan) -> Iterator[Membership]:
        if plan.fate == "resigned":
            yield self._end(row, tier, Status.RESIGNED, max(plan.leaves_on, row.starts_on + _A_DAY))
            return
        if row.good_until is None:
            return
        self._ledger.never_renewed(row, tier)
        if row.good_until >= self._today:
            return
        ended = self._end(row, tier, Status.LAPSED, row.good_until + _A_DAY)
        yield ended
        back_on = ended.starts_on + timedelta(days=self._chance.randint(40, 700))
        if plan.fate == "returned" and back_on < self._today:
            back = self._period(row.person_id, tier, back_on, _noon(back_on), replaces=ended, by=self._secretary)
            self._ledger.joined(back, tier, anew=False)
            yield back
            yield from self._onward(back, tier, STAYS)

    def cover(self, person: Person, payers: list[Membership], tier: Tier) -> list[Membership]:
        """Rows of one's own for somebody in the household of those who pay, from the day they are known on."""
        day, own = to_wall(person.created_at, ZONE).date(), dict[int, Membership]()
        for payer in payers:
            on, at = max(payer.starts_on, day), max(payer.recorded_at, person.created_at)
            former = own.get(payer.replaces_id) if payer.replaces_id else None
            if payer.status is Status.ACTIVE and (payer.ends_on is None or on <= payer.ends_on):
                by = payer.recorded_by_id
                row = self._period(
                    person.id, tier, on, at, replaces=former, ends_on=payer.ends_on, covered=payer, by=by
                )
                own[payer.id] = row
            elif former:
                own[payer.id] = self._end(former, tier, payer.status, on)
        return list(own.values())

    def _period(
        self,
        person_id: int,
        tier: Tier,
        starts_on: date,
        at: datetime,
        *,
        replaces: Membership | None = None,
        ends_on: date | None = None,
        covered: Membership | None = None,
        by: int | None = None,
    ) -> Membership:
        row = self._row(person_id, tier, Status.ACTIVE, starts_on, at)
        row.ends_on = ends_on or tier.last_day(starts_on)
        row.good_until = row.ends_on + timedelta(days=tier.grace_days) if row.ends_on else None
        row.replaces_id = replaces.id if replaces else None
        row.covered_by_id = covered.id if covered else None
        row.recorded_by_id = by
        self._bulk.add(row)
        return row

    def _end(self, period: Membership, tier: Tier, status: Status, on: date) -> Membership:
        at = to_utc(datetime.combine(on, time(0, 0)), ZONE)
        row = self._row(period.person_id, tier, status, on, at)
        row.replaces_id, row.decided_at = period.id, at
        if status is Status.RESIGNED:
            row.decided_by_id = row.recorded_by_id = self._secretary
            row.decision_note = self._chance.choice(RESIGNED)
        self._bulk.add(row)
        return row

    def _row(self, person_id: int, tier: Tier, status: Status, on: date, at: datetime) -> Membership:
        return Membership(person_id=person_id, tier_id=tier.id, status=status, starts_on=on, recorded_at=at, answers=[])


def spans(rows: list[Membership]) -> list[Span]:
    """When these rows give good standing."""
    replaced = {row.replaces_id: row.starts_on - _A_DAY for row in rows if row.replaces_id}
    active = (row for row in rows if row.status is Status.ACTIVE)
    return [(row.starts_on, _earlier(row.good_until, replaced.get(row.id))) for row in active]


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


def _noon(day: date) -> datetime:
    return to_utc(datetime.combine(day, time(12, 0)), ZONE)


def _approval(period: Membership, person: Person, tier: Tier) -> AuditEntry:
    assert period.decided_at
    return AuditEntry(
        at=period.decided_at,
        actor_id=period.decided_by_id,
        act="application approved",
        subject_kind="membership",
        subject_id=period.id,
        subject_name=f"{person.name}, {tier.name}",
        before={},
        after={
            "person": person.name,
            "tier": tier.name,
            "status": "active",
            "starts_on": str(period.starts_on),
            "ends_on": str(period.ends_on or ""),
            "note": "",
        },
    )

"""What was owed and paid in the last five years, as entries of the ledger with running numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from society.demo.bulk import Bulk, table_of
from society.demo.chance import Chance
from society.demo.setting import ZONE
from society.demo.tiers import CURRENCY
from society.dues.actions.owing import DAYS_TO_PAY, dues_from
from society.dues.models import Counter, Due, DueKind, Method, Payment
from society.dues.render import period
from society.membership.models import Membership, Tier
from society.times import to_utc, to_wall

YEARS = 5

_METHODS = {
    Method.TRANSFER: 62.0,
    Method.CARD: 16.0,
    Method.CASH: 12.0,
    Method.CHEQUE: 8.5,
    Method.WAIVED: 1.5,
}
_NOTES = {
    Method.WAIVED: ("The committee let it go.", "Waived on request."),
    Method.CASH: ("At the tea table.", ""),
    Method.CHEQUE: ("", "Cheque by post."),
}
_IS_LATE, _PAYS_TWICE, _IS_CHARGED_TWICE, _FORGETS = 0.15, 0.01, 0.006, 0.03
_ISSUED_BEFORE = timedelta(days=30)
"""How long before the end of a period the next one is asked for."""
_TERM = timedelta(days=DAYS_TO_PAY)
_AGAIN = "A second time, for the same invoice."
_DUE, _PAYMENT = table_of(Due), table_of(Payment)


@dataclass(slots=True)
class Claim:
    """One amount asked for, and when it was paid."""

    period: Membership
    tier: Tier
    kind: DueKind
    amount: int
    issued_on: date
    paid_on: date | None
    following: tuple[date, date | None] | None = None
    """Of a renewal: the first and last day that paying it adds."""


class Ledger:
    """Gathers claims while people are enrolled, then enters them in the order of their days."""

    def __init__(self, now: datetime, recorder: int, chance: Chance, bulk: Bulk) -> None:
        self._today = to_wall(now, ZONE).date()
        self._first_day = self._today - timedelta(days=365 * YEARS)
        self._recorder, self._chance, self._bulk = recorder, chance, bulk
        self._claims: list[Claim] = []
        self._payments: list[tuple[date, int, Claim, Method, str]] = []
        self._invoices = 0

    def joined(self, period: Membership, tier: Tier, *, anew: bool = True) -> None:
        """The first period, with what is paid once for joining."""
        on = period.starts_on
        paid_on = None if self._chance.is_so(_FORGETS) else self._paid_by_today(on + self._days(0, 40))
        self._claim(period, tier, DueKind.DUES, dues_from(tier, on), on, paid_on)
        if anew:
            self._claim(period, tier, DueKind.JOINING_FEE, tier.joining_fee, on, paid_on)

    def raised(self, period: Membership, tier: Tier) -> None:
        """Another tier from that day on."""
        on = period.starts_on
        self._claim(period, tier, DueKind.DUES, dues_from(tier, on), on, self._paid_by_today(on))

    def is_early_to_renew(self, period: Membership) -> bool:
        """Whether nobody has been asked to renew yet."""
        return period.ends_on is None or period.ends_on - _ISSUED_BEFORE >= self._today

    def renewed(self, period: Membership, tier: Tier, following: Tier) -> date | None:
        """Ask for the period after this one; gives the day on which it was paid, if it was, for tier `following`."""
        assert period.ends_on
        assert period.good_until
        late = self._chance.is_so(_IS_LATE)
        grace = (period.good_until - period.ends_on).days
        day = period.ends_on + self._days(1, grace) if late and grace else period.ends_on - self._days(1, 29)
        paid_on = self._paid_by_today(day)
        self._renewal(period, following if paid_on else tier, paid_on)
        return paid_on

    def never_renewed(self, period: Membership, tier: Tier) -> None:
        """They were asked, and did not pay."""
        if not self.is_early_to_renew(period):
            self._renewal(period, tier, None)

    def _renewal(self, period: Membership, tier: Tier, paid_on: date | None) -> None:
        assert period.ends_on
        first = period.ends_on + timedelta(days=1)
        issued_on = max(period.ends_on - _ISSUED_BEFORE, period.starts_on)
        following = first, tier.last_day(first)
        self._claim(period, tier, DueKind.DUES, dues_from(tier, first), issued_on, paid_on, following)

    def _claim(
        self,
        period: Membership,
        tier: Tier,
        kind: DueKind,
        amount: int,
        issued_on: date,
        paid_on: date | None,
        following: tuple[date, date | None] | None = None,
    ) -> None:
        if amount and self._first_day <= issued_on:
            self._claims.append(Claim(period, tier, kind, amount, issued_on, paid_on, following))

    def _days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self._chance.randint(least, most))

    def _paid_by_today(self, day: date) -> date | None:
        return day if day < self._today else None

    @property
    def claims(self) -> int:
        return len(self._claims)

    def enter(self) -> Iterator[None]:
        """Everything that was asked for and paid, one claim a step; receipts are numbered as the money came in."""
        for claim in sorted(self._claims, key=lambda claim: (claim.issued_on, claim.period.person_id, claim.kind)):
            self._pay(claim, self._owe(claim))
            self._bulk.flush_if_many()
            yield
        self._bulk.flush()  # what is owed, before what pays it
        receipts = self._receive()
        for key, number in (("invoice", self._invoices), ("receipt", receipts)):
            self._bulk.add(Counter(key=key, number=number))

    def _owe(self, claim: Claim) -> int:
        due = self._due(claim, _about(claim), claim.amount)
        if self._chance.is_so(_IS_CHARGED_TWICE):
            twice = self._due(claim, _about(claim), claim.amount)
            self._due(claim, f"Takes back invoice {twice}", -claim.amount, takes_back=twice)
        return due

    def _due(self, claim: Claim, about: str, amount: int, takes_back: int | None = None) -> int:
        """Enter an invoice or a counter-entry; its number is the row's, since all of them are entered here."""
        self._invoices += 1
        first, last = claim.following or (claim.period.starts_on, claim.period.ends_on)
        values = {
            "number": self._invoices,
            "person_id": claim.period.person_id,
            "kind": claim.kind,
            "amount": amount,
            "currency": CURRENCY,
            "issued_on": claim.issued_on,
            "due_on": claim.issued_on if takes_back else max(claim.issued_on + _TERM, first),
            "tier_id": claim.tier.id,
            "membership_id": claim.period.id,
            "renews": claim.following is not None and takes_back is None,
            "period_starts_on": first,
            "period_ends_on": last,
            "about": about,
            "credits_id": takes_back,
            "recorded_at": _at(claim.issued_on),
            "recorded_by_id": self._recorder if takes_back else None,
        }
        return self._bulk.put(_DUE, values)

    def _pay(self, claim: Claim, due: int) -> None:
        if claim.paid_on is None:
            return
        method = self._chance.weighed(_METHODS)
        note = self._chance.choice(_NOTES.get(method, ("",)))
        self._payments.append((claim.paid_on, due, claim, method, note))
        again_on = claim.paid_on + timedelta(days=2)
        if method is Method.TRANSFER and again_on < self._today and self._chance.is_so(_PAYS_TWICE):
            self._payments.append((again_on, due, claim, method, _AGAIN))

    def _receive(self) -> int:
        """Enter what came in, and send back what came in twice; gives the number of the last receipt."""
        receipts = count(1)
        for day, due, claim, method, note in sorted(self._payments, key=lambda one: one[:2]):
            values = {
                "receipt": None if method is Method.WAIVED else next(receipts),
                "person_id": claim.period.person_id,
                "due_id": due,
                "amount": claim.amount,
                "currency": CURRENCY,
                "method": method,
                "received_on": day,
                "note": note,
                "refunds_id": None,
                "recorded_at": _at(day),
                "recorded_by_id": self._recorder,
            }
            number = self._bulk.put(_PAYMENT, values)
            if note == _AGAIN:
                back = {"receipt": next(receipts), "amount": -claim.amount, "refunds_id": number}
                self._bulk.put(_PAYMENT, {**values, **back, "note": "Paid twice; sent back."})
            self._bulk.flush_if_many()
        return next(receipts) - 1


def _about(claim: Claim) -> str:
    if claim.kind is DueKind.JOINING_FEE:
        return f"Joining fee, {claim.tier.name}"
    first, last = claim.following or (claim.period.starts_on, claim.period.ends_on)
    return f"{claim.tier.name}, {period(first, last)}"


def _at(day: date) -> datetime:
    return to_utc(datetime.combine(day, time(9, 30)), ZONE)

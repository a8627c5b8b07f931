"""The post office's part of renewing: it does what the forecast says is due.

It works in batches, each in a transaction of its own in which it looks again, under a lock, at what it had found. What
is done is not in the forecast any more: so it can be killed at any instant, be late, and run in two places at once.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from society.db import begin_write, db
from society.dues import forecast
from society.dues.actions import raise_for
from society.dues.actions.owing import DAYS_TO_PAY, dues_from
from society.dues.forecast import LAPSE, By
from society.dues.models import Due, DueKind
from society.dues.queries import open_dues
from society.dues.render import period as spoken_period
from society.dues.wording import AFTER, BEFORE, LAPSED, said
from society.mail.actions import write_markdown
from society.mail.wording import Written
from society.membership.actions import end_period
from society.membership.models import Membership, Status, Tier
from society.membership.queries import replacement_of
from society.people.models import Person
from society.settings import society
from society.times import today_in
from society.tokens import sealed

PURPOSE = "renew"
HIDDEN = "/renew/…"
"""Stands for the link that is its reader's alone."""
BATCH = 50
"""How many people one transaction is about, so that a page which writes hardly waits for it."""

Plan = Select[*tuple[Any, ...]]


def link(person: Person) -> str:
    """The path of the standing link by which somebody renews."""
    return f"/renew/{sealed(PURPOSE, person.id, person.link_key)}"


def remind(now: datetime) -> None:
    """Write every reminder that is due, once for a person, period and reminder. With the first, the dues of the next
    period are invoiced; also to those who are written to by hand. Commits."""
    today, days = today_in(society().zone, now), forecast.reminders(society().reminder_days)
    for event in days:
        for periods in _batches(_to_tell(forecast.overdue(event, today, days))):
            for period, by in periods:
                _remind(period, By(by), event, today, now)
            db.session.commit()


def lapse(now: datetime) -> None:
    """Let every period lapse whose good standing is over and that nothing follows, and tell its payer. Commits.

    Those whom a household's or organization's membership covers go with it; a period that they keep alone, because the
    payer's was renewed without them, lapses by itself.
    """
    today, days = today_in(society().zone, now), forecast.reminders(society().reminder_days)
    over = _all_of(forecast.overdue(LAPSE, today, days))
    for rule in (Membership.covered_by_id.is_(None), Membership.covered_by_id.is_not(None)):
        for periods in _batches(over.where(rule)):
            for period, by in periods:
                _lapse(period, By(by), today, now)
            db.session.commit()


def _all_of(plan: Plan) -> Plan:
    rows = plan.subquery()
    found = select(Membership, rows.c.by).join(rows, rows.c.membership_id == Membership.id)
    return found.options(joinedload(Membership.person)).order_by(Membership.person_id, Membership.id)


def _to_tell(plan: Plan) -> Plan:
    """Whoever is to be mailed, and who is not but still has to be invoiced."""
    rows = plan.subquery()
    invoiced = exists().where(Due.membership_id == Membership.id, Due.renews)
    by_hand = and_(rows.c.by == By.POST, Tier.dues > 0, Tier.offered, ~invoiced)
    found = select(Membership, rows.c.by).join(rows, rows.c.membership_id == Membership.id).join(Membership.tier)
    told = found.where(or_(rows.c.by == By.MAIL, by_hand)).options(joinedload(Membership.person))
    return told.order_by(Membership.person_id, Membership.id)


def _batches(plan: Plan) -> Iterator[list[tuple[Membership, str]]]:
    """What there is to do, some of it at a time, each time as it stands once its people are held. Finding nothing
    takes no lock."""
    found = db.session.execute(plan.with_only_columns(Membership.id, Membership.person_id)).all()
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        begin_write(public=False)
        people = select(Person.id).where(Person.id.in_([row.person_id for row in some])).order_by(Person.id)
        db.session.execute(people.with_for_update())
        again = plan.where(Membership.id.in_([row.id for row in some]))
        yield [(period, by) for period, by in db.session.execute(again)]


def _remind(period: Membership, by: By, days: int, today: date, now: datetime) -> None:
    dues = _invoiced(period, now)
    if by is By.MAIL:
        _write(period.person, forecast.reason(period, days), _renewal(period, dues, today, link(period.person)), now)


def _renewal(period: Membership, dues: Sequence[Due], on: date, path: str) -> Written:
    over = period.ends_on is not None and period.ends_on < on
    return said(AFTER if over else BEFORE, period, dues, on, path)


def _write(person: Person, reason: str, letter: Written, now: datetime) -> None:
    write_markdown(person, letter.subject, letter.body, reason, now=now, language=letter.language)


def renewal_dues(period: Membership) -> list[Due]:
    """What was invoiced for the period that is to follow, and is not settled."""
    rows = open_dues().where(Due.membership_id == period.id, Due.renews)
    return [due for due, _open in db.session.execute(rows)]


def _invoiced(period: Membership, now: datetime) -> list[Due]:
    """The dues of the period that is to follow: raised with the first reminder."""
    if _to_be_invoiced(period):
        return raise_for(period, now=now, by=None, renews=True)
    return renewal_dues(period)


def _to_be_invoiced(period: Membership) -> bool:
    """Whether the period can go on as it is, has not lapsed, and was not invoiced before: what the treasurer has taken
    back stays so."""
    before = exists().where(Due.membership_id == period.id, Due.renews)
    return period.tier.offered and replacement_of(period) is None and not db.session.scalar(select(before))


def preview(period: Membership, event: forecast.Event, day: date) -> Written:
    """Subject and Markdown of what would be written on a day, without the link that is the reader's alone."""
    if event is LAPSE:
        return said(LAPSED, period, (), day, HIDDEN)
    return _renewal(period, would_owe(period, day), day, HIDDEN)


def would_owe(period: Membership, day: date) -> list[Due]:
    """What `_invoiced` gives or would raise, without raising it: such an invoice has no number yet."""
    if period.ends_on is None:
        return []
    if not _to_be_invoiced(period):
        return renewal_dues(period)
    tier, starts_on = period.tier, period.ends_on + timedelta(days=1)
    due_on = max(day + timedelta(days=DAYS_TO_PAY), starts_on)
    last, amount = tier.last_day(starts_on), dues_from(tier, starts_on)
    due = Due(kind=DueKind.DUES, amount=amount, currency=tier.currency, due_on=due_on)
    due.about, due.tier = f"{tier.name}, {spoken_period(starts_on, last)}", tier
    due.period_starts_on, due.period_ends_on = starts_on, last
    return [due] if amount else []


def _lapse(period: Membership, by: By, today: date, now: datetime) -> None:
    if replacement_of(period) is not None or period.good_until is None:
        return  # it went with the one that covers it, in this very batch
    ended = end_period(period, Status.LAPSED, period.good_until + timedelta(days=1), now=now, by=None)
    if by is By.MAIL and today - ended.starts_on <= forecast.LATEST:
        letter = said(LAPSED, period, (), today, link(period.person))
        _write(period.person, f"lapsed:{ended.id}", letter, now)

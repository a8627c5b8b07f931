"""How much mail may leave in which time, where a mail server or its keeper sets limits.

What has left is counted anew from the letters themselves, by the index of when they were sent: nothing drifts, and
several workers keep one limit together. A tenth of each limit is for letters that somebody waits for, so that a notice
to thousands never keeps anyone from signing in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from society.db import db
from society.mail.models import IN_HANDS, Letter

PER_MINUTE, PER_HOUR, PER_DOMAIN = "MAIL_PER_MINUTE", "MAIL_PER_HOUR", "MAIL_PER_DOMAIN_PER_MINUTE"
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
TURN = 0x50571A6E
"""The number of the lock by which workers on PostgreSQL count one after the other; no other is taken by number."""


@dataclass(frozen=True)
class Allowance:
    """Which letters may leave now, as a condition on them; None: not one."""

    of_those_waited_for: ColumnElement[bool] | None
    of_many: ColumnElement[bool] | None


def is_limited() -> bool:
    """Whether any limit is set."""
    return any(current_app.config[name] for name in (PER_MINUTE, PER_HOUR, PER_DOMAIN))


def take_turns() -> None:
    """Until this transaction ends, no other worker counts and claims. On SQLite only one writes at a time anyway."""
    if is_limited() and db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(TURN)))


def allowance(now: datetime) -> Allowance:
    """What the limits leave at this moment."""
    if not is_limited():
        return Allowance(true(), true())
    spent = [(current_app.config[name], _left_in(window, now)) for name, window in _windows()]
    domains = _domains(now) if current_app.config[PER_DOMAIN] else {}
    return Allowance(_allowed(spent, domains, bulk=False), _allowed(spent, domains, bulk=True))


def _windows() -> list[tuple[str, timedelta]]:
    return [one for one in ((PER_MINUTE, A_MINUTE), (PER_HOUR, AN_HOUR)) if current_app.config[one[0]]]


def _allowed(spent: list[tuple[int, int]], domains: dict[str, int], *, bulk: bool) -> ColumnElement[bool] | None:
    if any(left >= _share(limit, bulk=bulk) for limit, left in spent):
        return None
    share = _share(current_app.config[PER_DOMAIN], bulk=bulk)
    full = [domain for domain, left in domains.items() if left >= share]
    return _domain().not_in(full) if full else true()


def _share(limit: int, *, bulk: bool) -> int:
    return limit - limit // 10 if bulk else limit


def _left_in(window: timedelta, now: datetime) -> int:
    """How many left within the time until now, and are leaving."""
    sent = select(func.count(Letter.id)).where(Letter.sent_at > now - window)
    leaving = select(func.count(Letter.id)).where(_leaving(now))
    return (db.session.scalar(sent) or 0) + (db.session.scalar(leaving) or 0)


def _domains(now: datetime) -> dict[str, int]:
    """To which domains how many left within a minute, and are leaving."""
    rows = select(_domain().label("domain"), func.count()).where(or_(Letter.sent_at > now - A_MINUTE, _leaving(now)))
    return dict(db.session.execute(rows.group_by("domain")).all())


def _leaving(now: datetime) -> ColumnElement[bool]:
    return and_(Letter.state.in_(IN_HANDS), Letter.claimed_until > now)


def _domain() -> ColumnElement[str]:
    """What stands behind the @ of a letter's address."""
    place = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    return func.lower(func.substr(Letter.to_address, place(Letter.to_address, "@") + 1))

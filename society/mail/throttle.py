"""How much mail may leave in which time, where a mail server or its keeper sets limits.

What servers count is what is offered to them, whether they take it or not. So that is noted, for an hour, each time in
the transaction in which a letter sets out: nothing drifts, and several workers keep one limit together. A tenth of each
limit is for letters that somebody waits for, so that a notice to thousands never keeps anyone from signing in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, insert, select, true

from society.db import db
from society.mail.models import Letter, Offer
from society.text import counted

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


def take_turns(now: datetime) -> None:
    """Until this transaction ends, no other worker counts and claims. On SQLite only one writes at a time anyway."""
    if not is_limited():
        return
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(TURN)))
    db.session.execute(delete(Offer).where(Offer.at <= now - AN_HOUR))


def note_offer(address: str, now: datetime) -> int | None:
    """That a letter to there sets out; the note's number, where that is counted."""
    if not is_limited():
        return None
    return db.session.scalar(insert(Offer).values(at=now, domain=_domain_of(address)).returning(Offer.id))


def take_back_offer(number: int | None) -> None:
    """It did not come so far."""
    if number is not None:
        db.session.execute(delete(Offer).where(Offer.id == number))


def obstacle(address: str, now: datetime) -> str:
    """Why nothing may be offered to that address at this moment, not even what somebody waits for, and how long that
    lasts; empty if something may."""
    to_there = Offer.domain == _domain_of(address)
    spent = [_spent(name, window, true(), now) for name, window in _windows()]
    if current_app.config[PER_DOMAIN]:
        spent.append(_spent(PER_DOMAIN, A_MINUTE, to_there, now))
    return max(spent, default=(timedelta(0), ""))[1]


def _spent(name: str, window: timedelta, which: ColumnElement[bool], now: datetime) -> tuple[timedelta, str]:
    """How long until less than the limit was offered within the time before, and the sentence that says so."""
    limit = current_app.config[name]
    rows = select(Offer.at).where(which, Offer.at > now - window).order_by(Offer.at.desc())
    last = db.session.scalar(rows.offset(limit - 1).limit(1))
    if last is None:
        return timedelta(0), ""
    left = last + window - now
    why = f"As many letters were offered as may be (SOCIETY_{name}={limit})."
    return left, f"{why} There is room again in {_in_words(left)}."


def _in_words(left: timedelta) -> str:
    if left <= A_MINUTE:
        return counted(ceil(left.total_seconds()), "second")
    return f"{ceil(left / A_MINUTE)} minutes"


def allowance(now: datetime) -> Allowance:
    """What the limits leave at this moment."""
    if not is_limited():
        return Allowance(true(), true())
    spent = [(current_app.config[name], _offered_in(window, now)) for name, window in _windows()]
    domains = _domains(now) if current_app.config[PER_DOMAIN] else {}
    return Allowance(_allowed(spent, domains, bulk=False), _allowed(spent, domains, bulk=True))


def _windows() -> list[tuple[str, timedelta]]:
    return [one for one in ((PER_MINUTE, A_MINUTE), (PER_HOUR, AN_HOUR)) if current_app.config[one[0]]]


def _allowed(spent: list[tuple[int, int]], domains: dict[str, int], *, bulk: bool) -> ColumnElement[bool] | None:
    if any(offered >= _share(limit, bulk=bulk) for limit, offered in spent):
        return None
    share = _share(current_app.config[PER_DOMAIN], bulk=bulk)
    full = [domain for domain, offered in domains.items() if offered >= share]
    return _domain().not_in(full) if full else true()


def _share(limit: int, *, bulk: bool) -> int:
    return limit - limit // 10 if bulk else limit


def _offered_in(window: timedelta, now: datetime) -> int:
    """How many were offered within the time until now."""
    return db.session.scalar(select(func.count(Offer.id)).where(Offer.at > now - window)) or 0


def _domains(now: datetime) -> dict[str, int]:
    """To which domains how many were offered within a minute."""
    rows = select(Offer.domain, func.count()).where(Offer.at > now - A_MINUTE).group_by(Offer.domain)
    return dict(db.session.execute(rows).all())


def _domain_of(address: str) -> str:
    return address.partition("@")[2].lower()


def _domain() -> ColumnElement[str]:
    """What stands behind the @ of a letter's address."""
    place = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    return func.lower(func.substr(Letter.to_address, place(Letter.to_address, "@") + 1))

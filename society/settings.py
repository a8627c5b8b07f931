"""What the society's staff decide about it: one row, edited at `/organize/settings`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g
from sqlalchemy import JSON, CheckConstraint, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column

from society.db import Model
from society.rows import Peek, unbound
from society.text import in_ascii


class Society(Model):
    """The society that this installation serves."""

    __tablename__ = "society"
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)

    name: Mapped[str] = mapped_column(String(120), default="Our society")
    tagline: Mapped[str] = mapped_column(String(200), default="")
    welcome: Mapped[str] = mapped_column(Text, default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    """That in which notices are written first, and what the program writes to those of whom no other is known."""
    sender: Mapped[str] = mapped_column(String(254), default="society@localhost")
    address: Mapped[str] = mapped_column(String(200), default="")
    """Where this site is found, for links in mail and calendars when the setting `BASE_URL` is absent."""
    served_at: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Where `society serve` listened last, which does while nobody has said where people reach this site."""
    postal_address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Where letters that cannot be delivered come back to; a line each of what stands on an envelope."""
    accent: Mapped[str | None] = mapped_column(String(7))
    set_up_at: Mapped[datetime | None]
    setup_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the one-time link by which the first admin comes in."""
    join_questions: Mapped[str] = mapped_column(Text, default="")
    """What applicants are asked besides, one question a line; those that end in * must be answered."""
    consent: Mapped[str] = mapped_column(Text, default="")
    """What people agree to when they join, in Markdown; nothing is asked while it is empty."""
    reminder_days: Mapped[str] = mapped_column(String(100), default="30 7 -7")
    """On which days reminders to renew go out, counted back from the last day of the period."""
    remind_before: Mapped[int | None]
    """How many minutes before an event those who are going are reminded, unless its organizers plan otherwise."""
    thank_after: Mapped[int | None]
    """How many minutes after an event those who came are thanked."""
    meeting_days: Mapped[int] = mapped_column(default=14, server_default="14")
    """How many days before a general meeting its members must have been called to it."""
    hold_minutes: Mapped[int] = mapped_column(default=5, server_default="5")
    """How long a notice waits before its first letter leaves, and news of a seat that is somebody's: so long it can be
    taken back, or stopped."""
    guests_kept_months: Mapped[int | None]
    """After how many months a guest without a sign-in or membership is forgotten; None keeps them."""
    iban: Mapped[str] = mapped_column(String(34), default="")
    bic: Mapped[str] = mapped_column(String(11), default="")
    account_holder: Mapped[str] = mapped_column(String(70), default="")
    payment_terms: Mapped[str] = mapped_column(Text, default="")
    """How dues can be paid besides, in Markdown; on invoices and renewal pages."""
    bank_columns: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """How the bank's statements name their columns, as last chosen."""
    has_sisters: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether calendars of other societies are shown beside ours, so that all others need not look for any."""
    salt: Mapped[str] = mapped_column(String(43), default=lambda: token_urlsafe(32))
    """Goes into the hashes of erased addresses."""
    rendered_for: Mapped[str] = mapped_column(String(300), default="")
    """Under which site address, zone data and edition of the program the stored calendar entries are rendered."""
    rendered_to: Mapped[int | None]
    """Up to which event's number, while that is under way (see `society.calendars.upkeep`)."""

    def after_hold(self, now: datetime) -> datetime:
        """When what is handed over now, and held for a while, leaves: so long somebody can think better of it."""
        return now + timedelta(minutes=self.hold_minutes)


def society() -> Society:
    """The society as it stands, read once per request; a copy, which no change of a transaction touches.

    To change it, load the row itself, and call `renew` so that what is rendered from then on has the new values.
    """
    found: Society | None = g.get("society")
    if found is None:
        found = g.society = _copy(_stored())
    return found


def told(row: Sequence[Any]) -> None:
    """Let `society` tell what was read of it beside something else, by `COLUMNS`, unless it was read already."""
    if "society" not in g:
        g.society = _copy(row if row[0] else None)


def renew() -> None:
    """Let `society` tell what this transaction has made of it."""
    g.society = _copy(_stored.here())


COLUMNS = list(Society.__table__.columns)
_stored = Peek(select(*COLUMNS))  # there is one, as the constraint says


def _copy(row: Sequence[Any] | None) -> Society:
    return unbound(Society, row) if row else _NOT_SET_UP


_NOT_SET_UP = Society(
    id=1,
    name="Our society",
    tagline="",
    welcome="",
    zone="UTC",
    language="en",
    sender="society@localhost",
    address="",
    served_at="",
    postal_address="",
    join_questions="",
    consent="",
    reminder_days="",
    meeting_days=14,
    hold_minutes=5,
    iban="",
    bic="",
    account_holder="",
    payment_terms="",
    bank_columns={},
    has_sisters=False,
    salt="",
    rendered_for="",
)


UNKNOWN = "http://address-not-set.invalid"
"""Stands in links for the address of this site until somebody says it (RFC 2606, 2)."""


def stated_address() -> str:
    """Where people reach this site, as whoever runs it says; empty until they do. Never what a request names: anybody
    can name anything there, and it would stand in others' letters and calendars."""
    return current_app.config["BASE_URL"] or society().address or society().served_at


def site_address() -> str:
    """Where people reach this site, without a final slash. In ASCII, as addresses of the web are (RFC 3986, 3.2.2),
    whatever script its domain is in."""
    return _in_full_ascii((stated_address() or UNKNOWN).rstrip("/"))


@lru_cache(10)
def _in_full_ascii(url: str) -> str:
    place = urlsplit(url).netloc
    host, colon, port = place.partition(":")
    return url if place.isascii() else url.replace(place, f"{in_ascii(host)}{colon}{port}", 1)


def absolute(path: str) -> str:
    """The full address of a path of this site, for mail and calendars."""
    return site_address() + path

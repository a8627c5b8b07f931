"""Those who follow by a calendar of their own, and the apps that fetch it and the public feeds."""

from datetime import datetime, timedelta

from society.calendars.apps import App
from society.calendars.models import Feed, Fetch, Subscription
from society.calendars.queries import ALL, OPEN
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.people import Register
from society.events.models import Event

_FOLLOWS = 0.35
"""The share of people who have made an address of their own."""
_APPS = {App.IOS: 3.0, App.GOOGLE: 3.4, App.MACOS: 0.9, App.OUTLOOK_WEB: 1.1, App.THUNDERBIRD: 0.8, App.DAVX5: 0.6}
_PUBLIC = {ALL: (App.GOOGLE, App.IOS, App.MACOS, App.OUTLOOK_WEB, App.THUNDERBIRD), OPEN: (App.GOOGLE, App.KDE)}


class Readers:
    """Most have the last change of an event, some an earlier state, and a few have never fetched anything."""

    def __init__(self, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk
        self._changed_at = now - timedelta(days=30)

    def note(self, event: Event) -> None:
        """Remember when an event that is still to come was changed last."""
        if event.sequence and event.starts_at > self._now >= event.revised_at:
            self._changed_at = max(self._changed_at, event.revised_at)

    def follow(self, register: Register) -> None:
        """Give them their addresses, of which nobody knows more than a hash."""
        for number, (since, email) in enumerate(zip(register.since, register.emails, strict=True), 1):
            if email and self._chance.is_so(_FOLLOWS):
                self._follow(number, since)
        for key, apps in _PUBLIC.items():
            self._open(key)
            for app in apps:
                fetched = self._lately()
                self._bulk.add(Fetch(key=key, app=app, fetched_at=fetched, given_at=self._changed_at))

    def _follow(self, number: int, since: datetime) -> None:
        row = Subscription(person_id=number, token_hash=self._chance.token(64), everything=self._chance.is_so(0.4))
        row.created_at = self._chance.moment(since, max(since, self._changed_at) + timedelta(minutes=1))
        self._open(f"person/{number}")
        if not self._chance.is_so(0.05):
            row.fetched_by = self._chance.weighed(_APPS)
            row.fetched_at, row.given_at = self._lately(), self._changed_at
            if self._chance.is_so(0.25):  # taken out of the app, or the phone is off
                row.fetched_at = row.given_at = self._changed_at - timedelta(hours=self._chance.randint(2, 900))
        self._bulk.add(row)

    def _open(self, key: str) -> None:
        """A version that the first fetch finds out of date, so that it is made as the program makes it."""
        self._bulk.add(Feed(key=key, version=1, changed_at=self._changed_at, stale_at=self._now))

    def _lately(self) -> datetime:
        return self._chance.moment(self._now - timedelta(hours=20), self._now)

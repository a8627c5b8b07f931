"""Ten years of people: who came when, who joined, who left again."""

from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.history import History, Span, spans
from society.demo.ledger import Ledger
from society.demo.names import GIVEN, a_name
from society.demo.particulars import Particulars
from society.demo.tiers import HOUSEHOLDS, MEMBERS, TIERS, made
from society.membership.models import Membership, Status, Tier
from society.people.models import Person, Rhythm, Role, RoleName
from society.text import slug

YEARS = 10

SIGN_INS = ("admin@example.org", "organizer@example.org", "member@example.org")
ADMIN, ORGANIZER, MEMBER, SECRETARY = 1, 2, 3, 4
"""The numbers of the first people."""
PAPER, GATHERED = 23, 17
"""One in so many would rather have letters than mail, or what can wait once a week."""

FATES = {"stays": 63.0, "lapsed": 10.0, "returned": 3.0, "resigned": 4.0, "rejected": 1.0, "guest": 19.0}
"""What becomes of a hundred people."""

DOUBLES = 2
"""So many of those who wait for an answer seem to be in the register already."""


class Register:
    """Everyone there is, in the order in which the society came to know them."""

    def __init__(self, count: int, now: datetime, password_hash: str, chances: dict[str, Chance], bulk: Bulk) -> None:
        self._count, self._now = count, now
        self._password_hash, self._chance, self._bulk = password_hash, chances["people"], bulk
        self._founders = max(count // 4, len(SIGN_INS) + 1)
        self._addresses: set[str] = set()
        self.since: list[datetime] = []
        self.names: list[str] = []
        self.emails: list[str | None] = []
        self.on_paper: set[int] = set()
        self._standing: list[list[Span]] = []
        self.tiers = [made(position) for position in range(len(TIERS))]
        self._particulars = Particulars(self._founders, chances["particulars"], bulk)
        self.ledger = Ledger(now, SECRETARY, chances["ledger"], bulk)
        self._history = History(now, self.tiers, SECRETARY, self.ledger, self._chance, bulk)
        self._household: tuple[Person, list[Membership]] | None = None
        self._left_to_cover = 0
        self._doubled: list[Person] = []

    def enrol(self) -> Iterator[None]:
        """Add them all, one a step, after the tiers that they belong to."""
        for tier in self.tiers:
            self._bulk.add(tier)
        self._particulars.prepare()
        for number, since in enumerate(self._arrivals(), 1):
            self._enrol(number, since)
            self._bulk.flush_if_many()
            yield

    def known_at(self, moment: datetime) -> int:
        """How many people were known then: those numbered from 1 up to that."""
        return bisect(self.since, moment)

    def is_member(self, number: int, on: date) -> bool:
        """Whether they were in good standing on that day."""
        # Asked a million times over, for which `any` would take twice as long.
        for first, last in self._standing[number - 1]:  # noqa: SIM110
            if first <= on and (last is None or on <= last):
                return True
        return False

    def is_guest(self, number: int) -> bool:
        return not self._standing[number - 1]

    def _arrivals(self) -> list[datetime]:
        """A quarter was there when the register began; some wait for an answer to their application now."""
        first = self._now - timedelta(days=365 * YEARS)
        spans = [(first - timedelta(days=200), first)] * self._founders
        spans += [(first, self._now - timedelta(days=21))] * (self._count - self._founders - self._applicants)
        spans += [(self._now - timedelta(days=20), self._now - timedelta(days=1))] * self._applicants
        return sorted(self._chance.moment(*span) for span in spans[: self._count])

    @property
    def _applicants(self) -> int:
        return min(self._count // 8, max(self._count // 50, 3), 40)

    def _enrol(self, number: int, since: datetime) -> None:
        fate = "stays" if number <= SECRETARY else self._chance.weighed(FATES)
        if number > self._count - self._applicants:
            self._wait(number, since)
        elif self._left_to_cover and number > SECRETARY:
            self._join_household(number, since)
        else:
            self._live(number, since, fate)

    def _live(self, number: int, since: datetime, fate: str) -> None:
        """A guest, or somebody who applied and was admitted or rejected."""
        tier = None if fate == "guest" else self._tier(number, fate)
        person = self._person(a_name(self._chance), number, since, fate)
        self._particulars.fill(person, number, tier)
        self._add(person)
        rows: list[Membership] = []
        if tier:
            application = self._history.application(person, tier, since + timedelta(hours=1))
            if fate == "rejected":
                self._history.reject(application, tier)
            else:
                rows = self._history.admit(person, application, tier, fate)
            self._particulars.add_to(person)
        self._note(person, rows)
        self._take_up(person, tier, rows)

    def _take_up(self, person: Person, tier: Tier | None, rows: list[Membership]) -> None:
        """Let the next to come live with somebody who pays for a household; remember whom others may resemble."""
        if tier is self.tiers[HOUSEHOLDS] and rows:
            for row in rows:
                row.covers_name = f"The {_family(person)} household" if row.status is Status.ACTIVE else ""
            self._household, self._left_to_cover = (person, rows), self._chance.randint(1, 2)
        elif person.address and rows and person.id > SECRETARY and len(self._doubled) < DOUBLES:
            self._doubled.append(person)

    def _join_household(self, number: int, since: datetime) -> None:
        assert self._household
        payer, rows = self._household
        self._left_to_cover -= 1
        tier = self.tiers[HOUSEHOLDS]
        person = self._person(f"{self._chance.choice(GIVEN)} {_family(payer)}", number, since, "stays")
        person.city, person.address = payer.city, payer.address
        self._particulars.fill(person, number, tier)
        self._add(person)
        self._particulars.add_to(person)
        self._note(person, self._history.cover(person, rows, tier))

    def _wait(self, number: int, since: datetime) -> None:
        """Somebody who applied lately; the last ones look like people whom the register knows."""
        tier = self.tiers[MEMBERS]
        double = self._doubled[self._count - number] if self._count - number < len(self._doubled) else None
        name = _alike(double.name) if double else a_name(self._chance)
        person = self._person(name, number, since, "applied")
        if double:
            person.city, person.address = double.city, double.address
        self._particulars.fill(person, number, tier)
        self._add(person)
        self._particulars.add_to(person)
        application = self._history.application(person, tier, since + timedelta(hours=1))
        self._history.ask_back(application)
        self._note(person, [])

    def _tier(self, number: int, fate: str) -> Tier:
        """Nobody resigns from what others are covered by."""
        if number <= SECRETARY or fate == "rejected":
            return self.tiers[MEMBERS]
        shares = {position: float(offer.share) for position, offer in enumerate(TIERS)}
        if fate == "resigned":
            del shares[HOUSEHOLDS]
        return self.tiers[self._chance.weighed(shares)]

    def _person(self, name: str, number: int, since: datetime, fate: str) -> Person:
        chance = self._chance
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
            card_key=chance.token(),
        )

    def _add(self, person: Person) -> None:
        person.by_letter = bool(person.email and person.address) and len(self.emails) % PAPER == PAPER - 1
        person.rhythm = Rhythm.WEEKLY if len(self.emails) % GATHERED == GATHERED - 1 else Rhythm.AT_ONCE
        self._bulk.add(person)
        if role := _ROLES.get(person.id):
            self._bulk.add(Role(person_id=person.id, name=role, given_at=person.created_at))

    def _address(self, name: str) -> str:
        local = slug(name, taken=self._addresses.__contains__)
        self._addresses.add(local)
        return f"{local.replace('-', '.')}@example.org"

    def _note(self, person: Person, rows: list[Membership]) -> None:
        """Keep what events need to know of them."""
        self.since.append(person.created_at)
        self.names.append(person.name)
        self.emails.append(person.email)
        if person.by_letter:
            self.on_paper.add(person.id)
        self._standing.append(spans(rows))


_ROLES = {ADMIN: RoleName.ADMIN, ORGANIZER: RoleName.ORGANIZER}
"""Given by themselves; the secretary's comes with the office."""


def _family(person: Person) -> str:
    return person.name.partition(" ")[2]


def _alike(name: str) -> str:
    """The same name as somebody else might have written it."""
    given, _, family = name.partition(" ")
    return f"{given[0]}. {family}" if len(given) > 5 else name

"""Filling an empty database, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import g
from sqlalchemy import exists, select

from society.calendars.render import rendering
from society.db import db
from society.demo.answers import Hall, who_answers
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.circle import Circle
from society.demo.congress import Congress
from society.demo.contacts import Contacts
from society.demo.events import Announcer
from society.demo.helpers import Helpers
from society.demo.illustrations import Illustrations
from society.demo.leftovers import Leftovers
from society.demo.letters import PostOffice
from society.demo.offices import Electorate
from society.demo.people import ADMIN, SECRETARY, Register
from society.demo.questionnaire import Questionnaire
from society.demo.readers import Readers
from society.demo.setting import SOCIETY, ZONE
from society.demo.slots import Programme, Trait
from society.demo.wishes import Wishes
from society.errors import Refused
from society.events.models import Category, Event, Venue
from society.membership.models import Tier
from society.organizations.models import Organization
from society.people.models import Person
from society.people.passwords import hash_password
from society.register.models import SavedView
from society.reminders.models import DAY
from society.rsvps.models import Rsvp
from society.settings import Society
from society.times import midnight

PASSWORD = "society-demo"  # noqa: S105, it is printed for everybody

LEAST_PEOPLE = SECRETARY
"""An admin, an organizer, a member and a secretary."""


VIEWS = {"Tea rota": "tag=tea+rota&standing=yes", "Letters by post": "standing=yes&no_email=1"}
"""Views of the register that staff have saved, by name."""


@dataclass(frozen=True)
class Size:
    """How large the society is."""

    people: int
    events: int
    rsvps: int


class Demo:
    """A society in the making, in one transaction that the caller has begun and commits."""

    def __init__(self, size: Size, seed: int, today: date, password_hash: str) -> None:
        now = midnight(today, ZONE)
        self._size, self._now, self._bulk = size, now, Bulk()
        parts = (
            "people",
            "particulars",
            "ledger",
            "offices",
            "programme",
            "events",
            "answers",
            "letters",
            "congress",
            "questionnaire",
            "readers",
            "illustrations",
            "leftovers",
            "wishes",
            "helpers",
            "contacts",
            "salt",
        )
        chances = {part: Chance(f"{seed} {part}") for part in parts}
        self._answering, self._salt = chances["answers"], chances["salt"].token(43)
        self.register = Register(size.people, now, password_hash, chances, self._bulk)
        self._electorate = Electorate(self.register, today, chances["offices"], self._bulk)
        self._programme = Programme(size.events, now, chances["programme"])
        illustrations = Illustrations(chances["illustrations"], self._bulk)
        leftovers = Leftovers(now, chances["leftovers"], self._bulk)
        self._announcer = Announcer(
            now,
            chances["events"],
            self._bulk,
            circle=Circle(self._programme.course, now, self._bulk),
            contacts=Contacts(now, chances["contacts"], self._bulk),
            illustrations=illustrations,
            leftovers=leftovers,
        )
        self.helpers = Helpers(now, chances["helpers"], self._bulk)
        self._congress = Congress(chances["congress"], self._bulk)
        self._questionnaire = Questionnaire(chances["questionnaire"], self._bulk)
        self._post_office = PostOffice(now, self.register, chances["letters"], self._bulk)
        self._wishes = Wishes(now, chances["wishes"], self._bulk)
        self._readers = Readers(now, chances["readers"], self._bulk)
        self.answers = 0

    def steps(self) -> Iterator[tuple[str, int, Iterator[None]]]:
        """Each part of the work: what it is called, how many steps it takes about, and the steps."""
        yield "People", self._size.people, self._enrol()
        yield "Ledger", self.register.ledger.claims, self.register.ledger.enter()
        yield "Events", self._size.events, self._announce()
        yield "Notices", len(self._post_office.chosen()), self._write()

    def _enrol(self) -> Iterator[None]:
        check_empty()
        self._settle()
        yield from self.register.enrol()
        self._electorate.elect()
        for person_id in (ADMIN, SECRETARY):
            for name, query in VIEWS.items():
                self._bulk.add(SavedView(person_id=person_id, name=name, query=query))

    def _settle(self) -> None:
        """Name the society; its set-up link, if one was printed, dies."""
        row = db.session.get(Society, 1) or Society(id=1)
        for name, value in SOCIETY.items():
            setattr(row, name, value)
        row.remind_before = DAY
        row.zone, row.set_up_at, row.setup_hash, row.salt = ZONE, self._now, None, self._salt
        db.session.add(row)
        db.session.flush()
        g.pop("society", None)  # what was read before is out of date
        row.rendered_for = rendering()
        db.session.flush()

    def _announce(self) -> Iterator[None]:
        self._announcer.prepare()
        slots = self._programme.slots
        most = [self.register.known_at(slot.opens_at) * 2 // 3 for slot in slots]
        owed = 0  # answers for which an earlier event did not find enough people
        for slot, wanted in zip(slots, self._programme.answers(self._size.rsvps, most), strict=True):
            event = self._announcer.announce(slot, wanted)
            asked = wanted + min(owed, wanted // 4)
            rsvps = self._answer(event, asked) if asked else []
            if slot.trait is Trait.CONGRESS:
                self._congress.plan(event)
                self._congress.seat(rsvps)
                self._questionnaire.hand_out(event, rsvps)
            owed += wanted - len(rsvps)
            self._post_office.note(event, rsvps)
            self.helpers.note(event, rsvps)
            self._readers.note(event)
            self._wishes.voice(event, rsvps)
            self._bulk.flush_if_many()
            yield

    def _answer(self, event: Event, count: int) -> list[Rsvp]:
        numbers = who_answers(event, count, self.register, self._answering)
        rsvps = Hall(event, self._now, self._answering, self._bulk).fill(numbers, self.register)
        self.answers += len(rsvps)
        return rsvps

    def _write(self) -> Iterator[None]:
        yield from self._post_office.write()
        self._readers.follow(self.register)
        self._bulk.finish()


def check_empty() -> None:
    """Refuse a database that somebody uses."""
    for model in (Person, Event, Organization, Venue, Category, Tier):
        if db.session.scalar(select(exists(select(model.id)))):
            raise Refused("There is something in this database already; the demo fills only an empty one.")


def demo_password_hash() -> str:
    """The same for each installation: everybody may know this password, and the same seed gives the same data."""
    return hash_password(PASSWORD, salt=b"society-demo-0000")

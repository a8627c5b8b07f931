"""Offices and committees over the years, and who held them."""

from datetime import date, timedelta
from typing import NamedTuple

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.people import MEMBER, ORGANIZER, SECRETARY, YEARS, Register
from society.demo.setting import ZONE
from society.offices.models import Office, Term
from society.people.models import Role, RoleName
from society.times import midnight

_TERM_YEARS = 2
_TRIES = 60


class Post(NamedTuple):
    """An office; whoever is given holds it now."""

    title: str
    committee: str
    about: str
    role: RoleName | None = None
    held_by: int | None = None


POSTS = (
    Post("Chairperson", "", "Opens the evenings, closes the arguments."),
    Post("Secretary", "", "Keeps the register and the minutes.", RoleName.SECRETARY, SECRETARY),
    Post("Treasurer", "", "Dues, tea money and the report to the general meeting."),
    Post("Programme Secretary", "", "Finds speakers and halls.", None, ORGANIZER),
    Post("Convenor", "Library Committee", "The reading room and what stands in it."),
    Post("Keeper of the slides", "Library Committee", "Two thousand lantern slides."),
    Post("Convenor", "Walks Committee", "Six walks a year, whatever the weather."),
    Post("Member", "Walks Committee", "", None, MEMBER),
)


class Electorate:
    """General meetings: every second year, in June."""

    def __init__(self, register: Register, today: date, chance: Chance, bulk: Bulk) -> None:
        self._register, self._today, self._chance, self._bulk = register, today, chance, bulk

    def elect(self) -> None:
        """Add the offices and their terms, the first ones first."""
        for position, post in enumerate(POSTS):
            office = Office(title=post.title, committee=post.committee, about=post.about, position=position)
            office.role = post.role
            self._bulk.add(office)
            for starts_on in self._meetings():
                self._fill(office, post, starts_on)

    def _meetings(self) -> list[date]:
        last = self._today.year if self._today >= date(self._today.year, 6, 10) else self._today.year - 1
        return [date(year, 6, 10) for year in range(last - YEARS + _TERM_YEARS, last + 1, _TERM_YEARS)]

    def _fill(self, office: Office, post: Post, starts_on: date) -> None:
        after = starts_on.replace(year=starts_on.year + _TERM_YEARS)
        is_current = after > self._today
        holder = post.held_by if post.held_by and is_current else self._somebody(starts_on)
        if holder is None:
            return
        term = Term(office_id=office.id, person_id=holder, starts_on=starts_on, ends_on=after - timedelta(days=1))
        self._bulk.add(term)
        if is_current and post.role:
            given_at = midnight(starts_on, ZONE)
            days = {"starts_on": term.starts_on, "ends_on": term.ends_on}
            self._bulk.add(Role(person_id=holder, name=post.role, given_at=given_at, term_id=term.id, **days))

    def _somebody(self, on: date) -> int | None:
        """A member of that day."""
        known = self._register.known_at(midnight(on, ZONE))
        for _ in range(_TRIES if known else 0):
            number = self._chance.randint(1, known)
            if self._register.is_member(number, on):
                return number
        return None

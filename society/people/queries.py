"""Finding people, their links, and who has which role."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload

from society.db import db
from society.people.models import FormerPerson, OneTimeLink, Person, Purpose, Role, RoleName
from society.tokens import hashed


def person_by_email(email: str) -> Person | None:
    """Whose address that is.

    One statement whether there is such a person or not (their roles are read when needed), so that the time it takes
    does not tell.
    """
    found = select(Person).where(Person.email == email.lower()).options(lazyload(Person.roles))
    return db.session.scalars(found).one_or_none()


def sealed_for(number: int | None, fits: Callable[[int, str], bool]) -> Person | None:
    """Whose standing link it is, with `fits` to tell by number and key; whoever was merged goes on in who stayed."""
    person = db.session.get(Person, number) if number else None
    if person and fits(person.id, person.link_key):
        return person
    former = db.session.scalars(select(FormerPerson).where(FormerPerson.number == number)).all() if number else ()
    true = next((one for one in former if fits(one.number, one.link_key)), None)
    return db.session.get(Person, true.person_id) if true else None


def link_keys(person: Person) -> Iterator[str]:
    """What seals links to rows of theirs: their own key, then those of people who were merged into them."""
    yield person.link_key
    yield from db.session.scalars(select(FormerPerson.link_key).where(FormerPerson.person_id == person.id)).all()


def former_addresses(person: Person) -> set[str]:
    """By what else they were known before a merge."""
    rows = select(FormerPerson.address).where(FormerPerson.person_id == person.id, FormerPerson.address.is_not(None))
    return set(db.session.scalars(rows))


def kinds_of(column: InstrumentedAttribute[str]) -> Select[str]:
    """What stands in an indexed column of people, each once; nothing for what is empty.

    Taken off the index one after the other, since there are far fewer cities and languages than people.
    """
    first = select(func.min(column).label("kind")).where(column > "").cte(f"{column.key}_kinds", recursive=True)
    following = select(func.min(column)).where(column > first.c.kind).scalar_subquery()
    kinds = first.union_all(select(following).where(first.c.kind.is_not(None)))
    return select(kinds.c.kind).where(kinds.c.kind.is_not(None))


def open_link(secret: str, purpose: Purpose, now: datetime) -> OneTimeLink | None:
    """The link with that secret, if it is still good."""
    rows = select(OneTimeLink).where(OneTimeLink.secret_hash == hashed(secret))
    link = db.session.scalars(rows.options(joinedload(OneTimeLink.person))).one_or_none()
    return link if link and link.holds(purpose, now) else None


def staff() -> Select[Person]:
    """Everyone with a role, by name; also where the term it comes with is over or still to come."""
    return select(Person).where(Person.roles.any()).order_by(Person.name, Person.id)


def counts_on(day: date) -> ColumnElement[bool]:
    """Whether a role counts on that day: one that comes with a term of office does so only within it."""
    return and_(
        or_(Role.starts_on.is_(None), Role.starts_on <= day),
        or_(Role.ends_on.is_(None), Role.ends_on >= day),
    )


def admins(on: date) -> Select[Role]:
    """The admins' roles of that day; locked while one of them is to be taken, so that two at once cannot take the last
    two."""
    return select(Role).where(Role.name == RoleName.ADMIN, counts_on(on)).with_for_update()


def last_day_of_admins(on: date) -> date | None:
    """The last day on which there is an admin, as the terms of office stand; None if no end is in sight. The day before
    `on` if there is none on that day itself."""
    day = on - timedelta(days=1)
    roles = select(Role).where(Role.name == RoleName.ADMIN, or_(Role.ends_on.is_(None), Role.ends_on >= on))
    for role in sorted(db.session.scalars(roles), key=lambda role: role.starts_on or on):
        if (role.starts_on or on) > day + timedelta(days=1):
            break
        if role.ends_on is None:
            return None
        day = max(day, role.ends_on)
    return day


def names_of(numbers: Collection[int]) -> dict[int, str]:
    """What the people with those numbers are called."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(numbers)))
    return {row.id: row.name for row in rows}

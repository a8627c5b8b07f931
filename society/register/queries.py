"""Reading the register as a list: whom a question finds, a page of them, how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, func, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from society.db import db
from society.languages import with_families
from society.membership.models import Membership, Status, Tier
from society.membership.queries import gives_standing, in_good_standing
from society.people.models import Person, Role, Tag, person_tag
from society.people.queries import kinds_of
from society.register.filters import Filter, ending, filters, joining, name_key
from society.register.models import SavedView
from society.register.wanted import Wanted

ON_A_PAGE = 50
FEW = 20_000
"""Of so many at most are all numbers gathered; above, people are gone through in the order of the list."""
COUNTED = 4_000
"""Of more than these, no list says how many exactly: counting them would cost more than the page itself."""


def found(wanted: Wanted, on: date) -> Select[int]:
    """The numbers of everyone who is found, in no order. Erased people never are."""
    return _narrowed(list(filters(wanted, on)), None)


def _narrowed(given: list[Filter], driver: Filter | None) -> Select[int]:
    people = select(Person.id).where(Person.erased_at.is_(None))
    if driver is not None and driver.numbers is not None:
        people = people.where(Person.id.in_(driver.numbers))
    return people.where(*(one.holds for one in given if one is not driver or not one.exact))


@dataclass(frozen=True)
class Choices:
    """What filters can be chosen from, and how many pass each of those that are asked for, up to a bound."""

    tiers: dict[int, str]
    tags: list[str]
    languages: list[str]
    views: dict[str, str]
    sizes: dict[int, int]


def choices(reader: Person, given: list[Filter]) -> Choices:
    """All that the list's page needs besides its rows, in one statement."""
    read = kinds_of(Person.language).subquery()
    parts: list[Any] = [
        select(literal("tier").label("kind"), Tier.id.label("number"), Tier.name.label("name"), literal("").label("x")),
        select(literal("tag"), Tag.id, Tag.name, literal("")),
        select(literal("language"), literal(0), read.c.kind, literal("")),
        select(literal("view"), SavedView.id, SavedView.name, SavedView.query).where(SavedView.person_id == reader.id),
        *(_size(place, one.numbers) for place, one in enumerate(given) if one.numbers is not None),
    ]
    rows = db.session.execute(union_all(*parts)).all()
    kinds = {kind: [row for row in rows if row[0] == kind] for kind in ("tier", "tag", "language", "view", "size")}
    return Choices(
        tiers={row[1]: row[2] for row in kinds["tier"]},
        tags=sorted((row[2] for row in kinds["tag"]), key=str.casefold),
        languages=with_families(row[2] for row in kinds["language"]),
        views={row[2]: row[3] for row in sorted(kinds["view"], key=lambda row: row[2].casefold())},
        sizes={int(row[2]): row[1] for row in kinds["size"]},
    )


def _size(place: int, numbers: Select[int]) -> Any:
    bounded = numbers.limit(FEW + 1).subquery()
    return select(literal("size"), func.count(), literal(str(place)), literal("")).select_from(bounded)


@dataclass(frozen=True)
class Page:
    """Some rows of the list, and what leads to the next."""

    rows: Sequence[Row[Any]]
    total: int
    """Of all pages, as far as they were counted."""
    after: str
    """The key of the last row, if more follow."""

    is_more: bool
    """Whether it was counted up to a bound only, and there are more."""


def page(wanted: Wanted, on: date, given: list[Filter], sizes: dict[int, int]) -> Page:
    """A page of the list and the total, in one statement."""
    driver = _driver(given, sizes)
    keyed = _keyed(wanted, on, _narrowed(given, driver))
    if driver is not None:  # those few are gathered once, for the page and for the total
        keyed = select(*keyed.cte().c)
    in_order = keyed if wanted.sort == "name" else keyed.order_by("key")  # or a count would go by a worse index
    all_of_them = driver is not None or (not given and wanted.sort == "name")
    total = _total(in_order, all_of_them=all_of_them)
    some = _after(keyed, wanted).limit(ON_A_PAGE + 1).subquery()
    columns = [_COLUMNS[name](on).label(name) for name in wanted.columns]
    rows = select(Person.id, Person.name, *columns, some.c.key, total.label("total"))
    order = some.c.key if wanted.sort != "joined" else some.c.key.desc()
    last = Person.id if wanted.sort != "joined" else Person.id.desc()
    listed = db.session.execute(rows.join(some, some.c.id == Person.id).order_by(order, last)).all()
    number = listed[0].total if listed else 0
    return Page(listed[:ON_A_PAGE], number, _key(listed, wanted.sort), not all_of_them and number > COUNTED)


def _driver(given: list[Filter], sizes: dict[int, int]) -> Filter | None:
    """The filter that fewest pass, if those are few."""
    place = min(sizes, key=lambda place: sizes[place], default=None)
    return given[place] if place is not None and sizes[place] <= FEW else None


def _keyed(wanted: Wanted, on: date, people: Select[int]) -> Select[Any]:
    """Those people with what they are ordered by."""
    if wanted.sort == "name":
        return people.add_columns(name_key().label("key"))
    day: InstrumentedAttribute[Any] = Membership.starts_on if wanted.sort == "joined" else Membership.ends_on
    conditions = joining(last=on) if wanted.sort == "joined" else ending(on)
    theirs = people.join(Membership, Membership.person_id == Person.id).where(*conditions)
    return theirs.with_only_columns(Membership.person_id.label("id"), day.label("key"))  # in the order of an index


def _after(keyed: Select[Any], wanted: Wanted) -> Select[Any]:
    """The rows after the last one of the page before, in order."""
    person, key = keyed.selected_columns.id, keyed.selected_columns.key
    backwards = wanted.sort == "joined"
    keyed = keyed.order_by(key.desc(), person.desc()) if backwards else keyed.order_by(key, person)
    if not wanted.after:
        return keyed
    day, _, number = wanted.after.rpartition(".")
    last: Any
    if wanted.sort == "name":
        last = select(name_key()).where(Person.id == int(number)).scalar_subquery().correlate(None)
    elif day:
        last = literal(date.fromisoformat(day))
    else:
        return keyed
    here, there = tuple_(key, person), tuple_(last, literal(int(number)))
    return keyed.where(here < there if backwards else here > there)


def _total(keyed: Select[Any], *, all_of_them: bool) -> Any:
    counted = keyed.with_only_columns(keyed.selected_columns.id) if all_of_them else keyed.limit(COUNTED + 1)
    return select(func.count()).select_from(counted.subquery()).scalar_subquery()


def _key(listed: Sequence[Row[Any]], sort: str) -> str:
    if len(listed) <= ON_A_PAGE:
        return ""
    last = listed[ON_A_PAGE - 1]
    return str(last.id) if sort == "name" else f"{last.key}.{last.id}"


def _standing_row(what: Any, on: date) -> Any:
    """Something of the period of theirs that gives good standing for longest."""
    rows = select(what).select_from(Membership).join(Tier, Tier.id == Membership.tier_id)
    rows = rows.where(Membership.person_id == Person.id, gives_standing(on))
    longest = Membership.ends_on.is_(None).desc(), Membership.ends_on.desc(), Membership.id.desc()
    return rows.order_by(*longest).limit(1).correlate(Person).scalar_subquery()


def _joined(on: date) -> Any:
    active = and_(Membership.status == Status.ACTIVE, Membership.starts_on <= on)
    first = select(func.min(Membership.starts_on)).where(Membership.person_id == Person.id, active)
    return first.correlate(Person).scalar_subquery()


def _tags(_on: date) -> Any:
    own = select(func.aggregate_strings(Tag.name, ", ")).join(person_tag, person_tag.c.tag_id == Tag.id)
    return own.where(person_tag.c.person_id == Person.id).correlate(Person).scalar_subquery()


def _roles(_on: date) -> Any:
    own = select(func.aggregate_strings(Role.name, ", ")).where(Role.person_id == Person.id)
    return own.correlate(Person).scalar_subquery()


_COLUMNS: dict[str, Any] = {
    "email": lambda _on: Person.email,
    "phone": lambda _on: Person.phone,
    "city": lambda _on: Person.city,
    "standing": lambda on: in_good_standing(on),
    "tier": lambda on: _standing_row(Tier.name, on),
    "joined": _joined,
    "ends": lambda on: _standing_row(func.coalesce(Membership.ends_on, literal(date.max)), on),
    "tags": _tags,
    "roles": _roles,
    "external_id": lambda _on: Person.external_id,
}

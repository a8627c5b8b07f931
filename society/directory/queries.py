"""Which members others may see, and by what they are found."""

from datetime import date

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import lazyload

from society.db import db
from society.membership.queries import in_good_standing
from society.people.models import Person
from society.text import folded


def listed(on: date) -> Select[Person]:
    """Members in good standing who chose to appear, by name."""
    rows = select(Person).where(in_good_standing(on), Person.shown.contains("name"), Person.erased_at.is_(None))
    return rows.order_by(Person.name, Person.id).options(lazyload(Person.roles))


def called(people: Select[Person], search: str) -> Select[Person]:
    """Those whose name, or city where they show it, holds every word. What they hide does not find them."""
    shows_city = Person.shown.contains("city")
    cities = db.session.scalars(select(Person.city).where(shows_city).distinct()).all() if search else []
    for word in folded(search).split():
        in_city = and_(shows_city, Person.city.in_([city for city in cities if word in folded(city)]))
        people = people.where(or_(Person.folded_name.contains(word, autoescape=True), in_city))
    return people


def beginning_with(people: Select[Person], letter: str) -> Select[Person]:
    """Those whose name begins with that letter, whatever its accent."""
    return people.where(func.substr(Person.folded_name, 1, 1) == letter)


def following(people: Select[Person], number: int | None) -> Select[Person]:
    """Those after the person with that number in the order of the list; an unknown number is the beginning."""
    last = select(Person.name, Person.id).where(Person.id == number)
    found = db.session.execute(last).first() if number else None
    return people.where(tuple_(Person.name, Person.id) > tuple_(*found)) if found else people

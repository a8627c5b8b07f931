"""Pages of notices, for organizers."""

from typing import cast

from flask import Blueprint
from sqlalchemy import select

from society.notices.copies import readers
from society.notices.models import Notice
from society.notices.reach import people
from society.notices.spoken import spoken
from society.people.models import Person
from society.text import counted
from society.times import now
from society.web import find, number_asked

bp = Blueprint("notices", __name__, cli_group="notices")
bp.add_app_template_filter(people, "people")
bp.add_app_template_filter(spoken, "audience")
bp.add_app_template_filter(lambda number: counted(number, "letter"), "letters")


def asked_for(notice_id: int) -> Notice:
    """The notice, or a 404."""
    return cast(Notice, find(select(Notice).where(Notice.id == notice_id)))


def chosen_reader(notice: Notice) -> Person | None:
    """As whom to read it (`?person=ID`, one of those it is for), or None for all at once."""
    number = number_asked("person")
    return cast(Person, find(readers(notice, now()).where(Person.id == number))) if number else None


from society.notices.routes import files, going, links, spam, trial, versions, wordings, writing  # noqa: E402, F401  they hang their pages on `bp`

"""A notice in several languages: which version somebody reads, and how many read which."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func

from society.db import db
from society.languages import best, name_of
from society.mail.queries import Way, way
from society.notices.models import Notice
from society.notices.queries import people_in
from society.people.models import Person
from society.phrases import spoken_to
from society.settings import society
from society.text import listed


@dataclass(frozen=True)
class Said:
    """What a notice says in one language."""

    language: str
    subject: str
    body: str

    @property
    def name(self) -> str:
        return name_of(self.language)


def main(notice: Notice) -> Said:
    """The version that is for whoever reads none of the others, and for all at once; in the society's language."""
    return Said(society().language, notice.subject, notice.body)


def others(notice: Notice) -> Iterator[Said]:
    """Those in further languages."""
    return (Said(one.language, one.subject, one.body) for one in notice.versions)


def said_to(notice: Notice, reader: Person | None) -> Said:
    """The one for that reader."""
    if reader is None or not reader.language:
        return main(notice)
    found = {one.language: one for one in others(notice)}
    language = best(reader.language, found)
    return found[language] if language else main(notice)


def languages_chosen(notice: Notice, now: datetime) -> Mapping[str, int]:
    """What those whom it reaches now have in their profiles, most first, and how many of them; in one query."""
    how, number = way(notice.kind.mailing_list), func.count()
    reached = people_in(notice, now).where(how.in_((Way.MAIL.value, Way.LETTER.value))).order_by(None)
    rows = reached.with_only_columns(Person.language, number).group_by(Person.language)
    return dict(db.session.execute(rows.order_by(number.desc(), Person.language)).all())


def languages_read(notice: Notice, now: datetime) -> set[str]:
    """In which letters would be to those whom it reaches now."""
    return {spoken_to(code, society().language) for code in languages_chosen(notice, now)}


def readers_by_language(notice: Notice, now: datetime) -> Mapping[str, int]:
    """How many of those whom it reaches now read which version."""
    found: Counter[str] = Counter({said.language: 0 for said in (main(notice), *others(notice))})
    for language, number in languages_chosen(notice, now).items():
        found[said_to(notice, Person(language=language)).language] += number
    return found


def spoken_languages(notice: Notice, now: datetime) -> str:
    """ "238 read it in English and 12 in German."; nothing where it says all in one language."""
    if not notice.versions:
        return ""
    told = [f"{number:,} in {name_of(code)}" for code, number in readers_by_language(notice, now).items()]
    return f"Of those whom it reaches, {listed([told[0].replace(' in ', ' read it in ', 1), *told[1:]])}."

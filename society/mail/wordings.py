"""Putting the society's own wording in the place of a built-in one, and taking it away again."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from society.audit.actions import record
from society.db import db
from society.languages import best
from society.mail.filling import names, stray_braces, unknown
from society.mail.models import OwnWording
from society.mail.queries import own_wording
from society.people.models import Person
from society.phrases import languages, spoken_to
from society.settings import society


class Wording(NamedTuple):
    """What a notice begins with, or a letter says."""

    subject: str
    body: str


def strangers(wording: Wording, known: Collection[str]) -> list[str]:
    """Why a wording cannot be filled: a sentence for each field that there is not, for stray braces, and for nothing
    at all."""
    found = [unknown(name) for name in sorted({*names(wording.subject), *names(wording.body)} - set(known))]
    blank = ["The subject or the text is empty."] if not (wording.subject.strip() and wording.body.strip()) else []
    return found + stray_braces(wording.subject) + stray_braces(wording.body) + blank


def usable(rows: Iterable[OwnWording], faults: Callable[[Wording], Collection[str]]) -> dict[str, OwnWording]:
    """Of the society's own words for one thing those that letters can be made of, by language. What was good when it
    was saved may not be so for a later program: no letter stays behind for that, it says what is built in."""
    return {row.language: row for row in rows if not faults(Wording(row.subject, row.body))}


def ours() -> str:
    """The language of what is built in where no other is wanted."""
    return spoken_to("", society().language)


def elsewhere(name: str, rows: Iterable[OwnWording]) -> dict[str, bool]:
    """The further languages that it can be had in, and whether in the society's own words."""
    own = {row.language for row in rows if row.of == name and row.language}
    return {one: one in own for one in sorted({*own, *languages()} - {ours()})}


def said_in(wanted: str, own: Mapping[str, OwnWording], built_in: Callable[[str], Wording]) -> tuple[Wording, str]:
    """What somebody gets who wants that language, and in which it is: the society's own words in it, else the built-in
    ones, else those of the main language."""
    if language := best(wanted, [one for one in own if one]):
        return Wording(own[language].subject, own[language].body), language
    language = best(wanted, languages())
    if language and language != ours():
        return built_in(language), language
    main = own.get("")
    return Wording(main.subject, main.body) if main else built_in(ours()), society().language


def put(name: str, wording: Wording, built_in: Wording, *, by: Person, now: datetime, language: str = "") -> None:
    """Say it so from now on; what is built in word for word is nothing of one's own.

    In a further language it stands beside the main one.
    """
    if not language and wording == built_in:
        return reset(name, by=by, now=now)
    row = own_wording(name, language)
    before = {"subject": row.subject, "body": row.body} if row else None
    row = row or OwnWording(of=name, language=language)
    row.subject, row.body = wording
    db.session.add(row)
    return record("wording changed", row, by=by, now=now, before=before, after=wording._asdict())


def reset(name: str, *, by: Person, now: datetime, language: str = "") -> None:
    """Say what is built in again; or do without it in that language."""
    row = own_wording(name, language)
    if row is not None:
        record("wording reset", row, by=by, now=now, before={"subject": row.subject, "body": row.body})
        db.session.delete(row)

"""What the post office knows: where mail goes, who wants which, and how it stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import Select, bindparam, exists, func, literal, or_, select

from society.db import Peek, db
from society.mail.models import DeadAddress, Letter, LetterState, MailingList, OptOut
from society.people.models import Person
from society.settings import society


def outbox_folder() -> Path | None:
    """Where mail is written as files, when no mail server is set."""
    url = str(current_app.config["MAIL_URL"])
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else None


def outbox_only() -> bool:
    """Whether mail is only written into a folder; pages tell staff so."""
    return outbox_folder() is not None


def sender() -> str:
    """The society's own address, which mail comes from."""
    return str(current_app.config["MAIL_FROM"] or society().sender)


def is_dead(address: str) -> bool:
    """Whether a mail server refused that address for good."""
    return _dead.here(address=address) is not None


def wants(person: Person, mailing_list: MailingList | None) -> bool:
    """Whether they have not left that list; letters on none always go."""
    return mailing_list is None or mailing_list not in left_lists(person)


def left_lists(person: Person) -> set[MailingList]:
    """The lists they stopped."""
    return set(db.session.scalars(select(OptOut.mailing_list).where(OptOut.person_id == person.id)))


class Way(StrEnum):
    """How something that goes out to many comes to one of them, if it does."""

    MAIL = "mail"
    LETTER = "letter"
    LEFT = "left"
    """They stopped that list."""
    NONE = "none"
    """No address of either kind, or only one that a mail server refused for good."""


def by_way(people: Iterable[Person], mailing_list: MailingList | None) -> Mapping[Way, list[Person]]:
    """The people by how they are reached on that list, in two queries however many they are."""
    dead = set(db.session.scalars(select(DeadAddress.address)))
    left = set(db.session.scalars(select(OptOut.person_id).where(OptOut.mailing_list == mailing_list)))
    found = defaultdict[Way, list[Person]](list)
    for person in people:
        way = Way.LEFT if person.id in left else _way_to(person, dead, may_wait=mailing_list is not None)
        found[way].append(person)
    return found


def _way_to(person: Person, dead: Collection[str], *, may_wait: bool) -> Way:
    """What is on no list cannot wait for the post: it goes by mail wherever that is possible."""
    if may_wait and person.wants_paper:
        return Way.LETTER
    if person.email and person.email not in dead:
        return Way.MAIL
    return Way.LETTER if person.has_postal_address else Way.NONE


def is_barred(person: Person, reason: str, mailing_list: MailingList | None) -> bool:
    """Whether they have a letter for that reason already, left that list, or cannot be reached; in one statement."""
    list_name = mailing_list.value if mailing_list else None
    return _barred.here(address=person.email or "", person_id=person.id, reason=reason, list=list_name) is not None


def is_barred_at(address: str, reason: str) -> bool:
    """The same for an address without a person, which is on no list."""
    return _barred_at.here(address=address, reason=reason) is not None


_DEAD = exists().where(DeadAddress.address == bindparam("address"))
_WRITTEN = exists().where(Letter.person_id == bindparam("person_id"), Letter.reason == bindparam("reason"))
_LEFT = exists().where(OptOut.person_id == bindparam("person_id"), OptOut.mailing_list == bindparam("list"))
_WRITTEN_TO = exists().where(Letter.to_address == bindparam("address"), Letter.reason == bindparam("reason"))
_dead = Peek(select(literal(1)).where(_DEAD))
_barred = Peek(select(literal(1)).where(or_(_DEAD, _WRITTEN, _LEFT)))
_barred_at = Peek(select(literal(1)).where(or_(_DEAD, _WRITTEN_TO)))


def letters(states: Collection[LetterState] = ()) -> Select[Letter]:
    """The outbox, newest first."""
    rows = select(Letter).order_by(Letter.id.desc())
    return rows.where(Letter.state.in_(states)) if states else rows


def standing() -> dict[LetterState, int]:
    """How many letters are in which state."""
    rows = db.session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    return dict.fromkeys(LetterState, 0) | dict(rows.all())


def dead_addresses() -> Select[DeadAddress]:
    """The refused addresses, latest first."""
    return select(DeadAddress).order_by(DeadAddress.at.desc(), DeadAddress.id.desc())

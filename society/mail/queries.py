"""What the post office knows: where mail goes, who wants which, and how it stands."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal, or_, select

from society.db import db
from society.mail.models import DeadAddress, Letter, LetterState, MailingList, OptOut, OwnWording
from society.mail.verdicts import Setting
from society.people.models import Person
from society.rows import Peek
from society.settings import society
from society.text import in_ascii


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


def own_domain() -> str:
    """That of the society's own address."""
    return in_ascii(sender().rpartition("@")[2].rstrip(">").lower())


def published_as(selector: str) -> Setting | None:
    """What our letters show to whoever checks them; None if they are from no address that the world knows."""
    domain = own_domain()
    server = urlsplit(str(current_app.config["MAIL_URL"])).hostname or ""
    if "." not in domain:
        return None
    return Setting(domain, in_ascii(str(current_app.config["MAIL_REPLY_DOMAIN"] or domain).lower()), server, selector)


def is_dead(address: str) -> bool:
    """Whether a mail server refused that address for good."""
    return _dead.here(address=address) is not None


def is_dead_ahead(address: str) -> None:
    """Have it asked with what is asked next."""
    _dead.ahead(address=address)


def dead_address(address: str | None) -> DeadAddress | None:
    """What is known of an address that a mail server refused for good; None of any other."""
    return db.session.scalar(select(DeadAddress).where(DeadAddress.address == address))


def dead_among(addresses: Collection[str]) -> set[str]:
    """Those of the addresses that mail servers refused for good."""
    return set(db.session.scalars(select(DeadAddress.address).where(DeadAddress.address.in_(addresses))))


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
    DEAD = "dead"
    """A mail server refused their address for good, and they have no postal one."""
    NONE = "none"
    """No address of either kind."""


NO_WAY = (Way.DEAD, Way.NONE)
"""Of those whom nobody can reach: neither by mail nor by post."""


def way(mailing_list: MailingList | None) -> ColumnElement[str]:
    """In a query of people: each one's way on that list. What is on no list cannot wait for the post: it goes by mail
    wherever that is possible."""
    dead = exists().where(DeadAddress.address == Person.email)
    has_postal_address = func.trim(Person.address) != ""
    ways = [
        (and_(Person.email.is_not(None), ~dead), Way.MAIL),
        (has_postal_address, Way.LETTER),
        (Person.email.is_not(None), Way.DEAD),
    ]
    if mailing_list is not None:
        left = exists().where(OptOut.person_id == Person.id, OptOut.mailing_list == mailing_list)
        ways[:0] = [(left, Way.LEFT), (and_(Person.by_letter, has_postal_address), Way.LETTER)]
    return case(*((condition, literal(found.value)) for condition, found in ways), else_=literal(Way.NONE.value))


def is_mailed() -> ColumnElement[bool]:
    """In a query of people: whether what is on no list is mailed to them."""
    return way(None) == Way.MAIL.value


def unreachable() -> ColumnElement[bool]:
    """In a query of people: those with neither an email address that works nor a postal one."""
    return way(None).in_([no_way.value for no_way in NO_WAY])


def is_barred(person: Person, reason: str, mailing_list: MailingList | None, *, asked: bool = False) -> bool:
    """Whether they have a letter for that reason already, left that list, or cannot be reached; in one statement.

    What they `asked` for is tried even where mail was refused before.
    """
    address, of_list = "" if asked else person.email or "", mailing_list.value if mailing_list else None
    return _barred.here(address=address, person_id=person.id, reason=reason, list=of_list) is not None


def is_barred_at(address: str, reason: str, *, asked: bool = False) -> bool:
    """The same for an address without a person, which is on no list."""
    return _barred_at.here(address=address, reason=reason, dead="" if asked else address) is not None


_DEAD = exists().where(DeadAddress.address == bindparam("address"))
_WRITTEN = exists().where(Letter.person_id == bindparam("person_id"), Letter.reason == bindparam("reason"))
_LEFT = exists().where(OptOut.person_id == bindparam("person_id"), OptOut.mailing_list == bindparam("list"))
_WRITTEN_TO = exists().where(Letter.to_address == bindparam("address"), Letter.reason == bindparam("reason"))
_dead = Peek(select(literal(1)).where(_DEAD))
_barred = Peek(select(literal(1)).where(or_(_DEAD, _WRITTEN, _LEFT)))
_barred_at = Peek(select(literal(1)).where(or_(exists().where(DeadAddress.address == bindparam("dead")), _WRITTEN_TO)))


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


def own_wording(name: str, language: str = "") -> OwnWording | None:
    """What the society has put in the place of the built-in wording of that, if it has; or beside it in a language."""
    own = OwnWording.of == name, OwnWording.language == language
    return db.session.scalar(select(OwnWording).where(*own))


def own_wordings(name: str = "") -> Sequence[OwnWording]:
    """All of them, or all of one thing, by their language."""
    rows = select(OwnWording).order_by(OwnWording.language)
    return db.session.scalars(rows.where(OwnWording.of == name) if name else rows).all()

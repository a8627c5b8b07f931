"""The membership card: what stands on it, its code, and the PDF to print.

The code leads to a page that says whether the holder is in good standing that day, and nothing else.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from secrets import token_urlsafe

import segno
from sqlalchemy import func, select, update

from society import typeset
from society.db import db
from society.membership.models import Membership, Status
from society.membership.queries import standing
from society.membership.render import spoken
from society.people.models import FormerPerson, Person
from society.settings import absolute, society
from society.tokens import number_in, opens, sealed

PURPOSE = "vouch"
ACCENT = "#1d5c4d"
"""Where the society has not chosen a colour."""
_TEMPLATE = Path(__file__).with_name("card.typ")


@dataclass(frozen=True)
class Card:
    """All that is on it, as text; `code` is the QR code as SVG."""

    society: str
    name: str
    tier: str
    since: str
    until: str
    number: str
    accent: str
    code: str


def card_of(person: Person, on: date) -> Card | None:
    """Somebody's card as it is that day; only members in good standing have one."""
    period = standing(person, on)
    if period is None:
        return None
    return Card(
        society=society().name,
        name=person.name,
        tier=period.tier.name,
        since=str(_member_since(person) or period.starts_on.year),
        until=spoken(period.ends_on) if period.ends_on else "for life",
        number=person.external_id or f"{person.id:05}",
        accent=society().accent or ACCENT,
        code=_code(absolute(link(person))),
    )


def _member_since(person: Person) -> int | None:
    first = select(func.min(Membership.starts_on)).where(Membership.person_id == person.id)
    day = db.session.scalar(first.where(Membership.status == Status.ACTIVE))
    return day.year if day else None


def _code(address: str) -> str:
    """Dark on white, whatever the page's colours are; as large as what it stands in."""
    return segno.make(address, error="m", micro=False).svg_inline(light="#fff", border=3, omitsize=True)


def pdf(card: Card) -> bytes:
    """The card in the size of a credit card; the same card gives the same bytes. Takes a part of a second: not within a
    write."""
    return typeset.pdf(_TEMPLATE, card=json.dumps(asdict(card)))


def link(person: Person) -> str:
    """The path of the page that vouches for the holder of the card."""
    return f"/vouch/{sealed(PURPOSE, person.id, person.card_key)}"


def holder(token: str) -> Person | None:
    """Whose card the code is on, if it is of the latest; that of somebody who was merged is who stayed."""
    number = number_in(token)
    person = db.session.get(Person, number) if number else None
    if person is None or not opens(token, PURPOSE, person.id, person.card_key):
        person = _holder_by_now(token, number)
    return person if person and not person.erased_at else None


def _holder_by_now(token: str, number: int | None) -> Person | None:
    rows = select(FormerPerson).where(FormerPerson.number == number, FormerPerson.card_key != "")
    former = db.session.scalars(rows).all() if number else ()
    true = next((one for one in former if opens(token, PURPOSE, one.number, one.card_key)), None)
    return db.session.get(Person, true.person_id) if true else None


def renew_card(person: Person) -> None:
    """The codes of all cards printed so far lead nowhere from now on."""
    person.card_key = token_urlsafe(16)
    db.session.execute(update(FormerPerson).where(FormerPerson.person_id == person.id).values(card_key=""))

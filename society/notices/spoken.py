"""Whom notices are for, in words that stand within a sentence."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import parse_qsl

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from society.db import db
from society.languages import name_of
from society.membership.models import Tier
from society.notices.models import IN_COMMITTEE, OWN_OFFICES, Audience, Notice
from society.register.render import sought
from society.register.wanted import Wanted, wanted
from society.rsvps.selection import Selection
from society.text import listed


def spoken(notice: Notice) -> str:
    """Whom it is for."""
    return all_spoken([notice])[0]


def all_spoken(notices: Sequence[Notice]) -> list[str]:
    """Whom each of them is for; the names of tiers are looked up once for all."""
    names = _names({number for notice in notices for number in _tiers(notice)})
    return [_spoken(notice, names) for notice in notices]


def found_in_register(asked: str) -> str:
    """Whom the register finds when it is asked that."""
    question = asked_of_register(asked)
    return sought(question, _names(question.tier))


def _names(tiers: Collection[int]) -> dict[int, str]:
    return dict(db.session.execute(select(Tier.id, Tier.name).where(Tier.id.in_(tiers))).all()) if tiers else {}


def _tiers(notice: Notice) -> Sequence[int]:
    asked = asked_of_register(notice.found).tier if notice.audience is Audience.REGISTER else ()
    return [*asked, notice.tier_id] if notice.tier_id else asked


def _spoken(notice: Notice, tiers: Mapping[int, str]) -> str:
    said, narrower = _group(notice, tiers), list(_narrower(notice, tiers))
    return f"{said}, as far as they {listed(narrower)}" if narrower else said


def _narrower(notice: Notice, tiers: Mapping[int, str]) -> Iterator[str]:
    if notice.for_members_only or (notice.tier_id and notice.audience is not Audience.MEMBERS):
        yield f"are {_members(notice, tiers)}"
    if notice.city:
        yield f"live in {notice.city}"
    if notice.reads:
        yield f"read {name_of(notice.reads)}"


def _members(notice: Notice, tiers: Mapping[int, str]) -> str:
    of_tier = f" of the tier {tiers[notice.tier_id]}" if notice.tier_id else ""
    return f"{Audience.MEMBERS.label}{of_tier}"


def _group(notice: Notice, tiers: Mapping[int, str]) -> str:
    match notice.audience:
        case Audience.MEMBERS:
            return _members(notice, tiers)
        case Audience.FOUND:
            return Selection.read(notice.found).spoken
        case Audience.OFFICERS:
            return _officers(notice.found)
        case Audience.REGISTER:
            return sought(asked_of_register(notice.found), tiers)
        case audience:
            return audience.label


def asked_of_register(found: str) -> Wanted:
    """What the register is asked, as an address tells it."""
    return wanted(MultiDict(parse_qsl(found)))


def _officers(found: str) -> str:
    if found == OWN_OFFICES:
        return "those who hold an office of the society itself now"
    if found.startswith(IN_COMMITTEE):
        return f"those who hold an office in “{found.removeprefix(IN_COMMITTEE)}” now"
    return Audience.OFFICERS.label

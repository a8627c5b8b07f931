"""Who comes free to an event that its members do not pay for: asked of the database only where it is one."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, select

from society.db import db
from society.events.models import Event
from society.membership.queries import in_good_standing, standing
from society.people.models import Person
from society.rsvps.models import Rsvp
from society.settings import society
from society.times import today_in


def come_free(event: Event, today: date) -> Select[int] | None:
    """The numbers of the answers of members in good standing; None where they pay as everyone does, or nobody pays."""
    if not (event.price and event.members_free):
        return None
    return select(Rsvp.id).join(Rsvp.person).where(Rsvp.event_id == event.id, in_good_standing(today))


def free_among(event: Event, today: date, rsvp_ids: Sequence[int] | None = None) -> set[int]:
    """Which of these answers are theirs, or of all."""
    rows = come_free(event, today)
    if rows is None:
        return set()
    return set(db.session.scalars(rows if rsvp_ids is None else rows.where(Rsvp.id.in_(rsvp_ids))))


def day_of_paying(event: Event, now: datetime) -> date:
    """That on which whoever comes is asked for it: the first, or today once that has come. What is printed, or kept on
    a phone, some days ahead is true then."""
    return today_in(society().zone, max(now, event.starts_at))


class Pays(StrEnum):
    """What a member is told of the price where members are spared it."""

    NOTHING = "nothing"
    UNLESS_RENEWED = "unless renewed"
    """They are in good standing today, and will not be on the day."""


def as_member(event: Event, person: Person | None, now: datetime) -> Pays | None:
    """What this person pays as a member on the day on which it begins; None where that is what everyone pays."""
    if person is None or not (event.price and event.members_free):
        return None
    today, day = today_in(society().zone, now), day_of_paying(event, now)
    if standing(person, day):
        return Pays.NOTHING
    return Pays.UNLESS_RENEWED if day > today and standing(person, today) else None


def as_members(event: Event, rsvp_ids: Sequence[int], now: datetime) -> dict[int, Pays]:
    """The same of those who gave these answers, where it is not what everyone pays."""
    today, day = today_in(society().zone, now), day_of_paying(event, now)
    then = free_among(event, day, rsvp_ids)
    until_then = free_among(event, today, rsvp_ids) - then if day > today else set()
    return dict.fromkeys(until_then, Pays.UNLESS_RENEWED) | dict.fromkeys(then, Pays.NOTHING)


def to_pay(event: Event, size: int, pays: Pays | None) -> str:
    """What a party of that size reads of what they pay at the door, as `pays` says of whoever answered."""
    if not event.price:
        return event.costs
    costs = f"To pay at the door: {event.admission}{' each' if size > 1 else ''}"
    match pays:
        case Pays.NOTHING if size == 1:
            return "You come free, as a member"
        case Pays.NOTHING:
            return f"You yourself come free, as a member; at the door {_others(event, size)}"
        case Pays.UNLESS_RENEWED:
            return f"{costs}; free for members, so for you if you renew your membership before that day"
        case _:
            return costs + ("; free for members" if event.members_free else "")


def asked_of(event: Event, size: int, *, free: bool) -> str:
    """The same for whoever stands there: "pays EUR 12", "comes free; the other pays EUR 12 unless a member"."""
    if not event.price:
        return ""
    if free:
        return "comes free" + (f"; {_others(event, size)}" if size > 1 else "")
    return _any(event, size) if size > 1 else f"pays {event.admission}"


def _others(event: Event, size: int) -> str:
    """Those of a party whom a member brings."""
    whom = "the other" if size == 2 else f"the {size - 1} others"
    return f"{whom} {_any(event, size - 1)}"


def _any(event: Event, number: int) -> str:
    """So many of whom is known no more than that: some may be members, too."""
    paid, members = ("pays {}", "a member") if number == 1 else ("pay {} each", "members")
    return paid.format(event.admission) + (f" unless {members}" if event.members_free else "")

"""One act on many people of the register: told before it is done, all of it or nothing, and undone as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, delete, insert, select, update

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.membership.actions import end_period, renew
from society.membership.actions.steps import note as note_step
from society.membership.models import Membership, Status
from society.membership.queries import running_from, runs_from
from society.people.models import Person, Tag, person_tag
from society.register.actions import tags_named
from society.register.changes import BATCH, Note, note_all, open_change_set
from society.register.models import ChangeKind, ChangeSet
from society.text import counted

MOST_STEPS = 500
"""How many memberships one act can change: each is a step with rules of its own, and the request has to end."""


class Act(StrEnum):
    """What can be done to many at once."""

    TAG = "tag"
    UNTAG = "untag"
    RENEW = "renew"
    RESIGN = "resign"
    LAPSE = "lapse"


WORDS = {
    Act.TAG: "Put a tag on",
    Act.UNTAG: "Take a tag off",
    Act.RENEW: "Renew for the next period",
    Act.RESIGN: "Mark as resigned",
    Act.LAPSE: "Mark as lapsed",
}

_STEPS = {Act.RESIGN: Status.RESIGNED, Act.LAPSE: Status.LAPSED}


@dataclass(frozen=True)
class Plan:
    """What an act comes to: to whom it is done, and to whom not, and why."""

    act: Act
    tag: str
    on: date
    doing: Sequence[tuple[int, str]]
    """Number and name."""
    skipped: Sequence[tuple[str, str]]
    """Name and reason."""

    @property
    def words(self) -> str:
        """The act in words: "Put the tag “choir” on 12 people"."""
        people = counted(len(self.doing), "person", "people")
        match self.act:
            case Act.TAG:
                return f"Put the tag “{self.tag}” on {people}"
            case Act.UNTAG:
                return f"Take the tag “{self.tag}” off {people}"
            case Act.RENEW:
                return f"Renew the membership of {people} for the next period"
            case _:
                return f"Mark {people} as {_STEPS[self.act].value}"


def plan(people: Select[int], act: Act, tag: str, on: date) -> Plan:
    """Look at everyone it would be done to; as many queries however many they are."""
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.id.in_(people), Person.erased_at.is_(None)).order_by(Person.folded)
    ).all()
    why_not = _tagged(people, act, tag) if act in (Act.TAG, Act.UNTAG) else _unmoved(people, act, on)
    return Plan(
        act=act,
        tag=tag,
        on=on,
        doing=[(number, name) for number, name in rows if why_not(number) is None],
        skipped=[(name, reason) for number, name in rows if (reason := why_not(number))],
    )


def _tagged(people: Select[int], act: Act, tag: str) -> "_WhyNot":
    named = select(Tag.id, Tag.name).where(Tag.name.in_({tag, *_alike(tag)}))
    numbers = [number for number, _ in db.session.execute(named)]
    own = select(person_tag.c.person_id).where(person_tag.c.tag_id.in_(numbers), person_tag.c.person_id.in_(people))
    have = set(db.session.scalars(own))
    if act is Act.TAG:
        return _WhyNot(dict.fromkeys(have, "has it already"))
    return _WhyNot(dict.fromkeys(have), "does not have it")


def _alike(tag: str) -> list[str]:
    """The same word in the capitals under which it is kept: they do not tell two tags apart."""
    return [name for name in db.session.scalars(select(Tag.name)) if name.casefold() == tag.casefold()]


def _unmoved(people: Select[int], act: Act, on: date) -> "_WhyNot":
    """Whose membership the act leaves alone."""
    running: dict[int, list[Membership]] = {}
    for period in db.session.scalars(select(Membership).where(Membership.person_id.in_(people), runs_from(on))):
        running.setdefault(period.person_id, []).append(period)
    return _WhyNot({number: _why_not(periods, act, on) for number, periods in running.items()}, _NO_MEMBER)


_NO_MEMBER = "is no member in good standing"


def _why_not(periods: list[Membership], act: Act, on: date) -> str | None:
    """Why the act leaves alone somebody with these periods, of today and to come."""
    if all(period.starts_on > on for period in periods):
        return _NO_MEMBER
    if all(period.covered_by_id is not None for period in periods):
        return "goes with the membership that covers them"
    if act is Act.RENEW and any(period.starts_on > on for period in periods):
        return "the next period is in the register already"
    if act is Act.RENEW and any(period.ends_on is None for period in periods):
        return "is a member for life"
    return None


@dataclass(frozen=True)
class _WhyNot:
    """By number, why an act leaves somebody alone; None if it does not."""

    reasons: dict[int, str | None]
    for_others: str | None = None

    def __call__(self, number: int) -> str | None:
        return self.reasons.get(number, self.for_others)


def carry_out(plan: Plan, *, now: datetime, by: Person) -> ChangeSet:
    """Do what the plan says, under the lock of the transaction in which it was made."""
    if not plan.doing:
        raise Refused("There is nobody to do this to.")
    if plan.act not in (Act.TAG, Act.UNTAG) and len(plan.doing) > MOST_STEPS:
        raise Refused(f"At most {MOST_STEPS} memberships at once, please. Narrow the list.")
    change_set = open_change_set(ChangeKind.BULK, plan.words, by=by, now=now)
    numbers = [number for number, _ in plan.doing]
    if plan.act in (Act.TAG, Act.UNTAG):
        note_all(change_set, _tag(plan, numbers))
    else:
        _step(plan, numbers, now, by)
        note_all(change_set, _added(now, by))
    record("people changed at once", change_set, by=by, now=now, after={"what": plan.words})
    return change_set


def _tag(plan: Plan, numbers: list[int]) -> list[Note]:
    """Put it on or take it off, a few thousand people at a time."""
    notes: list[Note] = []
    (tag,) = tags_named([plan.tag])
    if tag.id is None:
        db.session.flush()
        notes.append(("tag", tag.id, None, {"name": tag.name}))
    for first in range(0, len(numbers), BATCH):
        some = numbers[first : first + BATCH]
        if plan.act is Act.TAG:
            db.session.execute(insert(person_tag), [{"person_id": number, "tag_id": tag.id} for number in some])
        else:
            own = person_tag.c.tag_id == tag.id, person_tag.c.person_id.in_(some)
            db.session.execute(delete(person_tag).where(*own))
        raised = update(Person).where(Person.id.in_(some)).values(revision=Person.revision + 1)
        db.session.execute(raised, execution_options={"synchronize_session": False})
    held: dict[str, int] = {"tag_id": tag.id}
    before, after = (None, held) if plan.act is Act.TAG else (held, {})
    return [*notes, *(("person_tag", number, before, after) for number in numbers)]


def _step(plan: Plan, numbers: list[int], now: datetime, by: Person) -> None:
    """Add the step to each membership. No letters go out and no invoices are written."""
    for person in db.session.scalars(select(Person).where(Person.id.in_(numbers)).order_by(Person.id)).all():
        running = db.session.scalars(running_from(person, plan.on)).all()
        if plan.act is Act.RENEW:
            own = [period for period in running if period.covered_by_id is None]
            renew(max(own, key=lambda period: period.ends_on or date.max), now=now, by=by)
            continue
        for period in running:
            ended = end_period(period, _STEPS[plan.act], plan.on, now=now, by=by)
            note_step(f"membership {_STEPS[plan.act].value}", ended, now=now, by=by)


def _added(now: datetime, by: Person) -> list[Note]:
    """The rows that these steps have added, those of the people they cover among them."""
    db.session.flush()
    rows = select(Membership).where(Membership.recorded_at == now, Membership.recorded_by_id == by.id)
    return [
        ("membership", row.id, None, {"person_id": row.person_id, "status": row.status, "starts_on": row.starts_on})
        for row in db.session.scalars(rows.order_by(Membership.id))
    ]

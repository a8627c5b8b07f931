"""Which letter may leave next, by whose hand, and what became of it. All of it within transactions that write.

Of what goes to many, a worker claims some letters at once, so that it can get them ready while the mail server is busy
with the one before, and several workers do not get the same ready. Whether each may leave is still asked when its turn
comes, in the transaction that notes the fate of the one before: so what is halted meanwhile stays. What has happened
to its reader or to what it tells of while it waited is looked up for all at once, as they are claimed (see
`society.mail.leaving`). What somebody waits for is claimed alone; no worker that is killed takes it along.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Select, Table, Update, and_, bindparam, case, literal, or_, select, update
from sqlalchemy.orm.attributes import instance_dict

from society.db import db
from society.mail.leaving import kept_in
from society.mail.models import IN_HANDS, OPEN_ENDS, TWICE, Letter, LetterState
from society.mail.parcels import Parcel, TurnedDown
from society.mail.throttle import allowance, is_limited, note_offer, take_turns
from society.people.models import Person
from society.rows import Change, unbound

log = logging.getLogger("society.mail")

CLAIM = timedelta(minutes=15)
"""Longer than a mail server may take for one letter, with all that is before it in a batch."""
AHEAD = 32
"""How many letters of many a worker claims at once."""
TRIES = 16
"""So often it claims at most, where all that it has claimed may not leave, before others may write."""

_LETTER, _PERSON = cast(Table, Letter.__table__), cast(Table, Person.__table__)
_MINE = and_(
    _LETTER.c.id == bindparam("letter"),
    or_(_LETTER.c.state == LetterState.CLAIMED, _LETTER.c.state == LetterState.SENDING),
    _LETTER.c.claimed_until == bindparam("mine"),
)


def _unlocked(*conditions: ColumnElement[bool]) -> Update:
    """Only of what nobody else holds: on PostgreSQL, one who waited here while holding the letter that it has just sent
    could be in the way of whoever keeps back both, and lose the note of its fate. Claims end by themselves."""
    rows = select(_LETTER.c.id).where(*conditions).with_for_update(skip_locked=True)
    return update(_LETTER).where(_LETTER.c.id.in_(rows))


_DUE = and_(_LETTER.c.state == LetterState.QUEUED, ~_LETTER.c.halted, _LETTER.c.due_at <= bindparam("now"))
_ABANDONED = and_(_LETTER.c.state.in_(IN_HANDS), ~_LETTER.c.halted, _LETTER.c.claimed_until <= bindparam("now"))
"""Claimed by a worker that did not live to send it."""
_WAITED_FOR, _OF_MANY = (
    select(_LETTER.c.id).where(_DUE, which).order_by(_LETTER.c.due_at) for which in (~_LETTER.c.bulk, _LETTER.c.bulk)
)
_HELD_BY_THE_DEAD = select(_LETTER.c.id).where(_ABANDONED)
_CLAIMED = case(
    (_LETTER.c.state == LetterState.QUEUED, literal(LetterState.CLAIMED, _LETTER.c.state.type)), else_=_LETTER.c.state
)
"""What may have left already stays known as such."""
_TAKE = (
    update(_LETTER)
    .where(_LETTER.c.id.in_(bindparam("numbers", expanding=True)), or_(_DUE, _ABANDONED))
    .values(state=_CLAIMED, claimed_until=bindparam("until"), claimed_by=bindparam("mark"))
    .returning(*_LETTER.c)
)
_READERS = select(*_PERSON.c).where(_PERSON.c.id.in_(bindparam("wanted", expanding=True)))
_let_go = Change(
    _unlocked(_MINE, ~_LETTER.c.halted).values(
        state=LetterState.SENDING,
        claimed_until=bindparam("until"),
        attempts=_LETTER.c.attempts + 1,
        open_ends=_LETTER.c.open_ends + 1,
    )
)
_put_back = Change(_unlocked(_MINE).values(state=LetterState.QUEUED, claimed_until=None))
_leave_open = Change(_unlocked(_MINE).values(claimed_until=bindparam("now")))


@dataclass
class Claimed:
    """A letter in this worker's hands, and its reader, as they were when it was claimed; ready, once it is packed."""

    letter: Letter
    reader: Person | None
    parcel: Parcel | TurnedDown | None = None
    offer: int | None = None
    """The note that it was offered to a server."""


def is_anything_due(now: datetime) -> bool:
    """Whether a worker would find something to do; asked without a lock."""
    leaving = allowance(now)
    classes = _classes(leaving.of_those_waited_for, leaving.of_many)
    return any(_first(rows, allowed, 1, now) for rows, allowed, _ in classes)


def take_over(mark: str, now: datetime, still_here: int = 0) -> None:
    """What that worker had in hands, who lives no more. What may have left stays on its way, its claim ended; so does
    the one whose text was `still_here`, which does not count as handed over: else a letter that kills its worker each
    time would be the next again."""
    theirs = _LETTER.c.claimed_by == mark
    claimed = _unlocked(_LETTER.c.state == LetterState.CLAIMED, theirs)
    db.session.execute(claimed.values(state=LetterState.QUEUED, claimed_until=None, claimed_by=None))
    open_ends = case((_LETTER.c.id == still_here, _LETTER.c.open_ends - 1), else_=_LETTER.c.open_ends)
    on_their_way = _unlocked(_LETTER.c.state == LetterState.SENDING, theirs)
    db.session.execute(on_their_way.values(open_ends=open_ends, claimed_until=now, claimed_by=None))


def claim(now: datetime, mark: str | None = None) -> list[Claimed]:
    """Take the next due letters for this worker alone: what somebody waits for, then what is one of many, then what a
    killed worker held. Look-ups by the index, rather than one that would have to sort the whole queue."""
    take_turns(now)
    leaving = allowance(now)
    tries = 0
    for rows, allowed, most in _classes(leaving.of_those_waited_for, leaving.of_many):
        while tries < TRIES and (taken := _taken(_first(rows, allowed, most, now), now, mark)):
            fit = _not_twice(taken)
            if may_leave := _without(kept_in(((one.letter, one.reader) for one in fit), now), fit):
                return may_leave
            tries += 1
    return []


def _not_twice(taken: Sequence[Claimed]) -> list[Claimed]:
    """Those that may be handed over once more. The others are refused, which shows them to whoever can find out: two
    workers were killed with them in hands, say, or one was, and before that a server fell silent."""
    spent = [one for one in taken if one.letter.open_ends >= OPEN_ENDS]
    for one in spent:
        note(one, lambda letter: letter.refuse(TWICE))
        log.warning("letter refused", extra={"letter": one.letter.id, "error": TWICE})
    return [one for one in taken if one.letter.open_ends < OPEN_ENDS]


def _without(kept: Collection[int], taken: Sequence[Claimed]) -> list[Claimed]:
    return [one for one in taken if one.letter.id not in kept]


Allowed = ColumnElement[bool] | None


def _classes(waited_for: Allowed, of_many: Allowed) -> list[tuple[Select[int], Allowed, int]]:
    at_once = 1 if is_limited() else AHEAD  # each is counted as it sets out
    return [(_WAITED_FOR, waited_for, 1), (_OF_MANY, of_many, at_once), (_HELD_BY_THE_DEAD, waited_for, at_once)]


def _first(letters: Select[int], allowed: Allowed, most: int, now: datetime) -> Sequence[int]:
    """Passing over what others hold, as `_unlocked` does."""
    if allowed is None:
        return ()
    rows = letters.where(allowed).limit(most).with_for_update(skip_locked=True)
    return db.session.scalars(rows, {"now": now}).all()


def _taken(numbers: Sequence[int], now: datetime, mark: str | None) -> list[Claimed]:
    if not numbers:
        return []
    values = {"numbers": numbers, "now": now, "until": now + CLAIM, "mark": mark}
    rows = {row.id: row for row in db.session.execute(_TAKE, values)}
    wanted = {row.person_id for row in rows.values() if row.person_id}
    people = {row.id: row for row in db.session.execute(_READERS, {"wanted": list(wanted)})}
    found = [rows[number] for number in numbers if number in rows]
    return [Claimed(unbound(Letter, row), _reader(people.get(row.person_id))) for row in found]


def _reader(row: Sequence[object] | None) -> Person | None:
    return unbound(Person, row) if row else None


def may_go(claimed: Claimed, now: datetime) -> bool:
    """Whether it may leave at this moment; one that is kept back by now goes back into the queue."""
    letter = claimed.letter
    if not _let_go(letter=letter.id, mine=letter.claimed_until, until=now + CLAIM):
        give_back([claimed], now)
        return False
    letter.set_out(now + CLAIM)
    claimed.offer = note_offer(letter.to_address, now)
    return True


def give_back(held: Sequence[Claimed], now: datetime) -> None:
    """What is not carried after all goes back into the queue, as if it had not been claimed."""
    for one in held:
        if one.letter.state is LetterState.CLAIMED:
            _put_back(letter=one.letter.id, mine=one.letter.claimed_until)
        else:
            _leave_open(letter=one.letter.id, mine=one.letter.claimed_until, now=now)


def note(claimed: Claimed, fate: Callable[[Letter], None]) -> None:
    """Write down what the letter's fate changes of it. One erased meanwhile, with its person, is no more."""
    letter = instance_dict(claimed.letter)
    before = dict(letter)
    fate(claimed.letter)
    changed = tuple(name for name in _LETTER.c.keys() if before[name] != letter[name])  # noqa: SIM118 - not a dict
    _noting(changed)(**{f"new_{name}": letter[name] for name in changed}, letter=claimed.letter.id)


@cache
def _noting(names: tuple[str, ...]) -> Change:
    changed = update(_LETTER).where(_LETTER.c.id == bindparam("letter"))
    return Change(changed.values(**{name: bindparam(f"new_{name}") for name in names}))

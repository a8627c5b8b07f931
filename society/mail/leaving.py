"""Whether letters may still leave: asked once more of each that goes to many as it is claimed. What somebody waits for
leaves at once, and is asked about only where it did not.

They may have waited for days by then: for their turn, for a server that was away, or to be tried again. What holds of
any letter to many is looked up here; what only those know who wrote it, they are asked, by a question of their own for
each kind of letter. A kind is what reasons begin with, such as "notice". However many are claimed at once, it takes the
same few statements.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy import Table, bindparam, case, literal, null, select, update
from sqlalchemy.exc import SQLAlchemyError

from society.db import db
from society.fields import on_one_line
from society.mail.models import DeadAddress, Letter, LetterState, OptOut
from society.people.models import Person

log = logging.getLogger("society.mail")

Question = Callable[[Sequence[Letter], datetime], Collection[int]]
"""Of letters of one kind that are about to leave at this moment: the numbers of those that must not leave as they are,
since what they say is so no longer, or they are no longer for their reader.

These become `TIMED`, and due. Whoever answers writes them anew or drops them then, in a transaction of its own; asked
again of what it has written anew, it must be content. It is asked within the transaction that claims them, about rows
of which no session knows, and changes nothing."""
QUESTIONS = "questions of letters"
"""Under which name the application keeps them, by kind."""

A_WHILE = timedelta(minutes=15)
AT_ONCE = timedelta(minutes=1)
"""What was written since says what is so."""

_LETTER = cast(Table, Letter.__table__)
_DEAD = select(DeadAddress.address, DeadAddress.answer).where(
    DeadAddress.address.in_(bindparam("addresses", expanding=True))
)
_LEFT = select(OptOut.person_id, OptOut.mailing_list).where(OptOut.person_id.in_(bindparam("people", expanding=True)))


@dataclass(frozen=True)
class _Claim:
    """A letter, and its reader, as both are now."""

    letter: Letter
    reader: Person | None

    @property
    def kind(self) -> str:
        return self.letter.reason.partition(":")[0]

    @property
    def address(self) -> str:
        return (self.reader.email or "") if self.reader else self.letter.to_address

    def obstacle(self, left: Collection[tuple[int, str]]) -> str:
        """Why its reader gets it by mail no more, if that is so."""
        if not self.address:
            return "Its reader has no email address any more."
        if self.reader is None or self.letter.mailing_list is None:
            return ""
        if (self.reader.id, self.letter.mailing_list) in left:
            return "Its reader has left the list."
        return "Its reader has chosen letters on paper." if self.reader.wants_paper else ""


def kept_in(claimed: Iterable[tuple[Letter, Person | None]], now: datetime) -> set[int]:
    """The numbers of those that do not leave after all; what becomes of them is written down. The others go to where
    their readers are now."""
    claims = {
        letter.id: _Claim(letter, reader)
        for letter, reader in claimed
        if letter.bulk or now - letter.written_at >= AT_ONCE
    }
    if not claims:
        return set()
    questions: Mapping[str, Question] = current_app.extensions[QUESTIONS]
    many = {number: one for number, one in claims.items() if one.letter.bulk}
    refused = _buried(many)
    obstacles = {number: why for number, why in _obstacles(many).items() if number not in refused}
    anew = {number for number in obstacles if claims[number].kind in questions}
    refused |= {number: why for number, why in obstacles.items() if number not in anew}
    told, unanswered = _answers(
        questions, [one for number, one in claims.items() if number not in {*refused, *anew}], now
    )
    anew |= told
    _write_down(refused, anew, now)
    _put_off(unanswered, now)
    _readdress([one for number, one in many.items() if number not in {*refused, *anew, *unanswered}])
    return {*refused, *anew, *unanswered}


def _buried(claims: Mapping[int, _Claim]) -> dict[int, str]:
    """What is for an address that a server has refused for good, as `bury` says it of what waits then."""
    if not claims:
        return {}
    addresses = list({one.address for one in claims.values()})
    dead: dict[str, str] = dict(db.session.execute(_DEAD, {"addresses": addresses}).all())
    return {
        number: f"The address was given up before: {dead[one.address]}"
        for number, one in claims.items()
        if one.address in dead
    }


def _obstacles(claims: Mapping[int, _Claim]) -> dict[int, str]:
    if not claims:
        return {}
    people = list({one.reader.id for one in claims.values() if one.reader})
    left = {(person, mailing_list) for person, mailing_list in db.session.execute(_LEFT, {"people": people})}
    return {number: why for number, one in claims.items() if (why := one.obstacle(left))}


def _answers(
    questions: Mapping[str, Question], claims: Sequence[_Claim], now: datetime
) -> tuple[set[int], dict[int, str]]:
    """Those that must not leave as they are; and what went wrong with those of which that cannot be told."""
    found: set[int] = set()
    unanswered: dict[int, str] = {}
    for kind, question in questions.items():
        if theirs := [one.letter for one in claims if one.kind == kind]:
            found.update(_asked(question, theirs, now, unanswered))
    return found, unanswered


def _asked(question: Question, letters: Sequence[Letter], now: datetime, unanswered: dict[int, str]) -> Collection[int]:
    """Where it fails, of each by itself: one letter must not keep the others, nor the note of the one before."""
    try:
        return question(letters, now)
    except SQLAlchemyError:
        raise
    except Exception as error:
        if len(letters) > 1:
            return {number for one in letters for number in _asked(question, [one], now, unanswered)}
        log.exception("whether a letter may still leave cannot be told")
        unanswered[letters[0].id] = on_one_line(f"Something went wrong here: {type(error).__name__}: {error}.")[:500]
        return ()


def _write_down(refused: Mapping[int, str], anew: Collection[int], now: datetime) -> None:
    """The attempts that were made with them stay made."""
    if anew:
        log.info("letters are written anew before they leave", extra={"letters": len(anew)})
        which, timed = update(_LETTER).where(_LETTER.c.id.in_(anew)), LetterState.TIMED
        db.session.execute(which.values(state=timed, due_at=now, claimed_until=None))
    for number, why in refused.items():
        log.info("letter does not leave any more", extra={"letter": number, "error": why})
        no = {"state": LetterState.REFUSED, "claimed_until": None, "last_error": why[:500]}
        db.session.execute(update(_LETTER).where(_LETTER.c.id == number).values(no))


def _put_off(unanswered: Mapping[int, str], now: datetime) -> None:
    """What may have left already stays known as such, as `Letter.put_off` has it."""
    until, kind, has_left = now + A_WHILE, _LETTER.c.state.type, _LETTER.c.open_ends > 0
    state = case((has_left, literal(LetterState.SENDING, kind)), else_=literal(LetterState.QUEUED, kind))
    claimed_until = case((has_left, literal(until, _LETTER.c.due_at.type)), else_=null())
    for number, why in unanswered.items():
        later = {"state": state, "due_at": until, "claimed_until": claimed_until, "claimed_by": None, "last_error": why}
        db.session.execute(update(_LETTER).where(_LETTER.c.id == number).values(later))


def _readdress(claims: Sequence[_Claim]) -> None:
    """Whoever has another address since it was written gets it there."""
    for one in claims:
        if one.reader and one.address != one.letter.to_address:
            one.letter.to_address, one.letter.to_name = one.address, on_one_line(one.reader.name)[:200]
            moved = {"to_address": one.letter.to_address, "to_name": one.letter.to_name}
            db.session.execute(update(_LETTER).where(_LETTER.c.id == one.letter.id).values(moved))

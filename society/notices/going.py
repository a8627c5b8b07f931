"""A notice on its way: taken back, paused, stopped, let go on; and how far it has come.

The worker asks of each letter whether it may go by a conditional UPDATE, and what is done here is one too: a letter
whose turn had come before goes out, all others do not. Nothing of it is counted twice or lost, whoever comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, Update, case, delete, exists, false, func, select, update
from sqlalchemy.orm import aliased, joinedload, load_only

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.mail.models import GONE_OUT, WAITING, Letter, LetterState, OptOut
from society.notices.models import Delivery, Notice
from society.people.models import Person

NOT_GONE = (*WAITING, LetterState.SENDING)
HALTED = (*NOT_GONE, LetterState.REFUSED)
"""What is kept back with a notice: what a server has refused is not tried again meanwhile, either."""
DIGEST = aliased(Letter)
"""What a letter has gone into, where it was gathered with others."""
PRIVATE = {"synchronize_session": False}
SHOWN = ("state", "halted", "to_address", "sent_at", "bounced_at", "acted_at", "due_at", "last_error", "open_ends")
"""What a list of recipients tells of a letter; not its text."""


def take_back(notice: Notice, *, by: Person, now: datetime) -> None:
    """Make it a draft again, as if it had never been sent; if one letter has left already, nothing is changed."""
    _lock(notice)
    letters = _letters_of(notice)
    written = db.session.scalar(select(func.count()).select_from(letters.subquery())) or 0
    if not written and not notice.waits(now):
        raise Refused("It is too late to take this notice back: it has gone out by post.")
    if _changed(_marked(notice, WAITING, halted=True)) != written:
        raise Refused(
            "Letters of this notice have left already, so it cannot be taken back. You can still stop the rest."
        )
    _forget_letters(notice)
    notice.sent_at = notice.leaves_at = notice.paused_at = notice.stopped_at = notice.own_hour = None
    notice.said_subject, notice.said_body, notice.asks = None, None, False
    record("notice taken back", notice, by=by, now=now, before={"letters": written})


def _forget_letters(notice: Notice) -> None:
    """Nobody can take one up meanwhile: they are marked, in this transaction."""
    numbers = select(func.min(Delivery.letter_id), func.max(Delivery.letter_id))
    low, high = db.session.execute(numbers.where(Delivery.notice_id == notice.id)).one()
    db.session.execute(delete(Delivery).where(Delivery.notice_id == notice.id).execution_options(**PRIVATE))
    if low is not None:
        theirs = Letter.id.between(low, high), Letter.reason == f"notice:{notice.id}", Letter.state.in_(WAITING)
        db.session.execute(delete(Letter).where(*theirs).execution_options(**PRIVATE))


def pause(notice: Notice, *, by: Person | None, now: datetime) -> None:
    """Keep back for a while what has not left. `by` is None where it has a hole by now (see `society.notices.gaps`)."""
    _halt(notice, "notice paused", by, now)
    notice.paused_at, notice.stopped_at = now, None


def stop(notice: Notice, *, by: Person, now: datetime) -> None:
    """Keep back for good what has not left; the account says whom it did not reach."""
    _halt(notice, "notice stopped", by, now)
    notice.paused_at, notice.stopped_at = None, now


def _halt(notice: Notice, act: str, by: Person | None, now: datetime) -> None:
    """What is on its way goes out; but should the server put it off, it is kept back with the others, as is what was
    only claimed ahead of its turn."""
    _lock(notice)
    if not db.session.scalar(select(_letters_of(notice, NOT_GONE).exists())):
        raise Refused("There is nothing left to keep back: every letter of this notice has left.")
    _changed(_marked(notice, HALTED, halted=True))
    record(act, notice, by=by, now=now, after={"kept back": progress(notice, now).kept_back})


def go_on(notice: Notice, *, by: Person, now: datetime) -> None:
    """Let go what was kept back."""
    _lock(notice)
    if not notice.halted:
        raise Refused("This notice is neither paused nor stopped.")
    kept_back = progress(notice, now).kept_back
    _changed(_marked(notice, HALTED, halted=False))
    notice.paused_at = notice.stopped_at = None
    record("notice going on", notice, by=by, now=now, before={"kept back": kept_back})


def _lock(notice: Notice) -> None:
    """Of two who decide at once, the second sees what the first decided."""
    db.session.refresh(notice, with_for_update={"of": Notice})
    if notice.sent_at is None:
        raise Refused("This notice is a draft; it has not been sent.")


def _letters_of(notice: Notice, states: tuple[LetterState, ...] = tuple(LetterState)) -> Select[int | None]:
    rows = select(Delivery.letter_id).join(Letter, Letter.id == Delivery.letter_id)
    return rows.where(Delivery.notice_id == notice.id, Letter.state.in_(states))


def _marked(notice: Notice, states: tuple[LetterState, ...], *, halted: bool) -> Update:
    theirs = select(Delivery.letter_id).where(Delivery.notice_id == notice.id)
    return update(Letter).where(Letter.id.in_(theirs), Letter.state.in_(states)).values(halted=halted)


def _changed(statement: Update) -> int:
    return cast(CursorResult[None], db.session.execute(statement.execution_options(**PRIVATE))).rowcount


class Phase(StrEnum):
    """Where a sent notice stands."""

    WAITS = "waits"
    """Its first letter has not left, and is not due yet."""
    GOING = "going"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    """Every letter has left, was refused, or waits for the digest of its reader or in it."""


class Which(StrEnum):
    """How a recipient of a notice stands."""

    SENT = "sent"
    WAITING = "waiting"
    FOR_DIGEST = "for-digest"
    """The reader has chosen to get it gathered with others, and has not got those yet."""
    KEPT_BACK = "kept-back"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It goes out no more, and nobody can tell whether it was taken before."""
    CAME_BACK = "came-back"
    """Taken by a mail server, and yet not delivered."""
    NOT_MAILED = "not-mailed"
    ACTED = "acted"
    """They have done something by a link in their letter, or by its invitation in their calendar, however else they
    stand."""
    LEFT = "left"
    """They have stopped that list since, however else they stand."""

    @property
    def label(self) -> str:
        """How lists and figures call it."""
        others = {
            Which.FOR_DIGEST: "for a digest",
            Which.UNKNOWN: "may have arrived",
            Which.ACTED: "acted by a link in it",
            Which.LEFT: "left the list since",
        }
        return others.get(self, self.replace("-", " "))


@dataclass(frozen=True)
class Progress:
    """How many of a notice's recipients stand how, and what can be done about it."""

    phase: Phase
    numbers: Mapping[Which, int]
    in_digests: int = 0
    """How many of those for a digest have gone into one, which is a letter of its own and leaves with what else is in
    it."""

    @property
    def kept_back(self) -> int:
        return self.numbers[Which.KEPT_BACK]

    @property
    def on_their_way(self) -> int:
        """How many letters have not left, and are not kept back."""
        return self.numbers[Which.WAITING] + self.numbers[Which.FOR_DIGEST]

    @property
    def settled(self) -> int:
        """How many letters go out no more by themselves."""
        return sum(self.numbers[which] for which in (Which.SENT, Which.REFUSED, Which.UNKNOWN, Which.CAME_BACK))

    @property
    def letters(self) -> int:
        return self.settled + self.on_their_way + self.kept_back

    @property
    def leaving(self) -> int:
        """How many letters leave by themselves, rather than in a digest."""
        return self.letters - self.numbers[Which.FOR_DIGEST]

    @property
    def can_halt(self) -> bool:
        """Whether something is left that can be paused or stopped."""
        return self.phase not in (Phase.PAUSED, Phase.STOPPED) and self.on_their_way > self.in_digests

    @property
    def can_take_back(self) -> bool:
        """Whether every letter is still to be had."""
        return self.settled + self.in_digests == 0 and (self.letters > 0 or self.phase is Phase.WAITS)


def progress(notice: Notice, now: datetime) -> Progress:
    """As it is at this moment, in two queries however many it went to."""
    acted, gathered = func.count(Letter.acted_at).label("acted"), func.count(Letter.gathered_in_id).label("gathered")
    rows = select(_standing().label("standing"), func.count().label("number"), acted, gathered).select_from(Delivery)
    rows = _with_letters(rows).where(Delivery.notice_id == notice.id)
    found = db.session.execute(rows.group_by("standing")).all()
    numbers = dict.fromkeys(Which, 0) | {Which(row.standing): row.number for row in found}
    numbers |= {Which.ACTED: sum(row.acted for row in found), Which.LEFT: _left_since(notice)}
    in_digests = sum(row.gathered for row in found if row.standing == Which.FOR_DIGEST)
    return Progress(_phase(notice, numbers[Which.WAITING], now), numbers, in_digests)


def _with_letters(deliveries: Select[*tuple[Any, ...]]) -> Any:
    with_own = deliveries.outerjoin(Letter, Delivery.letter_id == Letter.id)
    return with_own.outerjoin(DIGEST, DIGEST.id == Letter.gathered_in_id)


def _standing() -> ColumnElement[str]:
    """What was gathered stands as its digest does."""
    return case(
        (Letter.id.is_(None), Which.NOT_MAILED.value),
        (Letter.bounced_at.is_not(None) | DIGEST.bounced_at.is_not(None), Which.CAME_BACK.value),
        (DIGEST.may_have_arrived, Which.UNKNOWN.value),
        (DIGEST.state == LetterState.REFUSED, Which.REFUSED.value),
        (DIGEST.state != LetterState.SENT, Which.FOR_DIGEST.value),
        (Letter.state.in_(GONE_OUT), Which.SENT.value),
        (Letter.may_have_arrived, Which.UNKNOWN.value),
        (Letter.state == LetterState.REFUSED, Which.REFUSED.value),
        (Letter.halted & Letter.state.in_(NOT_GONE), Which.KEPT_BACK.value),
        (Letter.state == LetterState.HELD, Which.FOR_DIGEST.value),
        else_=Which.WAITING.value,
    )


def _phase(notice: Notice, waiting: int, now: datetime) -> Phase:
    if notice.halted:
        return Phase.STOPPED if notice.stopped_at else Phase.PAUSED
    if notice.waits(now):
        return Phase.WAITS
    return Phase.GOING if waiting else Phase.DONE


def _left_since(notice: Notice) -> int:
    if notice.kind.mailing_list is None or notice.sent_at is None:
        return 0
    return db.session.scalar(select(func.count(Delivery.id)).where(Delivery.notice_id == notice.id, _left(notice))) or 0


def _left(notice: Notice) -> ColumnElement[bool]:
    """They had a letter, and have stopped its list since."""
    if notice.sent_at is None:
        return false()
    gone = exists().where(OptOut.person_id == Delivery.person_id, OptOut.mailing_list == notice.kind.mailing_list)
    return gone.where(OptOut.at >= notice.sent_at) & Delivery.letter_id.is_not(None)


def recipients_of(notice: Notice, which: Which | None = None) -> Select[Delivery]:
    """Those whom it is or was for, or those of them who stand so; with their letters as far as a list shows them."""
    shown = load_only(*(getattr(Letter, name) for name in SHOWN))
    rows = _with_letters(select(Delivery)).where(Delivery.notice_id == notice.id)
    if which is not None:
        rows = rows.where(_stands(notice, which))
    letter = joinedload(Delivery.letter).options(shown, joinedload(Letter.gathered_in).options(shown))
    found: Select[Delivery] = rows.options(joinedload(Delivery.person), letter).order_by(Delivery.id)
    return found


def _stands(notice: Notice, which: Which) -> ColumnElement[bool]:
    match which:
        case Which.ACTED:
            return Letter.acted_at.is_not(None)
        case Which.LEFT:
            return _left(notice)
        case _:
            return _standing() == which.value

"""What becomes of the lines of a bank statement: kept once, booked, ignored."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import joinedload

from society.audit.actions import record
from society.db import db
from society.dues.actions.paying import take
from society.dues.matching import matches
from society.dues.models import BankFile, BankLine, Due, LineState, Method, Payment
from society.dues.statements import Columns, Credit
from society.errors import Refused
from society.people.models import Person
from society.settings import Society, renew

_AT_ONCE = 500
MOST_AT_ONCE = 500
"""Lines booked in one transaction: other writers wait for its end, some seconds."""


def keep_file(content: bytes, *, now: datetime, by: Person) -> BankFile:
    """Keep a statement until somebody has said which of its columns is what; those forgotten go after a day."""
    db.session.execute(delete(BankFile).where(BankFile.uploaded_at < now - timedelta(days=1)))
    kept = BankFile(content=content, uploaded_at=now, by_id=by.id)
    db.session.add(kept)
    db.session.flush()
    return kept


def remember(columns: Columns) -> None:
    """Read the next statement by the same columns."""
    db.session.scalars(select(Society)).one().bank_columns = asdict(columns)
    renew()


def add_lines(lines: Sequence[Credit], *, now: datetime) -> int:
    """Keep the lines that have not been read before; how many they are."""
    known = {digest for part in _parts(lines) for digest in db.session.scalars(_known(part))}
    new = [credit for credit in lines if credit.digest not in known]
    for part in _parts(new):
        rows = [{**asdict(credit), "state": LineState.OPEN, "read_at": now} for credit in part]
        db.session.execute(insert(BankLine), rows)
    return len(new)


def _parts(lines: Sequence[Credit]) -> Iterator[Sequence[Credit]]:
    for start in range(0, len(lines), _AT_ONCE):
        yield lines[start : start + _AT_ONCE]


def _known(part: Sequence[Credit]) -> Select[str]:
    return select(BankLine.digest).where(BankLine.digest.in_([credit.digest for credit in part]))


def book_certain(*, now: datetime, by: Person, tell: bool) -> list[Due]:
    """Book the lines of which it is certain what they pay, at most `MOST_AT_ONCE`; which invoices they paid."""
    db.session.scalars(select(BankLine.id).where(BankLine.state == LineState.OPEN).with_for_update()).all()
    pairs = matches().certain[:MOST_AT_ONCE]
    numbers = [claim.due_id for _, claim in pairs]
    dues: dict[int, Due] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        rows = select(Due).where(Due.id.in_(numbers[start : start + _AT_ONCE]))
        found = db.session.scalars(rows.options(joinedload(Due.person).selectinload(Person.roles)))
        dues |= {due.id: due for due in found}
    for line, claim in pairs:
        book(line, dues[claim.due_id], now=now, by=by, tell=tell)
    return list(dues.values())


def book(line: BankLine, of: Due | Person, *, now: datetime, by: Person, tell: bool) -> Payment:
    """A line is the payment of an invoice, or of a person without one."""
    _must_be_open(line)
    if isinstance(of, Due) and of.currency != line.currency:
        raise Refused(f"The invoice is in {of.currency}, and this line in {line.currency}.")
    note = f"Bank statement: {line.payer}"[:300]
    payment = take(
        of, line.amount, Method.TRANSFER, line.booked_on, now=now, by=by, currency=line.currency, note=note, tell=tell
    )
    line.state, line.payment = LineState.MATCHED, payment
    return payment


def ignore(line: BankLine, *, now: datetime, by: Person) -> None:
    """It is no payment of a member."""
    _must_be_open(line)
    line.state = LineState.IGNORED
    record("bank line ignored", line, by=by, now=now, after=_told(line))


def take_up(line: BankLine, *, now: datetime, by: Person) -> None:
    """It may be one after all."""
    db.session.refresh(line, with_for_update=True)
    if line.state is not LineState.IGNORED:
        raise Refused("This line is not among the ignored ones.")
    line.state = LineState.OPEN
    record("bank line taken up again", line, by=by, now=now, after=_told(line))


def _must_be_open(line: BankLine) -> None:
    if line.state is not LineState.OPEN:
        raise Refused("This line has been booked or ignored already.")


def _told(line: BankLine) -> dict[str, object]:
    return {"payer": line.payer, "amount": line.amount, "currency": line.currency}

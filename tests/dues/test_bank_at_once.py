"""Two secretaries who book one statement at the same moment: every line is booked once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from society.db import begin_write, db
from society.dues.actions import owe
from society.dues.actions.banking import book, book_certain
from society.dues.models import BankLine, Due, LineState, Payment
from society.dues.reference import reference
from society.errors import Refused
from society.people.models import Person
from tests.builders import NOW, TODAY, a_person

LINES = 12


def a_line(due: Due) -> BankLine:
    line = BankLine(
        digest=f"{due.id:064}",
        booked_on=TODAY,
        amount=due.amount,
        currency=due.currency,
        payer=due.person.name,
        text=reference(due.person),
        read_at=NOW,
    )
    db.session.add(line)
    return line


def at_once(app: Flask, work) -> list[object]:
    """What it came to for each of two, who begin together, each by a connection of their own."""
    together = Barrier(2)

    def one(_number: int) -> object:
        with app.app_context():
            db.session.get(Person, 1)  # the page that each of them looks at before
            together.wait(20)
            begin_write(public=False)
            try:
                done = work()
                db.session.commit()
                return done
            except Refused as refusal:
                db.session.rollback()
                return str(refusal)

    with ThreadPoolExecutor(2) as pair:
        return [done.result() for done in [pair.submit(Context().run, one, number) for number in (1, 2)]]


def test_two_secretaries_book_all_that_is_certain(app):
    by = a_person("", "secretary")
    dues = [owe(a_person(), 3000 + n, "EUR", "Dues", TODAY, now=NOW, by=by, tell=False) for n in range(LINES)]
    for due in dues:
        a_line(due)
    number = by.id
    db.session.commit()

    def work() -> int:
        return len(book_certain(now=NOW, by=db.session.get_one(Person, number), tell=True))

    booked = at_once(app, work)

    assert sorted(map(str, booked)) == ["0", str(LINES)]
    db.session.rollback()
    paid = Counter(db.session.scalars(select(Payment.due_id)))
    assert paid == dict.fromkeys([due.id for due in dues], 1)
    receipts = db.session.scalars(select(Payment.receipt).order_by(Payment.receipt)).all()
    assert receipts == list(range(1, LINES + 1))


def test_two_secretaries_book_one_line_by_hand(app):
    by = a_person("", "secretary")
    due = owe(a_person(), 3000, "EUR", "Dues", TODAY, now=NOW, by=by, tell=False)
    line = a_line(due)
    db.session.commit()
    numbers = by.id, due.id, line.id

    def work() -> str:
        own = db.session.scalars(select(BankLine).where(BankLine.id == numbers[2]).with_for_update()).one()
        book(own, db.session.get_one(Due, numbers[1]), now=NOW, by=db.session.get_one(Person, numbers[0]), tell=True)
        return "booked"

    ended = at_once(app, work)

    assert sorted(map(str, ended)) == ["This line has been booked or ignored already.", "booked"]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Payment.id))) == 1
    assert db.session.scalars(select(BankLine.state)).one() is LineState.MATCHED

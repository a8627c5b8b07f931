"""Bank statements: read in whatever notation, once; booked where it is certain; decided by hand where it is not."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from society.db import db
from society.dues.actions import owe
from society.dues.matching import matches
from society.dues.models import BankFile, BankLine, Due, LineState, Payment
from society.dues.queries import balance, open_of
from society.dues.reference import people_named, reference
from society.dues.statements import Columns, NoStatement, amount_in, day_in, read, statement
from society.people.models import Person
from society.settings import Society
from society.tables import rows
from tests.builders import NOW, TODAY, a_person

BANK = "/organize/payments/bank"
COLUMNS = {"date": "1", "amount": "4", "payer": "2", "text": "3", "more_text": "", "currency": ""}
CHOSEN = {**COLUMNS, "usual_currency": "EUR", "order": "day"}
HEAD = "Buchungstag;Auftraggeber;Verwendungszweck;Betrag\n"


@pytest.fixture
def browser(client):
    secretary = a_person("Sue Secretary", "secretary")
    db.session.commit()
    return client.sign_in(secretary)


def a_due(name: str, amount: int = 3000, person: Person | None = None) -> Due:
    by = a_person()
    due = owe(person or a_person(name), amount, "EUR", "Dues", TODAY, now=NOW, by=by, tell=False)
    db.session.commit()
    return due


def upload(browser, text: str, codec: str = "utf-8"):
    return browser.post(BANK, data={"file": (BytesIO(text.encode(codec)), "statement.csv")})


def read_in(browser, *lines: str):
    answer = upload(browser, HEAD + "\n".join(lines) + "\n", "cp1252")
    return browser.post(answer.location, data=CHOSEN) if "files" in answer.location else answer


def states() -> list[str]:
    return [state.value for state in db.session.scalars(select(BankLine.state).order_by(BankLine.id))]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1'234.50", 123450),
        ("1 234,5", 123450),
        ("-12", -1200),
        ("12,50-", -1250),
        ("(12.50)", -1250),
        ("−12,50 €", -1250),
        ("+30.00 EUR", 3000),
        ("1.234", 123400),
        ("1.234.567", 123456700),
        ("0,05", 5),
        ("12.5000", 1250),
    ],
)
def test_amounts_are_read_in_the_usual_notations(text, amount):
    assert amount_in(text, "EUR") == amount


@given(st.integers(-(10**9), 10**9), st.sampled_from([(",", "."), (".", ","), ("'", "."), ("", ",")]))
def test_every_amount_is_read_as_it_was_written(amount, notation):
    thousands, point = notation
    whole, minor = divmod(abs(amount), 100)
    text = f"{'-' if amount < 0 else ''}{whole:,}".replace(",", thousands) + f"{point}{minor:02}"

    assert amount_in(text, "EUR") == amount


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3,4,5", "1.2.3", "12.345,678", "1,005.123", "9" * 14, "9" * 3000, "NaN", "--", "1e5", "EUR"]
)
def test_what_is_no_amount_gets_a_sentence(text):
    with pytest.raises(ValueError, match="is no amount"):
        amount_in(text, "EUR")


@pytest.mark.parametrize(
    "text",
    ["2027-03-04", "04.03.2027", "4.3.27", "4/3/2027", "20270304", "4 Mar 2027", "04-MAR-27", "2027-03-04 10:00"],
)
def test_days_are_read_in_the_usual_notations(text):
    assert day_in(text, month_first=False) == date(2027, 3, 4)
    assert day_in("3/4/2027", month_first=True) == date(2027, 3, 4)


@pytest.mark.parametrize("text", ["", "30.2.2027", "x", "1.13.2027", "1.1.1066", "99999999", "1 Foo 2027"])
def test_what_is_no_day_gets_a_sentence(text):
    with pytest.raises(ValueError, match="is no day"):
        day_in(text, month_first=False)


@given(st.integers(1, 99_999_999), st.sampled_from(["", " ", "-", "/ "]), st.text("0123456789abcRF ", max_size=8))
def test_a_reference_is_found_however_it_is_written(number, between, after):
    written = reference(Person(id=number)).replace(" ", between)

    assert people_named(f"Invoice 2027/12 {written.lower()} {after}")[0] == number


def test_columns_are_guessed_by_their_names_and_below_what_stands_above_them():
    text = f"Account;DE89\nFrom;1.1.2027\n\n{HEAD}3.1.2027;Ann;RF;30,00\n"
    found = statement(rows(text.encode()))

    assert found.usual("EUR") == Columns(
        date="Buchungstag", amount="Betrag", payer="Auftraggeber", text="Verwendungszweck"
    )
    assert [row.line for row in found.rows] == [5]
    with pytest.raises(NoStatement):
        statement(rows(b"1;2\n3;4\n"))


def test_lines_that_cannot_be_read_are_named_and_can_be_left_out(browser):
    text = HEAD + "3.1.2027;Ann;x;30,00\n31.2.2027;Ben;x;30,00\n3.1.2027;Cem;x;viel\n4.1.2027;Bank;Fee;-3,00\nSum;;;\n"
    where = upload(browser, text).location
    answer = browser.post(where, data=CHOSEN)

    assert answer.status_code == 422
    assert all(words in answer.get_data(as_text=True) for words in ("Line 3: “31.2.2027” is no day.", "Line 4: “viel”"))
    assert db.session.scalar(select(func.count(BankLine.id))) == 0
    assert browser.post(where, data={**CHOSEN, "leave_out": "y"}).status_code == 303
    assert db.session.scalar(select(func.count(BankLine.id))) == 1
    assert db.session.scalar(select(func.count(BankFile.id))) == 0


def test_columns_are_remembered_and_lines_known_again(browser):
    lines = ["3.1.2027;Ann Müller;Thanks;30,00", "3.1.2027;Ann Müller;Thanks;30,00", "4.1.2027;Ben;;10,00"]
    read_in(browser, *lines[:2])
    answer = read_in(browser, *lines)

    assert answer.location == BANK
    assert db.session.scalars(select(Society.bank_columns)).one()["amount"] == "Betrag"
    assert db.session.scalars(select(BankLine.payer).order_by(BankLine.id)).all() == ["Ann Müller"] * 2 + ["Ben"]


def test_what_is_certain_is_shown_and_booked_by_one_click(browser):
    ann, ben = a_due("Ann Example"), a_due("Ben Other", 4000)
    later = a_due("", 3000, ann.person)
    spaced = "".join(f"{letter} " for letter in reference(ben.person).replace(" ", ""))
    read_in(
        browser,
        f"3.1.2027;ANN;dues {reference(ann.person)};30,00",
        f"4.1.2027;ANN;again {reference(ann.person)};30,00",
        f"4.1.2027;ANN;more {reference(ann.person)};30,00",
        f"3.1.2027;somebody;{spaced};40,00",
    )
    page = browser.get(BANK).get_data(as_text=True)
    assert "Certain (3)" in page
    assert "Not matched (1)" in page
    assert db.session.scalar(select(func.count(Payment.id))) == 0

    browser.post(f"{BANK}/book", data={"tell": "y"})
    assert [open_of(due) for due in (ann, later, ben)] == [0, 0, 0]
    assert states() == ["matched", "matched", "open", "matched"]
    received = db.session.scalars(select(Payment.received_on).order_by(Payment.id)).all()
    assert received == [date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 3)]
    browser.post(f"{BANK}/book")
    assert db.session.scalar(select(func.count(Payment.id))) == 3


def test_name_and_amount_are_a_suggestion_only_where_they_are_one_persons(app):
    ann = a_due("Ann Müller")
    a_due("Cem Twice")
    a_due("Cem Twice")
    texts = [("MULLER, ANN", "Beitrag"), ("Cem Twice", ""), ("Ann", "Beitrag"), ("x", f"{reference(ann.person)} part")]
    for number, (payer, text) in enumerate(texts):
        amount = 2000 if payer == "x" else 3000
        line = BankLine(digest=str(number), booked_on=TODAY, amount=amount, currency="EUR", payer=payer, text=text)
        line.read_at, line.state = NOW, LineState.OPEN
        db.session.add(line)
    db.session.flush()
    found = matches()

    assert found.certain == []
    assert [(line.payer, claim.due_id) for line, claim in found.suggested] == [("MULLER, ANN", ann.id), ("x", ann.id)]
    assert [line.payer for line in found.unknown] == ["Cem Twice", "Ann"]


def test_a_line_is_assigned_by_hand_or_ignored(browser):
    due = a_due("Ann Example")
    read_in(browser, "3.1.2027;ANN EXAMPLE;x;10,00", "3.1.2027;ANN EXAMPLE;y;5,00", "3.1.2027;Shop;z;99,00")
    first, second, third = db.session.scalars(select(BankLine.id).order_by(BankLine.id)).all()
    where = f"{BANK}/lines"

    assert f"due:{due.id}" in browser.get(f"{where}/{first}").get_data(as_text=True)
    assert browser.post(f"{where}/{first}", data={"choice": "x"}).status_code == 422
    assert browser.post(f"{where}/{first}", data={"choice": "due:987654"}).status_code == 404
    browser.post(f"{where}/{first}", data={"choice": f"due:{due.id}"})
    browser.post(f"{where}/{second}", data={"choice": f"person:{due.person_id}"})
    assert (open_of(due), balance(due.person)) == (2000, {"EUR": 1500})
    assert browser.post(f"{where}/{first}", data={"choice": f"due:{due.id}"}).status_code == 409
    browser.post(f"{where}/{third}/ignore")
    assert states() == ["matched", "matched", "ignored"]
    assert browser.post(f"{where}/{third}", data={"choice": f"due:{due.id}"}).status_code == 409
    assert "Shop" in browser.get(f"{BANK}?show=ignored").get_data(as_text=True)
    browser.post(f"{where}/{third}/take-up")
    assert states()[2] == "open"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Please choose a file."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture"),
        (b"hello", "No line of this file names its columns"),
        (b"1;2\n3;4", "No line of this file names its columns"),
        (b"a" + b",a" * 300, "Line 1: 301 columns"),
    ],
)
def test_what_is_no_statement_gets_a_sentence(browser, content, sentence):
    answer = browser.post(BANK, data={"file": (BytesIO(content), "x.csv")})

    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert browser.post(BANK).status_code == 422


def test_statements_forgotten_are_gone_a_day_later(browser):
    db.session.add(BankFile(content=b"x", uploaded_at=NOW - timedelta(days=2)))
    db.session.commit()
    upload(browser, HEAD + "3.1.2027;Ann;x;30,00\n")

    assert db.session.scalar(select(func.count(BankFile.id))) == 1


def test_ten_thousand_lines_are_read_in_seconds():
    lines = "".join(f"3.1.2027;Payer {number};Dues {number};{number},50\n" for number in range(1, 10_001))
    found = statement(rows((HEAD + lines).encode()))
    result = read(found, found.usual("EUR"))

    assert (len(result.credits), result.mistakes) == (10_000, [])

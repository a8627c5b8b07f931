"""Rows read and written by way of the driver, on connections that live long."""

import threading
import time
from contextlib import suppress
from datetime import date

import pytest
from psycopg import NotSupportedError
from sqlalchemy import Date, bindparam, func, select, text, update
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from society.db import Model, begin_write, db, driver, let_go_at_commit, waited_to_write
from society.inserts import post, post_once, take_numbers, write_down, write_down_all
from society.people.models import Person
from society.rows import Change, Peek, fresh
from tests.builders import NOW, a_person

_named = Peek(select(Person.id, Person.born_on, Person.by_letter).where(Person.name == bindparam("called")))
_held = Peek(select(Person.id).where(Person.id == bindparam("number")).with_for_update(of=Person))
_born = Peek(select(func.count()).where(Person.born_on.is_not_distinct_from(bindparam("day", type_=Date))))
_rename = Change(update(Person).where(Person.id == bindparam("number")).values(name=bindparam("called")))
ODD = "100 % $1 %s 'quoted' \\ back, ü 𝔘"


def test_every_value_comes_back_as_it_went_in(app):
    begin_write()
    person = post(fresh(Person, name=ODD, email=None, created_at=NOW, born_on=date(1990, 2, 28), by_letter=True))
    assert _named.here(called=ODD) == (person.id, date(1990, 2, 28), True)
    assert (_rename(number=person.id, called="Ann"), _rename(number=person.id + 1, called="Ann")) == (1, 0)
    assert (_named.here(called=ODD), _named.here(called="Ann")) == (None, (person.id, date(1990, 2, 28), True))
    write_down_all([fresh(Person, name=f"{ODD} {number}", created_at=NOW) for number in range(3)])
    db.session.commit()
    assert db.session.scalars(select(Person.name).order_by(Person.id)).all() == [
        "Ann",
        *(f"{ODD} {number}" for number in range(3)),
    ]


def test_a_statement_stays_prepared_whatever_is_taken_back(app):
    a_person("Ann")
    db.session.commit()
    for _ in range(8):  # as often as a driver may wait before it prepares a statement
        assert db.session.scalar(select(Person.name)) == "Ann"
        assert _named.here(called="Ann")
        db.session.commit()
    begin_write()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        post(fresh(Person, id=None, name="Ben", email="ann@example.org", created_at=None))
    assert db.session.scalar(select(Person.name)) == "Ann"
    assert _named.here(called="Ann")
    db.session.rollback()
    assert _named.here(called="Ann")


def test_what_is_written_after_a_savepoint_is_taken_back_to_it(app):
    begin_write()
    assert _named.here(called="Ann") is None
    with db.session.begin_nested() as trial:
        write_down(fresh(Person, name="Ann", created_at=NOW))
        trial.rollback()
    assert _named.here(called="Ann") is None
    write_down(fresh(Person, name="Ann", created_at=NOW))
    assert _named.here(called="Ann") is not None


def test_a_statement_is_prepared_anew_where_a_column_has_become_another(app):
    if db.engine.dialect.name != "postgresql":
        return  # where nothing is prepared

    def asked():
        connection, _ = driver(db.session())
        return connection.statements.rows("SELECT word FROM told", [])

    db.session.execute(text("CREATE TEMPORARY TABLE told (word varchar(5))"))
    assert asked() == []
    db.session.execute(text("ALTER TABLE told ALTER word TYPE varchar(9)"))
    with pytest.raises(NotSupportedError), db.session.begin_nested():
        asked()
    assert asked() == []


@pytest.mark.parametrize(
    "next_act", [lambda: _named.here(called="Ann"), lambda: db.session.commit()], ids=["asked", "committed"]
)
def test_a_connection_that_the_server_has_ended_is_not_used_again(app, next_act):
    if db.engine.dialect.name != "postgresql":
        return  # where there is no server
    begin_write()
    assert _named.here(called="Ann") is None
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    _end(own)
    with pytest.raises(OperationalError) as ended:
        next_act()
    assert ended.value.orig.diag.sqlstate == "57P01", "what the server has said is what is told"
    db.session.rollback()
    assert _named.here(called="Ann") is None
    assert db.session.scalar(text("SELECT pg_backend_pid()")) != own


def _end(number: int) -> None:
    """One connection of the server's, by the number of its process there."""
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})


def _ahead_and_numbered(name: str) -> Person:
    """A person whose number was taken with another statement, so that the row may wait for the next message."""
    take_numbers(Person)
    assert _named.here(called="nobody") is None
    return post(fresh(Person, name=name, created_at=NOW))


def test_numbers_come_from_where_the_migrated_database_takes_them_itself(app):
    if db.engine.dialect.name != "postgresql":
        return  # where nobody else writes
    tables = [model.__tablename__ for model in Model.__subclasses__()]
    source = "SELECT pg_get_serial_sequence(name, 'id') FROM unnest(CAST(:tables AS TEXT[])) AS name"
    owned = db.session.scalars(text(source), {"tables": tables}).all()
    assert owned == [f"public.{table}_id_seq" for table in tables]


def test_the_row_of_one_who_had_to_wait_has_the_greater_number(app):
    if db.engine.dialect.name != "postgresql":
        return  # where nobody asks for anything before their turn
    number = a_person("Ann").id
    db.session.commit()
    begin_write()
    assert _held.here(number=number)

    def second() -> None:
        with app.app_context():
            begin_write()
            take_numbers(Person)
            assert _held.here(number=number)
            post(fresh(Person, name="Cem", created_at=NOW))
            db.session.commit()

    waiting = threading.Thread(target=second)
    waiting.start()
    while waited_to_write() == 0:  # the limit of each test ends it
        time.sleep(0.01)
    post(fresh(Person, name="Ben", created_at=NOW))
    db.session.commit()
    waiting.join()
    assert db.session.scalars(select(Person.name).order_by(Person.id)).all() == ["Ann", "Ben", "Cem"]


@pytest.mark.parametrize("many", [1, 3])
def test_numbers_tell_what_was_written_first_also_where_one_was_taken_ahead(app, many):
    begin_write()
    take_numbers(Person)
    assert _named.here(called="nobody") is None
    write_down_all([fresh(Person, name=f"Ann {number}", created_at=NOW) for number in range(many)])
    write_down(fresh(Person, name="Ben", created_at=NOW))
    db.session.commit()
    names = db.session.scalars(select(Person.name).order_by(Person.id)).all()
    assert names == [*(f"Ann {number}" for number in range(many)), "Ben"]


@pytest.mark.parametrize("public", [True, False])
def test_a_row_whose_number_was_taken_ahead_is_there_for_all_that_follows(app, public):
    begin_write(public=public)
    ann = _ahead_and_numbered("Ann")
    assert _named.here(called="Ann") == (ann.id, None, False)
    ben = _ahead_and_numbered("Ben")
    assert db.session.scalar(select(Person.id).where(Person.name == "Ben")) == ben.id
    _ahead_and_numbered("Cem")
    db.session.commit()
    assert _ahead_and_numbered("Dan").id > ben.id > ann.id
    db.session.rollback()
    assert db.session.scalars(select(Person.name).order_by(Person.id)).all() == ["Ann", "Ben", "Cem"]


def test_such_a_row_is_taken_back_with_its_savepoint(app):
    begin_write()
    with db.session.begin_nested() as trial:
        _ahead_and_numbered("Ann")
        trial.rollback()
    _ahead_and_numbered("Ben")
    db.session.commit()
    assert db.session.scalars(select(Person.name)).all() == ["Ben"]


@pytest.mark.parametrize(
    "next_act",
    [lambda: _named.here(called="Ann"), lambda: db.session.scalar(select(1)), lambda: db.session.commit()],
    ids=["asked", "asked by the session", "committed"],
)
def test_such_a_row_that_cannot_stand_is_told_of_at_the_latest_with_what_follows(app, next_act):
    a_person("Ann")
    db.session.commit()
    begin_write()
    take_numbers(Person)
    assert _named.here(called="Ann")

    def write_and_go_on():
        post(fresh(Person, name="Ben", created_at=None))
        next_act()

    with pytest.raises(IntegrityError):
        write_and_go_on()
    db.session.rollback()
    assert db.session.scalars(select(Person.name)).all() == ["Ann"]


def test_such_a_row_that_cannot_stand_is_gone_with_its_savepoint(app):
    begin_write()
    with suppress(IntegrityError), db.session.begin_nested() as trial:  # which SQLite tells at once
        take_numbers(Person)
        assert _named.here(called="Ann") is None
        write_down(fresh(Person, name="Ann", created_at=None))
        trial.rollback()
    write_down(fresh(Person, name="Ben", created_at=NOW))
    db.session.commit()
    assert db.session.scalars(select(Person.name)).all() == ["Ben"]


def test_such_a_row_that_cannot_stand_is_told_of_before_its_savepoint_is_let_go(app):
    begin_write()
    take_numbers(Person)
    assert _named.here(called="Ann") is None
    with pytest.raises(IntegrityError), db.session.begin_nested():
        write_down(fresh(Person, name="Ann", created_at=None))
    write_down(fresh(Person, name="Ben", created_at=NOW))
    db.session.commit()
    assert db.session.scalars(select(Person.name)).all() == ["Ben"]


def test_such_a_row_on_a_connection_that_the_server_has_ended_is_told_of_by_a_private_commit(app):
    if db.engine.dialect.name != "postgresql":
        return  # where there is no server
    begin_write(public=False)
    _ahead_and_numbered("Ann")
    _end(driver(db.session())[0].info.backend_pid)
    with pytest.raises(OperationalError) as ended:
        db.session.commit()
    assert ended.value.orig.diag.sqlstate == "57P01"
    db.session.rollback()
    assert _named.here(called="Ann") is None


@pytest.mark.parametrize(
    "say",
    [
        lambda: _named.here(called="\0"),
        lambda: _rename(number=1, called="\0"),
        lambda: write_down(fresh(Person, name="\0", created_at=NOW)),
        lambda: _ahead_and_numbered("\0"),
    ],
    ids=["asked", "changed", "a row", "a numbered row"],
)
def test_what_cannot_be_sent_takes_nothing_with_it(app, say):
    if db.engine.dialect.name != "postgresql":
        return  # where everything can be
    begin_write()
    _ahead_and_numbered("Ann")
    with pytest.raises(DataError):
        say()
    _ahead_and_numbered("Ben")
    db.session.commit()
    assert db.session.scalars(select(Person.name).order_by(Person.id)).all() == ["Ann", "Ben"]


def test_who_is_interrupted_before_all_is_answered_leaves_no_connection_to_others(app):
    if db.engine.dialect.name != "postgresql":
        return  # where there is no server

    def interrupt():
        raise KeyboardInterrupt

    begin_write()
    write_down(fresh(Person, name="Ann", created_at=NOW))
    let_go_at_commit(interrupt)
    broken, _ = driver(db.session())
    with pytest.raises(KeyboardInterrupt):
        db.session.commit()
    db.session.rollback()
    assert broken.closed
    begin_write()
    write_down(fresh(Person, name="Ben", created_at=NOW))
    db.session.commit()
    assert "Ben" in db.session.scalars(select(Person.name)).all()


@pytest.mark.parametrize(
    "write",
    [
        lambda: post_once(fresh(Person, name="Ann", created_at=NOW)),
        lambda: post(fresh(Person, name="Ann", created_at=NOW)),
        lambda: _rename(number=db.session.scalar(select(Person.id)), called="Ann"),
        lambda: db.session.execute(update(Person).values(name="Ann")),
        lambda: write_down_all([fresh(Person, name="Ann", created_at=NOW)]),
    ],
    ids=["a row", "a numbered row", "a change", "the session", "rows"],
)
def test_what_was_asked_ahead_is_asked_anew_after_a_write(app, write):
    a_person("Ben")
    db.session.commit()
    begin_write()
    _named.ahead(called="Ann")
    take_numbers(Person)
    assert _named.here(called="Ben")
    write()
    assert _named.here(called="Ann"), "not what was so before it was written"


def test_each_of_several_asked_ahead_has_its_own_answer(app):
    people = {name: a_person(name) for name in ("Ann", "Ben")}
    db.session.commit()
    begin_write()
    take_numbers(Person)
    for name in ("Ann", "nobody", "Ben"):
        _named.ahead(called=name)
    _born.ahead(day=None)
    _born.ahead(day=date(1990, 2, 28))
    assert _named.here(called="another") is None
    assert [_named.here(called=name) for name in ("Ben", "nobody", "Ann")] == [
        (people["Ben"].id, None, False),
        None,
        (people["Ann"].id, None, False),
    ]
    assert (_born.here(day=date(1990, 2, 28)), _born.here(day=None)) == ((0,), (2,))
    assert post(fresh(Person, name="Cem", created_at=NOW)).id > people["Ben"].id


def test_what_was_asked_ahead_in_a_transaction_is_forgotten_with_it(app):
    begin_write()
    _named.ahead(called="Ann")
    assert _named.here(called="Ben") is None
    db.session.rollback()
    a_person("Ann")
    db.session.commit()
    assert _named.here(called="Ann")


def test_what_was_asked_ahead_before_a_write_began_is_asked_anew_in_it(app):
    ben = a_person("Ben")
    db.session.commit()
    assert _named.here(called="Cem") is None
    _named.ahead(called="Ann")
    assert _named.here(called="Dan") is None
    with app.app_context():
        begin_write()
        _rename(number=ben.id, called="Ann")
        db.session.commit()
    begin_write(keep=True)
    assert _named.here(called="Ann")

"""Rows read and written by way of the driver, on connections that live long."""

from datetime import date

import pytest
from psycopg import NotSupportedError
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from society.db import begin_write, db, driver
from society.people.models import Person
from society.rows import Change, Peek, fresh, post, write_down, write_down_all
from tests.builders import NOW, a_person

_named = Peek(select(Person.id, Person.born_on, Person.by_letter).where(Person.name == bindparam("called")))
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
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
    with pytest.raises(OperationalError) as ended:
        next_act()
    assert ended.value.orig.diag.sqlstate == "57P01", "what the server has said is what is told"
    db.session.rollback()
    assert _named.here(called="Ann") is None
    assert db.session.scalar(text("SELECT pg_backend_pid()")) != own

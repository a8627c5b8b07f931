"""Transactions: who waits for whom, and what every write says of itself."""

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from society.db import PUBLIC, Base, UTCDateTime, Version, begin_write, db, driver, is_writing, waited_to_write
from society.factory import create_app
from society.inserts import post
from society.kept import public_version
from society.people.models import Person
from society.rows import Peek, as_loaded, fresh
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.sqlite import AT_ONCE, WriterQueue
from tests.builders import NOW, a_person, an_event
from tests.memory import in_memory
from tests.postgres import SETTINGS, a_folder, serving

_version_here = Peek(select(Version.number).where(Version.key == PUBLIC))
ROOT = Path(__file__).resolve().parents[1]

WRITERS = """
import os
import sys
from sqlalchemy import insert
from society.db import Version, begin_write, db
from society.factory import create_app

app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "writer"})
wait, begin = os.pipe()

def born(name):
    child = os.fork()
    if child:
        return child
    os.close(begin)
    os.read(wait, 1)
    with app.app_context():
        for number in range(25):
            begin_write(public=False)
            db.session.execute(insert(Version).values(key=f"{name}-{number}", number=1))
            db.session.commit()
    os._exit(0)

children = [born(f"writer-{n}") for n in range(int(sys.argv[2]))]
os.close(begin)
print(*(os.waitpid(child, 0)[1] for child in children))
"""
"""So many processes, none of which has a connection yet, that write as soon as all of them are there."""


def test_an_instant_without_a_zone_is_refused(app):
    with pytest.raises(StatementError, match="an instant needs a zone"):
        a_person(created_at=datetime(2027, 3, 1))


def test_an_instant_comes_back_in_utc(app):
    person = a_person(created_at=NOW)
    db.session.commit()
    db.session.expire_all()
    assert person.created_at == NOW
    assert person.created_at.utcoffset().total_seconds() == 0
    assert UTCDateTime().process_bind_param(None, db.engine.dialect) is None


def test_a_write_raises_the_public_version_once_unless_it_is_private(app):
    before = public_version()
    begin_write()
    a_person()
    db.session.commit()
    assert public_version() == before + 1
    begin_write(public=False)
    a_person()
    db.session.commit()
    assert public_version() == before + 1


def test_a_write_that_is_rolled_back_raises_nothing(app):
    before = public_version()
    begin_write()
    db.session.rollback()
    db.session.add(Version(key="unrelated", number=1))
    db.session.commit()
    assert public_version() == before


@pytest.mark.parametrize("end", ["rollback", "commit"])
def test_a_savepoint_that_ends_does_not_end_the_write_around_it(app, end):
    before = public_version()
    begin_write()
    person = a_person("Ann")
    with db.session.begin_nested() as trial:
        person.name = "Ben"
        getattr(trial, end)()
    assert is_writing()
    assert _version_here.here() == (before,), "it is raised last"
    db.session.commit()
    assert public_version() == before + 1
    assert not is_writing()


def test_what_was_loaded_is_read_anew_under_the_lock(app):
    person = a_person("Ann")
    db.session.commit()
    assert person.name == "Ann"
    with db.engine.execution_options(writes=True).begin() as elsewhere:
        elsewhere.execute(Version.metadata.tables["person"].update().values(name="Anne"))
    begin_write()
    assert person.name == "Anne"


def test_a_read_goes_on_as_a_write_on_the_same_connection_and_sees_what_others_wrote(app):
    person, before = a_person("Ann"), public_version()
    db.session.commit()
    reading, _ = driver(db.session())
    assert db.session.scalar(select(Person.name)) == "Ann"
    with db.engine.execution_options(writes=True).begin() as elsewhere:
        elsewhere.execute(update(Person).values(name="Anne"))

    begin_write(keep=True)

    assert driver(db.session())[0] is reading
    assert (person.name, db.session.scalar(select(Person.name))) == ("Ann", "Anne")
    person.name = "Anna"
    db.session.commit()
    assert public_version() == before + 1
    with db.engine.execution_options(writes=AT_ONCE).begin() as elsewhere:  # the turn is over
        assert elsewhere.scalar(select(Person.name)) == "Anna"


def test_reading_goes_on_while_another_writes(app):
    with db.engine.execution_options(writes=True).begin() as writing:
        writing.execute(insert(Version).values(key="not yet", number=1))
        with db.engine.connect() as reading:
            assert reading.scalar(select(func.count()).where(Version.key == "not yet")) == 0


def test_many_writers_in_several_processes_all_get_through(app):
    command = [sys.executable, "-c", WRITERS, db.engine.url.render_as_string(hide_password=False), "6"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert ended.stdout.split() == ["0"] * 6, ended.stderr
    assert db.session.scalar(select(func.count()).where(Version.key.startswith("writer-"))) == 6 * 25
    assert public_version() == db.session.scalar(select(Version.number).where(Version.key == PUBLIC))


def test_a_commit_returns_when_it_is_on_the_disk_but_others_write_meanwhile(app, monkeypatch):
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL's own log sees to it
    waits = []

    def to_disk(file):
        with db.engine.connect() as reading:
            stored = reading.scalar(select(func.count()).where(Version.key == "durable"))
        waits.append((stored, Path(f"/proc/self/fd/{file}").readlink().name.endswith("-wal")))
        queue = WriterQueue(Path(db.engine.url.database))
        queue.enter(wait=False)
        queue.leave()

    monkeypatch.setattr(os, "fdatasync", to_disk)
    begin_write(public=False)
    db.session.rollback()
    db.session.commit()
    assert waits == [], "nothing was written"
    begin_write(public=False)
    db.session.add(Version(key="durable", number=1))
    db.session.commit()
    assert waits == [(1, True)]


def test_the_next_writers_turn_begins_with_the_commit(app):
    if db.engine.dialect.name != "sqlite":
        return  # where writers meet at rows
    others = []

    def write(session):
        queue = WriterQueue(Path(db.engine.url.database))
        others.append(queue.enter(wait=False))
        queue.leave()

    begin_write(public=False)
    event.listen(db.session(), "after_commit", write, once=True)
    db.session.commit()
    assert others == [0]


def test_a_writer_that_cannot_open_the_queue_leaves_no_lock_behind(tmp_path):
    queue = WriterQueue(tmp_path / "missing" / "society.db")
    for _ in range(2):  # the second would wait for ever
        with pytest.raises(FileNotFoundError):
            queue.enter()


def test_a_row_read_by_the_driver_is_the_sessions_own_object_and_brought_up_to_date(app):
    person = a_person("Ann")
    db.session.commit()
    whole = Peek(select(*Person.__table__.columns).where(Person.id == bindparam("number")))
    with db.engine.execution_options(writes=True).begin() as elsewhere:
        elsewhere.execute(update(Person).where(Person.id == person.id).values(name="Anne"))

    assert as_loaded(Person, whole.here(number=person.id)) is person
    assert (person.name, person in db.session.dirty) == ("Anne", False)
    number = person.id
    db.session.expunge_all()
    anew = as_loaded(Person, whole.here(number=number))
    assert (anew.name, anew.created_at.tzinfo, anew.roles) == ("Anne", UTC, [])
    anew.name = "Anna"
    db.session.commit()
    assert db.session.scalar(select(Person.name)) == "Anna"


def test_the_drivers_connection_is_always_that_of_the_transaction_at_hand(app):
    session = db.session()
    first, _ = driver(session)
    assert driver(session)[0] is first
    session.commit()

    with db.engine.connect():  # which may take up what the first transaction has given back
        second, _ = driver(session)
        assert second is session.connection().connection.driver_connection


def test_a_row_of_given_values_is_stored_as_any_other(app):
    person = fresh(Person, name="Ann", email="ann@example.org", created_at=NOW)
    db.session.add(person)
    db.session.commit()
    db.session.expunge_all()

    stored = db.session.scalar(select(Person))
    assert (stored.name, stored.created_at, stored.id) == ("Ann", NOW, person.id)


def test_a_row_put_in_by_the_driver_has_its_defaults_and_cannot_break_a_rule(app):
    ann, event = a_person("Ann"), an_event()
    db.session.commit()

    def answer():
        return Rsvp(
            event_id=event.id, person_id=ann.id, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW
        )

    first = answer()
    post(first)
    assert (first.event, first.person, first.offered_until) == (event, ann, None)
    first.note = "kept"
    db.session.commit()
    db.session.expire_all()
    assert (first.party_size, first.note, first.answered_at, len(first.link_key)) == (1, "kept", NOW, 22)
    with pytest.raises(IntegrityError):
        post(answer())
    db.session.rollback()


def test_a_writer_knows_how_long_others_were_before_it(tmp_path):
    first, second = (WriterQueue(tmp_path / "society.db") for _ in range(2))
    assert first.enter() == 0
    leaving = threading.Timer(0.2, first.leave)
    leaving.start()
    assert 0 < second.enter() < 5
    second.leave()
    leaving.join()
    assert first.enter() == 0
    first.leave()


def test_where_nobody_writes_a_transaction_has_waited_for_nobody(app):
    for _ in range(3):
        begin_write()
        assert waited_to_write() == 0
        db.session.commit()


def test_on_postgresql_a_transaction_is_told_of_who_waits_at_a_row(app):
    if db.engine.dialect.name != "postgresql":
        return  # where one who writes has waited itself
    begin_write()
    number = a_person().id
    db.session.commit()
    begin_write()
    rename = update(Person).where(Person.id == number)
    db.session.execute(rename.values(name="First"))

    engine = db.engine

    def second() -> None:
        with engine.begin() as other:
            other.execute(rename.values(name="Second"))

    waiting = threading.Thread(target=second)
    waiting.start()
    while waited_to_write() == 0:  # the limit of each test ends it
        time.sleep(0.01)
    db.session.commit()
    waiting.join()


def test_what_is_told_of_is_on_the_disk(app):
    """On PostgreSQL, where a public write lets go of its rows before; of SQLite a process of its own is asked."""
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect() as server:
        begin_write()
        db.session.execute(text("SET synchronous_commit = on"))  # which the tests' own server does without
        a_person()
        written = db.session.scalar(text("SELECT pg_current_wal_insert_lsn()"))
        db.session.commit()
        assert server.scalar(text("SELECT pg_current_wal_flush_lsn()")) >= written
        db.session.execute(text("RESET synchronous_commit"))


def test_who_asks_after_postgresql_was_started_anew_is_answered(own_database_url):
    if own_database_url.startswith("sqlite"):
        return  # where there is no server
    as_in_life = SETTINGS | {"synchronous_commit": "on"}
    with a_folder(in_memory()) as folder:
        with serving(folder, as_in_life) as server:
            app = create_app({"DATABASE_URL": server.url("postgres"), "SECRET_KEY": "anew"})
            with app.app_context():
                Base.metadata.create_all(db.engine, [Base.metadata.tables["version"]])
                _leave_in_the_pool(3)
        with serving(folder, as_in_life), app.app_context():
            assert _version_here() is None, "past the session"
            with db.engine.connect():  # the one that is alive
                assert app.test_client().get("/healthz").text == "ok"
                begin_write()
                db.session.execute(insert(Version).values(key=PUBLIC, number=0))
                db.session.commit()
            db.session.remove()
            db.engine.dispose()


def test_with_a_connection_that_is_lost_those_go_that_are_as_old(app):
    if db.engine.dialect.name != "postgresql":
        return  # where there is no server
    db.session.rollback()
    old = _leave_in_the_pool(3)
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
    with pytest.raises(OperationalError):
        _version_here.here()
    db.session.rollback()
    assert own in old
    assert not set(old) & set(_leave_in_the_pool(3))


def _leave_in_the_pool(number):
    """So many connections that are open there now; the server's numbers of them."""
    with ExitStack() as stack:
        opened = [stack.enter_context(db.engine.connect()) for _ in range(number)]
        return [each.scalar(text("SELECT pg_backend_pid()")) for each in opened]

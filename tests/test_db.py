"""Transactions: who waits for whom, and what every write says of itself."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import StatementError

from society.db import PUBLIC, UTCDateTime, Version, WriterQueue, begin_write, db
from society.kept import public_version
from tests.builders import NOW, a_person

ROOT = Path(__file__).resolve().parents[1]

WRITER = """
import sys
from sqlalchemy import insert
from society.db import Version, begin_write, db
from society.factory import create_app

app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "writer"})
with app.app_context():
    for number in range(25):
        begin_write(public=False)
        db.session.execute(insert(Version).values(key=f"{sys.argv[2]}-{number}", number=1))
        db.session.commit()
"""


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


def test_what_was_loaded_is_read_anew_under_the_lock(app):
    person = a_person("Ann")
    db.session.commit()
    assert person.name == "Ann"
    with db.engine.execution_options(writes=True).begin() as elsewhere:
        elsewhere.execute(Version.metadata.tables["person"].update().values(name="Anne"))
    begin_write()
    assert person.name == "Anne"


def test_reading_goes_on_while_another_writes(app):
    with db.engine.execution_options(writes=True).begin() as writing:
        writing.execute(insert(Version).values(key="not yet", number=1))
        with db.engine.connect() as reading:
            assert reading.scalar(select(func.count()).where(Version.key == "not yet")) == 0


def test_many_writers_in_several_processes_all_get_through(app):
    url = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WRITER, url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([*command, f"writer-{n}"], env=environment, stderr=subprocess.PIPE, text=True)
        for n in range(6)
    ]
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 6, said
    assert db.session.scalar(select(func.count()).where(Version.key.startswith("writer-"))) == 6 * 25
    assert public_version() == db.session.scalar(select(Version.number).where(Version.key == PUBLIC))


def test_a_writer_that_cannot_open_the_queue_leaves_no_lock_behind(tmp_path):
    queue = WriterQueue(tmp_path / "missing" / "society.db")
    for _ in range(2):  # the second would wait for ever
        with pytest.raises(FileNotFoundError):
            queue.enter()

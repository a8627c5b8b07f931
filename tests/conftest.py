"""One application per test process, one fresh database per test, on SQLite or PostgreSQL."""

import contextvars
import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dns.resolver
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache, Undefined
from sqlalchemy import event, text
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from society.db import PUBLIC, Base, Version, db
from society.factory import create_app
from society.limits import limiter
from society.people.models import Person
from society.rows import Change, Peek
from society.settings import Society
from tests import asked
from tests.builders import NOW
from tests.memory import in_memory
from tests.notices.filters import REPORT, a_program, says
from tests.world import World, a_world

pytest_plugins = ["tests.postgres"]
dns.resolver.default_resolver = dns.resolver.Resolver(configure=False)  # no test asks the world
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # how fast a machine is says nothing of what it runs


class Missing(Undefined):
    """What a page asks for and nothing has, renamed or misspelt as it is: to be asked about, never printed."""

    __slots__ = ()

    def __str__(self) -> str:
        self._fail_with_undefined_error()


class AsRead(TestResponse):
    """An answer whose page reads the same whether or not a line may break at a space."""

    @property
    def text(self) -> str:
        """The page; of anything else, just what it is."""
        return super().text.replace("\u00a0", " ") if self.mimetype == "text/html" else super().text


class Browser(FlaskClient):
    """A test client whose requests have contexts of their own, as in life, whatever context the test holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("AsReadResponse", (AsRead, self.response_wrapper), {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
        kwargs.setdefault("buffered", True)  # a stream left unread would hold its connection
        try:
            return contextvars.Context().run(super().open, *args, **kwargs)
        finally:
            if has_app_context():
                db.session.rollback()

    def agree(self, page: TestResponse, **typed: str) -> TestResponse:
        """Send on what the page before a change carries, by its button."""
        form = page.text[page.text.rindex('<form class="form"') :]
        carried = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
        (mark,) = re.findall(r'name="confirmed" value="([^"]+)"', form)
        data = [*((name, unescape(value)) for name, value in carried), ("confirmed", mark), *typed.items()]
        return self.post(page.request.path, data=MultiDict(data))

    def sign_in(self, person: Person) -> "Browser":
        """Hold the cookie of someone signed in."""
        with self.session_transaction() as session:
            session["_user_id"] = person.get_id()
            session["_fresh"] = True
        return self


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Looking for garbage among all that is loaded would take a third of the time in which the tests are found."""
    gc.disable()
    if config.getoption("--database") == "sqlite":
        config.pluginmanager.register(asked.Notes())


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: it is looked through no more, and the rest seldom."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is long comes first; PostgreSQL gets what a database has a part in, if it asks what others have not."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if config.getoption("--database") == "postgresql":
        again = asked.worth_repeating(config, list(filter(_depends_on_the_database, items)))
        config.hook.pytest_deselected(items=set(items).difference(again))
        items[:] = again


def _depends_on_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return (
        bool(fixtures & {"application", "postgresql_url", "own_database_url"})
        and item.get_closest_marker("once") is None
    )


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where this process keeps its database."""
    if request.config.getoption("--database") == "sqlite":
        with TemporaryDirectory(prefix="society-sqlite-", dir=in_memory()) as folder:
            yield f"sqlite:///{folder}/society.db"
    else:
        yield str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def own_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database for one test, whose programs make it themselves."""
    if request.config.getoption("--database") == "sqlite":
        return f"sqlite:///{tmp_path}/own.db"
    return str(request.getfixturevalue("postgresql").create(f"society_{tmp_path.name}_{os.getpid()}"))


@pytest.fixture(scope="session")
def application(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a migrated database that holds a set-up society."""
    folder = tmp_path_factory.mktemp("instance")
    settings = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "for tests",
        "BASE_URL": "https://society.example.org",
        "MAIL_URL": f"file:{folder / 'outbox'}",
        "RATELIMIT_ENABLED": False,
        "TESTING": True,
    }
    app = create_app(settings)
    app.test_client_class = Browser
    app.jinja_env.undefined = Missing
    app.jinja_env.bytecode_cache = _compiled_templates(tmp_path_factory.getbasetemp())
    with app.app_context():
        upgrade()
        db.session.add(_the_society())
        db.session.commit()
        app.test_client().get("/login")  # the first request of a process asks whether there is a society
        close(app)
        if db.engine.dialect.name == "sqlite":
            path = Path(str(db.engine.url.database))
            shutil.copy(path, path.with_suffix(".template"))
        else:
            _learn_to_empty()
        asked.listen(db.engine)
    yield app
    with app.app_context():
        close(app)


def _compiled_templates(folder: Path) -> FileSystemBytecodeCache:
    """One for all workers of a run, and for no other: what filters want is compiled into templates too."""
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "templates"
    shared.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(shared))


def _the_society() -> Society:
    return Society(id=1, name="The Test Society", zone="America/New_York", sender="office@example.org", set_up_at=NOW)


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application with a fresh database, its context held for the test."""
    limiter.enabled = False  # it is one for all applications of this process, also those that a test made
    with application.app_context():
        _fresh(application)
        yield application
        db.session.rollback()


def close(app: Flask) -> None:
    """Leave nothing open or remembered, and the whole database in its one file where it is SQLite's."""
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.engine.dispose()
    _forget_answers(app)


def _forget_answers(app: Flask) -> None:
    app.extensions["keep"].clear()
    app.extensions["feeds"].clear()


def _fresh(app: Flask) -> None:
    _forget_answers(app)
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        path = Path(str(db.engine.url.database))
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(path.with_suffix(".template"), path)
        return
    _empty()
    db.session.add_all([_the_society(), Version(key=PUBLIC, number=0)])
    db.session.commit()


MANY = 200
"""Rows, after which a table is worth vacuuming."""
EMPTY = "DELETE FROM {0}; GET DIAGNOSTICS gone = ROW_COUNT; IF gone > {1} THEN RETURN NEXT '{0}'; END IF;"
EMPTIED = """
CREATE FUNCTION emptied() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE gone bigint;
BEGIN
{}
PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


def _learn_to_empty() -> None:
    """One function of PostgreSQL's empties all tables and counts anew: it plans once for a connection, so that it takes
    a tenth of what as many statements take, and those a seventh of what truncating does."""
    names = (db.engine.dialect.identifier_preparer.quote(name) for name in Base.metadata.tables)
    db.session.execute(text(EMPTIED.format("\n".join(EMPTY.format(name, MANY) for name in names))))
    db.session.commit()


def _empty() -> None:
    db.session.execute(text("SET LOCAL session_replication_role = replica"))  # in any order: no foreign key is checked
    many = db.session.scalars(text("SELECT emptied()")).all()
    db.session.commit()
    if many:  # what was deleted would be read over and over
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
            alone.execute(text(f"VACUUM ANALYZE {', '.join(many)}"))


@pytest.fixture
def client(app: Flask) -> Browser:
    """A visitor's browser."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def quick_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter for spam that answers at once, for walks over all pages: where there is a real one, it takes seconds."""
    a_program(tmp_path, "spamc", says(REPORT.format(score="1.1")))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def world(app: Flask, quick_judge: None) -> World:
    """The small society with one of everything, for walks over all pages."""
    return a_world()


class Count:
    """How many statements went to the database."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`with counted() as count: …; len(count)` counts the statements run meanwhile."""

    @contextmanager
    def counting() -> Iterator[Count]:
        count = Count()

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
                count.statements.append(statement)

        def noting(passing: Callable[..., Any]) -> Callable[..., Any]:
            def noted(*given: Any, **values: Any) -> Any:
                count.statements.append("by the driver")
                return passing(*given, **values)

            return noted

        event.listen(db.engine, "before_cursor_execute", note)
        with monkeypatch.context() as patch:
            patch.setattr(Peek, "_first", noting(Peek._first))  # no event of the engine tells of these
            patch.setattr(Change, "__call__", noting(Change.__call__))
            yield count
        event.remove(db.engine, "before_cursor_execute", note)

    return counting

"""A throw-away PostgreSQL server for `--database=postgresql`: in a temporary folder, on a unix socket, gone afterwards.

pytest's controller starts one; each worker is told its folder and makes databases of its own there.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.memory import in_memory

OWNER = "society"
LONGEST_START = 30.0
LONGEST_STOP = 15.0
SETTINGS = {
    "autovacuum_naptime": "10s",  # each test empties what it used
    "enable_nestloop": "off",  # what is believed of tables that grow from nothing is chance: a loop could take minutes
    "jit": "off",
    "fsync": "off",  # nothing here outlives the run
    "full_page_writes": "off",
    "listen_addresses": "",
    "lock_timeout": "30s",  # a test that waits for ever fails instead
    "max_connections": "200",  # the storm's servers, beside the workers
    "synchronous_commit": "off",
    "timezone": "Asia/Kathmandu",  # far from UTC, so that nothing can lean on the server's own zone
}


@dataclass(frozen=True)
class Cluster:
    """A running server, by the folder that holds its socket."""

    folder: Path

    def url(self, database: str) -> str:
        """Its address, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """Make an empty database; its address."""
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def connect(self) -> psycopg.Connection:
        """A connection of its owner, outside any transaction."""
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True)


@contextmanager
def cluster(settings: Mapping[str, str] = SETTINGS, within: Path | None = None) -> Iterator[Cluster]:
    """A fresh server for as long as the block lasts, in a folder within that one, else where temporary ones are."""
    with a_folder(within) as folder, serving(folder, settings) as running:
        yield running


@contextmanager
def a_folder(within: Path | None = None) -> Iterator[Path]:
    """A folder of a server that holds nothing yet and does not run."""
    with tempfile.TemporaryDirectory(prefix="society-postgres-", dir=within, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _initialize(folder / "data")
        yield folder


@contextmanager
def serving(folder: Path, settings: Mapping[str, str] = SETTINGS) -> Iterator[Cluster]:
    """Its server, for as long as the block lasts."""
    server = _start(folder, settings)
    try:
        _wait_until_it_answers(Cluster(folder), server)
        yield Cluster(folder)
    finally:
        server.send_signal(signal.SIGQUIT)  # at once, whoever is connected
        server.wait(LONGEST_STOP)


def _initialize(data: Path) -> None:
    words = [f"--pgdata={data}", f"--username={OWNER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    done = subprocess.run(_command("initdb", *words, "--no-sync"), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")


def _start(folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    told = {**settings, "unix_socket_directories": str(folder)}
    words = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(_command("postgres", "-D", str(folder / "data"), *words), stdout=log, stderr=log)


def _wait_until_it_answers(started: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            started.connect().close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (started.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL does not start:\n{log}") from error
        time.sleep(0.05)


def _command(program: str, *words: str) -> list[str]:
    """As a user that PostgreSQL accepts, and told to stop by the kernel should this process die without a word."""
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig=QUIT", *user, "--", str(_programs() / program), *words]


def _programs() -> Path:
    """The folder of the newest server programs that Debian's packages have put here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not found:
        raise pytest.UsageError("No PostgreSQL here: bin/system-packages installs it.")
    return found[-1].parent


_running = pytest.StashKey[Cluster]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's one server, in the controller, or learn in a worker where it is."""
    if config.getoption("--database") != "postgresql":
        return
    if handed_over := getattr(config, "workerinput", None):
        config.stash[_running] = Cluster(Path(handed_over["postgresql"]))
        return
    stack = ExitStack()
    config.add_cleanup(stack.close)
    config.stash[_running] = stack.enter_context(cluster(within=in_memory()))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server is."""
    if running := node.config.stash.get(_running, None):
        node.workerinput["postgresql"] = str(running.folder)


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Cluster:
    """The run's server; there is none unless asked for by `--database=postgresql`."""
    return pytestconfig.stash[_running]


@pytest.fixture(scope="session")
def postgresql_url(postgresql: Cluster) -> str:
    """An empty database of this worker's own."""
    return postgresql.create(f"society_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")

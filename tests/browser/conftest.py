"""A real server with its post office, and real Chromium."""

import email
import email.policy
import multiprocessing
import os
import re
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import IO
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import started

ADA = "ada@example.org"
PASSWORD = "a few good words"
ROOT = Path(__file__).resolve().parents[2]
SOCIETY = Path(sys.executable).with_name("society")


PROCESSES = multiprocessing.get_context("forkserver")
"""Each begins with what one has loaded, that is there for it."""
PROCESSES.set_forkserver_preload(["society.server", "tests.browser.started"])


def _by_day() -> str:
    hours = {zone: datetime.now(ZoneInfo(zone)).hour for zone in ("Europe/London", "America/New_York", "Asia/Tokyo")}
    return next((zone for zone, hour in hours.items() if 8 <= hour < 21), "Pacific/Auckland")


ZONE = _by_day()
"""Where it is day now: at night no letter says that a seat is free."""


@dataclass(frozen=True)
class Site:
    """A running installation."""

    address: str
    setup_link: str
    instance: Path

    def letters_to(self, address: str) -> list[EmailMessage]:
        """What lies in the outbox folder for an address, oldest first."""
        parse = email.message_from_bytes
        files = sorted((self.instance / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        letters = [parse(path.read_bytes(), policy=email.policy.default) for path in files]
        return [letter for letter in letters if address in str(letter["To"])]

    def letter_to(self, address: str, subject: str) -> EmailMessage:
        """The newest letter to an address whose subject has these words; waits until the post office delivered it."""
        for _ in range(150):
            found = [letter for letter in self.letters_to(address) if subject in str(letter["Subject"])]
            if found:
                return found[-1]
            time.sleep(0.1)
        had = [str(letter["Subject"]) for letter in self.letters_to(address)]
        raise AssertionError(f"no letter “{subject}” to {address}; there are {had}")

    def link_in(self, letter: EmailMessage, path: str) -> str:
        """The address in a letter's plain text that begins with a path, such as "/verify/"."""
        part = letter.get_body(("plain",))
        assert part is not None
        found = re.search(rf"{re.escape(self.address)}{re.escape(path)}[\w.~-]+", part.get_content())
        assert found, part.get_content()
        return found[0]


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Site]:
    """`society serve` on a new instance, as a volunteer starts it."""
    instance = tmp_path / "instance"
    with serving(instance) as (address, printed):
        yield Site(address, _setup_link(printed), instance)


@pytest.fixture
def site(set_up_once: Path, tmp_path: Path) -> Iterator[Site]:
    """The same a moment later: it is set up, and Ada is its administrator."""
    instance = tmp_path / "instance"
    shutil.copytree(set_up_once, instance)
    with serving(instance, "--workers", "1") as (address, _printed):
        yield Site(address, "", instance)


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance to be copied, rather than made and set up anew by each journey."""
    instance = tmp_path_factory.mktemp("set_up") / "instance"
    society = {"name": "The A Society", "tagline": "Evenings with books", "zone": ZONE, "sender": "office@example.org"}
    admin = {"admin_name": "Ada Able", "admin_email": ADA, "password": PASSWORD}
    with serving(instance) as (_address, printed):
        form = urlencode(society | admin).encode()
        with urllib.request.urlopen(_setup_link(printed), form) as page:  # noqa: S310 - it is our own
            assert page.url.endswith("/organize"), page.url
    return instance


def _setup_link(printed: IO[str]) -> str:
    said = printed.readline() + printed.readline()
    link = re.search(r"http://\S+/setup/\S+", said)
    assert link, said
    return link[0]


def settings_for(instance: Path, **more: str) -> dict[str, str]:
    """The environment of a command for an installation."""
    given = {"INSTANCE": str(instance), "RATELIMIT_ENABLED": "false", **more}
    return {**os.environ, **{f"SOCIETY_{name}": value for name, value in given.items()}}


@contextmanager
def serving(instance: Path, *options: str, **more: str) -> Iterator[tuple[str, IO[str]]]:
    """`society serve` on an instance: its address once it listens, and what it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    printed, said = PROCESSES.Pipe(duplex=False)
    environment = settings_for(instance, **more)
    process = PROCESSES.Process(
        target=started.society, args=(["serve", "--port", str(port), *options], environment, said)
    )
    process.start()
    said.close()
    try:
        _wait_until_it_listens(port)
        with os.fdopen(os.dup(printed.fileno())) as lines:
            yield f"http://localhost:{port}", lines
    finally:
        process.terminate()
        process.join(30)
        assert process.exitcode == 0
        printed.close()


def _wait_until_it_listens(port: int) -> None:
    for _ in range(600):  # half a minute: a first start makes the whole database, beside another test
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("the server does not listen")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window, and without all that draws one: that takes a third of the work."""
    path = shutil.which("chromium-headless-shell")
    assert path, "bin/system-packages installs Chromium"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, chromium_sandbox=os.geteuid() != 0, args=["--disable-gpu", "--disable-quic", *quiet]
        )
        yield browser
        browser.close()


def look_over(page: Page) -> None:
    """What every page keeps to: it fits the window's width, has one heading of the first order, and a way on."""
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], f"{page.url} is {width[0]} px wide in a window of {width[1]}"
    assert page.locator("h1").count() == 1, page.url
    assert page.locator("main a, main button, header a").count() > 0, page.url

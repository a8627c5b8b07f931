"""`society serve` as a process: it starts by itself, stays whole, and stops when told."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from society.errors import Refused
from society.server import check_address

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(instance: Path, *options: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """The process, its port, and what it printed before it served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SOCIETY_INSTANCE": str(instance), "SOCIETY_DATABASE_URL": "", **settings}
    society = Path(sys.executable).with_name("society")
    process = subprocess.Popen(
        [society, "serve", "--port", str(port), *options],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = process.stdout.readline()
        until(lambda: answers(port, "/healthz") == 200)
        yield process, port, said
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def until(true) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to be")


def answers(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def children(process: subprocess.Popen[str]) -> set[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return {int(number) for number in listed}


def test_a_first_start_makes_what_it_needs_and_keeps_it_to_itself(tmp_path):
    instance = tmp_path / "new" / "instance"
    with serving(instance) as (process, port, said):
        assert re.match(r"Our society is at http://localhost:\d+", said)
        assert answers(port, "/") == 503
    assert process.returncode == 0
    assert (instance / "secret-key").stat().st_mode & 0o077 == 0
    assert instance.stat().st_mode & 0o077 == 0
    assert (instance / "society.db").exists()


def test_every_process_that_dies_is_started_anew(tmp_path):
    with serving(tmp_path) as (process, port, _):
        until(lambda: len(children(process)) == 3)  # two for the web, one for the post
        before = children(process)
        for child in before:
            os.kill(child, signal.SIGKILL)
        until(lambda: len(children(process) - before) == 3)
        until(lambda: answers(port, "/healthz") == 200)
    assert process.returncode == 0


def test_without_a_worker_only_the_web_is_served(tmp_path):
    with serving(tmp_path, "--no-worker", "--workers", "1") as (process, _, _):
        until(lambda: len(children(process)) == 1)
        time.sleep(1.5)  # the master looks after its children every second
        assert len(children(process)) == 1


def test_nothing_is_left_running_when_the_master_is_killed(tmp_path):
    with serving(tmp_path) as (process, port, _):
        until(lambda: len(children(process)) == 3)
        left = children(process)
        process.kill()
        process.wait(10)
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in left))
        assert answers(port, "/healthz") == 0


def test_garbage_is_looked_for_once_the_application_is_loaded_but_not_in_it(tmp_path):
    told = "import gc, app; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"
    environment = {**os.environ, "SOCIETY_INSTANCE": str(tmp_path), "SOCIETY_DATABASE_URL": ""}
    said = subprocess.run([sys.executable, "-c", told], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert (said.stdout, said.stderr) == ("True True\n", "")


def test_a_setting_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "society.toml").write_text("BASE_URL = oops")
    ended = subprocess.run(
        [Path(sys.executable).with_name("society"), "serve"],
        env={**os.environ, "SOCIETY_INSTANCE": str(tmp_path)},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "society.toml" in ended.stderr


def test_a_database_that_does_not_answer_is_one_line(tmp_path):
    ended = subprocess.run(
        [Path(sys.executable).with_name("society"), "serve"],
        env={
            **os.environ,
            "SOCIETY_INSTANCE": str(tmp_path),
            "SOCIETY_DATABASE_URL": f"postgresql+psycopg://nobody@/nothing?host={tmp_path}",
        },
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_an_address_that_is_taken_or_not_ours_is_refused_before_anything_is_done():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for host in ("127.0.0.1", "192.0.2.1", "no-such-host.invalid"):
            with pytest.raises(Refused, match=f"^cannot listen on {host}, port {port}: [^:]+. --port chooses"):
                check_address(host, port)
    check_address("127.0.0.1", port)

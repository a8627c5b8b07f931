"""Server processes to measure, and wrk to load them."""

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
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


ADDRESS = "http://society.example.org"
"""Where an installation that is measured is said to be."""


def environment(instance: Path) -> dict[str, str]:
    """The settings under which the installation in `instance` is measured."""
    settings = {"INSTANCE": str(instance), "RATELIMIT_ENABLED": "false", "BASE_URL": ADDRESS}
    return {**os.environ, **{f"SOCIETY_{name}": value for name, value in settings.items()}}


def society(*arguments: str) -> list[str]:
    """The command line of `society …`."""
    return [str(Path(sys.executable).with_name("society")), *arguments]


@dataclass(frozen=True)
class Running:
    """A server process group, its address, and how long its first 200 took (seconds)."""

    process: subprocess.Popen[bytes]
    address: str
    first_answer: float


@contextmanager
def serving(command: list[str], instance: Path, port: int, path: str) -> Iterator[Running]:
    """Run a server until the end of the block; it is up when `path` answers 200."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment(instance), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}{path}", process)
        yield Running(process, address, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(2000):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise TimeoutError(address)


_BETWEEN = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(ended, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def run_alone(command: list[str], instance: Path) -> tuple[int, float, float]:
    """Run a command to its end: its exit code, how long it took (seconds), and the most memory it had at once in MB.

    By a small process between: the system counts what a process had before it became another program, which here is
    all that measures."""
    began = time.perf_counter()
    between = [sys.executable, "-c", _BETWEEN, *command]
    said = subprocess.run(
        between, env=environment(instance), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    taken = time.perf_counter() - began
    ended, kilobytes = map(int, said.split())
    return ended, taken, kilobytes * 1024 / 1e6


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rate(address: str, *, seconds: int = 4, headers: tuple[str, ...] = (), script: Path | None = None) -> float:
    """Requests per second over 16 kept connections; an answer that is an error is an error here."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s"]
    for header in headers:
        command += ["-H", header]
    command += ["-s", str(script)] if script else []
    said = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
    if failed := re.search(r"Non-2xx or 3xx responses: (\d+)", said):
        raise RuntimeError(f"{address}: {failed[0]}\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found[1])


def held_memory(process: int) -> float:
    """MB (10^6 bytes) held by a process and all its children: the proportional set size, so shared pages count once."""
    total = 0
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1]) * 1024
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return total / 1e6 + sum(held_memory(int(child)) for child in children)

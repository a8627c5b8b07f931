"""The production server: gunicorn with threads, and the post office in a process beside its workers.

gunicorn's master forks the web processes from the loaded application, so that they share its memory, and starts any
that dies anew; the post office is kept in the same way.
"""

import gc
import logging
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from society.chores import BESIDE, CHORES, EVERY_MINUTE
from society.db import db
from society.errors import Refused
from society.mail import worker

log = logging.getLogger("society.server")

THREADS = 3
"""Requests that one web process works on at a time. Whoever holds the writers' lock shares the interpreter with the
others: with four, 2,000 answers at once took a twentieth longer than with three."""

LAST_SECONDS = 10.0
"""How long the post office goes on, at most, once it is told to stop."""

SWITCH_SECONDS = 0.001
"""How long one thread may keep the others of its process waiting. Every statement gives the interpreter away, so with
Python's own 5 ms whoever holds the writers' lock would wait for it longer than it works."""


class _Log(Logger):
    """gunicorn's log through ours, from warnings up; requests are not logged, so that no link's secret ever is."""

    def setup(self, cfg: Any) -> None:
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class _Master(Arbiter):
    """gunicorn's master, which also keeps one post office running."""

    post_office = 0

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.app.with_post_office and not _alive(self.post_office):
            self.post_office = self._fork_post_office()

    def stop(self, graceful: bool = True) -> None:
        if _alive(self.post_office):
            os.kill(self.post_office, signal.SIGTERM)
        super().stop(graceful)

    def _fork_post_office(self) -> int:
        master = os.getpid()  # asked of its child, it could be gone already
        child = os.fork()
        if child:
            return child
        for listener in self.LISTENERS:
            os.close(listener.sock.fileno())
        try:
            run_post_office(self.app.flask, parent=master)
        finally:
            os._exit(0)


def check_address(host: str, port: int) -> None:
    """Refuse to begin where nothing can be listened on. gunicorn would tell of it in ten lines, after five seconds, and
    after the database was brought up to date under a site that runs already."""
    try:
        for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        raise Refused(f"cannot listen on {host}, port {port}: {error.strerror}. --port chooses another.") from error


class Server(BaseApplication):
    """The application on `host`:`port`, with `workers` web processes of a few threads each."""

    def __init__(self, flask: Flask, *, host: str, port: int, workers: int, with_post_office: bool) -> None:
        self.flask = flask
        self.with_post_office = with_post_office
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": 20,
            "preload_app": True,
            "logger_class": _Log,
            "control_socket_disable": True,
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "post_fork": lambda _master, _worker: _forget_connections(flask),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.flask

    def run(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.freeze()  # what is loaded by now stays shared between the processes
        _Master(self).run()


def run_post_office(app: Flask, parent: int | None = None) -> None:
    """Deliver letters and see to the chores until told to stop by SIGTERM or SIGINT, or until `parent` is gone."""
    stop = _Stop(parent)
    for name in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD, signal.SIGQUIT):
        signal.signal(name, signal.SIG_DFL)
    signal.signal(signal.SIGINT, stop.told)
    signal.signal(signal.SIGTERM, stop.told)
    _forget_connections(app)
    with app.app_context():
        worker.run(stop, CHORES, EVERY_MINUTE, BESIDE)


class _Stop(threading.Event):
    """Set on a signal, or by the parent's end, which no signal tells of."""

    def __init__(self, parent: int | None) -> None:
        super().__init__()
        self._parent = parent

    def told(self, _signal: int, _frame: FrameType | None) -> None:
        """By then everything has ended, save what waits for a server or a database that does not answer: that is cut
        off, as if killed."""
        self.set()
        last = threading.Timer(LAST_SECONDS, os._exit, [0])
        last.daemon = True
        last.start()

    def is_set(self) -> bool:
        return super().is_set() or self._parent not in (None, os.getppid())


def _forget_connections(app: Flask) -> None:
    """A connection must not be used on both sides of a fork."""
    with app.app_context():
        db.engine.dispose(close=False)


def _alive(process: int) -> bool:
    """Whether the child still runs; the master reaps every child, so a dead one is gone, not a zombie."""
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True

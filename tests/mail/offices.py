"""Several post offices, each in a process of its own, that begin at once and end when nothing is left.

python -m tests.mail.offices NUMBER; it says "ready", and begins when it is told a line.
"""

import os
import sys

from flask import Flask

from society.factory import create_app
from society.mail import worker
from society.server import _forget_connections
from society.times import now


def environment(app: Flask, folder: object, mail_url: str) -> dict[str, str]:
    """Of a process that works for the same installation."""
    settings = {
        "INSTANCE": str(folder),
        "DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
        "SECRET_KEY": str(app.config["SECRET_KEY"]),
        "BASE_URL": str(app.config["BASE_URL"]),
        "MAIL_URL": mail_url,
    }
    return os.environ | {f"SOCIETY_{name}": value for name, value in settings.items()}


def main(number: int) -> int:
    """The worst of their ends."""
    app = create_app()
    wait, begin = os.pipe()
    born = [_born(app, wait, begin) for _ in range(number)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    os.close(begin)
    return max(os.waitpid(child, 0)[1] for child in born)


def _born(app: Flask, wait: int, begin: int) -> int:
    child = os.fork()
    if child:
        return child
    os.close(begin)
    os.read(wait, 1)
    _forget_connections(app)
    with app.app_context():
        while worker.deliver_due(now()):
            pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

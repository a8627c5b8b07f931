"""Where processes of the program begin. Nothing that they load is garbage: to look for some again and again meanwhile
took a quarter of the time until they were there."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask


def main() -> None:
    """The command `society`."""
    with _loading():
        from society import cli
    cli.main()


def application() -> Flask:
    """For WSGI servers and `flask`."""
    with _loading():
        from society.calendars.upkeep import keep_up_from_first_request
        from society.factory import create_app

        app = create_app()
    keep_up_from_first_request(app)
    return app


@contextmanager
def _loading() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # it stays to the end
        gc.enable()

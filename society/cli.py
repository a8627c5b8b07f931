"""The command `society`: the main job, and what the slices add to it."""

import signal
import sys
from types import FrameType
from typing import Any

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError, ProgrammingError

from society.calendars.upkeep import keep_up
from society.db import begin_write, db
from society.demo.cli import demo
from society.errors import Refused
from society.factory import create_app
from society.logs import log_to_stderr
from society.settings import society as settings
from society.settings import stated_address
from society.site.actions import keep_served_at, new_setup_link
from society.times import now


@click.group(cls=FlaskGroup, create_app=create_app)
def society() -> None:
    """Events and memberships of a society."""


@society.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--worker/--no-worker", "post_office", default=True, help="Deliver mail and do timed work from here too.")
@with_appcontext
def serve(host: str, port: int, workers: int, post_office: bool) -> None:
    """Bring the database up to date and serve the society's site."""
    from society.server import Server, check_address  # only this command needs the server in memory

    check_address(host, port)
    log_to_stderr()
    upgrade()
    begin_write()
    link = new_setup_link(now())
    keep_served_at(host, port)
    db.session.commit()
    keep_up(now())
    address = stated_address()
    click.echo(f"{settings().name} is at {address}")
    if link:
        click.echo(f"Set it up here (the link is good once): {address}/setup/{link}")
    sys.stdout.flush()
    db.session.remove()
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    Server(app, host=host, port=port, workers=workers, with_post_office=post_office).run()


@society.command()
@with_appcontext
def worker() -> None:
    """Deliver mail and do what falls due by time, for an installation whose web servers run with --no-worker."""
    from society.server import run_post_office

    log_to_stderr()
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    run_post_office(app)


society.add_command(demo)


def main() -> None:
    """Run a command; a rule that says no is one line on stderr and exit 1."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        society(prog_name="society")
    except Refused as refusal:
        sys.exit(f"society: {refusal}")
    except (OperationalError, ProgrammingError) as error:
        said = str(error.orig).strip().splitlines()[0]
        older = "no such table" in said or "no such column" in said or "does not exist" in said
        advice = " Run “society db upgrade” to bring it up to date." if older else ""
        sys.exit(f"society: the database does not answer as it should: {said}.{advice}")


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)

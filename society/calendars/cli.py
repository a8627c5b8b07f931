"""The command `society calendar export`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from society.calendars.feeds import public_feed
from society.calendars.queries import PAST
from society.errors import Refused
from society.times import now


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@with_appcontext
def export(file: Path | None) -> None:
    """Write all public events, those of the past too, as a calendar file (iCalendar); without FILE to the screen."""
    try:
        with click.open_file(str(file or "-"), "wb", atomic=bool(file)) as opened:
            opened.write(public_feed(PAST, now()))
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from error

"""The commands `society calendar export` and `society calendar check`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from society.calendars.check import check
from society.calendars.feeds import public_feed
from society.calendars.queries import ALL, PAST
from society.errors import Refused
from society.text import counted
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


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@with_appcontext
def check_file(file: Path | None) -> None:
    """Say what calendar apps would dislike about FILE; without FILE, about the feed of all public events."""
    found = check(file.read_bytes() if file else public_feed(ALL, now()))
    for complaint in found.complaints:
        lines = f" (line {', '.join(map(str, complaint.lines))})" if complaint.lines else ""
        click.echo(f"{complaint.rule.says}{lines}\n    {complaint.rule.then} [{complaint.rule.source}]")
    click.echo(f"{counted(found.events, 'event')}, {counted(len(found.complaints), 'complaint')}.")
    if found.complaints:
        raise click.exceptions.Exit(1)

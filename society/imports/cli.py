"""The command `society events import`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from society.db import begin_write, db
from society.errors import Refused
from society.imports.actions import bring_in, made_ahead
from society.imports.places import Places
from society.imports.planning import Options, Will, plan
from society.imports.reading import read
from society.settings import society
from society.times import known_zone, now, today_in

MOST_BYTES = 64 * 1024 * 1024
_TOLD = {
    Will.ADD: "new",
    Will.CHANGE: "changed",
    Will.UNCHANGED: "as it was",
    Will.KEEP_OURS: "kept as here",
    Will.LEAVE_OUT: "left out",
    Will.GONE: "no longer there",
}


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell every event's fate, and change nothing.")
@click.option("--publish", is_flag=True, help="Announce what is new; otherwise it becomes drafts.")
@click.option("--zone", help="Where times without a zone hold, such as Europe/Berlin.")
@click.option("--make-new", is_flag=True, help="Make venues and categories that are not known yet.")
@with_appcontext
def bring_events_in(file: Path, dry_run: bool, publish: bool, zone: str | None, make_new: bool) -> None:
    """Read events in from a calendar file (iCalendar)."""
    if zone and not known_zone(zone):
        raise Refused(f"There is no time zone “{zone[:60]}”.")
    reading = read(_content(file), zone=society().zone, today=today_in(society().zone, now()))
    for sentence in reading.about:
        click.echo(sentence)
    if reading.floating and not zone:
        likely = f" The file names {reading.zone} for itself." if reading.zone else ""
        raise Refused(f"{reading.floating_in_words} Say --zone and where they are.{likely}")
    options = Options(zone=zone, publish=publish, make_new=make_new)
    if dry_run:
        done = plan(reading, options, Places.known())
    else:
        at = now()
        ahead = made_ahead(reading, options, by=None, now=at)
        begin_write()
        done = bring_in(reading, options, by=None, now=at, ahead=ahead)
        db.session.commit()
    for fate in done.fates:
        if dry_run or fate.will in (Will.LEAVE_OUT, Will.KEEP_OURS, Will.GONE):
            told = f": {fate.told}" if fate.told else ""
            where = f"line {fate.line}: " if fate.line else ""
            click.echo(f"{where}{fate.who or 'an event'}: {_TOLD[fate.will]}{told}")
    click.echo(f"{'It would be' if dry_run else 'Done'}: {done.in_words}.")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise Refused(f"{file} is larger than {MOST_BYTES // 2**20} MB.")
    return content

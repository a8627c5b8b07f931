"""`society demo`."""

from datetime import datetime

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from society.db import begin_write, db
from society.demo.fill import LEAST_PEOPLE, PASSWORD, Demo, Size, check_empty, demo_password_hash
from society.demo.people import SIGN_INS
from society.demo.setting import SOCIETY, ZONE
from society.door.hours import is_ahead, opening
from society.logs import log_to_stderr
from society.times import now, today_in


@click.command()
@click.option("--people", default=240, show_default=True, type=click.IntRange(LEAST_PEOPLE), help="How many people.")
@click.option("--events", default=120, show_default=True, type=click.IntRange(0), help="How many events.")
@click.option("--rsvps", default=2_000, show_default=True, type=click.IntRange(0), help="How many answers to them.")
@click.option("--seed", default=1887, show_default=True, help="The same seed gives the same society.")
@click.option("--now", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it plays on.  [default: today]")
@with_appcontext
def demo(people: int, events: int, rsvps: int, seed: int, day: datetime | None) -> None:
    """Fill an empty database with a fictional society."""
    log_to_stderr()
    upgrade()
    check_empty()
    password_hash = demo_password_hash()
    begin_write()
    made = Demo(Size(people, events, rsvps), seed, day.date() if day else today_in(ZONE, now()), password_hash)
    for label, length, steps in made.steps():
        with click.progressbar(steps, length=length, label=label) as bar:
            for _ in bar:
                pass
    db.session.commit()
    click.echo(f"{SOCIETY['name']}: {people:,} people, {events:,} events, {made.answers:,} answers.")
    click.echo(f"Sign in with the password {PASSWORD} as")
    for address in SIGN_INS:
        click.echo(f"  {address}")
    if made.helpers.event:
        door = made.helpers.event
        click.echo(f"Helpers check guests in to “{door.title}” without an account at")
        click.echo(f"  /door/{made.helpers.secret}")
        if is_ahead(door, now()):
            click.echo(opening(door))

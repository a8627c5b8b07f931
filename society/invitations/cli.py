"""The commands `society mail receive` and `society mail poll`."""

from typing import BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from society.db import begin_write, db
from society.invitations.actions import take
from society.invitations.reading import LARGEST
from society.times import now

TRY_AGAIN = 75
"""EX_TEMPFAIL: a mail server keeps the message for a while; at any other status it would send it back for good."""


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@with_appcontext
def receive(file: BinaryIO) -> None:
    """Take one message as it arrived, from standard input or FILE: the answer of somebody's calendar program."""
    raw = file.read(LARGEST + 1)
    try:
        begin_write()
        line = take(raw, now())
        db.session.commit()
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0]
        click.echo(f"society: the database does not answer: {said}. Hand the message over again later.", err=True)
        raise click.exceptions.Exit(TRY_AGAIN) from error
    click.echo(line)


@click.command()
@with_appcontext
def poll() -> None:
    """Take what has arrived in the mailbox at IMAP_URL."""
    from society.invitations import mailbox  # only this command needs IMAP in memory

    for line in mailbox.poll():
        click.echo(line)

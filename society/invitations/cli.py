"""The commands `society mail receive` and `society mail poll`."""

import logging
from pathlib import Path
from typing import BinaryIO, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from society.db import begin_write, db
from society.errors import Refused
from society.invitations.actions import take
from society.invitations.reading import LARGEST, Unsorted
from society.invitations.unsorted import NOT_UNDERSTOOD, keep
from society.mail.parcels import Unreachable
from society.times import now

TRY_AGAIN = 75
"""EX_TEMPFAIL: a mail server keeps the message for a while; at any other status it would send it back for good."""

log = logging.getLogger("society.mail")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@with_appcontext
def receive(file: BinaryIO) -> None:
    """Take one message as it arrived, from standard input or FILE: the answer of somebody's calendar program.

    What is for people to read is kept in the instance folder: a mail server sends back what is not taken.
    """
    raw = file.read(LARGEST + 1)
    try:
        begin_write()
        line = take(raw, now())
        db.session.commit()
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0]
        _try_again(f"the database does not answer: {said}", error)
    except Unsorted as unsorted:
        db.session.rollback()
        if len(raw) > LARGEST:  # it was not read to its end; whoever wrote it learns that
            raise
        line = f"{unsorted} It is kept as {_kept(raw)}."
    except Refused:
        raise
    except Exception:  # what nobody foresaw would be told to whoever wrote it, and to nobody here
        db.session.rollback()
        log.exception("a message could not be dealt with")
        line = f"{NOT_UNDERSTOOD} It is kept as {_kept(raw)}."
    click.echo(line)


def _kept(raw: bytes) -> Path:
    try:
        return keep(raw)
    except Unreachable as error:
        _try_again(f"the message cannot be kept: {error.__cause__}", error)


def _try_again(why: str, error: Exception) -> NoReturn:
    click.echo(f"society: {why}. Hand the message over again later.", err=True)
    raise click.exceptions.Exit(TRY_AGAIN) from error


@click.command()
@with_appcontext
def poll() -> None:
    """Take what has arrived in the mailbox at IMAP_URL."""
    from society.invitations import mailbox  # only this command needs IMAP in memory

    for line in mailbox.poll():
        click.echo(line)

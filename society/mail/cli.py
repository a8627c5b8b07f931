"""The command `society mail test`."""

import click
from flask.cli import with_appcontext

from society.errors import Refused
from society.fields import email_key
from society.mail.conversation import try_out

WHO = {"us": ">", "them": "<", "note": "*"}


@click.command()
@click.argument("address")
@with_appcontext
def test(address: str) -> None:
    """Send a test letter to ADDRESS at once, and show what we and the mail server said to each other."""
    try:
        to = email_key(address)
    except ValueError as error:
        raise Refused("That is not a mail address we can write to.") from error
    held = try_out(to)
    for line in held.lines:
        click.echo(f"{line.after:6.2f} s {WHO[line.by]} {line.text}")
    if held.failure:
        click.echo(f"Not sent. {held.failure}\n{held.advice}")
        raise click.exceptions.Exit(1)
    click.echo(
        f"Nobody receives it: it was written to {held.file}" if held.file else "The mail server took the letter."
    )

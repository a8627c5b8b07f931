"""The command `society`."""

import sys

import click
from flask.cli import FlaskGroup

from society.errors import Refused
from society.factory import create_app


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=True)
def society() -> None:
    """Events and memberships of a society."""


def main() -> None:
    """Run a command; a rule that says no is one line on stderr and exit 1."""
    try:
        society(prog_name="society")
    except Refused as refusal:
        sys.exit(f"society: {refusal}")

"""Commands about people."""

import sys

import click
from email_validator import EmailNotValidError
from flask.cli import with_appcontext

from society.audit.actions import record
from society.db import begin_write, db
from society.errors import Refused
from society.fields import email_key, on_one_line
from society.people.actions import give_role
from society.people.models import Person, RoleName
from society.people.passwords import hash_password
from society.people.queries import person_by_email
from society.times import now


@click.command()
@click.option("--email", required=True, help="Their address, which they sign in with.")
@click.option("--name", required=True, help="Their name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([name.value for name in RoleName]),
    help="What they may do; repeatable.",
)
@click.option("--password-stdin", is_flag=True, help="Read a password; without one they sign in by mailed links.")
@with_appcontext
def create(email: str, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Make a person who can sign in."""
    email, name = _address(email), _name(name)
    password_hash = hash_password(_password()) if password_stdin else None
    begin_write()
    if person_by_email(email) is not None:
        raise Refused(f"Somebody has the address {email} already.")
    person = Person(name=name, email=email, password_hash=password_hash, verified_at=now(), created_at=now())
    db.session.add(person)
    record("person created", person, by=None, now=now(), after={"name": name, "email": email})
    for role in dict.fromkeys(roles):
        give_role(person, RoleName(role), now(), by=None)
    db.session.commit()
    click.echo(f"{name} can sign in with {email}" + ("." if password_hash else ", by a link mailed from /login/link."))


def _address(text: str) -> str:
    try:
        return email_key(on_one_line(text))
    except EmailNotValidError as error:
        raise Refused(f"“{text[:60]}” is not a mail address.") from error


def _name(text: str) -> str:
    name = on_one_line(text)
    if not 1 <= len(name) <= 200:
        raise Refused("A name has from 1 to 200 characters.")
    return name


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not 10 <= len(password) <= 500:
        raise Refused("A password has from 10 to 500 characters.")
    return password

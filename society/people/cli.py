"""Commands about people."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

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
from society.register import exporting
from society.register.changes import members_in
from society.register.dates import Order
from society.register.entries import Entry
from society.register.importing import Outcome, bring_in, drained, entries_of, in_words, must_be_answered, preview
from society.register.planning import Fate, Will
from society.register.reading import Reading, read
from society.register.told import about
from society.rsvps import feed
from society.text import counted
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


MOST_BYTES = 256 * 1024 * 1024
"""Of a file; a register of a million people takes less."""
_OFTEN = 10_000
"""Lines between two words of progress where there is no terminal."""


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell every line's fate, and change nothing.")
@click.option("--partial", is_flag=True, help="Take what can be taken, and leave out lines that are refused.")
@click.option("--dates", type=click.Choice([order.value for order in Order]), help="How to read 03/04/2024.")
@with_appcontext
def bring_people_in(file: Path, dry_run: bool, partial: bool, dates: str | None) -> None:
    """Read people and memberships from a table (CSV) or a spreadsheet (.xlsx)."""
    reading = read(_content(file), Order(dates) if dates else None)
    for sentence in about(reading):
        click.echo(sentence)
    try:
        must_be_answered(reading)
    except Refused as asked:
        raise Refused(f"{asked} Say --dates {Order.DAY} or --dates {Order.MONTH}.") from asked
    entries = _read_all(reading)
    del reading  # a large file need not stay in memory while its lines are looked up
    outcome = _tried(entries) if dry_run else _done(entries, file.name, partial)
    for fate in outcome.fates:
        if dry_run or fate.warning or fate.will in (Will.REFUSE, Will.LEAVE_OUT):
            click.echo(_told(fate))
    if dry_run and outcome.refused and not partial:
        raise Refused(f"{counted(len(outcome.refused), 'line')} would be refused, so nothing would be read in.")
    click.echo(f"{'It would be' if dry_run else 'Done'}: {in_words(outcome)}.")


def _content(file: Path) -> bytes:
    """The whole file; one that is too large is not read."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1) if file.stat().st_size <= MOST_BYTES else b""
            too_large = (not content and file.stat().st_size > 0) or len(content) > MOST_BYTES
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error
    if too_large:
        raise Refused(f"{file} has more than {MOST_BYTES // 1024 // 1024} MB. Please divide it.")
    return content


def _read_all(reading: Reading) -> list[Entry]:
    """Every line, before anything waits for it."""
    with _progress("Reading", reading.lines) as tell:
        return entries_of(reading, tell)


def _tried(entries: list[Entry]) -> Outcome:
    with _progress("Looking up", len(entries)) as tell:
        return preview(drained(entries), now(), tell)


def _done(entries: list[Entry], name: str, partial: bool) -> Outcome:
    begin_write()
    with _progress("Looking up", len(entries)) as tell:
        wrote = _lines("Writing", None)
        outcome = bring_in(drained(entries), name, partial=partial, by=None, now=now(), tell=tell, wrote=wrote)
    if outcome.change_set:
        feed.standings_changed(members_in(outcome.change_set), now())
    db.session.commit()
    return outcome


@contextmanager
def _progress(label: str, length: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere; on standard error, for what is told is on the other."""
    if sys.stderr.isatty():
        with click.progressbar(length=length or 0, label=label, file=sys.stderr) as bar:
            yield bar.update if length else lambda _number: None
        return
    yield _lines(label, length)


def _lines(label: str, length: int | None) -> Callable[[int], None]:
    """A line now and then; on a terminal it begins below a bar that is still open."""
    done, below = 0, "\n" if sys.stderr.isatty() else ""

    def tell(number: int) -> None:
        nonlocal done, below
        if done // _OFTEN < (done + number) // _OFTEN:
            click.echo(f"{below}{label}: {done + number:,}{f' of {length:,}' if length else ''} lines", err=True)
            below = ""
        done += number

    return tell


def _told(fate: Fate) -> str:
    words = [f"Line {fate.line}: {fate.will}, {fate.who}"]
    return ". ".join(filter(None, [*words, fate.told.rstrip("."), fate.warning.rstrip(".")])) + "."


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--as-of", metavar="DATE", help="The register as it stood that day (YYYY-MM-DD), a line for each member.")
@with_appcontext
def take_people_out(file: Path | None, as_of: str | None) -> None:
    """Write the register to a file (.csv, .xlsx or .vcf, by its ending), or as CSV to standard output."""
    day = _day(as_of) if as_of else None
    form = file.suffix.lower().lstrip(".") if file else "csv"
    if form not in ("csv", "xlsx", "vcf"):
        raise Refused("The register can be written as .csv, .xlsx or .vcf.")
    whom = exporting.everyone()
    begin_write(public=False)
    exporting.note(None, form, "", day, exporting.how_many(whom), now())
    db.session.commit()
    try:
        with click.open_file(str(file or "-"), "wb", atomic=bool(file)) as opened:
            for piece in exporting.written(form, db.engine, whom, day):
                opened.write(piece)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from error


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise Refused(f"“{text[:40]}” is not a date such as 2024-03-30.") from error

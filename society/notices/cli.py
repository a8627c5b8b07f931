"""The command `society notices export`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from society.db import db
from society.errors import Refused
from society.mail.message import as_html, as_text
from society.notices.copies import copies, copy_for, mailed
from society.notices.gaps import must_be_whole
from society.notices.models import Notice
from society.notices.render import draft, mailbox, ready
from society.times import now

MBOX = "mbox"
FORMS: dict[str, Callable[[Notice, datetime], Iterable[bytes]]] = {
    "eml": lambda notice, at: [ready(copy_for(notice, None, at))],
    MBOX: lambda notice, at: mailbox(copies(notice, at)),
    "draft": lambda notice, at: [draft(copy_for(notice, None, at), mailed(notice, at), at)],
    "text": lambda notice, at: [as_text(copy_for(notice, None, at)).encode()],
    "html": lambda notice, at: [as_html(copy_for(notice, None, at)).encode()],
}


@click.command()
@click.argument("number", metavar="ID", type=int)
@click.option("--format", "form", type=click.Choice(list(FORMS)), required=True, help="What to write it as.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output.")
@with_appcontext
def export(number: int, form: str, output: Path | None) -> None:
    """Write a notice as mail programs take it: one message, a mailbox with everyone's, a draft to all, text or HTML."""
    notice = db.session.get(Notice, number)
    if notice is None:
        raise Refused(f"There is no notice {number}.")
    if form != MBOX or notice.sent_at is None:  # a mailbox holds what was sent, as it was
        must_be_whole(notice, now())
    try:
        with click.open_file(str(output or "-"), "wb", atomic=bool(output)) as file:
            for part in FORMS[form](notice, now()):
                file.write(part)
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror}.") from error

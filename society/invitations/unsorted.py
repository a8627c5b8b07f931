"""Messages that are for people to read: kept in the folder `unsorted` of the instance, told of, and let go of again.

Only a message that the admins were told of is ever deleted. Which those are stands in the folder itself, since messages
lie on the machine that they came to, whatever database it shares with others.
"""

import hashlib
import os
from datetime import date, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from society.bounces.reading import subject
from society.db import begin_write, db
from society.fields import on_one_line
from society.mail.actions import write
from society.mail.folder import Folder
from society.mail.parcels import Parcel
from society.people.models import Person, Role, RoleName
from society.people.queries import counts_on
from society.settings import society
from society.times import today_in

NOT_UNDERSTOOD = "Not understood: it is left for people to read."
KEPT_FOR = timedelta(days=90)
"""Counted from when the admins were told."""
NAMED = 10
"""Messages that one letter names."""
HEAD = 64 * 1024
"""Bytes that are read of a message to name it."""


def folder() -> Path:
    return Path(current_app.instance_path) / "unsorted"


def keep(raw: bytes) -> Path:
    """The same message always by the same name, readable by the owner alone; raises Unreachable where it cannot be."""
    name = f"{hashlib.sha256(raw).hexdigest()[:32]}.eml"
    Folder(folder()).carry(Parcel(raw, False, "", "", name))
    return folder() / name


def look_after_unsorted(now: datetime) -> None:
    """The chore: tell the admins of what has come in, once a day, and delete what they were told of 90 days ago."""
    kept = {path.name: path for path in folder().glob("*.eml")}
    told, today = _told(), today_in(society().zone, now)
    new = sorted(kept.keys() - told.keys())
    if new and _tell([kept[name] for name in new], today, now):
        told |= dict.fromkeys(new, today)
    for name, day in told.items():
        if name in kept and day + KEPT_FOR <= today:
            kept.pop(name).unlink(missing_ok=True)
    _note({name: day for name, day in told.items() if name in kept})


def _tell(new: list[Path], today: date, now: datetime) -> bool:
    """Whether any of the admins was written to."""
    begin_write(public=False)
    admins = select(Role.person_id).where(Role.name == RoleName.ADMIN, counts_on(today))
    fields: dict[str, Any] = {"found": [_named(path) for path in new[:NAMED]], "number": len(new)}
    fields |= {"folder": str(folder()), "days": KEPT_FOR.days}
    written = [
        write(person, "unsorted", f"unsorted:{today}", now=now, **fields)
        for person in db.session.scalars(select(Person).where(Person.id.in_(admins)).order_by(Person.id)).all()
    ]
    db.session.commit()
    return any(written)


def _named(path: Path) -> str:
    """By its subject, and the name of its file."""
    with path.open("rb") as file:
        head = BytesHeaderParser().parsebytes(file.read(HEAD))
    said = on_one_line(subject(head))[:100]
    return f"{said} ({path.name})" if said else path.name


def _list() -> Path:
    return folder() / ".told"


def _told() -> dict[str, date]:
    """When the admins were told of each message, by its name."""
    try:
        lines = _list().read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {name: date.fromisoformat(day) for name, _, day in (line.partition(" ") for line in lines)}


def _note(told: dict[str, date]) -> None:
    """All at once, so that whatever ends this leaves a list that can be read."""
    if told == _told():
        return
    unfinished = folder() / ".told.new"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name} {day.isoformat()}\n" for name, day in sorted(told.items()))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(_list())

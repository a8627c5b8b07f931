"""Reading the outbox."""

import re

from sqlalchemy import select

from society.db import db
from society.mail.models import Letter


def subjects(address):
    """What was written to an address, oldest first."""
    return db.session.scalars(select(Letter.subject).where(Letter.to_address == address).order_by(Letter.id)).all()


def link_in(address, path):
    """The latest link below `path` that was mailed to an address, as a path."""
    text = db.session.scalars(
        select(Letter.body).where(Letter.to_address == address).order_by(Letter.id.desc())
    ).first()
    found = re.search(rf"https://society\.example\.org({path}\S+)", text)
    return found[1].rstrip(">")

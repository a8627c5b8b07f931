"""Keeping pictures."""

from datetime import datetime

from sqlalchemy import insert, select

from society.db import db
from society.pictures.models import Look, Picture, Rendition
from society.pictures.reading import Made


def keep(made: Made, look: Look, alt: str, credit: str, now: datetime) -> Picture:
    """Store what was made of a file; a file that is kept already is kept once, with these words."""
    known = db.session.scalar(select(Picture).where(Picture.key == made.key))
    if known is not None:
        known.alt, known.credit = alt, credit
        return known
    picture = Picture(key=made.key, look=look, alt=alt, credit=credit, created_at=now)
    picture.width, picture.height = made.width, made.height
    db.session.add(picture)
    db.session.flush()
    rows = [
        {"picture_id": picture.id, "width": width, "format": form, "content": content}
        for (width, form), content in made.renditions.items()
    ]
    db.session.execute(insert(Rendition), rows)
    return picture

"""Keeping pictures."""

from datetime import datetime

from sqlalchemy import insert, select

from society.db import db
from society.pictures.models import Look, Picture, Rendition
from society.pictures.reading import Made
from society.tokens import number_in, opens, sealed


def hold(made: Made, look: Look, now: datetime) -> Picture:
    """Store what was made of a file before it is known whether it will be shown.

    What is kept already stays as it is; what nothing shows goes the next day (`events.actions.forget_pictures`).
    """
    known = db.session.scalar(select(Picture).where(Picture.key == made.key))
    if known is None:
        return keep(made, look, now)
    known.created_at = now
    return known


def reference(picture: Picture, person_id: int) -> str:
    """By which a form carries a picture that somebody has sent, through the page before it is shown: theirs alone."""
    return sealed(f"picture of {person_id}", picture.id, picture.key)


def referred_to(token: str, person_id: int, look: Look) -> Picture | None:
    """The picture of such a reference; None if it is none, or was let go of."""
    number = number_in(token)
    found = db.session.get(Picture, number) if number else None
    if found is None or found.look is not look:
        return None
    return found if opens(token, f"picture of {person_id}", found.id, found.key) else None


def keep(made: Made, look: Look, now: datetime) -> Picture:
    """Store what was made of a file; a file that is kept already is kept once."""
    known = db.session.scalar(select(Picture).where(Picture.key == made.key))
    if known is not None:
        return known
    picture = Picture(key=made.key, look=look, created_at=now)
    picture.width, picture.height = made.width, made.height
    db.session.add(picture)
    db.session.flush()
    rows = [
        {"picture_id": picture.id, "width": width, "format": form, "content": content}
        for (width, form), content in made.renditions.items()
    ]
    db.session.execute(insert(Rendition), rows)
    return picture

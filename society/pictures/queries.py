"""A picture's bytes."""

from sqlalchemy import Select, select

from society.pictures.models import Picture, Rendition


def rendition(key: str, width: int, form: str) -> Select[bytes]:
    """The bytes of one width and format."""
    rows = select(Rendition.content).join(Picture, Picture.id == Rendition.picture_id)
    return rows.where(Picture.key == key, Rendition.width == width, Rendition.format == form)

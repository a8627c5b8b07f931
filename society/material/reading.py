"""Which files are kept of an event: known by how they begin as well as by their names."""

from dataclasses import dataclass

from society.errors import Refused
from society.fields import on_one_line
from society.pictures.models import Look
from society.pictures.reading import made

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
TYPES = {
    "pdf": (b"%PDF-", "application/pdf"),
    "pptx": (b"PK\x03\x04", f"{_OFFICE}.presentationml.presentation"),
    "docx": (b"PK\x03\x04", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": (b"PK\x03\x04", f"{_OFFICE}.spreadsheetml.sheet"),
    "odp": (b"PK\x03\x04", f"{_OPEN}.presentation"),
    "odt": (b"PK\x03\x04", f"{_OPEN}.text"),
    "ods": (b"PK\x03\x04", f"{_OPEN}.spreadsheet"),
}
"""By the ending of a name, how such files begin, and what they are."""
PICTURES = {"jpg", "jpeg", "png", "webp"}
SHOWN_IN_PLACE = {"application/pdf", "image/jpeg"}
"""What browsers show by themselves; all else is saved."""


@dataclass(frozen=True)
class Read:
    """A file as it will be kept."""

    name: str
    media_type: str
    content: bytes
    preview: bytes | None = None
    """Of a picture: a small one, and its width and height in pixels."""
    preview_size: tuple[int, int] = (0, 0)


def is_picture(name: str) -> bool:
    """Whether its name says so."""
    return name.rpartition(".")[2].strip().lower() in PICTURES


def read(name: str, content: bytes) -> Read:
    """Check a file; a photograph is made smaller, and loses what is written into it. Raises Refused with a sentence."""
    plain = on_one_line(name.replace("\\", "/").rpartition("/")[2])
    stem, _, ending = plain.rpartition(".")
    stem, ending = (stem or "file")[:100], ending.lower()
    if not content:
        raise Refused("This file is empty.")
    if ending in PICTURES:
        photo = made(content, Look.PHOTO)
        widths = [width for width, form in photo.renditions if form == "jpg"]
        large, small = photo.renditions[max(widths), "jpg"], photo.renditions[min(widths), "jpg"]
        size = min(widths), max(1, round(photo.height * min(widths) / photo.width))
        return Read(f"{stem}.jpg", "image/jpeg", large, small, size)
    start, media_type = TYPES.get(ending, (b"", ""))
    if not media_type or not content.startswith(start):
        raise Refused(
            "Please choose a PDF, a JPEG, PNG or WebP picture, or a document of PowerPoint, Word or LibreOffice."
        )
    return Read(f"{stem}.{ending}", media_type, content)

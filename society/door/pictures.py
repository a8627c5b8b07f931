"""Reading the code off a photo of a ticket."""

from typing import IO

import zxingcpp
from PIL import Image

from society.door.codes import as_meant

MOST_PIXELS = 50_000_000
"""What phones' cameras make; anything larger is not opened, since a small file can hold a vast picture."""
_ENOUGH = (1600, 1600)
"""A code that fills a tenth of a picture of this size is still read, in some hundredths of a second."""
_BROKEN = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises of files that are no pictures, or broken ones."""


def code_in(file: IO[bytes]) -> str | None:
    """The first code of a ticket in a picture; None if it cannot be read, or is none."""
    picture = _small(file)
    if picture is None:
        return None
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return next((word for one in found if (word := as_meant(one.text))), None)


def _small(file: IO[bytes]) -> Image.Image | None:
    """The picture in shades of grey, no larger than is needed; None for what is no picture."""
    try:
        with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("L", _ENOUGH)
            grey = picture.convert("L")
    except _BROKEN:
        return None
    grey.thumbnail(_ENOUGH)
    return grey

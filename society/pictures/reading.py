"""Making of a file that somebody sent what is shown of it: upright, in sRGB, in fixed widths, and without its metadata.

Nothing of the file itself is kept: neither where a photo was taken nor what else may hide in it.
"""

import hashlib
import io
from dataclasses import dataclass, field

from PIL import Image, ImageCms, ImageOps

from society.errors import Refused
from society.pictures.models import FORMATS, WIDTHS, Look

MOST_PIXELS = 60_000_000
"""What phones' cameras make; a small file can hold a vast picture."""
SMALLEST = 16
TALLEST = 8_000
"""Of a picture of a whole scroll; WebP holds no more than 16,383."""
READ = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
_DARK = "#222"
_LIGHT = 190
"""Of 255: a grey or a yellow of this lightness can hardly be told from white."""
_QUALITY = {"webp": 80, "jpg": 84}
_VAST = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN = (OSError, ValueError, SyntaxError, TypeError)
"""What Pillow raises of files that are no pictures, or broken ones."""
_TOO_LARGE = "This picture has more than 60 million pixels. Please send a smaller one."


@dataclass
class Made:
    """A picture as it will be kept: its size, and the bytes of each width and format."""

    key: str
    width: int
    height: int
    renditions: dict[tuple[int, str], bytes] = field(default_factory=dict)


def made(content: bytes, look: Look) -> Made:
    """Read a picture and make its renditions. Raises Refused with a sentence for what cannot be shown."""
    if content.lstrip()[:5].lower() in (b"<?xml", b"<svg ") or b"<svg" in content[:500].lower():
        raise Refused("SVG drawings can hold programs, so they are not taken. Please export it as PNG.")
    picture = _upright(content)
    if min(picture.size) < SMALLEST:
        raise Refused(f"This picture is smaller than {SMALLEST} pixels.")
    picture.thumbnail((max(picture.width, TALLEST), TALLEST), Image.Resampling.LANCZOS)
    if min(picture.width, picture.height * min(WIDTHS[look][-1] / picture.width, 1)) < SMALLEST:
        raise Refused("This picture is so long and narrow that nothing of it would be seen. Please cut it.")
    # The look is part of the name: one file may be a photo here and a logo there.
    found = Made(hashlib.sha256(look.encode() + content).hexdigest()[:32], *picture.size)
    flat = _on_dark_if_light(picture) if look is Look.LOGO else _on_ground(picture, "white")
    usual = WIDTHS[look]
    for width in [*(w for w in usual if w < picture.width), *[picture.width] * (picture.width <= usual[-1])]:
        size = width, max(1, round(picture.height * width / picture.width))
        small = flat if size == flat.size else flat.resize(size, Image.Resampling.LANCZOS)
        for form in FORMATS[look]:
            found.renditions[width, form] = _saved(small, form)
    return found


def _upright(content: bytes) -> Image.Image:
    """The first picture of the file, turned as its camera was held, in sRGB with or without transparency."""
    try:
        with Image.open(io.BytesIO(content), formats=_readable()) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_TOO_LARGE)
            picture.draft("RGB", (WIDTHS[Look.PHOTO][-1],) * 2)
            picture.load()
            turned = ImageOps.exif_transpose(picture)
            return _in_srgb(turned)
    except _VAST as error:
        raise Refused(_TOO_LARGE) from error
    except _BROKEN as error:
        raise Refused("This cannot be read as a picture. Please send a JPEG, PNG or WebP file.") from error


def _readable() -> list[str]:
    Image.init()
    return [name for name in READ if name in Image.OPEN]


def _in_srgb(picture: Image.Image) -> Image.Image:
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
            plain = picture.convert("RGB") if picture.mode == "RGBA" else picture
            converted = ImageCms.profileToProfile(plain, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                if alpha is not None:
                    converted.putalpha(alpha)
                return converted
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that does not fit, or is damaged, is as none
    if picture.mode == "F":
        picture = _in_greys(picture)
    elif picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture.convert(wanted)


def _in_greys(picture: Image.Image) -> Image.Image:
    """What stands in fractions of no agreed unit: from its darkest to its lightest."""
    darkest, lightest = (float(value) for value in picture.getextrema())  # type: ignore[arg-type]
    step = 255 / (lightest - darkest) if lightest > darkest else 0
    return picture.point(lambda value: value * step - darkest * step).convert("L")


def _on_dark_if_light(logo: Image.Image) -> Image.Image:
    """Logos are shown on white: of one that was drawn for dark grounds nothing would be seen without its own."""
    if logo.mode != "RGBA":
        return logo
    darkest = _on_ground(logo, "white").convert("L").getextrema()[0]
    return _on_ground(logo, _DARK) if darkest >= _LIGHT else logo  # type: ignore[operator]


def _on_ground(picture: Image.Image, colour: str) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, colour)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _saved(picture: Image.Image, form: str) -> bytes:
    """Nothing but the pixels: a new image has no metadata to take along."""
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    file = io.BytesIO()
    match form:
        case "webp":
            clean.save(file, "WEBP", quality=_QUALITY["webp"], method=4)
        case "jpg":
            clean.save(file, "JPEG", quality=_QUALITY["jpg"], optimize=True, progressive=True)
        case _:
            clean.save(file, "PNG", optimize=True)
    return file.getvalue()

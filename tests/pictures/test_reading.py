"""What is made of pictures that are sent."""

import io
import zlib

import pytest
from PIL import Image, ImageCms

from society.errors import Refused
from society.pictures.models import Look
from society.pictures.reading import TALLEST, made
from tests.builders import a_photo


def opened(content):
    return Image.open(io.BytesIO(content))


def test_a_photo_is_kept_in_each_width_that_is_narrower_and_no_wider_than_it_was():
    wide, narrow = made(a_photo(2000, 1000), Look.PHOTO), made(a_photo(500, 300), Look.PHOTO)

    assert sorted(wide.renditions) == [(w, f) for w in (400, 800, 1600) for f in ("jpg", "webp")]
    assert sorted(narrow.renditions) == [(w, f) for w in (400, 500) for f in ("jpg", "webp")]
    for (width, form), content in wide.renditions.items():
        assert opened(content).size == (width, width // 2)
        assert opened(content).format == {"jpg": "JPEG", "webp": "WEBP"}[form]


def test_nothing_but_pixels_is_kept_and_the_photo_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # held sideways
    exif[0x010E] = "my garden"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)  # where it was taken
    found = made(a_photo(600, 300, exif=exif, comment=b"secret"), Look.PHOTO)

    assert (found.width, found.height) == (300, 600)
    for content in found.renditions.values():
        assert not opened(content).getexif()
        assert b"garden" not in content
        assert b"secret" not in content


def test_colours_of_another_profile_become_those_of_the_web():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    found = made(a_photo(icc_profile=profile), Look.PHOTO)

    assert all("icc_profile" not in opened(content).info for content in found.renditions.values())


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("GIF", "P"), ("PNG", "1")],
)
def test_pictures_of_all_kinds_are_read(form, mode):
    for look in Look:
        assert made(a_photo(40, 40, form=form, mode=mode), look).renditions


def test_what_is_transparent_stays_so_in_a_logo_and_is_white_in_a_photo():
    file = io.BytesIO()
    sign = Image.new("RGBA", (300, 300))
    sign.paste("navy", (100, 100, 200, 200))
    sign.save(file, "PNG")
    logo, photo = made(file.getvalue(), Look.LOGO), made(file.getvalue(), Look.PHOTO)

    assert opened(logo.renditions[200, "png"]).getpixel((5, 5))[3] == 0
    assert opened(photo.renditions[300, "jpg"]).getpixel((5, 5)) == (255, 255, 255)
    assert logo.key != photo.key


def a_bomb():
    """A few bytes that say they are a picture of 40,000 by 40,000."""
    head = b"\x89PNG\r\n\x1a\n"
    body = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = b"IDAT" + zlib.compress(b"")
    return b"".join(
        [head, *(len(c[4:]).to_bytes(4, "big") + c + zlib.crc32(c).to_bytes(4, "big") for c in (body, data))]
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"hello", "cannot be read"),
        (a_photo()[:200], "cannot be read"),
        (b"%PDF-1.7 " + a_photo(), "cannot be read"),
        (a_bomb(), "million pixels"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        (a_photo(8, 8), "smaller than"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(content, said):
    with pytest.raises(Refused, match=said):
        made(content, Look.PHOTO)


@pytest.mark.parametrize(("width", "height"), [(1080, 18_000), (900, 9_000)])
def test_a_scroll_is_made_as_tall_as_its_formats_hold(width, height):
    found = made(a_photo(width, height, "PNG"), Look.PHOTO)

    assert found.height == TALLEST
    assert all(opened(content).height <= TALLEST for content in found.renditions.values())


def test_what_is_too_narrow_to_see_is_refused():
    with pytest.raises(Refused, match="long and narrow"):
        made(a_photo(60_000, 20, "PNG"), Look.PHOTO)


@pytest.mark.parametrize("colour", ["white", "#fd5"])
def test_a_logo_that_was_drawn_for_dark_grounds_is_given_one_since_logos_stand_on_white(colour):
    logo = Image.new("RGBA", (100, 100))
    logo.paste(colour, (20, 20, 80, 80))
    file = io.BytesIO()
    logo.save(file, "PNG")

    for content in made(file.getvalue(), Look.LOGO).renditions.values():
        shown = opened(content).convert("RGBA")
        assert shown.getpixel((5, 5))[3] == 255
        assert max(shown.getpixel((5, 5))[:3]) < 60
        assert min(shown.getpixel((50, 50))[:2]) > 200


def test_a_damaged_profile_of_colours_is_as_none():
    found = made(a_photo(icc_profile=b"\0" * 40 + b"no profile"), Look.PHOTO)

    assert found.renditions


def test_greys_in_fractions_are_seen():
    picture = Image.linear_gradient("L").convert("F").point(lambda value: value / 255)
    file = io.BytesIO()
    picture.save(file, "TIFF")

    shown = opened(next(iter(made(file.getvalue(), Look.PHOTO).renditions.values()))).convert("L")

    darkest, lightest = shown.getextrema()
    assert (darkest < 20, lightest > 235) == (True, True)

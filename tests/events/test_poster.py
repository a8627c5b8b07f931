"""The row of logos at the foot of an event's poster."""

import re

import pytest

from society.events.models import Event
from society.events.poster import pdf, poster
from society.pictures.actions import keep
from society.pictures.models import Look, Shown
from society.pictures.reading import made
from tests.builders import NOW, a_backing, a_photo, an_event

pytestmark = pytest.mark.usefixtures("app")
PICTURE = re.compile(rb"/Subtype ?/Image")


def with_logo(event: Event, name: str, role: str, state: str = "confirmed") -> None:
    body = a_backing(event, name, role, state).organization
    number = len(event.backings)  # no two are the same picture
    body.show(Shown(keep(made(a_photo(300 + number, 100, "PNG"), Look.LOGO), Look.LOGO, NOW), f"Logo of {name}"))


def test_it_shows_the_logos_of_hosts_and_sponsors_that_have_one_each_once():
    event = an_event()
    for name, role, state in (
        ("Union", "sponsor", "confirmed"),
        ("Hall", "host", "confirmed"),
        ("League", "endorser", "confirmed"),
        ("Asked", "sponsor", "proposed"),
    ):
        with_logo(event, name, role, state)
    a_backing(event, "Plain", "sponsor")
    a_backing(event, "Twin", "sponsor").organization = event.backings[1].organization

    assert [alt for alt, _ in poster(event).logos] == ["Logo of Hall", "Logo of Union"]


@pytest.mark.parametrize("number", [0, 1, 8])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_one_page_holds_them_all(number, paper):
    event = an_event("Very long words " * 12)
    for each in range(number):
        with_logo(event, f"Body {each}", "sponsor")

    printed = pdf(poster(event), paper)

    assert re.findall(rb"/Count (\d+)", printed) == [b"1"]
    assert len(PICTURE.findall(printed)) == number

"""What is printed is read again: each PDF is drawn as a printer draws it, and its codes are read off the paper."""

import random
import re
import shutil
import subprocess
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from society.db import db
from society.door import codes, tickets
from society.door.badges import Badge, Sheet
from society.door.badges import pdf as badges_pdf
from society.door.pictures import code_in
from society.door.tickets import qr
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.render import link
from tests.builders import NOW, a_person, a_venue
from tests.door.conftest import at

DOTS = 150
"""To the inch: what a poor printer or a phone's camera makes of it."""


def read_off(answer, folder) -> list[list[str]]:
    """The codes on each page of a PDF, sorted."""
    program = shutil.which("pdftoppm")
    assert program, "bin/system-packages installs Poppler"
    assert answer.mimetype == "application/pdf"
    drawn = [program, "-r", str(DOTS), "-gray", "-png", "-", str(folder / "page")]
    subprocess.run(drawn, input=answer.data, check=True)
    pages = [Image.open(page) for page in sorted(folder.glob("*.png"))]
    return [sorted(one.text for one in zxingcpp.read_barcodes(page)) for page in pages]


@pytest.fixture
def everyone(event, ann):
    """More than one sheet of them."""
    others = [reply(event, a_person(f"Guest {number:02}"), Answer.YES, at=NOW) for number in range(9)]
    db.session.commit()
    return [ann, *others]


def words_of(rsvps):
    return sorted(codes.code(rsvp) for rsvp in rsvps)


def test_a_ticket_on_paper_has_the_code_that_opens_the_door(client, event, ann, tmp_path):
    db.session.commit()
    assert read_off(client.get(f"{link(ann)}/ticket.pdf"), tmp_path) == [words_of([ann])]


@pytest.mark.parametrize("sheet", tickets.Sheet)
def test_each_ticket_on_a_sheet_has_its_own_code(organizer, event, everyone, sheet, tmp_path):
    pages = read_off(organizer.get(f"{at(event)}/tickets.pdf?sheet={sheet.value}"), tmp_path)
    assert pages == [words_of(everyone[:8]), words_of(everyone[8:])]


@pytest.mark.parametrize("sheet", Sheet)
def test_each_badge_has_the_code_of_the_ticket_also_those_of_whom_they_bring(
    organizer, event, everyone, sheet, tmp_path
):
    pages = read_off(organizer.get(f"{at(event)}/badges.pdf?sheet={sheet.value}"), tmp_path)
    assert sorted(word for page in pages for word in page) == words_of([everyone[0], *everyone])


@pytest.mark.parametrize("paper", ["", "?paper=us-letter"])
def test_the_code_on_a_poster_leads_to_the_page_of_its_event(organizer, event, paper, tmp_path):
    event.venue, event.summary = a_venue("Hall"), "A summary. " * 15
    db.session.commit()
    ((address,),) = read_off(organizer.get(f"/organize/events/{event.id}/poster.pdf{paper}"), tmp_path)
    assert organizer.get(address.removeprefix("http://localhost")).status_code == 200
    assert address.endswith(f"/events/{event.slug}")


LONGEST = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
NAMES = ["Dimitra Papadimitrakopoulou", "Venkatasubramanian", "Anna-Katharina von Schwarzenberg-Hohenstein", LONGEST]


def test_whatever_the_code_is_it_can_be_read_as_it_is_drawn():
    chosen = random.Random(1887)
    words = ["".join(chosen.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=8)) for _ in range(200)]
    for word in [*words, "00000000", "ZZZZZZZZ", "00000001"]:
        picture = BytesIO()
        qr(word).save(picture, kind="png", scale=3, border=3)
        assert code_in(picture) == word


TITLE = "An evening of which the title goes on and on until it fills three lines, and that on a name badge: A subtitle"


def words_on(pdf: bytes) -> list[tuple[float, float, float, float, str]]:
    """The first page's words: left, top, right and bottom in points, and the letters."""
    program = shutil.which("pdftotext")
    assert program, "bin/system-packages installs Poppler"
    made = subprocess.run([program, "-l", "1", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    edges = r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>'
    found = re.findall(edges, made.stdout.decode())
    return [(*map(float, one[:4]), one[4].replace("\u200b", "")) for one in found]


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_of_a_long_name_is_cut_or_leaves_its_badge(name):
    drawn = tickets.drawn("7QK2M9XA")
    words = words_on(badges_pdf([Badge(TITLE, name, name, f"with {name}", drawn)], Sheet.A6))
    text = "".join(word for *_, word in words)
    assert text == "".join(f"{TITLE}{name}{name}with{name}".split())
    inner, height, code = (105 - 8) * 72 / 25.4, 148 * 72 / 25.4, (105 - 8 - 20) * 72 / 25.4
    assert all(8 * 72 / 25.4 - 1 < left < right < inner + 1 and bottom < height for left, _, right, bottom, _ in words)
    beside = words[[word for *_, word in words].index("with") :]
    assert all(right < code for _, _, right, _, _ in beside), "not over the code"


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_of_a_long_name_is_cut_on_a_ticket(name):
    drawn, place = tickets.drawn("7QK2M9XA"), "Room 221, Scott Hall"
    shown = tickets.Ticket("Society", TITLE, "Today", place, name, "Admits 2 people", "", "7QK2-M9XA", drawn)
    words = words_on(tickets.pdf([shown], None))
    text = "".join(word for *_, word in words)
    assert text == "".join(f"Society{TITLE}Today{place}{name}Admits 2 people7QK2-M9XA".split())
    assert all(right < (8.5 + 88) * 72 / 25.4 for _, _, right, _, _ in words)


def test_words_that_no_size_makes_fit_end_in_an_ellipsis():
    drawn = tickets.drawn("7QK2M9XA")
    words = words_on(badges_pdf([Badge("Rivers", "Wide " * 200, "", "", drawn)], Sheet.A4))
    assert words[-1][-1].endswith("…")
    assert words[-1][3] < (297 / 2 + 55 / 2 - 15) * 72 / 25.4, "above the code"

"""What is printed is read again: each PDF is drawn as a printer draws it, and its codes are read off the paper."""

import random
import re
import shutil
import subprocess
from datetime import datetime, time, timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from society.db import db
from society.door import codes, roll, tickets
from society.door.actions import at_the_door, make_key
from society.door.badges import Badge, Sheet
from society.door.badges import pdf as badges_pdf
from society.door.models import DoorAction, DoorKey
from society.door.pictures import code_in
from society.door.tickets import qr
from society.events.render import spoken_time
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.render import link
from society.times import to_wall
from tests.builders import NOW, TODAY, a_person, a_venue, an_event
from tests.door.conftest import a_key, at

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


@pytest.mark.parametrize("sheet", [Sheet.A4, Sheet.LETTER])
def test_a_badge_is_at_the_same_place_however_few_are_on_its_sheet(sheet):
    one = Badge("Rivers", "Ann", "", "", tickets.drawn("7QK2M9XA"))
    few, full = words_on(badges_pdf([one] * 3, sheet)), words_on(badges_pdf([one] * 10, sheet))
    assert set(few) <= set(full)


@pytest.mark.parametrize("sheet", [Sheet.A4, Sheet.LETTER])
def test_a_name_is_no_smaller_on_a_badge_for_what_stands_below_it(sheet):
    drawn = tickets.drawn("7QK2M9XA")
    plain, more = (Badge("Rivers", "Ann Lee", below, "", drawn) for below in ("", "Weavers’ Guild"))

    def height(badge):
        return next(bottom - top for _, top, _, bottom, word in words_on(badges_pdf([badge], sheet)) if word == "Ann")

    assert height(more) > 0.85 * height(plain)


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


def drawn_on(pdf: bytes, folder) -> list[tuple[str, int]]:
    """Of each page its words without spaces, and how many boxes it has."""
    return [(words, boxes) for words, boxes, _ in ticked_on(pdf, folder)]


def ticked_on(pdf: bytes, folder) -> list[tuple[str, int, int]]:
    """The same, and how many of the boxes are ticked."""
    count = len(re.findall(rb"/Type\s*/Page\b", pdf))
    return [(_text(pdf, page), *_boxes(pdf, page, folder / "page.svg")) for page in range(1, count + 1)]


def _text(pdf: bytes, page: int) -> str:
    program = shutil.which("pdftotext")
    assert program, "bin/system-packages installs Poppler"
    made = subprocess.run(
        [program, "-layout", "-f", str(page), "-l", str(page), "-", "-"], input=pdf, capture_output=True, check=True
    )
    return "".join(made.stdout.decode().replace("\u200b", "").split())


def _boxes(pdf: bytes, page: int, file) -> tuple[int, int]:
    """Closed black lines, each as wide and as high as a box; and open ones of two strokes, which tick them."""
    program = shutil.which("pdftocairo")
    assert program, "bin/system-packages installs Poppler"
    subprocess.run([program, "-svg", "-f", str(page), "-l", str(page), "-", str(file)], input=pdf, check=True)
    lines = r'style="fill:none;[^"]*stroke:rgb\(0%,0%,0%\);[^"]*" d="M (.+?) L (.+?) L (.+?) L .+? Z'
    drawn = file.read_text()
    boxes = [corners for corners in re.findall(lines, drawn) if all(_is_of_box(side) for side in _sides(*corners))]
    ticks = re.findall(r'style="fill:none;[^"]*" d="M [^A-Z]+ L [^A-Z]+ L [^A-Z]+"', drawn)
    return len(boxes), len(ticks)


def _is_of_box(side: float) -> bool:
    return abs(side * 25.4 / 72 - 6) < 0.1


def _sides(first: str, second: str, third: str) -> tuple[float, float]:
    (left, top), (right, _), (_, bottom) = (map(float, corner.split()) for corner in (first, second, third))
    return abs(right - left), abs(bottom - top)


def test_the_list_to_tick_has_a_box_for_each_person_and_its_heads_on_each_page(organizer, event, tmp_path):
    sizes = [1 + number % 3 for number in range(60)]
    for number, party in enumerate(sizes):
        reply(event, a_person(f"Guest {number:02}"), Answer.YES, party_size=party, at=NOW)
    reply(event, a_person("Who waits not"), Answer.NO, at=NOW)
    db.session.commit()

    answer = organizer.get(f"{at(event)}/list.pdf")
    pages = drawn_on(answer.data, tmp_path)
    assert answer.content_type == "application/pdf"
    assert len(pages) > 1
    assert sum(boxes for _, boxes in pages) == sum(sizes)
    assert all("NamePartyHere" in words for words, _ in pages)
    everyone = "".join(words for words, _ in pages)
    assert all(f"Guest{number:02}" in everyone for number in range(60))
    assert "Whowaitsnot" not in everyone


def test_the_list_of_several_days_has_a_box_for_each_person_and_day(organizer, app, tmp_path):
    first = datetime.combine(TODAY + timedelta(days=7), time(9))
    congress = an_event("Rivers", max_party_size=3, starts=first, ends=first + timedelta(days=2, hours=8))
    reply(congress, a_person("Ann"), Answer.YES, party_size=3, at=NOW)
    reply(congress, a_person("Ben"), Answer.YES, at=NOW)
    db.session.commit()

    ((words, boxes),) = drawn_on(organizer.get(f"{at(congress)}/list.pdf?sheet=us-letter").data, tmp_path)
    assert boxes == 3 * (3 + 1)
    assert "".join(f"{first + timedelta(days=number):%a%-d}" for number in range(3)) in words
    assert "and day" in organizer.get(f"{at(congress)}/keys").text


def test_who_is_in_already_is_ticked_on_the_list_with_the_hour(organizer, event, ann, tmp_path):
    parted = reply(event, a_person("Ben"), Answer.YES, party_size=3, at=NOW)
    reply(event, a_person("Cem"), Answer.YES, at=NOW)
    came = event.starts_at + timedelta(minutes=5)
    at_the_door(event, DoorAction.CHECK_IN, [ann.id], by=a_person(), now=came)
    at_the_door(event, DoorAction.CHECK_IN, [parted.id], came=1, by=a_person(), now=came)
    db.session.commit()

    ((words, boxes, ticks),) = ticked_on(organizer.get(f"{at(event)}/list.pdf").data, tmp_path)
    assert (boxes, ticks) == (2 + 3 + 1, 2 + 1)
    assert words.count(spoken_time(to_wall(came, event.zone)).replace(" ", "")) == 2
    assert "3ofthemhadbeenletin,andareticked" in words


def test_who_was_there_on_a_day_of_several_is_ticked_on_that_day(organizer, app, tmp_path):
    first = datetime.combine(TODAY + timedelta(days=7), time(9))
    congress = an_event("Rivers", max_party_size=3, starts=first, ends=first + timedelta(days=2, hours=8))
    ann, by = reply(congress, a_person("Ann"), Answer.YES, party_size=3, at=NOW), a_person()
    at_the_door(congress, DoorAction.CHECK_IN, [ann.id], came=2, by=by, now=congress.starts_at)
    at_the_door(congress, DoorAction.CHECK_IN, [ann.id], came=1, by=by, now=congress.starts_at + timedelta(days=2))
    db.session.commit()

    ben = reply(congress, a_person("Ben"), Answer.YES, at=NOW)
    at_the_door(congress, DoorAction.CHECK_IN, [ben.id], by=by, now=congress.starts_at - timedelta(days=1))
    db.session.commit()

    shown = roll.roll(congress, [ann, ben], congress.starts_at)
    assert [line.here for line in shown.lines] == [[2, 0, 1], [0, 0, 0]]
    assert "2 of them had been let in, and are ticked." in shown.about[-1]
    ((_, boxes, ticks),) = ticked_on(organizer.get(f"{at(congress)}/list.pdf").data, tmp_path)
    assert (boxes, ticks) == (12, 3)


def test_a_helper_has_the_list_of_their_own_event_as_long_as_the_key_opens(client, organizer, event, ann, tmp_path):
    key = a_key(organizer, event)
    assert f"{urlsplit(key).path}/list.pdf?sheet=us-letter" in client.get(key).text
    ((words, boxes),) = drawn_on(client.get(f"{key}/list.pdf").data, tmp_path)
    assert ("AnnLee" in words, boxes) == (True, 2)
    assert "ann@example.org" not in words
    other = make_key(an_event("Another"), "", by=a_person(), now=NOW)
    db.session.commit()
    assert client.get(f"/door/{other}/list.pdf").headers["Location"].endswith(f"/door/{other}")
    for stored in db.session.scalars(select(DoorKey)):
        stored.revoke(NOW)
    db.session.commit()
    assert client.get(f"{key}/list.pdf").status_code == 404


@pytest.mark.parametrize(("days", "columns"), [(1, 0), (2, 2), (7, 7), (8, 0)])
def test_whole_days_have_a_column_each_as_long_as_they_are_few(app, days, columns):
    midnight = datetime(2027, 4, 1)
    event = an_event("Rivers", all_day=True, starts=midnight, ends=midnight + timedelta(days=days))
    assert len(roll.days_of(event)) == columns


def test_a_list_without_anyone_is_none(organizer, event):
    assert organizer.get(f"{at(event)}/list.pdf").status_code == 303


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("days", [[], ["Mon 1", "Tue 2", "Wed 3", "Thu 4", "Fri 5", "Sat 6", "Sun 7"]])
def test_no_letter_of_a_long_name_is_cut_on_the_list_nor_lies_under_a_box(name, days):
    columns = max(1, len(days))
    lines = [roll.Line(name, f"with {name}", 9, [4] * columns, "12:45 pm"), roll.Line("Ann", "", 1, [0] * columns)]
    words = words_on(roll.pdf(roll.Roll(TITLE, ["Today"], days, lines), roll.Sheet.A4))
    name_head, party_head = (next(one for one in words if one[-1] == head) for head in ("Name", "Party"))
    ann = next(top for _, top, _, _, word in words if word == "Ann")
    of_name = [one for one in words if name_head[3] < one[1] < ann - 1 and one[0] < party_head[0]]
    assert "".join(word for *_, word in of_name) == "".join(f"{name}with{name}".split())
    assert all(right < party_head[0] for _, _, right, _, _ in of_name)

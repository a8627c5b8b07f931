"""A congress with an agenda: pasted by its organizer, read and answered by guests, in real Chromium."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ADA, ZONE, Site
from tests.browser.test_walk import BOTH_WAYS, Visitor, let_notices_leave_at_once, say_yes_as_guest
from tests.browser.test_walk import people as people  # the fixture
from tests.builders import NOW

DAY = f"{NOW.year + 1}-05-06"
LINES = f"""{DAY}
09:00–09:30 | Registration and tea
09:30–10:30 | Great Hall | Keynote: what a river remembers | Giulia Example (historian)
11:00–11:45 | Great Hall | Mills of the valley | Kofi Example
11:00–12:30 | Reading Room | Workshop: old handwriting | Saskia Example
11:45–12:30 | Great Hall | Tolls and ferries | Omar Example
Day 2
10:00–11:00 | Great Hall | Who may keep a town’s papers? | Kofi Example; Omar Example
"""


@pytest.mark.parametrize("people", BOTH_WAYS, indirect=True)
def test_a_congress_with_an_agenda(site: Site, people: Any) -> None:
    organizer, guest, late = people(), people(), people()
    organizer.sign_in(ADA)
    let_notices_leave_at_once(organizer)
    number = enter_the_congress(organizer)
    paste_the_agenda(organizer, number)
    give_seats_to_the_workshop(organizer, number)
    organizer.go(f"/organize/events/{number}")
    organizer.press("Publish")
    slug = organizer.page.url.rsplit("/", 1)[-1]

    read_the_timetable(guest, slug)
    links = [
        say_yes_as_guest(guest, slug, "Gus Grey", "gus@example.org"),
        say_yes_as_guest(late, slug, "Lea Late", "lea@example.org"),
    ]
    choose_the_workshop(guest, links[0], "You have a seat")
    choose_the_workshop(late, links[1], "number 1 on the waiting list")
    guest.press("Give up Workshop: old handwriting")
    assert site.letter_to("lea@example.org", "You have a seat: Workshop")
    assert "You have a seat" in late.go(f"{links[1]}/sessions").locator("main").inner_text()
    move_the_workshop(organizer, number)
    assert "Attic" in site.letter_to("lea@example.org", "Changed: Workshop").as_string()


def move_the_workshop(organizer: Visitor, number: str) -> None:
    organizer.go(f"/organize/events/{number}/agenda")
    organizer.press("Workshop: old handwriting")
    organizer.fill(room="Attic")
    page = organizer.press("Save")
    assert "1 person with a seat in it can be mailed" in page.locator("main").inner_text()
    organizer.press("Change the session")


def enter_the_congress(organizer: Visitor) -> str:
    organizer.go("/organize/events/new")
    organizer.fill(title="Founding congress", starts_at=f"{DAY}T09:00", ends_at=f"{DAY[:-2]}07T17:00", timezone=ZONE)
    organizer.press("Save the draft")
    return organizer.page.url.rsplit("/", 1)[-1]


def paste_the_agenda(organizer: Visitor, number: str) -> None:
    """A wrong line is told by its number and keeps the others typed; what clashes is told and not forbidden."""
    page = organizer.go(f"/organize/events/{number}/agenda")
    organizer.press("Paste many")
    organizer.fill(lines=LINES + "10:30–11:15 | Great Hall")
    organizer.press("See what they give")
    organizer.fill(lines=LINES + "sometime | Closing words")
    organizer.press("Look again" if page.get_by_role("button", name="Look again").count() else "See what they give")
    assert "Line 9" in page.locator("main").inner_text()
    organizer.fill(lines=LINES + "10:30–11:15 | Great Hall | Closing words")
    organizer.press("See what they give")
    text = page.locator("main").inner_text()
    assert "These 7 sessions would be added" in text
    assert "Great Hall is taken twice" in text
    organizer.press("Add these 7")
    assert "Added 7 sessions." in page.locator("main").inner_text()


def give_seats_to_the_workshop(organizer: Visitor, number: str) -> None:
    organizer.go(f"/organize/events/{number}/agenda")
    organizer.press("Workshop: old handwriting")
    organizer.fill(capacity="1")
    page = organizer.press("Save")
    assert "0 of 1" in page.locator("main").inner_text()


def read_the_timetable(guest: Visitor, slug: str) -> None:
    """A grid by room where there is space, a list by time where there is none; the same table to a screen reader."""
    guest.go(f"/events/{slug}")
    page = guest.press("The whole agenda")
    wide = (page.viewport_size or {})["width"] > 1000
    boxes = [page.locator("td", has_text=title).bounding_box() for title in ("Mills of the valley", "old handwriting")]
    mills, workshop = (box for box in boxes if box)
    assert (abs(mills["y"] - workshop["y"]) < 2) == wide
    assert (workshop["x"] > mills["x"] + 100) == wide
    assert page.get_by_role("heading", name="Workshop: old handwriting").is_visible()
    print_the_timetable(page)
    page.get_by_role("link", name="Kofi Example").first.click()
    page.wait_for_load_state()
    text = page.locator("main").inner_text()
    assert "Mills of the valley" in text
    assert "Who may keep a town’s papers?" in text


def print_the_timetable(page: Page) -> None:
    """On paper, however narrow, what begins together stands side by side, each with its time and room."""
    window = page.viewport_size
    assert window
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})  # A4, less its margins
    found = [page.locator("td", has_text=title) for title in ("Mills of the valley", "old handwriting")]
    mills, workshop = (box for cell in found if (box := cell.bounding_box()))
    assert abs(mills["y"] - workshop["y"]) < 2
    assert workshop["x"] > mills["x"] + 100
    assert [cell.locator(".told-above").is_visible() for cell in found] == [True, True]
    assert "Reading Room" in found[1].inner_text()
    assert found[1].locator(".session-time").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size(window)


def choose_the_workshop(guest: Visitor, link: str, outcome: str) -> None:
    guest.go(link)
    guest.press("Choose your sessions")
    page = guest.page
    page.locator("main button[name=action][value=take]").first.click()
    page.wait_for_load_state()
    assert outcome in page.locator("main").inner_text()

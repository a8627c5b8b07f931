"""An organizer begins an event with the text of its announcement."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import BACKED, BOTH_WAYS, STARTS, Visitor
from tests.browser.test_walk import people as people  # the fixture

FLYER = f"""
Prof. A will talk about her new book, "Title: Subtitle", at B University on March 30th, {STARTS.year} at 8:00 pm in
Scott Hall, Room 221. Event sponsored by the B Debating Union, and endorsed by the C League and the D Society.
"""


@pytest.mark.parametrize("people", BOTH_WAYS, indirect=True)
def test_an_announcement_becomes_an_event_without_typing(site: Site, people: Any) -> None:
    ada: Visitor = people()
    ada.sign_in(ADA)

    ada.go("/organize/events/new")
    ada.press("Start from an announcement…")
    ada.fill(text=FLYER)
    page = ada.press("Fill in the form")

    assert page.locator("[name=title]").input_value() == "Title: Subtitle"
    assert page.locator("[name=starts_at]").input_value() == f"{STARTS:%Y-%m-%dT%H:%M}"
    expect(page.locator("main")).to_contain_text("From the text: “B University")
    ada.press("Save the draft")
    page = ada.press("Publish")

    main = page.locator("main")
    expect(main).to_contain_text(BACKED)
    expect(main).to_contain_text("Scott Hall, Room 221")
    expect(main).to_contain_text("Prof. A")

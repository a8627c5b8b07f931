"""Writing a notice with merge fields: completed and shown filled while one types, and by a button without scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import MANNERS, Visitor
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", MANNERS, indirect=True)
def test_fields_are_put_in_and_the_letter_is_read_as_its_reader_will(site: Site, people: Any) -> None:
    ada: Visitor = people()
    ada.sign_in(ADA)
    page = ada.go("/organize/notices/new?kind=announcement")
    letter = page.locator("#typed-letter")
    ada.fill(subject="For you", body="Dear ")
    page.locator("input[name=audience][value=everyone]").check()
    if page.viewport_size["width"] > 1000:
        page.locator("#body").press("End")
        page.keyboard.type("{{ na")
        expect(page.locator("#body-names [aria-selected=true]")).to_have_text("first_name")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#body")).to_have_value("Dear {{ name }}")
        expect(letter).to_contain_text("Dear members and friends")
        page.locator("#typed-reader").select_option(index=1)
        page.locator("#typed-sought").fill("nobody")
        expect(page.locator("#typed-reader option")).to_have_count(2)  # all at once, and who was chosen
        page.locator("#typed-sought").press("Enter")
    else:
        ada.fill(body="Dear {{ name }}")
        ada.press("Look at it")
        expect(letter).to_contain_text("Dear members and friends")
        page.locator("#typed-reader").select_option(index=1)
        ada.press("Look at it")
    name = page.locator("#typed-reader option:checked").inner_text()
    expect(letter).to_contain_text(f"Dear {name}")
    ada.go("/organize/notices")
    expect(page.locator("main")).to_contain_text("No notices yet.")

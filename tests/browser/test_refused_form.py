"""A form that did not hold, by keyboard alone and for whoever hears the page: what is wrong comes first."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import ON_A_PHONE, Visitor
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_the_keyboard_goes_on_from_what_is_wrong_to_the_field_it_is_about(site: Site, people: Any) -> None:
    ada: Visitor = people()
    ada.sign_in(ADA)
    ada.go("/organize/events/new")
    ada.fill(title="", capacity="-3")
    page = ada.press("Save the draft")

    expect(page.get_by_role("alert").filter(has_text="Please look at this again")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Title", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=capacity]")).to_be_focused()
    expect(page.locator("[name=capacity]")).to_have_accessible_description(
        "Left empty, there is no limit. A number from 1 to 1,000,000, please."
    )

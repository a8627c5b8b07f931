"""A picture chosen for a new event, as it comes from a camera."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import ON_A_PHONE, STARTS
from tests.browser.test_walk import people as people  # the fixture
from tests.builders import a_photo


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_a_file_that_is_too_large_is_told_before_it_is_sent_and_one_that_was_sent_is_kept(
    site: Site, people: Any
) -> None:
    ada = people()
    ada.sign_in(ADA)
    page = ada.go("/organize/events/new")
    ada.fill(title="River walk", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", ends_at="2020-01-01T10:00")
    page.get_by_text("A picture", exact=True).first.click()
    file, told = page.locator("[name=image]"), page.locator("[name=image] + .error")

    file.set_input_files({"name": "scan.tif", "mimeType": "image/tiff", "buffer": bytes(17 * 1024 * 1024)})
    expect(told).to_have_text("This file has 17 MB, and at most 16 MB can be sent. Please choose a smaller one.")
    page.get_by_text("A picture", exact=True).first.click()  # folds it away
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.locator("[name=title]")).to_have_value("River walk")
    expect(file).to_be_focused()
    expect(file).to_have_accessible_description(re.compile("This file has 17 MB"))

    file.set_input_files({"name": "river.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    expect(told).to_be_hidden()
    ada.fill(image_alt="A river")
    ada.press("Save the draft")
    expect(page.locator("main")).to_contain_text("The picture that you sent")
    ada.fill(ends_at="")
    ada.press("Save the draft")
    ada.press("Preview")
    expect(page.get_by_alt_text("A river")).to_be_visible()

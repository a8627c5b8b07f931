"""A weekly series with one changed evening."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.test_walk import PHONES_TOO, STARTS, set_up
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", PHONES_TOO, indirect=True)
def test_an_evening_recurs_and_one_of_them_is_changed(site: Site, people: Any) -> None:
    ada, reader = people(), people()
    set_up(ada)
    ada.go("/organize/events/new")
    ada.fill(title="Reading group", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", room="Green Room")
    ada.press("Save the draft")
    ada.press("Publish")
    slug = ada.page.url.rpartition("/")[2]

    ada.press("Edit")
    ada.press("Series")
    ada.fill(count="4")
    expect(ada.press("See the dates").locator("main")).to_contain_text("3 more events are made")
    ada.press("Make these events")
    main = ada.page.locator("main")
    expect(main.get_by_role("row")).to_have_count(5)

    main.get_by_role("table").get_by_role("rowheader").get_by_role("link").nth(2).click()
    ada.page.wait_for_load_state()
    ada.fill(room="Blue Room")
    expect(ada.press("See what will change").locator("main")).to_contain_text("one of a series")
    ada.page.get_by_label("This one and all that follow").check()
    expect(ada.press("See what that changes").locator("main")).to_contain_text("The others that it reaches")
    ada.press("Change the event")

    page = reader.go(f"/events/{slug}")
    expect(page.locator("main")).to_contain_text("Green Room")
    others = [str(each.get_attribute("href")) for each in page.locator(".event-head .muted a").all()]
    assert ["Blue Room" in reader.go(other).locator("main").inner_text() for other in others] == [False, True, True]

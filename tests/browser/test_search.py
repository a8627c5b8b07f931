"""A list that narrows while one types tells so to whoever does not see it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import STARTS, Visitor
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize(
    "people", [pytest.param({"viewport": {"width": 320, "height": 640}}, id="320 px")], indirect=True
)
def test_how_much_was_found_is_said_as_one_types(site: Site, people: Any) -> None:
    ada: Visitor = people()
    ada.sign_in(ADA)
    for title in ("Rivers of the north", "Rivers of the south"):
        ada.go("/organize/events/new")
        ada.fill(title=title, starts_at=f"{STARTS:%Y-%m-%dT%H:%M}")
        ada.press("Save the draft")
        ada.press("Publish")
    for path, typed, said in (
        ("/events", "rivers", "2 found"),
        ("/events", "south", "1 found"),
        ("/events", "lakes", "Nothing found. Try fewer words, or look through them all."),
        (f"/events/month?month={STARTS:%Y-%m}", "rivers", "2 found"),
        ("/organize/events", "north", "1 found"),
        ("/organize/people", "a", "1 person"),
    ):
        page = ada.go(path)
        page.get_by_role("searchbox").first.press_sequentially(typed)
        expect(page.get_by_role("search").get_by_role("status")).to_have_text(said)

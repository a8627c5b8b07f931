"""Bringing guests to an event that asks about each of them."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import BOTH_WAYS, STARTS, Visitor
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", BOTH_WAYS, indirect=True)
def test_there_is_room_for_each_guest_as_soon_as_it_can_be_and_nothing_typed_is_lost(site: Site, people: Any) -> None:
    ada: Visitor = people()
    ada.sign_in(ADA)
    plan(ada)
    page = ada.go("/events/a-dinner/rsvp")
    page.locator("label", has_text="Nuts").first.click()
    page.locator("[name=party_size]").fill("2")
    if scripted(page):
        expect(page.locator("#guest-1 > legend")).to_have_text("Your guest")
        field(page, 1).fill("Bo")
        page.locator("[name=party_size]").fill("3")
        expect(page.locator("form > #guest-2")).to_be_visible()
        expect(page.locator("#guest-1 > legend")).to_have_text("Guest 1")
    else:
        page.locator("[name=party_size]").fill("3")
        ada.press("I will come")
        expect(page.get_by_role("alert").first).to_contain_text("Please say below what is asked about each of your")
        field(page, 1).fill("Bo")
    field(page, 2).fill("Cy")
    ada.press("I will come")
    ada.press("See your answer")
    said = page.locator("dl.facts").inner_text()
    assert all(word in said for word in ("party of 3", "Nuts", "Bo", "Cy"))


def scripted(page: Page) -> bool:
    """Whether the page's own scripts run, which drivers may do where a page's may not."""
    return bool(page.evaluate("() => matchMedia('(scripting: enabled)').matches"))


def field(page: Page, guest: int) -> Any:
    return page.locator(f"#guest-{guest} input[name$=_{guest}][type=text]")


def plan(ada: Visitor) -> None:
    ada.go("/organize/events/new")
    ada.fill(title="A dinner", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", max_party_size="4")
    ada.press("Save the draft")
    asks = f"{ada.page.url}/questions"
    for text, kind, options in (("Without what?", "several", "Nuts\nMilk"), ("Who comes with you?", "names", "")):
        ada.page.goto(asks)
        ada.fill(text=text, kind=kind, options=options)
        if kind == "names":
            ada.page.locator("[name=required]").check()
        ada.press("Add the question")
    ada.go(asks.removesuffix("/questions").removeprefix(ada.site.address))
    ada.press("Publish")

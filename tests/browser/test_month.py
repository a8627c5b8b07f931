"""The month on the wall: by keys where scripts run, by links everywhere."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import MANNERS, STARTS, Visitor
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", MANNERS, indirect=True)
def test_a_month_is_gone_through_by_keys_and_by_links(site: Site, people: Any) -> None:
    ada: Visitor = people()
    ada.sign_in(ADA)
    ada.go("/organize/events/new")
    ada.fill(title="W" * 200, starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", venue_name="V" * 200, room="R" * 100)
    ada.press("Save the draft")
    ada.press("Publish")
    ada.press("Edit")
    ada.press("The day")  # nothing that is written in one piece may make a page wider than the window
    ada.go("/organize/events/new")
    ada.fill(title="An evening", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", ends_at=f"{STARTS:%Y-%m-%dT22:00}")
    ada.press("Save the draft")
    ada.press("Publish")

    page = ada.go(f"/events/month?month={STARTS:%Y-%m}")
    expect(page.locator(f"td[data-day='{STARTS:%Y-%m-%d}']")).to_contain_text("An evening")
    if page.viewport_size["width"] > 1000:
        go_through_by_keys(page)
        page.locator(f"td[data-day='{STARTS:%Y-%m-%d}']").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/events?day=*")
    else:
        come_by_tab(page, f"{STARTS:%Y-%m-%d}")
        page.keyboard.press("Enter")
        page.wait_for_url("**/events?day=*")
    expect(page.locator("main")).to_contain_text("An evening")
    page = ada.go(f"/events/month?month={STARTS:%Y-%m}")
    page.locator("a[rel=next]").click()
    expect(page.locator("td:not(.beside)", has_text="An evening")).to_have_count(0)
    expect(page.locator("h2").first).to_contain_text("April")


def come_by_tab(page: Page, day: str) -> None:
    """Where the month is a list of days, its links are in the order of the Tab key and nothing hidden is."""
    assert page.locator("td[tabindex]").count() == 0
    page.locator(".month-head a").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('td').dataset.day") == day


def go_through_by_keys(page: Page) -> None:
    """From day to day, and from month to month as often as one likes."""
    day, size = page.locator("td[tabindex='0']"), page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})  # as at four times the size
    expect(page.locator("td[tabindex]")).to_have_count(0)
    page.set_viewport_size(size)
    expect(day).to_have_count(1)
    day.focus()
    for key in ("ArrowRight", "ArrowDown", "End", "Home"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.cellIndex") == 0
    page.locator(f"td[data-day='{STARTS:%Y-%m-%d}'] li a").last.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("td:focus")).to_have_attribute("data-day", f"{STARTS + timedelta(days=1):%Y-%m-%d}")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("!document.activeElement.closest('.day')"), "the day is reached by itself"
    page.locator(f"td[data-day='{STARTS:%Y-%m}-29']").focus()
    for key, there in (
        ("ArrowLeft", f"{STARTS:%Y-%m}-28"),
        ("ArrowUp", f"{STARTS:%Y-%m}-21"),
        ("PageDown", f"{STARTS.replace(day=1) + timedelta(days=31):%Y-%m}-21"),
        ("PageUp", f"{STARTS:%Y-%m}-21"),
        ("PageUp", f"{STARTS.replace(day=1) - timedelta(days=1):%Y-%m}-21"),
        ("PageDown", f"{STARTS:%Y-%m}-21"),
    ):
        page.keyboard.press(key)
        expect(page.locator("td:focus")).to_have_attribute("data-day", there)

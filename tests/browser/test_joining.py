"""The link to join online, on a page that is already open when it is time."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, ZONE, Site
from tests.browser.test_walk import ON_A_PHONE, Visitor, say_yes_as_guest
from tests.browser.test_walk import people as people  # the fixture

LINK = "https://meet.example.org/evening"


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_an_open_page_says_when_the_link_is_there(site: Site, people: Any) -> None:
    ada, guest = people(), people()
    ada.sign_in(ADA)
    own = say_yes_as_guest(guest, an_evening_online(ada), "Gus", "gus@example.org")
    page = guest.page
    page.clock.install()
    guest.go(own)
    due = page.get_by_role("link", name="The link to join online is here now")

    page.clock.fast_forward("01:00:00")
    expect(due).to_be_hidden()
    page.clock.fast_forward("01:01:00")
    expect(due).to_be_visible()

    ada.press("Edit")
    ada.fill(online_minutes="600")
    ada.press("See what will change")
    ada.press("Change the event")
    due.click()
    expect(page.locator(f"a[href='{LINK}']")).to_be_visible()


def an_evening_online(organizer: Visitor) -> str:
    """In three hours, with the link from an hour before; its slug."""
    starts = datetime.now(ZoneInfo(ZONE)) + timedelta(hours=3)
    organizer.go("/organize/events/new")
    organizer.fill(title="An evening", starts_at=f"{starts:%Y-%m-%dT%H:%M}", online_url=LINK, online_minutes="60")
    organizer.press("Save the draft")
    return organizer.press("Publish").url.rsplit("/", 1)[-1]

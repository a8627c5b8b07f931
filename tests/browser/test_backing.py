"""An organization backs an event by the link in its letter, is asked again when the event moves, and withdraws."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import BOTH_WAYS, STARTS
from tests.browser.test_walk import people as people  # the fixture

SENTENCE = "Endorsed by the C League."


@pytest.mark.parametrize("people", BOTH_WAYS, indirect=True)
def test_an_organization_is_asked_confirms_is_asked_again_and_withdraws(site: Site, people: Any) -> None:
    ada, cora, reader = people(), people(), people()
    ada.sign_in(ADA)
    ada.go("/organize/events/new")
    ada.fill(title="Rivers", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}")
    ada.press("Save the draft")
    ada.press("Publish")
    slug = ada.page.url.rpartition("/")[2]

    ada.press("Edit")
    ada.press("Backing")
    ada.fill(new_organization="the C League", contact_name="Cora", contact_email="cora@example.org")
    ada.page.get_by_label("Endorser", exact=True).check()
    ada.press("Ask them")
    link = site.link_in(site.letter_to("cora@example.org", "Will you endorse"), "/backings/")

    expect(cora.go(link).locator("main")).to_contain_text(SENTENCE)
    assert SENTENCE not in reader.go(f"/events/{slug}").locator("main").inner_text()
    cora.fill(title="Chair")
    cora.press("Yes, we endorse it")
    expect(reader.go(f"/events/{slug}").locator("main")).to_contain_text(SENTENCE)

    ada.go(f"/events/{slug}")
    ada.press("Edit")
    ada.fill(title="Rivers and Lakes")
    expect(ada.press("See what will change").locator("main")).to_contain_text("asked again")
    ada.press("Change the event")
    again = site.letter_to("cora@example.org", "An event that you back has changed")
    expect(cora.go(site.link_in(again, "/backings/")).locator("main")).to_contain_text("Rivers and Lakes")
    cora.press("Withdraw our name")
    assert SENTENCE not in reader.go(f"/events/{slug}").locator("main").inner_text()
    expect(ada.go(ada.page.url).locator("main")).to_be_visible()

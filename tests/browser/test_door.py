"""Guests are checked in at the door while the network is away, and it is told when it is back."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from society.times import now, to_wall
from tests.browser.conftest import ADA, ZONE, Site
from tests.browser.test_walk import people as people  # the fixture

PHONES = [
    pytest.param({"viewport": {"width": 1280, "height": 900}}, id="1280 px"),
    pytest.param({"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}, id="320 px, dark"),
]
SOON = to_wall(now() + timedelta(hours=2), ZONE)
"""So that the door is open."""
CAMERA = """
  window.shown = "";
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return window.shown ? [{ rawValue: window.shown }] : []; }
  };
  const picture = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
  setInterval(() => picture.getContext("2d").fillRect(0, 0, 64, Math.random() * 64), 50);
  navigator.mediaDevices.getUserMedia = async () => picture.captureStream();
"""
"""A camera and a reader of codes as phones have them, which this browser lacks; what they see is set by the test."""


@pytest.mark.parametrize("people", PHONES, indirect=True)
def test_check_in_goes_on_without_network_and_is_told_afterwards(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    ada.sign_in(ADA)
    slug = announce(ada)
    codes = {
        name: answer(site, guest, slug, name, party) for name, party in (("Ann Lee", 2), ("Ben", 1), ("Cem Weiß", 1))
    }

    ada.press("Edit")
    for group in ("Guests", "The day"):
        printed(ada.press(group), "Ann Lee")
    ada.press("Helpers and tickets")
    ada.press("Make a key")
    key = ada.page.locator("main").get_by_text("/door/").first.inner_text().strip()

    door.context.add_init_script(CAMERA)
    door.go(key)
    expect(door.page.locator("#kept")).to_contain_text("3 guests are kept")
    door.page.wait_for_function("navigator.serviceWorker.controller")
    door.context.set_offline(True)
    check_in_without_network(door, codes["Ben"])

    ada.go(ada.page.url.removesuffix("/keys"))
    ada.page.get_by_label("Check in Cem").click()  # at another door, after this one's scan
    ada.page.wait_for_load_state()
    door.context.set_offline(False)

    expect(door.page.locator("#report")).to_contain_text("5 acts done without network were sent", timeout=30_000)
    expect(door.page.locator("#report")).to_contain_text("Cem Weiß was checked in twice")
    expect(door.page.locator("#count")).to_have_text("4 of 4 have arrived")
    ada.go(ada.page.url)
    expect(ada.page.locator("#count")).to_have_text("4 of 4 have arrived")
    sign_out_with_an_act_unsent(ada, "Cem", door)
    door.faults[:] = [fault for fault in door.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def announce(organizer: Any) -> str:
    """An evening that members do not pay for; where it stands."""
    organizer.go("/organize/events/new")
    organizer.fill(title="Rivers", starts_at=f"{SOON:%Y-%m-%dT%H:%M}", max_party_size="3", price="5", currency="EUR")
    organizer.page.get_by_label("Free for members").check()
    organizer.press("Save the draft")
    organizer.press("Publish")
    return organizer.page.url.rpartition("/")[2]


def sign_out_with_an_act_unsent(organizer: Any, name: str, other: Any) -> None:
    """What is noted on the device is not lost by it: the other door learns of it."""
    undo = organizer.page.get_by_label(f"Undo for {name}")
    undo.evaluate("""async (button) => {
      const noted = new FormData(button.form, button);
      await Door.act(location.pathname, noted);
      const tell = Door.tell; // takes its time
      Door.tell = (door) => new Promise((done) => setTimeout(() => done(tell(door)), 500));
    }""")
    organizer.press("Sign out")
    assert organizer.page.get_by_role("link", name="Sign in").is_visible()  # on the page that follows, not the last one
    expect(other.page.locator("#count")).to_have_text("3 of 4 have arrived", timeout=30_000)


def answer(site: Site, guest: Any, slug: str, name: str, party: int) -> str:
    """A guest answers and confirms by the mailed link; the code of their ticket."""
    address = f"{name.split()[0].lower()}@example.org"
    guest.go(f"/events/{slug}")
    guest.fill(name=name, email=address, party_size=str(party))
    guest.page.locator("main form button[value=yes]").first.click()
    guest.page.wait_for_load_state()
    guest.go(site.link_in(site.letter_to(address, "Rivers"), "/rsvps/"))
    guest.page.locator("main form button[value=confirm]").first.click()
    guest.page.wait_for_load_state()
    guest.press("Your ticket")
    return guest.page.locator(".ticket .code p").inner_text()


def printed(page: Page, name: str) -> None:
    """On paper too there is who comes, without what only a screen can do."""
    page.emulate_media(media="print")
    expect(page.locator("main").get_by_text(name, exact=True).locator("visible=true")).to_have_count(1)
    expect(page.locator("main").get_by_role("button").locator("visible=true")).to_have_count(0)
    page.emulate_media(media="screen")


def check_in_without_network(door: Any, code: str) -> None:
    """By name, by the code typed, and by the camera; a wrong code and a second scan are told."""
    door.page.get_by_label("Check in Ann Lee").click()
    expect(door.page.locator("main")).to_contain_text("There is no network")
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee is in")
    expect(door.page.locator("#outcome")).to_contain_text("pay EUR 5 each unless members · Arrived at")
    expect(door.page.locator("#guests [data-asked]")).to_have_text(
        ["pay EUR 5 each unless members", "pays EUR 5", "pays EUR 5"]
    )
    expect(door.page.locator("#count")).to_have_text("2 of 4 have arrived")
    for box, number in (("#outcome", "1"), ("#guests", "2")):
        door.page.locator(box).get_by_label("How many of Ann Lee’s party are here").fill(number)
        door.page.locator(box).get_by_label("Are here: Ann Lee").click()
        expect(door.page.locator("#count")).to_have_text(f"{number} of 4 have arrived")

    door.page.get_by_role("searchbox", name="Name").fill("WEISS cem")
    door.page.get_by_label("Check in Cem").click()
    expect(door.page.locator("#outcome")).to_contain_text("Cem Weiß is in")

    door.page.get_by_label("Code on the ticket").fill("0000-0000")
    door.press("Check in by code")
    expect(door.page.locator("#outcome")).to_contain_text("No ticket on the list kept here has that code")

    door.press("Use the camera")
    door.page.evaluate("code => { window.shown = code }", code.replace("-", ""))
    expect(door.page.locator("#outcome")).to_contain_text("Ben is in")
    expect(door.page.locator("#outcome")).to_contain_text("pays EUR 5 · Arrived at")
    door.page.evaluate("window.shown = ''")
    door.press("Stop the camera")

    door.page.get_by_label("Code on the ticket").fill(code)
    door.press("Check in by code")
    expect(door.page.locator("#outcome")).to_contain_text("Ben is in already")
    expect(door.page.locator("#outcome")).not_to_contain_text("EUR 5")
    expect(door.page.locator("#kept")).to_contain_text("5 acts noted here will be sent")

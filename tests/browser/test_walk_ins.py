"""Somebody who has not answered comes to the door while the network is away: let in, told once, and never lost."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADA, Site, look_over
from tests.browser.test_door import SOON, answer
from tests.browser.test_walk import ON_A_PHONE
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_who_walks_in_without_network_is_told_once_and_stays_where_refused(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    edit, door_of_organizers = an_evening_of_four_seats(site, ada, guest)
    door.go(ada.page.locator("main").get_by_text("/door/").first.inner_text().strip())
    expect(door.page.locator("#kept")).to_contain_text("1 guest is kept")
    door.page.wait_for_function("navigator.serviceWorker.controller")

    door.context.set_offline(True)
    come_without_network(door.page)
    door.page.reload()
    kept_as_typed(door.page)

    door.context.set_offline(False)
    told_afterwards(door.page)
    ada.go(edit)
    ada.fill(capacity="6")
    ada.press("See what will change")
    ada.press("Change the event")
    door.page.get_by_role("button", name="Send again: Late Comer").click()
    expect(door.page.locator("#report")).to_contain_text("1 act done without network was sent")
    expect(door.page.locator("#walk-ins")).to_be_hidden()

    ada.go(door_of_organizers)
    expect(ada.page.locator("#count")).to_have_text("6 of 6 have arrived")
    for name in ("Wanda Walker", "Late Comer", "Ann Lee"):
        expect(ada.page.locator("#guests").get_by_text(name, exact=True)).to_have_count(1)
    told_on_where_the_key_was_taken_back(ada, f"{door_of_organizers}/keys", door)
    passing = "ERR_INTERNET_DISCONNECTED", "404"
    door.faults[:] = [fault for fault in door.faults if not any(words in fault for words in passing)]


def told_on_where_the_key_was_taken_back(ada: Any, keys: str, door: Any) -> None:
    """What cannot be sent by it any more is shown, also when the page is opened again, until an organizer knows."""
    door.context.set_offline(True)
    door.page.get_by_label("Undo for Ann Lee").click()
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee is not in")
    let_in(door.page, "Very Late", 2)
    expect(door.page.locator("#outcome")).to_contain_text("Very Late is let in")
    ada.go(keys)
    ada.page.get_by_role("button", name="Take back key").click()
    expect(ada.page.locator("main")).to_contain_text("That key opens nothing any more.")
    door.context.set_offline(False)
    for _opened in range(2):
        expect(door.page.locator("#outcome")).to_contain_text("This link opens nothing any more", timeout=30_000)
        expect(door.page.locator("#outcome li")).to_contain_text(["Ann Lee is not in", "Very Late was let in"])
        expect(door.page.get_by_label("Their name")).to_be_hidden()
        look_over(door.page)
        door.page.reload()
    door.page.get_by_role("button", name="They know: forget this").click()
    expect(door.page.get_by_role("heading", level=1)).to_have_text("This link opens nothing")


def an_evening_of_four_seats(site: Site, ada: Any, guest: Any) -> tuple[str, str]:
    """One guest has answered, and a helper's key is shown; the addresses of its form and of its door."""
    ada.sign_in(ADA)
    ada.go("/organize/events/new")
    ada.fill(title="Rivers", starts_at=f"{SOON:%Y-%m-%dT%H:%M}", max_party_size="3", capacity="4")
    ada.press("Save the draft")
    ada.press("Publish")
    answer(site, guest, ada.page.url.rpartition("/")[2], "Ann Lee", 1)
    edit = ada.press("Edit").url
    door = ada.press("The day").url
    ada.press("Helpers and tickets")
    ada.press("Make a key")
    return edit, door


def come_without_network(page: Page) -> None:
    """One without a name, one of two, one who has answered after all, one by mistake, and more than there are seats."""
    outcome = page.locator("#outcome")
    let_in(page, "  ", email="late@example.org")
    expect(outcome).to_contain_text("Please give a name")
    expect(page.get_by_label("Their email")).to_have_value("late@example.org")
    let_in(page, "Wanda Walker", 2)
    expect(outcome).to_contain_text("Wanda Walker is let in")
    expect(page.locator("#count")).to_have_text("2 of 3 have arrived")
    let_in(page, "Ann Lee", 1, "ann@example.org")
    expect(outcome).to_contain_text("Somebody of that name is on the list")
    let_in(page, "Wrong One")
    page.get_by_label("Take back: Wrong One").click()
    let_in(page, "Late Comer", 3, "late@example.org")
    expect(outcome).to_contain_text("the server may refuse them")


def kept_as_typed(page: Page) -> None:
    kept = page.locator("#walk-ins")
    expect(kept.locator("li")).to_have_count(3)
    expect(kept).to_contain_text("Wanda Walker 2 people, came at")
    expect(kept).to_contain_text("Not sent yet")
    expect(page.locator("#kept")).to_contain_text("3 acts noted here will be sent")
    look_over(page)


def told_afterwards(page: Page) -> None:
    """Who had a seat is in with it; who was refused stays with the reason, also when the page is opened again."""
    outcome, refused = page.locator("#report"), page.locator("#walk-ins li")
    expect(outcome).to_contain_text("3 acts done without network were sent", timeout=30_000)
    expect(outcome).to_contain_text("Ann Lee had a seat already, and was checked in with it.")
    expect(outcome).to_contain_text("Late Comer was not let in. There are not 3 free seats left.")
    expect(page.locator("#count")).to_have_text("3 of 3 have arrived")
    expect(refused).to_contain_text("Late Comer 3 people, late@example.org")
    look_over(page)
    page.reload()
    expect(refused).to_contain_text("Refused: There are not 3 free seats left.")


def let_in(page: Page, name: str, party: int = 1, email: str = "") -> None:
    """Fill the form for somebody who has not answered, and send it."""
    if not page.get_by_label("Their name").is_visible():
        page.get_by_text("Somebody who has not answered").click()
    page.get_by_label("Their name").fill(name)
    page.get_by_label("How many they are").fill(str(party))
    page.get_by_label("Their email").fill(email)
    page.get_by_role("button", name="Let them in").click()
    page.wait_for_load_state()

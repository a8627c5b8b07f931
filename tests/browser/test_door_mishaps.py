"""The door without network: a clock that is wrong, a right taken back, what was refused, and who is early."""

import sqlite3
import subprocess
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADA, PASSWORD, ROOT, SOCIETY, Site, look_over, settings_for
from tests.browser.test_door import SOON, answer
from tests.browser.test_walk import ON_A_PHONE, STARTS
from tests.browser.test_walk import people as people  # the fixture
from tests.browser.test_walk_ins import let_in

AHEAD = "const now = Date.now; Date.now = () => now() + 3 * 86_400_000;"


def an_evening(site: Site, ada: Any, guest: Any, starts: datetime) -> tuple[str, str, str]:
    """Of four seats, one of them answered for: the addresses of its door and of a key to it, and the ticket's code."""
    ada.sign_in(ADA)
    ada.go("/organize/events/new")
    ada.fill(title="Rivers", starts_at=f"{starts:%Y-%m-%dT%H:%M}", max_party_size="4", capacity="4")
    ada.press("Save the draft")
    ada.press("Publish")
    code = answer(site, guest, ada.page.url.rpartition("/")[2], "Ann Lee", 1)
    ada.press("Edit")
    door = ada.press("The day").url
    ada.press("Helpers and tickets")
    ada.press("Make a key")
    return door, ada.page.locator("main").get_by_text("/door/").first.inner_text().strip(), code


def kept(door: Any, address: str) -> None:
    """The phone has the list."""
    door.go(address)
    expect(door.page.locator("#kept")).to_contain_text("1 guest is kept")
    door.page.wait_for_function("navigator.serviceWorker.controller")


def without_faults_of_the_network(door: Any, *more: str) -> None:
    passing = "ERR_INTERNET_DISCONNECTED", *more
    door.faults[:] = [fault for fault in door.faults if not any(words in fault for words in passing)]


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_a_clock_that_is_ahead_loses_no_list_and_what_was_odd_stays_until_it_is_seen_to(
    site: Site, people: Any
) -> None:
    ada, guest, door = people(), people(), people()
    _, key, _ = an_evening(site, ada, guest, SOON)
    door.context.add_init_script(AHEAD)
    kept(door, key)
    door.context.set_offline(True)
    door.page.reload()
    expect(door.page.locator("#guests")).to_contain_text("Ann Lee")
    door.page.get_by_label("Check in Ann Lee").click()
    expect(door.page.locator("#count")).to_have_text("1 of 1 have arrived")
    let_in(door.page, "Tom", 1, "tom@@example")
    expect(door.page.locator("#outcome")).to_contain_text("Please write the email as in name@example.org")
    expect(door.page.get_by_label("Their email")).to_have_value("tom@@example")
    let_in(door.page, "Tom", 4, "tom@example.org")
    expect(door.page.locator("#outcome")).to_contain_text("Tom is let in")

    door.context.set_offline(False)
    report = door.page.locator("#report")
    expect(report).to_contain_text("2 acts done without network were sent", timeout=30_000)
    for _opened in range(2):
        expect(report).to_contain_text("Tom was not let in. There are not 4 free seats left.")
        look_over(door.page)
        door.page.reload()
    mistyped(door)
    expect(report).to_contain_text("1 act done without network was sent")
    expect(report).not_to_contain_text("Tom was not let in")
    expect(door.page.locator("#count")).to_have_text("4 of 4 have arrived")
    without_faults_of_the_network(door)


def mistyped(door: Any) -> None:
    """It is corrected where it is listed, and sent again."""
    refused = door.page.locator("#walk-ins li")
    refused.get_by_text("Correct", exact=True).click()
    expect(refused.get_by_label("Their email")).to_have_value("tom@example.org")
    refused.get_by_label("How many they are").fill("3")
    look_over(door.page)
    refused.get_by_role("button", name="Send as corrected").click()
    expect(door.page.locator("#walk-ins")).to_be_hidden()


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_who_may_not_keep_the_door_any_more_is_told_so_and_keeps_no_list(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    address, _, _ = an_evening(site, ada, guest, SOON)
    create = [str(SOCIETY), "people", "create", "--email", "bo@example.org", "--name", "Bo", "--role", "organizer"]
    environment = settings_for(site.instance)
    subprocess.run([*create, "--password-stdin"], input=PASSWORD, text=True, env=environment, cwd=ROOT, check=True)
    door.go("/login")
    door.fill(email="bo@example.org", password=PASSWORD)
    door.press("Sign in")
    kept(door, address)
    door.context.set_offline(True)
    door.page.get_by_label("Check in Ann Lee").click()
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee is in")
    with sqlite3.connect(site.instance / "society.db") as database:
        database.execute("DELETE FROM role WHERE person_id = (SELECT id FROM person WHERE email = 'bo@example.org')")
    door.context.set_offline(False)
    for _opened in range(2):
        expect(door.page.locator("#outcome")).to_contain_text("This door is not yours to keep any more", timeout=30_000)
        expect(door.page.locator("#outcome li")).to_contain_text(["Ann Lee was checked in"])
        expect(door.page.locator("#guests")).to_be_hidden()
        look_over(door.page)
        door.page.reload()
    assert door.page.evaluate("Door.list(location.pathname)") is None
    door.page.get_by_role("button", name="They know: forget this").click()
    expect(door.page.get_by_label("Check in Ann Lee")).to_have_count(0)
    without_faults_of_the_network(door, "403")


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_before_the_door_opens_a_phone_without_network_tries_it_and_checks_in_nobody(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    _, key, code = an_evening(site, ada, guest, STARTS)
    kept(door, key)
    expect(door.page.locator("main")).to_contain_text("The door is not open yet")
    look_over(door.page)
    door.context.set_offline(True)
    door.page.reload()
    expect(door.page.locator("#early")).to_contain_text(
        "when the day of the event begins, or six hours before the start"
    )
    expect(door.page.locator("#guests")).to_contain_text("Ann Lee")
    expect(door.page.get_by_label("Check in Ann Lee")).to_have_count(0)
    door.page.get_by_label("Code on the ticket").fill(code)
    door.press("Check in by code")
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee’s ticket is good")
    let_in(door.page, "Tom")
    expect(door.page.locator("#outcome")).to_contain_text("when the day of the event begins")
    expect(door.page.locator("#count")).to_have_text("0 of 1 have arrived")
    look_over(door.page)
    without_faults_of_the_network(door)


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_a_page_that_was_closed_sends_what_it_kept_as_soon_as_it_is_opened_again(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    _, key, code = an_evening(site, ada, guest, SOON)
    kept(door, key)
    door.context.set_offline(True)
    door.page.get_by_label("Code on the ticket").fill(code)
    door.press("Check in by code")
    expect(door.page.get_by_role("heading", name="Ann Lee is in")).to_be_in_viewport()
    expect(door.page.locator("#outcome")).to_contain_text("Arrived at")

    door.page.close()
    door.context.set_offline(False)
    door.page = door.context.new_page()
    door.page.goto(key)
    # Long before the page would look for the server again by itself.
    expect(door.page.locator("#report")).to_contain_text("1 act done without network was sent", timeout=7_000)
    without_faults_of_the_network(door)

"""The door of a congress on its second day, with and without network: who was there yesterday comes again."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from society.times import now, to_utc, to_wall
from tests.browser.conftest import ZONE, Site, look_over
from tests.browser.test_door import SOON, answer
from tests.browser.test_door_mishaps import an_evening, without_faults_of_the_network
from tests.browser.test_walk import ON_A_PHONE
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_on_the_second_day_each_is_counted_anew_and_undoing_leaves_yesterday(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    _, key, code = an_evening(site, ada, guest, SOON)
    answer(site, guest, "rivers", "Ben", 1)
    came_yesterday(site, "Ann Lee")
    door.go(key)
    expect(door.page.locator("#count")).to_have_text("0 of 2 have arrived today, 1 since it began")
    expect(door.page.locator("#guests")).to_contain_text("Last here on")
    expect(door.page.locator("#kept")).to_contain_text("2 guests are kept")
    look_over(door.page)
    door.page.wait_for_function("navigator.serviceWorker.controller")

    door.context.set_offline(True)
    door.page.get_by_label("Check in Ann Lee").click()
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee is in")
    expect(door.page.locator("#count")).to_have_text("1 of 2 have arrived today, 1 since it began")
    door.page.get_by_label("Undo for Ann Lee").click()
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee is not in")
    expect(door.page.locator("#count")).to_have_text("0 of 2 have arrived today, 1 since it began")
    expect(door.page.locator("#guests")).to_contain_text("Last here on")
    door.page.get_by_label("Code on the ticket").fill(code)
    door.press("Check in by code")
    expect(door.page.locator("#outcome")).to_contain_text("Ann Lee: welcome back")
    door.page.get_by_label("Check in Ben").click()
    expect(door.page.locator("#count")).to_have_text("2 of 2 have arrived today, 2 since it began")
    look_over(door.page)

    door.context.set_offline(False)
    expect(door.page.locator("#report")).to_contain_text("4 acts done without network were sent", timeout=30_000)
    expect(door.page.locator("#report")).not_to_contain_text("twice")
    expect(door.page.locator("#count")).to_have_text("2 of 2 have arrived today, 2 since it began")
    without_faults_of_the_network(door)


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_a_party_that_comes_with_fewer_on_the_second_day_counts_so_on_that_day_alone(site: Site, people: Any) -> None:
    ada, guest, door = people(), people(), people()
    _, key, _ = an_evening(site, ada, guest, SOON)
    answer(site, guest, "rivers", "Ben", 3)
    came_yesterday(site, "Ben")
    door.go(key)
    expect(door.page.locator("#count")).to_have_text("0 of 4 have arrived today, 3 since it began")
    expect(door.page.locator("#kept")).to_contain_text("2 guests are kept")
    door.page.wait_for_function("navigator.serviceWorker.controller")

    door.context.set_offline(True)
    door.page.get_by_label("How many of Ben’s party are here").fill("1")
    door.page.get_by_label("Check in Ben").click()
    expect(door.page.locator("#count")).to_have_text("1 of 4 have arrived today, 3 since it began")
    expect(door.page.locator("#guests")).to_contain_text("1 of 3")
    look_over(door.page)

    door.context.set_offline(False)
    expect(door.page.locator("#report")).to_contain_text("1 act done without network was sent", timeout=30_000)
    expect(door.page.locator("#count")).to_have_text("1 of 4 have arrived today, 3 since it began")
    expect(door.page.locator("#guests")).to_contain_text("1 of 3")
    without_faults_of_the_network(door)


def came_yesterday(site: Site, name: str) -> None:
    """The evening becomes one of three days, of which this is the second."""
    midnight = to_wall(now(), ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    starts, ends = midnight - timedelta(hours=15), midnight + timedelta(days=1, hours=18)
    wall = "%Y-%m-%d %H:%M:%S.%f"
    times = [f"{moment:{wall}}" for moment in (starts, ends, to_utc(starts, ZONE), to_utc(ends, ZONE))]
    with sqlite3.connect(site.instance / "society.db") as database:
        database.execute("UPDATE event SET starts = ?, ends = ?, starts_at = ?, ends_at = ?", times)
        guest = database.execute("SELECT id FROM person WHERE name = ?", [name]).fetchone()
        database.execute("UPDATE rsvp SET checked_in_at = ? WHERE person_id = ?", [times[2], *guest])

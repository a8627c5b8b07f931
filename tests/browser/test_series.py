"""A weekly series with one changed evening."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADA, Site, look_over
from tests.browser.test_walk import BOTH_WAYS, MANNERS, STARTS, Visitor, let_notices_leave_at_once, say_yes_as_guest
from tests.browser.test_walk import people as people  # the fixture


@pytest.mark.parametrize("people", BOTH_WAYS, indirect=True)
def test_an_evening_recurs_and_one_of_them_is_changed(site: Site, people: Any) -> None:
    ada, reader, guest = people(), people(), people()
    ada.sign_in(ADA)
    let_notices_leave_at_once(ada)
    slug = begin_a_series(ada)
    page = reader.go(f"/events/{slug}")
    expect(page.locator("main")).to_contain_text("Green Room")
    others = [str(each.get_attribute("href")) for each in page.locator(".event-head .muted a").all()]
    say_yes_as_guest(guest, others[2].rpartition("/")[2], "Gus Grey", "gus@example.org")

    change_the_third_and_those_that_follow(ada)
    letter = site.letter_to("gus@example.org", "Changed: Reading group").get_body(("plain",))
    assert letter is not None
    for said in ("until now: Green Room", "from now on: Blue Room", "> The other one is being painted."):
        assert said in letter.get_content()
    assert ["Blue Room" in reader.go(other).locator("main").inner_text() for other in others] == [False, True, True]


@pytest.mark.parametrize("people", MANNERS, indirect=True)
def test_a_member_answers_several_evenings_at_once(site: Site, people: Any) -> None:
    ada = people()
    ada.sign_in(ADA)
    slug = begin_a_series(ada)
    ada.go(f"/events/{slug}")
    main = ada.press("Answer several evenings").locator("main")
    expect(main.get_by_role("combobox")).to_have_count(1 + 4)
    ada.press("Send my answers")
    expect(main).to_contain_text("choose an answer for one of these dates")
    main.get_by_label("For all of them").select_option("I will come")
    main.get_by_role("combobox").nth(2).select_option("Maybe")
    main.get_by_role("combobox").nth(3).select_option("I cannot come")
    ada.press("Send my answers")
    became = main.locator(".callout.success li .badge")
    expect(became).to_have_text(["Coming", "Maybe", "Not coming", "Coming"])

    letter = site.letter_to("ada@example.org", "Your answers: Reading group").get_body(("plain",))
    assert letter is not None
    assert letter.get_content().count("/rsvps/") == 4
    told = [str(letter["Subject"]) for letter in site.letters_to("ada@example.org")]
    assert not [subject for subject in told if "You are coming" in subject]
    rows = ada.go("/me/rsvps").locator(".event-row")
    expect(rows).to_have_count(4)
    rows.nth(1).get_by_role("link", name="Answer several evenings").click()
    expect(main.locator("td .badge")).to_have_text(["Coming", "Maybe", "Not coming", "Coming"])
    look_over(ada.page)


def begin_a_series(ada: Visitor) -> str:
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
    return slug


def change_the_third_and_those_that_follow(ada: Visitor) -> None:
    main = ada.page.locator("main")
    main.get_by_role("table").get_by_role("rowheader").get_by_role("link").nth(2).click()
    ada.page.wait_for_load_state()
    ada.fill(room="Blue Room")
    ada.press("See what will change")
    expect(main).to_contain_text("Nobody has answered yet")
    main.get_by_label("This one and all that follow").check()
    ada.press("Change the event")
    expect(main).to_contain_text("Nothing is done yet")
    expect(main).to_contain_text("1 person answered")
    look_into_what_changes(ada.page)
    ada.fill(message="The other one is being painted.")
    ada.press("Change the event")


def look_into_what_changes(page: Page) -> None:
    """Old beside new of each evening that it reaches, opened without a script."""
    row = page.get_by_role("row").filter(has=page.locator("details"))
    row.locator("summary").click()
    expect(row.locator("del")).to_have_text("Green Room")
    expect(row.locator("ins")).to_have_text("Blue Room")
    expect(row).to_contain_text("1 going")
    look_over(page)

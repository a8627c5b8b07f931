"""What a phone has taken of an event, sent in one go by a volunteer."""

import re
from collections.abc import Callable
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.conftest import ADA, Site
from tests.browser.test_walk import ON_A_PHONE, STARTS
from tests.browser.test_walk import people as people  # the fixture

MINUTE = 60_000


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Half a dozen, as large as those of a phone: together they are more than one request may hold."""
    folder, taken = tmp_path_factory.mktemp("photographs"), BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(taken, "JPEG", quality=95)
    assert len(taken.getvalue()) > 3_000_000
    found = [folder / f"IMG_{number:04}.jpg" for number in range(1, 7)]
    for file in found:
        file.write_bytes(taken.getvalue() + file.name.encode())  # what stands behind a picture is not looked at
    return found


def begun(people: Any) -> Any:
    """Somebody at the page for what stays of an event of theirs."""
    ada = people()
    ada.sign_in(ADA)
    ada.go("/organize/events/new")
    ada.fill(title="River walk", starts_at=f"{STARTS:%Y-%m-%dT%H:%M}", ends_at="")
    ada.press("Save the draft")
    ada.page.goto(re.sub("[?#].*", "", ada.page.url) + "/material")
    ada.page.locator("[name=kind]").select_option("photograph")
    return ada


def at_the_fifth(act: Callable[[Route], None]) -> Callable[[Route], None]:
    """Let all photographs through but one."""
    times = count(1)
    return lambda route: act(route) if next(times) == 5 else route.continue_()


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_photographs_of_a_phone_go_one_by_one(site: Site, people: Any, photographs: list[Path]) -> None:
    ada = begun(people)
    page, sending = ada.page, ada.page.locator("#one-by-one")
    ada.fill(title="At the mill")
    page.locator("input[name=file]").set_input_files(photographs)
    expect(page.locator("input[name=file] + .error")).to_be_hidden()

    page.get_by_role("button", name="Add it").click()
    expect(sending.get_by_role("status")).to_contain_text("2 of 6. Please leave this page open.", timeout=MINUTE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    expect(page.get_by_text("Added 6 photographs.")).to_be_visible(timeout=5 * MINUTE)
    expect(page.get_by_role("link", name=re.compile("At the mill"))).to_have_count(6)
    expect(page.locator("[name=kind]")).to_have_value("photograph")


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_photographs_that_cannot_be_sent_are_named_and_tried_again(
    site: Site, people: Any, photographs: list[Path], tmp_path: Path
) -> None:
    ada = begun(people)
    page, sending = ada.page, ada.page.locator("#one-by-one")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(17 * 2**20))
    page.locator("input[name=file]").set_input_files([*photographs[:2], broken, *photographs[2:4], large])
    page.get_by_role("button", name="Add it").click()
    expect(sending).to_contain_text("Nothing more was sent. Title: Please fill this in.", timeout=MINUTE)

    ada.fill(title="At the mill")
    page.route("**/material/photograph", at_the_fifth(lambda route: route.abort()))
    page.get_by_role("button", name="Add it").click()
    expect(sending).to_contain_text("3 of 6 photographs are there.", timeout=2 * MINUTE)
    too_large = "large.jpg: It has 17 MB, and at most 16 MB can be sent."
    reasons = [re.compile("^broken.jpg: This "), "IMG_0004.jpg: There was no connection.", too_large]
    expect(sending.get_by_role("listitem")).to_have_text(reasons)
    expect(page.locator("[name=title]")).to_have_value("At the mill")
    expect(sending.get_by_role("button", name="Try again")).to_be_focused()

    page.keyboard.press("Enter")
    expect(sending).to_contain_text("4 of 6 photographs are there.", timeout=MINUTE)
    sending.get_by_role("button", name="Go on without").click()
    expect(page.get_by_text("Added 4 of 6 photographs. Not added: “broken.jpg” and “large.jpg”.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("At the mill"))).to_have_count(4)
    ada.faults[:] = [fault for fault in ada.faults if "Failed to load resource" not in fault]


@pytest.mark.parametrize("people", ON_A_PHONE, indirect=True)
def test_a_photograph_whose_answer_was_lost_is_there_once(site: Site, people: Any, photographs: list[Path]) -> None:
    ada = begun(people)
    page, sending = ada.page, ada.page.locator("#one-by-one")

    def lose(route: Route) -> None:
        route.fetch(timeout=MINUTE)
        route.abort()

    ada.fill(title="At the mill")
    page.locator("input[name=file]").set_input_files(photographs[:5])
    page.route("**/material/photograph", at_the_fifth(lose))
    page.get_by_role("button", name="Add it").click()
    expect(sending).to_contain_text("4 of 5 photographs are there.", timeout=2 * MINUTE)
    sending.get_by_role("button", name="Try again").click()

    expect(page.get_by_text("Added 5 photographs.").first).to_be_visible(timeout=MINUTE)
    expect(page.get_by_role("link", name=re.compile("At the mill"))).to_have_count(5)
    ada.faults[:] = [fault for fault in ada.faults if "Failed to load resource" not in fault]

"""A form asks only for what the chosen membership needs."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import ROOT

FORM = """
<label><input type="radio" name="tier" value="1" checked> Member</label>
<label><input type="radio" name="tier" value="2"> Student</label>
<label><input type="radio" name="tier" value="3"> Family</label>
<div class="field"><label>Card <input data-only="2"></label></div>
<div class="field"><label>Born on <input data-only="2 3"></label></div>
"""


def test_a_field_is_asked_while_a_membership_that_it_is_for_is_chosen(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(FORM)
    page.add_script_tag(path=ROOT / "society/static/only-for.js")

    for chosen, asked in (("Student", ["Card", "Born on"]), ("Family", ["Born on"]), ("Member", [])):
        page.get_by_label(chosen).check()
        expect(page.locator(".field").locator("visible=true")).to_have_text(asked)
    page.close()

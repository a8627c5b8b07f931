"""A general meeting is called: 3,000 members by mail, in a draft for one's own mail program, and on paper."""

import re
import subprocess
from collections import Counter
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import ROOT, SOCIETY, look_over, serving, settings_for
from tests.mail.postbox import a_postbox
from tests.notices.test_paper import pages

PEOPLE = 4_500
"""Of whom a few more than 3,000 are members in good standing now."""


@pytest.fixture
def installation(tmp_path: Path, own_database_url: str) -> Path:
    """The demo's society, whose notices leave at once."""
    instance = tmp_path / "instance"
    size = ("--people", str(PEOPLE), "--events", "40", "--rsvps", "100")
    settings = settings_for(instance, DATABASE_URL=own_database_url)
    subprocess.run([SOCIETY, "demo", *size], env=settings, cwd=ROOT, check=True, capture_output=True)
    engine = create_engine(own_database_url)
    with engine.begin() as database:
        database.execute(text("UPDATE society SET hold_minutes = 0"))
    engine.dispose()
    return instance


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.once
@pytest.mark.long
def test_a_general_meeting_is_called_by_mail_in_a_draft_and_on_paper(
    installation: Path, own_database_url: str, chromium: Browser
) -> None:
    settings = {"DATABASE_URL": own_database_url}
    with a_postbox() as box, serving(installation, MAIL_URL=box.url, **settings) as (address, _printed):
        page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=address).new_page()
        sign_in(page)
        write(page)
        mailed, on_paper = told(page)
        assert mailed + on_paper > 3_000

        draft = in_bcc(page)
        assert len(draft) == mailed
        assert pages_of_letters(page) == on_paper

        send(page, mailed)
        wait_until_all_have_left(page, mailed)

        calls = [one for one in map(message_from_bytes, box.received) if "General meeting" in one["Subject"]]
        heard = Counter(reader(one)[1].lower() for one in calls)  # besides what falls due by itself
        assert heard.total() == len(heard) == mailed
        assert set(heard) == draft
        greet_their_readers(calls)


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.fill("[name=email]", "admin@example.org")
    page.fill("[name=password]", "society-demo")
    page.click("main form button:has-text('Sign in')")


def write(page: Page) -> None:
    """From the built-in wording, about the last event that is announced, which is far enough ahead."""
    page.goto("/organize/notices/new")
    page.select_option("#start-kind", "meeting")
    event = page.locator("#start-event option").last.get_attribute("value")
    page.select_option("#start-event", event)
    page.click("text=Go on")
    body = "Dear {{ name }},\n\nyou are called to {{ event_title }}, {{ event_when }}.\n\n{{ rsvp_link }}"
    page.fill("[name=body]", body)
    page.click("text=Save the draft")
    expect(page.locator("h1")).to_contain_text("General meeting")
    look_over(page)


def told(page: Page) -> tuple[int, int]:
    """How many by mail and how many by letter, as the draft's page says it."""
    lede = page.locator(".lede").inner_text()
    found = re.search(r"([\d,]+) people, ([\d,]+) of them by letter", lede)
    assert found, lede
    reached, by_letter = number(found[1]), number(found[2])
    return reached - by_letter, by_letter


def in_bcc(page: Page) -> set[str]:
    with page.expect_download() as taken:
        page.click("text=One draft to all")
    made = message_from_bytes(Path(taken.value.path()).read_bytes(), policy=policy.default)
    assert made["X-Unsent"] == "1"
    return {mailbox.addr_spec.lower() for mailbox in made["Bcc"].addresses}


def pages_of_letters(page: Page) -> int:
    """One for each reader whom it reaches by post, in as many files as there are."""
    links = page.locator("main > ul > li", has_text="Letters, A4").locator("a")
    return sum(pages(page.request.get(str(link.get_attribute("href"))).body()) for link in links.all())


def send(page: Page, mailed: int) -> None:
    page.click("text=Send…")
    expect(page.locator("h1")).to_have_text("Send this notice?")
    look_over(page)
    page.click(f"text=Send it to {mailed:,} people")


def wait_until_all_have_left(page: Page, mailed: int) -> None:
    """The page follows by itself."""
    sent = page.locator(".stat", has_text="sent")
    expect(sent.locator("b")).to_have_text(f"{mailed:,}", timeout=300_000)
    look_over(page)


def reader(one: Message) -> tuple[str, str]:
    """Name and address in the To line."""
    return parseaddr(str(make_header(decode_header(one["To"]))))


def greet_their_readers(calls: list[Message]) -> None:
    """Whom each letter greets is whom it went to."""
    for one in calls:
        part = next(part for part in one.walk() if part.get_content_type() == "text/plain")
        plain = bytes(part.get_payload(decode=True)).decode()
        assert f"Dear {' '.join(reader(one)[0].split())}," in " ".join(plain.split())

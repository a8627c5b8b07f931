"""The main job from end to end, as a volunteer, an organizer, members, a guest and a calendar app live it."""

import email
import email.policy
import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from society.times import place_of
from tests.browser.conftest import ADA, PASSWORD, ZONE, Site, look_over
from tests.builders import NOW

STARTS = datetime(NOW.year + 1, 3, 30, 20, 0)
BACKED = "Sponsored by the B Debating Union, and endorsed by the C League and the D Society."
WIDE, NARROW = {"viewport": {"width": 1280, "height": 900}}, {"viewport": {"width": 320, "height": 640}}
OTHERWISE = {"java_script_enabled": False, "color_scheme": "dark"}
AT_A_DESK, ON_A_PHONE = [pytest.param(WIDE, id="1280 px")], [pytest.param(NARROW, id="320 px")]
MANNERS = [*AT_A_DESK, pytest.param(NARROW | OTHERWISE, id="320 px, dark, no script")]
BOTH_WAYS = [*ON_A_PHONE, pytest.param(WIDE | OTHERWISE, id="1280 px, dark, no script")]
"""Each journey takes one of these two pairs: both widths, with scripts and without."""


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, chromium: Browser, site: Site, manner: dict[str, Any]) -> None:
        self.site = site
        self.context: BrowserContext = chromium.new_context(**manner, accept_downloads=True)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.on("request", self._stays_here)
        self.page.on("pageerror", self._fails)
        self.page.on("console", self._says)
        self.faults: list[str] = []

    def _stays_here(self, request: Request) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.faults.append(f"a request left the site: {request.url}")

    def _says(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self._fails(said.text)

    def _fails(self, fault: object) -> None:
        if "status of 422" not in str(fault):
            self.faults.append(str(fault))

    def go(self, path: str) -> Page:
        answer = self.page.goto(path if path.startswith("http") else self.site.address + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        look_over(self.page)
        return self.page

    def press(self, name: str) -> Page:
        """Press a button or follow a link by its words, and look the next page over."""
        button = self.page.get_by_role("button", name=name, exact=True)
        (button if button.count() else self.page.get_by_role("link", name=name, exact=True)).first.click()
        expect(self.page.locator("form[aria-busy=true]")).to_have_count(0, timeout=30_000)  # a script sends it later
        self.page.wait_for_load_state()
        look_over(self.page)
        return self.page

    def fill(self, **values: str) -> None:
        """Fill fields by their names, opening what they are folded away in."""
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]")
            if not field.is_visible():
                self.page.locator(f"main details:has([name={name}]) > summary").click()
            if field.evaluate("f => f.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def sign_in(self, address: str) -> None:
        self.go("/login")
        self.fill(email=address, password=PASSWORD)
        self.page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_load_state()


@pytest.fixture
def site(new_site: Site) -> Site:
    """As a volunteer starts it."""
    return new_site


@pytest.fixture
def people(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Any:
    """Makes visitors, and sees at the end that no page of theirs failed."""
    visitors: list[Visitor] = []

    def another() -> Visitor:
        visitors.append(Visitor(chromium, site, request.param))
        return visitors[-1]

    yield another
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert not faults


@pytest.mark.long
@pytest.mark.parametrize("people", MANNERS, indirect=True)
def test_the_main_job_from_end_to_end(site: Site, people: Any) -> None:
    admin, organizer = people(), people()
    set_up(admin)
    let_notices_leave_at_once(admin)
    join(organizer, "Mira Moss", "mira@example.org")
    make_organizer(admin, "mira@example.org")
    announce(organizer)
    slug = publish(organizer)
    check_the_page(people(), slug)
    feed = CalendarApp(f"{site.address}/calendar.ics")
    first = first_look(feed)

    fill_two_seats_and_pass_one_on(slug, people(), admin, people())

    move_by_an_hour(organizer)
    see_it_moved(feed, first, site)
    announcement(organizer)
    cancel(organizer)
    see_it_cancelled(feed, site, people(), slug)


def set_up(admin: Visitor) -> None:
    admin.go(admin.site.setup_link)
    admin.fill(name="The A Society", tagline="Evenings with books", zone=ZONE)
    admin.fill(sender="office@example.org", admin_name="Ada Able", admin_email=ADA, password=PASSWORD)
    admin.page.locator("main form button").last.click()
    expect(admin.page).to_have_url(f"{admin.site.address}/organize")
    assert "outbox" in admin.page.locator("main").inner_text()
    answer = admin.context.request.get(admin.site.setup_link)
    assert answer.status == 404


def let_notices_leave_at_once(admin: Visitor) -> None:
    admin.go("/organize/settings")
    admin.fill(hold_minutes="0")
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.get_by_text("Saved.")).to_be_visible()


def join(person: Visitor, name: str, address: str) -> None:
    person.go("/join")
    person.fill(name=name, email=address, password=PASSWORD)
    person.page.locator("main form button").last.click()
    person.page.wait_for_load_state()
    letter = person.site.letter_to(address, "")
    person.go(person.site.link_in(letter, "/verify/"))
    person.page.locator("main form button").click()
    person.page.wait_for_load_state()
    person.context.clear_cookies()
    person.sign_in(address)
    assert name in person.go("/me").locator("main").inner_text()


def make_organizer(admin: Visitor, address: str) -> None:
    admin.go("/organize/roles")
    admin.fill(email=address, role="organizer")
    admin.press("Give the role")


def announce(organizer: Visitor) -> None:
    """The announcement of the product's description, typed into one form; its parts are made in place."""
    page = organizer.go("/organize/events/new")
    organizer.fill(
        title="Title: Subtitle",
        summary="Prof. A talks about her new book, “Title: Subtitle”, at B University.",
        starts_at=STARTS.strftime("%Y-%m-%dT%H:%M"),
        timezone=ZONE,
        venue_name="Scott Hall",
        venue_address="B University",
        room="Room 221",
        speakers="Prof. A | author of “Title: Subtitle”",
        new_sponsors="the B Debating Union",
        new_endorsers="the C League\nthe D Society",
        capacity="0",
    )
    organizer.press("Save and preview")
    assert page.locator("[name=capacity][aria-invalid=true]").count() == 1
    assert page.locator("[name=room]").input_value() == "Room 221"
    organizer.fill(capacity="2")
    organizer.press("Save and preview")
    assert BACKED in page.locator("main").inner_text()
    assert page.context.request.get(f"{organizer.site.address}/calendar.ics").text().count("BEGIN:VEVENT") == 0


def publish(organizer: Visitor) -> str:
    organizer.press("Publish")
    organizer.go("/events")
    organizer.press("Title: Subtitle")
    return organizer.page.url.rsplit("/", 1)[-1]


def check_the_page(stranger: Visitor, slug: str) -> None:
    page = stranger.go(f"/events/{slug}")
    text = page.locator("main").inner_text()
    for words in (
        "8:00 pm",
        f"{place_of(ZONE)} time",
        "Room 221",
        "Scott Hall",
        "Prof. A",
        BACKED,
        "2 of 2 seats left",
    ):
        assert words in text
    facts = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert facts["@type"] == "Event"
    assert facts["eventStatus"] == "https://schema.org/EventScheduled"
    assert facts["startDate"].startswith(STARTS.isoformat())
    assert facts["location"][0]["name"] == "Room 221, Scott Hall"
    assert [sponsor["name"] for sponsor in facts["sponsor"]] == ["B Debating Union"]
    assert facts["organizer"][0]["name"] == "The A Society"
    assert page.locator(f"a[href='/events/{slug}.ics?file=yes']").count() == 1
    assert page.locator("main a[href='/calendar']").count() == 1


def say_yes_as_guest(guest: Visitor, slug: str, name: str, address: str) -> str:
    """Answer by the form, then by the mailed link; returns the link."""
    guest.go(f"/events/{slug}")
    guest.fill(name=name, email=address)
    guest.page.locator("main button[name=answer][value=yes]").click()
    guest.page.wait_for_load_state()
    link = guest.site.link_in(guest.site.letter_to(address, ""), "/rsvps/")
    guest.go(link)
    guest.press("Confirm my answer")
    return link


def fill_two_seats_and_pass_one_on(slug: str, guest: Visitor, member: Visitor, late: Visitor) -> None:
    """A guest and a member take both; the third waits, and gets the guest's."""
    say_yes_as_guest(guest, slug, "Gus Grey", "gus@example.org")
    member.go(f"/events/{slug}")
    member.press("I will come")
    waits = say_yes_as_guest(late, slug, "Lea Late", "lea@example.org")
    assert "number 1 on the waiting list" in late.page.locator("main").inner_text()
    guest.press("Withdraw my answer")
    assert late.site.letter_to("lea@example.org", "You have a seat")
    assert "You have a seat" in late.go(waits).locator("main").inner_text()


def move_by_an_hour(organizer: Visitor) -> None:
    organizer.go("/organize/events")
    organizer.press("Title: Subtitle")
    later = STARTS + timedelta(hours=1)
    organizer.fill(starts_at=later.strftime("%Y-%m-%dT%H:%M"))
    organizer.fill(ends_at=(later + timedelta(minutes=90)).strftime("%Y-%m-%dT%H:%M"))
    page = organizer.press("See what will change")
    text = page.locator("main").inner_text()
    for words in ("8:00 pm", "9:00 pm", "2 people answered"):
        assert words in text
    organizer.press("Change the event")


def announcement(organizer: Visitor) -> None:
    organizer.go("/organize/events")
    organizer.press("Title: Subtitle")
    number = organizer.page.url.rsplit("/", 1)[-1]
    organizer.go(f"/organize/notices/new?kind=announcement&event={number}")
    page = organizer.press("Save the draft")
    assert BACKED in page.locator(".paper").inner_text()
    if page.locator("pre").is_hidden():
        page.get_by_text("As plain text").click()
    assert BACKED.split(",")[0] in " ".join(page.locator("pre").inner_text().split())
    with page.expect_download() as download:
        page.locator("a[href*='message.eml']").click()
    raw = download.value.path().read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    kinds = {part.get_content_type() for part in message.walk()}
    assert {"text/plain", "text/html", "text/calendar"} <= kinds
    assert "Title: Subtitle" in message["Subject"]


def cancel(organizer: Visitor) -> None:
    organizer.go("/organize/events")
    organizer.press("Title: Subtitle")
    organizer.press("Cancel the event…")
    organizer.press("Cancel the event")


def first_look(feed: "CalendarApp") -> Any:
    assert feed.fetch() == 200
    entry = feed.only_entry()
    assert entry["SUMMARY"] == "Title: Subtitle"
    assert feed.fetch() == 304
    return entry


def see_it_moved(feed: "CalendarApp", first: Any, site: Site) -> None:
    """In the feed as the same event, revised; in the letter by its old and new time."""
    assert feed.fetch() == 200
    moved = feed.only_entry()
    assert moved["UID"] == first["UID"]
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    assert moved["DTSTART"].dt.replace(tzinfo=None) == STARTS + timedelta(hours=1)
    letter = site.letter_to("lea@example.org", "Changed").get_body(("plain",))
    assert letter is not None
    assert "8:00 pm" in letter.get_content()
    assert "9:00 pm" in letter.get_content()


def see_it_cancelled(feed: "CalendarApp", site: Site, stranger: Visitor, slug: str) -> None:
    assert feed.fetch() == 200
    assert feed.only_entry()["STATUS"] == "CANCELLED"
    assert site.letter_to("lea@example.org", "Cancelled")
    assert "Cancelled" in stranger.go(f"/events/{slug}").locator("main").inner_text()
    assert stranger.page.get_by_role("button", name="I will come").count() == 0


class CalendarApp:
    """Fetches a feed as calendar apps do: by its validator, without a cookie."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.etag = ""
        self.body = b""

    def fetch(self) -> int:
        request = urllib.request.Request(self.address, headers={"If-None-Match": self.etag} if self.etag else {})  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                self.etag, self.body = answer.headers["ETag"], answer.read()
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def only_entry(self) -> Any:
        entries = icalendar.Calendar.from_ical(self.body).walk("VEVENT")
        assert len(entries) == 1
        return entries[0]

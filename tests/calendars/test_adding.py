"""Links that put one event into a calendar on the web, and the file for all others."""

from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from markupsafe import Markup

from society.calendars.adding import services
from society.events.models import Event, Visibility
from tests.builders import NEXT_MONTH, NOW, a_person
from tests.calendars.test_feeds import announced
from tests.conftest import Browser

DAY = NEXT_MONTH.replace(hour=0, minute=0)
OUTLOOK = ("Outlook.com", "Office 365")


def asked(event: Event) -> dict[str, dict[str, str]]:
    """What each calendar is asked to keep, undone as a server undoes it."""
    return {name: told(address) for name, address in services(event)}


def told(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query, strict_parsing=True).items()}


def test_an_event_can_be_added_to_calendars_on_the_web_at_its_own_time(client: Browser) -> None:
    event = announced("Tea & talk", starts=NEXT_MONTH, zone="America/New_York")
    days = announced(
        "Days", starts=NEXT_MONTH.replace(hour=0), ends=NEXT_MONTH.replace(hour=0) + timedelta(2), all_day=True
    )
    timed, whole = dict(services(event)), dict(services(days))
    page = client.get(f"/events/{event.slug}").text
    assert f"dates={event.starts:%Y%m%dT%H%M%S}%2F" in timed["Google Calendar"]
    assert "ctz=America%2FNew_York" in timed["Google Calendar"]
    assert f"startdt={event.starts_at:%Y-%m-%dT%H%%3A%M%%3A%SZ}" in timed["Outlook.com"]
    assert f"st={days.starts:%Y%m%d}&et={days.ends:%Y%m%d}&" in whole["Yahoo Calendar"]
    assert "Tea%20%26%20talk" in page
    assert "+" not in "".join(timed.values()), "which Outlook shows as it is"
    for address in timed.values():
        assert str(Markup.escape(address)) in page


def test_yahoo_is_told_what_the_clocks_at_the_event_show_since_it_knows_no_zone(client: Browser) -> None:
    """It passes over a Z, and shows the time in UTC as that of whoever looks."""
    event = announced("A talk", starts=NEXT_MONTH, zone="America/New_York")
    yahoo = asked(event)["Yahoo Calendar"]
    assert (yahoo["st"], yahoo["et"]) == (f"{event.starts:%Y%m%dT%H%M%S}", f"{event.ends:%Y%m%dT%H%M%S}")
    assert "(New York time)\nhttps://society.example.org/events/" in yahoo["desc"]


@pytest.mark.parametrize("days", [1, 2, 10])
def test_whole_days_are_whole_days_everywhere(client: Browser, days: int) -> None:
    event = announced("Days", starts=DAY, ends=DAY + timedelta(days), all_day=True)
    links = asked(event)
    first, after = f"{DAY:%Y%m%d}", f"{event.ends:%Y%m%d}"
    assert links["Google Calendar"]["dates"] == f"{first}/{after}"
    assert "ctz" not in links["Google Calendar"]
    for name in OUTLOOK:
        outlook = links[name]
        stated = f"{DAY:%Y-%m-%d}", f"{event.ends:%Y-%m-%d}", "true"
        assert (outlook["startdt"], outlook["enddt"], outlook["allday"]) == stated
    yahoo = links["Yahoo Calendar"]
    assert yahoo["st"] == first
    # An end makes it pass over `dur`, and of one day it would be no time at all.
    assert (yahoo.get("et"), yahoo.get("dur")) == ((None, "allday") if days == 1 else (after, None))


def test_an_event_over_midnight_and_over_a_change_of_clocks_keeps_its_length(client: Browser) -> None:
    starts = NEXT_MONTH.replace(year=2027, month=3, day=13, hour=22, minute=0)  # clocks go forward that night
    links = asked(announced("Night", starts=starts, ends=starts + timedelta(hours=6), zone="America/New_York"))
    assert links["Google Calendar"]["dates"] == "20270313T220000/20270314T040000"
    assert links["Google Calendar"]["ctz"] == "America/New_York"
    for name in OUTLOOK:
        assert (links[name]["startdt"], links[name]["enddt"]) == ("2027-03-14T03:00:00Z", "2027-03-14T08:00:00Z")
    assert (links["Yahoo Calendar"]["st"], links["Yahoo Calendar"]["et"]) == ("20270313T220000", "20270314T040000")


def test_outlook_is_asked_at_the_address_that_goes_through_its_sign_in(client: Browser) -> None:
    links = dict(services(announced("A talk")))
    for name, host in zip(OUTLOOK, ("outlook.live.com", "outlook.office.com"), strict=True):
        assert links[name].startswith(f"https://{host}/calendar/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&")
        assert told(links[name])["rru"] == "addevent"


def test_titles_and_places_of_any_script_and_length_arrive_as_they_are(client: Browser) -> None:
    title, room = "Fuß & “漢字” 100 % #1 + 😀 = ?" + "ü" * 150, "Saal „Größe“; 2/3"
    for name, link in asked(announced(title, room=room, summary="y" * 300)).items():
        assert title in link.values(), name
        assert room in link.values(), name
    assert all(len(address) < 2_000 for _name, address in services(announced(title, room=room)))


def test_an_event_s_page_gives_a_file_to_keep_and_an_address_to_follow_it_by(client: Browser) -> None:
    event = announced("A talk")
    page = client.get(f"/events/{event.slug}").text
    assert f'href="/events/{event.slug}.ics?file=yes"' in page
    for scheme in ("webcal", "https"):
        assert f'href="{scheme}://society.example.org/events/{event.slug}.ics"' in page
    assert "arrive in your calendar by themselves" in page
    assert page.count(quote(f"://society.example.org/events/{event.slug}.ics", safe="")) == 2, "Google, Outlook"


def test_what_no_calendar_app_can_see_is_offered_to_none_to_follow(client: Browser) -> None:
    event = announced("A talk", visibility=Visibility.MEMBERS)
    page = client.sign_in(a_person("", "organizer")).get(f"/events/{event.slug}").text
    assert f'href="/events/{event.slug}.ics?file=yes"' in page
    assert "webcal:" not in page


@pytest.mark.parametrize(("field", "says"), [("cancelled_at", None), ("postponed_at", "The new date is not known yet")])
def test_what_has_no_date_is_put_into_no_calendar_by_its_page(client: Browser, field: str, says: str | None) -> None:
    """The file stays where it is, since some have its address, and says how it stands."""
    event = announced("A talk", **{field: NOW})
    page = client.get(f"/events/{event.slug}").text
    assert "calendar.google.com/calendar/render" not in page
    assert ("webcal:" in page) is (field == "postponed_at"), "whose new date arrives by itself"
    assert "Add to your calendar" not in page
    assert (says or "A talk") in page
    file = client.get(f"/events/{event.slug}.ics").text
    assert ("STATUS:CANCELLED" if field == "cancelled_at" else "STATUS:TENTATIVE") in file

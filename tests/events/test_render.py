"""Events in words and as structured data."""

import json
from datetime import datetime

import pytest

from society.events.render import backing_html, backing_sentence, map_address, when, when_for
from society.events.structured import structured
from tests.builders import a_backing, a_person, a_venue, an_event

SENTENCES = [
    ([], ""),
    ([("C League", "endorser")], "Endorsed by the C League."),
    (
        [("B Debating Union", "sponsor"), ("C League", "endorser"), ("D Society", "endorser")],
        "Sponsored by the B Debating Union, and endorsed by the C League and the D Society.",
    ),
    (
        [("A", "host"), ("B", "sponsor"), ("C", "sponsor"), ("D", "endorser"), ("E", "endorser"), ("F", "endorser")],
        "Hosted by the A, sponsored by the B and the C, and endorsed by the D, the E and the F.",
    ),
    ([("A", "host"), ("C", "endorser")], "Hosted by the A, and endorsed by the C."),
    ([("Smith & Co.", "sponsor")], "Sponsored by the Smith & Co."),
]


@pytest.mark.parametrize(("backings", "sentence"), SENTENCES)
def test_who_backs_an_event_is_one_sentence(app: object, backings: list[tuple[str, str]], sentence: str) -> None:
    event = an_event()
    for name, role in backings:
        a_backing(event, name, role)

    assert backing_sentence(event) == sentence


@pytest.mark.parametrize("state", ["proposed", "declined", "withdrawn"])
def test_only_who_confirmed_is_named(app: object, state: str) -> None:
    event = an_event()
    a_backing(event, "B Debating Union", "sponsor", state)

    assert backing_sentence(event) == ""


def test_names_are_linked_and_made_harmless(app: object) -> None:
    event = an_event()
    a_backing(event, "A <b>bold</b> Club", "sponsor")

    with app.test_request_context():  # type: ignore[attr-defined]
        html = backing_html(event)

    assert ">A &lt;b&gt;bold&lt;/b&gt; Club</a>." in html
    assert html.startswith('Sponsored by the <a href="/organizations/')


EVENING = datetime(2027, 3, 30, 20)
DAY = datetime(2027, 3, 30)
TIMES = [
    ({"starts": EVENING}, "Tuesday, 30 March 2027, 8:00 pm to 9:30 pm (New York time)"),
    (
        {"starts": EVENING, "ends": datetime(2027, 3, 31, 1)},
        "Tuesday, 30 March 2027, 8:00 pm to Wednesday, 31 March 2027, 1:00 am (New York time)",
    ),
    ({"starts": EVENING, "zone": "UTC"}, "Tuesday, 30 March 2027, 8:00 pm to 9:30 pm (UTC)"),
    ({"starts": DAY, "ends": datetime(2027, 3, 31), "all_day": True}, "Tuesday, 30 March 2027, all day"),
    (
        {"starts": DAY, "ends": datetime(2027, 4, 2), "all_day": True},
        "Tuesday, 30 March 2027 to Thursday, 1 April 2027",
    ),
]


@pytest.mark.parametrize(("values", "said"), TIMES)
def test_when_is_told_with_the_events_own_zone(app: object, values: dict[str, object], said: str) -> None:
    assert when(an_event(**values)) == said


def test_structured_data_tells_what_search_engines_ask_for(app: object) -> None:
    event = an_event("Title: Subtitle", starts=EVENING, venue=a_venue("Scott Hall", address="B University"))
    a_backing(event, "B Debating Union", "sponsor")

    said = json.loads(structured(event))

    assert said["startDate"] == "2027-03-30T20:00:00-04:00"
    assert said["eventStatus"] == "https://schema.org/EventScheduled"
    assert said["location"] == [{"@type": "Place", "name": "Scott Hall", "address": "B University"}]
    assert [sponsor["name"] for sponsor in said["sponsor"]] == ["B Debating Union"]
    assert said["organizer"][0]["name"] == "The Test Society"


def test_structured_data_tells_each_day_between_the_same_hours(app: object) -> None:
    """Also where the clocks change between two of them, as on 14 March 2027 in New York."""
    event = an_event("Fair", starts=datetime(2027, 3, 13, 10), ends=datetime(2027, 3, 14, 17), daily=True)

    said = json.loads(structured(event))

    assert (said["startDate"], said["endDate"]) == ("2027-03-13", "2027-03-14")
    assert [(day["@type"], day["name"], day["startDate"], day["endDate"]) for day in said["subEvent"]] == [
        ("Event", "Fair", "2027-03-13T10:00:00-05:00", "2027-03-13T17:00:00-05:00"),
        ("Event", "Fair", "2027-03-14T10:00:00-04:00", "2027-03-14T17:00:00-04:00"),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"ends": datetime(2027, 3, 31, 22)},
        {"starts": DAY, "ends": datetime(2027, 4, 2), "all_day": True, "daily": True},
        {"ends": datetime(2027, 6, 30, 22), "daily": True},
    ],
)
def test_one_span_whole_days_and_months_are_told_by_their_dates_alone(app: object, values: dict[str, object]) -> None:
    assert "subEvent" not in json.loads(structured(an_event(**{"starts": EVENING, **values})))


def test_structured_data_cannot_end_its_element(app: object) -> None:
    event = an_event("</script><script>alert(1)</script>&")

    text = structured(event)

    assert not set("<>&") & set(text)
    assert json.loads(text)["name"] == event.title


def test_the_joining_link_is_not_in_structured_data(app: object) -> None:
    event = an_event(online_url="https://meet.example.org/secret")

    assert "secret" not in structured(event)


def test_a_map_shows_the_spot_or_looks_for_the_address(app: object) -> None:
    assert "mlat=40.5&mlon=-73.9" in map_address(a_venue(latitude=40.5, longitude=-73.9))
    assert map_address(a_venue("Scott Hall", address="1 Main St")).endswith("?query=Scott+Hall%2C+1+Main+St")
    assert map_address(a_venue()) == ""


@pytest.mark.once
@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("", ""),
        ("America/New_York", ""),
        ("America/Toronto", ""),
        ("America/Chicago", " – 7:00 pm by your clock"),
        ("Europe/London", " – 1:00 am on Wednesday, 31 March by your clock"),
    ],
)
def test_a_reader_elsewhere_is_told_the_time_by_both_clocks(app: object, zone: str, told: str) -> None:
    event = an_event(starts=datetime(2027, 3, 30, 20))

    assert when_for(event, a_person(zone=zone)) == f"{when(event)}{told}"
    assert when_for(event, None) == when(event)


@pytest.mark.once
def test_whole_days_are_the_same_by_every_clock(app: object) -> None:
    event = an_event(starts=datetime(2027, 3, 30), ends=datetime(2027, 3, 31), all_day=True)

    assert when_for(event, a_person(zone="Asia/Tokyo")) == when(event)

"""The pages of events that everyone sees, and that members-only events are not among them."""

import re
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from society.db import begin_write, db
from society.events.models import Category, RsvpPolicy, Speaker, Visibility
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link as answer_link
from society.times import to_wall
from tests.builders import NEXT_MONTH, NOW, TODAY, _kept, a_backing, a_membership, a_person, a_venue, an_event
from tests.conftest import Browser


def test_coming_events_stand_under_their_month_soonest_first(client: Browser) -> None:
    an_event("Later", starts=NEXT_MONTH + timedelta(days=40))
    an_event("Sooner")

    page = client.get("/events").text

    assert page.index(f"{NEXT_MONTH:%B %Y}") < page.index("Sooner") < page.index("Later")


def test_what_runs_for_weeks_stands_above_what_comes_next_and_is_found_like_it(client: Browser) -> None:
    last = NEXT_MONTH - timedelta(days=9)
    an_event("Maps of the fen", starts=NEXT_MONTH - timedelta(days=50), ends=last)
    an_event("The talk", starts=NEXT_MONTH - timedelta(days=20))
    page = client.get("/events").text
    assert (
        page.index("On now") < page.index("Maps of the fen") < page.index('class="event-list"') < page.index("The talk")
    )
    assert f"until {last:%-d %B}" in page
    assert "Maps of the fen" not in client.get("/events?page=2").text
    found = client.get("/events?q=fen").text
    assert "Maps of the fen" in found
    assert "Nothing found" not in found
    assert "On now" not in client.get("/events?q=talk").text


def test_the_ways_to_look_at_events_stand_side_by_side(client: Browser) -> None:
    ways = ["/events", "/events/month", "/events/past", "/speakers"]
    for way in ways:
        tabs = client.get(way).text.split('aria-label="Views"')[1].split("</nav>")[0]
        assert re.findall(r'href="([^"?]+)[^>]*>', tabs) == ways
        assert re.findall(r'href="([^"?]+)[^>]*" aria-current="page"', tabs) == [way]


def test_what_is_over_stands_among_the_past_and_only_there(client: Browser) -> None:
    an_event("Bygone", starts=NEXT_MONTH - timedelta(days=100))

    assert "Bygone" not in client.get("/events").text
    assert "Bygone" in client.get("/events/past").text


def test_a_drafts_address_does_not_exist(client: Browser) -> None:
    an_event("Secret plan", slug="secret-plan", published_at=None)

    assert "Secret plan" not in client.get("/events").text
    assert client.get("/events/secret-plan").status_code == 404


@pytest.mark.parametrize("words", ["lute", "LUTE", "scott", "ada", "evening", "lute ada", "Études", "études", "ÉTUDES"])
def test_a_search_looks_at_title_summary_venue_and_speakers(client: Browser, words: str) -> None:
    event = an_event("The lute and its Études", summary="An evening", venue=a_venue("Scott Hall"))
    event.speakers = [Speaker(position=0, name="Ada Example")]
    an_event("Something else")

    page = client.get("/events", query_string={"q": words}).text

    assert "The lute" in page
    assert "Something else" not in page


@pytest.mark.parametrize("query", ["q=%25", "q=_", "q=" + "x" * 5000, "page=-1", "page=99999999", "page=x", "q=%00"])
def test_an_odd_question_gets_an_answer(client: Browser, query: str) -> None:
    an_event("Something")

    page = client.get(f"/events?{query}")

    assert page.status_code == 200


def test_a_list_is_narrowed_by_category_and_venue(client: Browser) -> None:
    talks = _kept(Category(name="Talks", slug="talks"))
    an_event("A talk", category=talks, venue=a_venue(slug="scott-hall"))
    an_event("A walk")

    for query in ("category=talks", "venue=scott-hall"):
        page = client.get(f"/events?{query}").text
        assert "A talk" in page
        assert "A walk" not in page


def test_twenty_rows_make_a_page_and_the_search_goes_along_to_the_next(client: Browser) -> None:
    for number in range(21):
        an_event(f"Talk no. {number:02}", starts=NEXT_MONTH + timedelta(hours=number))

    first, second = client.get("/events?q=Talk").text, client.get("/events?q=Talk&page=2").text

    assert "Talk no. 19" in first
    assert "Talk no. 20" not in first
    assert 'href="/events?q=Talk&amp;page=2"' in first
    assert "Talk no. 20" in second


@pytest.mark.parametrize(("address", "most"), [("/events", 5), ("/events/past", 4), ("/events/the-one", 6)])
def test_a_page_costs_few_queries_and_no_more_for_three_than_for_one(
    client: Browser, counted: Any, address: str, most: int
) -> None:
    def fill(number: int, **values: Any) -> None:
        for n, starts in enumerate([NEXT_MONTH, NEXT_MONTH - timedelta(days=90)]):
            category = _kept(Category(name=f"Talks {number}.{n}", slug=f"talks-{number}-{n}"))
            event = an_event(starts=starts, venue=a_venue(), category=category, **(values if n == 0 else {}))
            event.speakers = [Speaker(position=n, name="Ada") for n in range(number)]
            a_backing(event, f"Union {number}.{n}", "sponsor")

    fill(1, slug="the-one")
    with counted() as one:
        assert client.get(address).status_code == 200
    fill(2)
    fill(3)
    client.application.extensions["keep"].clear()
    with counted() as three:
        client.get(address)

    assert len(one) == len(three) <= most


@pytest.fixture
def hidden(app: object) -> None:
    event = an_event("Members' evening", slug="hidden", visibility=Visibility.MEMBERS, venue=a_venue(slug="hall"))
    a_backing(event, "B Union", "sponsor").organization.slug = "b-union"
    an_event("Members' past evening", visibility=Visibility.MEMBERS, starts=NEXT_MONTH - timedelta(days=90))


PLACES = ["/events", "/events?q=evening", "/events/past", "/venues/hall", "/organizations/b-union", "/"]


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("who", ["visitor", "lapsed"])
def test_members_events_are_nowhere_for_others(client: Browser, hidden: None, address: str, who: str) -> None:
    if who == "lapsed":
        person = a_person()
        a_membership(person, ends_on=TODAY - timedelta(days=3))
        client.sign_in(person)

    assert "Members&#39;" not in client.get(address).text
    assert client.get("/events/hidden").status_code == 404
    assert client.get("/events/hidden.ics").status_code == 404


HIDDEN = {"visibility": Visibility.MEMBERS}, {"published_at": None, "slug": None}
TELLING = ("/venues/mill", "/organizations/mill-trust", "/calendar/venue/mill", "/calendar/category/mill.ics")


@pytest.mark.parametrize("values", HIDDEN, ids=["for members", "a draft"])
def test_what_no_visitor_may_see_tells_them_of_no_place_category_or_backer(app, client, values):
    category = Category(name="Mill talks", slug="mill")
    event = an_event(venue=a_venue("The Mill", slug="mill", town="Milltown"), category=category, **values)
    a_backing(event, "Mill Trust", "host").organization.slug = "mill-trust"
    staff, member = (a_person("", *roles) for roles in (["organizer"], []))
    a_membership(member)
    for address in TELLING:
        assert client.get(address).status_code == 404, address
    for address in ("/events", "/events/month", "/events/past", "/calendar"):
        assert not re.search("[Mm]ill", client.get(address).text), address
    known = [app.test_client().sign_in(person).get(TELLING[0]).status_code == 200 for person in (staff, member)]
    assert known == [True, event.published_at is not None]

    begin_write()
    event.visibility, event.published_at, event.slug = Visibility.PUBLIC, NOW, "mill-talk"
    db.session.commit()
    assert [client.get(address).status_code for address in TELLING] == [200] * 4
    page = client.get("/events").text
    assert all(name in page for name in ("The Mill", "Milltown", "Mill talks"))


@pytest.mark.parametrize("who", ["member", "staff"])
def test_members_and_staff_see_members_events(client: Browser, hidden: None, who: str) -> None:
    person = a_person("", *(["secretary"] if who == "staff" else []))
    if who == "member":
        a_membership(person)
    client.sign_in(person)

    assert "Members&#39; evening" in client.get("/events").text
    assert client.get("/events/hidden").status_code == 200


def test_an_events_page_holds_what_an_announcement_holds(client: Browser) -> None:
    event = an_event(
        "Title: Subtitle",
        slug="the-talk",
        summary="A new book.",
        description="With *feeling*.",
        room="Room 221",
        venue=a_venue("Scott Hall", address="B University"),
    )
    event.speakers = [Speaker(position=0, name="Prof. A", about="author of it")]
    a_backing(event, "B Debating Union", "sponsor")

    page = client.get("/events/the-talk").text

    listed = client.get("/events").text
    assert "Room 221, Scott Hall" in listed
    assert "B University" not in listed
    for said in ("Prof. A", "author of it", "<em>feeling</em>", "Room 221", "B University", "(New York time)"):
        assert said in page
    assert f'<time datetime="{event.starts_at.isoformat()}" data-zone="America/New_York">' in page
    assert '<script type="application/ld+json">{"@context":"https://schema.org"' in page
    assert '<meta property="og:title" content="Title: Subtitle">' in page
    assert 'href="/events/the-talk.ics"' in page


@pytest.mark.parametrize(("state", "status"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")])
def test_what_is_off_says_so_to_people_and_to_machines(client: Browser, state: str, status: str) -> None:
    an_event(slug="off", **{f"{state}_at": NOW})

    page = client.get("/events/off").text

    assert f"<h2>{state.capitalize()}</h2>" in page
    assert status in page


SOON: datetime = NOW + timedelta(minutes=30)
AT_ONCE: dict[str, Any] = {"starts": to_wall(SOON, "America/New_York"), "online_url": "https://meet.example.org/x"}


def test_the_joining_link_is_for_those_who_come(client: Browser) -> None:
    event, link = an_event(slug="online", **AT_ONCE), "meet.example.org"
    comes, stays = a_person(), a_person()
    reply(event, comes, Answer.YES, at=NOW)
    reply(event, stays, Answer.MAYBE, at=NOW)

    assert link not in client.get("/events/online").text
    assert link not in client.sign_in(stays).get("/events/online").text
    assert link in client.sign_in(comes).get("/events/online").text


def test_it_is_shown_in_time_and_the_page_says_when(client: Browser) -> None:
    event = an_event(slug="online", starts=NEXT_MONTH, online_url="https://meet.example.org/x", online_minutes=90)
    comes = a_person()
    reply(event, comes, Answer.YES, at=NOW)
    theirs = answer_link(rsvp_of(event, comes))
    client.sign_in(comes)

    for page in ("/events/online", theirs):
        assert "meet.example.org" not in client.get(page).text
        assert "6:30 pm" in client.get(page).text
    event.online_minutes = 0
    db.session.commit()
    for page in ("/events/online", theirs):
        assert "meet.example.org" in client.get(page).text


def test_organizers_are_told_that_others_do_not_see_the_link_yet(client: Browser) -> None:
    event = an_event(slug="online", starts=NEXT_MONTH, online_url="https://meet.example.org/x")
    client.sign_in(a_person("", "organizer"))
    said = "only organizers see this link now"
    page = client.get("/events/online").text
    assert "meet.example.org" in page
    assert said in page
    assert "Those who are coming find the link here from" in page
    event.online_minutes = 0
    db.session.commit()
    assert said not in client.get("/events/online").text


@pytest.mark.parametrize(("minutes", "shown"), [(-61, False), (-59, True), (0, True), (89, True), (91, False)])
def test_it_is_shown_from_then_until_the_end(client: Browser, minutes: int, shown: bool) -> None:
    event = an_event(**AT_ONCE)
    assert event.shows_link(SOON + timedelta(minutes=minutes)) is shown
    event.cancelled_at = NOW
    assert not event.shows_link(SOON)


ON_ITS_DAY = {"starts": to_wall(SOON, "America/New_York"), "instructions": "Ring at Sample"}


@pytest.mark.parametrize(
    ("answer", "hours", "values", "shown"),
    [
        (Answer.YES, -999, {}, True),
        (Answer.YES, 1, {}, True),
        (Answer.YES, 2, {}, False),
        (Answer.MAYBE, 0, {}, False),
        (Answer.YES, 0, {"cancelled_at": NOW}, False),
        (Answer.YES, 0, {"postponed_at": NOW}, False),
        (Answer.YES, 0, {"instructions": ""}, False),
    ],
)
def test_those_who_come_are_told_more_at_once_until_the_end(
    client: Browser, answer: Answer, hours: int, values: dict[str, Any], shown: bool
) -> None:
    event, person = an_event(**ON_ITS_DAY), a_person()
    reply(event, person, answer, at=NOW)
    for name, value in values.items():
        setattr(event, name, value)
    assert rsvp_of(event, person).is_told(SOON + timedelta(hours=hours)) is shown


def test_organizers_see_what_those_who_come_are_told_and_where_nobody_answers_nobody_else_does(client: Browser) -> None:
    an_event(slug="talk", rsvp_policy=RsvpPolicy.CLOSED, **ON_ITS_DAY)
    assert "Sample" not in client.sign_in(a_person()).get("/events/talk").text
    assert "Sample" in client.sign_in(a_person("", "organizer")).get("/events/talk").text


def test_where_those_who_come_are_told_nothing_more_no_heading_says_so(client: Browser) -> None:
    event = an_event()
    page = client.sign_in(a_person("Ora", "organizer")).get(f"/events/{event.slug}").text
    assert "For those who come" not in page


def test_where_no_answers_are_taken_everyone_finds_the_joining_link_in_time(client: Browser) -> None:
    an_event(slug="online", rsvp_policy=RsvpPolicy.CLOSED, **AT_ONCE)
    an_event(slug="later", rsvp_policy=RsvpPolicy.CLOSED, online_minutes=10, **AT_ONCE)
    assert "meet.example.org" in client.get("/events/online").text
    assert "meet.example.org" not in client.get("/events/later").text


def test_a_kept_page_is_made_anew_after_a_change(client: Browser) -> None:
    event = an_event("First")
    assert "First" in client.get("/events").text
    organizer = a_person("", "organizer")
    browser = cast(Browser, client.application.test_client()).sign_in(organizer)

    browser.agree(browser.get(f"/organize/events/{event.id}/cancel"), tell="no")

    assert "Cancelled" in client.get("/events").text


def test_a_room_named_in_another_direction_of_writing_stays_behind_the_hour(client: Browser) -> None:
    an_event(room="خانه ۱۲")

    assert "</time> · <bdi>خانه ۱۲</bdi></p>" in client.get("/events").text


@pytest.mark.parametrize("values", [{"cancelled_at": NOW}, {"starts": NEXT_MONTH - timedelta(days=90)}])
def test_what_is_off_or_over_promises_no_link(client: Browser, values: dict[str, Any]) -> None:
    an_event(slug="online", **{"starts": NEXT_MONTH, "online_url": "https://meet.example.org/x", **values})
    assert "find the link here" not in client.get("/events/online").text

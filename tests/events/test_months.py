"""The month as a grid, a day's list, and what both are narrowed by."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.events.models import Category, Colour, Event, RsvpPolicy, Speaker, Visibility
from society.events.months import Month
from society.rsvps.actions import reply
from society.rsvps.feed import refresh
from society.rsvps.models import Answer
from society.settings import society
from tests.builders import NOW, TODAY, a_membership, a_person, a_venue, an_event

MARCH = datetime(TODAY.year + 1, 3, 10, 19)
FEBRUARY = datetime(MARCH.year, 2, 20, 9)
AT = f"/events/month?month={MARCH:%Y-%m}"


def cell(page, day):
    found = re.search(rf'<td[^>]*data-day="{day}".*?</td>', page, re.DOTALL)
    return found[0] if found else ""


def test_an_event_stands_on_its_day_by_the_clocks_where_it_is(client):
    event = an_event("In Auckland", starts=MARCH.replace(hour=1), zone="Pacific/Auckland")
    db.session.commit()

    page = client.get(AT).text

    assert f'href="/events/{event.slug}"' in cell(page, MARCH.date())
    assert page.count("In Auckland") == 1


def test_the_hour_of_an_event_by_other_clocks_says_whose_it_is(client):
    an_event("In Auckland", starts=MARCH, zone="Pacific/Auckland")
    an_event("At home", starts=MARCH, zone=society().zone)
    db.session.commit()

    told = re.findall(r'<span class="muted">(.*?)</span>', cell(client.get(AT).text, MARCH.date()))

    assert told == ["7:00 pm, Auckland time", "7:00 pm"]


def test_one_of_several_days_stands_on_each_and_at_the_edges_of_the_month(client):
    last = date(MARCH.year, 4, 1) - timedelta(days=1)
    first = datetime.combine(last - timedelta(days=1), datetime.min.time())
    an_event("Congress", starts=first, ends=first + timedelta(days=4), all_day=True)
    db.session.commit()

    march, april = client.get(AT).text, client.get(f"/events/month?month={MARCH.year}-04").text

    assert all("Congress" in cell(march, last - timedelta(days=n)) for n in (0, 1))
    assert "goes on" in cell(april, date(MARCH.year, 4, 1))
    assert "Congress" not in cell(april, date(MARCH.year, 4, 3))


def test_what_goes_on_hides_nothing_that_begins(client):
    first = datetime.combine(MARCH.date() - timedelta(days=3), datetime.min.time())
    for number in range(5):
        an_event(f"Exhibition {number}", starts=first, ends=first + timedelta(days=5), all_day=True)
    an_event("Talk", starts=MARCH)
    db.session.commit()

    assert re.findall(r">(Talk|Exhibition \d|\d more)<", cell(client.get(AT).text, MARCH.date())) == [
        *("Talk", "Exhibition 0", "Exhibition 1", "3 more")
    ]


def test_what_lasts_for_weeks_stands_on_its_first_day_and_once_above_the_month(client):
    first = datetime.combine(MARCH.date(), datetime.min.time())
    show = an_event("Exhibition", starts=first, ends=first + timedelta(days=30), all_day=True)
    long_before = first - timedelta(days=60)
    an_event("Over by then", starts=long_before, ends=first.replace(day=1), all_day=True)
    db.session.commit()

    march, april = client.get(AT).text, client.get(f"/events/month?month={MARCH.year}-04").text

    assert "Exhibition" in cell(march, MARCH.date())
    assert [page.count(f'href="/events/{show.slug}"') for page in (march, april)] == [2, 1]
    assert f"10 March until {first + timedelta(days=29):%-d %B}" in march
    assert "Exhibition" in client.get(f"/events?day={first.date() + timedelta(days=9)}").text
    assert "Over by then" not in march
    assert "Nothing is announced for this month" not in april


def test_one_subscribes_to_what_a_list_or_a_month_is_narrowed_to(client):
    talks, hall = Category(name="Talks", slug="talks"), a_venue("Hall", slug="hall")
    an_event("Talk", starts=MARCH, category=talks, venue=hall)
    an_event("Among us", starts=MARCH, category=Category(name="Own", slug="own"), visibility=Visibility.MEMBERS)
    member = client.sign_in(a_person("", "admin"))
    db.session.commit()

    def leads_to(query):
        pages = (member.get(f"{path}{query}").text for path in ("/events?", f"{AT}&"))
        (address,) = {re.search(r'href="([^"]+)">Subscribe<', page)[1] for page in pages}
        assert client.get(address).status_code == 200
        return address

    assert leads_to("") == leads_to("category=own") == leads_to("venue=nowhere") == "/calendar"
    assert leads_to("category=talks") == leads_to("category=talks&venue=hall&open=yes") == "/calendar/category/talks"
    assert leads_to("venue=hall") == "/calendar/venue/hall"
    assert leads_to("open=yes") == "/calendar/open"


def test_a_full_day_counts_the_rest_and_leads_to_all_of_them(client):
    for hour in range(6):
        an_event(f"Talk {hour}", starts=MARCH.replace(hour=10 + hour))
    db.session.commit()

    day = cell(client.get(AT).text, MARCH.date())
    there = client.get(f"/events?day={MARCH.date()}").text

    assert "3 more" in day
    assert all(f"Talk {hour}" in there for hour in range(6))


def test_members_events_stand_there_for_members_alone(client):
    an_event("Among us", starts=MARCH, visibility=Visibility.MEMBERS)
    member = a_person()
    a_membership(member)
    db.session.commit()

    assert "Among us" not in client.get(AT).text
    assert "Among us" not in client.get(f"/events?day={MARCH.date()}").text
    assert "Among us" in client.sign_in(member).get(AT).text


@pytest.mark.parametrize("month", ["x", "2027-13", "1899-12", "2200-01", "2027-3", "٢٠٢٧-٠٣", "9" * 50])
def test_what_is_no_month_is_not_found(client, month):
    assert client.get("/events/month", query_string={"month": month}).status_code == 404


@pytest.mark.parametrize(("asked", "ways"), [("1900-01", ["next"]), ("2199-12", ["prev"])])
def test_the_first_and_the_last_month_have_one_neighbour(client, asked, ways):
    page = client.get(f"/events/month?month={asked}").text

    assert re.findall('rel="(prev|next)"', page) == ways
    assert "noindex" in page


def test_weeks_are_whole_and_begin_on_monday():
    for number in range(1, 13):
        weeks = Month(date(2027, number, 1)).weeks
        assert {len(week) for week in weeks} == {7}
        assert {week[0].weekday() for week in weeks} == {0}


def test_lists_are_narrowed_by_town_by_who_may_come_and_by_seats(client):
    hall = a_venue("Hall", town="Harrowmere")
    guest = a_person()
    full = an_event("Full", starts=MARCH, capacity=1, venue=hall, rsvp_policy=RsvpPolicy.OPEN)
    an_event("Free", starts=MARCH, capacity=2, rsvp_policy=RsvpPolicy.OPEN)
    an_event("Without limit", starts=MARCH, rsvp_policy=RsvpPolicy.MEMBERS)
    an_event("Just come", starts=MARCH, rsvp_policy=RsvpPolicy.CLOSED)
    an_event("By choice", starts=MARCH, rsvp_policy=RsvpPolicy.APPROVAL)
    an_event("Members see it", starts=MARCH, visibility=Visibility.MEMBERS, rsvp_policy=RsvpPolicy.CLOSED)
    reply(full, guest, Answer.YES, at=NOW)
    db.session.commit()

    def titles(query):
        found = [client.get(f"{path}{query}").text for path in ("/events?", f"{AT}&")]
        shown = [
            {t for t in ("Full", "Free", "Without limit", "Just come", "By choice") if f">{t}<" in page}
            for page in found
        ]
        assert shown[0] == shown[1]
        return shown[0]

    assert titles("place=Harrowmere") == {"Full"}
    assert titles("open=yes") == {"Full", "Free", "Just come"}
    assert titles("seats=yes") == {"Free", "Without limit", "By choice"}
    assert titles("open=yes&seats=yes") == {"Free"}


def test_a_list_says_from_when_on_everybody_may_answer_where_members_come_first(client):
    event = an_event("Soon for all", starts=MARCH, members_first_until=FEBRUARY)
    an_event("Long for all", starts=MARCH, members_first_until=NOW.replace(tzinfo=None) - timedelta(days=400))
    for values in ({"rsvp_policy": RsvpPolicy.MEMBERS}, {"cancelled_at": NOW}):
        an_event("Not for others", starts=MARCH, members_first_until=FEBRUARY, **values)
    db.session.commit()
    badge = f"Members first, everyone from 20 February {FEBRUARY.year}"
    page = client.get("/events?open=yes").text
    assert (event.title in page, "Long for all" in page, page.count(badge)) == (True, True, 1)
    assert not any("Members first" in client.get(f"/events?q={word}").text for word in ("long", "others"))


def test_a_seat_given_back_shows_at_once_to_visitors_too(client):
    event, guest = an_event("Small", starts=MARCH, capacity=1), a_person()
    rsvp = reply(event, guest, Answer.YES, at=NOW)
    db.session.commit()
    address = f"{AT}&seats=yes"
    before = client.get(address).text

    client.sign_in(guest).post(f"/events/{event.slug}/rsvp", data={"answer": "no"})
    client.post("/logout")

    assert ">Small<" not in before
    assert ">Small<" in client.get(address).text
    assert rsvp


def test_what_narrows_a_list_goes_along_from_view_to_view_and_can_be_taken_away(client):
    a_venue("Hall", town="Harrowmere")
    db.session.commit()
    page = client.get("/events?q=tea&place=Harrowmere&open=yes").text

    assert "/events/month?q=tea&amp;place=Harrowmere&amp;open=yes" in page
    assert 'href="/events?q=tea&amp;place=Harrowmere"' in page
    assert 'href="/events?q=tea&amp;open=yes"' in page


@pytest.mark.parametrize("words", ["uber zurich", "ÜBER", "muller", "Müller Cafe", "CAFÉ", "ZüRiCh"])
def test_events_are_found_without_regard_to_case_and_accents(client, words):
    event = an_event("Über Zürich", starts=MARCH, venue=a_venue("Café Müller"))
    event.speakers = [Speaker(position=0, name="Åse Nordström")]
    db.session.commit()

    assert "Über Zürich" in client.get("/events", query_string={"q": words}).text
    assert "Über Zürich" in client.get("/events", query_string={"q": "ase NORDSTROM"}).text
    assert "Über Zürich" not in client.get("/events", query_string={"q": f"{words} nowhere"}).text


def test_a_changed_title_is_found_by_its_new_words_only(app):
    event = an_event("Old words", summary="In short")
    event.title = "Neue Wörter"
    db.session.commit()

    assert db.session.scalars(select(Event.folded)).one() == "neue worter in short"


def test_a_category_has_a_colour_here_and_in_calendars(client):
    client.sign_in(a_person("", "organizer"))
    client.post("/organize/categories/new", data={"name": "Lectures", "colour": "teal"})
    category = db.session.scalars(select(Category)).one()
    event = an_event("A talk", starts=MARCH, category=category)
    refresh(event, NOW)
    db.session.commit()

    assert category.colour is Colour.TEAL
    assert "cat cat-teal" in cell(client.get(AT).text, MARCH.date())
    assert "\r\nCOLOR:teal\r\n" in client.get(f"/events/{event.slug}.ics").text
    assert client.post("/organize/categories/new", data={"name": "X", "colour": "mauve"}).status_code == 422


def test_a_month_costs_the_same_with_one_event_or_many(client, counted):
    def cost():
        client.application.extensions["keep"].clear()
        with counted() as count:
            client.get(f"{AT}&seats=yes")
        return len(count)

    an_event("One", starts=MARCH)
    db.session.commit()
    client.get(AT)
    one = cost()
    for number in range(30):
        an_event(f"Talk {number}", starts=MARCH + timedelta(hours=number), venue=a_venue(), category=None)
    db.session.commit()
    many = cost()

    assert many == one <= 4

"""The pages by which an event recurs, and by which several of a series are changed or called off."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from society.agenda.models import Session
from society.agenda.planning import Plan
from society.backings import actions as backings
from society.db import db
from society.events.models import BackingRole, Event, Visibility
from society.events.render import on_its_day, spoken_in, spoken_time, when
from society.mail.models import Letter
from society.people.models import EventOrganizer
from society.questions import actions as questions
from society.questions.models import Kind
from society.rsvps.actions import reply
from society.rsvps.agenda import enter
from society.rsvps.models import Answer
from society.series import queries
from society.series.actions import begin, end
from society.series.rules import Every, Rule
from society.times import to_wall
from tests.as_opened import fields_of
from tests.as_opened import typed as as_typed
from tests.builders import NOW, a_person, an_event, an_organization, letters_to
from tests.series.test_actions import START

DAY = timedelta(days=1)

RULE = {"every": "week", "interval": "2", "count": "4"}


@pytest.fixture
def event(app):
    return an_event("Reading", starts=START, room="Green Room")


@pytest.fixture
def organizer(client, event):
    return client.sign_in(a_person("Ora", "organizer"))


def made(event) -> list[Event]:
    db.session.expire_all()  # what the requests did
    return list(db.session.scalars(select(Event).order_by(Event.starts)))


def begun(organizer, event, **rule) -> list[Event]:
    answer = organizer.agree(organizer.post(f"/organize/events/{event.id}/series", data={**RULE, **rule}))
    assert answer.status_code == 303, answer.text
    return made(event)


def test_dates_that_are_left_out_are_named_before_anything_is_made(organizer, event):
    out = START + 7 * DAY
    page = organizer.post(
        f"/organize/events/{event.id}/series", data={**RULE, "interval": "1", "without_days": f"{out:%Y-%m-%d}"}
    ).text
    assert f"Left out: {out:%A}, {out.day} {out:%B %Y}." in page


def test_all_dates_are_shown_before_anything_is_made(organizer, event):
    page = organizer.post(f"/organize/events/{event.id}/series", data=RULE).text
    third = START + timedelta(weeks=4)
    assert f"{third:%A}, {third.day} {third:%B %Y}" in page
    assert "3 more events are made" in page
    assert len(made(event)) == 1
    assert len(begun(organizer, event)) == 4
    assert "Every second" in organizer.get(f"/organize/events/{event.id}/series").text


@pytest.mark.parametrize(
    ("watch", "said"),
    [
        ((2, 3), "2:30 am to 3:30 am; it is 3:30 am to 4:30 am then."),
        ((1, 2), "1:30 am to 2:30 am; it is 1:30 am to 3:30 am then."),
        ((26, 27), ""),
    ],
)
def test_the_sessions_that_clocks_jump_over_are_named_before_anything_is_made(client, watch, said):
    """In New York 2:30 does not exist on 9 March 2036; the event itself begins before."""
    midnight = datetime(2036, 3, 2)
    first = an_event(
        starts=midnight.replace(hour=1), ends=midnight + timedelta(days=1, hours=6), zone="America/New_York"
    )
    ora = a_person("Ora", "organizer")
    starts, ends = (midnight + timedelta(hours=hour, minutes=30) for hour in watch)
    enter(
        first,
        [Plan("Night watch", starts, ends), Plan("Dawn", midnight.replace(hour=5), midnight.replace(hour=6))],
        by=ora,
        now=NOW,
    )
    db.session.commit()
    organizer = client.sign_in(ora)

    page = organizer.post(
        f"/organize/events/{first.id}/series", data={"every": "week", "interval": "1", "count": "3"}
    ).text
    dates = [text for text in re.findall(r"<li>(.*?)</li>", page) if "2036" in text]
    assert ["Clocks jump over" in text for text in dates] == [bool(said), False]
    assert not said or f"the time of “Night watch”, {said}" in dates[0]
    assert "Dawn" not in page


def test_another_rule_names_them_too(client):
    first = an_event(starts=datetime(2036, 3, 3, 1), ends=datetime(2036, 3, 3, 6), zone="America/New_York")
    ora = a_person("Ora", "organizer")
    enter(first, [Plan("Night watch", datetime(2036, 3, 3, 2, 30), datetime(2036, 3, 3, 3))], by=ora, now=NOW)
    begin(first, Rule(Every.WEEK, count=2), by=ora, now=NOW)
    db.session.commit()
    values = {"every": "day", "interval": "1", "count": "8"}
    page = client.sign_in(ora).post(f"/organize/events/{first.id}/series/rule", data=values).text
    assert (
        page.count("Clocks jump over the time of “Night watch”, 2:30 am to 3:00 am; it is 3:30 am to 4:00 am then.")
        == 1
    )


def test_the_drafts_of_a_series_are_published_together(client):
    first = an_event("Reading", starts=START, published_at=None)
    organizer = client.sign_in(a_person("Ora", "organizer"))
    assert all(each.published_at is None for each in begun(organizer, first))
    address = f"/organize/events/{first.id}/series"
    assert "4 of these are drafts" in organizer.get(address).text
    before = organizer.get(f"{address}/publish")
    assert "They stay drafts until that is corrected" not in before.text
    organizer.agree(before)
    page = organizer.get(address).text
    assert "4 events published" in page
    assert "Publish" not in page.partition("<table")[0].replace("published", "")
    assert len({each.slug for each in made(first) if each.published_at}) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "fortnight"},
        {"interval": "0"},
        {"without_days": "soon"},
        {"until": "2020-01-01", "count": ""},
        {"until": "2099-01-01"},
        {"without_months": ["13"]},
        {"weekdays": ["x"]},
    ],
)
def test_a_rule_that_does_not_hold_comes_back_as_it_was_typed(organizer, event, wrong):
    answer = organizer.post(f"/organize/events/{event.id}/series", data={**RULE, "without_days": "2099-12-24", **wrong})
    assert answer.status_code == 422
    assert len(made(event)) == 1


def test_what_was_moved_or_announced_meanwhile_is_shown_again_before_it_recurs(organizer, event):
    page = organizer.post(f"/organize/events/{event.id}/series", data=RULE)
    db.session.refresh(event)
    event.title = "Lakes"
    db.session.commit()
    page = organizer.agree(page)
    assert (page.status_code, "Nothing is done yet" in page.text) == (200, True)
    assert len(made(event)) == 1
    assert organizer.agree(page).status_code == 303
    assert len(made(event)) == 4


ELSEWHERE = ["1", "2"] if START.day > 14 else ["3", "4"]
"""Which such days of the month the event is none of, be it the last one or not."""


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"weekdays": [str((START.weekday() + 1) % 7)]}, "weekdays", f"This event is on a {START:%A}"),
        ({"every": "month by weekday", "places": ELSEWHERE}, "places", "please choose that too, or none."),
        ({"without_months": [str(START.month)]}, "without_months", f"This event itself is in {START:%B}"),
        ({"without_days": f"{START:%Y-%m-%d}"}, "without_days", "This event itself is on"),
        ({"without_days": f"{START + DAY:%Y-%m-%d}"}, "without_days", f"{START + DAY:%A}, {(START + DAY).day} "),
        ({"every": "day", "count": "", "until": f"{START + 200 * DAY:%Y-%m-%d}"}, "until", "at most 100"),
    ],
)
def test_a_rule_that_does_not_fit_is_told_beside_its_fields(organizer, event, wrong, field, said):
    data = {**RULE, "interval": "1", "without_days": f"{START + 7 * DAY:%Y-%m-%d}", **wrong}
    answer = organizer.post(f"/organize/events/{event.id}/series", data=data)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error"[^>]*>(.*?)</', answer.text, re.DOTALL)
    assert said in error[1]
    assert data["without_days"] in answer.text


@pytest.mark.parametrize("page", ["agenda", "questions", "reminders"])
def test_what_reaches_one_evening_alone_says_so(organizer, event, page):
    alone, address = "the others of its series keep theirs", f"/organize/events/{event.id}/{page}"
    questions.ask(event, {"kind": Kind.LINE, "text": "What do you eat?"}, by=a_person(), now=NOW)
    begun(organizer, event, interval="1")
    assert (alone in organizer.get(address).text) == (page != "questions"), "one question has no order"
    questions.ask(event, {"kind": Kind.LINE, "text": "From where?"}, by=a_person(), now=NOW)
    db.session.commit()
    assert alone in organizer.get(address).text
    event.series_id = None
    db.session.commit()
    assert alone not in organizer.get(address).text


def test_days_left_out_are_given_in_a_persons_own_way_spans_too(organizer, event):
    out, first, last = (START + days * DAY for days in (7, 20, 30))
    typed = f"{out:%A, %-m/%-d}, and\n{first:%d.%m.%Y} to {last:%-d %B %Y}"
    page = organizer.post(f"/organize/events/{event.id}/series", data={**RULE, "interval": "1", "without_days": typed})
    left_out = [f"{day:%A}, {day.day} {day:%B %Y}" for day in (out, START + 21 * DAY, START + 28 * DAY)]
    assert f"Left out: {'; '.join(left_out)}." in page.text
    organizer.agree(page)
    assert [(each.starts - START).days for each in made(event)] == [0, 14, 35, 42]
    address = f"/organize/events/{event.id}/series"
    assert f"Left out: {'; '.join(left_out)}." in organizer.get(address).text
    shown = organizer.get(f"{address}/rule").text
    assert f">\r\n{out.day} {out:%B %Y}\n" in shown.partition('name="without_days"')[2]


def test_days_left_out_are_told_as_long_as_they_are_to_come(organizer, event):
    out = START + 7 * DAY
    events = begun(organizer, event, interval="1", without_days=f"{out:%Y-%m-%d}")
    series = queries.series_of(events[0])
    assert queries.left_out(series, events, out.date()) == [out.date()]
    assert queries.left_out(series, events, out.date() + DAY) == []


def test_a_long_span_left_out_is_one_still_where_the_rule_is_changed(organizer, event):
    span = f"{START + 1 * DAY:%-d %B %Y} to {START + 93 * DAY:%-d %B %Y}"
    daily = {"every": "day", "interval": "1", "count": "3", "without_days": span}
    begun(organizer, event, **daily)
    address = f"/organize/events/{event.id}/series/rule"
    assert f">\r\n{span}</textarea>" in organizer.get(address).text

    agreed(organizer, organizer.post(address, data={**daily, "count": "4"}))
    assert [(each.starts - START).days for each in made(event)] == [0, 94, 95, 96]
    monthly = {**daily, "every": "month by day", "interval": "6", "count": "2"}
    assert organizer.post(address, data=monthly).status_code == 200, "a span of which nothing is left is no slip"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"starts": START - 400 * DAY}, "still to come"),
        ({"cancelled_at": NOW}, "still to come"),
        ({"published_at": None, "template_name": "Usual"}, "A template is no event"),
    ],
)
def test_what_begins_no_series_is_said_before_a_rule_is_filled_in(organizer, values, why):
    event = an_event(**{"starts": START, **values})
    address = f"/organize/events/{event.id}/series"
    page = organizer.get(address).text
    assert (why in page, 'name="every"' in page) == (True, False)
    assert organizer.post(address, data=RULE).status_code == 409


def test_to_cancel_one_of_a_series_leads_to_cancelling_several(organizer, event):
    first = begun(organizer, event)[0]
    page = organizer.get(f"/organize/events/{first.id}/cancel").text
    assert "Only this one of its series." in page
    assert f'href="/organize/events/{first.id}/series/cancel"' in page


@pytest.mark.parametrize(("days", "goes_on"), [(70, False), (400, True)])
def test_a_series_all_of_whose_days_are_made_promises_no_further_ones(organizer, event, days, goes_on):
    rule = {"interval": "1", "count": "", "until": f"{START + days * DAY:%Y-%m-%d}"}
    begun(organizer, event, **rule)
    page = organizer.get(f"/organize/events/{event.id}/series").text
    assert ("Further ones are made" in page, "Make no more" in page) == (goes_on, goes_on)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"Easter, {START + 7 * DAY:%Y-%m-%d}", "No date could be read in “Easter”."),
        ("31 June, foo", "There is no 31 June. No date could be read in “foo”."),
        (f"{START + 9 * DAY:%-d %B %Y} - {START + 2 * DAY:%-d %B %Y}", "ends before it begins."),
        (f"{START + 8 * DAY:%A} {START + 7 * DAY:%-d %B %Y}", f"is a {START:%A}."),
        (f"{START - 7 * DAY:%-d %B %Y}", "Before this event, with which the series begins:"),
        (f"{START + DAY:%-d %B %Y} to {START + 5 * DAY:%-d %B %Y}", "Nothing would be on from"),
    ],
)
def test_what_is_no_day_to_be_left_out_is_named_beside_its_field(organizer, event, typed, said):
    sent = {**RULE, "interval": "1", "without_days": typed}
    answer = organizer.post(f"/organize/events/{event.id}/series", data=sent)
    assert answer.status_code == 422
    assert said in unescape(answer.text).partition('id="without_days-error"')[2]
    assert typed in unescape(answer.text)


@pytest.fixture
def drafts(organizer, event) -> list[Event]:
    """Four, a week apart."""
    event.published_at = None
    db.session.commit()
    return begun(organizer, event, interval="1")


def planned(drafts) -> list[datetime | None]:
    db.session.expire_all()
    return [each.publish_at for each in drafts]


def plan(organizer, event, at, scope=""):
    """Fill in when it is published; of several, the page that says which is returned, and they are not yet."""
    typed = f"{to_wall(at, event.zone):%Y-%m-%dT%H:%M}" if at else ""
    values = {"publish_at": typed, "scope": scope}
    return organizer.post(f"/organize/events/{event.id}/schedule", data=values)


@pytest.mark.parametrize(
    ("scope", "reached"), [("", [1]), ("this", [1]), ("following", [1, 2, 3]), ("all", [0, 1, 2, 3])]
)
def test_drafts_of_a_series_are_published_at_one_time_as_far_as_it_reaches(organizer, drafts, scope, reached):
    address, at = f"/organize/events/{drafts[1].id}/schedule", NOW + 3 * DAY
    assert organizer.get(address).text.count('name="scope"') == 3
    for wanted in (at, None):
        before, page = planned(drafts), plan(organizer, drafts[1], wanted, scope)
        if len(reached) > 1:
            listed = unescape(page.text).partition("<ol>")[2].partition("</ol>")[0]
            assert [when(each) in listed for each in drafts] == [place in reached for place in range(4)]
            assert (spoken_in(at, drafts[1].zone) in page.text) == (wanted is not None)
            assert planned(drafts) == before, "nothing is done before it was agreed to"
            told = organizer.get(organizer.agree(page).location).text
            assert (spoken_in(at, drafts[1].zone) in told) == (wanted is not None)
        assert planned(drafts) == [wanted if place in reached else None for place in range(4)]


def test_a_draft_with_a_time_of_its_own_keeps_it_and_one_that_cannot_go_out_then_is_named(organizer, drafts):
    at, own = START.replace(tzinfo=UTC) + 9 * DAY, NOW + 2 * DAY
    drafts[0].published_at = NOW
    db.session.commit()
    plan(organizer, drafts[3], own)
    page = plan(organizer, drafts[2], at, "all")
    said = unescape(re.sub("<[^>]+>", "", page.text))
    assert f"{when(drafts[3])}: goes out {spoken_in(own, drafts[3].zone)}" in said
    assert f"{when(drafts[1])}. The event is over by then." in said
    organizer.agree(page)
    assert planned(drafts) == [None, None, at, own], "the first is announced, and the second over by then"


def test_drafts_without_a_time_get_that_of_one_that_had_its_own(organizer, drafts):
    plan(organizer, drafts[1], NOW + DAY)
    organizer.agree(plan(organizer, drafts[1], NOW + 2 * DAY, "all"))
    assert planned(drafts) == [NOW + 2 * DAY] * 4


def test_a_plan_that_has_become_another_is_shown_anew_and_what_was_typed_comes_back(organizer, drafts):
    address, at = f"/organize/events/{drafts[1].id}/schedule", NOW + 3 * DAY
    page = plan(organizer, drafts[1], at, "following")
    plan(organizer, drafts[2], NOW + DAY)
    again = organizer.agree(page)
    assert "Nothing is done yet" in again.text
    assert planned(drafts) == [None, None, NOW + DAY, None]
    typed = f"{to_wall(at, drafts[1].zone):%Y-%m-%dT%H:%M}"
    back = organizer.post(address, data={"publish_at": typed, "scope": "following", "again": "yes"})
    assert (back.status_code, typed in back.text) == (200, True)
    assert re.search(r'value="following" checked', back.text)
    organizer.agree(again)
    assert planned(drafts) == [None, at, NOW + DAY, at]


def test_who_organizes_one_of_a_series_plans_that_alone(client, organizer, drafts):
    helper = a_person("Hal", email="hal@example.org")
    db.session.add(EventOrganizer(event_id=drafts[1].id, person_id=helper.id, given_at=NOW))
    db.session.commit()
    client.sign_in(helper)
    page = client.get(f"/organize/events/{drafts[1].id}/schedule").text
    assert "The others of its series keep theirs." in page
    assert 'name="scope"' not in page
    assert plan(client, drafts[1], NOW + DAY, "all").status_code == 403
    assert plan(client, drafts[1], NOW + DAY).status_code == 303
    assert planned(drafts) == [None, NOW + DAY, None, None]


def test_a_draft_without_other_drafts_is_asked_nothing_of_how_far_it_reaches(organizer, event):
    event.published_at, address = None, f"/organize/events/{event.id}/schedule"
    db.session.commit()
    page = organizer.get(address).text
    assert "series" not in page.partition("<main")[2].partition("<form")[0].rpartition("</nav>")[2]
    assert 'name="scope"' not in page


def test_a_series_whose_evenings_were_all_moved_is_said_as_they_are(organizer, client, event):
    first, *rest = begun(organizer, event, interval="1", weekdays=[str(START.weekday())])
    for each in (first, *rest):
        each.schedule(each.starts - 2 * DAY, each.ends - 2 * DAY, each.zone, all_day=False)
    db.session.commit()
    moved = f"Every {START - 2 * DAY:%A}, 4 times"
    address = f"/organize/events/{first.id}/series"
    for page in (address, f"{address}/rule", f"/events/{first.slug}"):
        assert moved in organizer.get(page).text, page
    form = organizer.get(f"{address}/rule").text
    ticked = re.findall(r'<input[^>]*name="weekdays"[^>]*>', form)
    assert [f'value="{(START - 2 * DAY).weekday()}"' in each for each in ticked if "checked" in each] == [True]
    first.schedule(first.starts + DAY, first.ends + DAY, first.zone, all_day=False)
    db.session.commit()
    assert moved in organizer.get(address).text
    assert "One of a series" in organizer.get(f"/events/{first.slug}").text


def test_what_publishing_all_drafts_does_is_shown_first(organizer, client, drafts):
    address = f"/organize/events/{drafts[1].id}/series"
    drafts[0].published_at, drafts[0].slug = NOW, "first"
    drafts[1].visibility = Visibility.MEMBERS
    own = NOW + 2 * DAY
    plan(organizer, drafts[2], own)
    assert f'href="{address}/publish">Publish all 3…</a>' in organizer.get(address).text
    page = organizer.get(f"{address}/publish")
    listed = unescape(re.sub("<[^>]+>", "", page.text.partition("<ol>")[2].partition("</ol>")[0]))
    assert [when(each) in listed for each in drafts] == [False, True, True, True]
    assert f"{when(drafts[1])}, for members only" in listed
    assert f"would go out by itself {spoken_in(own, drafts[2].zone)}" in listed
    organizer.post(f"{address}/publish")
    assert announced(drafts) == [True, False, False, False], "nothing is done before it was agreed to"

    drafts[3].minimum, drafts[3].minimum_by = 2, datetime(2026, 1, 1)
    db.session.commit()
    again = organizer.agree(page)
    assert "Nothing is done yet" in again.text
    assert "counted on Thursday, 1 January 2026, 12:00 am, which is over already" in again.text
    assert announced(drafts) == [True, False, False, False]
    assert organizer.agree(again).location == address
    assert announced(drafts) == [True, True, True, False]
    assert "No draft of the series can be published now" in organizer.get(f"{address}/publish").text


def announced(drafts) -> list[bool]:
    db.session.expire_all()
    return [each.published_at is not None for each in drafts]


def test_the_last_draft_of_a_series_is_published_by_its_button_alone(organizer, drafts):
    for number, each in enumerate(drafts[1:]):
        each.published_at, each.slug = NOW, f"evening-{number}"
    db.session.commit()
    page = organizer.get(f"/organize/events/{drafts[3].id}/series").text
    (address,) = re.findall(r'action="([^"]+)"><button[^>]*>Publish it</button>', page)
    assert organizer.post(address).status_code == 303
    assert all(announced(drafts))
    assert organizer.post(f"/organize/events/{drafts[0].id}/series/publish").status_code == 200


@pytest.mark.parametrize("left", [0, 1])
def test_of_drafts_that_were_agreed_to_none_goes_out_otherwise_than_it_was_shown(organizer, drafts, left):
    """Nor does another one, whatever has become of those that were."""
    for number, each in enumerate(drafts[1 + left :]):
        each.published_at, each.slug = NOW, f"evening-{number}"
    db.session.commit()
    address = f"/organize/events/{drafts[0].id}/series/publish"
    page = organizer.get(address)
    drafts[0].ends += 2 * DAY
    db.session.commit()
    again = organizer.agree(page)
    assert "Nothing is done yet" in again.text
    assert when(drafts[0]) in unescape(again.text)
    organizer.post(address)
    assert announced(drafts)[:1] == [False]
    assert organizer.agree(again).status_code == 303
    assert all(announced(drafts))
    twice = organizer.agree(again)
    assert "No draft of the series can be published now" in twice.text
    assert "Nothing is done yet" not in twice.text


def test_of_an_event_by_itself_no_other_draft_is_published(organizer, event):
    others = [an_event(f"Draft {number}", published_at=None) for number in range(2)]
    db.session.commit()
    address = f"/organize/events/{event.id}/series"
    assert organizer.get(f"{address}/publish").location == address
    for each in (*others, event):
        organizer.post(f"/organize/events/{each.id}/series/publish")
        assert announced(others) == [False, False]


def test_the_page_before_all_drafts_are_published_asks_as_often_however_many_they_are(organizer, counted):
    numbers: list[tuple[int, int]] = []
    for many in (3, 9):
        first = an_event(f"Reading for {many}", starts=START, published_at=None)
        db.session.commit()
        begun(organizer, first, count=str(many))
        address = f"/organize/events/{first.id}/series/publish"
        organizer.get(address)
        with counted() as shown:
            organizer.get(address)
        with counted() as anew:
            organizer.post(address, data={"confirmed": "of another page"})
        numbers.append((len(shown), len(anew)))
    assert numbers[0] == numbers[1]


def test_backers_who_gave_their_word_for_drafts_otherwise_are_named_before_all_are_published(organizer, drafts):
    contact = "Lea", "lea@example.org"
    league, ora = an_organization("C League"), a_person("", "organizer")
    asked = backings.ask(drafts[1], league, BackingRole.ENDORSER, contact=contact, by=ora, now=NOW)
    backings.confirm(drafts[1], asked, "Lea", "", NOW)
    drafts[1].title = "Something else"
    db.session.commit()
    page = organizer.get(f"/organize/events/{drafts[0].id}/series/publish")
    assert "C League: they gave their word for something else" in page.text
    organizer.agree(page)
    told = select(Letter.subject).where(Letter.to_address == "lea@example.org")
    letters = db.session.scalars(told.order_by(Letter.id)).all()
    assert letters[-1] == on_its_day("An event that you back has changed: Something else", drafts[1])


def test_what_is_planned_to_be_published_goes_out_with_all_of_its_series(client):
    at = NOW + 3 * DAY
    first = an_event("Reading", starts=START, published_at=None, publish_at=at)
    organizer = client.sign_in(a_person("Ora", "organizer"))
    address = f"/organize/events/{first.id}/series"
    page = organizer.post(address, data=RULE)
    said = spoken_in(at, first.zone)
    assert f"all published with this one, {said}" in page.text
    organizer.agree(page)
    assert {each.publish_at for each in made(first)} == {at}
    assert organizer.get(address).text.count(f"Draft, goes out {said}") == 4


def typed(page: str, event: Event, **values: str) -> dict[str, str]:
    found = dict(
        re.findall(r'<input[^>]*name="(revision|starts_at|ends_at|max_party_size|room)"[^>]*value="([^"]*)"', page)
    )
    return {
        **found,
        "title": event.title,
        "timezone": event.zone,
        "visibility": "public",
        "rsvp_policy": "open",
        **values,
    }


def test_sessions_that_another_length_leaves_outside_are_named_of_each_evening(organizer, event):
    enter(event, [Plan("All the poems", START, event.ends)], by=a_person("", "organizer"), now=NOW)
    db.session.commit()
    events = begun(organizer, event)
    address = f"/organize/events/{event.id}"
    clocks = {"starts_at": f"{START:%Y-%m-%d}T21:00", "ends_at": f"{START:%Y-%m-%d}T22:00"}
    values = typed(organizer.get(address).text, event, **clocks)

    shown = organizer.post(address, data={**values, "scope": "all"})

    assert "The agenda’s session moves along: 1 hour later." in shown.text
    assert f"{len(events)} sessions would lie outside their event" in shown.text
    assert shown.text.count("“All the poems” (") == len(events)
    assert organizer.agree(shown, scope="all", tell="no").status_code == 303
    db.session.expire_all()
    assert {session.starts.hour for session in db.session.scalars(select(Session))} == {21}


def test_what_another_saved_of_one_evening_meanwhile_goes_to_no_others_with_what_is_typed(organizer, event, app):
    begun(organizer, event)
    other = app.test_client().sign_in(a_person("Theo", "organizer"))
    address = f"/organize/events/{event.id}"
    opened = fields_of(organizer.get(address).text)
    other.agree(other.post(address, data=as_typed(opened, room="Blue Room")), scope="this")

    answer = organizer.post(address, data=as_typed(opened, summary="New poems", scope="all", look="yes"))
    assert "Theo saved this event while you were editing it" in answer.text
    shown = organizer.post(address, data=as_typed(fields_of(answer.text), scope="all", look="yes"))
    organizer.agree(shown, scope="all")

    db.session.expire_all()
    assert [each.room for each in made(event)] == ["Blue Room", *["Green Room"] * 3]
    assert [each.summary for each in made(event)] == ["New poems"] * 4


def test_a_change_to_those_that_follow_is_shown_for_each_and_done(organizer, event):
    events = begun(organizer, event)
    ann = a_person("Ann")
    reply(events[2], ann, Answer.YES, at=NOW)
    address = f"/organize/events/{events[1].id}"
    data = typed(organizer.get(address).text, events[1], room="Blue Room")

    assert "one of a series" in organizer.post(address, data=data).text
    preview = organizer.post(address, data={**data, "scope": "following", "look": "yes"})
    assert "made later" not in preview.text, "all are made"
    assert preview.text.count("<dt>Place</dt><dd><del>Green Room</del> <ins>Blue Room</ins></dd>") == 2
    assert [each.room for each in made(event)] == ["Green Room"] * 4

    agreed(organizer, preview, scope="following", tell="yes")
    assert [each.room for each in made(event)] == ["Green Room"] + ["Blue Room"] * 3
    assert "Changed" in letters_to(ann)[-1]


def agreed(organizer, page, **typed):
    """Press the button of the page before a change, and see what that did."""
    answer = organizer.agree(page, **typed)
    assert answer.status_code == 303, answer.text
    return answer


@pytest.mark.parametrize("answered", [0, 3])
def test_the_page_before_counts_the_answers_of_all_that_a_change_reaches(organizer, event, answered):
    events = begun(organizer, event)
    people = a_person("Ann"), a_person("Ben")
    reply(events[answered], people[0], Answer.YES, at=NOW)
    address = f"/organize/events/{events[0].id}"
    data = typed(organizer.get(address).text, events[0], room="Blue Room")

    alone = organizer.post(address, data=data)
    assert ("Nobody has answered yet" in alone.text) == (answered > 0)
    reply(events[2], people[1], Answer.YES, at=NOW)
    first = organizer.agree(alone, scope="all")
    assert (first.status_code, "Nothing is done yet" in first.text) == (200, True)
    assert {each.room for each in made(event)} == {"Green Room"}
    assert "2 answers to 2 of these events" in first.text
    agreed(organizer, first, scope="all", tell="no")

    assert {each.room for each in made(event)} == {"Blue Room"}
    assert [letter for one in people for letter in letters_to(one) if "Changed" in letter] == []


def test_a_new_host_and_sponsor_reach_all_and_are_shown_old_beside_new(organizer, event):
    events = begun(organizer, event)
    address = f"/organize/events/{events[0].id}"
    union = an_organization("B Union")
    data = typed(organizer.get(address).text, events[0], sponsors=str(union.id), new_hosts="C League")

    page = organizer.post(address, data={**data, "scope": "all"})
    assert page.text.count("<dt>Sponsors</dt><dd><del>nothing</del> <ins>the B Union</ins></dd>") == 3
    agreed(organizer, page, scope="all")

    names = {frozenset(backing.organization.name for backing in each.backings) for each in made(event)}
    assert names == {frozenset({"B Union", "C League"})}


def test_several_are_called_off_after_saying_which(organizer, event):
    events = begun(organizer, event)
    page = organizer.get(f"/organize/events/{events[2].id}/series/cancel")
    assert "This and all that follow: 2 events, 0 going" in page.text
    assert "Nobody has answered yet" in page.text
    ann = a_person("Ann")
    reply(events[3], ann, Answer.YES, at=NOW)
    page = organizer.agree(page, scope="following")
    assert (page.status_code, "Nothing is done yet" in page.text) == (200, True)
    assert "2 events, 1 going, 0 waiting" in page.text
    agreed(organizer, page, scope="following", tell="yes")
    assert [each.cancelled_at is not None for each in made(event)] == [False, False, True, True]
    assert letters_to(ann)[-1].startswith("Cancelled")


def test_the_events_page_says_how_it_recurs_and_when_next(client, organizer, event):
    events = begun(organizer, event)
    page = client.get(f"/events/{event.slug}").text
    assert "Every second" in page
    assert f'href="/events/{events[1].slug}"' in page


def test_a_plain_events_page_asks_nothing_of_series(client, counted, event):
    with counted() as plain:
        client.get(f"/events/{event.slug}")
    assert len(plain) <= 7  # six, and the version of the page


@pytest.mark.parametrize("count", ["2", "12"])
def test_the_page_of_a_series_costs_the_same_however_long_it_is(organizer, event, counted, count):
    begun(organizer, event, count=count)
    with counted() as statements:
        organizer.get(f"/organize/events/{event.id}/series")
    assert len(statements) <= 10


def test_ending_makes_no_more(organizer, event):
    address = f"/organize/events/{event.id}/series"
    begun(organizer, event, count="")
    assert "Make no more" in organizer.get(address).text
    organizer.post(f"{address}/end")
    db.session.refresh(event)
    assert queries.series_of(event).ended_at is not None
    assert "Make no more" not in organizer.get(address).text


def test_of_a_series_that_is_made_to_its_end_no_further_ones_are_promised_or_forgone(organizer, event):
    begun(organizer, event)
    page = organizer.get(f"/organize/events/{event.id}/series").text
    assert ("Make no more" in page, "Further ones" in page) == (False, False)


def test_another_rule_from_one_event_on_keeps_what_fits_makes_what_is_missing_and_calls_the_rest_off(organizer, event):
    events = begun(organizer, event)  # every second week, four times
    address = f"/organize/events/{events[1].id}/series/rule"
    assert re.search(r'name="count"[^>]*value="3"', organizer.get(address).text), "what is left of four times"

    rule = {"every": "week", "interval": "1", "count": "3", "without_days": ""}
    preview = organizer.post(address, data=rule)
    assert re.findall(r"<b>(\d)</b> (that follows stays|is made|is called off)", preview.text) == [
        ("1", "that follows stays"),
        ("1", "is made"),
        ("1", "is called off"),
    ]
    assert "Nobody has answered yet" in preview.text
    ann = a_person("Ann")
    for each in events[2:]:
        reply(each, ann, Answer.YES, at=NOW)
    preview = organizer.agree(preview)
    assert (preview.status_code, "Nothing is done yet" in preview.text) == (200, True)
    assert "1 person answered" in preview.text
    assert len(made(event)) == 4
    agreed(organizer, preview, tell="yes")
    days = [(each.starts.date() - START.date()).days for each in made(event)]
    assert days == [0, 14, 21, 28, 42]
    assert [each.cancelled_at is not None for each in made(event)] == [False] * 4 + [True]
    assert letters_to(ann)[-1].startswith("Cancelled")
    first, *rest = made(event)
    assert len({each.series_id for each in rest[:3]}) == 1
    assert first.series_id != rest[0].series_id
    assert queries.series_of(first).ended_at is not None
    assert queries.series_of(rest[0]).spoken.startswith("Every ")


def test_an_earlier_evening_gets_no_rule_that_reaches_those_that_another_rule_took_out(organizer, event):
    """What an earlier change had made would otherwise be made and announced a second time."""
    events = begun(organizer, event, interval="1", count="8")
    rule = {"every": "week", "interval": "2", "count": "4"}
    agreed(organizer, organizer.post(f"/organize/events/{events[4].id}/series/rule", data=rule))
    agreed(organizer, organizer.post(f"/organize/events/{events[4].id}/series/rule", data={**rule, "interval": "1"}))
    before = {each.id for each in made(event)}
    third, split = (f"/organize/events/{events[n].id}/series" for n in (2, 4))
    fifth = f"{events[4].starts:%A, %-d %B %Y}"

    for page in (third, f"{third}/rule", f"{third}/cancel"):
        assert f'From {fifth} on another rule holds: those are <a href="{split}">' in organizer.get(page).text
    assert f'value="{events[4].starts - DAY:%Y-%m-%d}"' in organizer.get(f"{third}/rule").text
    assert "on another rule holds" not in organizer.get(split).text
    for far in ({"count": "6"}, {"count": ""}, {"count": "", "until": f"{events[4].starts:%Y-%m-%d}"}):
        answer = organizer.post(f"{third}/rule", data={**rule, "interval": "1", **far})
        assert (answer.status_code, f"From {fifth} on another rule holds: please" in answer.text) == (422, True)
    assert {each.id for each in made(event)} == before

    near = {"every": "week", "interval": "1", "count": "2"}
    agreed(organizer, organizer.post(f"{third}/rule", data=near))
    assert {each.id for each in made(event)} == before
    answer = organizer.post(f"{third}/rule", data={**near, "count": "3"})
    assert f"From {fifth} on another rule holds: please" in answer.text, "of what it went on with before, too"


def test_where_it_is_chosen_how_far_a_change_reaches_it_is_said_where_another_rule_holds(organizer, event):
    events = begun(organizer, event, interval="1", count="8")
    rule = {"every": "week", "interval": "1", "count": "4"}
    agreed(organizer, organizer.post(f"/organize/events/{events[4].id}/series/rule", data=rule))
    onward = f"From {events[4].starts:%A, %-d %B %Y} on another rule holds"
    before = f"Until {events[3].starts:%A, %-d %B %Y} another rule holds"
    for one, said, unsaid in ((events[1], onward, before), (events[5], before, onward)):
        address = f"/organize/events/{one.id}"
        data = typed(organizer.get(address).text, one, room="Blue Room")
        pages = [organizer.get(f"{address}/{page}").text for page in ("series", "series/cancel", "picture", "backings")]
        for page in (organizer.post(address, data=data).text, *pages):
            assert (said in page, unsaid in page) == (True, False)


def test_of_series_that_ended_and_began_at_one_instant_none_is_taken_for_what_the_other_goes_on_with(app):
    """As where one file is read in."""
    ora, first, other = a_person("Ora", "organizer"), an_event(starts=START), an_event(starts=START + DAY)
    rule = Rule(Every.WEEK, count=3)
    begin(first, rule, by=ora, now=NOW)
    end(first, by=ora, now=NOW)
    begin(other, rule, by=ora, now=NOW)
    assert queries.goes_on_with(first) is None


def test_once_what_another_rule_took_out_is_called_off_an_earlier_evening_gets_any_rule(organizer, event):
    events = begun(organizer, event, interval="1", count="4")
    rule = {"every": "week", "interval": "1", "count": "3"}
    agreed(organizer, organizer.post(f"/organize/events/{events[2].id}/series/rule", data=rule))
    third = f"/organize/events/{events[2].id}/series/cancel"
    agreed(organizer, organizer.get(third), scope="all")
    agreed(organizer, organizer.post(f"/organize/events/{events[1].id}/series/rule", data=rule))
    weeks = [(each.starts - START).days // 7 for each in made(event) if each.cancelled_at is None]
    assert weeks == [0, 1, 2, 3]


READ_BY_ALL = "stands on the event’s page and in calendars, for all who may see it"


@pytest.mark.parametrize("answered", [False, True])
def test_why_another_rule_calls_evenings_off_is_known_to_be_read_by_all_before_it_is_said(organizer, event, answered):
    events = begun(organizer, event, interval="1")
    if answered:
        reply(events[1], a_person(), Answer.YES, at=NOW)
        db.session.commit()
    page = organizer.post(f"/organize/events/{event.id}/series/rule", data={**RULE, "count": "2"})
    assert (page.text.count('name="message"'), READ_BY_ALL in page.text) == (1, True)
    agreed(organizer, page, message="The hall is shut.")
    db.session.expire_all()
    assert {each.reason for each in events if each.cancelled_at} == {"The hall is shut."}


def test_of_drafts_that_are_deleted_it_is_not_asked_why(organizer, drafts):
    address = f"/organize/events/{drafts[0].id}/series"
    rule = organizer.post(f"{address}/rule", data={**RULE, "interval": "2", "count": "2"})
    for page in (rule, organizer.get(f"{address}/cancel")):
        assert (READ_BY_ALL in page.text, "drafts are deleted" in page.text) == (False, True)


def test_days_left_out_before_go_with_the_rule_that_they_were_days_of_and_the_page_says_so(organizer, event):
    out = START + 28 * DAY
    events = begun(organizer, event, without_days=f"{out:%Y-%m-%d}")
    address = f"/organize/events/{events[1].id}/series/rule"
    assert f"{out:%-d %B %Y}" in organizer.get(address).text

    rule = {"every": "week", "interval": "3", "count": "3", "without_days": f"{out:%Y-%m-%d}"}
    stray = organizer.post(address, data={**rule, "without_days": f"{out:%Y-%m-%d}\n{out + DAY:%Y-%m-%d}"})
    assert (stray.status_code, "a wrong date?" in stray.text) == (422, True)
    preview = organizer.post(address, data=rule)
    assert f"no longer a day of the series anyway: {out:%A}, {out.day} {out:%B %Y}.<" in preview.text
    agreed(organizer, preview)
    assert queries.series_of(made(event)[1]).rule.without_days == ()


def test_another_rule_from_an_evening_moved_by_itself_begins_with_its_own_day(organizer, event):
    events = begun(organizer, event, interval="1")
    moved, own = events[2], events[2].starts
    moved.schedule(own + DAY, moved.ends + DAY, moved.zone, all_day=False)
    db.session.commit()
    address = f"/organize/events/{moved.id}/series/rule"
    form = organizer.get(address).text
    assert f"counts from its own day, {own:%A}, {own.day} {own:%B %Y}" in form
    assert f"Every {own:%A}, 4 times" in form
    wrong = organizer.post(address, data={"every": "week", "interval": "1", "weekdays": [str(moved.starts.weekday())]})
    assert f"This event stands for a {own:%A}: please choose that too" in wrong.text
    out = f"{own + 14 * DAY:%Y-%m-%d}"
    preview = organizer.post(address, data={"every": "week", "interval": "1", "count": "3", "without_days": out})
    agreed(organizer, preview)
    assert [each.starts for each in made(event)[2:]] == [own + DAY, *(own + 7 * n * DAY for n in (1, 3))]


def test_too_many_to_be_made_at_once_are_told_beside_the_end_of_a_changed_rule(organizer, event):
    begun(organizer, event)
    data = {"every": "day", "interval": "1", "until": f"{START + 200 * DAY:%Y-%m-%d}"}
    answer = organizer.post(f"/organize/events/{event.id}/series/rule", data=data)
    assert (answer.status_code, "at most 100 are made at once" in answer.text) == (422, True)
    assert len(made(event)) == 4


@pytest.mark.parametrize("count", ["3", "12"])
def test_a_preview_of_a_change_to_all_asks_as_often_however_many_there_are(organizer, event, counted, count):
    events = begun(organizer, event, count=count)
    address = f"/organize/events/{events[0].id}"
    data = typed(organizer.get(address).text, events[0], room="Blue Room", starts_at=f"{START:%Y-%m-%dT21:00}")
    with counted() as statements:
        page = organizer.post(address, data={**data, "scope": "all", "look": "yes"}).text
    assert page.count('data-label="What changes">') == int(count) - 1
    assert len(statements) <= 46
    rule = {"every": "week", "interval": "24", "count": "2"}
    for ask in (
        lambda: organizer.get(f"{address}/series/cancel"),
        lambda: organizer.post(f"{address}/series/rule", data=rule),
    ):
        with counted() as statements:
            assert ask().text.count("nobody yet") >= int(count) - 1
        assert len(statements) <= 24


def test_the_page_before_another_rule_tells_when_and_where_those_are_that_it_makes(organizer, event):
    out = START + 7 * DAY
    weekly = {"interval": "1", "count": "3", "without_days": f"{out:%Y-%m-%d}"}
    first, *others = begun(organizer, event, **weekly)
    for each in others:  # since a change to all that follow
        each.schedule(each.starts + timedelta(hours=1), each.ends + timedelta(hours=1), each.zone, all_day=False)
        each.room = "Red Room"
    db.session.commit()

    rule = {**RULE, **weekly, "without_days": ""}
    page = organizer.post(f"/organize/events/{first.id}/series/rule", data=rule).text
    assert f"Like the latest of the series: {spoken_time(others[0].starts)} to" in page
    assert "Red Room" in page


def test_the_page_before_a_change_tells_which_evening_of_a_series_it_is(organizer, event):
    first, *_ = begun(organizer, event)
    typed = {"title": "Other", "starts_at": f"{first.starts:%Y-%m-%dT%H:%M}", "timezone": first.zone}
    page = organizer.post(f"/organize/events/{first.id}", data={**typed, "visibility": "public", "rsvp_policy": "open"})
    assert f"{event.title}, {when(first)}" in unescape(page.text)

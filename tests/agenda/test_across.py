"""What stands in the way of a session, told wherever its agenda is planned: its own event, and others."""

from datetime import timedelta

import pytest

from society.agenda.across import MOST_CLASHES
from society.agenda.clashes import day_and_span
from society.agenda.planning import Plan
from society.db import db
from society.events.models import Speaker
from society.people.models import EventOrganizer
from society.rsvps.agenda import enter
from tests.agenda.test_pages import form_of, form_values, the_sessions
from tests.builders import NEXT_MONTH, NOW, a_person, a_venue, an_event

HOUR = timedelta(hours=1)
MORNING = NEXT_MONTH.replace(day=5, hour=9)


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("", "organizer"))


@pytest.fixture
def exchange(app):
    return a_venue("The Corn Exchange")


@pytest.fixture
def congress(exchange):
    """All day at the Exchange, in the Great Hall until eleven."""
    event = an_event("Congress", venue=exchange, room="", starts=MORNING, ends=MORNING + 9 * HOUR)
    opening = Plan("Opening", MORNING, MORNING + HOUR, room="Great Hall", speakers=(("Ada Example", ""),))
    second = Plan("Second", MORNING + HOUR, MORNING + 2 * HOUR, room="Great Hall", chair="Bea Example")
    enter(event, [opening, second], by=a_person(), now=NOW)
    db.session.commit()
    return event


@pytest.fixture
def fair(exchange):
    """In the Great Hall from one to three, with Cleo."""
    starts = MORNING + 4 * HOUR
    event = an_event("Fair", venue=exchange, room="great hall", starts=starts, ends=starts + 2 * HOUR)
    event.speakers = [Speaker(position=0, name="Cleo Example")]
    db.session.commit()
    return event


def typed(session=None, **values):
    blank = {"title": "New", "kind": "talk", "starts_at": _at(MORNING), "ends_at": _at(MORNING + HOUR)}
    return {**(form_of(session) if session else blank), **values}


def _at(moment):
    return f"{moment:%Y-%m-%dT%H:%M}"


AT_THE_FAIR = {"starts_at": _at(MORNING + 5 * HOUR), "ends_at": _at(MORNING + 6 * HOUR)}


def test_the_agenda_names_the_other_events_that_its_sessions_meet_and_each_session_its_own(
    organizer, congress, exchange
):
    early = an_event("Early", venue=exchange, room="Great Hall", starts=MORNING, ends=MORNING + HOUR)
    late = an_event("Late", starts=MORNING + HOUR, ends=MORNING + 2 * HOUR)
    late.speakers = [Speaker(position=0, name="Bea Example")]
    db.session.commit()
    opening, second = the_sessions(congress)
    place = f'({day_and_span(opening)}) there is also <a href="/organize/events/{early.id}">Early</a>'
    person = f'Bea Example is to speak at <a href="/organize/events/{late.id}">Late</a>'
    agenda = f"/organize/events/{congress.id}/agenda"

    pages = [organizer.get(address).text for address in (agenda, f"{agenda}/{opening.id}", f"{agenda}/{second.id}")]

    assert [place in page for page in pages] == [True, True, False]
    assert [person in page for page in pages] == [True, False, True]


def test_what_somebody_may_not_see_is_told_without_its_title(client, congress, exchange):
    an_event("A secret", venue=exchange, room="Great Hall", starts=MORNING, published_at=None)
    helper = a_person()
    helper.organizing.append(EventOrganizer(event_id=congress.id, given_at=NOW))
    db.session.commit()

    page = client.sign_in(helper).get(f"/organize/events/{congress.id}/agenda").text

    assert "there is also another event" in page
    assert "A secret" not in page


def test_before_a_session_is_moved_it_is_told_what_it_meets_in_its_event_and_in_others(organizer, congress, fair):
    opening = the_sessions(congress)[0]
    address = f"/organize/events/{congress.id}/agenda/{opening.id}"
    ten = {"starts_at": _at(MORNING + HOUR), "ends_at": _at(MORNING + 2 * HOUR)}

    within = organizer.post(address, data=typed(opening, speakers="Bea Example", **ten)).text
    across = organizer.post(address, data=typed(opening, speakers="Cleo Example", **AT_THE_FAIR)).text
    free = organizer.post(address, data=typed(opening, speakers="Cleo Example", room="Attic")).text

    again = organizer.post(address, data=typed(opening, title="second", **ten)).text

    assert "“second” (" in again
    assert "is in the agenda already" in again
    assert "is in the agenda already" not in within
    assert "<b>0</b> going" in within  # to the event: the session itself gives no seats
    assert "Great Hall is taken twice: “Second”" in within
    assert "Bea Example would speak and be in the chair at once" in within
    assert "there is also" not in within
    assert f'there is also <a href="/organize/events/{fair.id}">Fair</a>' in across
    assert f'Cleo Example is to speak at <a href="/organize/events/{fair.id}">Fair</a>' in across
    assert "taken twice" not in across
    assert not any(words in free for words in ("there is also", "is to speak", "taken twice"))
    assert the_sessions(congress)[0].starts == MORNING


def test_before_a_session_is_added_or_many_are_pasted_the_same_is_told(organizer, congress, fair):
    agenda = f"/organize/events/{congress.id}/agenda"
    new = typed(room="Great Hall", chair="Cleo Example", **AT_THE_FAIR)
    line = "14:00–15:00 | Great Hall | New | Cleo Example\n09:30–10:00 | Great Hall | Sooner"

    one, many = organizer.post(f"{agenda}/new", data=new).text, organizer.post(f"{agenda}/paste", data={"lines": line})

    for page in (one, many.text):
        assert f'there is also <a href="/organize/events/{fair.id}">Fair</a>' in page
        assert "Cleo Example is to speak at" in page
    assert "Great Hall is taken twice" in many.text
    assert "taken twice" not in one
    inside = organizer.post(f"{agenda}/new", data=typed(room="Great Hall")).text
    assert "Great Hall is taken twice: “Opening”" in inside
    back = organizer.post(f"{agenda}/new", data=typed(room="Great Hall", again="yes")).text
    assert "Great Hall is taken twice" in back
    assert 'value="New"' in back
    assert len(the_sessions(congress)) == 2


def test_a_session_without_a_room_is_in_that_of_its_event(organizer, exchange, fair):
    evening = an_event("Evening", venue=exchange, room="Great Hall", starts=MORNING, ends=MORNING + 9 * HOUR)
    address = f"/organize/events/{evening.id}/agenda/new"

    assert "there is also" in organizer.post(address, data=typed(**AT_THE_FAIR)).text
    assert "there is also" not in organizer.post(address, data=typed(room="Attic", **AT_THE_FAIR)).text


@pytest.mark.parametrize("page", ["", "/postpone"])
def test_of_an_event_that_moves_the_sessions_meet_others_where_they_move_along_to(organizer, congress, exchange, page):
    """They are in the hall from nine to eleven that day: what is there at noon stands in nobody's way."""
    for title, day, hour in (("Then", 7, 10), ("Noon", 7, 12), ("Until now", 0, 9)):
        starts = MORNING + timedelta(days=day, hours=hour - 9)
        an_event(title, venue=exchange, room="Great Hall", starts=starts, ends=starts + HOUR)
    db.session.commit()
    times = {"starts_at": _at(congress.starts + timedelta(days=7)), "ends_at": _at(congress.ends + timedelta(days=7))}
    values = {**form_values(congress), "venue": str(exchange.id), **times}

    shown = organizer.post(f"/organize/events/{congress.id}{page}", data=values).text

    assert [f">{title}</a>" in shown for title in ("Then", "Noon", "Until now")] == [True, False, False]
    assert the_sessions(congress)[0].starts == MORNING


def test_the_agenda_costs_the_same_with_few_and_many_sessions_and_clashes(organizer, congress, exchange, counted):
    costs = []
    for number in range(3):
        starts = MORNING + number * HOUR
        other = an_event(f"Other {number}", venue=exchange, room="Great Hall", starts=starts, ends=starts + HOUR)
        other.speakers = [Speaker(position=0, name="Ada Example")]
        plan = Plan(f"More {number}", starts, starts + HOUR, room="Great Hall", chair="Ada Example")
        enter(congress, [plan], by=a_person(), now=NOW)
        db.session.commit()
        first = the_sessions(congress)[0].id
        for address in ("", f"/{first}", "/new"):
            with counted() as count:
                assert organizer.get(f"/organize/events/{congress.id}/agenda{address}").status_code == 200
            costs.append(len(count))
    assert costs[:3] == costs[3:6] == costs[6:]


def test_a_draft_wants_its_rooms_and_what_is_put_off_wants_none(organizer, congress, fair, exchange):
    starts, words = MORNING + 5 * HOUR, "there is also"
    draft = an_event("Draft", venue=exchange, room="", published_at=None, starts=MORNING, ends=MORNING + 9 * HOUR)
    plan = Plan("Talk", starts, starts + HOUR, room="Great Hall", chair="Cleo Example")
    enter(draft, [plan], by=a_person(), now=NOW)
    db.session.commit()
    agenda = f"/organize/events/{draft.id}/agenda"
    page = organizer.get(agenda).text
    assert words in page
    assert "Cleo Example is to speak" in page

    draft.postponed_at = NOW
    db.session.commit()
    page = organizer.get(agenda).text
    assert words not in page
    assert "Cleo Example is to speak" not in page


def test_of_a_draft_the_page_that_follows_tells_what_a_session_clashes_with(organizer, exchange, fair):
    draft = an_event("Plan", venue=exchange, room="", starts=MORNING, ends=MORNING + 9 * HOUR, published_at=None)
    db.session.commit()
    agenda = f"/organize/events/{draft.id}/agenda"
    new = typed(room="Great Hall", **AT_THE_FAIR)

    another = organizer.post(f"{agenda}/new", data={**new, "another": "yes"})
    organizer.post(f"{agenda}/new", data=new)

    (added, _) = the_sessions(draft)
    assert another.location == f"{agenda}/new?after={added.id}"
    following, all_of_them = organizer.get(another.location).text, organizer.get(agenda).text
    for page in (following, all_of_them):
        assert f'there is also <a href="/organize/events/{fair.id}">Fair</a>' in page
        assert "Great Hall is taken twice" in page
    assert "<h2>New session</h2>" in following
    for wrong in ("x", "9" * 30, "999999999"):
        page = organizer.get(f"{agenda}/new?after={wrong}")
        assert (page.status_code, "there is also" in page.text) == (200, False)


def test_of_very_many_in_the_way_the_page_says_how_many_it_does_not_name(organizer, congress, exchange):
    for number in range(MOST_CLASHES + 3):
        an_event(f"Other {number}", venue=exchange, room="Great Hall", starts=MORNING, ends=MORNING + HOUR)
    db.session.commit()

    page = organizer.get(f"/organize/events/{congress.id}").text

    assert page.count(">Other ") == MOST_CLASHES
    assert "and 3 more." in page

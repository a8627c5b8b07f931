"""The pages of agendas and speakers, and what changing a session does besides."""

import re
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.event import listen
from sqlalchemy.event import remove as no_longer_listen
from werkzeug.http import http_date

from society.agenda.actions import describe_speaker
from society.agenda.models import Session, SpeakerProfile
from society.agenda.moving import left_out, move_along
from society.agenda.planning import Plan, Times
from society.agenda.planning import fingerprint as fingerprint_of_session
from society.audit.models import AuditEntry
from society.db import db, is_writing
from society.events.changes import fingerprint
from society.events.models import Event, Speaker, Visibility
from society.mail.models import Letter
from society.mail.wording import unescaped
from society.records.erasing import blank
from society.records.personal_data import kept_on
from society.rsvps import feed
from society.rsvps.actions import reply
from society.rsvps.agenda import change, choose, enter, remove
from society.rsvps.models import Answer, Rsvp
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, an_event, letters_to
from tests.conftest import Browser

MORNING = NEXT_MONTH.replace(hour=9)


def a_congress(number: int = 2, title: str = "The congress", **values: Any) -> Event:
    """An event of two days with so many sessions of an hour, two at a time, each with a speaker."""
    event = an_event(title, starts=MORNING, ends=MORNING + timedelta(days=1, hours=9), **values)
    enter(event, plans(number), by=a_person("", "organizer"), now=NOW)
    if event.published_at:
        feed.refresh(event, NOW)
    return event


def plans(number: int) -> list[Plan]:
    made = []
    for n in range(number):
        starts = MORNING + timedelta(days=n // 2 % 2, hours=n // 4 % 8, minutes=n // 32)
        speakers = ((f"Speaker {n}", f"number {n}"),)
        ends = starts + timedelta(minutes=50)
        made.append(Plan(f"Talk {n}", starts, ends, room="AB"[n % 2], abstract="*Much*", speakers=speakers))
    return made


def the_sessions(event: Event) -> list[Session]:
    rows = select(Session).where(Session.event_id == event.id).order_by(Session.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("Olive Organizer", "organizer"))


def form_of(session: Session, **changed: Any) -> dict[str, Any]:
    values = {
        "title": session.title,
        "kind": session.kind.value,
        "starts_at": f"{session.starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{session.ends:%Y-%m-%dT%H:%M}",
        "room": session.room,
        "abstract": session.abstract,
        "speakers": "\n".join(f"{s.name} | {s.about}" for s in session.speakers),
    }
    return {**values, **changed}


def form_values(event: Event) -> dict[str, str]:
    """The event's own form, but for its times."""
    values = {"revision": fingerprint(event), "title": event.title, "timezone": event.zone, "max_party_size": "1"}
    return values | {"visibility": "public", "rsvp_policy": "open"}


def mark_on(page: str) -> str:
    """What its button sends."""
    return re.findall(r'name="confirmed" value="([^"]+)"', page)[-1]


# What everyone sees


def test_the_timetable_tells_rooms_speakers_and_abstracts_and_the_events_page_a_short_form(client: Browser) -> None:
    event = a_congress(4)

    page = client.get(f"/events/{event.slug}/agenda").text
    for words in ('<th scope="col">A</th>', "Talk 0", "9:00 to 9:50 am", 'href="/speakers/speaker-0"', "<em>Much</em>"):
        assert words in page
    short = client.get(f"/events/{event.slug}").text
    assert "Talk 3" in short
    assert f'href="/events/{event.slug}/agenda"' in short


def test_the_programme_to_print_has_the_abstracts_after_the_timetable(client: Browser, counted: Any) -> None:
    event, plain = a_congress(4), a_congress(2, "Without")
    a_backing(event, "Quayside Press", "sponsor")
    for session in the_sessions(plain):
        session.abstract = ""
    db.session.commit()
    alone = f"/events/{event.slug}/agenda"
    with counted() as count:
        page = client.get(alone).text
    with counted() as count_of_programme:
        programme = client.get(f"{alone}?programme=yes").text

    number = the_sessions(event)[0].id
    assert f'href="{alone}?programme=yes"' in page
    assert "<details" in page
    assert "abstracts-heading" not in page
    timetable, _, abstracts = programme.partition('id="abstracts-heading"')
    assert f'href="#abstract-{number}"' in timetable
    assert "<details" not in timetable
    assert abstracts.count("<em>Much</em>") == 4
    for words in (f'id="abstract-{number}"', "Talk 0", "9:00 to 9:50 am", "<b>Speaker 0</b>, number 0"):
        assert words in abstracts
    for shown in (page, programme):
        assert 'class="backed-by">Sponsored by ' in shown
        assert "Quayside Press</a>.</p>" in shown
    assert len(count) == len(count_of_programme)
    assert "programme=yes" not in client.get(f"/events/{plain.slug}/agenda").text
    assert "abstracts-heading" not in client.get(f"/events/{plain.slug}/agenda?programme=yes").text


def test_the_session_that_runs_is_marked(client: Browser) -> None:
    event = an_event("Now", starts=NOW.replace(tzinfo=None) - timedelta(hours=1), zone="UTC")
    event.ends_at += timedelta(hours=6)
    now_and_later = [
        Plan("Running", event.starts, event.starts + timedelta(hours=3)),
        Plan("Later", event.starts + timedelta(hours=3), event.starts + timedelta(hours=4)),
    ]
    enter(event, now_and_later, by=a_person("", "organizer"), now=NOW)

    page = client.get(f"/events/{event.slug}/agenda").text

    assert page.count(" running") == 1
    assert page.index(" running") < page.index("Running") < page.index("Later")


def test_three_hundred_sessions_cost_fewer_than_eight_queries_and_as_many_as_three(
    client: Browser, counted: Any
) -> None:
    event, small = a_congress(300), a_congress(3)
    person = a_person()
    for congress in (event, small):
        reply(congress, person, Answer.YES, at=NOW)
        for session in the_sessions(congress):
            session.capacity = 5
    client.sign_in(person)
    numbers = []
    for congress in (event, small):
        client.get(f"/events/{congress.slug}/agenda")
        with counted() as count:
            assert client.get(f"/events/{congress.slug}/agenda").status_code == 200
        numbers.append(len(count))

    assert numbers[0] == numbers[1]
    assert numbers[0] < 8


def test_visitors_get_three_hundred_sessions_in_fewer_than_eight_queries(client: Browser, counted: Any) -> None:
    event = a_congress(300)
    with counted() as count:
        assert client.get(f"/events/{event.slug}/agenda").status_code == 200

    assert len(count) < 8


def test_a_long_agenda_is_narrowed_to_a_track_or_a_room_with_what_is_for_all(client: Browser) -> None:
    event = a_congress(12)
    for number, session in enumerate(the_sessions(event)):
        session.track = ("Rivers", "rivers", "Ropes", "")[number % 4]
        session.room = "" if number == 3 else session.room
    db.session.commit()
    address = f"/events/{event.slug}/agenda"
    titles = {session.title: (session.track.lower(), session.room) for session in the_sessions(event)}

    def shown(**asked: str) -> set[str]:
        page = client.get(address, query_string=asked).text
        return {title for title in titles if f">{title}</h3>" in page}

    assert shown() == {*titles} == shown(track="Nowhere")
    assert shown(track="Rivers") == {title for title, (track, _) in titles.items() if track in ("rivers", "")}
    assert shown(room="A", track="Ropes") == {
        title for title, (track, room) in titles.items() if track in ("ropes", "") and room in ("A", "")
    }
    page = client.get(address, query_string={"track": "Ropes"}).text
    assert "Ropes: 6 of 12 sessions." in page
    assert f"{address}?programme=yes&amp;track=Ropes" in page
    assert f'<a href="{address}">The whole agenda</a>' in page
    page = client.get(address, query_string={"track": "Ropes", "programme": "yes"}).text
    assert f'<a href="{address}?programme=yes">The whole agenda</a>' in page
    assert '<form class="toolbar"' not in client.get(f"/events/{a_congress(4).slug}/agenda").text


def test_organizers_see_who_is_in_the_chair_where_they_plan(organizer: Browser) -> None:
    event = a_congress(1)
    the_sessions(event)[0].chair = "Dov Example"
    db.session.commit()
    assert "Chair: Dov Example" in organizer.get(f"/organize/events/{event.id}/agenda").text


def test_organizers_narrow_a_long_agenda_too_and_are_warned_of_all_of_it(client: Browser) -> None:
    client.sign_in(a_person("Ora", "organizer"))
    event = a_congress(12)
    for number, session in enumerate(the_sessions(event)):
        session.track = "Ropes" if number % 2 else "Rivers"
        session.room = session.room if number else ""
    db.session.commit()
    address = f"/organize/events/{event.id}/agenda"
    page = client.get(f"{address}?track=Ropes").text
    assert (">Talk 1<" in page, ">Talk 2<" in page) == (True, False)
    assert "Ropes: 6 of 12 sessions." in page
    assert f'<a href="{address}">The whole agenda</a>' in page
    assert "“Talk 0”" in page, "it has no room"
    none = client.get(f"{address}?track=Ropes&room=A").text
    assert ("0 of 12 sessions" in none, "No sessions yet" in none) == (True, False)


def test_a_plain_event_has_no_agenda_page_and_asks_for_none(client: Browser, counted: Any) -> None:
    event = an_event()
    with counted() as count:
        client.get(f"/events/{event.slug}")

    assert not [statement for statement in count.statements if "FROM event_session" in statement]
    assert client.get(f"/events/{event.slug}/agenda").status_code == 404


def test_the_events_own_page_costs_two_statements_more_however_long_its_agenda_is(
    client: Browser, counted: Any
) -> None:
    plain, short, long = an_event(), a_congress(2), a_congress(90)
    numbers = []
    for event in (plain, short, long):
        with counted() as count:
            assert client.get(f"/events/{event.slug}").status_code == 200
        numbers.append(len(count))

    assert numbers[0] <= 6
    assert numbers[1] == numbers[2] == numbers[0] + 2


# What organizers do


def test_a_session_is_added_changed_and_removed_and_the_log_tells_it(organizer: Browser) -> None:
    event = an_event(starts=MORNING, ends=MORNING + timedelta(hours=8))
    address = f"/organize/events/{event.id}/agenda"
    typed = {"title": "Opening", "kind": "keynote", "starts_at": f"{MORNING:%Y-%m-%dT%H:%M}"}
    typed |= {"ends_at": f"{MORNING + timedelta(hours=1):%Y-%m-%dT%H:%M}", "speakers": "Ada Example | historian"}

    shown = organizer.post(f"{address}/new", data=typed)
    assert "No app fetches a calendar that shows it" in shown.text
    assert the_sessions(event) == []
    feed.subscribe(a_person(), feed.Wanted(everything=True, sessions=True), now=NOW)
    assert "1 person’s own" in organizer.post(f"{address}/new", data=typed).text
    assert organizer.agree(shown).status_code == 303
    (session,) = the_sessions(event)
    assert (session.speakers[0].name, session.speakers[0].key) == ("Ada Example", "ada-example")
    assert "Opening" in organizer.get(f"/events/{event.slug}/agenda").text
    shown = organizer.post(f"{address}/{session.id}", data=form_of(session, title="Welcome", capacity="20"))
    assert organizer.agree(shown).status_code == 303
    assert "Welcome" in organizer.get(address).text
    assert organizer.agree(organizer.get(f"{address}/{session.id}/remove")).status_code == 303
    assert the_sessions(event) == []
    assert db.session.scalar(select(Event.has_agenda)) is False
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["session entered", "session changed", "session removed"]


@pytest.fixture
def workshop(app: Any) -> tuple[Session, list[Rsvp]]:
    """One seat: Ann has it, Ben waits."""
    event = a_congress(1)
    (session,) = the_sessions(event)
    session.capacity = 1
    rsvps = [
        reply(event, a_person(name, language=code), Answer.YES, at=NOW) for name, code in (("Ann", "de"), ("Ben", ""))
    ]
    for rsvp in rsvps:
        choose(rsvp, session, NOW)
    return session, rsvps


def test_a_change_of_a_session_is_shown_first_and_told_to_those_with_a_seat(
    organizer: Browser, workshop: tuple[Session, list[Rsvp]]
) -> None:
    session, (ann, ben) = workshop
    address = f"/organize/events/{session.event_id}/agenda/{session.id}"
    ten = f"{MORNING:%Y-%m-%d}T10:00"
    typed = form_of(session, starts_at=ten, ends_at=f"{MORNING:%Y-%m-%d}T11:00", room="Attic", capacity="1")

    shown = organizer.post(address, data=typed)

    assert shown.status_code == 200
    for words in (
        "<del>A</del>",
        "<ins>Attic</ins>",
        "<b>1</b> with a seat",
        "<b>1</b> waiting",
        "1 person with a seat in it and 1 who waits for one can be mailed",
    ):
        assert words in shown.text
    assert "calendars of those who follow single sessions" in shown.text
    assert the_sessions(session.event)[0].room == "A"

    again = organizer.post(address, data={**typed, "again": "yes"})
    assert 'value="Attic"' in again.text
    other = organizer.post(address, data={**typed, "room": "Cellar", "confirmed": mark_on(shown.text)})
    assert "Nothing is done yet" in other.text
    assert "<ins>Cellar</ins>" in other.text
    assert organizer.agree(shown, tell="yes", message="The roof is mended.").status_code == 303
    assert the_sessions(session.event)[0].room == "Attic"
    letter = db.session.scalars(select(Letter).where(Letter.subject == "Geändert: Talk 0")).one()
    assert letter.person_id == ann.person_id
    for words in ("09:00 – 09:50", "10:00 – 11:00", "Attic", "The roof is mended."):
        assert words in unescaped(letter.body)
    waits = db.session.scalars(select(Letter).where(Letter.subject == "Changed: Talk 0")).one()
    assert waits.person_id == ben.person_id
    for words in ("a session for which you are on the waiting list:", "Your place on the list is kept.", "Attic"):
        assert words in unescaped(waits.body)


def test_of_a_change_nobody_is_told_where_the_organizer_says_so_or_nobody_plans_by_it(
    organizer: Browser, workshop: tuple[Session, list[Rsvp]]
) -> None:
    session, (ann, _) = workshop
    address = f"/organize/events/{session.event_id}/agenda/{session.id}"
    small = form_of(session, chair="Cem", capacity="1")
    shown = organizer.post(address, data=small)
    assert "Nobody is written to" in shown.text
    organizer.agree(shown, tell="yes")
    moved = form_of(session, room="Attic", chair="Cem", capacity="1")
    organizer.agree(organizer.post(address, data=moved), tell="no")

    assert the_sessions(session.event)[0].room == "Attic"
    assert not [one for one in letters_to(ann.person) if "Talk 0" in one]


def test_whoever_had_a_seat_in_a_session_is_told_that_it_is_removed(
    organizer: Browser, workshop: tuple[Session, list[Rsvp]]
) -> None:
    session, (ann, ben) = workshop
    event, address = session.event, f"/organize/events/{session.event_id}/agenda/{session.id}/remove"
    shown = organizer.get(address)
    assert "1 person with a seat in it and 1 who waits for one can be mailed" in shown.text

    assert organizer.agree(shown, tell="yes", message="She is ill.").status_code == 303

    assert the_sessions(event) == []
    assert "Findet nicht statt: Talk 0" in letters_to(ann.person)
    waited = db.session.scalars(select(Letter).where(Letter.subject == "Not taking place: Talk 0")).one()
    assert waited.person_id == ben.person_id
    assert "a session for which you were on the waiting list does not take place:" in unescaped(waited.body)


def test_who_waits_is_told_though_nobody_with_a_seat_can_be(
    organizer: Browser, workshop: tuple[Session, list[Rsvp]]
) -> None:
    session, (ann, _) = workshop
    ann.person.email = None
    db.session.commit()
    address = f"/organize/events/{session.event_id}/agenda/{session.id}"
    shown = organizer.post(address, data=form_of(session, room="Attic", capacity="1"))
    assert "1 person who waits for a seat in it can be mailed" in shown.text


def test_whoever_took_a_seat_meanwhile_is_asked_about_before_a_session_is_moved_or_removed(
    organizer: Browser,
) -> None:
    event = a_congress(1)
    (session,) = the_sessions(event)
    session.capacity = 2
    address = f"/organize/events/{event.id}/agenda/{session.id}"
    moved = organizer.post(address, data=form_of(session, room="Attic", capacity="2"))
    removed = organizer.get(f"{address}/remove")
    assert "Nobody is written to" in moved.text
    ann = reply(event, a_person("Ann"), Answer.YES, at=NOW)
    choose(ann, session, NOW)
    db.session.commit()

    for seen in (organizer.agree(moved), organizer.agree(removed)):
        assert "Nothing is done yet" in seen.text
        assert "1 person with a seat in it can be mailed" in seen.text
    assert the_sessions(event)[0].room == "A"


def test_what_somebody_saved_meanwhile_is_not_overwritten_unseen(organizer: Browser) -> None:
    event = a_congress(1)
    (session,) = the_sessions(event)
    address = f"/organize/events/{event.id}/agenda/{session.id}"
    typed = form_of(session, title="Mine", revision=fingerprint_of_session(session))
    organizer.agree(organizer.post(address, data=form_of(session, title="Theirs")))

    answer = organizer.post(address, data=typed)

    assert answer.status_code == 422
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text
    assert the_sessions(event)[0].title == "Theirs"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Please fill this in."),
        ("ends_at", f"{MORNING:%Y-%m-%dT%H:%M}", "The end must come after the start."),
        ("starts_at", f"{MORNING:%Y-%m-%d}", "Please give a time of day too."),
        ("starts_at", "2027-03-14T02:30", "jump over"),
        ("capacity", "0", "A number from 1"),
        ("speakers", "| nobody", "Each line begins with a name"),
        ("slides_url", "javascript:alert(1)", "begins with https://"),
    ],
)
def test_a_form_that_fails_keeps_what_was_typed(organizer: Browser, field: str, value: str, sentence: str) -> None:
    event = an_event(starts=MORNING, ends=MORNING + timedelta(hours=8))
    typed = {"title": "Opening", "kind": "talk", "room": "Hall A", field: value}
    typed = {"starts_at": f"{MORNING:%Y-%m-%dT%H:%M}", "ends_at": f"{MORNING:%Y-%m-%dT10:%M}", **typed}

    answer = organizer.post(f"/organize/events/{event.id}/agenda/new", data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Hall A" in answer.text
    assert the_sessions(event) == []


def test_pasted_lines_are_shown_before_they_are_entered(organizer: Browser) -> None:
    event = an_event(starts=MORNING, ends=MORNING + timedelta(hours=8))
    address = f"/organize/events/{event.id}/agenda/paste"
    typed = {"lines": "09:00–10:00 | Hall A | One | Ada Example\n09:30–10:30 | Hall A | Two"}

    shown = organizer.post(address, data=typed)
    assert shown.status_code == 200
    assert "These 2 sessions would be added" in shown.text
    assert "Hall A is taken twice" in shown.text
    assert the_sessions(event) == []
    more = organizer.agree(shown, lines=typed["lines"] + "\n11:00–12:00 | Hall A | Three")
    assert "Nothing is done yet" in more.text
    assert "These 3 sessions would be added" in more.text
    assert the_sessions(event) == []
    assert organizer.agree(shown, **typed).status_code == 303
    assert [session.title for session in the_sessions(event)] == ["One", "Two"]
    assert "9:00 am to 10:00 am) is in the agenda already." in organizer.agree(shown, **typed).text
    wrong = organizer.agree(shown, lines="nothing of the kind")
    assert wrong.status_code == 422
    assert "nothing of the kind</textarea>" in wrong.text


def test_to_look_at_pasted_lines_keeps_nobody_else_from_writing(organizer: Browser) -> None:
    congress = an_event(starts=MORNING, ends=MORNING + timedelta(hours=8))
    db.session.commit()
    address, typed = f"/organize/events/{congress.id}/agenda/paste", {"lines": "09:00–10:00 | One"}
    writing: list[bool] = []

    def note(*_statement: object) -> None:
        writing.append(is_writing())

    listen(db.engine, "before_cursor_execute", note)
    try:
        shown = organizer.post(address, data=typed)
        looked = any(writing)
        assert organizer.agree(shown, **typed).status_code == 303
    finally:
        no_longer_listen(db.engine, "before_cursor_execute", note)
    assert (looked, any(writing)) == (False, True)


def test_sessions_move_along_with_their_event_and_the_page_says_so_before(organizer: Browser) -> None:
    event = a_congress(2)
    values = form_values(event) | {
        name: f"{moment + timedelta(days=1, hours=1):%Y-%m-%dT%H:%M}"
        for name, moment in (("starts_at", event.starts), ("ends_at", event.ends))
    }
    shown = organizer.post(f"/organize/events/{event.id}", data=values)
    assert "2 sessions move along: 1 day, 1 hour later" in " ".join(shown.text.split())
    assert the_sessions(event)[0].starts == MORNING

    organizer.agree(organizer.post(f"/organize/events/{event.id}", data=values), tell="no")

    moved = the_sessions(event)
    assert [session.starts for session in moved] == [MORNING + timedelta(days=1, hours=1)] * 2
    assert [session.sequence for session in moved] == [1, 1]
    db.session.refresh(event)
    assert moved[0].starts_at == event.starts_at


def test_a_session_moved_into_a_night_when_clocks_jump_begins_when_they_have_jumped_and_keeps_its_length(
    app: Any,
) -> None:
    starts = datetime(2027, 3, 13, 1)
    event = an_event(starts=starts, ends=starts + timedelta(hours=5))
    night = Plan("Night watch", starts + timedelta(minutes=90), starts + timedelta(minutes=150))
    (session,) = enter(event, [night], by=a_person("", "organizer"), now=NOW)
    was = Times.of(event)
    event.schedule(starts + timedelta(days=1), event.ends + timedelta(days=1), event.zone, all_day=False)

    assert move_along(event, was, NOW) == 1

    assert session.starts == datetime(2027, 3, 14, 3, 30)
    assert session.ends_at - session.starts_at == timedelta(hours=1)


def test_sessions_stay_where_they_are_when_the_event_only_grows(app: Any) -> None:
    event = a_congress(2)
    was = Times.of(event)
    event.schedule(event.starts, event.ends + timedelta(days=1), event.zone, all_day=False)

    assert move_along(event, was, NOW) == 0


def test_sessions_stay_around_which_the_event_grows_and_move_with_a_start_that_leaves_them_behind(app: Any) -> None:
    event = a_congress(4)
    was = Times.of(event)
    event.schedule(event.starts - timedelta(hours=1), event.ends, event.zone, all_day=False)
    assert move_along(event, was, NOW) == 0

    was = Times.of(event)
    event.schedule(event.starts + timedelta(days=7), event.ends + timedelta(days=6), event.zone, all_day=False)
    lost = left_out(event, was, the_sessions(event))
    assert move_along(event, was, NOW) == 4

    assert [session.starts - MORNING for session in the_sessions(event)] == [timedelta(days=n) for n in (7, 7, 8, 8)]
    assert [one.partition(" (")[0] for one in lost] == ["“Talk 2”", "“Talk 3”"]
    assert left_out(event, Times.of(event), the_sessions(event)) == []  # they are known to


@pytest.mark.parametrize(("page", "published_at"), [("", NOW), ("/postpone", NOW), ("", None)])
def test_sessions_that_a_new_date_would_leave_outside_are_named_before(
    organizer: Browser, page: str, published_at: datetime | None
) -> None:
    event = a_congress(4, published_at=published_at)
    values = form_values(event) | {
        "starts_at": f"{event.starts + timedelta(days=7):%Y-%m-%dT%H:%M}",
        "ends_at": f"{event.ends + timedelta(days=6):%Y-%m-%dT%H:%M}",
    }

    shown = organizer.post(f"/organize/events/{event.id}{page}", data=values)

    assert "4 sessions move along: 7 days later." in shown.text
    assert "2 sessions would lie outside their event" in shown.text
    assert "“Talk 3” (" in shown.text
    assert organizer.agree(shown, tell="no").status_code == 303
    assert the_sessions(event)[0].starts == MORNING + timedelta(days=7)


# Calendars


def uids(body: bytes) -> dict[str, Any]:
    return {str(entry["UID"]): entry for entry in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def test_only_calendars_that_ask_for_sessions_have_them(client: Browser) -> None:
    event = a_congress(3)
    assert set(uids(client.get(f"/events/{event.slug}.ics").data)) == {event.uid}
    assert set(uids(client.get("/calendar.ics").data)) == {event.uid}
    whole = uids(client.get(f"/events/{event.slug}.ics?sessions=yes").data)
    session = the_sessions(event)[0]
    entry = whole[f"{session.key}.{event.uid}"]
    assert len(whole) == 4
    pages = [client.get(f"/events/{one.slug}").text for one in (event, an_event())]
    offered = f'/events/{event.slug}.ics?sessions=yes" rel="noreferrer">Apple'
    assert [offered in pages[0], "Follow each of its sessions" in pages[1]] == [True, False]
    assert entry["RELATED-TO"] == event.uid
    assert entry["DTSTART"].dt.replace(tzinfo=None) == session.starts
    assert entry["LOCATION"] == "A"


def test_an_event_with_its_sessions_tells_when_any_of_them_last_changed_also_by_being_dropped(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, other = a_congress(3), a_congress(1)
    clock = [NOW + timedelta(minutes=1)]
    monkeypatch.setattr("society.calendars.routes.feeds.now", lambda: clock[0])
    client.get("/calendar.ics")  # the feed whose version dates the event itself
    whole, alone = f"/events/{event.slug}.ics?sessions=yes", f"/events/{event.slug}.ics"
    by, sessions = a_person("", "organizer"), the_sessions(event)

    def told(path: str, **headers: str) -> tuple[int, datetime | None]:
        clock[0] += timedelta(minutes=1)
        answer = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return answer.status_code, answer.last_modified

    first, begun = client.get(whole), told(alone)[1]
    plan = Plan("Another title", sessions[0].starts, sessions[0].ends)
    change(sessions[0], plan, by=by, now=NOW + timedelta(hours=1))
    clock[0] = NOW + timedelta(hours=2)
    assert told(whole) == (200, NOW + timedelta(hours=1))
    assert told(alone) == (200, begun)
    remove(sessions[1], by=by, now=NOW + timedelta(hours=3))
    clock[0] = NOW + timedelta(hours=4)
    at = http_date(NOW + timedelta(hours=3))
    assert told(whole, If_Modified_Since=http_date(NOW + timedelta(hours=1))) == (200, NOW + timedelta(hours=3))
    assert told(whole, If_Modified_Since=at)[0] == 304
    assert told(whole, If_Modified_Since=at, If_None_Match=first.headers["ETag"])[0] == 200  # RFC 9110, 13.2.2
    event.raise_sequence(NOW + timedelta(hours=5))
    feed.refresh(event, NOW + timedelta(hours=5))
    clock[0] = NOW + timedelta(hours=6)
    assert told(whole)[1] == told(alone)[1] == NOW + timedelta(hours=5)
    remove(the_sessions(other)[0], by=by, now=NOW + timedelta(hours=7))
    clock[0] = NOW + timedelta(hours=8)
    assert told(f"/events/{other.slug}.ics?sessions=yes")[1] == NOW + timedelta(hours=7)  # though it has none left


def test_a_personal_feed_has_sessions_if_chosen_and_changes_with_them(client: Browser) -> None:
    event, person, other = a_congress(2), a_person(), a_person()
    for somebody in (person, other):
        reply(event, somebody, Answer.YES, at=NOW)
    own = f"/calendar/personal/{feed.subscribe(person, feed.Wanted(everything=False, sessions=True), now=NOW)}.ics"
    others = f"/calendar/personal/{feed.subscribe(other, feed.Wanted(everything=False), now=NOW)}.ics"
    before, plain = client.get(own), client.get(others)
    public = client.get("/calendar.ics")
    assert (len(uids(before.data)), len(uids(plain.data))) == (3, 1)

    session = the_sessions(event)[0]
    plan = Plan("Another title", session.starts, session.ends)
    change(session, plan, by=a_person("", "organizer"), now=NOW + timedelta(minutes=5))

    after = client.get(own)
    assert after.headers["ETag"] != before.headers["ETag"]
    entry = uids(after.data)[f"{session.key}.{event.uid}"]
    assert (entry["SUMMARY"], entry["SEQUENCE"]) == ("Another title", 1)
    assert client.get(others).headers["ETag"] == plain.headers["ETag"]
    assert client.get("/calendar.ics").data == public.data
    assert client.get("/calendar.ics").headers["ETag"] == public.headers["ETag"]


def test_what_was_planned_as_a_draft_is_in_calendars_once_it_is_published(organizer: Browser) -> None:
    event = a_congress(2, published_at=None)
    organizer.post(f"/organize/events/{event.id}/publish")
    db.session.refresh(event)

    assert len(uids(organizer.get(f"/events/{event.slug}.ics?sessions=yes").data)) == 3


def test_a_persons_own_feed_changes_when_an_event_in_it_is_called_off(organizer: Browser) -> None:
    event, person = a_congress(1), a_person()
    reply(event, person, Answer.YES, at=NOW)
    own = f"/calendar/personal/{feed.subscribe(person, feed.Wanted(everything=False), now=NOW)}.ics"
    before = organizer.get(own).headers["ETag"]

    organizer.agree(organizer.get(f"/organize/events/{event.id}/cancel"), tell="no")

    after = organizer.get(own, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert str(uids(after.data)[event.uid]["STATUS"]) == "CANCELLED"


def test_calling_the_event_off_calls_off_its_sessions(organizer: Browser) -> None:
    event = a_congress(1)
    organizer.agree(organizer.get(f"/organize/events/{event.id}/cancel"), tell="no")

    whole = uids(organizer.get(f"/events/{event.slug}.ics?sessions=yes").data)

    assert {str(entry["STATUS"]) for entry in whole.values()} == {"CANCELLED"}
    assert {entry["SEQUENCE"] for entry in whole.values()} == {1}


# Speakers


def test_a_speakers_page_lists_visible_talks_once_by_one_name(client: Browser) -> None:
    event = an_event("An evening")
    event.speakers = [Speaker(position=0, name="Ada  EXAMPLE", about="historian")]
    hidden = an_event("The hidden evening", visibility=Visibility.MEMBERS)
    hidden.speakers = [Speaker(position=0, name="Ada Example"), Speaker(position=1, name="Hilda Hidden")]
    draft = an_event("Not yet", published_at=None)
    draft.speakers = [Speaker(position=0, name="Ada Example")]
    congress = an_event("The congress", starts=MORNING, ends=MORNING + timedelta(hours=8))
    plan = Plan("A session", MORNING, MORNING + timedelta(hours=1), speakers=(("Ada Example", ""),))
    enter(congress, [plan], by=a_person("", "organizer"), now=NOW)

    page, listed = client.get("/speakers/ada-example").text, client.get("/speakers").text

    assert "An evening" in page
    assert "A session" in page
    for words in ("hidden", "Not yet", "Hilda"):
        assert words not in page + listed
    assert listed.count("/speakers/ada-example") == 1
    assert client.get("/speakers/hilda-hidden").status_code == 404
    assert "Ada" in client.get("/speakers?q=EXAMP").text
    assert "Ada" not in client.get("/speakers?q=zzz").text


def test_sessions_of_a_members_only_event_and_of_a_draft_leak_nowhere(client: Browser) -> None:
    event = a_congress(1, "The hidden congress", visibility=Visibility.MEMBERS)
    draft = a_congress(1, "The draft", published_at=None, slug="the-draft")

    for address in ("/speakers/speaker-0", f"/events/{event.slug}/agenda", f"/events/{event.slug}.ics?sessions=yes"):
        assert client.get(address).status_code == 404
    assert client.get(f"/events/{draft.slug}/agenda").status_code == 404
    assert "Speaker 0" not in client.get("/speakers").text


def test_two_names_of_one_speaker_become_one_page_and_the_other_leads_there(organizer: Browser) -> None:
    event, other = an_event("First evening"), an_event("Second evening")
    event.speakers = [Speaker(position=0, name="Dr Ada Example")]
    other.speakers = [Speaker(position=0, name="Ada Example")]
    wrong = organizer.post("/organize/speakers/dr-ada-example", data={"same_as": "Nobody Known"})
    assert wrong.status_code == 422

    answer = organizer.post("/organize/speakers/dr-ada-example", data={"same_as": "ada example", "about": ""})

    assert answer.status_code == 303
    led = organizer.get("/speakers/dr-ada-example")
    assert (led.status_code, led.location) == (303, "/speakers/ada-example")
    page = organizer.get("/speakers/ada-example").text
    assert "First evening" in page
    assert "Second evening" in page
    an_event("Third evening").speakers = [Speaker(position=0, name="A. Example")]
    db.session.commit()
    organizer.post("/organize/speakers/a-example", data={"same_as": "Ada Example", "about": ""})
    listed = organizer.get("/speakers").text
    assert (listed.count("ada-example"), "<b>Ada Example</b>" in listed, "3 talks" in listed) == (1, True, True)
    loop = organizer.post("/organize/speakers/ada-example", data={"same_as": "Dr Ada Example"})
    assert loop.status_code == 422


def test_what_is_told_of_a_speaker_is_theirs_to_have_and_goes_when_they_are_erased(app: Any) -> None:
    person, organizer = a_person("Ada Example"), a_person("", "organizer")
    told = {"about": "A *life*.", "person": person, "same_as": None}
    describe_speaker("ada-example", "Ada Example", **told, by=organizer, now=NOW)

    assert kept_on(person)["speaks_as"][0]["about"] == "A *life*."
    blank([person], "Erased person", NOW)
    row = db.session.scalars(select(SpeakerProfile).execution_options(populate_existing=True)).one()
    assert (row.about, row.person_id) == ("", None)
    log = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "speaker described")).one()
    assert "life" not in str(log.after)


def test_the_list_of_speakers_costs_the_same_with_one_and_with_many(client: Browser, counted: Any) -> None:
    numbers = []
    for number in (1, 60):
        a_congress(number)
        client.application.extensions["keep"].clear()
        with counted() as count:
            client.get("/speakers?page=1")
        numbers.append(len(count))

    assert numbers[0] == numbers[1] <= 4


def test_a_copy_of_an_event_has_the_same_agenda(organizer: Browser) -> None:
    event = a_congress(3)
    organizer.post(f"/organize/events/{event.id}/duplicate")

    copy = db.session.scalars(select(Event).where(Event.id != event.id)).one()

    assert copy.has_agenda
    assert [s.title for s in the_sessions(copy)] == ["Talk 0", "Talk 1", "Talk 2"]
    assert the_sessions(copy)[0].key != the_sessions(event)[0].key


def test_the_agenda_tells_how_to_choose_sessions_only_as_long_as_any_has_seats_to_give(organizer: Browser):
    event = a_congress()
    the_sessions(event)[0].capacity = 5
    db.session.commit()
    assert "Some sessions have seats of their own" in organizer.get(f"/events/{event.slug}/agenda").text

    event.rsvp_closes_at = NOW - timedelta(hours=1)
    db.session.commit()
    assert "Some sessions have seats of their own" not in organizer.get(f"/events/{event.slug}/agenda").text

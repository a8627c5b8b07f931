"""Calendars of sister societies: read in bounds, replaced whole, shown beside ours and nowhere else."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.chores import BESIDE, CHORES
from society.db import begin_write, db
from society.errors import Refused
from society.imports.fetching import Answered
from society.kept import public_version
from society.mail import worker
from society.mail.actions import write_markdown
from society.mail.models import LetterState
from society.sisters import actions
from society.sisters.models import SisterCalendar, SisterEntry
from society.sisters.reading import MOST, MOST_READ, looked_at
from tests.builders import NEXT_MONTH, NOW, TODAY, a_person, an_event

SOON = NEXT_MONTH.replace(hour=19) - timedelta(days=26)


def an_entry(title="An evening", starts=SOON, uid="one", more=""):
    ends = starts + timedelta(hours=1)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;TZID=America/New_York:{starts:%Y%m%dT%H%M%S}\r\n"
        f"DTEND;TZID=America/New_York:{ends:%Y%m%dT%H%M%S}\r\nSUMMARY:{title}\r\n{more}END:VEVENT\r\n"
    )


def a_file(*entries):
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(entries)}END:VCALENDAR\r\n".encode()


def look(*entries):
    return looked_at(a_file(*entries), zone="America/New_York", today=TODAY)


class Server:
    """Gives a body, none (304) or a refusal, and notes what it was asked with."""

    def __init__(self, body, headers=None):
        self.body, self.headers, self.asked = body, headers or {}, []

    def __call__(self, _address, known=None):
        self.asked.append(known)
        if isinstance(self.body, str):
            raise Refused(self.body)
        return Answered(self.body, self.headers, moved=False, unchanged=not self.body)


@pytest.fixture
def by(app):
    person = a_person("Olga Organizer", "organizer")
    db.session.commit()
    return person


@pytest.fixture
def calendar(by):
    return begun(by, a_file(an_entry("Elsewhere evening", more="URL:https://sister.example.org/1\r\n")))


def begun(by, body, name="the B League", number=1, headers=None):
    get = Server(body, headers)
    address = f"https://sister{number}.example.org/a.ics"
    answered, found = actions.look_at(address, NOW, get=get)
    values = {"name": name, "address": address, "colour": None}
    made = actions.begin(values, answered, found, by=by, now=NOW)
    db.session.commit()
    return made


def titles():
    return list(db.session.scalars(select(SisterEntry.title).order_by(SisterEntry.starts_at)))


def test_only_a_month_back_and_a_year_and_a_half_ahead_is_read_and_no_more_than_can_be_shown():
    days = (-40, -20, 0, 500, 600)
    found = look(*(an_entry(f"Day {n}", SOON + timedelta(days=n), uid=str(n)) for n in days))
    many = look(*(an_entry(uid=str(n)) for n in range(MOST + 5)))

    assert [entry.title for entry in found.entries] == ["Day -20", "Day 0", "Day 500"]
    assert len(many.entries) == MOST
    assert f"Only the first {MOST:,} of {MOST + 5:,} are shown." in many.about


def test_what_recurs_every_day_since_long_ago_is_read_as_it_goes_on():
    found = look(an_entry(starts=SOON - timedelta(days=1500), more="RRULE:FREQ=DAILY\r\n"))

    assert SOON in {entry.starts for entry in found.entries}


def test_what_is_not_public_there_or_not_certain_yet_is_left_out_and_counted():
    found = look(
        an_entry(),
        an_entry("Board", uid="board", more="CLASS:PRIVATE\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"),
        an_entry("Treasurer", uid="treasurer", more="CLASS:CONFIDENTIAL\r\nSTATUS:TENTATIVE\r\n"),
        an_entry("Perhaps", uid="perhaps", more="STATUS:TENTATIVE\r\n"),
    )

    assert [entry.title for entry in found.entries] == ["An evening"]
    assert "Left out as not public there: 4 events." in found.about
    assert "Left out until certain there: 1 event." in found.about


def test_times_of_theirs_are_by_the_clocks_that_their_file_names_for_itself():
    at = f"{SOON:%Y%m%d}"
    body = f"X-WR-TIMEZONE:Asia/Tokyo\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:{at}T100000Z\r\nEND:VEVENT\r\n"
    found = look(f"{body}BEGIN:VEVENT\r\nUID:b\r\nDTSTART:{at}T190000\r\nEND:VEVENT\r\n")

    assert [(entry.starts, entry.zone) for entry in found.entries] == [(SOON, "Asia/Tokyo")] * 2
    assert "1 time without a zone: they are taken by the clocks of Tokyo." in found.about


def test_a_calendar_of_too_many_dates_is_refused_soon_and_tried_again_after_a_day(calendar):
    number, at = calendar.id, NOW + timedelta(hours=4)
    daily = [an_entry(uid=str(n), more="RRULE:FREQ=DAILY\r\n") for n in range(1_500)]
    begun = time.thread_time()

    told = actions.fetch_again(number, at, get=Server(a_file(*daily)))

    assert time.thread_time() - begun < 20
    assert f"more than {MOST_READ:,} events" in told
    assert db.session.get_one(SisterCalendar, number).next_at == at + timedelta(days=1)
    assert titles() == ["Elsewhere evening"]


def test_an_archive_of_theirs_is_passed_over():
    years = [an_entry(f"Year {n}", SOON - timedelta(days=400 * n), uid=str(n)) for n in range(3)]
    begun = an_entry("Weekly", SOON - timedelta(days=700), "weekly", more="RRULE:FREQ=WEEKLY\r\n")
    found = look(
        *years, begun, *[an_entry(uid=f"old {n}", starts=SOON - timedelta(days=900)) for n in range(MOST_READ)]
    )

    assert {entry.title for entry in found.entries} == {"Year 0", "Weekly"}


def test_what_has_no_time_that_can_be_is_left_out_with_the_reason_and_the_rest_is_kept():
    long = an_entry("A decade", uid="long", more="").replace(f"DTEND;TZID=America/New_York:{SOON:%Y}", "DTEND:2199")
    found = look(an_entry(), long, "BEGIN:VEVENT\r\nUID:none\r\nSUMMARY:Whenever\r\nEND:VEVENT\r\n")

    assert [entry.title for entry in found.entries] == ["An evening"]
    assert {one.who for one in found.left_out} == {"A decade", "Whenever"}


def test_theirs_stands_in_the_list_the_day_and_the_month_marked_as_theirs(client, calendar):
    an_event("Our own evening", starts=SOON)
    day = f"{SOON:%Y-%m-%d}"

    for address in ("/events", f"/events?day={day}", f"/events/month?month={SOON:%Y-%m}"):
        page = client.get(address).text
        assert 'href="https://sister.example.org/1"' in page
        assert "by the B League" in page


def test_theirs_is_in_no_feed_and_no_search_and_can_be_left_out(client, calendar):
    an_event("Evening", starts=SOON)
    month = f"month={SOON:%Y-%m}"
    searches = ("/events?q=evening", "/events?own=yes", "/events?page=2", f"/events/month?{month}&own=yes")

    for address in (*searches, "/calendar.ics?past=all", "/events.atom", "/events.json", "/events/past", "/"):
        assert "Elsewhere evening" not in client.get(address).text, address


def test_fetching_again_replaces_all_and_raises_the_pages_version_only_where_something_changed(calendar):
    same, other = (
        a_file(an_entry("Elsewhere evening", more="URL:https://sister.example.org/1\r\n")),
        a_file(an_entry("Another evening", uid="two")),
    )
    before, at = public_version(), NOW + timedelta(hours=5)

    actions.fetch_due(at, get=Server(same))
    assert public_version() == before

    actions.fetch_due(at + timedelta(hours=5), get=Server(other))
    assert titles() == ["Another evening"]
    assert public_version() == before + 1


def test_a_calendar_is_asked_for_by_what_it_was_given_with_and_in_whole_once_a_week(by):
    calendar = begun(by, a_file(an_entry()), headers={"ETag": '"abc"', "Last-Modified": "yesterday"})
    unchanged = Server(b"")

    actions.fetch_due(NOW + timedelta(hours=3), get=unchanged)
    assert unchanged.asked == []  # it is not time yet
    actions.fetch_due(NOW + timedelta(hours=4), get=unchanged)
    assert unchanged.asked == [{"If-None-Match": '"abc"', "If-Modified-Since": "yesterday"}]
    assert titles() == ["An evening"]
    actions.fetch_again(calendar.id, NOW + timedelta(days=8), get=unchanged)
    assert unchanged.asked[1] == {}


def test_what_was_fetched_stays_while_their_server_fails_which_is_told_with_since_when_and_why(client, by, calendar):
    at, broken = NOW + timedelta(hours=4), Server("The server answers with the error 500.")
    number = calendar.id
    for pause in (1, 2, 4):
        actions.fetch_due(at, get=broken)
        row = db.session.get_one(SisterCalendar, number)
        assert row.next_at == at + timedelta(hours=pause)
        at = row.next_at
        db.session.rollback()

    page = client.sign_in(by).get(f"/organize/calendars/sisters/{number}").text
    assert "The server answers with the error 500." in page
    assert titles() == ["Elsewhere evening"]
    assert row.failing_since == NOW + timedelta(hours=4)
    actions.fetch_due(at, get=Server(b""))
    assert db.session.get_one(SisterCalendar, number).failing_since is None


def test_one_that_fails_as_nobody_has_foreseen_is_told_and_logged_and_keeps_no_other_back(by, calendar, caplog):
    """Whether its server or what it sent is to blame, nothing of it is written down."""
    number, other = calendar.id, begun(by, a_file(an_entry("Other")), "the C League", 2).id
    at, more = NOW + timedelta(hours=4), Server(a_file(an_entry("Elsewhere anew")))

    def get(address, known=None):
        return more(address) if "sister2" in address else Answered(None, {}, moved=False, unchanged=False)

    actions.fetch_due(at, get=get)

    failing = db.session.get_one(SisterCalendar, number)
    assert (failing.failing_since, failing.failure) == (at, actions.UNFORESEEN)
    assert failing.next_at == at + timedelta(hours=1)
    assert db.session.get_one(SisterCalendar, other).answered_at == at
    assert titles() == ["Elsewhere evening", "Elsewhere anew"]
    assert [record.message for record in caplog.records if record.exc_info] == [
        "a sister calendar could not be fetched"
    ]


def test_a_sister_that_says_nothing_keeps_no_letter_waiting(app, calendar, monkeypatch):
    letter, stop, asked = write_markdown(a_person(), "Subject", "Body", "r", now=NOW), threading.Event(), []
    calendar.next_at = NOW
    db.session.commit()
    monkeypatch.setattr(worker, "this_instant", lambda: NOW)

    def says_nothing(number, *_, **__):
        asked.append(number)
        stop.wait(20)

    def work():
        with app.app_context():
            worker.run(stop, CHORES, (), BESIDE)

    monkeypatch.setattr(actions, "fetch_again", says_nothing)
    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(100):
        stop.wait(0.05)
        db.session.rollback()
        db.session.refresh(letter)
        if asked and letter.state is LetterState.SENT:
            break
    stop.set()
    thread.join(20)
    assert (len(asked), letter.state) == (1, LetterState.SENT)


def test_what_cannot_be_read_any_more_stays_as_it_was_and_what_is_gone_goes(client, by):
    """An event of theirs that a fetch finds spoilt is in their calendar still."""
    on, far = SOON + timedelta(days=1), SOON + timedelta(days=2)
    weekly = an_entry("Weekly", on, "weekly", more="RRULE:FREQ=WEEKLY;COUNT=2\r\n")
    calendar = begun(by, a_file(an_entry(), an_entry("Two", on, "two"), an_entry("Gone", far, "gone"), weekly))
    number, before = calendar.id, calendar.digest
    spoilt = an_entry("Two", on, "two").replace("DTSTART;", "X-START;")
    hourly = weekly.replace("WEEKLY", "HOURLY")

    told = actions.fetch_again(number, NOW + timedelta(hours=4), get=Server(a_file(an_entry(), spoilt, hourly)))
    assert titles() == ["An evening", "Two", "Weekly", "Weekly"]
    assert told == "3 events of theirs cannot be read any more. They are shown as they were."
    version = public_version()
    assert actions.fetch_again(number, NOW + timedelta(hours=8), get=Server(a_file(an_entry(), spoilt, hourly))) == told
    assert (public_version(), db.session.get_one(SisterCalendar, number).digest != before) == (version, True)

    assert not actions.fetch_again(number, NOW + timedelta(hours=12), get=Server(a_file(an_entry())))
    assert titles() == ["An evening"]


def test_a_calendar_that_breaks_off_leaves_what_is_shown_as_it_is(by):
    whole = a_file(an_entry(), an_entry("Two", uid="two"))
    calendar = begun(by, whole)
    number = calendar.id

    told = actions.fetch_again(number, NOW + timedelta(hours=4), get=Server(whole[: whole.index(b"UID:two")]))

    assert "breaks off" in told
    assert len(titles()) == 2
    assert db.session.get_one(SisterCalendar, number).failure == told


def test_to_look_keeps_nothing_and_the_word_does(client, by, monkeypatch):
    monkeypatch.setattr(actions.look_at, "__kwdefaults__", {"get": Server(a_file(an_entry()))})
    client.sign_in(by)
    typed = {"name": "the C Circle", "address": "webcal://c.example.org/all.ics", "colour": "teal"}

    looked = client.post("/organize/calendars/sisters", data=typed)
    assert "An evening" in looked.text
    assert titles() == []

    assert client.post("/organize/calendars/sisters", data={**typed, "then": "keep"}).status_code == 303
    kept = db.session.scalars(select(SisterCalendar)).one()
    assert (kept.address, titles()) == ("https://c.example.org/all.ics", ["An evening"])

    again = client.post("/organize/calendars/sisters", data=typed)
    assert again.status_code == 422
    assert "That calendar is shown already." in again.text


def test_an_address_within_our_own_network_is_refused_with_everything_still_typed(client, by):
    typed = {"name": "the C Circle", "address": "https://127.0.0.1/all.ics", "colour": "teal", "then": "keep"}

    page = client.sign_in(by).post("/organize/calendars/sisters", data=typed)

    assert page.status_code == 422
    assert "private network" in page.text
    assert 'value="the C Circle"' in page.text


def test_to_stop_forgets_all_of_it_and_is_on_record(client, by, calendar):
    client.sign_in(by).post(f"/organize/calendars/sisters/{calendar.id}/stop")

    assert titles() == []
    assert db.session.scalar(select(func.count()).select_from(SisterCalendar)) == 0
    acts = set(db.session.scalars(select(AuditEntry.act)))
    assert {"sister calendar begun", "sister calendar stopped"} <= acts


def test_lists_cost_one_statement_more_with_sisters_and_none_without(client, counted, by):
    def cost(path):
        client.application.extensions["keep"].clear()
        with counted() as count:
            assert client.get(path).status_code == 200
        return len(count)

    an_event("Our own", starts=SOON)
    db.session.commit()
    paths = ("/events", "/events/month", f"/events?day={SOON:%Y-%m-%d}")
    before = [cost(path) for path in paths]
    for number in range(1, actions.MOST_CALENDARS + 1):
        many = [an_entry(uid=str(n), starts=SOON + timedelta(hours=n)) for n in range(number * 2)]
        begun(by, a_file(*many), f"Sister {number}", number)
        if number in (1, 2, actions.MOST_CALENDARS):
            assert [cost(path) for path in paths] == [n + 1 for n in before]
    begin_write()  # what is shown changes once more, by events of ours
    for _ in range(60):
        an_event("Another", starts=SOON)
    db.session.commit()
    assert [cost(path) for path in paths] == [n + 1 for n in before]

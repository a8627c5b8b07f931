"""The check of calendars: every rule seen to be broken, and none by a feed of ours."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from society.calendars.check import MOST, check
from society.calendars.check.reading import Answered
from society.calendars.check.rules import RULES
from society.calendars.forms import CheckForm
from society.db import db
from society.errors import Refused
from society.events.models import Category
from society.imports import fetching
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, refresh, subscribe
from society.rsvps.models import Answer
from tests.builders import NEXT_MONTH, NOW, a_person, a_venue, an_event
from tests.conftest import Browser

GOOD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
X-WR-CALNAME:Evenings
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:one@example.org
DTSTAMP:20261101T120000Z
DTSTART;TZID=Europe/Berlin:20270105T190000
DTEND;TZID="Europe/Berlin":20270105T203000
SUMMARY:An evening\\, and more
END:VEVENT
BEGIN:VEVENT
UID:two@example.org
DTSTAMP:20261101T120000Z
DTSTART;VALUE=DATE:20270106
DTEND;VALUE=DATE:20270107
SUMMARY:A day with a rather long title so that this lin
 e is folded
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def instead(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda good: good.replace(old.encode(), new.encode(), 1)


TITLE = "SUMMARY:An evening\\, and more"
BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "no_calendar": lambda _: b"<html><body>Please sign in.</body></html>\r\n",
    "bare_line_feeds": lambda good: good.replace(b"\r\n", b"\n"),
    "long_lines": instead("lin\r\n e is", "line is" * 5),
    "cut_characters": lambda good: good.replace(b"lin\r\n e", b"\xc3\r\n \xbc"),
    "another_encoding": lambda good: good.replace(b"evening", b"g\xe4thering"),
    "control_characters": instead("evening", "even\x07ing"),
    "unreadable_lines": instead(TITLE, f"{TITLE}\r\nno property"),
    "unbalanced": instead("END:VEVENT\r\nEND:VCALENDAR\r\n", ""),
    "unnamed": instead("VERSION:2.0", "VERSION:1.0"),
    "has_a_method": instead("VERSION:2.0", "VERSION:2.0\r\nMETHOD:PUBLISH"),
    "undescribed_zones": instead("TZID:Europe/Berlin", "TZID:Berlin"),
    "empty_zones": instead("VERSION:2.0", "VERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE"),
    "zones_by_dates": instead("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:19971026T030000"),
    "too_large": lambda good: good.replace(
        b"END:VCALENDAR", (b"X-LONG:" + b"1" * 68 + b"\r\n") * 14_000 + b"END:VCALENDAR"
    ),
    "too_many": lambda good: good + b"BEGIN:VEVENT" * 3_001,
    "no_uid": instead("UID:one@example.org\r\n", ""),
    "one_uid_for_several": instead("two@example.org", "one@example.org"),
    "no_stamp": instead("DTSTAMP:20261101T120000Z\r\n", ""),
    "stamps_without_z": instead("DTSTAMP:20261101T120000Z", "DTSTAMP:20261101T120000"),
    "no_start": instead("DTSTART;VALUE=DATE:20270106\r\n", ""),
    "no_times": instead("20270106", "20270231"),
    "floating": instead(";TZID=Europe/Berlin:2027", ":2027"),
    "two_zones": instead("T190000", "T190000Z"),
    "ends_first": instead("T203000", "T183000"),
    "last_day_as_end": instead("20270107", "20270106"),
    "day_and_hour": instead("DTEND;VALUE=DATE:20270107", "DTEND:20270107T100000Z"),
    "end_and_duration": instead(TITLE, f"{TITLE}\r\nDURATION:PT1H"),
    "count_and_until": instead(TITLE, f"{TITLE}\r\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20270107T000000Z"),
    "names_people": instead(TITLE, f"{TITLE}\r\nATTENDEE:mailto:ann@example.org"),
    "no_title": instead(f"{TITLE}\r\n", ""),
    "unescaped": instead("\\, and", ", and"),
    "odd_status": instead(TITLE, f"{TITLE}\r\nSTATUS:POSTPONED"),
    "nameless": instead("X-WR-CALNAME:Evenings\r\n", ""),
    "several": lambda good: good + b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//X//EN\r\nEND:VCALENDAR\r\n",
    "no_frequency": instead(TITLE, f"{TITLE}\r\nRRULE:FREQ=FORTNIGHTLY"),
    "beyond_outlook": instead(TITLE, f"{TITLE}\r\nRRULE:FREQ=HOURLY;COUNT=2"),
    "odd_until": instead(TITLE, f"{TITLE}\r\nRRULE:FREQ=DAILY;UNTIL=20270107T190000"),
    "unlike_their_event": instead(TITLE, f"{TITLE}\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20270106T180000Z"),
    "given_up_rules": instead(TITLE, f"{TITLE}\r\nEXRULE:FREQ=DAILY;COUNT=2"),
    "unsaid_days": instead("DTSTART;VALUE=DATE", "DTSTART"),
    "days_with_zones": instead("DTSTART;VALUE=DATE", "DTSTART;VALUE=DATE;TZID=Europe/Berlin"),
    "other_zone_names": lambda good: good.replace(b"Europe/Berlin", b"W. Europe Standard Time"),
    "said_twice": instead(TITLE, f"{TITLE}\r\nSUMMARY:Another"),
    "odd_coordinates": instead(TITLE, f"{TITLE}\r\nGEO:52.5,13.4"),
    "odd_sequence": instead(TITLE, f"{TITLE}\r\nSEQUENCE:1.5"),
    "odd_durations": instead('DTEND;TZID="Europe/Berlin":20270105T203000', "DURATION:1H30M"),
    "half_alarms": instead(TITLE, f"{TITLE}\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM"),
    "files_within": instead(TITLE, f"{TITLE}\r\nATTACH;VALUE=BINARY;ENCODING=BASE64:AAAA"),
    "long_uids": instead("one@", "\r\n ".join(["o" * 60] * 5) + "@"),
}
HEADERS = {"Content-Type": "text/calendar; charset=utf-8", "ETag": '"1"'}
BADLY_ANSWERED = {
    "another_kind": Answered({**HEADERS, "Content-Type": "text/html; charset=utf-8"}),
    "no_charset": Answered({**HEADERS, "Content-Type": "text/calendar"}),
    "no_validators": Answered({"Content-Type": "text/calendar; charset=utf-8"}),
    "leads_on": Answered(HEADERS, moved=True),
}


def broken(octets: bytes, answer: Answered | None = None) -> set[str]:
    return {complaint.rule.broken.__name__ for complaint in check(octets, answer).complaints}


def test_a_calendar_to_the_letter_has_nothing_to_complain_about() -> None:
    assert broken(GOOD, Answered(HEADERS)) == set()


def test_each_rule_is_tried() -> None:
    assert {rule.broken.__name__ for rule in RULES} == set(BROKEN) | set(BADLY_ANSWERED)


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_is_found(name: str) -> None:
    found = broken(BROKEN[name](GOOD))
    assert name in found
    assert len(found) == 1 or name in ("no_calendar", "floating", "two_zones", "too_many", "day_and_hour")


BERLIN = "TZID=Europe/Berlin"
FINE = {
    "a rule to the letter": [
        TITLE,
        "RRULE:FREQ=WEEKLY;UNTIL=20270301T180000Z;BYDAY=TU",
        f"EXDATE;{BERLIN}:20270112T190000",
    ],
    "periods beside it": [TITLE, "RRULE:FREQ=DAILY;COUNT=2", f"RDATE;{BERLIN};VALUE=PERIOD:20270112T190000/PT1H"],
    "several days left out": [TITLE, "RRULE:freq=daily;count=9", f"EXDATE;{BERLIN}:20270107T190000,20270108T190000"],
    "signs and numbers": [TITLE, "GEO:-33.856;+151.215", "SEQUENCE:0", "CATEGORIES:One", "CATEGORIES:Two"],
    "an alarm": [TITLE, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Soon", "END:VALARM"],
}


@pytest.mark.parametrize("lines", FINE.values(), ids=FINE)
def test_what_is_to_the_letter_is_no_fault(lines: list[str]) -> None:
    assert broken(instead(TITLE, "\r\n".join(lines))(GOOD)) == set()


def test_whole_days_recur_until_a_day_and_without_days() -> None:
    last = "DTEND;VALUE=DATE:20270107"
    assert not broken(instead(last, f"{last}\r\nRRULE:FREQ=DAILY;UNTIL=20270109\r\nEXDATE;VALUE=DATE:20270108")(GOOD))
    assert broken(instead(last, f"{last}\r\nRRULE:FREQ=DAILY;UNTIL=20270109T000000Z")(GOOD)) == {"odd_until"}
    assert broken(instead(last, f"{last}\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY")(GOOD)) == {"beyond_outlook"}


@pytest.mark.parametrize("length", ["PT1H30M", "P1D", "P2W", "+P1DT2H", "PT0S"])
def test_durations_of_all_forms_are_known(length: str) -> None:
    assert not broken(instead('DTEND;TZID="Europe/Berlin":20270105T203000', f"DURATION:{length}")(GOOD))


@pytest.mark.parametrize("name", BADLY_ANSWERED)
def test_each_fault_of_an_answer_is_found(name: str) -> None:
    assert broken(GOOD, BADLY_ANSWERED[name]) == {name}


def test_a_complaint_says_where() -> None:
    [found] = check(GOOD.replace(b"END:VCALENDAR", b"ODD\r\n" * 7 + b"END:VCALENDAR")).complaints
    assert (found.lines, found.count) == ((29, 30, 31, 32, 33), 7)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([*GOOD.splitlines(keepends=True), b"\xff\r\n", b"BEGIN:\r\n", b" \n", b":;=\r\n"])))
def test_nothing_in_a_file_makes_the_check_fail(lines: list[bytes]) -> None:
    check(b"".join(lines))


def test_of_a_very_long_calendar_whole_entries_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("society.calendars.check.MOST", 20_000)
    entry = GOOD[GOOD.index(b"BEGIN:VEVENT") : GOOD.index(b"BEGIN:VEVENT\r\nUID:two")]
    head = GOOD[: GOOD.index(b"BEGIN:VEVENT")]
    entries = (entry.replace(b"UID:one", b"UID:%d" % number) for number in range(150))
    verdict = check(b"".join([head, *entries, b"END:VCALENDAR\r\n"]))
    assert verdict.partly
    assert (verdict.complaints, verdict.events) == ((), 150)


def test_no_feed_of_ours_has_anything_to_complain_about(client: Browser) -> None:
    kind, hall = Category(name="Lectures", slug="lectures"), a_venue("Straße, “8”; Ost", slug="hall")
    db.session.add(kind)
    midnight = NEXT_MONTH.replace(hour=0)
    events = [
        an_event("Straße, “Über­setzung”; 漢字 " * 5, venue=hall, category=kind, room="A; B", summary="One,\ntwo"),
        an_event("Days", all_day=True, starts=midnight, ends=midnight + timedelta(days=2)),
        an_event("In Morocco", zone="Africa/Casablanca", online_url="https://meet.example.org/a;b,c"),
        an_event("In UTC", zone="UTC", cancelled_at=NOW),
    ]
    person = a_person()
    for event in events:
        if event.on:
            reply(event, person, Answer.YES, at=NOW)
        refresh(event, NOW)
    own = subscribe(person, Wanted(everything=True, sessions=True, alarm_minutes=60), now=NOW)
    narrowed = ("category/lectures", "venue/hall", "open", f"personal/{own}")
    paths = ["/calendar.ics", "/calendar.ics?past=all", *(f"/calendar/{key}.ics" for key in narrowed)]
    for path in [*paths, f"/events/{events[0].slug}.ics"]:
        answer = client.get(path)
        assert [one.rule.says for one in check(answer.data, Answered(dict(answer.headers))).complaints] == [], path


def test_an_organizer_checks_a_feed_of_ours_a_file_and_a_text(client: Browser) -> None:
    refresh(an_event("A talk"), NOW)
    client.sign_in(a_person("Olga", "organizer"))
    page = client.get("/organize/calendars/check?feed=all", headers={"Accept-Encoding": "gzip"})
    assert page.status_code == 200
    assert "Nothing to complain about" in client.get("/organize/calendars/check?feed=all").text
    faulty = BROKEN["has_a_method"](GOOD)
    by_file = client.post("/organize/calendars/check", data={"file": (BytesIO(faulty), "a.ics")}).text
    assert "It has a METHOD" in by_file
    assert "Line 3." in by_file
    asked = {"text": faulty.decode(), "app": "google"}
    assert "Nothing to complain about for Google Calendar" in client.post("/organize/calendars/check", data=asked).text
    empty = client.post("/organize/calendars/check", data={"text": " "})
    assert empty.status_code == 422
    assert "Please choose a file" in empty.text


def test_a_feed_of_ours_is_checked_as_it_comes_over_the_web(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answered(address: str) -> fetching.Answered:
        asked.append(address)
        return fetching.Answered(GOOD, {**HEADERS, "Content-Type": "text/plain"}, moved=True)

    def refused(_address: str) -> fetching.Answered:
        raise Refused("That address is inside a private network.")

    client.sign_in(a_person("Olga", "organizer"))
    monkeypatch.setattr("society.calendars.routes.doctor.ask", answered)
    page = client.get("/organize/calendars/check?feed=open&web=yes").text
    assert asked == ["https://society.example.org/calendar/open.ics"]
    assert "does not say that it is a calendar" in page
    assert "leads on to another one" in page
    monkeypatch.setattr("society.calendars.routes.doctor.ask", refused)
    assert "private network" in client.get("/organize/calendars/check?feed=open&web=yes").text


def test_a_file_over_2_mb_is_not_taken(app: Any) -> None:
    with app.test_request_context(method="POST"):
        form = CheckForm()
        assert form.given(b"x" * (MOST + 1)) is None
        assert form.file.errors == ["That file is over 2 MB. Please hand in a part of it."]


def test_the_command_tells_what_is_wrong_by_its_words_and_its_code(app: Any, tmp_path: Path) -> None:
    refresh(an_event("A talk"), NOW)
    db.session.commit()
    runner = app.test_cli_runner()
    fine = runner.invoke(args=["calendar", "check"])
    assert (fine.exit_code, fine.output) == (0, "1 event, 0 complaints.\n")
    file = tmp_path / "a.ics"
    file.write_bytes(BROKEN["has_a_method"](GOOD))
    found = runner.invoke(args=["calendar", "check", str(file)])
    assert found.exit_code == 1
    assert "It has a METHOD" in found.output
    assert "(line 3)" in found.output

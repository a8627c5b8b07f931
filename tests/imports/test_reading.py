"""What is made of calendar files, as programs write them and as nobody should."""

import random
import time
from datetime import date, datetime, timedelta

import pytest

from society.errors import Refused
from society.imports.components import taken_apart
from society.imports.plain import FLOATING
from society.imports.reading import TooLarge, read
from society.series.rules import Every
from society.times import to_utc

TODAY = date(2026, 11, 23)
HOME = "America/New_York"

EASTERN = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
"""


def a_file(*events, head=""):
    body = "".join(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n" for lines in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def what(*events, head="", zone=HOME):
    return read(a_file(*events, head=head), zone=zone, today=TODAY)


def the_one(lines, **more):
    found = what(lines, **more)
    assert found.unread == []
    (event,) = found.events
    return event


@pytest.mark.parametrize(
    ("lines", "starts", "ends", "zone"),
    [
        (
            "DTSTART;TZID=Europe/Berlin:20270105T190000\nDTEND;TZID=Europe/Berlin:20270105T210000",
            19,
            21,
            "Europe/Berlin",
        ),
        ('DTSTART;TZID="Europe/Berlin":20270105T190000\nDURATION:PT90M', 19, 20.5, "Europe/Berlin"),
        ("DTSTART;TZID=W. Europe Standard Time:20270105T190000\nDURATION:PT2H", 19, 21, "Europe/Berlin"),
        ("DTSTART;TZID=/example.org/20240101_1/Europe/Berlin:20270105T190000\nDURATION:PT2H", 19, 21, "Europe/Berlin"),
        ("DTSTART:20270105T180000Z\nDTEND:20270105T200000Z", 13, 15, HOME),
        ("DTSTART:20270105T190000\nDTEND:20270105T210000", 19, 21, FLOATING),
        ("DTSTART;TZID=Europe/Berlin:20270105T190000", 19, 20, "Europe/Berlin"),
        (
            "DTSTART;TZID=Europe/Berlin:20270105T190000\nDTEND;TZID=Europe/London:20270105T200000",
            19,
            21,
            "Europe/Berlin",
        ),
    ],
)
def test_times_are_wall_clocks_in_the_zone_that_was_meant(lines, starts, ends, zone):
    event = the_one(f"UID:a\nSUMMARY:Talk\n{lines}")

    day = datetime(2027, 1, 5)
    assert (event.starts, event.ends) == (day + timedelta(hours=starts), day + timedelta(hours=ends))
    assert (event.zone, event.all_day) == (zone, False)


@pytest.mark.parametrize("name", ["Our Zone", "(UTC-05:00) Eastern Time (US & Canada)", "Customized Time Zone 1"])
def test_a_zone_of_the_files_own_is_known_by_its_rules(name):
    found = what(f'UID:a\nDTSTART;TZID="{name}":20270705T190000', head=EASTERN.format(name=name))

    assert found.events[0].zone == HOME
    assert any(name in sentence for sentence in found.about)


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "localtime", "posixrules", "Factory", '"Tea: at (5)"'])
@pytest.mark.parametrize("rule", ["", "\nRRULE:FREQ=DAILY;COUNT=2"])
def test_a_zone_that_nobody_knows_is_told_and_the_others_are_read(name, rule):
    """Nor is what the machine has by such a name taken for one: its own zone, what stands for none, a folder."""
    found = what(f"UID:a\nSUMMARY:Far\nDTSTART;TZID={name}:20270105T190000{rule}", "UID:b\nDTSTART:20270105T190000Z")

    assert [event.uid for event in found.events] == ["b"]
    (unread,) = found.unread
    plain = name.strip('"')
    assert unread.why == f"No zone is known by the name “{plain}”, and the file does not tell its rules."


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=DAILY;COUNT=2\n"])
@pytest.mark.parametrize("sequence", ["1764518400000", "x", "", "-1", "3\nSEQUENCE:4"])
def test_a_sequence_that_none_can_be_hides_no_event(rule, sequence):
    found = what(f"UID:a\nSUMMARY:A\nDTSTART:20270105T190000Z\n{rule}SEQUENCE:{sequence}")

    assert (len(found.events), found.unread) == (2 if rule else 1, [])


def test_a_line_that_breaks_off_in_the_name_of_a_zone_takes_no_other_with_it():
    assert the_one("SUMMARY:A\nDTSTART:20270105T190000Z\nX-A;TZID=Nowhere/Else").title == "A"


def test_blanks_at_the_bounds_of_an_event_and_its_alarms_are_passed_over():
    bounds = b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VALARM"
    file = a_file("SUMMARY:A\nDTSTART:20270105T190000Z\nBEGIN:VALARM\nDESCRIPTION:Soon\nEND:VALARM")
    for bound in bounds:
        file = file.replace(bound, bound.replace(b":", b" : ") + b" ")
    (event,) = read(file, zone=HOME, today=TODAY).events

    assert (event.title, event.description, event.told[-1]) == ("A", "", "Not kept: its alarms.")


def test_whole_days_end_with_the_day_after():
    one = the_one("UID:a\nDTSTART;VALUE=DATE:20270227")
    three = the_one("UID:a\nDTSTART;VALUE=DATE:20270227\nDTEND;VALUE=DATE:20270302")

    assert (one.all_day, one.starts, one.ends) == (True, datetime(2027, 2, 27), datetime(2027, 2, 28))
    assert three.ends == datetime(2027, 3, 2)


def test_texts_come_over_as_they_were_meant():
    event = the_one(
        "UID:a\nDTSTART:20270105T190000Z\nSUMMARY;LANGUAGE=en:Tea\\, talk\\; and\n  more\n"
        "DESCRIPTION:<p>Hello <b>all</b></p><br>Tom &amp\\; Jo\nLOCATION:Old Hall\\, 1 Main Street\n"
        "URL:javascript:alert(1)\nCATEGORIES:Lectures,Tea\nATTENDEE:mailto:a@example.org"
    )

    assert event.title == "Tea, talk; and more"
    assert event.description == "Hello all\n\nTom & Jo"
    assert (event.place, event.url, event.category) == ("Old Hall, 1 Main Street", "", "Lectures")
    assert "Not kept: its guests." in event.told


def test_what_recurs_is_taken_apart_with_its_exceptions():
    found = what(
        "UID:a\nSUMMARY:Reading group\nDTSTART;TZID=Our Zone:20270105T190000\nDURATION:PT2H\n"
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=6\nEXDATE;TZID=Our Zone:20270119T190000",
        "UID:a\nSUMMARY:On a Wednesday\nRECURRENCE-ID;TZID=Our Zone:20270330T190000\n"
        "DTSTART;TZID=Our Zone:20270331T183000\nDURATION:PT2H",
        head=EASTERN.format(name="Our Zone"),
    )
    found.events.sort(key=lambda event: event.starts)
    days = [event.starts.isoformat(" ", "minutes") for event in found.events]

    assert days == [
        *(f"2027-{day} 19:00" for day in ("01-05", "02-02", "02-16", "03-02", "03-16")),
        "2027-03-31 18:30",
    ]
    assert {event.zone for event in found.events} == {HOME}


def test_an_exception_replaces_its_occurrence():
    found = what(
        "UID:a\nSUMMARY:Weekly\nDTSTART;TZID=Europe/Berlin:20270302T190000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=5",
        "UID:a\nSUMMARY:Moved\nRECURRENCE-ID;TZID=Europe/Berlin:20270330T190000\n"
        "DTSTART;TZID=Europe/Berlin:20270331T183000\nDURATION:PT2H",
    )

    titles = {event.starts: event.title for event in found.events}
    assert len(titles) == 5
    assert titles[datetime(2027, 3, 31, 18, 30)] == "Moved"
    assert datetime(2027, 3, 30, 19) not in titles


def test_an_exception_that_holds_from_its_occurrence_on_moves_each_of_those_and_names_them_apart():
    berlin = "TZID=Europe/Berlin"
    found = what(
        f"UID:a\nSUMMARY:Weekly\nDTSTART;{berlin}:20270302T190000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=6",
        f"UID:a\nSUMMARY:Later\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270316T180000Z\n"
        f"DTSTART;{berlin}:20270317T203000\nDURATION:PT1H",
        f"UID:a\nSUMMARY:Once\nRECURRENCE-ID;{berlin}:20270330T190000\nDTSTART;{berlin}:20270330T100000",
    )

    assert found.unread == []
    assert [(event.title, f"{event.starts:%m-%d %H:%M}", event.recurrence) for event in found.events] == [
        ("Weekly", "03-02 19:00", "20270302T180000Z"),
        ("Weekly", "03-09 19:00", "20270309T180000Z"),
        ("Later", "03-17 20:30", "20270316T180000Z"),
        ("Later", "03-24 20:30", "20270323T180000Z"),
        ("Once", "03-30 10:00", "20270330T170000Z"),
        ("Later", "04-07 20:30", "20270406T170000Z"),
    ]


@pytest.mark.parametrize(
    ("rule", "first", "every"),
    [
        ("FREQ=DAILY;COUNT=3", "20270105", Every.DAY),
        ("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270301T000000Z", "20270105", Every.WEEK),
        ("FREQ=MONTHLY;BYDAY=-1FR", "20270129", Every.MONTH_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=2TH", "20270114", Every.MONTH_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=2TU,4TU", "20270112", Every.MONTH_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=-1TU,1TU;INTERVAL=2", "20270126", Every.MONTH_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2,4", "20270112", Every.MONTH_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "20270129", Every.MONTH_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=2TU,4TH", "20270112", None),
        ("FREQ=MONTHLY;BYDAY=2TU,5TU", "20270112", None),
        ("FREQ=MONTHLY;BYDAY=2TU,TU", "20270112", None),
        ("FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1", "20270105", None),
        ("FREQ=MONTHLY", "20270105", Every.MONTH_DAY),
        ("FREQ=YEARLY", "20270105", Every.YEAR),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "20270104", None),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU", "20270105", None),
    ],
)
def test_a_rule_that_can_be_said_here_is_said_exactly(rule, first, every):
    found = what(f"UID:a\nDTSTART;TZID={HOME}:{first}T190000\nRRULE:{rule}")

    said = found.series["a"].rule
    assert (said and said.every) == every
    if said:
        days = sorted(event.starts.date() for event in found.events)
        assert said.days(days[0], up_to=days[-1]) == days


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=HOURLY", "FREQ=BOGUS", "nonsense"),
        "FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=0,1;BYSECOND=1,2,3",
    ],
)
def test_a_rule_that_would_flood_or_cannot_be_read_is_told(rule):
    found = what(f"UID:a\nSUMMARY:Flood\nDTSTART:20270105T190000Z\nRRULE:{rule}")

    assert found.events == []
    assert found.unread[0].who == "Flood"


def test_a_rule_that_never_holds_and_one_without_end_are_bounded():
    found = what(
        "UID:a\nDTSTART:20000105T190000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "UID:b\nSUMMARY:Daily\nDTSTART:20000105T190000Z\nRRULE:FREQ=DAILY",
    )

    assert len([event for event in found.events if event.uid == "b"]) == 500
    assert any("“Daily” recurs more than 500 times" in sentence for sentence in found.about)


def test_of_two_versions_in_one_file_the_later_is_read():
    old, new = (
        "UID:a\nDTSTART:20270105T190000Z\nSEQUENCE:2\nSUMMARY:{}",
        "UID:a\nDTSTART:20270106T190000Z\nSEQUENCE:3\nSUMMARY:New",
    )
    found = what(new, old.format("Old"))

    assert [event.title for event in found.events] == ["New"]
    assert found.unread[0].who == "Old"


@pytest.mark.parametrize(
    "lines",
    [
        *("SUMMARY:No start", "DTSTART:garbage", "DTSTART:99999999T999999Z", "DTSTART;VALUE=DATE:20270230", "nocolon"),
        *("DTSTART:00010101T000000Z", "DTSTART:99991231T235959Z", "DTSTART:20270105T190000Z\nDTEND:20270104T190000Z"),
        "DTSTART;VALUE=DATE:20270105\nDTEND:20270105T190000Z",
        "DTSTART:20270105T190000Z\nDTSTART:20270106T190000Z\nDTEND:20270101T190000Z",
        "DTSTART:20270105T190000Z\nRDATE:broken",
    ],
)
def test_what_cannot_be_an_event_is_told_with_its_line(lines):
    found = what(f"UID:a\nSUMMARY:Odd\n{lines}", "UID:fine\nDTSTART:20270105T190000Z")

    assert "fine" in {event.uid for event in found.events}
    assert found.unread == [] or found.unread[0].line == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe", b"hello", b"<html>BEGIN</html>", b"%PDF-1.7", "Café".encode("latin-1")],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(content):
    with pytest.raises(Refused, match="no calendar file"):
        read(content, zone=HOME, today=TODAY)


def test_encodings_line_ends_and_marks_of_all_kinds_are_read():
    text = a_file("UID:a\nSUMMARY:Über\nDTSTART:20270105T190000Z").decode()
    shapes = [text.encode("utf-8-sig"), text.replace("\r\n", "\n").encode(), text.replace("\r\n", "\r").encode()]
    shapes += [
        text.encode("latin-1"),
        text.encode().replace("Ü".encode(), b"\xc3\r\n \x9c"),  # a fold within the character
        text.encode("utf-16"),
        text.replace("SUMMARY", "summary").replace("BEGIN", "Begin").encode(),
    ]

    for shape in shapes:
        assert [event.title for event in read(shape, zone=HOME, today=TODAY).events] == ["Über"]


def test_components_that_never_end_or_are_too_deep_or_long_are_told():
    good = "BEGIN:VEVENT\nUID:a\nDTSTART:20270105T190000Z\nEND:VEVENT\n"
    deep = "BEGIN:VEVENT\n" + "BEGIN:VALARM\n" * 10_000 + "END:VALARM\n" * 10_000 + "END:VEVENT\n"
    long = "BEGIN:VEVENT\n" + "DESCRIPTION:" + "x" * 300_000 + "\nEND:VEVENT\n"
    content = f"BEGIN:VCALENDAR\n{deep}{long}{good}BEGIN:VEVENT\nUID:z\n".encode()

    found = read(content, zone=HOME, today=TODAY)

    assert [event.uid for event in found.events] == ["a"]
    assert len([one for one in found.unread if "never ends" in one.why]) == 3
    assert len(taken_apart(content).broken) == 3


def test_an_event_without_an_end_is_told_with_its_name_and_hides_none_after_it():
    good = "BEGIN:VEVENT\nUID:{}\nDTSTART:20270105T190000Z\nEND:VEVENT\n"
    content = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\n{good.format('a')}{good.format('b')}END:VCALENDAR\n".encode()

    found = read(content, zone=HOME, today=TODAY)

    assert [event.uid for event in found.events] == ["a", "b"]
    assert [(one.line, one.uid) for one in found.unread] == [(2, "x")]
    assert not found.breaks_off
    assert read(content[:-20], zone=HOME, today=TODAY).breaks_off


def test_signs_at_which_only_python_ends_lines_are_part_of_the_text():
    (found,) = what(
        "UID:a\nDTSTART:20270105T190000Z\nSUMMARY:One\u2028two\nDESCRIPTION:A\u2029B\x85C\x0cEND:VEVENT"
    ).events

    assert found.title == "One two"
    assert [part in found.description for part in ("A", "B", "C", "END:VEVENT")] == [True] * 4


def test_a_file_within_an_event_is_left_away_and_the_event_is_read():
    folded = "\n ".join("A" * 74 for _ in range(5_000))
    lines = f"UID:a\nDTSTART:20270105T190000Z\nX-LARGE:{'y' * 300_000}\nATTACH;VALUE=BINARY;ENCODING=BASE64:{folded}"
    (found,) = what(f"{lines}\nSUMMARY:With a poster").events

    assert found.title == "With a poster"
    assert "Not kept: what is attached to it." in found.told


def test_a_date_has_no_zone_and_a_zone_no_capital_letters():
    day = what("UID:a\nDTSTART;TZID=Asia/Tokyo;VALUE=DATE:20270105\nDTEND;VALUE=DATE;TZID=Asia/Tokyo:20270107").events[
        0
    ]
    hour = what("UID:a\nDTSTART;TZID=asia/tokyo:20270105T190000").events[0]

    assert (day.all_day, day.starts, day.ends) == (True, datetime(2027, 1, 5), datetime(2027, 1, 7))
    assert hour.zone == "Asia/Tokyo"


def test_an_event_in_another_encoding_spoils_no_other():
    content = a_file("UID:a\nSUMMARY:Größe\nDTSTART:20270105T190000Z", "UID:b\nSUMMARY:Wei?e\nDTSTART:20270105T190000Z")

    found = read(content.replace(b"?", b"\xdf"), zone=HOME, today=TODAY)

    assert [event.title for event in found.events] == ["Größe", "Weiße"]


@pytest.mark.parametrize("rule", ["BYMONTH=2;BYMONTHDAY=31;COUNT=10", "BYSETPOS=2", "INTERVAL=7;BYDAY=WE"])
def test_a_daily_rule_that_never_holds_is_known_soon(rule):
    begun = time.process_time()

    assert len(what(f"UID:a\nDTSTART:20270105T190000Z\nRRULE:FREQ=DAILY;{rule}").events) == 1
    assert len(what("UID:a\nDTSTART:20270105T190000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5").events) == 1

    assert time.process_time() - begun < 4


def test_a_daily_rule_that_holds_seldom_is_followed():
    found = what("UID:a\nDTSTART:20240229T190000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-1;BYDAY=TH,SU;COUNT=3")

    assert [f"{event.starts:%Y-%m-%d}" for event in found.events] == ["2024-02-29", "2027-02-28"]


@pytest.mark.parametrize("part", ["<p", "<div>", "<!--", "<script>", "</", "<br ", "&#"])
def test_markup_of_any_kind_is_gone_over_once(part):
    begun = time.process_time()

    what("UID:a\nDTSTART:20270105T190000Z\nDESCRIPTION:<p>" + part * (150_000 // len(part)))

    assert time.process_time() - begun < 8


def test_what_is_written_in_html_is_read_as_text():
    said = "<style>p {}</style><!-- a --><p>One &amp\\; <b>two</b><br/>three</p><div>4 < 5</div>&lt\\;b&gt\\;"
    (found,) = what(f"UID:a\nDTSTART:20270105T190000Z\nDESCRIPTION:{said}").events

    assert found.description == "One & two\nthree\n\n4 < 5\n<b>"


def test_no_damage_to_a_file_brings_anything_but_sentences():
    whole = a_file(
        "UID:a\nSUMMARY:One\nDTSTART;TZID=Our Zone:20270105T190000\nDTEND;TZID=Our Zone:20270105T210000\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Our Zone:20270112T190000",
        "UID:b\nSUMMARY:Two\nDTSTART;VALUE=DATE:20270105\nDURATION:P2D\nGEO:1;2\nCATEGORIES:A,B",
        head=EASTERN.format(name="Our Zone"),
    )
    chance = random.Random(7)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(damaged))
            if chance.random() < 0.5:
                damaged[at] = chance.randrange(256)
            else:
                del damaged[at : at + chance.randint(1, 30)]
        try:
            read(bytes(damaged), zone=HOME, today=TODAY)
        except Refused:
            continue


def zone_by(*lines, name="Ours"):
    return "\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *lines, "END:VTIMEZONE", ""])


def change(kind, start, before, after, *lines):
    return [f"BEGIN:{kind}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *lines, f"END:{kind}"]


@pytest.mark.parametrize("every", ["DAILY", "WEEKLY", "YEARLY;BYDAY=MO,TU"])
def test_rules_that_come_to_more_dates_than_are_read_are_refused_soon_and_which_is_told(every):
    rules = [f"UID:{n}\nSUMMARY:Evening\nDTSTART:20240105T190000Z\nRRULE:FREQ={every}" for n in range(1_000)]
    begun = time.thread_time()

    with pytest.raises(TooLarge, match=r"more than 3,000 .* the first \d+ that recur .* “Evening” alone on \d+ dates"):
        read(a_file(*rules), zone=HOME, today=TODAY, most=3_000)

    assert time.thread_time() - begun < 20


def test_rules_that_take_too_long_to_work_out_are_refused_and_it_is_told_how_far_it_came(monkeypatch):
    monkeypatch.setattr("society.imports.reading.LONGEST_WORK", 0)
    rules = [f"UID:{n}\nSUMMARY:Evening\nDTSTART:20270105T190000Z\nRRULE:FREQ=DAILY;COUNT=2" for n in range(3)]

    with pytest.raises(TooLarge, match=r"takes too long to work out: \d of 3 took 0 seconds"):
        read(a_file(*rules), zone=HOME, today=TODAY)


ISTANBUL = [
    *change("DAYLIGHT", "20150329T030000", "+0200", "+0300"),
    *change("STANDARD", "20151108T040000", "+0300", "+0200"),
    *change("DAYLIGHT", "20160327T030000", "+0200", "+0300"),
]


@pytest.mark.parametrize(
    ("year", "home", "zone"),
    [
        (2015, "Asia/Riyadh", "Europe/Istanbul"),
        (2027, "Asia/Riyadh", "Asia/Riyadh"),
        (2027, "Europe/Minsk", "Europe/Minsk"),
    ],
)
def test_of_zones_with_the_same_rules_nowadays_the_files_own_years_decide_and_then_ones_own(year, home, zone):
    """East Africa, Arabia, Moscow and Turkey have the same clocks now; in 2015 Turkey alone went back in November."""
    event = the_one(f"UID:a\nDTSTART;TZID=Ours:{year}0705T190000", head=zone_by(*ISTANBUL), zone=home)
    assert event.zone == zone


def test_an_event_with_rules_by_the_thousand_is_told():
    found = what("UID:a\nSUMMARY:Odd\nDTSTART:20270105T190000Z" + "\nRRULE:FREQ=DAILY;COUNT=2" * 5_000)

    assert [(one.who, one.why) for one in found.unread] == [
        ("Odd", "It has 5,000 rules for recurring; at most 20 are followed.")
    ]


@pytest.mark.parametrize("day", ["20270328", "20271031"])
def test_a_length_is_exact_across_a_change_of_clocks(day):
    (hours,) = what(f"UID:a\nDTSTART;TZID=Europe/London:{day}T003000\nDURATION:PT4H").events
    (days,) = what(f"UID:a\nDTSTART;TZID=Europe/London:{day}T003000\nDURATION:P1D").events

    assert to_utc(hours.ends, hours.zone) - to_utc(hours.starts, hours.zone) == timedelta(hours=4)
    assert days.ends - days.starts == timedelta(days=1)


@pytest.mark.parametrize(
    ("lines", "starts", "ends"),
    [
        ("DTSTART:20271031T013000Z\nDTEND:20271031T020000Z", "01:30", "02:00"),  # both in the second hour
        ("DTSTART:20271031T003000Z\nDTEND:20271031T013000Z", "00:30", "01:30"),  # its end alone
        ("DTSTART;TZID=Europe/London:20271031T013000\nDURATION:PT1H", "00:30", "01:30"),
    ],
)
def test_the_second_of_two_equal_hours_is_kept_in_utc_which_has_it_once(lines, starts, ends):
    event = what(f"UID:a\nSUMMARY:Late\n{lines}", zone="Europe/London").events[0]

    assert (f"{event.starts:%H:%M}", f"{event.ends:%H:%M}", event.zone) == (starts, ends, "UTC")
    assert any("twice that night, and the second is meant; it is kept in UTC" in told for told in event.told)


def test_a_time_that_clocks_show_twice_is_the_first_and_that_is_told():
    event = what(f"UID:a\nSUMMARY:Late\nDTSTART;TZID={HOME}:20271107T013000\nDTEND;TZID={HOME}:20271107T023000").events[
        0
    ]

    assert (event.starts, event.zone) == (datetime(2027, 11, 7, 1, 30), HOME)
    assert "Clocks in New York show 01:30 twice that night; the first is taken." in event.told


@pytest.mark.parametrize(
    ("named", "zone", "starts"),
    [("America/New_York", HOME, 20), ("UTC", "Europe/London", 25), ("", "Europe/London", 25)],
)
def test_times_in_utc_are_shown_by_the_clocks_that_a_file_names_for_itself(named, zone, starts):
    found = what("UID:a\nDTSTART:20270106T010000Z", head=f"X-WR-TIMEZONE:{named}\n", zone="Europe/London")

    assert (found.events[0].starts, found.events[0].zone) == (datetime(2027, 1, 5) + timedelta(hours=starts), zone)
    assert any("by the clocks of New York" in said for said in found.about) == (zone == HOME)
    assert found.zone == (HOME if zone == HOME else None)


def test_a_zone_of_an_archive_is_known_by_its_rules_in_the_years_of_the_archive():
    """Moscow had summer time until 2010, as no zone has it nowadays."""
    summer = change("DAYLIGHT", "19930328T020000", "+0300", "+0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    winter = change("STANDARD", "19961027T030000", "+0400", "+0300", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
    head = zone_by("X-LIC-LOCATION:Europe/Moscow", *summer, *winter)
    found = what("UID:a\nDTSTART;TZID=Ours:20090705T190000", "UID:b\nDTSTART;TZID=Ours:20100105T190000", head=head)

    assert [(event.starts.hour, event.zone) for event in found.events] == [(19, "Europe/Moscow")] * 2
    assert "The zone “Ours” has the rules of Europe/Moscow, and is taken for it." in found.about


def test_times_by_rules_that_no_zone_has_are_the_same_moments_by_our_clocks():
    head = zone_by(*change("STANDARD", "19700101T000000", "+0123", "+0123"))
    at = "DTSTART;TZID=Ours:20140829T080000\nDTEND;TZID=Ours:20140829T100000"
    found = what(f"UID:a\n{at}", f"UID:b\nSUMMARY:Weekly\n{at}\nRRULE:FREQ=WEEKLY", head=head, zone="Europe/London")

    assert [(event.starts, event.ends, event.zone) for event in found.events] == [
        (datetime(2014, 8, 29, 7, 37), datetime(2014, 8, 29, 9, 37), "Europe/London")
    ]
    assert any("“Ours”: its times are the same moments by the clocks of London" in said for said in found.about)
    assert [(one.who, one.why) for one in found.unread] == [
        ("Weekly", "No zone that is known has the rules of “Ours”, so what recurs by its clocks cannot be kept.")
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "the file does not tell its rules"),
        (change("STANDARD", "19700101T000000", "+0123", "+0123", "RRULE:FREQ=DAILY"), "cannot be followed"),
    ],
)
def test_why_a_zone_cannot_be_kept_is_told_as_it_is(lines, said):
    at = "DTSTART;TZID=Ours:20270105T190000"
    found = what(f"UID:a\n{at}\nRRULE:FREQ=DAILY", f"UID:b\n{at}", head=zone_by(*lines) if lines else "")

    assert [(one.uid, said in one.why) for one in found.unread] == [("b", True), ("a", True)]


def test_of_two_that_recur_under_one_name_the_later_is_read_and_the_other_told():
    rule = "UID:a\nDTSTART:2027{}05T190000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:{}"
    found = what(rule.format("02", "Old"), rule.format("03", "New"))

    assert [event.title for event in found.events] == ["New", "New"]
    assert [(one.line, one.who) for one in found.unread] == [(3, "Old")]


def test_names_that_differ_far_out_are_two():
    found = what(*(f"UID:{'u' * 4_999}{end}\nDTSTART:20270105T190000Z" for end in "ab"))

    assert (len(found.events), found.unread) == (2, [])
    assert {len(event.uid) for event in found.events} == {500}


BERLIN = "DTSTART;TZID=Europe/Berlin:20270105T190000"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("RRULE:FREQ=WEEKLY;UNTIL=20270119", ["01-05 19", "01-12 19", "01-19 19"]),  # that day too
        ("RDATE:20270112T180000Z", ["01-05 19", "01-12 19"]),  # by the same clocks
        ("RRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;VALUE=DATE:20270105", ["01-12 19"]),
    ],
)
def test_dates_in_another_form_than_the_events_are_taken_as_they_were_meant(rule, days):
    found = what(f"UID:a\n{BERLIN}\n{rule}")

    assert [f"{event.starts:%m-%d %H}" for event in found.events] == days
    assert {event.zone for event in found.events} == {"Europe/Berlin"}


def test_an_exception_that_is_named_by_its_day_alone_replaces_the_occurrence_of_that_day():
    moved = "UID:a\nRECURRENCE-ID;VALUE=DATE:20270112\nDTSTART;TZID=Europe/Berlin:20270113T190000"
    found = what(f"UID:a\n{BERLIN}\nRRULE:FREQ=WEEKLY;COUNT=2", moved)

    assert sorted(f"{event.starts:%m-%d}" for event in found.events) == ["01-05", "01-13"]


@pytest.mark.parametrize(("method", "off"), [("CANCEL", True), ("REPLY", False), ("PUBLISH", False)])
def test_what_was_mailed_about_an_event_is_taken_for_what_it_is(method, off):
    found = what("UID:a\nDTSTART:20270105T190000Z", head=f"METHOD:{method}\n")

    assert found.events[0].cancelled is off
    assert any("It is no calendar but" in said for said in found.about) is (method != "PUBLISH")


@pytest.mark.parametrize(
    ("rule", "spoken"),
    [
        ("FREQ=WEEKLY;UNTIL=20320101T000000Z", "Every Tuesday, until 30 December 2031"),
        ("FREQ=WEEKLY;UNTIL=20320107T000000Z", "Every Tuesday, until 6 January 2032"),
        ("FREQ=WEEKLY;UNTIL=20320106T235959Z", "Every Tuesday, until 30 December 2031"),
        ("FREQ=WEEKLY;COUNT=400", "Every Tuesday, until 29 August 2034"),
        ("FREQ=WEEKLY;BYDAY=TU,WE;COUNT=400", "Every Tuesday and Wednesday, until 30 October 2030"),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=30", "The first Tuesday of the month, until 5 June 2029"),
        ("FREQ=MONTHLY;BYDAY=3TU,1TU;COUNT=60", "The first and third Tuesday of the month, until 19 June 2029"),
        ("FREQ=YEARLY;COUNT=10", "Every year on 5 January, until 5 January 2036"),
        ("FREQ=DAILY;UNTIL=20280801", "Every day, until 1 August 2028"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", "Every Tuesday"),
    ],
)
def test_a_rule_ends_here_when_it_does_there_however_late_that_is(rule, spoken):
    found = what(f"UID:a\nDTSTART;TZID=America/New_York:20270105T190000\nRRULE:{rule}")

    assert found.series["a"].rule.spoken(date(2027, 1, 5)) == spoken


def test_how_many_dates_lie_outside_the_years_that_are_read_is_told_and_what_becomes_of_them():
    old = "UID:old\nDTSTART:20100105T190000Z\nRRULE:FREQ=WEEKLY;COUNT=10"
    weekly = "UID:w\nDTSTART;TZID=Europe/Berlin:20270105T190000\nRRULE:FREQ=WEEKLY;COUNT=400"
    plain = what(weekly.replace("=400", "=4"))
    said = what(
        old,
        weekly,
        weekly.replace(":w", ":e").replace(";COUNT=400", ""),
        weekly.replace(":w", ":n\nSUMMARY:Odd").replace("=400", "=200;BYMONTH=1,2"),
        weekly.replace(":w", ":i\nSUMMARY:Instants").replace(
            ";TZID=Europe/Berlin:20270105T190000", ":20270105T190000Z"
        ),
    ).about

    assert not [line for line in plain.about if line.startswith("Of what recurs")]
    assert [line for line in said if line.startswith("Of what recurs")] == [
        "Of what recurs, the dates from 19 November 2021 to 23 November 2028 are read. 10 dates before that are left "
        "out. What comes after that is made later by itself, as the series here go on: 301 dates and those of 1 event "
        "without an end. What comes after that is left out where no series here can go on so: 484 dates of “Odd” and "
        "“Instants”. Read the file in again by then."
    ]

"""Calendar files as nobody should write them, and as well-known programs do: by name, their bytes."""

from tests.imports.programs import PROGRAMS


def whole(*lines, head=()):
    """A file of one event with these lines besides its name, unless they begin components of their own."""
    return _file([*head, "BEGIN:VEVENT", "UID:odd@example.org", "SUMMARY:Odd", *lines, "END:VEVENT"])


def _file(lines):
    return (
        "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//X//EN", *lines, "END:VCALENDAR"]) + "\r\n"
    ).encode()


def _zone(*lines, name="Odd/Zone"):
    return ["BEGIN:VTIMEZONE", f"TZID:{name}", *lines, "END:VTIMEZONE"]


def _change(kind, *lines, start="19700101T000000"):
    offsets = ["TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"]
    return [f"BEGIN:{kind}", f"DTSTART:{start}", *offsets, *lines, f"END:{kind}"]


AT = "DTSTART:20270105T190000Z"
THERE = "DTSTART;TZID=Odd/Zone:20270705T190000"
FLOATING = "DTSTART:20270105T190000"
IN_NEW_YORK = "DTSTART;TZID=America/New_York:20270105T190000"
END_OF_TIME = "TZID=America/New_York:99991231T235959"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
PLAIN = whole(AT)
MANY_DATES = ",".join(
    f"{year}{month:02}{day:02}T190000Z" for year in range(2020, 2030) for month in range(1, 13) for day in range(1, 29)
)

RULES = {
    "as often as numbers go": "FREQ=DAILY;COUNT=99999999999999999999",
    "every no day": "FREQ=DAILY;INTERVAL=0",
    "every minus one day": "FREQ=DAILY;INTERVAL=-1",
    "with steps as large as numbers go": "FREQ=YEARLY;INTERVAL=99999999999999999999",
    "no times": "FREQ=DAILY;COUNT=0",
    "minus five times": "FREQ=DAILY;COUNT=-5",
    "until before it starts": "FREQ=DAILY;UNTIL=19000101T000000Z",
    "until the end of time": "FREQ=DAILY;UNTIL=99991231T235959Z",
    "until nothing": "FREQ=DAILY;UNTIL=",
    "until a day that is none": "FREQ=DAILY;UNTIL=20270230",
    "until and by count": "FREQ=DAILY;COUNT=3;UNTIL=20270201T000000Z",
    "by a place in the set": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=6",
    "by a place far out of the set": "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366",
    "by no place in the set": "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
    "by a place alone": "FREQ=YEARLY;BYSETPOS=1",
    "by weeks of the year": "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU",
    "by the week that never is": "FREQ=YEARLY;BYWEEKNO=99",
    "by days of the year": "FREQ=YEARLY;BYYEARDAY=366,-366",
    "on the thirtieth of February": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "in the thirteenth month": "FREQ=YEARLY;BYMONTH=13",
    "on the fiftieth Monday": "FREQ=MONTHLY;BYDAY=50MO",
    "on a day without a name": "FREQ=WEEKLY;BYDAY=XX",
    "with every part there is": "FREQ=YEARLY;BYMONTH=1;BYWEEKNO=1;BYYEARDAY=1,2;BYMONTHDAY=1;BYDAY=MO;BYHOUR=1",
    "with the same part twice": "FREQ=DAILY;FREQ=WEEKLY;COUNT=2;COUNT=3",
    "with unknown parts": "FREQ=DAILY;X-COLOUR=RED;COUNT=2",
    "in small letters": "freq=daily;count=2",
    "with spaces": "FREQ = DAILY ; COUNT = 2",
    "every second": "FREQ=SECONDLY",
    "every day a million times": "FREQ=DAILY;COUNT=1000000",
    "each week on no day": "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5",
    "every second of each day": "FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,1,2,3,4;BYSECOND=0,1,2,3",
    "every leap second": "FREQ=SECONDLY;BYSECOND=60;BYMINUTE=59;BYHOUR=23;BYMONTHDAY=31;BYMONTH=2",
    "in a calendar of another kind": "RSCALE=CHINESE;FREQ=YEARLY",
    "of nothing": "",
    "ten times on a day that never is": "FREQ=DAILY;COUNT=10;BYMONTH=2;BYMONTHDAY=31",
    "for ever on a day that never is": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-30",
    "on the second of one": "FREQ=DAILY;BYSETPOS=2",
}
LINES = {
    "no start": [],
    "no name": ["UID:"],
    "a length below nothing": [AT, "DURATION:-PT1H"],
    "a length of nothing": [AT, "DURATION:PT0S"],
    "a length beyond all years": [AT, "DURATION:P5000000D"],
    "a length beyond all days": [AT, "DURATION:P99999999999W"],
    "a length that is none": [AT, "DURATION:one hour"],
    "an end before the start": [AT, "DTEND:20270104T190000Z"],
    "an end and a length": [AT, "DTEND:20270105T200000Z", "DURATION:PT3H"],
    "an end as a day": [AT, "DTEND;VALUE=DATE:20270106"],
    "a start of an unknown kind": ["DTSTART;VALUE=X-MOON:full"],
    "a start as a period": ["DTSTART;VALUE=PERIOD:20270105T190000Z/PT1H"],
    "texts as numbers": [AT, "SUMMARY;VALUE=INTEGER:twelve", "SEQUENCE:twelve", "PRIORITY:;;;"],
    "a text as binary": [AT, "DESCRIPTION;VALUE=BINARY;ENCODING=BASE64:!!!!"],
    "what hangs on it as binary": [AT, "ATTACH;VALUE=BINARY;ENCODING=BASE64:AAAA"],
    "an unknown zone": ["DTSTART;TZID=Nowhere/Atlantis:20270105T190000"],
    "an empty zone": ["DTSTART;TZID=:20270105T190000"],
    "a zone out of the folder": ["DTSTART;TZID=../../etc/passwd:20270105T190000"],
    "a zone and UTC": ["DTSTART;TZID=Europe/Berlin:20270105T190000Z"],
    "a time that clocks jump over": ["DTSTART;TZID=Europe/Berlin:20270328T023000"],
    "a leap second": ["DTSTART:20261231T235960Z"],
    "the hour twenty-four": ["DTSTART:20270105T240000Z"],
    "periods that recur": [AT, "RDATE;VALUE=PERIOD:20270106T190000Z/PT1H,20270107T190000Z/20270107T210000Z"],
    "periods that are none": [AT, "RDATE;VALUE=PERIOD:20270106T190000Z/,/PT1H"],
    "days among times": [AT, "RDATE;VALUE=DATE:20270108", "EXDATE;VALUE=DATE:20270105"],
    "thousands of dates": [AT, f"RDATE:{MANY_DATES}", f"EXDATE:{MANY_DATES}"],
    "several rules": [AT, *[f"RRULE:FREQ=DAILY;COUNT={n}" for n in range(1, 40)]],
    "exceptions by rule": [AT, "RRULE:FREQ=DAILY;COUNT=9", "EXRULE:FREQ=SECONDLY"],
    "an exception of nothing": ["RECURRENCE-ID:20270105T190000Z", AT],
    "an exception in the future too": [AT, "RECURRENCE-ID;RANGE=THISANDFUTURE:20270105T190000Z"],
    "an exception that is none": [AT, "RECURRENCE-ID:yesterday"],
    "parameters with signs": [AT, 'ORGANIZER;CN="A^\'B^^C^n;:,":mailto:a@example.org', 'LOCATION;ALTREP="x;y:z,":Hall'],
    "a quote that never ends": [AT, 'LOCATION;ALTREP="http://example.org:Hall'],
    "parameters without values": [AT, "LOCATION;LANGUAGE;X=;=Y:Hall"],
    "names nobody knows": [AT, "X-:a", "X-A-B_C:1", "-X:2", "1:3", ";;;:::", ":", "X" * 500 + ":4"],
    "nulls": [AT, "DESCRIPTION:a\0b", "LOCATION:\0\0", "X-\0:1"],
    "control signs": [AT, "DESCRIPTION:\x01\x02\x1b[31mred\x7f\x85\u2028\u2029", "SUMMARY:\u202egnihton"],
    "a title of nothing": [AT, "SUMMARY:\\n \\n"],
    "a title in a hundred lines": [AT, "SUMMARY:" + "\\n".join("x" * 9 for _ in range(100))],
    "surrogates by escape": [AT, "SUMMARY:\\ud800 \\x00 \\u0000"],
    "a name too long": [AT, "UID:" + "u" * 5_000],
    "a name with signs": [AT, "UID:a\\Nb\\,c;d\te"],
    "where nothing is": [AT, "GEO:1000;-1000", "GEO:north;south"],
    "links of no use": [AT, "URL:javascript:alert(1)", "URL:http://[::1", "LOCATION:https://meet.example.org/x y"],
    "many categories": [AT, "CATEGORIES:" + ",".join(f"Kind {n}" for n in range(2_000)), "CATEGORIES:,,\\,,"],
    "the last day of all": ["DTSTART;VALUE=DATE:99991231"],
    "the first day of all": ["DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=YEARLY"],
    "a day without dashes": ["DTSTART;VALUE=DATE:2027-01-05"],
    "a century of days": ["DTSTART;VALUE=DATE:19500101", "RRULE:FREQ=DAILY;UNTIL=21000101"],
    "an alarm a million times": [AT, "BEGIN:VALARM", "TRIGGER:-PT1M", "REPEAT:1000000", "DURATION:PT1S", "END:VALARM"],
    "a zone within it": [AT, *_zone(*_change("STANDARD", "RRULE:FREQ=SECONDLY"))],
    "a line of many letters": [AT, "X-LONG:" + "y" * 150_000],
    "tags that never end": [AT, "DESCRIPTION:<p>" + "<p" * 90_000],
    "tags within tags": [AT, "DESCRIPTION:" + "<div>" * 35_000],
    "comments and scripts that never end": [AT, "DESCRIPTION:<p>" + "<!--<script" * 17_000],
    "parameters by the thousand": [AT, "LOCATION" + ";TZID=a" * 25_000 + ":20270105"],
    "a whole day in a zone": ["DTSTART;VALUE=DATE;TZID=Europe/Berlin:20270105"],
    "a zone whose name no folder takes": ["DTSTART;TZID=" + "x" * 100_000 + ":20270105T190000"],
    "a zone in small letters": ["DTSTART;TZID=europe/berlin:20270105T190000"],
    "dates left out by the thousand": [AT, "RRULE:FREQ=DAILY", f"EXDATE:{MANY_DATES}", *[f"EXDATE:{MANY_DATES}"] * 3],
    "a second of two hours": ["DTSTART:20271107T063000Z", "DTEND:20271107T070000Z"],
    "a file in it": [AT, "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "\r\n ".join(["A" * 74] * 60_000)],
    "line ends of Python's": [AT, "DESCRIPTION:a\u2028END:VEVENT\u2029BEGIN:VEVENT\x0cDTSTART:20270101T190000Z"],
    "all to come moved": [
        *(AT, "RRULE:FREQ=DAILY;COUNT=5", "END:VEVENT", "BEGIN:VEVENT", "UID:odd@example.org"),
        *("RECURRENCE-ID;RANGE=THISANDFUTURE:20270107T190000Z", "DTSTART:20270107T210000Z"),
    ],
    "two names for one date": [AT, "RECURRENCE-ID:20270105T190000Z", "RECURRENCE-ID:20270106T190000Z"],
    "clocks of no place and a length": [FLOATING, "DURATION:PT2H", WEEKLY],
    "clocks of no place and no end": [FLOATING, WEEKLY],
    "clocks of no place on one of its days": [
        *("DTSTART;VALUE=DATE:20270105", WEEKLY, "END:VEVENT", "BEGIN:VEVENT", "UID:odd@example.org"),
        *("RECURRENCE-ID;VALUE=DATE:20270112", "DTSTART:20270112T190000"),
    ],
    "a day that is a time": ["DTSTART;VALUE=DATE:20270105T190000", WEEKLY],
    "clocks of no place and a period": [FLOATING, "RDATE;VALUE=PERIOD:20270106T190000/PT1H"],
    "a rule that says it is a date": [AT, "RRULE;VALUE=DATE:20270105"],
    "a rule that says it is a period": [AT, "RRULE;VALUE=PERIOD:20270105T190000Z/PT1H"],
    "a rule that says it is a text": [AT, "RRULE;VALUE=TEXT:FREQ=DAILY"],
    "an exception of nothing at the end of time": [IN_NEW_YORK, f"RECURRENCE-ID;{END_OF_TIME}"],
    "an exception of nothing at the beginning of time": [
        *("DTSTART;TZID=Europe/Berlin:20270105T190000", "RECURRENCE-ID;TZID=Europe/Berlin:00010101T000000")
    ],
    "an exception at the end of time": [
        *(IN_NEW_YORK, WEEKLY, "END:VEVENT", "BEGIN:VEVENT", "UID:odd@example.org"),
        *(IN_NEW_YORK, f"RECURRENCE-ID;RANGE=THISANDFUTURE;{END_OF_TIME}"),
    ],
    "a date left out at the end of time": [IN_NEW_YORK, WEEKLY, f"EXDATE;{END_OF_TIME},20270112T190000"],
    "a date more at the end of time": [IN_NEW_YORK, WEEKLY, f"RDATE;VALUE=PERIOD;{END_OF_TIME}/PT1H"],
    "categories of a kind that is told": [AT, "CATEGORIES;VALUE=TEXT:Talks,Tea", "CATEGORIES;VALUE=URI:x:y"],
    "a line in many folds": [AT, "DESCRIPTION:" + "\r\n ".join("z" for _ in range(60_000))],
}
ZONES = {
    "without any rule": _zone(),
    "without a name": ["BEGIN:VTIMEZONE", *_change("STANDARD"), "END:VTIMEZONE"],
    "that changes each second": _zone(
        *_change("STANDARD", "RRULE:FREQ=SECONDLY"), *_change("DAYLIGHT", "RRULE:FREQ=SECONDLY")
    ),
    "that changes each day": _zone(*_change("STANDARD", "RRULE:FREQ=DAILY"), *_change("DAYLIGHT", "RRULE:FREQ=DAILY")),
    "that changes every no year": _zone(*_change("STANDARD", "RRULE:FREQ=YEARLY;INTERVAL=0")),
    "that changes at each minute of a year's days": _zone(
        *_change(
            "STANDARD",
            f"RRULE:FREQ=YEARLY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}",
        )
    ),
    "that changes on each day of the year": _zone(
        *_change("STANDARD", f"RRULE:FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 367)))}")
    ),
    "that changes on no day": _zone(*_change("STANDARD", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    "that changed in the year one": _zone(*_change("STANDARD", "RRULE:FREQ=HOURLY", start="00010101T000000")),
    "with a rule that is none": _zone(*_change("STANDARD", "RRULE:FREQ=NEVER")),
    "with an offset beyond a day": _zone(
        "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+9900", "TZOFFSETTO:-9959", "END:STANDARD"
    ),
    "with thousands of dates": _zone(*_change("STANDARD", f"RDATE:{MANY_DATES}")),
    "within itself": _zone(*_zone(*_change("STANDARD"))),
    "told a thousand times": _zone(*_change("STANDARD")) * 1_000,
}
_TEXT = PLAIN.decode()
_TWICE = ["BEGIN:VEVENT", "UID:odd@example.org", AT, "SUMMARY:Once more", "END:VEVENT"]
FILES = {
    "bare line feeds": _TEXT.replace("\r\n", "\n").encode(),
    "bare carriage returns": _TEXT.replace("\r\n", "\r").encode(),
    "line ends of all kinds": _TEXT.replace("\r\n", "\n", 3).replace("\r\n", "\r", 2).encode(),
    "empty lines between": _TEXT.replace("\r\n", "\r\n\r\n").encode(),
    "a mark in front": _TEXT.encode("utf-8-sig"),
    "UTF-16": _TEXT.encode("utf-16"),
    "UTF-16 without a mark": _TEXT.encode("utf-16-le"),
    "UTF-32": _TEXT.encode("utf-32"),
    "Latin-1": _TEXT.replace("Odd", "Öde Straße").encode("latin-1"),
    "UTF-8 with something else in it": _TEXT.replace("Odd", "Öde Straße, Größe").encode() + b"X:Gr\xf6\xdfe\r\n",
    "characters cut by folds": "".join(_TEXT.replace("Odd", "Ö" * 60))
    .encode()
    .replace(b"\xc3\x96\xc3", b"\xc3\x96\r\n \xc3"),
    "bytes that are no text": PLAIN.replace(b"Odd", bytes(range(128, 256))),
    "nulls in all places": b"\0".join(PLAIN[n : n + 1] for n in range(len(PLAIN))),
    "calendars within calendars": _file(
        ["BEGIN:VCALENDAR"] * 500 + ["BEGIN:VEVENT", AT, "END:VEVENT"] + ["END:VCALENDAR"] * 500
    ),
    "events within events": _file(["BEGIN:VEVENT", AT] * 500 + ["END:VEVENT"] * 500),
    "ends without beginnings": _file(["END:VEVENT"] * 1_000 + ["BEGIN:VEVENT", AT, "END:VEVENT"]),
    "beginnings without ends": _file(["BEGIN:VEVENT", AT] + ["BEGIN:VALARM"] * 100_000),
    "ends that cross": _file(["BEGIN:VEVENT", AT, "BEGIN:VALARM", "END:VEVENT", "END:VALARM"]),
    "one name for all": _file(_TWICE * 300),
    "no names at all": _file(["BEGIN:VEVENT", AT, "END:VEVENT"] * 300),
    "two calendars": PLAIN + PLAIN,
    "rules by the hundred": _file(
        [
            *(line for n in range(400) for line in ("BEGIN:VEVENT", f"UID:{n}", "DTSTART:20200106T190000Z")),
            "END:VEVENT",
        ]
    ).replace(b"190000Z\r\n", b"190000Z\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"),
    "a card": b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nEND:VCARD\r\n",
    "tasks and more": _file(
        ["BEGIN:VTODO", "UID:t", "END:VTODO", "BEGIN:VJOURNAL", "END:VJOURNAL", "BEGIN:X-BOX", "END:X-BOX"]
    ),
    "days without end": whole("DTSTART:19700101T000000Z", "RRULE:FREQ=DAILY"),
    **{f"a file cut after {cut} bytes": PLAIN[:cut] for cut in range(0, len(PLAIN), 17)},
    **{f"a rule {name}": whole(AT, f"RRULE:{rule}") for name, rule in RULES.items()},
    **{f"a day's rule {name}": whole("DTSTART;VALUE=DATE:20270105", f"RRULE:{rule}") for name, rule in RULES.items()},
    **{f"an event with {name}": whole(*lines) for name, lines in LINES.items()},
    **{f"a zone {name}": whole(THERE, "RRULE:FREQ=WEEKLY;COUNT=3", head=lines) for name, lines in ZONES.items()},
    **{f"a file of {name}": text.replace("\n", "\r\n").encode() for name, text in PROGRAMS.items()},
}

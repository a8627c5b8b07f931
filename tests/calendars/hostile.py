"""Events of every kind with texts that are hard on calendars, and what a program should make of their entries."""

from datetime import date, datetime, time, timedelta

from hypothesis import assume
from hypothesis import strategies as st
from markupsafe import escape

from society.events.models import BackingRole, Category, Colour, Speaker
from society.events.render import backing_sentence
from society.events.tags import tags_in
from society.fields import clean, on_one_line
from society.pictures.models import Look, Picture
from society.times import NoSuchTime, shown_twice, to_utc
from tests.builders import NOW, a_backing, a_venue, an_event

SIGNS = [
    *(
        "\\",
        "\\n",
        "\\N",
        "\\\\",
        "\\,",
        ",",
        ";",
        ":",
        '"',
        "'",
        "^n",
        "^'",
        "^^",
        "%2C",
        "%3A",
        "%5C",
        "&amp;",
        "<br>",
    ),
    *(
        "\n",
        "\n\n",
        "\t",
        "  ",
        " ",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "\nEND:VCALENDAR\n",
        "STATUS:CANCELLED",
        "=",
        "é",
        "Ω",
    ),
    *(
        "漢字",
        "👩\u200d🔬",
        "שלום",
        "e\u0301",
        "\u00a0",
        "\u200b",
        "\u00ad",
        "\ufeff",
        "ffi",
        "x" * 74,
        "\u0085",
        "\u2028",
    ),
]
TEXT = st.lists(st.sampled_from(SIGNS) | st.text(max_size=5), max_size=25).map("".join)
LINES = TEXT.map(clean)
LINE = TEXT.map(on_one_line)
NAME = LINE.map(lambda text: text[:100].strip()).filter(bool)
ZONES = (
    *("UTC", "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("America/St_Johns", "Pacific/Chatham", "Asia/Kolkata", "America/Argentina/ComodRivadavia", "America/Phoenix"),
)
RULES_ENDED = ("Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Chatham")
EARLIEST = date(1995, 1, 1)
WHEN = st.datetimes(datetime(1995, 1, 2), datetime(2045, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))
TO_COME = WHEN.map(lambda at: at.replace(year=2035 + at.year % 10, day=min(at.day, 28)))
LINK = st.sampled_from(["https://meet.example.org/a,b;c?d=%2C&e=\"f'#g", "https://müller.example/ß/%E2%82%AC?x=a\\b:c"])


@st.composite
def times(draw, when=WHEN):
    """Within a day, over several days as one or day by day, and whole days; never where clocks are changed."""
    starts, zone = draw(when), draw(st.sampled_from(ZONES))
    # icalendar reads zones by dateutil, which takes UNTIL for local time where RFC 5545, 3.6.5, has it in UTC: east of
    # Greenwich the last onset of a rule that ends is lost (test_engines tries those). Since 2008 these rules go on.
    assume(zone not in RULES_ENDED or starts.year > 2008)
    length = draw(st.timedeltas(timedelta(minutes=1), timedelta(hours=9)))
    length, days = timedelta(minutes=length // timedelta(minutes=1)), draw(st.sampled_from([0, 0, 1, 9]))
    all_day, daily = draw(st.booleans()), draw(st.booleans())
    if all_day:
        starts, length, days = datetime.combine(starts, time.min), timedelta(), days + 1
    ends = starts + length + timedelta(days=days)
    for day in range(days + 1):
        for wall in (starts, ends):
            assume(all_day or _shown_once(wall + timedelta(days=day), zone))
    return {"starts": starts, "ends": ends, "zone": zone, "all_day": all_day, "daily": daily}


def _shown_once(wall, zone):
    try:
        to_utc(wall, zone)
    except NoSuchTime:
        return False
    return not shown_twice(wall, zone)


TOLD = {
    "title": NAME,
    "summary": LINES.map(lambda text: text[:300].strip()),
    "room": LINE.map(lambda text: text[:100].strip()),
    "tags": st.lists(NAME, max_size=3).map(",".join),
    "when": times(),
    "venue": st.none() | st.tuples(NAME, LINE, st.sampled_from([None, (40.5, -73.25), (-0.0001, 179.999999)])),
    "category": st.none() | NAME,
    "speakers": st.lists(st.tuples(NAME, LINE), max_size=2),
    "backers": st.lists(st.tuples(NAME, st.sampled_from(BackingRole)), max_size=3),
    "link": st.just("") | LINK,
    "fate": st.sampled_from(["on", "cancelled", "postponed"]),
    "sequence": st.integers(0, 2**31 - 1),
    "answer": LINE,
    "instructions": LINE,
    "alarm": st.none() | st.integers(0, 20_000),
    "pictured": st.booleans(),
}
EVENTS = st.fixed_dictionaries(TOLD)
COMING = st.fixed_dictionaries({**TOLD, "when": times(TO_COME), "answer": st.just(""), "alarm": st.none()})
"""Such as people can still answer, as calendars have them that are nobody's own."""


def made(told):
    """An event that has all of that."""
    venue = None
    if told["venue"]:
        name, address, at = told["venue"]
        venue = a_venue(name, address=address, latitude=at and at[0], longitude=at and at[1])
    fate = {"cancelled": {"cancelled_at": NOW}, "postponed": {"postponed_at": NOW}}.get(told["fate"], {})
    event = an_event(
        told["title"],
        **{name: told[name] for name in ("summary", "room", "tags", "sequence")},
        **told["when"],
        **fate,
        venue=venue,
        online_url=told["link"],
        online_minutes=0,
        instructions=told["instructions"],
    )
    if told["category"]:
        event.category = Category(name=told["category"], slug=f"c-{event.id}", colour=Colour.TEAL)
    event.speakers = [Speaker(position=n, name=name, about=about) for n, (name, about) in enumerate(told["speakers"])]
    for n, (name, role) in enumerate(told["backers"]):
        a_backing(event, f"{n} {name}", role)
    if told["pictured"]:
        event.picture = Picture(key=f"{event.id:032}", look=Look.PHOTO, width=400, height=300, created_at=NOW)
        event.attached = [{"id": 7, "url": "https://films.example.org/a,b;c", "type": ""}]
    return event


def meant(event, told, *, joins=False):
    """What each program should make of its entry in an own calendar, told without looking at the rendering."""
    page = f"https://society.example.org/events/{event.slug}"
    speakers = "\n".join(f"{name}, {about}" if about else name for name, about in told["speakers"])
    on, title = told["fate"] == "on", told["title"]
    instructions = told["instructions"] if joins and on else ""
    said = (told["answer"], instructions, told["summary"], place(told), speakers, backing_sentence(event))
    parts = [part for part in said if part]
    html = "".join(f"<p>{str(escape(part)).replace(chr(10), '<br>')}</p>" for part in parts)
    starts, ends = walls(event)
    return {
        "uid": event.uid,
        "sequence": told["sequence"],
        "summary": {"cancelled": "Cancelled: ", "postponed": "Postponed: "}.get(told["fate"], "") + title,
        "description": "\n\n".join([*parts, page]),
        "html": f'<html><body>{html}<p><a href="{page}">{page}</a></p></body></html>',
        "location": place(told),
        "status": {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}.get(told["fate"], "CONFIRMED"),
        "transp": "OPAQUE" if on else "TRANSPARENT",
        "color": "teal" if told["category"] else "",
        "url": page,
        "related_to": "",
        "comment": "",
        "categories": [name for name in [told["category"]] if name] + tags_in(told["tags"]),
        "attach": ["https://films.example.org/a,b;c"] if told["pictured"] else [],
        "image": [f"https://society.example.org{event.picture.path(400, 'jpg')}"] if told["pictured"] else [],
        "conference": [told["link"] if joins else f"{page}#where-heading"] if told["link"] and on else [],
        "people": [],
        "geo": list(told["venue"][2]) if told["venue"] and told["venue"][2] else None,
        "starts": at(event, starts[0]),
        "ends": at(event, ends),
        "occurrences": [at(event, day) for day in starts],
        "stamps": [int(moment.timestamp()) for moment in (event.published_at, event.revised_at, event.revised_at)],
        "alarms": [["DISPLAY", title, -60 * told["alarm"]]] if told["alarm"] is not None and on else [],
    }


def place(told):
    venue = told["venue"][:2] if told["venue"] else ()
    return ", ".join(part for part in (told["room"], *venue) if part) or ("Online" if told["link"] else "")


def walls(event):
    """The wall clock at the start of each entry, and at the end of the first."""
    days = (event.ends.date() - event.starts.date()).days - event.all_day
    if not event.daily or days == 0 or not (event.all_day or event.ends.time() > event.starts.time()):
        return [event.starts], event.ends
    return [event.starts + timedelta(days=n) for n in range(days + 1)], event.ends - timedelta(days=days)


def at(event, wall):
    return wall.date().isoformat() if event.all_day else int(to_utc(wall, event.zone).timestamp())

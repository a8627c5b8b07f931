"""Reads an announcement: what it says of an event, where it says so, and what is doubtful about it."""

import re
from collections.abc import Iterator
from datetime import date

from society.announcements import conditions, prices, remaining, titles, wording
from society.announcements.backing import backers, hosts, letterheads
from society.announcements.backing.bodies import is_body
from society.announcements.days.date_forms import month_first_in
from society.announcements.lines.joining import Joining
from society.announcements.lines.layout import Layout, laid_out
from society.announcements.persons import bystanders, named, people
from society.announcements.persons.names import is_known
from society.announcements.recurring import recurring_in
from society.announcements.remembered import remembering
from society.announcements.said import LONGEST, Read, Reading
from society.announcements.several import one_of
from society.announcements.shouted import lowered
from society.announcements.sites import places
from society.announcements.when import When, no_such_day, when_of
from society.announcements.where import place_line
from society.events.models import BackingRole
from society.events.tags import MOST_TAGS, tags_in
from society.text import folded

LEAST_TO_FIND = 20
"""Characters by which a line is found again where it stood."""
_REGISTERS = re.compile(r"/register\b|/registration", re.IGNORECASE)
_SHORT = re.compile(r"^\d|\s[A-ZÀ-Þ]\.?$")
"""Some "others", or somebody by a first name and a letter."""
_WHOSE = re.compile(r"^(?:the|its|our|their)\s")
"""Before a place that has no name of its own: "its clubhouse"."""
_REGISTER = "People register at this address first, and only those who come are shown it."
_NO_LINK = "It can be joined online, but the text has no link."


@remembering()
def read(text: str, today: date, zone: str, day: date | None = None) -> Reading:
    """What the text says of an event to come, as of `today` by the clocks of `zone`; of several, that of `day`, else
    what is told first.

    Time grows with the length of the text alone, which is cut at `LONGEST` characters.
    """
    layout, reading = laid_out(text[:LONGEST]), Reading()
    when = when_of(layout, today, zone)
    day = day or (when.starts.date() if when else None)
    one = one_of(layout, day, today, month_first=month_first_in(zone)) if day else None
    if one:
        layout, reading.others = one.layout, one.others
        when = when_of(layout, today, zone)
    if when:
        _read_when(reading, when)
    elif missing := no_such_day(layout.whole):
        reading.no_day = Read("", missing.partition("“")[2].partition("”")[0], missing)
    if title := (one and titles.title_of(one.alone)) or titles.title_of(layout):
        reading.title = Read(*title)
    _read_where(reading, layout)
    _read_backers(reading, layout)
    _read_speakers(reading, layout)
    _read_joining(reading, layout.joining)
    _read_conditions(reading, layout, today, zone)
    _read_tags(reading, layout)
    reading.description, reading.left_out = remaining.parted(layout, reading.shown(), _title(reading))
    reading.left_out.sort(key=lambda line: text.find(line[:LEAST_TO_FIND]))
    reading.text = layout.whole
    reading.recurs = recurring_in(layout.whole)
    return reading


def _read_when(reading: Reading, when: When) -> None:
    reading.starts, reading.all_day = Read(when.starts, when.quote, when.doubt), when.all_day
    if when.ends is not None:
        reading.ends = Read(when.ends, when.quote, when.doubt_of_end)
    if when.zone is not None:
        reading.zone = Read(*when.zone)


def _title(reading: Reading) -> str:
    return reading.title.value if reading.title else ""


def _read_where(reading: Reading, layout: Layout) -> None:
    labelled = [line.text for line in layout.labelled("where")]
    rooms = [line.text for line in layout.labelled("room")]
    title = _title(reading)
    told = places.place_of(", ".join(labelled[:2])) if labelled else place_line(layout.prose, title)
    found = told or place_line(layout.whole, title) or places.Place()
    if found.venue and not found.venue.startswith("http"):
        reading.venue = Read(lowered(_WHOSE.sub("", found.venue)), found.quote, found.doubt)
    if found.address:
        reading.address = Read(lowered(found.address), found.quote)
    if room := ", ".join(filter(None, [found.room, *rooms])):
        reading.room = Read(lowered(room), found.quote or room)


def _read_backers(reading: Reading, layout: Layout) -> None:
    found: dict[BackingRole, list[tuple[list[str], str]]] = {}
    for role in BackingRole:
        for line in layout.labelled(role.value):
            found.setdefault(role, []).append((backers.names_in(line.text), line.whole))
    for role, names, quote in backers.backers_in(layout.whole):
        found.setdefault(role, []).append((names, quote))
    told = [(kept, quote) for names, quote in found.pop(BackingRole.HOST, []) if (kept := _no_people(names))]
    if all(backers.is_another(quote) for _, quote in told):
        told = [*_holding(reading, layout, alone=not told), *told]
    for role, entries in [*found.items(), *([(BackingRole.HOST, told)] if told else [])]:
        names = list(dict.fromkeys(name for each, _ in entries for name in each))
        reading.backers[role] = Read(names, "; ".join(dict.fromkeys(quote for _, quote in entries)))


def _no_people(names: list[str]) -> list[str]:
    """Bodies hold events: of "Hosted by Dale K. and 2 others" none is one, nor whoever else is listed with somebody."""
    peopled = any(is_known(name) or _SHORT.search(name) for name in names if not is_body(name))
    return [name for name in names if is_body(name) or not peopled]


def _holding(reading: Reading, layout: Layout, *, alone: bool) -> Iterator[tuple[list[str], str]]:
    """The body that holds the event by what the text says, or in whose name it is written; another does so too unless
    it is `alone`."""
    lines = layout.prose.split("\n")
    taken = {folded(_title(reading)), folded(reading.venue.value if reading.venue else "")}
    if said := hosts.holding(layout.prose) or (alone and backers.inviting(layout.prose)):
        yield backers.bodies_in(said[0]), said[1]
    elif told := letterheads.standing(lines, taken) or letterheads.releasing(layout.whole.split("\n")):
        yield told


def _read_speakers(reading: Reading, layout: Layout) -> None:
    found, quote = _labelled_people(layout, "speaker")
    doubt = ""
    if not found:
        found, quote = _on_the_panel(layout)
    if not found:
        found, quote, doubt = people.speaking(backers.without_backers(layout.without("book")))
    if not found:
        found, quote = _beside_the_title(layout)
    if not found:
        found, quote, doubt = _else_named(layout, _title(reading))
    chairs, said = _in_the_chair(layout)
    found = [*found, *(one for one in chairs if one[0] not in [name for name, _ in found])]
    quote = "; ".join(filter(None, (quote, said)))
    bodies = {folded(name) for said in reading.backers.values() for name in said.value}
    title = folded(_title(reading))
    kept = [
        (lowered(name), lowered(about)) for name, about in found if folded(name) not in bodies and folded(name) != title
    ]
    if kept:
        reading.speakers = Read(kept, quote, doubt)


def _labelled_people(layout: Layout, kind: str) -> tuple[list[tuple[str, str]], str]:
    labelled = list(layout.labelled(kind))
    quote = "; ".join(line.whole for line in labelled)
    return [person for line in labelled for person in people.people_in(line.text, told=True)], quote


def _in_the_chair(layout: Layout) -> tuple[list[tuple[str, str]], str]:
    """Who is in the chair, with the word for it where nothing else is said of them."""
    lines = list(layout.labelled("chair"))
    told = [
        (name, about or line.whole.partition(":")[0].strip())
        for line in lines
        for name, about in people.people_in(line.text, told=True)
    ]
    for line in layout.lines:
        word, names = bystanders.in_the_chair(line.whole)
        told += [(name, about or word) for name, about in people.people_in(names, told=True)]
        lines += [line] if word else []
    return told, "; ".join(line.whole for line in lines)


def _on_the_panel(layout: Layout) -> tuple[list[tuple[str, str]], str]:
    """ "Panel: Ada Example, Ben Sample": behind a label that may name the title as well."""
    lines = (line for line in layout.labelled("title") if people.are_people(line.text))
    return next(((people.people_in(line.text), line.whole) for line in lines), ([], ""))


def _else_named(layout: Layout, title: str) -> tuple[list[tuple[str, str]], str, str]:
    """Those of whom no word says that they speak; who is but mentioned is asked about."""
    prose = backers.without_backers(layout.prose)
    found, quote = named.on_lines(prose, title)
    if found:
        return found, quote, ""
    found, quote = named.who_writes("\n".join(layout.written))
    if not found:
        found, quote = named.in_sentences(prose, title)
    if not found:
        found, quote, _ = people.speaking(layout.subject)
    return found, quote, f"Is it {found[0][0]} who speaks?" if found else ""


def _beside_the_title(layout: Layout) -> tuple[list[tuple[str, str]], str]:
    """Lecture: Dr Ada Example (B University), "The Title"."""
    lines = ((people.people_in(wording.beside_title(line.text)), line.whole) for line in layout.labelled("title"))
    return next(((found, whole) for found, whole in lines if found), ([], ""))


def _read_joining(reading: Reading, joining: Joining) -> None:
    """The address to join by, and what else is for those who come alone; another address is among it."""
    found = list(dict.fromkeys(zip(joining.links, joining.quotes, strict=True)))
    found.sort(key=lambda one: bool(_REGISTERS.search(one[0])))
    link, quote = found[0] if found else ("", joining.online)
    if quote:
        reading.link = Read(link, quote, _NO_LINK if not link else _REGISTER if _REGISTERS.search(link) else "")
    others = [other for other, _ in found if other != link]
    if told := list(dict.fromkeys([*others, *(_begun(said) for said in joining.told)])):
        reading.instructions = Read("\n".join(told), " … ".join(dict.fromkeys((told[0], told[-1]))))


def _begun(said: str) -> str:
    """What was said in the middle of something, as it begins a line."""
    bare = _LED_TO.sub("", said)
    if "://" in bare:
        return bare
    return bare[:1].upper() + bare[1:]


_LED_TO = re.compile(r"^(?:or|oder|ou|o)\s", re.IGNORECASE)


def _read_tags(reading: Reading, layout: Layout) -> None:
    """Only where the text calls them so; also written as "#walks #history"."""
    lines = list(layout.labelled("tags"))
    tags = [tag for line in lines for tag in tags_in(line.text.replace(" #", ","))]
    if tags:
        reading.tags = Read(", ".join(tags[:MOST_TAGS]), "; ".join(line.whole for line in lines))


def _read_conditions(reading: Reading, layout: Layout, today: date, zone: str) -> None:
    asked = "\n".join([layout.prose, *(line.whole for line in layout.labelled("no"))])
    if seats := conditions.seats_in(asked):
        reading.capacity = Read(*seats)
    if price := prices.price_in(layout.whole, zone):
        reading.price = Read(price, price.quote, price.doubt)
    starts = reading.starts.value if reading.starts else None
    if starts and (due := conditions.due_in(layout.whole, starts, today, month_first=month_first_in(zone))):
        reading.deadline = Read(*due)

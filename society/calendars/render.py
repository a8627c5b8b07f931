"""Events as calendar apps read them (RFC 5545 and 7986)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, timedelta
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from urllib.parse import quote
from zoneinfo import TZPATH

from icalendar import Calendar
from markupsafe import Markup, escape
from sqlalchemy import bindparam, select

from society.calendars.colours import nearest
from society.calendars.component import Component
from society.calendars.models import Entry
from society.calendars.queries import ALL, ONE, PAST
from society.calendars.texts import Text, grouped
from society.calendars.zones import vtimezone
from society.db import db
from society.events.models import Event, Visibility
from society.events.render import backing_sentence, gist
from society.rows import Peek
from society.settings import absolute, society

EDITION = 11
"""Raised when the code below renders the same event to other bytes."""

JOINING = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join online"}
"""What calendars are told of an address at which one joins (CONFERENCE, RFC 7986, 5.11)."""
SEEN = {"VALUE": "URI", "DISPLAY": "FULLSIZE", "FMTTYPE": "image/jpeg"}
"""Of a picture (IMAGE, RFC 7986, 5.10): one to look at, where without a word it were an icon beside the title (6.1)."""
PRODID = "-//Society//Society//EN"
REFRESH = timedelta(hours=1)


def rendering() -> str:
    """What every entry and feed depends on besides its event: this code, this site's address, and the zone data."""
    return f"{EDITION} {_zone_data()} {absolute('')}"


def _zone_data() -> str:
    """The release of the zones' rules that `zoneinfo` reads: the machine's, else the package's."""
    for folder in TZPATH:
        stated = Path(folder) / "tzdata.zi"
        if stated.exists():
            with stated.open() as file:
                return file.readline().strip("# \n")
    return metadata.version("tzdata")


def vevent(event: Event) -> bytes:
    """The VEVENT (RFC 5545, 3.6.1) of a published event, CRLF and folded.

    It depends on what is stored alone, never on the clock, nor on who reads it: for a person's own feed it is changed
    in a few lines (see `society.calendars.own`). The joining link of an online event is for those who come, so the
    entry names the event's page, on which the link is found by those whom it is for, when it is time.
    """
    component = Component()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("created", event.published_at)
    component.add("last-modified", event.revised_at)
    component.add("dtstamp", event.revised_at)
    component.add("summary", titled(event, event.title))
    _add_times(component, event)
    parts = _described(event)
    component.add("description", "\n\n".join(parts))
    component.add("x-alt-desc", _as_html(parts), parameters={"FMTTYPE": "text/html"})
    component.add("url", event_address(event))
    component.add("status", status(event))
    component.add("transp", "TRANSPARENT")
    _add_place_and_kind(component, event)
    if event.visibility is Visibility.PUBLIC:  # a calendar app has no account to see what is not for everyone by
        _add_seen(component, event)
    if event.online_url and event.on:
        component.add("conference", f"{event_address(event)}#where-heading", parameters=JOINING)
    return component.to_ical()


def _add_place_and_kind(component: Component, event: Event) -> None:
    if event.place:
        component.add("location", event.place)
    if event.venue and event.venue.latitude is not None and event.venue.longitude is not None:
        component.add("geo", (event.venue.latitude, event.venue.longitude))
    kinds = [event.category.name] if event.category else []
    for listed in grouped(kinds + [tag for tag, _key in event.tagged]):
        component.add("categories", listed)
    if event.category and event.category.colour:
        component.add("color", event.category.colour.value)  # RFC 7986, 5.9


def _add_seen(component: Component, event: Event) -> None:
    """The picture, and what stays of the event, by address."""
    for one in event.attached or ():  # None before it is stored
        kind = {"FMTTYPE": one["type"]} if one["type"] else {}
        component.add("attach", one["url"] or f"{event_address(event)}/material/{one['id']}", parameters=kind)
    if event.picture:
        image = event.picture.path(event.picture.widths[-1], "jpg")
        component.add("image", absolute(image), parameters=SEEN)


def titled(event: Event, title: str) -> str:
    """A title of the event or of a part of it, with what has become of the event."""
    if event.cancelled_at:
        return f"Cancelled: {title}"
    return f"Postponed: {title}" if event.postponed_at else title


def _add_times(component: Component, event: Event) -> None:
    """Wall clock and zone; whole days as dates with the end exclusive (3.6.1); UTC with a trailing Z.

    Days that stand by themselves are one event that recurs (3.8.5.3), and all of them move and are cancelled as one.
    """
    starts, ends = event.first_entry
    if event.separate_days > 1:
        component.add("rrule", {"FREQ": "DAILY", "COUNT": event.separate_days})
    if event.all_day:
        component.add("dtstart", starts.date())
        component.add("dtend", ends.date())
        return
    zoned = {} if event.zone == "UTC" else {"TZID": event.zone}
    zone = UTC if event.zone == "UTC" else None
    component.add("dtstart", starts.replace(tzinfo=zone), parameters=zoned)
    component.add("dtend", ends.replace(tzinfo=zone), parameters=zoned)


def _described(event: Event) -> list[str]:
    """What it is about, in paragraphs: first why it is off, last its address. The place too, since not every app shows
    it beside."""
    speakers = "\n".join(f"{s.name}, {s.about}" if s.about else s.name for s in event.speakers)
    parts = [event.reason, gist(event), event.place, speakers, backing_sentence(event)]
    return [*filter(None, parts), event_address(event)]


def _as_html(parts: list[str]) -> str:
    """The same for Outlook, which shows plain descriptions without their paragraphs.

    X-ALT-DESC is TEXT, so its commas, semicolons and backslashes are escaped: by the rule for all that RFC 5545 does
    not define (3.8.8.2), and by Microsoft's description of it (MS-OXCICAL, "Property: X-ALT-DESC"). Outlook itself
    writes line ends in it as `\\n`, which only TEXT has.
    """
    *paragraphs, address = (escape(part).replace("\n", Markup("<br>")) for part in parts)
    whole = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<html><body>{whole}<p><a href="{address}">{address}</a></p></body></html>'


def status(event: Event) -> str:
    """How it stands, in the words of RFC 5545, 3.8.1.11."""
    if event.cancelled_at:
        return "CANCELLED"
    return "TENTATIVE" if event.postponed_at else "CONFIRMED"


def event_address(event: Event) -> str:
    """The full address of the event's page."""
    return absolute(f"/events/{event.slug}")


def calendar(
    vevents: Iterable[bytes],
    zones: Iterable[str],
    since: date,
    *,
    name: str = "",
    source: str = "",
    page: str = "",
    about: str = "",
    method: str = "",
) -> bytes:
    """A whole VCALENDAR (3.4) around entries that are rendered already.

    A feed has a `name` and tells how often to look again (RFC 7986, 5); a file of one event does not. Its `source` is
    its own address (5.8), which one that is a secret leaves out; its `page`, if it is not the usual one, tells of it.
    An invitation has a `method` (RFC 5546); feeds have none.
    """
    head, foot = frame(zones, since, name=name, source=source, page=page, about=about, method=method)
    return b"".join([head, *vevents, foot])


def home_zone() -> str:
    """That of a feed without events: a calendar has one component at least (RFC 5545, 3.6)."""
    return "Etc/UTC" if society().zone == "UTC" else society().zone


def frame(
    zones: Iterable[str],
    since: date,
    *,
    name: str = "",
    source: str = "",
    page: str = "",
    about: str = "",
    method: str = "",
) -> tuple[bytes, bytes]:
    """What stands before the entries of a calendar, with a VTIMEZONE for each zone used, and after them."""
    head, foot = _named(name, source, about, page) if name else _shell(method=method)
    components = [vtimezone(zone, since) for zone in sorted(set(zones))]
    return b"".join([head, *components]), foot


def _named(name: str, source: str, about: str, page: str) -> tuple[bytes, bytes]:
    return _shell(name, source, about, page or absolute("/calendar"), society().accent)


def address(key: str) -> str:
    """The path of a public feed."""
    if key.startswith(ONE):
        return f"/events/{quote(key.removeprefix(ONE))}.ics"
    plain = {ALL: "/calendar.ics", PAST: "/calendar.ics?past=all"}
    return plain.get(key) or f"/calendar/{quote(key)}.ics"


@lru_cache(maxsize=64)
def _shell(
    name: str = "", source: str = "", about: str = "", url: str = "", accent: str | None = None, method: str = ""
) -> tuple[bytes, bytes]:
    """What stands before and after the components of a calendar; made once for as long as none of it changes."""
    shell = Calendar()
    shell.add("prodid", PRODID)
    shell.add("version", "2.0")
    shell.add("calscale", "GREGORIAN")
    if method:
        shell.add("method", method)
    if name:
        shell.add("name", Text(name))  # icalendar escapes by itself only what stands in RFC 5545
        shell.add("x-wr-calname", Text(name))
        if source:
            shell.add("source", source, parameters={"VALUE": "URI"})
        shell.add("url", url)
        shell.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        shell["x-published-ttl"] = Text("PT1H")
    if about:
        shell.add("description", Text(about))
        shell.add("x-wr-caldesc", Text(about))
    if accent:
        shell.add("color", nearest(accent))  # RFC 7986, 5.9
        shell.add("x-apple-calendar-color", accent)
    head, end, foot = shell.to_ical().rpartition(b"END:VCALENDAR")
    return head, end + foot


def event_file(event: Event) -> bytes:
    """One event as a file to open or attach: no METHOD, so it is a copy to keep and not an invitation."""
    return calendar([vevent(event)], [] if event.all_day else [event.zone], event.starts.date())


_stored = Peek(select(Entry.vevent).where(Entry.event_id == bindparam("event_id")))


def stored_entry(event: Event) -> bytes | None:
    """The VEVENT as it was rendered last; None before its publication."""
    row = _stored.here(event_id=event.id)
    return bytes(row[0]) if row else None


def stored_entry_ahead(event: Event) -> None:
    """Have it asked with what is asked next."""
    _stored.ahead(event_id=event.id)


def stored_file(event: Event, *, busy: bool = False, entry: bytes | None = None) -> bytes | None:
    """The event as a file, from its stored entry; None before its publication. `busy` for those who are coming. `entry`
    is that which is stored, where the caller has it; empty, where there is none."""
    vevent = stored_entry(event) if entry is None else entry
    if not vevent:
        return None
    if busy and event.on:
        vevent = _busy(vevent)
    return calendar([vevent], [] if event.all_day else [event.zone], event.starts.date())


def busy_file(events: Sequence[Event]) -> bytes | None:
    """Several events that somebody is coming to as one file, from their stored entries; None where there is none."""
    rows = select(Entry.event_id, Entry.vevent).where(Entry.event_id.in_([event.id for event in events]))
    stored = {number: bytes(vevent) for number, vevent in db.session.execute(rows)} if events else {}
    told = [event for event in events if event.id in stored]
    if not told:
        return None
    zones = [event.zone for event in told if not event.all_day]
    since = min(event.starts for event in told).date()
    return calendar([_busy(stored[event.id]) if event.on else stored[event.id] for event in told], zones, since)


def _busy(vevent: bytes) -> bytes:
    """As it is shown to those who are coming."""
    return vevent.replace(b"\r\nTRANSP:TRANSPARENT\r\n", b"\r\nTRANSP:OPAQUE\r\n")

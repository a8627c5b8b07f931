"""Events in words: when, where, and by whom backed."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import url_for
from markupsafe import Markup, escape

from society.events.abroad import both_clocks, by_own_clock_in, instant_in, moment_in, span_in, when_in
from society.events.models import ONLINE, Backing, BackingRole, BackingState, Event, RsvpPolicy, Venue
from society.kept import fresh_until
from society.languages import ENGLISH, day_in, is_english, listed, widened
from society.languages import spoken_zone as zone_abroad
from society.organizations.models import Organization
from society.people.models import Person
from society.phrases import marked, phrase
from society.settings import society
from society.text import in_short
from society.times import now, place_of, to_wall

DONE = {
    BackingRole.HOST: marked("hosted by {names}"),
    BackingRole.SPONSOR: marked("sponsored by {names}"),
    BackingRole.ENDORSER: marked("endorsed by {names}"),
}


def spoken_time(wall: datetime) -> str:
    """ "8:00 pm"."""
    return f"{wall:%-I:%M} {'am' if wall.hour < 12 else 'pm'}"


def unbroken(times: str) -> str:
    """For a page: each hour stays on one line with its am or pm."""
    return re.sub(r"(?<=\d) (?=[ap]m\b)", "\u00a0", times)


def spoken_day(wall: datetime) -> str:
    """ "Tuesday, 30 March 2027"."""
    return f"{wall:%A, %-d %B} {wall.year}"


def on_its_day(subject: str, event: Event, language: str = ENGLISH) -> str:
    """What heads a letter about an event, and of one of a series the day: "You are coming: Readers (30 March 2027)".
    Else mail programs show together what is about different evenings."""
    if event.series_id is None:
        return subject
    day = event.starts.date()
    return f"{subject} ({f'{day:%-d %B} {day.year}' if is_english(language) else day_in(day, language)})"


def spoken_moment(wall: datetime, language: str = ENGLISH) -> str:
    """ "Tuesday, 30 March 2027, 8:00 pm"."""
    return f"{spoken_day(wall)}, {spoken_time(wall)}" if is_english(language) else moment_in(wall, language)


def spoken_zone(zone: str) -> str:
    """ "New York time"; UTC stands for itself."""
    return "UTC" if zone == "UTC" else f"{place_of(zone)} time"


def zone_in(zone: str, language: str) -> str:
    """The same in a letter of that language."""
    return spoken_zone(zone) if is_english(language) else zone_abroad(zone, language)


def members_first(event: Event) -> str:
    """ "Members first, everyone from 20 February 2027", as long as that is to come; so long pages say it."""
    first, opens = event.members_first_until, event.members_first_until_at
    others_can = event.on and event.rsvp_policy in (RsvpPolicy.OPEN, RsvpPolicy.APPROVAL)
    if not others_can or first is None or opens is None or opens <= now():
        return ""
    fresh_until(opens)
    return f"Members first, everyone from {first:%-d %B} {first.year}"


def when(event: Event) -> str:
    """The whole of when: "Tuesday, 30 March 2027, 8:00 pm to 9:30 pm (New York time)"."""
    starts, ends = event.starts, event.ends
    if event.separate_days > 1:
        hours = f"{spoken_time(starts)} to {spoken_time(ends)} each day"
        return f"{spoken_day(starts)} to {spoken_day(ends)}, {hours} ({spoken_zone(event.zone)})"
    return when_at(starts, ends, event.zone, all_day=event.all_day)


def when_for(event: Event, reader: Person | None, language: str = ENGLISH) -> str:
    """The same in a letter of that language, with what the reader's own clock shows then."""
    if not is_english(language):
        return when_in(event, language, reader)
    return when(event) + ("" if event.all_day else by_own_clock(event.starts_at, event.zone, reader))


def by_own_clock(instant: datetime, zone: str, reader: Person | None, language: str = ENGLISH) -> str:
    """What stands behind a time told by the clocks of `zone`: " – 1:00 am on Wednesday, 31 March by your clock".

    Empty where both clocks show the same, and of who has not told us by which one they live.
    """
    if not is_english(language):
        return by_own_clock_in(instant, zone, reader, language)
    clocks = both_clocks(instant, zone, reader)
    if clocks is None:
        return ""
    there, here = clocks
    day = "" if there.date() == here.date() else f" on {here:%A, %-d %B}"
    return f" – {spoken_time(here)}{day} by your clock"


def when_at(starts: datetime, ends: datetime, zone: str, *, all_day: bool, language: str = ENGLISH) -> str:
    """The same of a time that is no event's; the end of whole days is the midnight after them."""
    if not is_english(language):
        return span_in(starts, ends, zone, language, all_day=all_day)
    if all_day:
        last = ends - timedelta(days=1)
        return f"{spoken_day(starts)}, all day" if starts == last else f"{spoken_day(starts)} to {spoken_day(last)}"
    end = spoken_time(ends) if starts.date() == ends.date() else f"{spoken_day(ends)}, {spoken_time(ends)}"
    return f"{spoken_day(starts)}, {spoken_time(starts)} to {end} ({spoken_zone(zone)})"


def gist(event: Event) -> str:
    """What it is about, in short: its summary, else how its description begins."""
    return event.summary or in_short(event.description or "")


def backers(event: Event, role: BackingRole) -> list[Organization]:
    """Who backs an event in that role, in their order; those that have not confirmed are not named."""
    confirmed: list[Backing] = [b for b in event.backings if b.role is role and b.state is BackingState.CONFIRMED]
    return [backing.organization for backing in confirmed]


def sponsors_by_level(event: Event) -> list[tuple[str, list[Organization]]]:
    """The confirmed sponsors that have a level ("Gold"), level by level, in the order of their first."""
    found: dict[str, list[Organization]] = {}
    for backing in event.backings:
        if backing.role is BackingRole.SPONSOR and backing.state is BackingState.CONFIRMED and backing.level:
            found.setdefault(backing.level, []).append(backing.organization)
    return list(found.items())


def backing_sentence(event: Event, language: str = ENGLISH) -> str:
    """ "Sponsored by the B Debating Union, and endorsed by the C League and the D Society."; or nothing."""
    return _sentence(event, lambda organization: within_a_sentence(organization, language), language)


def within_a_sentence(organization: Organization, language: str) -> str:
    """Its name with its article, which is of the society's own language; in others without."""
    is_ours = is_english(language) or language.lower() in widened(society().language)
    return organization.in_a_sentence if is_ours else organization.name


def backing_html(event: Event) -> Markup:
    """The same, with links to the organizations' pages."""
    return Markup(_sentence(event, _linked, ENGLISH))  # noqa: S704, each name is escaped where it is linked


def _linked(organization: Organization) -> str:
    page = url_for("organizations.show", slug=organization.slug)
    link = f'<a href="{escape(page)}">{escape(organization.name)}</a>'
    return f"{escape(organization.article)} {link}".strip()


def _sentence(event: Event, name: Callable[[Organization], str], language: str) -> str:
    if not event.backings:
        return ""
    by_role = [(done, [*map(name, backers(event, role))]) for role, done in DONE.items()]
    parts = [phrase(done, language, names=listed(names, language)) for done, names in by_role if names]
    if not parts:
        return ""
    whole, others = parts[-1], ", ".join(parts[:-1])
    if others:
        whole = phrase("{others}, and {last}", language, others=others, last=whole)
    return whole[0].upper() + whole[1:] + ("" if whole.endswith(".") else ".")


def place(event: Event, language: str = ENGLISH) -> str:
    """Where it is: room, venue, address; or that it is online."""
    return phrase(event.place, language) if event.place == ONLINE else event.place


def map_address(venue: Venue) -> str:
    """A public map, at the venue's coordinates or searching for its address; empty where nothing is known."""
    if venue.latitude is not None and venue.longitude is not None:
        spot = f"{venue.latitude}/{venue.longitude}"
        return f"https://www.openstreetmap.org/?mlat={venue.latitude}&mlon={venue.longitude}#map=17/{spot}"
    sought = ", ".join(filter(None, [venue.name, venue.address]))
    return f"https://www.openstreetmap.org/search?{urlencode({'query': sought})}" if venue.address else ""


def spoken_in(instant: datetime, zone: str) -> str:
    """An instant by the clocks of `zone`: "Tuesday, 30 March 2027, 8:00 pm (New York time)"."""
    return f"{spoken_moment(to_wall(instant, zone))} ({spoken_zone(zone)})"


def spoken_for(instant: datetime, zone: str, reader: Person | None, language: str = ENGLISH) -> str:
    """The same in a letter of that language, with what the reader's own clock shows then."""
    if not is_english(language):
        return instant_in(instant, zone, language, reader)
    return spoken_in(instant, zone) + by_own_clock(instant, zone, reader)

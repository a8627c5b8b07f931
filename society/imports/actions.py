"""Reading a calendar file in: all of it in one transaction, or nothing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import delete, select, update

from society.audit.actions import record
from society.db import db
from society.events.actions import RESERVED, category_named, venue_named
from society.events.models import Event, Visibility
from society.events.moments import shift
from society.imports.ahead import Ahead, as_things_stand, can_be_made
from society.imports.comparing import ROOM, Places, described, is_link, made_of
from society.imports.matching import planned
from society.imports.models import CalendarFile, ImportedEvent
from society.imports.plain import Read
from society.imports.planning import Options, Plan, plan
from society.imports.reading import Reading
from society.imports.together import follow, keep_together
from society.notices.actions import alter
from society.people.models import Person
from society.rows import write_down
from society.rsvps.feed import refresh_new
from society.settings import society
from society.text import slug

KEPT_FOR = timedelta(days=1)
_BATCH = 500


def made_ahead(reading: Reading, options: Options, *, by: Person | None, now: datetime) -> Ahead:
    """Make of what is new as much as can be, while nobody waits for it."""
    places = Places.known()
    added = plan(reading, options, places).add
    reads = [read for read in added if can_be_made(read, places, make_new=options.make_new)]
    free, slugs = _free_uids(read.uid for read in reads), _Slugs() if options.publish else None
    ahead = Ahead(now, as_things_stand(places, free))
    for read in reads:
        event = _made(read, free, places, options, by, now)
        _announce([(read, event)], slugs, now)
        ahead.add(read, event, _origin(read, event, now))
    return ahead


def bring_in(
    reading: Reading, options: Options, *, by: Person | None, now: datetime, ahead: Ahead | None = None
) -> Plan:
    """Add what is new and change what has changed there and not here; returns what was done. What was made ahead at
    that moment is taken, if things stand as they did."""
    places = Places.known()
    done = plan(reading, options, places)
    for row, read in done.change:
        _change(row, read, places, options, by=by, now=now)
    _follow(reading, done, by, now)
    _note_seen(done.seen, now)
    rest = _written_of(ahead, done.add, places, options) if ahead else done.add
    slugs = _Slugs() if options.publish else None
    free = _free_uids(read.uid for read in rest if not read.recurrence)
    for together in _batches(rest):
        made = [(read, _made(read, free, places, options, by, now)) for read in together]
        if together[0].recurrence:
            uid = together[0].uid
            events = [event for _read, event in made]
            keep_together(reading.series[uid].rule, events, done.series.get(uid), by=by, now=now)
        _store(made, slugs, now)
    if done.add or done.change:
        after = {"done": done.in_words, "published": options.publish}
        record("calendar imported", society(), by=by, now=now, after={"calendar": reading.name, **after})
    return done


def _written_of(ahead: Ahead, added: Sequence[Read], places: Places, options: Options) -> Sequence[Read]:
    """What is left of them to be made, after those are written down that were."""
    reads = [read for read in added if can_be_made(read, places, make_new=options.make_new)]
    stand = as_things_stand(places, _free_uids(read.uid for read in reads))
    if not ahead.holds(reads, stand, _Slugs().taken):
        return added
    ahead.write()
    return [read for read in added if not can_be_made(read, places, make_new=options.make_new)]


def _follow(reading: Reading, done: Plan, by: Person | None, now: datetime) -> None:
    """Occurrences go by the names that they have now, and their series by the rule that gave them."""
    days: dict[str, dict[Event, date]] = {}
    moved = set(done.left)
    for read in reading.events:
        row = done.found.get((read.uid, read.recurrence))
        if row is None:
            continue
        if row.event.series_id == done.series.get(read.uid):
            days.setdefault(read.uid, {})[row.event] = planned(read).date()
        if row.id and row.recurrence != read.recurrence:
            row.recurrence = read.recurrence
            moved.add(read.uid)
    for uid in moved & set(days) & set(done.series):
        rule = reading.series[uid].rule if uid in reading.series else None
        follow(done.series[uid], rule, days[uid], by=by, now=now)


def _note_seen(rows: Sequence[int], now: datetime) -> None:
    """Those that were in the file together are known by when it was read, so that what leaves it is told once."""
    for first in range(0, len(rows), _BATCH):
        those = update(ImportedEvent).where(ImportedEvent.id.in_(rows[first : first + _BATCH])).values(read_at=now)
        db.session.execute(those.execution_options(synchronize_session=False))


def _batches(wanted: Sequence[Read]) -> Iterator[Sequence[Read]]:
    """Some hundreds at a time; the occurrences of what recurs stay together, since they may become a series."""
    of_uid: dict[str, list[Read]] = {}
    alone = [read for read in wanted if not read.recurrence]
    for read in wanted:
        if read.recurrence:
            of_uid.setdefault(read.uid, []).append(read)
    yield from (alone[first : first + _BATCH] for first in range(0, len(alone), _BATCH))
    yield from of_uid.values()


def _store(made: Sequence[tuple[Read, Event]], slugs: "_Slugs | None", now: datetime) -> None:
    """Write them down without the session, which would keep them all and takes most of the time; they are rendered as
    they are here, since a new event has nothing that would have to be read."""
    announced = _announce(made, slugs, now)
    for read, event in made:
        write_down(event)
        write_down(_origin(read, event, now))
    if slugs is not None:
        refresh_new(announced, now)


def _announce(made: Sequence[tuple[Read, Event]], slugs: "_Slugs | None", now: datetime) -> list[Event]:
    """Those of the past too; nobody is written to."""
    if slugs is None:
        return []
    announced = [event for read, event in made if not read.tentative]
    for event in announced:
        event.slug, event.published_at = slugs.new(event.title), now
    return announced


class _Slugs:
    """Addresses for many events, none of them taken."""

    def __init__(self) -> None:
        self.taken = set(RESERVED) | {str(slug) for slug in db.session.scalars(select(Event.slug)) if slug}

    def new(self, title: str) -> str:
        found = slug(title, taken=self.taken.__contains__)
        self.taken.add(found)
        return found


def _origin(read: Read, event: Event, now: datetime) -> ImportedEvent:
    return ImportedEvent(
        event_id=event.id,
        uid=read.uid,
        recurrence=read.recurrence,
        digest=read.digest,
        as_made=made_of(event),
        read_at=now,
    )


def _made(read: Read, free: set[str], places: Places, options: Options, by: Person | None, now: datetime) -> Event:
    """A new draft. Calendars that have the event already know it by the same name (UID), where that is free."""
    event = Event(created_by_id=by.id if by else None, created_at=now, revised_at=now, sequence=0, max_party_size=1)
    if not read.recurrence and read.uid in free:
        event.uid, event.sequence = read.uid, read.sequence
    _set(event, read, places, options)
    return event


def _free_uids(uids: Iterable[str]) -> set[str]:
    wanted = sorted({uid for uid in uids if len(uid) <= 120 and uid.isprintable()})
    taken: set[str] = set()
    for first in range(0, len(wanted), _BATCH):
        taken.update(db.session.scalars(select(Event.uid).where(Event.uid.in_(wanted[first : first + _BATCH]))))
    return set(wanted) - taken


def _change(
    row: ImportedEvent, read: Read, places: Places, options: Options, *, by: Person | None, now: datetime
) -> None:
    event = row.event
    alter(event, partial(_set, event, read, places, options), by=by, now=now, tell=options.tell)
    db.session.flush()
    row.digest, row.as_made, row.read_at = read.digest, made_of(event), now
    db.session.add(row)  # what a series here has made is known from now on


def _set(event: Event, read: Read, places: Places, options: Options) -> None:
    """Make an event what the file says; its answers, speakers and backers are ours."""
    event.title, event.description = read.title, described(read)
    was = event.starts, event.zone
    event.schedule(read.starts, read.ends, read.zone, all_day=read.all_day)
    if was[0] and was != (read.starts, read.zone):
        shift(event, read.starts - was[0])
    _set_place(event, read, places, options)
    event.tags = read.tags or event.tags or ""
    if read.private:
        event.visibility = Visibility.MEMBERS
    if read.category:
        known = places.categories.get(read.category.casefold())
        if known is None and options.make_new:
            known = places.categories[read.category.casefold()] = category_named(read.category)
            db.session.flush()
        event.category, event.category_id = known, known.id if known else None


def _set_place(event: Event, read: Read, places: Places, options: Options) -> None:
    venue = places.venue(read.place) if read.place and not is_link(read.place) else None
    if venue is None and read.place and not is_link(read.place) and options.make_new:
        name, _, address = read.place.partition(",")
        venue = venue_named(name.strip()[:200], address.strip(), read.zone)
        db.session.flush()
        places.venues[read.place.casefold()] = venue
    event.venue, event.venue_id = venue, venue.id if venue else None
    event.online_url = read.place if is_link(read.place) else ""
    event.room = "" if venue or event.online_url else read.place[:ROOM]


def keep(name: str, content: bytes, *, by: Person, now: datetime) -> CalendarFile:
    """Keep a file until the word is given, for a day at most."""
    file = CalendarFile(name=name[:200], content=content, uploaded_at=now, by_id=by.id)
    db.session.add(file)
    db.session.flush()
    return file


def forget_old_files(now: datetime) -> None:
    """Let go of files that nobody has said the word for."""
    db.session.execute(delete(CalendarFile).where(CalendarFile.uploaded_at < now - KEPT_FOR))

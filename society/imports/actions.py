"""Reading a calendar file in: all of it in one transaction, or nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import delete, select, update

from society.audit.actions import record
from society.db import db
from society.events.actions import RESERVED
from society.events.models import Event, Visibility
from society.events.moments import shift
from society.imports.ahead import Ahead, as_things_stand
from society.imports.comparing import ROOM, described, is_link, made_of
from society.imports.matching import planned
from society.imports.models import CalendarFile, ImportedEvent
from society.imports.onward import Onward
from society.imports.places import Places, Planned
from society.imports.plain import Read
from society.imports.planning import Options, Plan, plan
from society.imports.reading import Reading
from society.imports.together import ends_with_what_was_read, follow, keep_together
from society.notices.actions import alter
from society.people.models import Person
from society.rows import blank, fresh
from society.series.models import EventSeries
from society.settings import society
from society.text import numbered, slug

KEPT_FOR = timedelta(days=1)
_BATCH = 500


def made_ahead(reading: Reading, options: Options, *, by: Person | None, now: datetime) -> Ahead:
    """Make what is new, while nobody waits for it."""
    return _made_of(plan(reading, options, Places.known()).add, options, by, now)


def bring_in(
    reading: Reading, options: Options, *, by: Person | None, now: datetime, ahead: Ahead | None = None
) -> Plan:
    """Add what is new and change what has changed there and not here; returns what was done. What was made ahead at
    that moment is taken, if things stand as they did."""
    places = Places.known()
    done = plan(reading, options, places)
    stand = as_things_stand(places, _free_uids(done.add))
    if ahead is None or not ahead.holds(done.add, stand, _Slugs().taken):
        ahead = _made_of(done.add, options, by, now)
    places = ahead.places.stored()
    for row, read in done.change:
        _change(row, read, places, options, by=by, now=now)
    _follow(reading, done, by, now)
    _part(reading, done, by, now)
    _note_seen(done.seen, now)

    def together(uid: str, reads: Sequence[Read]) -> tuple[int, set[date]] | None:
        return keep_together(reading.series[uid], reads, done.series.get(uid), by=by, now=now)

    ahead.write(together)
    if done.add or done.change:
        after = {"done": done.in_words, "published": options.publish}
        record("calendar imported", society(), by=by, now=now, after={"calendar": reading.name, **after})
    return done


def _made_of(added: Sequence[Read], options: Options, by: Person | None, now: datetime) -> Ahead:
    """New events as things stand; published, those of the past too, and nobody is written to."""
    places, free = Planned.known(), _free_uids(added)
    slugs = _Slugs() if options.publish else None
    ahead = Ahead(now, as_things_stand(places, free), places)
    for read in added:
        event = _made(read, free, places, options, by, now)
        if slugs is not None and not read.tentative:
            event.slug, event.published_at = slugs.new(event.title), now
        ahead.add(read, event, _origin(read, event, now))
    return ahead


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
        if row.id and (row.uid, row.recurrence) != (read.uid, read.recurrence):
            moved |= {row.uid, read.uid}
            row.uid, row.recurrence = read.uid, read.recurrence
    for uid in set(days) & set(done.series):
        onward, number = reading.series.get(uid, Onward()), done.series[uid]
        if uid in moved or ends_with_what_was_read(number, onward, days[uid]):
            follow(number, onward, days[uid], by=by, now=now)


def _part(reading: Reading, done: Plan, by: Person | None, now: datetime) -> None:
    """What was split there is so here: those that go on become a series of their own, if their rule can be said."""
    for uid in done.parted:
        reads = [read for read in reading.events if read.uid == uid and (uid, read.recurrence) in done.found]
        series, days = keep_together(reading.series[uid], reads, None, by=by, now=now) or (None, set[date]())
        if series:
            done.series[uid] = series
            _go_on_from(done.found[uid, reads[0].recurrence].event, series)
        for read in reads:
            event, day = done.found[uid, read.recurrence].event, read.starts.date()
            event.series_id, event.series_on = (series, day) if day in days else (None, None)
    db.session.flush()


def _go_on_from(event: Event, number: int) -> None:
    """Note of which series one is what the event's own goes on with."""
    before = db.session.get(EventSeries, event.series_id) if event.series_id else None
    if before:
        db.session.get_one(EventSeries, number).origin_id = before.origin_id or before.id


def _note_seen(rows: Sequence[int], now: datetime) -> None:
    """Those that were in the file together are known by when it was read, so that what leaves it is told once."""
    for first in range(0, len(rows), _BATCH):
        those = update(ImportedEvent).where(ImportedEvent.id.in_(rows[first : first + _BATCH])).values(read_at=now)
        db.session.execute(those.execution_options(synchronize_session=False))


class _Slugs:
    """Addresses for many events, none of them taken; of one title on hundreds of dates each goes on from the last."""

    def __init__(self) -> None:
        self._next: dict[str, tuple[str, int]] = {}
        self.taken = set(RESERVED) | {str(slug) for slug in db.session.scalars(select(Event.slug)) if slug}

    def new(self, title: str) -> str:
        stem, number = self._next.get(title) or (slug(title), 1)
        while (found := numbered(stem, number)) in self.taken:
            number += 1
        self.taken.add(found)
        self._next[title] = stem, number + 1
        return found


def _origin(read: Read, event: Event, now: datetime) -> ImportedEvent:
    return fresh(
        ImportedEvent,
        uid=read.uid,
        recurrence=read.recurrence,
        digest=read.digest,
        as_made=made_of(event),
        read_at=now,
    )


def _made(read: Read, free: set[str], places: Places, options: Options, by: Person | None, now: datetime) -> Event:
    """A new draft. Calendars that have the event already know it by the same name (UID), where that is free."""
    event = blank(Event, created_by_id=by.id if by else None, created_at=now, revised_at=now)
    if not read.recurrence and read.uid in free:
        event.uid, event.sequence = read.uid, read.sequence
    if read.recurrence:
        event.series_on = read.starts.date()  # if it becomes one of a series
    _set(event, read, places, options)
    return event


def _free_uids(reads: Iterable[Read]) -> set[str]:
    """The names that new events can have. Occurrences of what recurs have one in common, which none of them gets."""
    wanted = sorted({r.uid for r in reads if not r.recurrence and len(r.uid) <= 120 and r.uid.isprintable()})
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
            known = places.category_made(read.category)
        event.category, event.category_id = known, known.id if known else None


def _set_place(event: Event, read: Read, places: Places, options: Options) -> None:
    venue = places.venue(read.place) if read.place and not is_link(read.place) else None
    if venue is None and read.place and not is_link(read.place) and options.make_new:
        venue = places.venue_made(read.place, read.zone)
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

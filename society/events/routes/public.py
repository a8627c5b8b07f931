"""The pages of events that everyone sees."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for
from sqlalchemy import Select

from society.agenda.queries import agenda
from society.agenda.timetable import timetable
from society.db import db
from society.events import queries
from society.events.models import Event, RsvpPolicy, Visibility
from society.events.months import MOST, Month, is_long, laid_out, within
from society.events.narrowing import Asked, choices, narrowed
from society.events.routes import bp
from society.events.structured import structured
from society.fields import on_one_line
from society.invitations.queries import own_proposal
from society.kept import fresh_until, kept_for_visitors
from society.material.queries import of_event
from society.people.access import open_to, visitor
from society.people.models import Person
from society.rsvps.counts import arrived, with_seats_left
from society.rsvps.evenings import several_of
from society.rsvps.models import RsvpStatus
from society.rsvps.queries import Card, card
from society.series.queries import coming, said_on
from society.settings import absolute, society
from society.sisters import queries as sisters
from society.sisters.models import SisterEntry
from society.text import in_an_address
from society.times import EARLIEST, LATEST, midnight, now, today_in
from society.web import find

ON_A_PAGE = 20
LAST_PAGE = 5_000
MOST_BEGUN = 30
"""Events that are on already, above the list of those to come; the month has them all."""
LONGEST_SEARCH = 100
"""Characters of a search that are looked at."""
WORDS = ("q", "category", "venue", "place", "tag")
NARROWING = (*WORDS, "open", "seats", "own")
"""What the address of a list or a month can narrow it by."""
LAG = timedelta(minutes=10)
"""How late a list may be in which the end of an event elsewhere moves the rows."""


@bp.get("/events")
@kept_for_visitors(*NARROWING, "day", "page")
@open_to("everyone")
def index() -> str:
    """What is to come; with `day` what is on one day."""
    day = _day_asked(request.args.get("day", ""))
    if day is not None:
        return _list("events/index.html", within(queries.visible_to(visitor()), day, day), day)
    begun, undated = _beside()
    return _list("events/index.html", queries.still_to_begin(visitor(), now()), begun=begun, undated=undated)


@bp.get("/events/past")
@kept_for_visitors(*NARROWING, "page")
@open_to("everyone")
def past() -> str:
    """What has been."""
    fresh_until(now() + LAG)
    return _list("events/past.html", queries.past(visitor(), now()))


@bp.get("/events/month")
@kept_for_visitors(*NARROWING, "month")
@open_to("everyone")
def month() -> str:
    """A month as a calendar on the wall."""
    today = today_in(society().zone, now())
    shown = Month.asked(request.args.get("month", ""), today) or abort(404)
    asked = asked_for()
    weeks = shown.weeks
    visible = _narrowed(queries.visible_to(visitor()), asked)
    first, last = weeks[0][0], weeks[-1][-1]
    wanted = queries.together(within(visible, first, last).limit(MOST + 1), *([_waiting()] if last >= today else []))
    found = db.session.scalars(queries.with_places(wanted).order_by(Event.starts, Event.id)).all()
    events = [event for event in found if event.last_day >= first]
    theirs = sisters.within(first, last) if _shows_sisters(asked) else []
    fresh_until(midnight(today + timedelta(days=1), society().zone))
    return render_template(
        "events/month.html",
        month=shown,
        weeks=laid_out(shown, events[:MOST]),
        long=[event for event in events[:MOST] if is_long(event) and _touches(shown, event)],
        too_many=len(events) > MOST,
        nothing=not any(_touches(shown, event) for event in events),
        undated=_undated(found) if last >= today else [],
        theirs=sisters.by_day(theirs, first, last),
        today=today,
        asked=asked,
        chips=chips(asked, {"month": shown.name}),
        choices=choices(visitor()),
        kept=asked.given,
        calendar=_calendar_to_follow(asked, events),
    )


def _touches(month: Month, event: Event) -> bool:
    """Whether any of its days is in the month itself, and not beside it."""
    return month.has(event.starts.date()) or event.starts.date() < month.first <= event.last_day


def _beside() -> tuple[Sequence[Event], Sequence[Event]]:
    """What is on already, and what was put off and waits for a date: beside the first page of what comes next.

    An exhibition of weeks would else lead that, and what waits be found nowhere.
    """
    if page_asked() > 1:
        return [], []
    begun = _narrowed(queries.begun(visitor(), now()), asked_for()).limit(MOST_BEGUN + 1)
    found = db.session.scalars(queries.together(begun, _waiting())).all()
    on = (event for event in found if event.postponed_at is None)
    return sorted(on, key=lambda event: (event.ends_at, event.id)), _undated(found)


def _waiting() -> Select[Event]:
    return queries.without_date(_narrowed(queries.visible_to(visitor()), asked_for()), now())


def _undated(found: Sequence[Event]) -> Sequence[Event]:
    """Those that were put off and whose old date has come, the longest waiting first."""
    waiting = [(event.postponed_at, event.id, event) for event in found if event.postponed_at]
    return [event for _since, _number, event in sorted(waiting) if event.starts_at <= now()]


def _list(
    template: str,
    events: Select[Event],
    day: date | None = None,
    begun: Sequence[Event] = (),
    undated: Sequence[Event] = (),
) -> str:
    asked, page = asked_for(), page_asked()
    rows = page_of(queries.with_places(_narrowed(events, asked)), page)
    shown = rows[:ON_A_PAGE]
    theirs = _theirs(day) if template == "events/index.html" and page == 1 and _shows_sisters(asked) else []
    fresh_until(
        *(moment for event in [*shown, *begun] for moment in (event.starts_at, event.ends_at)),
        *(entry.ends_at for entry in theirs),
        now() + LAG if page > 1 else None,
    )
    on = {"day": day.isoformat()} if day else {}
    return render_template(
        template,
        months=by_month(shown),
        begun=begun[:MOST_BEGUN],
        more_begun=len(begun) > MOST_BEGUN,
        undated=undated,
        theirs=theirs,
        calendar=_calendar_to_follow(asked, [*shown, *begun, *undated]),
        day=day,
        choices=choices(visitor()),
        asked=asked,
        chips=chips(asked, on),
        kept=asked.given,
        previous=_page_address(asked, on, page - 1) if page > 1 else None,
        following=_page_address(asked, on, page + 1) if len(rows) > ON_A_PAGE else None,
    )


def _calendar_to_follow(asked: Asked, shown: Sequence[Event]) -> str:
    """Where one subscribes to the narrowest calendar that holds some of these; there is none of what members alone may
    see."""
    kinds = {"tag": in_an_address(asked.tag), "category": asked.category, "venue": asked.venue}
    slugs = [(kind, slug) for kind, slug in kinds.items() if slug]
    if any(event.visibility is Visibility.PUBLIC for event in shown):
        if slugs:
            return url_for("calendars.subscribe_to", kind=slugs[0][0], slug=slugs[0][1])
        if asked.open:
            return url_for("calendars.subscribe_to_open")
    return url_for("calendars.subscribe")


def _shows_sisters(asked: Asked) -> bool:
    """What others announce stands beside the whole of ours, and never among what somebody searches for."""
    return society().has_sisters and not asked.given


def _theirs(day: date | None) -> Sequence[SisterEntry]:
    return sisters.within(day, day) if day else sisters.coming(now())


def asked_for() -> Asked:
    """By what the address narrows a list."""
    text = {key: on_one_line(request.args.get(key, ""))[:LONGEST_SEARCH] for key in WORDS}
    openly, seats, own = (bool(request.args.get(key)) for key in NARROWING if key not in WORDS)
    return Asked(**text, open=openly, seats=seats, own=own)


def _narrowed(events: Select[Event], asked: Asked) -> Select[Event]:
    found = narrowed(events, asked)
    if not asked.seats:
        return found
    fresh_until(now() + LAG)  # answers close as time passes
    return with_seats_left(found, now())


def chips(asked: Asked, kept: dict[str, str]) -> list[tuple[str, str]]:
    """What a list is narrowed by, each with the address of the list without it."""
    words = {"open": "Open to all", "seats": "Seats left", "own": "Only our own", "tag": f"Tag: {asked.tag}"}
    given = asked.given
    return [
        (words.get(name, value), _address({**kept, **given, name: ""}))
        for name, value in given.items()
        if name in ("place", "tag", "open", "seats", "own")
    ]


def _day_asked(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == len("2027-03-30") else None
    except ValueError:
        return None
    return day if day and EARLIEST <= day < LATEST else None


def page_asked() -> int:
    """The page's number in the address, made sensible."""
    text = request.args.get("page", "")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def page_of(events: Select[Event], page: int) -> Sequence[Event]:
    """The rows of one page, and one more if there is a next page: cheaper than counting them all."""
    return db.session.scalars(events.limit(ON_A_PAGE + 1).offset((page - 1) * ON_A_PAGE)).all()


def by_month(events: Sequence[Event]) -> list[tuple[datetime, list[Event]]]:
    """Rows under the month in which each begins."""
    months = groupby(events, key=lambda event: event.starts.replace(day=1, hour=0, minute=0))
    return [(month, list(rows)) for month, rows in months]


def _page_address(asked: Asked, kept: dict[str, str], page: int) -> str:
    return _address({**kept, **asked.given, "page": str(page)})


def _address(values: dict[str, str]) -> str:
    told = urlencode({key: value for key, value in values.items() if value})
    return f"{request.path}?{told}" if told else request.path


@bp.get("/events/<slug>")
@kept_for_visitors("notice")
@open_to("everyone")
def show(slug: str) -> str:
    """One event."""
    person = visitor()
    event: Event = find(queries.loaded(queries.visible_to(person).where(Event.slug == slug)))
    return event_page(event, person)


def event_page(event: Event, person: Person | None) -> str:
    """An event as it is announced; organizers see a draft by it too."""
    seats = card(event, person, now())
    fresh_until(event.link_from, event.ends_at)
    sessions = db.session.scalars(agenda(event)).all() if event.has_agenda else []
    next_ones = coming(event, person) if event.series_id else []
    materials, more_kept = of_event(event, person, now()) if event.has_material else ([], set())
    return render_template(
        "events/show.html",
        event=event,
        card=seats,
        own=own_proposal(event, person, now()) if person and not event.over(now()) else None,
        over=event.over(now()),
        joins=_may_join(seats),
        joins_later=_comes(seats) and event.shows_link_later(now()),
        joins_early=_is_staff(seats) and not event.shows_link(now()),
        told=_is_told(seats),
        structured=structured(event) if event.published_at else None,
        address=absolute(f"/events/{event.slug}"),
        recurs=said_on(event, next_ones) if event.series_id else "",
        next_ones=next_ones,
        several=bool(person and event.series_id and several_of([event.series_id], person, now())),
        materials=materials,
        more_kept=more_kept,
        came=_came(event) if event.attendance_shown else None,
        days=timetable(sessions),
        limited=any(session.capacity is not None for session in sessions),
        titles={session.id: session.title for session in sessions},
    )


def _came(event: Event) -> int:
    return arrived(event) if event.attendance is None else event.attendance


def _may_join(seats: Card) -> bool:
    """Whether the link to join online is shown: to organizers; in time to who comes."""
    return _is_staff(seats) or (_comes(seats) and seats.event.shows_link(now()))


def _comes(seats: Card) -> bool:
    """Whether this reader is expected: anybody is where none can answer."""
    going = seats.mine is not None and seats.mine.status is RsvpStatus.CONFIRMED
    return going or seats.event.rsvp_policy is RsvpPolicy.CLOSED


def _is_told(seats: Card) -> bool:
    """Whether what only those who come are told is shown, where there is any: to organizers, and to who comes."""
    told = _is_staff(seats) or (seats.mine is not None and seats.mine.is_told(now()))
    return told and bool(seats.event.instructions)


def _is_staff(seats: Card) -> bool:
    return seats.person is not None and (seats.person.is_staff or seats.event.editable_by(seats.person))

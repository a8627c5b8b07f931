"""Who chose which session of an event, as a table for spreadsheets, made as it is read."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Select, case, func, orm, select

from society.agenda.models import Session
from society.events.models import Event
from society.people.models import Person
from society.rsvps.models import Rsvp, RsvpStatus
from society.rsvps.session_models import SessionSeat
from society.tables import line_of

COLUMNS = ("session", "starts", "room", "name", "email", "status", "seats", "place")
_AT_ONCE = 500


def lines(engine: Engine, event: Event) -> Iterator[str]:
    """RFC 4180 with a byte-order mark, session by session, by the event's clocks: those with a seat by name, then the
    queue in its order. Read by a session of its own, since the request's ends before the last line is sent."""
    rows = _chosen(event).execution_options(yield_per=_AT_ONCE)
    yield "\ufeff" + line_of(COLUMNS)
    with orm.Session(engine) as session, session.execute(rows) as found:
        for title, starts, room, name, email, status, seats, place in found:
            yield line_of([title, f"{starts:%Y-%m-%d %H:%M}", room, name, email, status.value, seats, place])


def _chosen(event: Event) -> Select[*tuple[Any, ...]]:
    among_equals = func.row_number().over(
        partition_by=(SessionSeat.session_id, SessionSeat.status), order_by=(SessionSeat.queued_at, SessionSeat.id)
    )
    place = case((SessionSeat.status == RsvpStatus.WAITLISTED, among_equals))
    of_session, of_person = (Session.title, Session.starts, Session.room), (Person.name, Person.email)
    rows = select(*of_session, *of_person, SessionSeat.status, SessionSeat.seats, place).select_from(SessionSeat)
    rows = rows.join(SessionSeat.session).join(SessionSeat.rsvp).join(Rsvp.person).where(Session.event_id == event.id)
    in_turn = SessionSeat.status, SessionSeat.queued_at, Person.name, SessionSeat.id
    return rows.order_by(Session.starts_at, Session.position, Session.id, *in_turn)

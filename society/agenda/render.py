"""Sessions in words."""

from datetime import date, datetime

from society.agenda.models import Session, SessionKind
from society.agenda.planning import KINDS, Former
from society.events.abroad import span_in
from society.events.render import by_own_clock, spoken_day, spoken_time, spoken_zone
from society.languages import ENGLISH, is_english
from society.people.models import Person


def span(session: Session | Former) -> str:
    """ "9:00 to 9:45 am"; the half of the day is said once where it is the same."""
    starts, ends = spoken_time(session.starts), spoken_time(session.ends)
    same = session.starts.date() == session.ends.date() and starts[-2:] == ends[-2:]
    day = "" if session.starts.date() == session.ends.date() else f"{session.ends:%A}, "
    return f"{starts[:-3] if same else starts} to {day}{ends}"


def when(session: Session | Former) -> str:
    """ "Tuesday, 30 March 2027, 9:00 to 9:45 am (New York time)"."""
    return f"{spoken_day(session.starts)}, {span(session)} ({spoken_zone(session.event.zone)})"


def when_for(session: Session | Former, reader: Person | None, language: str = ENGLISH) -> str:
    """The same in a letter of that language, with what the reader's own clock shows then."""
    zone = session.event.zone
    told = when(session) if is_english(language) else span_in(session.starts, session.ends, zone, language)
    return told + by_own_clock(session.starts_at, zone, reader, language)


def day(on: date) -> str:
    """ "Tuesday, 30 March 2027"."""
    return spoken_day(datetime(on.year, on.month, on.day))


def kind(session: Session) -> str:
    """What is done in it; nothing for a talk, which most are."""
    return "" if session.kind is SessionKind.TALK else KINDS[session.kind]

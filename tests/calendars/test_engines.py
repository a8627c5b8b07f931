"""What our calendars mean to three programs that know nothing of ours: the same to each, and what was meant."""

from itertools import chain

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from society.agenda.models import Session, SessionSpeaker
from society.calendars.render import calendar, vevent
from society.calendars.sessions import session_vevent
from society.db import db
from tests.builders import NOW
from tests.calendars.hostile import EARLIEST, EVENTS, LINE, NAME, made, meant, place

ALIKE = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)


def same(engines, body, expected):
    """Each program makes of the entries what is expected of them."""
    for engine in engines:
        found = engine.read(body)["entries"]
        assert len(found) == len(expected), engine.name
        for entry, wanted in zip(found, expected, strict=True):
            unlike = {key: (entry[key], wanted[key]) for key in wanted if entry[key] != wanted[key]}
            assert (engine.name, unlike) == (engine.name, {})


def written(told):
    """The event's entry in an own calendar, its zone, and what it means."""
    try:
        event = made(told)
        entry = vevent(event, told["answer"], busy=True, joins=True, alarm=told["alarm"])
        return entry, [] if event.all_day else [event.zone], meant(event, told)
    finally:
        db.session.rollback()


@ALIKE
@given(told=st.lists(EVENTS, min_size=1, max_size=3), name=NAME, about=LINE)
def test_whatever_an_event_is_means_the_same_to_three_programs(app, engines, told, name, about):
    entries, zones, meanings = zip(*map(written, told), strict=True)
    source = "https://society.example.org/calendar.ics"
    body = calendar(entries, chain(*zones), EARLIEST, name=name, about=about, source=source)

    same(engines, body, list(meanings))
    for engine in engines:
        found = engine.read(body)
        assert (engine.name, found["names"], found["about"]) == (engine.name, [name] * 2, [about] * 2)


def session_of(event, title, room, speakers):
    """A session that lasts as long as its event."""
    times = {name: getattr(event, name) for name in ("starts", "ends", "starts_at", "ends_at")}
    session = Session(event=event, title=title, room=room, sequence=3, revised_at=NOW, **times)
    session.speakers = [SessionSpeaker(position=n, name=name, about=about) for n, (name, about) in enumerate(speakers)]
    db.session.add(session)
    db.session.flush()
    return session


@ALIKE
@given(told=EVENTS, title=NAME, room=LINE, speakers=st.lists(st.tuples(NAME, LINE), max_size=2))
def test_a_session_means_the_same_to_them_as_a_part_of_its_event(app, engines, told, title, room, speakers):
    assume(not told["when"]["all_day"])
    event = made({**told, "sequence": told["sequence"] // 2})
    session = session_of(event, title, room[:100].strip(), speakers)
    body = calendar([session_vevent(event, session)], [event.zone], EARLIEST)
    page = f"https://society.example.org/events/{event.slug}/agenda#session-{session.id}"
    lines = "\n".join(f"{name}, {about}" if about else name for name, about in speakers)
    expected = {
        "uid": f"{session.key}.{event.uid}",
        "sequence": told["sequence"] // 2 + 3,
        "summary": meant(event, {**told, "title": title})["summary"],
        "description": "\n\n".join(part for part in (lines, event.title, page) if part),
        "location": place({**told, "room": session.room or event.room, "link": "" if session.room else told["link"]}),
        "url": page,
        "related_to": event.uid,
        "starts": int(event.starts_at.timestamp()),
        "ends": int(event.ends_at.timestamp()),
    }
    db.session.rollback()

    for engine in engines:
        (found,) = engine.read(body)["entries"]
        assert (engine.name, {name: found[name] for name in expected}) == (engine.name, expected)

"""What our calendars mean to three programs that know nothing of ours: the same to each, and what was meant."""

from datetime import datetime, timedelta
from itertools import chain, count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from society.agenda.models import Session, SessionSpeaker
from society.calendars.own import Said, own_entry
from society.calendars.render import calendar, vevent
from society.calendars.sessions import session_vevent
from society.db import db
from society.rsvps.actions import reply
from society.rsvps.feed import Wanted, refresh, subscribe
from society.rsvps.invitation import PARTSTAT, Guest, answer_address, declined_counter, invitation
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.times import to_utc
from tests.builders import NOW, a_person
from tests.calendars.hostile import COMING, EARLIEST, EVENTS, LINE, LINES, NAME, RULES_ENDED, made, meant, place

pytestmark = pytest.mark.once

ALIKE = settings(max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True)


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
        said = Said(told["answer"], None, going=True)
        entry = own_entry(vevent(event), said, event.online_url, event.instructions, told["alarm"])
        return entry, [] if event.all_day else [event.zone], meant(event, told, joins=True)
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


LATER = NOW + timedelta(hours=1)
FEW = settings(ALIKE, max_examples=12)


@pytest.fixture
def answers_read(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")


def addressed(event, person, told, status):
    """What an invitation says: the entry of a public feed, made out to its one reader."""
    own = meant(event, told)
    says, name = PARTSTAT[status] if status else "NEEDS-ACTION", person.name.replace('"', "'").replace("\\", "/")
    us = [f"mailto:{answer_address(Guest(event, person, status))}", "The Test Society", ""]
    going = status is RsvpStatus.CONFIRMED and told["fate"] == "on"
    return own | {
        "people": [us, [f"mailto:{person.email}", name, says]],
        "transp": "OPAQUE" if going else "TRANSPARENT",
        "stamps": [*own["stamps"][:2], int(LATER.timestamp())],
    }


def in_mail(engines, body, method, expected):
    same(engines, body, [expected])
    for engine in engines:
        assert (engine.name, engine.read(body)["method"]) == (engine.name, method)


@FEW
@given(told=COMING, name=NAME, status=st.none() | st.sampled_from(RsvpStatus), word=LINES.filter(str.strip))
@pytest.mark.usefixtures("answers_read")
def test_what_letters_bring_means_the_same_to_them(app, engines, told, name, status, word):
    """An invitation, and the two ways to end it; and the answer to another time that was proposed."""
    try:
        event, person = made(told), a_person(name)
        for answer in (status, RsvpStatus.DECLINED):
            guest = Guest(event, person, answer)
            body = invitation(guest, answer_address(guest), LATER)
            expected = addressed(event, person, told, answer)
            off = told["fate"] == "cancelled"
            out = not off and answer in (RsvpStatus.DECLINED, RsvpStatus.CANCELLED)
            ended = {"status": "", "conference": []} if out else {}
            in_mail(engines, body, "CANCEL" if off or out else "REQUEST", expected | ended)
        rsvp = Rsvp(event=event, person=person, status=RsvpStatus.MAYBE, sequence_beyond=0)
        declined = declined_counter(event, person, rsvp, word, LATER)
        whole = addressed(event, person, told, RsvpStatus.MAYBE)
        kept = ("uid", "sequence", "summary", "people", "starts", "ends", "occurrences")
        expected = {key: whole[key] for key in kept} | {"comment": word, "description": "", "status": "", "url": ""}
        in_mail(engines, declined, "DECLINECOUNTER", expected)
    finally:
        db.session.rollback()


@pytest.mark.parametrize("zone", ["Asia/Gaza", *RULES_ENDED])
def test_where_a_rule_ends_its_last_onset_is_one(engines, zone):
    """By the time zone database, as libical and ical.js read it; not by icalendar, which loses it (see `times`)."""
    noon = datetime(1995, 1, 1, 12)
    days = [noon + timedelta(days=5 * n) for n in range(20 * 73)]
    entries = [f"{AN_ENTRY}DTSTART;TZID={zone}:{day:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n".encode() for day in days]
    body = calendar(entries, [zone], EARLIEST)
    for engine in engines:
        if engine.name != "icalendar":
            found = [entry["starts"] for entry in engine.read(body)["entries"]]
            assert (engine.name, found) == (engine.name, [int(to_utc(day, zone).timestamp()) for day in days])


AN_ENTRY = "BEGIN:VEVENT\r\nUID:1\r\nSEQUENCE:0\r\nDTSTAMP:20260101T000000Z\r\n"
NUMBERS = count(1)


def of_its_own(told, number):
    """A category, a venue and organizations whose names no other event's have."""

    def named(name):
        return f"{number} {name}"[:100].strip()

    return {
        "category": told["category"] and named(told["category"]),
        "venue": told["venue"] and (named(told["venue"][0]), *told["venue"][1:]),
        "backers": [(named(name), role) for name, role in told["backers"]],
    }


def announced(told, person=None):
    """The event in the calendars, after that person has said that they come."""
    told = {**told, **of_its_own(told, next(NUMBERS))}
    event = made({**told, "fate": "on"})
    refresh(event, NOW)
    if person:
        reply(event, person, Answer.YES, at=NOW)
    event.cancelled_at = NOW if told["fate"] == "cancelled" else None
    event.postponed_at = NOW if told["fate"] == "postponed" else None
    refresh(event, NOW)
    return event, told


def answered(event):
    """Its entry is another since its reader said that they come."""
    return {"stamps": [int(moment.timestamp()) for moment in (event.published_at, NOW, NOW)]}


@settings(ALIKE, max_examples=3)
@given(told=st.lists(COMING, min_size=5, max_size=5), alarm=st.integers(0, 20_000))
def test_whole_feeds_mean_the_same_to_them(app, client, engines, told, alarm):
    ann = a_person("Ann")
    token = subscribe(ann, Wanted(everything=False, alarm_minutes=alarm), now=NOW)
    events = [announced(one, ann if number else None) for number, one in enumerate(told)]
    in_public, in_own = (
        {event.uid: meant(event, one) | {"transp": "TRANSPARENT"} for event, one in events},
        {
            event.uid: meant(event, one | {"answer": "You are going.", "alarm": alarm}, joins=True) | answered(event)
            for event, one in events[1:]
        },
    )
    db.session.commit()

    public, own = (client.get(f"/calendar{path}.ics").data for path in ("", f"/personal/{token}"))

    for engine in engines:
        found = {entry["uid"]: entry for entry in engine.read(public)["entries"]}
        assert {uid: found[uid] for uid in in_public} == in_public, engine.name
        answer = engine.read(own)
        assert (engine.name, answer["names"]) == (engine.name, ["The Test Society: my calendar"] * 2)
        assert {entry["uid"]: entry for entry in answer["entries"]} == in_own, engine.name
        for event, one in events:
            by_itself = engine.read(client.get(f"/events/{event.slug}.ics").data)
            assert by_itself["entries"] == [in_public[event.uid]], engine.name
            assert by_itself["names"] == [f"The Test Society: {one['title']}"] * 2, engine.name
            file = engine.read(client.get(f"/events/{event.slug}.ics?file=yes").data)
            assert file["entries"] == [in_public[event.uid]], engine.name
            assert not any(file["names"]), engine.name

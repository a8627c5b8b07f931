"""Merge fields: what `{{ name }}` in a notice stands for (see `society.mail.filling`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from society.agenda.queries import agenda
from society.db import db
from society.events.models import ONLINE, Event
from society.events.render import backing_sentence, by_own_clock, on_its_day, place, when_for
from society.languages import ENGLISH, listed
from society.mail.filling import FIELD, closed_up, filled_line, stray_braces, unknown
from society.mail.links import naming, preferences_address, unsubscribe_address
from society.mail.wording import link
from society.notices.models import Notice, NoticeKind
from society.notices.versions import said_to
from society.people.models import Person
from society.people.names import first_name
from society.phrases import phrase
from society.rsvps.models import Rsvp
from society.rsvps.render import joining_link
from society.rsvps.render import link as rsvp_path
from society.settings import absolute, society

EVENTS = "events"
"""The field for all that a newsletter tells of (see `society.notices.newsletter`)."""
WAS = "was_by_your_clock"
"""Stands in news of a change, behind when the event was to be: what the reader's own clock shows then, or nothing."""
UNTIL = "until_by_your_clock"
"""The same behind until when people can answer from now on."""
OFFERED = {
    "first_name": "the reader's first name, without titles; the whole name where it tells none",
    "name": "the reader's whole name",
    "society": "the society's name",
    "calendar_link": "where to subscribe to the calendar",
    "renew_link": "where the reader renews their membership, once signed in",
    "unsubscribe": "where the reader leaves this list",
    EVENTS: "the events chosen below, in their order; those for members only to members alone",
}
OFFERED_WITH_EVENT = {
    "event_title": "the title",
    "event_summary": "the summary",
    "event_speakers": "who speaks",
    "event_when": "day, time and zone, and the time by the reader's own clock where that differs",
    "event_place": "room, venue and address",
    "event_agenda": "its agenda, a line for each item",
    "event_link": "the event's page",
    "rsvp_link": "the reader's own link to answer",
    "joining_link": "where who comes finds how to get in or to join online; others are told nothing there",
    "backing": "the sentence on sponsors and endorsers",
}

Values = Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """Whom a notice is filled for; without a person, for all at once."""

    person: Person | None = None
    rsvp: Rsvp | None = None

    def name_in(self, language: str) -> str:
        return (self.person and self.person.name.strip()) or phrase("members and friends", language)

    def first_name_in(self, language: str) -> str:
        return (self.person and first_name(self.person.name)) or phrase("all", language)


def values(notice: Notice, reader: Reader) -> Values:
    """Every field's value; links are Markdown already, the rest is not."""
    language = said_to(notice, reader.person).language
    named = notice.id if reader.person else None
    return event_values(notice.event, language, named) | reader_values(notice, reader, language, named)


def subject(text: str, event: Event | None, values: Values, language: str = ENGLISH) -> str:
    """A subject, filled: the title of one of a series has its day behind it there."""
    titled = {"event_title": on_its_day(event.title, event, language)} if event else {}
    return filled_line(text, {**values, **titled})


def event_values(event: Event | None, language: str = ENGLISH, named: int | None = None) -> dict[str, str]:
    """What is the same for every reader of that language; `named` is the notice whose letters they stand in."""
    pages = {"calendar_link": "/calendar", "renew_link": "/me/membership/renew"}
    shared = {"society": society().name, **{name: link(absolute(path)) for name, path in pages.items()}}
    if event is None:
        return shared
    return shared | {
        "event_title": event.title,
        "event_summary": event.summary,
        "event_speakers": listed([speaker.name for speaker in event.speakers], language),
        "event_when": when_for(event, None, language),
        "event_place": place(event, language),
        "event_agenda": _agenda(event),
        "event_link": link(naming(absolute(f"/events/{event.slug}"), named)),
        "joining_link": link(absolute(f"/events/{event.slug}")) if event.tells_more else "",
        "backing": backing_sentence(event, language),
    }


def _agenda(event: Event) -> str:
    if not event.has_agenda:
        return ""
    items = db.session.scalars(agenda(event)).all()
    return "\n".join(f"{number}. {item.title}" for number, item in enumerate(items, 1))


def reader_values(notice: Notice, reader: Reader, language: str = ENGLISH, named: int | None = None) -> dict[str, str]:
    """What each reader has of their own. Who has not answered is led to the event's page, to do so there."""
    own = {"name": reader.name_in(language), "first_name": reader.first_name_in(language)}
    own[UNTIL] = ""
    own["unsubscribe"] = link(_leaving(notice, reader.person, named))
    if notice.event is not None:
        if reader.person and reader.person.zone:
            own["event_when"] = when_for(notice.event, reader.person, language)
        if closes_at := notice.event.rsvp_closes_at:
            own[UNTIL] = by_own_clock(closes_at, notice.event.zone, reader.person, language)
        if notice.was_at is not None:
            own[WAS] = by_own_clock(notice.was_at, notice.was_zone, reader.person, language)
        if notice.event.tells_more:
            joins_at = joining_link(reader.rsvp) if reader.rsvp else f"/events/{notice.event.slug}"
            own["joining_link"] = link(absolute(joins_at))
        if reader.rsvp and reader.rsvp.joins_online and notice.event.online_url:
            own["event_place"] = phrase(ONLINE, language)
        path = rsvp_path(reader.rsvp) if reader.rsvp else f"/events/{notice.event.slug}"
        own["rsvp_link"] = link(naming(absolute(path), named))
    return own


def _leaving(notice: Notice, person: Person | None, named: int | None) -> str:
    mailing_list = NoticeKind(notice.kind).mailing_list
    return unsubscribe_address(person, mailing_list, named) if person and mailing_list else preferences_address()


def closed(notice: Notice, body: str, values: Values) -> str:
    """The text without the lines that have nothing to say by now; never without what the notice is sent for."""
    needed = {WAS, UNTIL, EVENTS} | ({"event_agenda"} if notice.kind is NoticeKind.MEETING else set())
    return closed_up(body, {name for name, value in values.items() if not value} - needed)


def problems(text: str, values: Values) -> list[str]:
    """Why the text cannot be sent as it stands: a sentence for each unknown or empty field, and for stray braces."""
    names = dict.fromkeys(field.strip() for field in FIELD.findall(text))
    found = [sentence for name in names if (sentence := _problem(name, values))]
    return found + stray_braces(text)


_OWN_SENTENCES = {
    EVENTS: "{{ events }} is empty: choose below which events it tells of, some of them open to all whom it is for; "
    "or take it out.",
}


def _problem(name: str, values: Values) -> str | None:
    if name in values and not values[name] and name in _OWN_SENTENCES:
        return _OWN_SENTENCES[name]
    if name in values:
        return (
            None
            if values[name] or name in (WAS, UNTIL)
            else f"{{{{ {name} }}}} is empty for this event: take it out, or complete the event."
        )
    if name == EVENTS:
        return "{{ events }} is a whole list: it belongs in the text, not in the subject."
    if name in OFFERED_WITH_EVENT:
        return f"{{{{ {name} }}}} needs an event: choose one, or take it out."
    return unknown(name)

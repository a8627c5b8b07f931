"""The built-in wording of each kind of notice, to start from: made of merge fields, so that it follows the event."""

from society.db import db
from society.events.models import Event
from society.events.render import backing_sentence
from society.mail.wording import link
from society.material.models import Material, Seen
from society.material.queries import all_of
from society.notices.models import Audience, NoticeKind
from society.settings import absolute

AUDIENCES = {
    NoticeKind.ANNOUNCEMENT: Audience.MEMBERS,
    NoticeKind.INVITATION: Audience.MEMBERS,
    NoticeKind.REMINDER: Audience.GOING,
    NoticeKind.CHANGE: Audience.CONCERNED,
    NoticeKind.CANCELLATION: Audience.CONCERNED,
    NoticeKind.MINUTES: Audience.MEMBERS,
    NoticeKind.NEWSLETTER: Audience.EVERYONE,
    NoticeKind.MEETING: Audience.MEMBERS,
    NoticeKind.MEMORIAM: Audience.MEMBERS,
}
"""Whom each kind is usually for."""

_SUBJECTS = {
    NoticeKind.ANNOUNCEMENT: "{{ event_title }}",
    NoticeKind.INVITATION: "You are invited: {{ event_title }}",
    NoticeKind.REMINDER: "Soon: {{ event_title }}",
    NoticeKind.CHANGE: "Changed: {{ event_title }}",
    NoticeKind.CANCELLATION: "Cancelled: {{ event_title }}",
    NoticeKind.MINUTES: "Minutes: {{ event_title }}",
    NoticeKind.NEWSLETTER: "{{ society }}: news",
    NoticeKind.MEETING: "General meeting: {{ event_title }}",
    NoticeKind.MEMORIAM: "In memoriam",
}

_OPENINGS = {
    NoticeKind.ANNOUNCEMENT: "{{ society }} announces:",
    NoticeKind.INVITATION: "{{ society }} warmly invites you:",
    NoticeKind.REMINDER: "a reminder, since it is soon:",
    NoticeKind.CHANGE: "please note what has changed:",
    NoticeKind.CANCELLATION: "we are sorry to say that this will not take place:",
    NoticeKind.MINUTES: "here are the minutes of:",
    NoticeKind.NEWSLETTER: "here is what is coming up:",
    NoticeKind.MEETING: "you are called to a general meeting of {{ society }}:",
    NoticeKind.MEMORIAM: "with great sorrow we tell you of a death, and invite you to remember together:",
}

_ANSWERS = {
    NoticeKind.ANNOUNCEMENT: "Will you come? Tell us here, and take a seat:\n{{ rsvp_link }}",
    NoticeKind.INVITATION: "We would be glad of your answer, yes or no:\n{{ rsvp_link }}",
    NoticeKind.REMINDER: "If you cannot come after all, please leave your seat to someone else:\n{{ rsvp_link }}",
    NoticeKind.MEETING: "Please let us know whether you come:\n{{ rsvp_link }}",
    NoticeKind.CHANGE: "To change your answer:\n{{ rsvp_link }}",
}

SUBSCRIBE = "The event is attached for your calendar. To have all our events in it, subscribe:\n{{ calendar_link }}"


def suggested(
    kind: NoticeKind, event: Event | None, audience: Audience | None = None, *, several: bool = False
) -> tuple[str, str]:
    """Subject and body for a kind of notice, with or without an event; no field in them is empty for that event.

    `several` says that there are events for a newsletter to tell of.
    """
    if event is None and kind is NoticeKind.NEWSLETTER and several:
        return _SUBJECTS[kind], _OF_SEVERAL
    if event is None:
        return _without_event(kind)
    return _SUBJECTS[kind], "\n\n".join(filter(None, _about(kind, event, audience or AUDIENCES[kind])))


_OF_SEVERAL = """Dear {{ first_name }},

here is what is coming up:

{{ events }}

To have all our events in your calendar, subscribe:
{{ calendar_link }}

{{ society }}"""


def _without_event(kind: NoticeKind) -> tuple[str, str]:
    if kind is NoticeKind.MEMORIAM:
        body = "Dear {{ first_name }},\n\nwith great sorrow we tell you of the death of\n\n\n\n{{ society }}"
        return _SUBJECTS[kind], body
    subject = {NoticeKind.MINUTES: "Minutes of our meeting", NoticeKind.ANNOUNCEMENT: "News of {{ society }}"}
    body = "Dear {{ first_name }},\n\n\n\nOur coming events:\n{{ calendar_link }}\n\n{{ society }}"
    return subject.get(kind, "{{ society }}: news"), body


def _about(kind: NoticeKind, event: Event, audience: Audience) -> list[str]:
    answer = _ANSWERS.get(kind, "") if event.on else ""
    return [
        "Dear {{ first_name }},",
        _OPENINGS[kind],
        "## {{ event_title }}",
        "{{ event_summary }}" if event.summary else "",
        _facts(event),
        "### Agenda\n\n{{ event_agenda }}" if kind is NoticeKind.MEETING and event.has_agenda else "",
        _what_stays(event, audience) if kind is NoticeKind.MINUTES and event.has_material else "",
        "{{ backing }}" if backing_sentence(event) else "",
        "More about it: {{ event_link }}",
        answer,
        SUBSCRIBE if event.on else "",
        "{{ society }}",
    ]


def _what_stays(event: Event, audience: Audience) -> str:
    """Links to what of the event all of them may see."""
    theirs = {Audience.CAME: Seen.CAME, Audience.MEMBERS: Seen.MEMBERS}.get(audience, Seen.EVERYONE)
    rows = all_of(event).where(Material.seen_by.in_((Seen.EVERYONE, theirs)))
    found = [
        f"- {link(one.url or absolute(f'/events/{event.slug}/material/{one.id}'), one.title)}"
        for one in db.session.scalars(rows)
    ]
    return "\n".join(["### To read and to see", "", *found]) if found else ""


def _facts(event: Event) -> str:
    facts = {"Speaking": event.speakers and "{{ event_speakers }}", "When": "{{ event_when }}"}
    facts["Where"] = event.place and "{{ event_place }}"
    return "\n".join(f"- **{term}:** {field}" for term, field in facts.items() if field)

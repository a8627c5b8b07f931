"""The wording that notices begin with, built in or the society's own: made of merge fields, so it follows the event."""

from society.db import db
from society.events.models import Event
from society.mail.filling import begun, names
from society.mail.queries import own_wording, own_wordings
from society.mail.wording import link
from society.mail.wordings import Wording
from society.material.models import Material, Seen
from society.material.queries import all_of
from society.notices.merge import EVENTS, OFFERED_WITH_EVENT, event_values
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
_SUBSCRIBE_TO_ALL = "To have all our events in your calendar, subscribe:\n{{ calendar_link }}"
MATERIAL = "event_material"
"""Stands in wordings alone: put in as links when a notice is begun, since each audience may see other things."""
THANKS = "thanks"
"""To those who came to an event: sent by itself (see the slice `reminders`), as minutes are in all else."""
LABELS = {**{kind.value: kind.label for kind in NoticeKind}, THANKS: "Thanks"}
"""Everything that has a wording, and how it is called."""


def built_in(name: str) -> Wording:
    """The program's own wording for an event that has everything."""
    if name == THANKS:
        return _THANKS
    kind = NoticeKind(name)
    parts = [
        "Dear {{ first_name }},",
        _OPENINGS[kind],
        "## {{ event_title }}",
        "{{ event_summary }}",
        "- **Speaking:** {{ event_speakers }}\n- **When:** {{ event_when }}\n- **Where:** {{ event_place }}",
        "### Agenda\n\n{{ event_agenda }}" if kind is NoticeKind.MEETING else "",
        "### To read and to see\n\n{{ event_material }}" if kind is NoticeKind.MINUTES else "",
        "{{ backing }}",
        "More about it: {{ event_link }}",
        "{{ events }}" if kind is NoticeKind.NEWSLETTER else "",
        _ANSWERS.get(kind, ""),
        _SUBSCRIBE_TO_ALL if kind is NoticeKind.NEWSLETTER else SUBSCRIBE,
        "{{ society }}",
    ]
    return Wording(_SUBJECTS[kind], "\n\n".join(filter(None, parts)))


_THANKS = Wording(
    "Thank you for coming: {{ event_title }}",
    """Dear {{ first_name }},

thank you for coming to **{{ event_title }}**.

What stays of it stands on its page:
{{ event_link }}

We would be glad to see you again. What comes next:
{{ calendar_link }}

{{ society }}""",
)


def suggested(
    kind: NoticeKind, event: Event | None, audience: Audience | None = None, *, several: bool = False
) -> Wording:
    """Subject and body for a kind of notice, with or without an event; no field in them is empty for that event.

    `several` says that there are events for a newsletter to tell of.
    """
    own = own_wording(kind.value)
    if own is None and event is None and not several:
        return _without_event(kind)
    chosen = Wording(own.subject, own.body) if own else built_in(kind.value)
    return for_event(chosen, kind.value, event, audience or AUDIENCES[kind], several=several)


def thanks(event: Event) -> Wording:
    """The same for thanks to those who came."""
    own = own_wording(THANKS)
    return for_event(Wording(own.subject, own.body) if own else _THANKS, THANKS, event, Audience.CAME)


def for_event(
    wording: Wording, name: str, event: Event | None, audience: Audience, *, several: bool = False
) -> Wording:
    """It without what the event lacks; where nothing is left of the subject or the body, the built-in one is used."""
    subject, body = _fitted(wording, event, audience, several=several)
    if not subject or not body:
        plain = _without_event(NoticeKind(name)) if event is None else built_in(name)
        subject = subject or plain.subject
        body = body or _fitted(plain, event, audience, several=several).body
    return Wording(subject, body)


def in_other_languages(
    name: str, event: Event | None, audience: Audience, *, several: bool = False
) -> dict[str, Wording]:
    """The society's own in further languages, likewise; without those of which too little would be left."""
    own = {row.language: Wording(row.subject, row.body) for row in own_wordings(name) if row.language}
    fitted = {language: _fitted(one, event, audience, several=several) for language, one in own.items()}
    return {language: one for language, one in fitted.items() if all(one)}


def _fitted(wording: Wording, event: Event | None, audience: Audience, *, several: bool) -> Wording:
    """Without what the event lacks: a subject that names it is none, and a body with nothing else neither."""
    lacking, put_in = _lacking(event) | (set() if several else {EVENTS}), {}
    if event is not None and MATERIAL in names(wording.body):
        put_in[MATERIAL] = _what_stays(event, audience)
        lacking |= set() if put_in[MATERIAL] else {MATERIAL}
    subject = "" if names(wording.subject) & lacking else wording.subject
    return Wording(subject, begun(wording.body, lacking, put_in))


def _lacking(event: Event | None) -> set[str]:
    """The fields that are empty for it, or lead nowhere: what does not take place is neither answered nor entered."""
    if event is None:
        return {*OFFERED_WITH_EVENT, MATERIAL}
    empty = {name for name, value in event_values(event).items() if not value}
    return empty if event.on else empty | {"rsvp_link", "calendar_link"}


def _without_event(kind: NoticeKind) -> Wording:
    if kind is NoticeKind.MEMORIAM:
        body = "Dear {{ first_name }},\n\nwith great sorrow we tell you of the death of\n\n\n\n{{ society }}"
        return Wording(_SUBJECTS[kind], body)
    subject = {NoticeKind.MINUTES: "Minutes of our meeting", NoticeKind.ANNOUNCEMENT: "News of {{ society }}"}
    body = "Dear {{ first_name }},\n\n\n\nOur coming events:\n{{ calendar_link }}\n\n{{ society }}"
    return Wording(subject.get(kind, "{{ society }}: news"), body)


def _what_stays(event: Event, audience: Audience) -> str:
    """Links to what of the event all of them may see."""
    if not event.has_material:
        return ""
    theirs = {Audience.CAME: Seen.CAME, Audience.MEMBERS: Seen.MEMBERS}.get(audience, Seen.EVERYONE)
    rows = all_of(event).where(Material.seen_by.in_((Seen.EVERYONE, theirs)))
    return "\n".join(
        f"- {link(one.url or absolute(f'/events/{event.slug}/material/{one.id}'), one.title)}"
        for one in db.session.scalars(rows)
    )

"""The wording that notices begin with, built in or the society's own: made of merge fields, so it follows the event."""

from collections.abc import Collection, Iterable

from society.db import db
from society.events.models import Event, RsvpPolicy
from society.languages import ENGLISH
from society.mail.filling import begun, names
from society.mail.models import OwnWording
from society.mail.queries import own_wordings
from society.mail.wording import escaped, link
from society.mail.wordings import Wording, ours, strangers, usable
from society.material.models import Material, Seen
from society.material.queries import all_of
from society.notices.merge import EVENTS, OFFERED, OFFERED_WITH_EVENT, event_values
from society.notices.models import Audience, NoticeKind
from society.phrases import marked, phrase
from society.rsvps.counts import turnout
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
    NoticeKind.RENEWAL: Audience.MEMBERS,
}
"""Whom each kind is usually for."""

DEAR = marked("Dear {{ first_name }},")
SPEAKING = marked("- **Speaking:** {{ event_speakers }}")
WHEN = marked("- **When:** {{ event_when }}")
WHERE = marked("- **Where:** {{ event_place }}")

SUBJECTS = {
    NoticeKind.ANNOUNCEMENT: "{{ event_title }}",
    NoticeKind.INVITATION: marked("You are invited: {{ event_title }}"),
    NoticeKind.REMINDER: marked("Soon: {{ event_title }}"),
    NoticeKind.CHANGE: marked("Changed: {{ event_title }}"),
    NoticeKind.CANCELLATION: marked("Cancelled: {{ event_title }}"),
    NoticeKind.MINUTES: marked("Minutes: {{ event_title }}"),
    NoticeKind.NEWSLETTER: marked("{{ society }}: news"),
    NoticeKind.MEETING: marked("General meeting: {{ event_title }}"),
    NoticeKind.MEMORIAM: marked("In memoriam"),
    NoticeKind.RENEWAL: marked("Please renew your membership of {{ society }}"),
}

_OPENINGS = {
    NoticeKind.ANNOUNCEMENT: marked("{{ society }} announces:"),
    NoticeKind.INVITATION: marked("{{ society }} warmly invites you:"),
    NoticeKind.REMINDER: marked("a reminder, since it is soon:"),
    NoticeKind.CHANGE: marked("please note what has changed:"),
    NoticeKind.CANCELLATION: marked("we are sorry to say that this will not take place:"),
    NoticeKind.MINUTES: marked("here are the minutes of:"),
    NoticeKind.NEWSLETTER: marked("here is what is coming up:"),
    NoticeKind.MEETING: marked("you are called to a general meeting of {{ society }}:"),
    NoticeKind.MEMORIAM: marked("with great sorrow we tell you of a death, and invite you to remember together:"),
}

OF_WHOM = marked("with great sorrow we tell you of the death of")
"""How a notice in memoriam begins that is about no event; whom it is about stands behind it."""

_ANSWERS = {
    NoticeKind.ANNOUNCEMENT: marked("Will you come? Tell us here, and take a seat:\n{{ rsvp_link }}"),
    NoticeKind.INVITATION: marked("We would be glad of your answer, yes or no:\n{{ rsvp_link }}"),
    NoticeKind.REMINDER: marked(
        "If you cannot come after all, please leave your seat to someone else:\n{{ rsvp_link }}"
    ),
    NoticeKind.MEETING: marked("Please let us know whether you come:\n{{ rsvp_link }}"),
    NoticeKind.CHANGE: marked("To change your answer:\n{{ rsvp_link }}"),
}

_ANSWERS_ONLINE = {
    NoticeKind.ANNOUNCEMENT: marked("Will you join us? Tell us here:\n{{ rsvp_link }}"),
    NoticeKind.REMINDER: marked("If you cannot join us after all, please tell us here:\n{{ rsvp_link }}"),
}
"""Of what is online alone: nobody takes a seat there, or leaves one."""

_JOINING = marked("How to get in, or to join online:\n{{ joining_link }}")

SUBSCRIBE = marked(
    "The event is attached for your calendar. To have all our events in it, subscribe:\n{{ calendar_link }}"
)
_SUBSCRIBE_TO_ALL = marked("To have all our events in your calendar, subscribe:\n{{ calendar_link }}")
MATERIAL = "event_material"
"""Stands in wordings alone: put in as links when a notice is begun, since each audience may see other things."""
THANKS = "thanks"
"""To those who came to an event: sent by itself (see the slice `reminders`), as minutes are in all else."""
LABELS = {**{kind.value: kind.label for kind in NoticeKind}, THANKS: "Thanks"}
"""Everything that notices begin with, and how it is called."""
FIELDS = OFFERED | OFFERED_WITH_EVENT | {MATERIAL: "links to what stays of it, as far as the readers may see it"}
"""What can stand in it."""


def own(name: str) -> dict[str, OwnWording]:
    """The society's own words for that, by language, as far as notices can be made of them."""
    return usable(own_wordings(name), lambda wording: strangers(wording, FIELDS))


def built_in(name: str, language: str = ENGLISH, event: Event | None = None) -> Wording:
    """The program's own wording for an event that has everything, in that language; of one that is online alone it
    speaks of no seat."""
    if name == THANKS:
        return Wording(*(phrase(text, language) for text in _THANKS))
    kind = NoticeKind(name)
    if kind is NoticeKind.RENEWAL:
        return Wording(phrase(SUBJECTS[kind], language), _joined(_RENEWING, language))
    answers = _ANSWERS | (_ANSWERS_ONLINE if event is not None and event.only_online else {})
    parts = [
        DEAR,
        _OPENINGS[kind],
        "## {{ event_title }}",
        "{{ event_summary }}",
        "\n".join(phrase(line, language) for line in (SPEAKING, WHEN, WHERE)),
        marked("### Agenda\n\n{{ event_agenda }}") if kind is NoticeKind.MEETING else "",
        marked("### To read and to see\n\n{{ event_material }}") if kind is NoticeKind.MINUTES else "",
        "{{ backing }}",
        marked("More about it: {{ event_link }}"),
        _JOINING if kind is NoticeKind.REMINDER else "",
        "{{ events }}" if kind is NoticeKind.NEWSLETTER else "",
        answers.get(kind, ""),
        _SUBSCRIBE_TO_ALL if kind is NoticeKind.NEWSLETTER else SUBSCRIBE,
        "{{ society }}",
    ]
    return Wording(phrase(SUBJECTS[kind], language), _joined(filter(None, parts), language))


_RENEWING = (
    DEAR,
    marked("it is time to renew your membership of {{ society }}. Thank you for being with us."),
    marked("Here you renew it, and see how to pay:\n{{ renew_link }}"),
    marked("If you have renewed it already, you need do nothing."),
    "{{ society }}",
)
_THANKS = Wording(
    marked("Thank you for coming: {{ event_title }}"),
    marked("""Dear {{ first_name }},

thank you for coming to **{{ event_title }}**.

What stays of it stands on its page:
{{ event_link }}

{{ event_material }}

We would be glad to see you again. What comes next:
{{ calendar_link }}

{{ society }}"""),
)


def suggested(
    kind: NoticeKind, event: Event | None, audience: Audience | None = None, *, several: bool = False
) -> Wording:
    """Subject and body for a kind of notice, with or without an event; no field in them is empty for that event.

    `several` says that there are events for a newsletter to tell of.
    """
    if event is None and not several and "" not in own(kind.value):
        return _without_event(kind, ours())
    chosen = _chosen(kind.value, event)
    return for_event(chosen, kind.value, event, audience or AUDIENCES[kind], several=several)


def thanks(event: Event) -> Wording:
    """The same for thanks to those who came."""
    return for_event(_chosen(THANKS, event), THANKS, event, Audience.CAME)


def _chosen(name: str, event: Event | None) -> Wording:
    """In the main language."""
    row = own(name).get("")
    return Wording(row.subject, row.body) if row else built_in(name, ours(), event)


def for_event(
    wording: Wording, name: str, event: Event | None, audience: Audience, *, several: bool = False
) -> Wording:
    """It without what the event lacks; where nothing is left of the subject or the body, the built-in one is used."""
    subject, body = _fitted(wording, event, audience, several=several)
    if not subject or not body:
        plain = _without_event(NoticeKind(name), ours()) if event is None else built_in(name, ours(), event)
        subject = subject or plain.subject
        body = body or _fitted(plain, event, audience, several=several).body
    return Wording(subject, body)


def in_other_languages(
    name: str, event: Event | None, audience: Audience, wanted: Collection[str], *, several: bool = False
) -> dict[str, Wording]:
    """The same in further languages: the society's own, and of those that are wanted besides, the built-in ones;
    own ones of which too little would be left are none."""
    offered = {language: _plain(name, event, audience, language, several) for language in wanted if language != ours()}
    for row in own(name).values():
        fitted = _fitted(Wording(row.subject, row.body), event, audience, several=several)
        if row.language and all(fitted):
            offered[row.language] = fitted
    return offered


def _plain(name: str, event: Event | None, audience: Audience, language: str, several: bool) -> Wording:
    if event is None and not several:
        return _without_event(NoticeKind(name), language)
    return _fitted(built_in(name, language, event), event, audience, several=several)


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
    if not event.online_url and event.rsvp_policy is RsvpPolicy.CLOSED and not turnout(event).going:
        empty.add("joining_link")  # what stands there is for those who come, and nobody can
    return empty if event.on else empty | {"rsvp_link", "joining_link", "calendar_link"}


def _without_event(kind: NoticeKind, language: str) -> Wording:
    """With room for what there is to say."""
    if kind is NoticeKind.RENEWAL:
        return built_in(kind.value, language)
    if kind is NoticeKind.MEMORIAM:
        parts = [DEAR, OF_WHOM, "", "{{ society }}"]
        return Wording(phrase(SUBJECTS[kind], language), _joined(parts, language))
    subject = {
        NoticeKind.MINUTES: marked("Minutes of our meeting"),
        NoticeKind.ANNOUNCEMENT: marked("News of {{ society }}"),
    }.get(kind, SUBJECTS[NoticeKind.NEWSLETTER])
    parts = [DEAR, "", marked("Our coming events:\n{{ calendar_link }}"), "{{ society }}"]
    return Wording(phrase(subject, language), _joined(parts, language))


def _joined(parts: Iterable[str], language: str) -> str:
    return "\n\n".join(phrase(part, language) for part in parts)


def _what_stays(event: Event, audience: Audience) -> str:
    """Links to what of the event all of them may see. What is for those who came opens by each one's own link alone,
    since guests have no account to sign in to."""
    if not event.has_material:
        return ""
    theirs = {Audience.CAME: Seen.CAME, Audience.MEMBERS: Seen.MEMBERS}.get(audience, Seen.EVERYONE)
    rows = all_of(event).where(Material.seen_by.in_((Seen.EVERYONE, theirs)))
    return "\n".join(f"- {_led_to(event, one)}" for one in db.session.scalars(rows))


def _led_to(event: Event, one: Material) -> str:
    if one.seen_by is Seen.CAME and not one.url:
        return f"{escaped(one.title)} – {{{{ rsvp_link }}}}"
    return link(one.url or absolute(f"/events/{event.slug}/material/{one.id}"), one.title)

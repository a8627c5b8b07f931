"""What news of an event says that has changed or is off: built in, or in the society's own words and languages."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from society.agenda.planning import Times
from society.events.changes import Change
from society.events.models import Event
from society.languages import ENGLISH
from society.mail.filling import FIELD, begun, names
from society.mail.models import OwnWording
from society.mail.queries import own_wordings
from society.mail.wording import escaped
from society.mail.wordings import Wording, ours, said_in, strangers, usable
from society.notices.merge import EVENTS, OFFERED, OFFERED_WITH_EVENT, event_values
from society.notices.models import NoticeKind
from society.notices.old_and_new import told
from society.notices.wording import DEAR, SUBJECTS, WHEN, WHERE
from society.phrases import marked, phrase, said, spoken_to

Changes = Mapping[str, Sequence[Change]]
"""What has changed, in each language that letters are written in."""


@dataclass(frozen=True)
class News:
    """What there is to tell: what has changed, a note of the organizer's, and when it was to be until then, where
    clocks elsewhere show other hours. Of several events, the title that all of them have, if they have one."""

    changes: Changes
    note: str = ""
    was: Times | None = None
    title: str = ""


CHANGED, ASKED, WORD, POSTPONED, OFF = "changed", "asked", "word", "postponed", "called-off"
SEVERAL, SEVERAL_CHANGED, SEVERAL_ASKED = "several", "several-changed", "several-asked"
SEVERAL_OFF = "several-off"
OF_SEVERAL = SEVERAL, SEVERAL_CHANGED, SEVERAL_ASKED, SEVERAL_OFF
LABELS = {
    CHANGED: "News: it has changed",
    SEVERAL: "News: where several are has changed",
    SEVERAL_CHANGED: "News: several have changed",
    ASKED: "News: a question is asked",
    SEVERAL_ASKED: "News: a question is asked of those who come to several",
    WORD: "News: a word to the guests",
    POSTPONED: "News: it is put off",
    OFF: "News: it is called off",
    SEVERAL_OFF: "News: several are called off",
}
"""What goes out by itself to those whom it concerns, and how each is called."""

CHANGES, NOTE, TITLE = "changes", "note", "event_title"
"""Fields of news alone, put in when it is written: they tell of that change, whatever becomes of the event later."""
_OF_NEWS = {
    CHANGES: "what has changed: of each thing what it was until now and what it is from now on",
    NOTE: "what the organizer writes beside it; its paragraph is left out where that is nothing",
}
_OF_ONE = {name: means for name, means in (OFFERED | OFFERED_WITH_EVENT).items() if name != EVENTS} | _OF_NEWS
_OF_SEVERAL = {
    **OFFERED,
    EVENTS: "those of these events that concern the reader, and what has changed about each alone",
    **_OF_NEWS,
    CHANGES: "what has changed about all of them; its paragraph is left out where that is nothing",
}
_TITLED = {TITLE: "the title that all of these events have, or that they are several"}
_LISTS = {CHANGES: (CHANGED, SEVERAL, SEVERAL_CHANGED, ASKED, SEVERAL_ASKED), NOTE: tuple(LABELS), EVENTS: OF_SEVERAL}
"""Which stand on a line of their own, and what would say too little without them."""

_CALENDAR = marked("Your calendar follows: by the attached file or, if you chose that, by your own calendar address.")
_AS_IT_STANDS = "\n".join((WHEN, WHERE, marked("- **More:** {{ event_link }}")))
"""What the reader wants to find in the latest letter, without looking for the first one."""
_HAS_CHANGED = marked("something has changed about **{{ event_title }}**:")
_STANDS = marked("So it is:")
_TO_ANSWER = marked(
    "You need do nothing if your answer stays the same. To change it, or to withdraw it:\n{{ rsvp_link }}"
)
_BUILT_IN = {
    CHANGED: (
        SUBJECTS[NoticeKind.CHANGE],
        _HAS_CHANGED,
        "{{ changes }}",
        "{{ note }}",
        _STANDS,
        _AS_IT_STANDS,
        _TO_ANSWER,
    ),
    SEVERAL: (
        marked("Changed: where you find us"),
        marked("something has changed about where we meet:"),
        "{{ changes }}",
        "{{ note }}",
        marked(
            "These are yours. You need do nothing where your answer stays the same; to change it, or to withdraw it, "
            "open the one in question:"
        ),
        "{{ events }}",
    ),
    SEVERAL_CHANGED: (
        SUBJECTS[NoticeKind.CHANGE],
        _HAS_CHANGED,
        "{{ changes }}",
        "{{ note }}",
        marked(
            "These are yours, as they stand now. You need do nothing where your answer stays the same; to change it, "
            "or to withdraw it, open the one in question:"
        ),
        "{{ events }}",
    ),
    ASKED: (
        SUBJECTS[NoticeKind.CHANGE],
        _HAS_CHANGED,
        "{{ changes }}",
        "{{ note }}",
        _STANDS,
        _AS_IT_STANDS,
        marked(
            "Please say that by this link, if you come. There you can also change or withdraw your answer:\n"
            "{{ rsvp_link }}"
        ),
    ),
    SEVERAL_ASKED: (
        SUBJECTS[NoticeKind.CHANGE],
        _HAS_CHANGED,
        "{{ changes }}",
        "{{ note }}",
        marked(
            "These are yours. Please open each that you come to and say that there. There you can also change or "
            "withdraw your answer:"
        ),
        "{{ events }}",
    ),
    WORD: (
        SUBJECTS[NoticeKind.CHANGE],
        marked("those who organize **{{ event_title }}** write to you:"),
        "{{ note }}",
        _STANDS,
        _AS_IT_STANDS,
        _TO_ANSWER,
    ),
    POSTPONED: (
        marked("Postponed: {{ event_title }}"),
        marked(
            "**{{ event_title }}**, announced for {{ event_when }}, is put off. "
            "We do not know the new date yet, and will write to you as soon as we do."
        ),
        "{{ changes }}",
        "{{ note }}",
        _TO_ANSWER,
    ),
    OFF: (
        SUBJECTS[NoticeKind.CANCELLATION],
        marked(
            "we are sorry: **{{ event_title }}**, announced for {{ event_when }}, will not take place. "
            "You need do nothing; all answers have ended with it."
        ),
        "{{ changes }}",
        "{{ note }}",
    ),
    SEVERAL_OFF: (
        SUBJECTS[NoticeKind.CANCELLATION],
        marked("we are sorry: these will not take place. You need do nothing; all answers to them have ended."),
        "{{ events }}",
        "{{ note }}",
    ),
}
"""Subject, then the paragraphs that are its own."""


def built_in(name: str, language: str = ENGLISH) -> Wording:
    """The program's own words in that language."""
    subject, *own = _BUILT_IN[name]
    parts = [_in(part, language) for part in (DEAR, *own, _CALENDAR)]
    return Wording(phrase(subject, language), "\n\n".join([*parts, "{{ society }}"]))


def _in(part: str, language: str) -> str:
    return (
        "\n".join(phrase(line, language) for line in part.split("\n"))
        if part is _AS_IT_STANDS
        else phrase(part, language)
    )


def fields(name: str) -> Mapping[str, str]:
    """What can be put in, and what each means."""
    if name not in OF_SEVERAL:
        return _OF_ONE
    return _OF_SEVERAL if name == SEVERAL else _OF_SEVERAL | _TITLED


def faults(name: str, wording: Wording) -> list[str]:
    """Why news of that kind cannot be said so, a sentence each."""
    return [*strangers(wording, fields(name)), *listed_in(wording.subject), *lacking(name, wording.body)]


def listed_in(subject: str) -> list[str]:
    """The sentences about whole lists in a subject."""
    return [
        f"{{{{ {each} }}}} is a whole list, so it can stand in the text only." for each in names(subject) & set(_LISTS)
    ]


def lacking(name: str, body: str) -> list[str]:
    """The sentences about lists that a text lacks, or that do not have a line of their own."""
    lines = [line for line in body.split("\n") if names(line) & set(_LISTS)]
    crowded = any(len(FIELD.findall(line)) > 1 or FIELD.sub("", line).strip() for line in lines)
    found = ["{{ changes }}, {{ note }} and {{ events }} each need a line of their own."] if crowded else []
    return found + [_MISSING[each] for each, needed in _LISTS.items() if name in needed and each not in names(body)]


_MISSING = {
    CHANGES: "{{ changes }} is missing: without it nobody is told what has changed.",
    NOTE: "{{ note }} is missing: what the organizer writes beside it would be lost.",
    EVENTS: "{{ events }} is missing: without it nobody is told which of them it is about.",
}


def own(name: str) -> dict[str, OwnWording]:
    """The society's own words for that, by language, as far as letters can be made of them."""
    return usable(own_wordings(name), lambda wording: faults(name, wording))


def occasion(event: Event, kind: NoticeKind, changes: Sequence[Change]) -> str:
    """Of what the news is."""
    if kind is NoticeKind.CANCELLATION:
        return OFF
    fields = {change.field for change in changes}
    if event.postponed_at and "status" in fields:
        return POSTPONED
    if "questions" in fields:
        return ASKED
    return CHANGED if changes else WORD


def in_each(name: str, event: Event | None, news: News, read: Collection[str]) -> dict[str, Wording]:
    """Subject and body of the news by language: first the main one, then those that are read, and those that the
    society has of its own. What is quoted is escaped, so that nothing in it is read as Markdown or as a merge field."""
    theirs, main, written = own(name), ours(), {}
    for language in [main, *sorted({*read, *filter(None, theirs)} - {main})]:
        chosen, _ = said_in("" if language == main else language, theirs, partial(built_in, name))
        spoken = spoken_to(language, main)
        changes = told(news.changes[spoken], spoken, by_own_clock=news.was is not None)
        parts = {CHANGES: changes, NOTE: _quoted(news.note, spoken)}
        if name in OF_SEVERAL:
            parts[TITLE] = news.title or phrase(SOME, spoken)
        written[language] = fitted(name, chosen, event, parts, spoken)
    return written


SOME = marked("several of our events")
LONGEST_SUBJECT = 200


def fitted(name: str, wording: Wording, event: Event | None, parts: Mapping[str, str], language: str) -> Wording:
    """Without what it has nothing for; a subject that names such is the built-in one. A title that is put in names no
    field."""
    lacking = {field for field, value in {**event_values(event), **parts}.items() if not value}
    subject = built_in(name, language).subject if names(wording.subject) & lacking else wording.subject
    if TITLE in parts:
        title, parts = re.sub("[{}]", "", parts[TITLE]), {**parts, TITLE: escaped(parts[TITLE])}
        subject = FIELD.sub(lambda field: title if field[1].strip() == TITLE else field[0], subject)[:LONGEST_SUBJECT]
    return Wording(subject, begun(wording.body, lacking, parts))


def _quoted(note: str, language: str) -> str:
    """That of the program itself is said in each language."""
    return "\n".join(f"> {line}" for line in escaped(said(note, language)).split("\n")) if note else ""

"""What one act has done to one event or several, told to those who answered: to each once, where that can be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from society.agenda.planning import Times
from society.events.changes import Change
from society.events.models import Event
from society.invitations.settling import take_met
from society.notices.models import Notice, NoticeKind
from society.notices.news import in_one_letter, tell_of_several
from society.notices.news import tell as send_word
from society.notices.news_wording import SEVERAL_ASKED, SEVERAL_CHANGED, SEVERAL_OFF, Changes
from society.notices.old_and_new import told_of_one
from society.notices.reach import those_to_tell_of_each, told_of
from society.notices.theirs import OwnNews, of_each
from society.people.models import Person
from society.phrases import languages, marked, phrase
from society.times import to_utc


@dataclass(frozen=True)
class Word:
    """What there is to tell of one event, once it has changed or is off."""

    event: Event
    changes: Changes
    was: Times | None = None
    """When it was to be before that, at hours that clocks elsewhere show otherwise."""
    moved: bool = False
    """Whether it is at another time now, which somebody may have proposed."""

    def without(self, common: Changes) -> OwnNews:
        """What is so of it alone, besides what it has in common with others."""
        at = to_utc(self.was.starts, self.was.zone) if self.was else None
        said = {
            one: told_of_one([change for change in what if change not in common[one]], one, by_own_clock=bool(at))
            for one, what in self.changes.items()
        }
        return OwnNews(said, at, self.was.zone if self.was else "")


def pass_on(
    words: Sequence[Word], kind: NoticeKind, *, by: Person | None, now: datetime, note: str = "", tell: bool = True
) -> None:
    """Write what has become of these events to those who answered, if wanted and if there is anything that they are
    told of or a note for them; and take what was proposed and has come about."""
    worth = [word for word in words if tell and (note or any(word.changes.values()))]
    told = _told(worth, kind, by=by, now=now, note=note)
    for word in words:
        if word.moved:
            take_met(word.event, by=by, now=now, told=told.get(word.event.id, ()))


ASKED = marked("What we ask of those who come")


def ask_guests(events: Iterable[Event], was: str, text: str, *, note: str, by: Person, now: datetime) -> None:
    """Write to all who answered that a question is asked at these events, or asked otherwise, since they did."""
    changes = {one: [Change("questions", phrase(ASKED, one), was, text)] for one in languages()}
    pass_on([Word(event, changes) for event in events], NoticeKind.CHANGE, by=by, now=now, note=note)


def _told(
    words: Sequence[Word], kind: NoticeKind, *, by: Person | None, now: datetime, note: str
) -> Mapping[int, Collection[int]]:
    """By event, the numbers of those who are mailed about it."""
    people = those_to_tell_of_each([word.event for word in words], now) if len(words) > 1 else []
    if in_one_letter(people):
        answered = [word for word, reach in zip(words, people, strict=True) if reach.everyone]
        return _mailed(_together(answered, kind, by=by, now=now, note=note))
    each = {
        word.event.id: send_word(word.event, kind, changes=word.changes, note=note, by=by, now=now, was=word.was)
        for word in words
    }
    return {number: told_of(notice) for number, notice in each.items() if notice}


def _together(words: Sequence[Word], kind: NoticeKind, *, by: Person | None, now: datetime, note: str) -> Notice | None:
    """One notice of them all: what is so of all is told once, what is so of one where that is listed."""
    events = [word.event for word in words]
    if kind is NoticeKind.CANCELLATION:
        nothing: Changes = dict.fromkeys(words[0].changes, ())
        return tell_of_several(events, changes=nothing, note=note, by=by, now=now, name=SEVERAL_OFF)
    common = {
        one: [change for change in what if all(change in word.changes[one] for word in words)]
        for one, what in words[0].changes.items()
    }
    own = {word.event.id: news for word in words if any((news := word.without(common)).said.values())}
    asked = any(change.field == "questions" for what in common.values() for change in what)
    name = SEVERAL_ASKED if asked else SEVERAL_CHANGED
    return tell_of_several(events, changes=common, note=note, by=by, now=now, name=name, of_each=own)


def _mailed(notice: Notice | None) -> Mapping[int, Collection[int]]:
    readers = told_of(notice) if notice else set()
    theirs = of_each(notice.events).items() if notice else ()
    found: dict[int, set[int]] = {}
    for person, those in theirs:
        for event, _ in those:
            found.setdefault(event.id, set()).update({person} & readers)
    return found

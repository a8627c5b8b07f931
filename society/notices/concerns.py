"""What a change of what several published events have in common will do: a venue, a room, a category, a name."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request

from society.backings.queries import bodies
from society.backings.telling import to_ask_again_of_each
from society.db import db
from society.events.models import Event
from society.events.render import when
from society.notices.effects import ASKED, ConfirmForm, mark_of, those_told
from society.notices.following import Touch, followers, session_followers
from society.notices.news import in_one_letter
from society.notices.reach import Reach
from society.times import now


@dataclass(frozen=True)
class Concern:
    """Whom something reaches that several published events have in common; false if nobody."""

    told: Sequence[tuple[Event, Reach]] = ()
    """The events whose guests are told, each with how many they are."""
    touches: Sequence[Touch] = ()
    backers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By the organizations that are told, since they gave their word for something else than this: of which events."""
    agendas: Sequence[Event] = ()
    """The events in whose sessions it is, which only the calendars of some people show."""
    seated: int = 0
    """How many with a seat in such a session can be mailed, of events of which nobody else is told."""

    def __bool__(self) -> bool:
        return bool(self.told or self.touches or self.backers or self.agendas)

    def mark(self, differences: Sequence[Sequence[str]]) -> str:
        return mark_of(differences, str(self.backers), those_told(self.told), f"seated {self.seated > 0}")

    @property
    def in_one_letter(self) -> bool:
        """Whether who answered several of the events gets one letter about them."""
        return in_one_letter(people for _, people in self.told)


def asked_again(events: Sequence[Event]) -> dict[str, list[str]]:
    """The organizations that would be asked again about any of several events as they are now, each with these."""
    found = defaultdict[str, list[str]](list)
    for event, backings in zip(events, to_ask_again_of_each(events, now()), strict=True):
        for name in bodies(backings):
            found[name].append(event.title)
    return dict(found)


def page_of_several(
    name: str,
    differences: Sequence[Sequence[str]],
    concern: Concern,
    telling: ConfirmForm,
    *,
    label: str,
    back: str,
    form: bool = True,
) -> tuple[str, int]:
    """The page between what was typed and a change of what several events have in common; nothing is saved yet.

    Where it was not typed into a `form` of its own, there is none to go back to.
    """
    told, mark = [(e.id, e.title, when(e), people) for e, people in concern.told], concern.mark(differences)
    calendars = followers(concern.touches, now())
    of_sessions = session_followers(concern.agendas, now()) if concern.agendas else None
    db.session.rollback()
    shown = render_template(
        "events/change_several.html",
        name=name,
        differences=differences,
        backers=concern.backers,
        concerned=told,
        calendars=calendars,
        of_sessions=of_sessions,
        seated=concern.seated,
        in_one_letter=concern.in_one_letter,
        telling=telling,
        label=label,
        back=back,
        form=form,
        mark=mark,
        anew=telling.anew,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in ASKED],
    )
    return shown, 422 if telling.errors else 200

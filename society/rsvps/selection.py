"""Which of an event's answers an organizer means: those ticked on the list, or all that its filters find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlencode

from sqlalchemy import Select, select

from society.events.models import Event
from society.rsvps.lists import CAME, WHO, Wanted, conditions
from society.rsvps.models import Rsvp, RsvpStatus, Way
from society.rsvps.render import WORDS
from society.text import counted, listed

LONGEST = 2_000
"""Characters of one in words that can be kept."""


@dataclass(frozen=True)
class Selection:
    """Some of an event's answers; `numbers` are those ticked, and if there are none the filters count."""

    wanted: Wanted
    numbers: tuple[int, ...] = ()

    @classmethod
    def asked(cls, args: Mapping[str, str], ticked: Sequence[int] = ()) -> "Selection":
        return cls(Wanted.asked(args), tuple(ticked))

    @classmethod
    def read(cls, query: str) -> "Selection":
        """As it was kept; what is not known in it is left out."""
        given = parse_qs(query[:LONGEST])
        numbers = (number for number in given.get("rsvp", []) if number.isascii() and number.isdigit())
        return cls.asked({name: values[0] for name, values in given.items()}, [int(number) for number in numbers])

    @property
    def query(self) -> str:
        """To keep it by; never empty."""
        if self.numbers:
            return urlencode([("rsvp", number) for number in self.numbers])
        return urlencode(self.wanted.query or {"order": "name"})

    @property
    def spoken(self) -> str:
        """Whom it means, within a sentence."""
        if self.numbers:
            return f"{counted(len(self.numbers), 'person', 'people')} chosen by hand from those who answered"
        said = _said(self.wanted)
        return f"those who answered and {listed(said)}" if said else "all who answered, whatever they said"


def _said(wanted: Wanted) -> list[str]:
    """What the filters ask for, as they are called on the page."""
    found = [f"are noted as “{WORDS[RsvpStatus(wanted.status)]}”"] if wanted.status else []
    found += [f"are {WHO[wanted.who].lower()}"] if wanted.who else []
    found += [CAME[wanted.came].lower()] if wanted.came else []
    found += ["join online" if wanted.joins == Way.ONLINE else "come to the hall"] if wanted.joins else []
    found += ["bring somebody"] if wanted.parties else []
    found += [f"are called “{wanted.q}”"] if wanted.q else []
    found += [f"said “{wanted.said}”"] if wanted.said else ["answered a certain question"] if wanted.question else []
    return found


def selected(event: Event | None, selection: Selection, today: date) -> Select[Rsvp]:
    """The answers that it means."""
    rows = select(Rsvp).join(Rsvp.person).where(Rsvp.event_id == (event.id if event else None))
    if selection.numbers:
        return rows.where(Rsvp.id.in_(selection.numbers))
    return rows.where(*conditions(selection.wanted, today))

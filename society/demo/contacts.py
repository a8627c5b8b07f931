"""What organizations were asked by letter, and what their contacts said by its link, step by step."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from society.audit.actions import entry
from society.backings.models import BackingStep, Word
from society.backings.versions import mark, version
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.people import ORGANIZER
from society.demo.setting import VENUES
from society.events.models import Backing, BackingState, Event
from society.people.models import Person

NAMES = ("Petra Hollis", "Anselm Frey", "Judith Marlowe", "Tobias Renner", "Noor Haddad", "Elin Strand")
_STATES = {
    Word.ASKED: BackingState.PROPOSED,
    Word.CONFIRMED: BackingState.CONFIRMED,
    Word.DECLINED: BackingState.DECLINED,
    Word.WITHDRAWN: BackingState.WITHDRAWN,
}
"""What a backing is after each."""
_BEFORE = timedelta(days=6)
"""How long an event has to be announced for all of it to have happened since."""


@dataclass(frozen=True)
class Move:
    """That an event was given another room, after some had given their word for it."""

    at: datetime
    before: str
    """The place as it was."""


class Contacts:
    """Speaks for the organizations behind events; at one event to come, some were told of a change since."""

    def __init__(self, now: datetime, chance: Chance, bulk: Bulk) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk
        self._has_moved = self._has_stayed = False

    def answer(self, event: Event, backing: Backing, contact: str, words: list[Word]) -> None:
        """One was asked with the draft, and said this since, a word each second day."""
        self._make_known(backing, contact)
        state = backing.state
        for number, word in enumerate(words):
            latest = self._now - timedelta(hours=len(words) - number)
            self._say(event, backing, word, min(event.created_at + timedelta(days=2 * number), latest))
        assert backing.state is state

    def speak(self, event: Event) -> Move | None:
        """Have contacts give the word for some of those who are named at an event to come; events come in the order of
        their dates."""
        named = [backing for backing in event.backings if backing.vouched]
        if not named or not event.on or event.starts_at <= self._now or event.sequence:
            return None
        rooms = next((place.rooms for place in VENUES if event.venue and place.name == event.venue.name), ())
        others = [room for room in rooms if room != event.room]
        announced = event.published_at or self._now
        if not self._has_moved and len(named) > 2 and event.room and others and announced < self._now - _BEFORE:
            self._has_moved = True
            return self._move(event, named, others[0], announced)
        if not self._has_stayed:
            self._has_stayed = True
            self._give(event, named[:1])
        return None

    def _give(self, event: Event, backings: list[Backing]) -> None:
        """Asked with the draft, they said yes before it was announced."""
        for backing in backings:
            backing.state, backing.confirmed_at, backing.confirmed_by_id = BackingState.PROPOSED, None, None
        for number, backing in enumerate(backings):
            self._make_known(backing, self._chance.choice(NAMES))
            self._say(event, backing, Word.ASKED, event.created_at + timedelta(minutes=10 * number))
        for number, backing in enumerate(backings):
            self._say(event, backing, Word.CONFIRMED, event.created_at + timedelta(hours=7 + number))

    def _move(self, event: Event, named: list[Backing], before: str, announced: datetime) -> Move:
        """The first says yes to the other room too, the second has not answered, and the last takes the word back."""
        event.room, after = before, event.room
        theirs = [named[0], named[1], named[-1]]
        self._give(event, theirs)
        moved = Move(self._chance.moment(announced + timedelta(days=2), self._now - timedelta(days=3)), event.place)
        event.room, event.sequence = after, 1
        for backing in theirs:
            self._say(event, backing, Word.ASKED_AGAIN, moved.at)
        self._say(event, theirs[0], Word.CONFIRMED, moved.at + timedelta(hours=3))
        event.revised_at = moved.at + timedelta(hours=20)
        self._say(event, theirs[-1], Word.WITHDRAWN, event.revised_at)
        return moved

    def _make_known(self, backing: Backing, contact: str) -> None:
        backing.contact_name = contact
        backing.contact_email = f"{contact.split()[0].lower()}@{backing.organization.slug}.example.org"

    def _say(self, event: Event, backing: Backing, word: Word, at: datetime) -> None:
        """As the program does and keeps it; but no letter about it is there, since none was sent."""
        backing.state = _STATES.get(word, backing.state)
        match word:
            case Word.ASKED:
                backing.asked_at = at
            case Word.CONFIRMED:
                backing.confirmed_at, backing.said_no_at, backing.agreed = at, None, version(event, backing)
            case Word.DECLINED | Word.WITHDRAWN:
                backing.agreed, backing.said_no_at = None, at
        if word in (Word.ASKED, Word.ASKED_AGAIN):
            backing.shown = mark((event, backing))
        asks, says = word is Word.ASKED, word not in (Word.ASKED, Word.ASKED_AGAIN)
        step = BackingStep(backing_id=backing.id, at=at, word=word, version=version(event, backing))
        step.by_id = ORGANIZER if asks else None
        if says:
            step.name, step.title, step.address = backing.contact_name, "Secretary", backing.contact_email
        self._bulk.add(step)
        said = {"organization": backing.organization.name, "role": backing.role.value, "state": backing.state.value}
        by = Person(id=ORGANIZER) if asks else None
        self._bulk.add(entry(f"backing {word.value}", event, by=by, now=at, after=said))

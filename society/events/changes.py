"""What a change does to an event, in words: for the organizer beforehand, for the guests afterwards, for the log."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from society.events.conditions import USUAL_MINUTES
from society.events.models import ONLINE, BackingRole, Event, RsvpPolicy, Visibility
from society.events.render import backers, spoken_for, spoken_moment, when_for, within_a_sentence, zone_in
from society.languages import ENGLISH, listed
from society.phrases import languages, marked, phrase
from society.text import duration, told_apart

LABELS = {
    "title": marked("Title"),
    "when": marked("When"),
    "zone": marked("Time zone"),
    "daily": "In calendars",
    "place": marked("Place"),
    "access": marked("Getting in"),
    "online_url": marked("Online link"),
    "online_minutes": "Online link shown",
    "instructions": marked("For those who come"),
    "status": marked("Status"),
    "reason": "Why it is off",
    "summary": marked("Summary"),
    "description": marked("Description"),
    "category": marked("Category"),
    "tags": "Tags",
    "speakers": marked("Speakers"),
    "hosts": marked("Hosts"),
    "sponsors": marked("Sponsors"),
    "endorsers": marked("Endorsers"),
    "visibility": "Who may see it",
    "rsvp_policy": "Who may answer",
    "capacity": "Seats",
    "max_party_size": "Largest party",
    "rsvp_deadline": marked("Answers until"),
    "members_first_until": "Members first until",
    "minimum": "Fewest people",
    "price": marked("Price"),
    "confirm_minutes": "To confirm on the last day",
}
MATERIAL = {"title", "when", "zone", "daily", "place", "online_url", "instructions", "status"}
"""What raises the sequence, and what people are `told` of unless the organizer decides otherwise."""
UNSEEN = {
    *{"visibility", "rsvp_policy", "capacity", "max_party_size", "rsvp_deadline"},
    *{"members_first_until", "minimum", "price", "confirm_minutes", "questions", "credit"},
}
"""What no entry shows. When the online link is shown is not among it: at any time, it is in the calendars of guests."""
UNTOLD = {
    *{"daily", "online_minutes", "reason", "tags", "visibility", "rsvp_policy", "capacity", "max_party_size"},
    *{"members_first_until", "minimum", "confirm_minutes"},
}
"""What no letter to guests says of itself."""
BESIDE = {"material"}
"""What stands beside an event and is no part of it, of which no letter says anything by itself either."""
DATED = {"when", "zone", "rsvp_deadline"}
"""What says nothing of an event that waits for a date."""

WHO_SEES = {Visibility.PUBLIC: "Everyone", Visibility.MEMBERS: "Members only"}
WHO_ANSWERS = {
    RsvpPolicy.OPEN: "Everyone",
    RsvpPolicy.MEMBERS: "Members",
    RsvpPolicy.APPROVAL: "Everyone; an organizer decides",
    RsvpPolicy.CLOSED: "Nobody: no answers are taken",
}


@dataclass(frozen=True)
class Change:
    """One field's old and new value, as they are said."""

    field: str
    label: str
    old: str
    new: str

    @property
    def material(self) -> bool:
        """Whether those who answered ought to know."""
        return self.field in MATERIAL

    @property
    def told(self) -> bool:
        """Whether a letter to those who answered says it."""
        return self.field not in UNTOLD | BESIDE

    @property
    def shown(self) -> bool:
        """Whether a calendar entry changes by it."""
        return self.field not in UNSEEN

    def __iter__(self) -> Iterator[str]:
        """As a row of the table of changes."""
        return iter((self.label, self.old, self.new))


def snapshot(event: Event) -> dict[str, str]:
    """All that can be changed about an event, as it is said."""
    return told(event, ENGLISH) | {
        "daily": "Each day by itself" if event.separate_days > 1 else "One entry",
        "online_minutes": _shown_before(event.online_minutes),
        "reason": event.reason,
        "tags": event.tags,
        "visibility": WHO_SEES[event.visibility],
        "rsvp_policy": WHO_ANSWERS[event.rsvp_policy],
        "capacity": f"{event.capacity:,}" if event.capacity else "No limit",
        "max_party_size": f"{event.max_party_size:,}",
        "members_first_until": _moment(event.members_first_until) or "All at once",
        "minimum": _minimum(event),
        "confirm_minutes": duration(event.confirm_minutes or USUAL_MINUTES),
    }


def told(event: Event, language: str) -> dict[str, str]:
    """What of it those who answered are told when it changes, as it is said in that language."""
    return {
        "title": event.title,
        "when": when_for(event, None, language),
        "zone": zone_in(event.zone, language),
        "place": "" if event.place == ONLINE and not event.venue else event.place,
        "online_url": event.online_url,
        "instructions": event.instructions,
        "status": phrase(status(event), language),
        "summary": event.summary,
        "description": event.description,
        "category": event.category.name if event.category else "",
        "speakers": "; ".join(f"{s.name}, {s.about}" if s.about else s.name for s in event.speakers),
        **{f"{role}s": _named(event, role, language) for role in BackingRole},
        "rsvp_deadline": _until(event, language),
        "price": event.costs_in(language) or phrase("Not said", language),
    }


def told_in_each(event: Event) -> dict[str, dict[str, str]]:
    """The same in each language that letters are written in."""
    return {language: told(event, language) for language in languages()}


def _shown_before(minutes: int) -> str:
    return f"{duration(minutes)} before" if minutes else "At any time"


def _moment(wall: datetime | None, language: str = ENGLISH) -> str:
    return spoken_moment(wall, language) if wall else ""


def _until(event: Event, language: str) -> str:
    if event.rsvp_closes_at is None:
        return phrase("The start", language)
    return spoken_for(event.rsvp_closes_at, event.zone, None, language)


def _minimum(event: Event) -> str:
    if not event.minimum:
        return "None"
    fate = "it is cancelled" if event.minimum_cancels else "the organizers are told"
    return f"{event.minimum:,} by {_moment(event.minimum_by)}, or {fate}"


def _named(event: Event, role: BackingRole, language: str) -> str:
    return listed([within_a_sentence(organization, language) for organization in backers(event, role)], language)


def status(event: Event) -> str:
    """How it stands, in a word."""
    if event.cancelled_at:
        return marked("Cancelled")
    if event.postponed_at:
        return marked("Postponed")
    return marked("Scheduled") if event.published_at else marked("Draft")


def differences(before: Mapping[str, str], after: Mapping[str, str], language: str = ENGLISH) -> list[Change]:
    """The fields that differ between two snapshots, in the order of the form."""
    return [
        Change(field, phrase(label, language), *told_apart(before[field], after[field]))
        for field, label in LABELS.items()
        if before.get(field) != after.get(field)
    ]


def changed_by(event: Event, act: Callable[[], object]) -> list[Change]:
    """Do to an event what `act` does, and tell how it differs by that."""
    before = snapshot(event)
    act()
    return differences(before, snapshot(event))


def worth_telling(before: Mapping[str, Mapping[str, str]], event: Event) -> dict[str, list[Change]]:
    """What has changed since it was `told_in_each`, as guests are told of it: never what only those who come are told.

    In a mail it outlives the seat that it was for; on their own page those who come find what holds. Nor is there
    anything to tell of the date that one is off from and still waits for another.
    """
    after = told_in_each(event)
    found = {one: differences(before[one], after[one], one) for one in after}
    if event.postponed_at is not None and before[ENGLISH]["status"] == after[ENGLISH]["status"]:
        found = {one: [change for change in what if change.field not in DATED] for one, what in found.items()}
    return {one: [_fit_for_mail(change, one) for change in what] for one, what in found.items()}


def tells_guests(event: Event, changes: Iterable[Change]) -> bool:
    """Whether a letter says any of these of itself: of what waits for a date still it says none."""
    what = {change.field for change in changes if change.told}
    return bool(what - DATED if event.postponed_at is not None else what)


_FOUND = marked("new, on the page of your answer if you have a seat")


def _fit_for_mail(change: Change, language: str) -> Change:
    match change.field:
        case "online_url":
            old = change.old and phrase("the earlier link", language)
            return replace(change, old=old, new=change.new and phrase(_FOUND, language))
        case "instructions":
            new = phrase(_FOUND, language)
            return replace(change, old=change.old and phrase("something else", language), new=change.new and new)
        case _:
            return change


def fingerprint(event: Event) -> str:
    """A mark of how the event stands: a form made from one state is not saved over another."""
    plain = json.dumps(snapshot(event), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]

"""What a change does to an event, in words: for the organizer beforehand, for the guests afterwards, for the log."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from society.events.conditions import USUAL_MINUTES
from society.events.models import BackingRole, Event, RsvpPolicy, Visibility
from society.events.render import backers, spoken_moment, when
from society.text import duration, listed

LABELS = {
    "title": "Title",
    "when": "When",
    "zone": "Time zone",
    "daily": "In calendars",
    "place": "Place",
    "online_url": "Online link",
    "online_minutes": "Online link shown",
    "status": "Status",
    "summary": "Summary",
    "description": "Description",
    "category": "Category",
    "tags": "Tags",
    "speakers": "Speakers",
    "hosts": "Hosts",
    "sponsors": "Sponsors",
    "endorsers": "Endorsers",
    "visibility": "Who may see it",
    "rsvp_policy": "Who may answer",
    "capacity": "Seats",
    "max_party_size": "Largest party",
    "rsvp_deadline": "Answers until",
    "members_first_until": "Members first until",
    "minimum": "Fewest people",
    "price": "Price",
    "confirm_minutes": "To confirm on the last day",
}
MATERIAL = {"title", "when", "zone", "daily", "place", "online_url", "status"}
"""What raises the sequence, and what people are told of unless the organizer decides otherwise."""
UNSEEN = {
    "online_minutes",
    *{"visibility", "rsvp_policy", "capacity", "max_party_size", "rsvp_deadline"},
    *{"members_first_until", "minimum", "price", "confirm_minutes"},
}
"""What no calendar shows."""
UNTOLD = {"tags", "daily"}
"""What calendars show, and nobody is written to about."""
EXCERPT = 240
"""Characters of a long text that are shown to tell its change."""

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
    def shown(self) -> bool:
        """Whether a calendar entry changes by it."""
        return self.field not in UNSEEN

    def __iter__(self) -> Iterator[str]:
        """As a row of the table of changes."""
        return iter((self.label, self.old, self.new))


def snapshot(event: Event) -> dict[str, str]:
    """All that can be changed about an event, as it is said."""
    return {
        "title": event.title,
        "when": when(event),
        "zone": event.zone,
        "daily": "Each day by itself" if event.separate_days > 1 else "One entry",
        "place": "" if event.place == "Online" and not event.venue else event.place,
        "online_url": event.online_url,
        "online_minutes": _shown_before(event.online_minutes),
        "status": status(event),
        "summary": event.summary,
        "description": event.description,
        "category": event.category.name if event.category else "",
        "tags": event.tags,
        "speakers": "; ".join(f"{s.name}, {s.about}" if s.about else s.name for s in event.speakers),
        **{f"{role}s": _named(event, role) for role in BackingRole},
        "visibility": WHO_SEES[event.visibility],
        "rsvp_policy": WHO_ANSWERS[event.rsvp_policy],
        "capacity": f"{event.capacity:,}" if event.capacity else "No limit",
        "max_party_size": f"{event.max_party_size:,}",
        "rsvp_deadline": _moment(event.rsvp_deadline) or "The start",
        "members_first_until": _moment(event.members_first_until) or "All at once",
        "minimum": _minimum(event),
        "price": event.costs or "Not said",
        "confirm_minutes": duration(event.confirm_minutes or USUAL_MINUTES),
    }


def _shown_before(minutes: int) -> str:
    return f"{duration(minutes)} before" if minutes else "At any time"


def _moment(wall: datetime | None) -> str:
    return spoken_moment(wall) if wall else ""


def _minimum(event: Event) -> str:
    if not event.minimum:
        return "None"
    fate = "it is cancelled" if event.minimum_cancels else "the organizers are told"
    return f"{event.minimum:,} by {_moment(event.minimum_by)}, or {fate}"


def _named(event: Event, role: BackingRole) -> str:
    return listed([organization.in_a_sentence for organization in backers(event, role)])


def status(event: Event) -> str:
    """How it stands, in a word."""
    if event.cancelled_at:
        return "Cancelled"
    if event.postponed_at:
        return "Postponed"
    return "Scheduled" if event.published_at else "Draft"


def differences(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """The fields that differ between two snapshots, in the order of the form."""
    return [
        Change(field, label, *_told_apart(before[field], after[field]))
        for field, label in LABELS.items()
        if before[field] != after[field]
    ]


def _told_apart(old: str, new: str) -> tuple[str, str]:
    """Both texts; of long ones, what surrounds their first difference."""
    if len(old) <= EXCERPT and len(new) <= EXCERPT:
        return old, new
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(first - 40, 0)
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(text: str, start: int) -> str:
    cut = text[start : start + EXCERPT]
    return ("…" if start and cut else "") + cut + ("…" if start + EXCERPT < len(text) else "")


def worth_telling(changes: Sequence[Change]) -> list[Change]:
    """The changes as guests are told of them: not how answers are taken, and never the joining link itself.

    A link in a mail outlives the seat that it was for; on the event's page those who come find the one that holds.
    """
    link = {"old": "the earlier link", "new": "a new link, on the event's page"}
    told = [c for c in changes if (c.shown and c.field not in UNTOLD) or c.field in ("rsvp_deadline", "price")]
    return [replace(c, **link) if c.field == "online_url" else c for c in told]


def fingerprint(event: Event) -> str:
    """A mark of how the event stands: a form made from one state is not saved over another."""
    plain = json.dumps(snapshot(event), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]

"""A session as somebody has planned it, before it is a row: what forms and pasted lines are read into."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from society.agenda.models import Session, SessionKind, SessionSpeaker
from society.errors import Refused
from society.events.models import Event
from society.events.render import spoken_day, spoken_time

MOST_SPEAKERS = 40
LABELS = {
    "title": "Title",
    "when": "When",
    "room": "Room",
    "kind": "Kind",
    "track": "Track",
    "chair": "Chair",
    "speakers": "Speakers",
    "abstract": "Abstract",
    "capacity": "Seats",
    "slides_url": "Slides",
}
MATERIAL = {"title", "when", "room"}
"""What people plan by: it raises the sequence of the session's calendar entry."""
UNSEEN = {"kind", "track", "chair", "abstract", "capacity", "slides_url"}
"""What no calendar shows."""
KINDS = {
    SessionKind.TALK: "Talk",
    SessionKind.KEYNOTE: "Keynote",
    SessionKind.PANEL: "Panel",
    SessionKind.WORKSHOP: "Workshop",
    SessionKind.BREAK: "Break",
    SessionKind.SOCIAL: "Social",
}


@dataclass(frozen=True)
class Plan:
    """All that is said of a session. Speakers are pairs of a name and what is said about them."""

    title: str
    starts: datetime
    ends: datetime
    kind: SessionKind = SessionKind.TALK
    room: str = ""
    track: str = ""
    chair: str = ""
    abstract: str = ""
    slides_url: str = ""
    capacity: int | None = None
    speakers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, session: Session) -> "Plan":
        """A session as it is planned now."""
        plain = ("title", "starts", "ends", "kind", "room", "track", "chair", "abstract", "slides_url", "capacity")
        speakers = tuple((speaker.name, speaker.about) for speaker in session.speakers)
        return cls(**{name: getattr(session, name) for name in plain}, speakers=speakers)

    @property
    def material(self) -> tuple[str, datetime, datetime, str]:
        """What people plan by."""
        return self.title, self.starts, self.ends, self.room

    def tried(self, zone: str) -> Session:
        """A session as it would be, in no database."""
        session = Session(position=0, id=0)
        self.enter(session, zone)
        return session

    def enter(self, session: Session, zone: str) -> None:
        """Make the session such; its speakers are rewritten only if they changed."""
        session.schedule(self.starts, self.ends, zone)
        for name in ("title", "kind", "room", "track", "chair", "abstract", "slides_url", "capacity"):
            setattr(session, name, getattr(self, name))
        if tuple((speaker.name, speaker.about) for speaker in session.speakers) != self.speakers:
            session.speakers = [
                SessionSpeaker(position=n, name=name, about=about) for n, (name, about) in enumerate(self.speakers)
            ]


def check_speakers(named: Sequence[tuple[str, str]]) -> None:
    """Raises Refused unless these can be the speakers of a session."""
    if len(named) > MOST_SPEAKERS:
        raise Refused(f"At most {MOST_SPEAKERS} speakers, please.")
    for name, about in named:
        if len(name) > 200 or len(about) > 500:
            raise Refused(f"“{name[:40]}”: at most 200 characters for a name, 500 for what is said of them.")


def snapshot(session: Session) -> dict[str, str]:
    """All that can be changed about a session, as it is said."""
    return {
        "title": session.title,
        "when": f"{spoken_day(session.starts)}, {spoken_time(session.starts)} to {_end(session)}",
        "room": session.room,
        "kind": KINDS[session.kind],
        "track": session.track,
        "chair": session.chair,
        "speakers": "; ".join(f"{s.name}, {s.about}" if s.about else s.name for s in session.speakers),
        "abstract": session.abstract,
        "capacity": f"{session.capacity:,}" if session.capacity else "Whoever comes",
        "slides_url": session.slides_url,
    }


def _end(session: Session) -> str:
    """With its day where that is another, or nobody would see that change."""
    ends = session.ends
    return spoken_time(ends) if ends.date() == session.starts.date() else f"{spoken_day(ends)}, {spoken_time(ends)}"


def fingerprint(session: Session) -> str:
    """A mark of how a session stands: a form made from one state is not saved over another."""
    plain = json.dumps(snapshot(session), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Former:
    """A session as it stood before it was changed or removed, for those who are told."""

    event: Event
    title: str
    room: str
    starts: datetime
    ends: datetime
    starts_at: datetime

    @classmethod
    def of(cls, session: Session) -> "Former":
        return cls(session.event, session.title, session.room, session.starts, session.ends, session.starts_at)


@dataclass(frozen=True)
class Times:
    """When an event was, to see later by how much it has moved."""

    starts: datetime
    ends: datetime
    zone: str

    @classmethod
    def of(cls, event: Event) -> "Times":
        return cls(event.starts, event.ends, event.zone)

    def hold(self, session: Session | Former) -> bool:
        """Whether a session lies within it, on the clock."""
        return self.starts <= session.starts and session.ends <= self.ends

"""Events as feed readers show them (Atom, JSON Feed)."""

from dataclasses import dataclass

from society.calendars.render import event_address, titled
from society.events.models import Event
from society.events.render import backing_sentence, when


@dataclass(frozen=True)
class Announcement:
    """An event as a feed reader shows it, in the words of JSON Feed 1.1."""

    id: str
    url: str
    title: str
    content_text: str
    date_published: str
    date_modified: str


def announcement(event: Event) -> Announcement:
    """What was announced, as it stands now."""
    address = event_address(event)
    lines = [when(event), event.place, event.summary, backing_sentence(event)]
    return Announcement(
        id=address,
        url=address,
        title=titled(event, event.title),
        content_text="\n".join(filter(None, lines)),
        date_published=(event.published_at or event.created_at).isoformat(),
        date_modified=event.revised_at.isoformat(),
    )

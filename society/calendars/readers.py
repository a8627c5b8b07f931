"""Events as feed readers show them (Atom, JSON Feed)."""

from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from society.calendars.render import event_address, titled
from society.events.models import Event
from society.events.render import backing_sentence, gist, when
from society.settings import society


def feed_id() -> UUID:
    """The name of what we announce, which nothing ever changes, nor any other society has (RFC 4287, 4.2.6).

    Neither the site's address nor the society's name would do: both may change. The salt is a secret, and stays one,
    since no hash of so many random bits leads back to them.
    """
    return uuid5(NAMESPACE_OID, society().salt)


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
    lines = [event.reason, when(event), event.place, gist(event), backing_sentence(event)]
    return Announcement(
        id=uuid5(feed_id(), event.uid).urn,
        url=address,
        title=titled(event, event.title),
        content_text="\n".join(filter(None, lines)),
        date_published=(event.published_at or event.created_at).isoformat(),
        date_modified=event.revised_at.isoformat(),
    )

"""Events as structured data for search engines."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from society.events.models import BackingRole, Event
from society.events.render import backers, gist
from society.organizations.models import Organization
from society.settings import absolute, society

MOST_DAYS = 31
"""Days that structured data tells one by one; of more than a month its dates say enough."""


def structured(event: Event) -> Markup:
    """The event as `schema.org/Event`, fit to stand in a script element of JSON-LD."""
    text = json.dumps(_described(event), ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704, nothing in it can end the element


def _described(event: Event) -> dict[str, Any]:
    hosts = backers(event, BackingRole.HOST)
    described = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "description": gist(event),
        "url": absolute(f"/events/{event.slug}"),
        **_dated(event),
        "subEvent": _days(event),
        "eventStatus": f"https://schema.org/{_status(event)}",
        "eventAttendanceMode": f"https://schema.org/{_attendance(event)}",
        "image": _images(event),
        "location": _location(event),
        "organizer": [_organization(host) for host in hosts]
        or [{"@type": "Organization", "name": society().name, "url": absolute("/")}],
        "sponsor": [_organization(sponsor) for sponsor in backers(event, BackingRole.SPONSOR)],
        "keywords": event.tags,
        "performer": [{"@type": "Person", "name": speaker.name} for speaker in event.speakers],
    }
    return {key: value for key, value in described.items() if value}


def _dated(event: Event) -> dict[str, str]:
    """Dates for whole days, the last one included, and for days between whose hours nothing is on; else instants with
    the zone's offset."""
    if event.all_day or event.separate_days > 1:
        last = event.ends - timedelta(days=1) if event.all_day else event.ends
        return {"startDate": event.starts.date().isoformat(), "endDate": last.date().isoformat()}
    zone = ZoneInfo(event.zone)
    return {
        "startDate": event.starts_at.astimezone(zone).isoformat(),
        "endDate": event.ends_at.astimezone(zone).isoformat(),
    }


def _days(event: Event) -> list[dict[str, str]]:
    """What is on between the same hours of several days: each of them with its own.

    Not a `Schedule`, which schema.org would have in the place of the dates that search engines ask for.
    """
    if event.all_day or not 1 < event.separate_days <= MOST_DAYS:
        return []
    zone, (starts, ends) = ZoneInfo(event.zone), event.first_entry
    shifts = [timedelta(days=day) for day in range(event.separate_days)]
    return [
        {
            "@type": "Event",
            "name": event.title,
            "startDate": (starts + shift).replace(tzinfo=zone).isoformat(),
            "endDate": (ends + shift).replace(tzinfo=zone).isoformat(),
        }
        for shift in shifts
    ]


def _images(event: Event) -> list[str]:
    picture = event.picture
    return [absolute(picture.path(width, "jpg")) for width in picture.widths] if picture else []


def _status(event: Event) -> str:
    if event.cancelled_at:
        return "EventCancelled"
    return "EventPostponed" if event.postponed_at else "EventScheduled"


def _attendance(event: Event) -> str:
    in_place = bool(event.venue or event.room)
    if event.online_url:
        return "MixedEventAttendanceMode" if in_place else "OnlineEventAttendanceMode"
    return "OfflineEventAttendanceMode"


def _location(event: Event) -> list[dict[str, Any]]:
    """Where it is; the joining link is for those who come, so online is told by the event's own page."""
    places: list[dict[str, Any]] = []
    if event.venue:
        name = ", ".join(filter(None, [event.room, event.venue.name]))
        places.append({"@type": "Place", "name": name, "address": event.venue.address or event.venue.name})
    elif event.room:
        places.append({"@type": "Place", "name": event.room, "address": event.room})
    if event.online_url:
        places.append({"@type": "VirtualLocation", "url": absolute(f"/events/{event.slug}")})
    return places


def _organization(organization: Organization) -> dict[str, str]:
    page = organization.url or absolute(f"/organizations/{organization.slug}")
    return {"@type": "Organization", "name": organization.name, "url": page}

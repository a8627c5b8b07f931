"""Links that put one event into a calendar on the web; all other calendars open the event's file."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from society.calendars.render import event_address, titled
from society.events.models import Event
from society.events.render import when


def services(event: Event) -> list[tuple[str, str]]:
    """For each calendar on the web its name, and the address that offers the event there, to be looked over and kept.

    None of them documents these addresses; they are what their own "add" links have used for years. What is put there
    is a copy: it does not follow when the event changes.
    """
    text = {"title": titled(event, event.title), "about": event_address(event), "place": event.place}
    return [
        ("Google Calendar", _google(event, **text)),
        ("Outlook.com", _outlook("outlook.live.com", event, **text)),
        ("Office 365", _outlook("outlook.office.com", event, **text)),
        ("Yahoo Calendar", _yahoo(event, **text)),
    ]


def _google(event: Event, title: str, about: str, place: str) -> str:
    starts, ends = event.first_entry
    form = "%Y%m%d" if event.all_day else "%Y%m%dT%H%M%S"
    dates = f"{starts.strftime(form)}/{ends.strftime(form)}"  # of whole days the end is the day after, as here
    asked = {"action": "TEMPLATE", "text": title, "dates": dates, "details": about, "location": place}
    if not event.all_day:
        asked["ctz"] = event.zone
    if event.separate_days > 1:  # the other calendars have no way to say that, and show one banner
        asked["recur"] = f"RRULE:FREQ=DAILY;COUNT={event.separate_days}"
    return f"https://calendar.google.com/calendar/render?{_query(asked)}"


def _outlook(host: str, event: Event, title: str, about: str, place: str) -> str:
    if event.all_day:
        times = {"startdt": f"{event.starts:%Y-%m-%d}", "enddt": f"{event.ends:%Y-%m-%d}", "allday": "true"}
    else:
        times = {
            "startdt": _utc(event.starts_at, "%Y-%m-%dT%H:%M:%SZ"),
            "enddt": _utc(event.ends_at, "%Y-%m-%dT%H:%M:%SZ"),
        }
    asked = {"path": "/calendar/action/compose", "rru": "addevent", "subject": title, **times}
    return f"https://{host}/calendar/deeplink/compose?{_query({**asked, 'body': about, 'location': place})}"


def _yahoo(event: Event, title: str, about: str, place: str) -> str:
    """Its times are those of whoever keeps it there: Yahoo knows no zone, and passes over a Z. So they are what the
    event's own clocks show, and the text says whose. A whole day is told by `dur`, which it passes over beside an end.
    """
    form = "%Y%m%d" if event.all_day else "%Y%m%dT%H%M%S"
    times = {"st": event.starts.strftime(form), "et": event.ends.strftime(form)}
    if event.all_day and event.ends - event.starts == timedelta(days=1):
        times = {"st": times["st"], "dur": "allday"}
    asked = {"v": "60", "title": title, **times, "desc": f"{when(event)}\n{about}", "in_loc": place}
    return f"https://calendar.yahoo.com/?{_query(asked)}"


def _query(asked: dict[str, str]) -> str:
    """With a space as %20, which all understand: what is a space in a form, a plus, Outlook shows as one."""
    return urlencode(asked, quote_via=quote)


def _utc(instant: datetime, form: str) -> str:
    return instant.astimezone(UTC).strftime(form)

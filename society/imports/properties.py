"""What a component says in one property, whatever others have written there: several values, or broken ones."""

from datetime import date, timedelta
from typing import Any

from icalendar import Event as VEvent
from icalendar.prop import vBroken

HIGHEST = 2**31 - 1 - 1_000_000
"""Of whole numbers, so that a sequence has room to rise in our hands: some programs make it of the time."""


def several(component: VEvent, name: str) -> list[Any]:
    """All values of a property that can be read."""
    value = component.get(name, [])
    return [one for one in (value if isinstance(value, list) else [value]) if not isinstance(one, vBroken)]


def one(component: VEvent, name: str) -> Any:
    """The first of them; None if there is none."""
    return next(iter(several(component, name)), None)


def is_of_a_set(related: Any) -> bool:
    """Whether a RELATED-TO names the whole that something recurring was split from, as Apple's programs do."""
    return str(related.params.get("RELTYPE", "")).upper() == "X-CALENDARSERVER-RECURRENCE-SET"


def text(component: VEvent, name: str) -> str:
    """The value as text; empty if there is none."""
    value = component.get(name, "")
    return str((value[0] if value else "") if isinstance(value, list) else value)


def number(component: VEvent, name: str) -> int:
    """A whole number from 0 to the highest that is kept; 0 if there is none."""
    stated = text(component, name)
    return min(int(stated), HIGHEST) if stated.isascii() and stated.isdigit() and len(stated) < 20 else 0


def moment(component: VEvent, name: str) -> date | None:
    """A date or a datetime; None if there is none."""
    value = getattr(one(component, name), "dt", None)
    return value if isinstance(value, date) else None


def length(component: VEvent) -> timedelta | None:
    """The stated duration."""
    value = getattr(one(component, "DURATION"), "dt", None)
    return value if isinstance(value, timedelta) else None

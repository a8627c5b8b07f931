"""One answer, decided by an organizer as on the list."""

from datetime import datetime

from society.people.models import Person
from society.rsvps.desk import decide
from society.rsvps.forms import Decision
from society.rsvps.models import Rsvp


def decided(rsvp: Rsvp, decision: Decision, by: Person, now: datetime) -> int:
    """Whether that was possible: how many it was done to."""
    return decide(rsvp.event, decision, [rsvp.id], by=by, now=now).done

"""Answering one of several evenings that are answered at once: by the very rules of one that is answered alone."""

from datetime import datetime

from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.rsvps.actions import reply
from society.rsvps.asked import lacking
from society.rsvps.evenings import by_its_form
from society.rsvps.joint_letters import hold_back
from society.rsvps.models import Answer, Rsvp
from society.rsvps.queries import rsvp_of
from society.rsvps.seats import lock


def answer_one(event: Event, person: Person, answer: Answer, at: datetime) -> Rsvp:
    """With the party of an answer that there is, else alone, joining as before. Its letter waits for the others (see
    `joint_letters.gather`). Refused, too, where something has to be said first, for which there is no place here."""
    lock(event)
    mine = rsvp_of(event, person)
    comes = mine is not None and mine.stands and not mine.waits_for_its_person
    if answer is Answer.YES and not comes and (why := by_its_form(lacking([(event, mine)])[event.id])):
        raise Refused(why)
    rsvp = reply(event, person, answer, at=at)
    hold_back(rsvp, at)
    return rsvp

"""When what can wait comes to those who want it gathered."""

from datetime import datetime, time, timedelta

from society.mail.models import MailingList
from society.people.models import Person, Rhythm
from society.times import shown_from, today_in

GATHERED = frozenset({MailingList.ANNOUNCEMENTS, MailingList.NEWSLETTER})
"""The lists that can wait; invitations and reminders ask for something, and come at once."""
MORNING = time(7)
MONDAY = 0
A_DAY = timedelta(days=1)


def next_digest(person: Person, now: datetime) -> datetime:
    """Seven in the morning by their own clock, the next time it shows that: on any day, or on a Monday."""
    zone = person.own_zone
    day = today_in(zone, now)
    while (at := shown_from(datetime.combine(day, MORNING), zone)) <= now or not _suits(person.rhythm, day.weekday()):
        day += A_DAY
    return at


def _suits(rhythm: Rhythm, weekday: int) -> bool:
    return rhythm is not Rhythm.WEEKLY or weekday == MONDAY


def held_until(
    person: Person, mailing_list: MailingList | None, starts_at: datetime | None, now: datetime
) -> datetime | None:
    """Until when a letter to them waits; None: it goes at once, as what is about an event that begins too soon does."""
    if person.rhythm is Rhythm.AT_ONCE or mailing_list not in GATHERED:
        return None
    at = next_digest(person, now)
    return None if starts_at is not None and now < starts_at <= at + A_DAY else at

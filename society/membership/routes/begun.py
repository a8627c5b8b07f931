"""What follows from a step besides the row itself: the one place where the pages of this slice say that."""

from society.db import db
from society.dues.actions import raise_for
from society.membership.models import Membership
from society.membership.queries import covered_by
from society.people.access import visitor
from society.rsvps import feed as own_feed
from society.times import now


def begun(period: Membership) -> None:
    """A period has begun: its dues are owed, and calendars show what members may see."""
    raise_for(period, now=now(), by=visitor())
    changed(period)


def changed(step: Membership) -> None:
    """Somebody's standing has changed, and that of those whom they cover: so has what their own calendars show."""
    own_feed.standing_changed(step.person, now())
    for covered in db.session.scalars(covered_by(step, step.starts_on)):
        own_feed.standing_changed(covered.person, now())

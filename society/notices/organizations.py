"""An organization that is called otherwise from now on, in all that it backs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from society.db import db
from society.events.models import Event
from society.events.queries import loaded, not_over, published
from society.notices.actions import names
from society.notices.concerns import Concern, asked_again
from society.notices.following import all_that
from society.organizations.models import Organization

NAMED = "name", "article"
"""What is said of it within a sentence."""


def concerned(organization: Organization, values: Mapping[str, Any], now: datetime) -> Concern:
    """Whom another name reaches: calendars, and its own contacts, who gave their word to be named by this one."""
    if organization.id is None or all(values[field] == getattr(organization, field) for field in NAMED):
        return Concern()
    backed = published().where(names(organization), Event.cancelled_at.is_(None), not_over(now))
    events = db.session.scalars(loaded(backed).order_by(Event.starts_at, Event.id)).all()
    with db.session.begin_nested() as trial:
        for field in NAMED:
            setattr(organization, field, values[field])
        backers = asked_again(events)
        trial.rollback()
    return Concern(touches=all_that(names(organization)), backers=backers)

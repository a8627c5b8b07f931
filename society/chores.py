"""The timed work of the post office's process: each chore can be ended at any instant, and repeated.

Each of `CHORES` is run at start, every hour, and right after midnight by the society's own clock (see
`society.mail.worker`).
"""

from datetime import datetime

from society.db import begin_write, db
from society.dues.renewals import lapse, remind
from society.imports.actions import forget_old_files as forget_old_calendars
from society.mail.worker import Chore
from society.notices.life import publish_planned
from society.notices.minimum import judge_minimums
from society.records.actions import forget_guests
from society.register import importing
from society.rsvps.passing import pass_seats_on
from society.series.actions import make_more


def forget_old_files(now: datetime) -> None:
    """Let go of the files of imports that nobody went through with."""
    begin_write(public=False)
    importing.forget_old_files(now)
    forget_old_calendars(now)
    db.session.commit()


EVERY_MINUTE: tuple[Chore, ...] = (pass_seats_on, judge_minimums, publish_planned)
"""What cannot wait for an hour, and costs next to nothing when there is nothing to do."""

CHORES: tuple[Chore, ...] = (remind, lapse, forget_guests, forget_old_files, make_more)
